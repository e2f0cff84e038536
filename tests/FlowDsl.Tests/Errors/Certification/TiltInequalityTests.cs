using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Tests;

/// <summary>The inequalities about exponentially tilted weights that certificates are made of, on random draws.</summary>
public class TiltInequalityTests
{
    private const int Draws = 20000;

    /// <summary>Shifts δ with Σ r δ = 0: r'_k ≤ r_k e^{δ_k}; shifts of sizes ω_k: -log Σ r e^ω ≤ log(r'_k/r_k) + ω_k and log(r'_k/r_k) ≤ ω_k + Σ r ω.</summary>
    [Fact]
    public void TiltedWeightsAreBounded()
    {
        var random = new RandomMixtures(1);
        for (int draw = 0; draw < Draws; draw++)
        {
            double[] r = Weights(random, 2 + draw % 5), shift = [.. r.Select(_ => Math.Exp(random.Normal()) * random.Normal())];
            double mean = Mean(r, shift), sizes = r.Zip(shift, (w, s) => w * Math.Abs(s)).Sum(),
                raised = r.Zip(shift, (w, s) => w * Math.Exp(Math.Abs(s))).Sum();
            double[] tilted = Tilt(r, shift);
            for (int k = 0; k < r.Length; k++)
            {
                double ratio = Math.Log(tilted[k] / r[k]);
                Assert.True(ratio <= shift[k] - mean + 1e-12);
                Assert.True(ratio <= Math.Abs(shift[k]) + sizes + 1e-12);
                Assert.True(ratio >= -Math.Abs(shift[k]) - Math.Log(raised) - 1e-12);
            }
        }
    }

    /// <summary>A tilt by a linear function of range at most ζDs raises no variance by more than e^{ζDs}.</summary>
    [Fact]
    public void TiltedVariancesAreBounded()
    {
        var random = new RandomMixtures(2);
        double greatest = 0;
        for (int draw = 0; draw < Draws; draw++)
        {
            int d = 1 + draw % 3;
            double[] r = Weights(random, 2 + draw % 5), direction = random.Normals(d),
                tilt = [.. random.Normals(d).Select(x => x * Math.Pow(10, -2 * random.Uniform()))];
            double[][] means = [.. r.Select(_ => random.Normals(d))];
            double diameter = means.Max(left => means.Max(right => Vectors.Distance(left, right)));
            double[] along = [.. means.Select(mean => Vectors.Dot(mean, direction))];
            double before = Variance(r, along), after = Variance(Tilt(r, [.. means.Select(mean => Vectors.Dot(mean, tilt))]), along);
            double ratio = after / (before * Math.Exp(diameter * Vectors.Norm(tilt)));
            Assert.True(ratio <= 1 + 1e-12);
            greatest = Math.Max(greatest, ratio);
        }
        Assert.InRange(greatest, 0.99, 1 + 1e-12);
    }

    /// <summary>|κ₃| ≤ D³/(6√3) and -D⁴/8 ≤ κ₄ ≤ D⁴/24 on an interval of length D, and all three are attained.</summary>
    [Fact]
    public void CumulantsAreBounded()
    {
        var random = new RandomMixtures(3);
        double third = 0, least = 0, greatest = 0;
        for (int draw = 0; draw < Draws; draw++)
        {
            double[] r = Weights(random, 2 + draw % 4), x = [.. r.Select((_, k) => k == 0 ? 0 : k == 1 ? 1 : random.Uniform())];
            Add(r, x);
        }
        for (int i = 1; i < 1000; i++) Add([i / 1000.0, 1 - i / 1000.0], [0, 1]);
        Assert.InRange(third, 0.0962, 1 / (6 * Math.Sqrt(3)) + 1e-12);
        Assert.InRange(least, -0.125 - 1e-12, -0.1249);
        Assert.InRange(greatest, 0.0416, 1.0 / 24 + 1e-12);

        void Add(double[] weights, double[] points)
        {
            double mean = Mean(weights, points), variance = Variance(weights, points);
            double cube = weights.Zip(points, (w, p) => w * Math.Pow(p - mean, 3)).Sum(),
                fourth = weights.Zip(points, (w, p) => w * Math.Pow(p - mean, 4)).Sum() - 3 * variance * variance;
            (third, least, greatest) = (Math.Max(third, Math.Abs(cube)), Math.Min(least, fourth), Math.Max(greatest, fourth));
        }
    }

    private static double[] Weights(RandomMixtures random, int count)
    {
        double[] weights = [.. Enumerable.Range(0, count).Select(_ => Math.Exp(3 * random.Normal()))];
        double total = weights.Sum();
        return [.. weights.Select(w => w / total)];
    }

    private static double[] Tilt(double[] weights, double[] shift)
    {
        double[] tilted = [.. weights.Zip(shift, (w, s) => w * Math.Exp(s))];
        double total = tilted.Sum();
        return [.. tilted.Select(w => w / total)];
    }

    private static double Mean(double[] weights, double[] values) => weights.Zip(values, (w, v) => w * v).Sum();

    private static double Variance(double[] weights, double[] values)
    {
        double mean = Mean(weights, values);
        return weights.Zip(values, (w, v) => w * (v - mean) * (v - mean)).Sum();
    }
}
