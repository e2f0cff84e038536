namespace FlowDsl.Mathematics.Numerics;

/// <summary>The Beta(α, β) distribution, by arithmetic that gives the same bits on every host.</summary>
/// <remarks>
/// With w(x) = x^α (1 - x)^β, the integrals of the density up to x and from x on are w(x) c(x; α, β)/α and w(x) c(1 - x; β, α)/β, c a continued
/// fraction (DLMF 8.17.22). Their sum at any x gives the total, so no gamma function is needed; w is taken relative to its value at the mean, so that
/// nothing underflows for great parameters.
/// </remarks>
internal sealed class BetaLaw
{
    // Beyond exp(±700) x or 1 - x would underflow.
    private const double MaxLogit = 700;
    private const int MaxTrials = 100, MaxTerms = 100_000;
    private const double Tiny = 1e-300, Accuracy = 1e-15;

    private readonly double _alpha, _beta, _meanLogit, _total;

    /// <summary>Makes a distribution.</summary>
    /// <param name="alpha">α, positive and finite.</param>
    /// <param name="beta">β, positive and finite.</param>
    public BetaLaw(double alpha, double beta)
    {
        (_alpha, _beta, _meanLogit) = (alpha, beta, PortableMath.Log(alpha) - PortableMath.Log(beta));
        double mean = alpha / (alpha + beta);
        _total = Fraction(mean, alpha, beta) / alpha + Fraction(beta / (alpha + beta), beta, alpha) / beta;
    }

    /// <summary>The x below which a share of the probability lies.</summary>
    /// <param name="share">The share, between 0 and 1.</param>
    public double Quantile(double share)
    {
        // The logit of x keeps the digits of small quantiles. Newton's method, by halves where it leaves the bracket.
        double low = -MaxLogit, high = MaxLogit, logit = _meanLogit;
        for (int i = 0; i < MaxTrials; i++)
        {
            (double probability, double slope) = Probability(logit);
            if (probability < share) low = logit;
            else high = logit;
            double next = logit - (probability - share) / slope;
            if (!(next > low && next < high)) next = 0.5 * (low + high);
            double move = Math.Abs(next - logit);
            logit = next;
            if (move <= Accuracy * Math.Max(1, Math.Abs(logit))) break;
        }
        return 1 / (1 + PortableMath.Exp(-logit));
    }

    /// <summary>The probability of values below x, and its derivative with respect to the logit.</summary>
    /// <param name="logit">log(x/(1 - x)).</param>
    private (double Probability, double Slope) Probability(double logit)
    {
        double x = 1 / (1 + PortableMath.Exp(-logit)), rest = 1 / (1 + PortableMath.Exp(logit));
        double weight = PortableMath.Exp(_alpha * (LogShare(logit) - LogShare(_meanLogit)) + _beta * (LogShare(-logit) - LogShare(-_meanLogit)));
        double slope = weight / _total;
        // Each fraction converges quickly on its side of the mean.
        return (logit <= _meanLogit ? slope * Fraction(x, _alpha, _beta) / _alpha : 1 - slope * Fraction(rest, _beta, _alpha) / _beta, slope);
    }

    /// <summary>log(1/(1 + exp(-logit))).</summary>
    private static double LogShare(double logit)
        => logit < 0 ? logit - PortableMath.Log1p(PortableMath.Exp(logit)) : -PortableMath.Log1p(PortableMath.Exp(-logit));

    /// <summary>The continued fraction of the incomplete beta function, by Lentz's algorithm.</summary>
    private static double Fraction(double x, double a, double b)
    {
        double c = 1, d = 1 / NotZero(1 - (a + b) * x / (a + 1)), value = d;
        for (int m = 1; m < MaxTerms; m++)
        {
            double change = Next(m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))) * Next(-(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)));
            if (Math.Abs(change - 1) < Accuracy) break;
        }
        return value;

        double Next(double term)
        {
            d = 1 / NotZero(1 + term * d);
            c = NotZero(1 + term / c);
            value *= c * d;
            return c * d;
        }
    }

    private static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
}
