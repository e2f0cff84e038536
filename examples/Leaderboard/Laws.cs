using FlowDsl.Mathematics;

namespace FlowDsl.Examples;

/// <summary>The data laws of the leaderboard, for flow matching: x = (1 - t) x_0 + t ε.</summary>
internal static class Laws
{
    /// <summary>Eight modes on a circle of radius 1: the law that ring.onnx was trained on.</summary>
    public static Mixture Ring => Of(Enumerable.Range(0, 8).Select(k => (double[])[Math.Cos(Math.PI * k / 4), Math.Sin(Math.PI * k / 4)]), 0.01);

    /// <summary>The fitted digits in the scale of digits.onnx: pixels from -1 to 1.</summary>
    public static Mixture Digits
    {
        get
        {
            Mixture pixels = MixtureJson.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "digits.mixture.json")));
            // They share one covariance.
            var covariance = Covariance.Full(pixels.Dimension, [.. pixels.Covariances[0].Matrix.Select(x => x / 64)]);
            return new Mixture(
                [.. pixels.Weights], [.. pixels.Means.Select(mean => mean.Select(x => x / 8 - 1).ToArray())],
                [.. pixels.Means.Select(_ => covariance)]);
        }
    }

    /// <summary>The exact laws, from one mode to many, and from the plane to 64 dimensions.</summary>
    public static IReadOnlyList<(string Name, Mixture Mixture)> Exact { get; } =
    [
        ("two modes", Of([[-1, 0], [1, 0]], 0.04)),
        ("ring of 8", Ring),
        ("grid of 25", Of(from i in Enumerable.Range(-2, 5) from j in Enumerable.Range(-2, 5) select (double[])[0.5 * i, 0.5 * j], 0.0025)),
        ("unequal", new Mixture(
            [0.7, 0.2, 0.1], [[-0.5, 0.2], [1, 0.8], [0.6, -1.2]],
            [Covariance.Full(2, [0.4, 0.15, 0.15, 0.1]), Covariance.Isotropic(2, 0.01), Covariance.Diagonal([0.002, 0.05])])),
        ("needle in 8 dimensions", Of(Enumerable.Range(-1, 3).Select(k => Enumerable.Range(0, 8).Select(j => 0.7 * k * Math.Cos(j)).ToArray()), 0.01)),
        ("digits, 64 dimensions", Digits),
    ];

    private static Mixture Of(IEnumerable<double[]> means, double variance)
    {
        double[][] all = [.. means];
        return new Mixture(
            [.. all.Select(_ => 1.0 / all.Length)], all, [.. all.Select(mean => Covariance.Isotropic(mean.Length, variance))]);
    }
}
