using FlowDsl.Mathematics;

namespace FlowDsl.Examples;

/// <summary>How the size of a network grows with what is asked of it.</summary>
internal static class Growth
{
    private static readonly Process s_process = new OrnsteinUhlenbeckProcess();

    /// <summary>With the accuracy, for the ring: in (x, t), and at one time.</summary>
    public static IEnumerable<Row> WithAccuracy(double? time) =>
        Enumerable.Range(1, 8).Select(i => Build($"1E-{i}", GaussianMixtureModel.From<Ring>().Mixture, Math.Pow(10, -i), time));

    /// <summary>With the number of components: modes on a circle of as many radii as keep them apart.</summary>
    public static IEnumerable<Row> WithComponents() => new[] { 2, 4, 8, 16, 32, 64 }.Select(count => Build($"K = {count}", Circle(count), 1e-4, null));

    /// <summary>With the dimension: four scattered modes.</summary>
    public static IEnumerable<Row> WithDimension() => new[] { 1, 2, 4, 8, 16, 32 }.Select(d => Build($"d = {d}", Scattered(d), 1e-4, null));

    /// <summary>With the smallest variance: two modes.</summary>
    public static IEnumerable<Row> WithVariance() => new[] { 1e-1, 1e-2, 1e-3, 1e-4, 1e-5 }
        .Select(variance => Build($"σ² = {variance:0E0}", Isotropic([[-1], [1]], variance), 1e-4, null));

    private static Row Build(string name, Mixture mixture, double accuracy, double? time)
    {
        var model = new GaussianMixtureModel(mixture, s_process);
        var network = ScoreNetwork.Build(mixture, s_process, new ScoreNetworkOptions(accuracy, 2, time));
        double error = Measurement.Worst(network, model, 100);
        return new Row(name, accuracy, network.Guarantee, error, network.Layers.Depth, network.Layers.Width, network.Layers.NonZeros);
    }

    private static Mixture Circle(int count)
    {
        double[] angles = [.. Enumerable.Range(0, count).Select(k => 2 * Math.PI * k / count)];
        return Isotropic([.. angles.Select(angle => new[] { 0.5 * count * Math.Cos(angle), 0.5 * count * Math.Sin(angle) })], 0.09);
    }

    private static Mixture Scattered(int d)
    {
        var random = new Random(2);
        return Isotropic([.. Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, d).Select(_ => 4 * random.NextDouble() - 2).ToArray())], 0.09);
    }

    private static Mixture Isotropic(double[][] means, double variance)
        => new([.. means.Select(_ => 1.0 / means.Length)], means, [.. means.Select(mean => Covariance.Isotropic(mean.Length, variance))]);

    /// <summary>A network and its size.</summary>
    public sealed record Row(string Name, double Accuracy, double Guarantee, double Error, int Depth, int Width, int NonZeros);
}
