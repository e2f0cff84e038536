using FlowDsl.Mathematics;

namespace FlowDsl.Benchmarks;

/// <summary>A mixture of the figures about errors, as a type, so that samplers of it are types.</summary>
internal interface ITrackedMixture
{
    static abstract string Key { get; }

    /// <summary>How many certified samples it takes among a hundred or so: fewer where they cost more.</summary>
    static abstract double Weight { get; }

    static abstract GaussianMixtureModel Model { get; }
}

internal static class TrackedMixtures
{
    /// <summary>Those that figures are taken of together. The paper's, in many dimensions, is apart.</summary>
    public static IReadOnlyList<Type> All { get; } =
        [
            typeof(TwoOnTheLineWide), typeof(TwoOnTheLine), typeof(TwoInThePlane), typeof(RingOfEight), typeof(Lattice), typeof(SixteenDimensions),
            typeof(Geyser), typeof(CrossingPair),
        ];

    internal static GaussianMixtureModel Isotropic(double[] weights, double[][] means, double variance)
        => Of(weights, means, [.. means.Select(mean => Covariance.Isotropic(mean.Length, variance))]);

    internal static GaussianMixtureModel Of(double[] weights, double[][] means, Covariance[] covariances)
        => new(new Mixture(weights, means, covariances), new OrnsteinUhlenbeckProcess());
}

internal sealed class TwoOnTheLineWide : ITrackedMixture
{
    public static string Key => "two on the line, variance 0.25";

    public static double Weight => 24;

    public static GaussianMixtureModel Model { get; } = TrackedMixtures.Isotropic([0.5, 0.5], [[-1], [1]], 0.25);
}

internal sealed class TwoOnTheLine : ITrackedMixture
{
    public static string Key => "two on the line, variance 0.04";

    public static double Weight => 20;

    public static GaussianMixtureModel Model { get; } = TrackedMixtures.Isotropic([0.5, 0.5], [[-1], [1]], 0.04);
}

internal sealed class TwoInThePlane : ITrackedMixture
{
    public static string Key => "two in the plane";

    public static double Weight => 20;

    public static GaussianMixtureModel Model { get; } = TrackedMixtures.Isotropic([0.3, 0.7], [[1.2, 0.9], [-1.2, -0.9]], 0.04);
}

internal sealed class RingOfEight : ITrackedMixture
{
    public static string Key => "ring of 8";

    public static double Weight => 6;

    public static GaussianMixtureModel Model { get; } = TrackedMixtures.Isotropic(
        [.. Enumerable.Repeat(0.125, 8)],
        [.. Enumerable.Range(0, 8).Select(k => new[] { 4 * Math.Cos(Math.PI * k / 4), 4 * Math.Sin(Math.PI * k / 4) })], 0.09);
}

internal sealed class Lattice : ITrackedMixture
{
    public static string Key => "5×5 lattice";

    public static double Weight => 2;

    public static GaussianMixtureModel Model { get; } = TrackedMixtures.Isotropic(
        [.. Enumerable.Repeat(0.04, 25)], [.. Enumerable.Range(0, 25).Select(k => new[] { 2.0 * (k / 5 - 2), 2.0 * (k % 5 - 2) })], 0.01);
}

internal sealed class SixteenDimensions : ITrackedMixture
{
    public static string Key => "10 modes, d = 16";

    public static double Weight => 2;

    // Seeded, Random gives the same numbers in every version.
    public static GaussianMixtureModel Model { get; } = TrackedMixtures.Isotropic([.. Enumerable.Repeat(0.1, 10)], Means(new Random(16)), 0.05);

    private static double[][] Means(Random random)
        => [.. Enumerable.Range(0, 10).Select(_ => Enumerable.Range(0, 16).Select(_ => Normal(random)).ToArray())];

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

internal sealed class Geyser : ITrackedMixture
{
    public static string Key => "two full covariances";

    public static double Weight => 12;

    public static GaussianMixtureModel Model { get; } = TrackedMixtures.Of(
        [0.3559, 0.6441], [[-1.27, -1.21], [0.70, 0.67]],
        [Covariance.Full(2, [0.0531, 0.0281, 0.0281, 0.1823]), Covariance.Full(2, [0.1305, 0.0606, 0.0606, 0.1950])]);
}

internal sealed class CrossingPair : ITrackedMixture
{
    public static string Key => "crossing covariances";

    public static double Weight => 12;

    public static GaussianMixtureModel Model { get; } = TrackedMixtures.Of(
        [0.5, 0.5], [[1, 0], [-1, 0]], [Covariance.Diagonal([0.05, 0.6]), Covariance.Diagonal([0.6, 0.05])]);
}

/// <summary>The mixture of <see cref="Paper64"/>.</summary>
internal sealed class PaperMixture : ITrackedMixture
{
    public static string Key => "the paper's, K = 20, d = 64";

    public static double Weight => 1;

    public static GaussianMixtureModel Model => GaussianMixtureModel.From<Paper64>();
}
