using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Stability;

/// <summary>Closed-form integrals of the stability bounds for one shared covariance σ²I, in any process.</summary>
/// <remarks>
/// With λ = a²σ² + s² and η = a²/λ: ∫ f = ½ log(λ_t/λ_s) for the velocity factor f = λ'/(2λ), and the stretching term
/// integrates to (D²/8)(η_s - η_t), D the diameter of the means. μ = stretch - f; L = μ where μ ≥ |f|, else f.
/// Both switches (μ = 0, μ = f) happen at most once; stretching comes last in sampling.
/// </remarks>
internal sealed class SharedIsotropicIntegrals(Process process, double variance, double diameter2)
{
    private readonly Lazy<double> _positiveUntil = new(() => Switch(process, variance, diameter2, 1));
    private readonly Lazy<double> _dominantUntil = new(() => Switch(process, variance, diameter2, 2));

    public double OneSided(double from, double to)
    {
        (double fromSpread, double fromEta) = At(from);
        (double toSpread, double toEta) = At(to);
        return 0.5 * PortableMath.Log(fromSpread / toSpread) + diameter2 / 8 * (fromEta - toEta);
    }

    public double PositiveOneSided(double from, double to)
    {
        double turn = Math.Max(from, Math.Min(_positiveUntil.Value, to));
        return OneSided(from, turn);
    }

    public double Lipschitz(double from, double to)
    {
        double turn = Math.Max(from, Math.Min(_dominantUntil.Value, to));
        return OneSided(from, turn) + 0.5 * PortableMath.Log(At(to).Spread / At(turn).Spread);
    }

    /// <summary>The first time from which on the stretching rate is below multiple·f; the horizon if there is none.</summary>
    private static double Switch(Process process, double variance, double diameter2, double multiple)
    {
        double low = process.EarlyStop, high = process.Horizon;
        if (Stretches(high)) return high;
        for (int i = 0; i < 200; i++)
        {
            double middle = low > 0 ? Math.Sqrt(low * high) : 0.5 * high;
            if (!(middle > low && middle < high)) middle = 0.5 * (low + high);
            if (!(middle > low && middle < high)) break;
            if (Stretches(middle)) low = middle;
            else high = middle;
        }
        return low;

        bool Stretches(double t)
        {
            ProcessPoint point = process.At(t);
            double spread = point.Spread(variance);
            return -point.A * point.VelocityContrast * diameter2 / (4 * spread * spread) > multiple * point.VelocityAxis.At(variance);
        }
    }

    private (double Spread, double Eta) At(double t)
    {
        ProcessPoint point = process.At(t);
        double spread = point.Spread(variance);
        return (spread, point.A * point.A / spread);
    }
}
