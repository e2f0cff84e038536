using System.Numerics;
using FlowDsl.Errors.Certification;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Tests;

/// <summary>What lanes know of a path without evaluating it holds against arithmetic with 28 digits.</summary>
public class LaneDiscTests
{
    private static readonly double[] s_weights = [0.25, 0.5, 0.25];

    // Multiples of 1/64, so that the shift to the mean and the conversions to decimal are exact.
    private static readonly double[][] s_means = [[-1.25, 0.5], [0.75, -0.25], [1.5, 1]];

    /// <summary>From steps whose defect is rounding alone to the longest.</summary>
    [Theory]
    [InlineData(0.02, 1e-6)]
    [InlineData(0.1, 1e-6)]
    [InlineData(0.3, 1e-5)]
    [InlineData(0.5, 1e-5)]
    public void DefectsAreBounded(double share, double leastRatio)
    {
        var mixture = new CanonicalMixture(Models.Isotropic(s_weights, s_means, 0.0625));
        var means = new LaneMeans(mixture);
        var path = new LanePath(means);
        var disc = new LaneDisc(means, path);
        var random = new RandomMixtures(41);
        double greatest = 0;
        int lanes = Vector<double>.Count;
        for (int draw = 0; draw < 60; draw++)
        {
            double[] zetas = [.. Enumerable.Range(0, lanes).Select(_ => random.Next(160) / 64.0)];
            for (int j = 0; j < 2; j++)
                path.Coefficients[j] = new Vector<double>([.. zetas.Select(zeta => Math.Round(64 * (zeta * random.Normal() + random.Normal())) / 64)]);
            path.Expand(new Vector<double>(zetas));
            Vector<double> radius = disc.Guess();
            while (disc.TryBound(radius) is var found && !Vector.EqualsAll(found, Vector<long>.AllBitsSet))
                radius = Vector.ConditionalSelect(found, radius, radius * new Vector<double>(0.75));
            Vector<double> step = new Vector<double>(share) * radius, bound = disc.Defect(step);
            for (int lane = 0; lane < lanes; lane++)
            {
                foreach (double part in new[] { 0, 0.4, 0.8, 1 })
                {
                    double s = Math.Round(part * step[lane] * 1048576) / 1048576;
                    if (s > step[lane]) continue;
                    double defect = Defect(mixture, path, lane, zetas[lane], s);
                    Assert.True(defect <= bound[lane], $"ζ = {zetas[lane]}, s = {s}: defect {defect:E2}, bound {bound[lane]:E2}");
                    greatest = Math.Max(greatest, defect / bound[lane]);
                }
            }
        }
        // Not so generous that nothing could break it.
        Assert.InRange(greatest, leastRatio, 1);
    }

    /// <summary>|P'(s) - m(P(s), ζ + s)|.</summary>
    private static double Defect(CanonicalMixture mixture, LanePath path, int lane, double zeta, double s)
    {
        decimal[] z = new decimal[2], slope = new decimal[2], exponents = new decimal[3], field = new decimal[2];
        decimal step = (decimal)s, position = (decimal)zeta + step, total = 0;
        for (int n = LanePath.Degree; n >= 0; n--)
        {
            for (int j = 0; j < 2; j++)
            {
                decimal coefficient = Decimals.Exactly(path.Coefficients[2 * n + j][lane]);
                z[j] = z[j] * step + coefficient;
                if (n > 0) slope[j] = slope[j] * step + n * coefficient;
            }
        }
        decimal[][] means = [.. s_means.Select(mean => mean.Select((value, j) => (decimal)value - (decimal)mixture.Shift[j]).ToArray())];
        for (int k = 0; k < 3; k++)
            for (int j = 0; j < 2; j++) exponents[k] -= (z[j] - position * means[k][j]) * (z[j] - position * means[k][j]) / 2;
        decimal greatest = exponents.Max();
        for (int k = 0; k < 3; k++)
        {
            decimal weight = (decimal)s_weights[k] * Decimals.Exp(exponents[k] - greatest);
            total += weight;
            for (int j = 0; j < 2; j++) field[j] += weight * means[k][j];
        }
        return Math.Sqrt(Enumerable.Range(0, 2).Sum(j => Math.Pow((double)(slope[j] - field[j] / total), 2)));
    }

    [Fact]
    public void VariancesAreBounded()
    {
        var random = new RandomMixtures(42);
        for (int draw = 0; draw < 200; draw++)
        {
            int d = 1 + draw % 6, count = 2 + draw / 6 % 7;
            var mixture = new CanonicalMixture(random.Draw(d, count, 0.1, false));
            var means = new LaneMeans(mixture);
            var path = new LanePath(means);
            var growth = new LaneGrowth(means, path);
            int inner = mixture.Dimension;
            for (int j = 0; j < inner; j++) path.Coefficients[j] = new Vector<double>([.. random.Normals(Vector<double>.Count)]);
            path.Expand(new Vector<double>(3 * random.Uniform()));
            growth.Start();
            for (int lane = 0; lane < Vector<double>.Count; lane++)
            {
                double[] centre = new double[inner], matrix = new double[inner * inner];
                for (int k = 0; k < count; k++)
                    for (int j = 0; j < inner; j++) centre[j] += path.Responsibilities[k][lane] * mixture.Means[k][j];
                for (int k = 0; k < count; k++)
                    for (int i = 0; i < inner; i++)
                        for (int j = 0; j < inner; j++)
                            matrix[i * inner + j] += path.Responsibilities[k][lane] * (mixture.Means[k][i] - centre[i]) * (mixture.Means[k][j] - centre[j]);
                double exact = SymmetricMatrix.Eigen(matrix, inner, out _)[^1], bound = growth.Variance[lane];
                Assert.True(bound >= exact * (1 - 1e-12), $"draw {draw}: {bound:R} is less than {exact:R}");
                // Exact where there are at most two directions, and never worse than the trace.
                Assert.InRange(bound, 0, exact * (inner <= 2 ? 1.0001 : Math.Min(inner, 2.0)) + 1e-10);
            }
        }
    }
}
