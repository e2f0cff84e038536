using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

/// <summary>
/// The laws of start points and samples. The seeds are fixed, so a test passes always or never; for another seed a correct
/// program fails a comparison with the probability that is stated.
/// </summary>
[Trait("Hardware", "Any")]
public class DistributionTests
{
    // Two-sided, of a standard normal: 5.7e-7 a comparison.
    private const double Deviations = 5;

    // Quantiles of χ² with one false alarm in a million, by degrees of freedom.
    private static readonly Dictionary<int, double> s_chiSquare = new() { [1] = 23.93, [7] = 40.52 };

    public static TheoryData<string> Models
        => new("ThreeModesMiddle", "ProductGridMiddle", "FaithfulMiddle", "TiedEllipsoidsMiddle", "SixteenDimensionsMiddle");

    /// <summary>Means and covariances of p_T, at horizons where it is far from Gaussian; 2 to 152 comparisons a model and precision.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void ExactPriorHasTheMomentsOfTheMixtureAtTheHorizon(string name)
    {
        GaussianMixtureModel model = Model(name);
        ProcessPoint horizon = model.Process.At(model.Process.Horizon);
        (double[] mean, double[,] covariance) = Moments(model.Mixture, horizon);
        CheckMoments(FlowSampling.DrawPrior<double>(model, 40_000, 1), mean, covariance);
        CheckMoments(Wide(FlowSampling.DrawPrior<float>(model, 40_000, 1)), mean, covariance);
    }

    /// <summary>N(0, (a²v + s²)I); as many comparisons.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void GaussianPriorHasMean0AndTheMeanVariance(string name)
    {
        GaussianMixtureModel model = Model(name);
        int d = model.Dimension;
        double[,] covariance = new double[d, d];
        for (int j = 0; j < d; j++) covariance[j, j] = model.Process.At(model.Process.Horizon).Spread(model.Mixture.MeanVariance);
        CheckMoments(FlowSampling.DrawPrior<double>(model, 40_000, 2, new() { Prior = Prior.Gaussian }), new double[d], covariance);
        CheckMoments(Wide(FlowSampling.DrawPrior<float>(model, 40_000, 2, new() { Prior = Prior.Gaussian })), new double[d], covariance);
    }

    /// <summary>The two priors differ where they should: by a hundred standard errors of the first coordinate's mean.</summary>
    [Fact]
    public void TheExactPriorIsNotTheGaussianOne()
    {
        GaussianMixtureModel model = Model("ThreeModesMiddle");
        double exact = FlowSampling.DrawPrior<double>(model, 40_000, 1).Average();
        double gaussian = FlowSampling.DrawPrior<double>(model, 40_000, 1, new() { Prior = Prior.Gaussian }).Average();
        Assert.True(exact - gaussian > 0.2, $"{exact} and {gaussian}");
    }

    /// <summary>
    /// A sample of p_T belongs to each component with its weight: Σ r_k(x)/n has the mean w_k whatever the overlap; 2 to 8 comparisons a precision.
    /// </summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void ExactPriorHasTheWeightsOfTheMixture(string name)
    {
        GaussianMixtureModel model = Model(name);
        CheckWeights(model, model.Process.Horizon, FlowSampling.DrawPrior<double>(model, 40_000, 4));
        CheckWeights(model, model.Process.Horizon, Wide(FlowSampling.DrawPrior<float>(model, 40_000, 4)));
    }

    /// <summary>
    /// At the data end: shares, means and covariances of the mixture at the early stop. The samplers' own errors are far below
    /// the standard errors of as few samples.
    /// </summary>
    [Theory]
    [InlineData("TwoModes.Rk4x16Double")]
    [InlineData("ThreeModes.Rk4x16Double")]
    [InlineData("ProductGrid.Rk4x16Double")]
    [InlineData("Faithful.Rk4x16Double")]
    [InlineData("TiedEllipsoids.Rk4x16Double")]
    [InlineData("Ring.Rk4x16Double")]
    public void SamplesHaveTheLawOfTheData(string name)
    {
        var sampler = SamplerUnderTest<double>.Get(name);
        double[] samples = sampler.Sample(5000, 6);
        double stop = sampler.Model.Process.EarlyStop;
        (double[] mean, double[,] covariance) = Moments(sampler.Model.Mixture, sampler.Model.Process.At(stop));
        CheckMoments(samples, mean, covariance);
        CheckWeights(sampler.Model, stop, samples);
    }

