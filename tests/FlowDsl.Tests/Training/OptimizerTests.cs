using FlowDsl.Training;

namespace FlowDsl.Tests;

/// <summary>Optimizers against the formulas of their papers and functions whose minimum is known.</summary>
public class OptimizerTests
{
    /// <summary>Algorithm 2 of arXiv:1711.05101 in double precision, over whole vectors and what is left of them.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(19, 0)]
    [InlineData(67, 0.3)]
    public void AdamWTakesTheStepsOfThePaper(int count, double weightDecay)
    {
        const double first = 0.9, second = 0.999, tiny = 1e-8, scale = 0.5;
        var random = new Random(count);
        var optimizer = new AdamW(count);
        float[] parameters = [.. Enumerable.Range(0, count).Select(_ => (float)(2 * random.NextDouble() - 1))];
        double[] expected = StudentMapTests.Wide(parameters), m = new double[count], v = new double[count];
        for (int step = 1; step <= 5; step++)
        {
            double rate = 0.1 / step;
            // Components of very different sizes: the steps are all of about the rate.
            float[] gradient = [.. Enumerable.Range(0, count).Select(i => (float)(Math.Pow(10, i % 7 - 3) * (2 * random.NextDouble() - 1)))];
            for (int i = 0; i < count; i++)
            {
                double own = scale * gradient[i];
                m[i] = first * m[i] + (1 - first) * own;
                v[i] = second * v[i] + (1 - second) * own * own;
                double mean = m[i] / (1 - Math.Pow(first, step)), square = v[i] / (1 - Math.Pow(second, step));
                expected[i] -= rate * (mean / (Math.Sqrt(square) + tiny) + weightDecay * expected[i]);
            }
            optimizer.Step(step, rate, weightDecay, scale, parameters, gradient);
            Compare.Within(expected, StudentMapTests.Wide(parameters), 2e-6, $"step {step}");
        }
        Compare.Close(m, StudentMapTests.Wide(optimizer.First), 1e-5, 1e-6, "first moments");
        Compare.Close(v, StudentMapTests.Wide(optimizer.Second), 1e-5, 1e-9, "second moments");
    }

    /// <summary>½(x - c)ᵀA(x - c), A the second difference with a smallest eigenvalue of 0.01 and a greatest of 4.</summary>
    [Fact]
    public void LbfgsFindsTheMinimumOfAQuadratic()
    {
        const int n = 30;
        double[] minimum = [.. Enumerable.Range(0, n).Select(i => Math.Sin(i))];
        float[] point = new float[n];
        var told = new List<int>();
        int evaluations = 0;
        double last = 0;
        Lbfgs.Minimize(point, Quadratic, _ => { }, 200, told.Add, CancellationToken.None);
        Compare.Within(minimum, StudentMapTests.Wide(point), 1e-3, "minimum");
        Assert.Equal(Enumerable.Range(1, told.Count), told);
        Assert.InRange(told.Count, 10, 199);
        Assert.InRange(evaluations, told.Count, 3 * told.Count + 25);
        Assert.InRange(last, 0, 1e-5);

        double Quadratic(float[] at, Span<float> gradient)
        {
            evaluations++;
            double value = 0;
            for (int i = 0; i < n; i++)
            {
                double own = 2 * Difference(i) - Difference(i - 1) - Difference(i + 1);
                gradient[i] = (float)own;
                value += 0.5 * own * Difference(i);
            }
            last = Math.Max(0, value);
            return value;

            double Difference(int i) => i < 0 || i >= n ? 0 : at[i] - minimum[i];
        }
    }

    /// <summary>With the minimum outside the region, the least point in it; of a sum of squares, coordinate by coordinate.</summary>
    [Fact]
    public void LbfgsStaysInItsRegion()
    {
        double[] centre = [2, -3, 0.5, 0.25], curvature = [1, 4, 2, 8];
        float[] point = [0, 0, 0, 0];
        Lbfgs.Minimize(
            point,
            (at, gradient) =>
            {
                double value = 0;
                for (int i = 0; i < 4; i++)
                {
                    Assert.InRange(at[i], -1, 1);
                    gradient[i] = (float)(curvature[i] * (at[i] - centre[i]));
                    value += 0.5 * curvature[i] * (at[i] - centre[i]) * (at[i] - centre[i]);
                }
                return value;
            },
            at =>
            {
                for (int i = 0; i < at.Length; i++) at[i] = Math.Clamp(at[i], -1, 1);
            },
            100, _ => { }, CancellationToken.None);
        Compare.Within([1, -1, 0.5, 0.25], StudentMapTests.Wide(point), 1e-2, "minimum");
    }

    [Fact]
    public void LbfgsCanBeStopped()
    {
        using var stop = new CancellationTokenSource();
        int iterations = 0;
        Assert.Throws<OperationCanceledException>(() => Lbfgs.Minimize(
            [3, 4],
            (at, gradient) =>
            {
                (gradient[0], gradient[1]) = (4 * at[0] * at[0] * at[0], 2 * at[1]);
                return Math.Pow(at[0], 4) + at[1] * at[1];
            },
            _ => { }, 1000,
            done =>
            {
                iterations = done;
                if (done == 2) stop.Cancel();
            },
            stop.Token));
        Assert.Equal(2, iterations);
    }
}
