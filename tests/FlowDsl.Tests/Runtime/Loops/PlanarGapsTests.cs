using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Runtime.Evaluations;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Tests;

/// <summary>Gaps on the line and in the plane against the components' densities.</summary>
public class PlanarGapsTests
{
    private const int Lanes = 64;

    public static TheoryData<string> Mixtures => new("ring", "ring elsewhere", "pair", "corners of unequal weight", "three", "oblong", "tilted", "line");

    [Theory]
    [MemberData(nameof(Mixtures))]
    public void TheyAreTheLogarithmsOfTheOdds(string name)
    {
        Mixture mixture = Make(name);
        ProcessPoint point = new OrnsteinUhlenbeckProcess().At(0.2);
        int d = mixture.Dimension;
        var gaps = PlanarGaps<double>.TryCreate(mixture, new MeanTables<double>(mixture), MixtureField.Velocity(point));
        Assert.NotNull(gaps);
        var random = new Random(3);
        double[] x = [.. Enumerable.Range(0, d * Lanes).Select(i => mixture.Means[i % mixture.Count][i / Lanes] + 2 * random.NextDouble() - 1)];
        double[] least = new double[Lanes];
        Array.Fill(least, double.PositiveInfinity);
        gaps.Lower(ref x[0], Lanes, 0.5, ref least[0], Lanes);
        for (int i = 0; i < Lanes; i++)
        {
            double[] logarithms = new double[mixture.Count];
            for (int k = 0; k < mixture.Count; k++)
            {
                double[] away = [.. Enumerable.Range(0, d).Select(j => x[j * Lanes + i] - point.A * mixture.Means[k][j])];
                logarithms[k] = Math.Log2(mixture.Weights[k]) - 0.5 * Square(mixture.Covariances[k], point, away) / Math.Log(2);
            }
            Array.Sort(logarithms);
            Assert.Equal(0.5 * (logarithms[^1] - logarithms[^2]), least[i], 1e-10 * (1 + Math.Abs(logarithms[^2])));
        }
    }

    // away · (a²Σ + s²)⁻¹ away by Cramer's rule.
    private static double Square(Covariance covariance, ProcessPoint point, double[] away)
    {
        double a2 = point.A * point.A;
        if (away.Length == 1) return away[0] * away[0] / (a2 * covariance.Variances[0] + point.S2);
        double[] axes = covariance.Basis is { } basis ? [.. basis] : [1, 0, 0, 1];
        double xx = 0, xy = 0, yy = 0;
        for (int axis = 0; axis < 2; axis++)
        {
            double variance = a2 * covariance.Variances[axis] + point.S2, u = axes[axis], v = axes[2 + axis];
            (xx, xy, yy) = (xx + variance * u * u, xy + variance * u * v, yy + variance * v * v);
        }
        return (yy * away[0] * away[0] - 2 * xy * away[0] * away[1] + xx * away[1] * away[1]) / (xx * yy - xy * xy);
    }

    private static Mixture Make(string name)
    {
        double[][] corners = [[-1, 2], [1, 2], [1, -2], [-1, -2]];
        return name switch
        {
            "ring" => Alike(Ring(8, 0), Covariance.Isotropic(2, 0.09)),
            "ring elsewhere" => Alike(Ring(6, 3), Covariance.Isotropic(2, 0.2)),
            "pair" => Alike([[-1, 0.5], [1, -0.5]], Covariance.Isotropic(2, 0.1)),
            "corners of unequal weight" => new Mixture([0.1, 0.2, 0.3, 0.4], corners, [.. corners.Select(_ => Covariance.Isotropic(2, 0.1))]),
            "three" => Alike(Ring(3, 1), Covariance.Isotropic(2, 0.3)),
            "oblong" => Alike(corners, Covariance.Diagonal([0.1, 0.6])),
            "tilted" => Alike(corners, Covariance.Full(2, [0.6, 0.2, 0.2, 0.4])),
            _ => Alike([[-3], [-1], [1], [3]], Covariance.Isotropic(1, 0.04)),
        };
    }

    private static double[][] Ring(int count, double shift) => [.. Enumerable.Range(0, count).Select(
        k => (double[])[shift + 4 * Math.Cos(2 * Math.PI * k / count), 4 * Math.Sin(2 * Math.PI * k / count) - shift])];

    private static Mixture Alike(double[][] means, Covariance covariance)
        => new([.. means.Select(_ => 1.0 / means.Length)], means, [.. means.Select(_ => covariance)]);
}