    /// <summary>
    /// Counts of components by χ², one false alarm in a million: for mixtures whose components lie at least five standard
    /// deviations from the border to the next, so that less than one sample in a million is counted wrongly.
    /// </summary>
    [Theory]
    [InlineData("TwoModes.Heun8")]
    [InlineData("Ring.Heun8")]
    public void ComponentCountsOfSingleSamplesFollowTheWeights(string name)
    {
        var sampler = SamplerUnderTest<float>.Get(name);
        const int count = 40_000;
        int d = sampler.Dimension;
        Mixture mixture = sampler.Model.Mixture;
        float[] samples = sampler.Sample(count, 7);
        int[] counts = new int[mixture.Count];
        double[] responsibilities = new double[mixture.Count], x = new double[d];
        for (int row = 0; row < samples.Length; row += d)
        {
            for (int j = 0; j < d; j++) x[j] = samples[row + j];
            sampler.Model.Responsibilities(sampler.Model.Process.EarlyStop, x, responsibilities);
            counts[Array.IndexOf(responsibilities, responsibilities.Max())]++;
        }
        double statistic = 0;
        for (int k = 0; k < mixture.Count; k++)
        {
            double expected = count * mixture.Weights[k];
            statistic += (counts[k] - expected) * (counts[k] - expected) / expected;
        }
        Assert.True(statistic < s_chiSquare[mixture.Count - 1], $"χ² = {statistic}: {string.Join(", ", counts)}");
    }

    private static double[] Wide(float[] samples) => Array.ConvertAll(samples, value => (double)value);

    private static GaussianMixtureModel Model(string name)
        => SamplerUnderTest<double>.Get(name + ".Dp5x200Double").Model;

    /// <summary>E x = a Σ w_k μ_k and Cov x = a² Σ w_k (Σ_k + (μ_k - μ̄)(μ_k - μ̄)ᵀ) + s² I.</summary>
    private static (double[] Mean, double[,] Covariance) Moments(Mixture mixture, ProcessPoint point)
    {
        int d = mixture.Dimension;
        double[] centre = new double[d], mean = new double[d];
        for (int k = 0; k < mixture.Count; k++)
            for (int j = 0; j < d; j++) centre[j] += mixture.Weights[k] * mixture.Means[k][j];
        double[,] covariance = new double[d, d];
        for (int i = 0; i < d; i++)
        {
            mean[i] = point.A * centre[i];
            for (int j = 0; j < d; j++)
            {
                double sum = 0;
                for (int k = 0; k < mixture.Count; k++)
                    sum += mixture.Weights[k]
                        * (mixture.Covariances[k].Matrix[i * d + j] + (mixture.Means[k][i] - centre[i]) * (mixture.Means[k][j] - centre[j]));
                covariance[i, j] = point.A * point.A * sum + (i == j ? point.S2 : 0);
            }
        }
        return (mean, covariance);
    }

    private static void CheckMoments(double[] samples, double[] mean, double[,] covariance)
    {
        int d = mean.Length;
        for (int i = 0; i < d; i++)
        {
            CheckMean(row => samples[row + i], samples.Length, d, mean[i], $"mean {i}");
            for (int j = i; j < d; j++)
            {
                int other = j;
                CheckMean(
                    row => (samples[row + i] - mean[i]) * (samples[row + other] - mean[other]),
                    samples.Length, d, covariance[i, j], $"covariance {i}, {j}");
            }
        }
    }

    private static void CheckWeights(GaussianMixtureModel model, double t, double[] samples)
    {
        int d = model.Dimension;
        double[] all = new double[samples.Length / d * model.ComponentCount];
        for (int i = 0; i < samples.Length / d; i++)
            model.Responsibilities(t, samples.AsSpan(i * d, d), all.AsSpan(i * model.ComponentCount, model.ComponentCount));
        for (int k = 0; k < model.ComponentCount; k++)
        {
            int component = k;
            CheckMean(row => all[row + component], all.Length, model.ComponentCount, model.Mixture.Weights[k], $"weight {k}");
        }
    }

    /// <summary>The mean of a statistic against its expectation, in standard errors.</summary>
    private static void CheckMean(Func<int, double> statistic, int length, int step, double expected, string what)
    {
        double sum = 0, squares = 0;
        for (int row = 0; row < length; row += step)
        {
            double value = statistic(row) - expected;
            sum += value;
            squares += value * value;
        }
        int n = length / step;
        // An expectation of exactly 1 (one component) has no deviation.
        double deviation = Math.Sqrt(squares / n / n);
        Assert.True(Math.Abs(sum / n) <= Deviations * deviation,
            $"{what}: {sum / n + expected} instead of {expected}, {sum / n / deviation:F1} standard errors off");
    }
}
