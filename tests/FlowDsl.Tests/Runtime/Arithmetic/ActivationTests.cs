using FlowDsl.Mathematics.Numerics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Tests;

/// <summary>Activations and the softmax against their definitions in double precision, derivatives against central differences.</summary>
public class ActivationTests
{
    private const double Unit = 1e-6, Step = 1e-5;

    private delegate void InPlace(ref float rows, int count, nuint pitch, nuint lanes);

    private delegate void WithSlopes(ref float rows, ref float slopes, int count, nuint pitch, nuint lanes);

    public static TheoryData<int> Counts => [1, 2, 3, 5, 19, 20, 39, 64, 65, 128, 300];

    [Theory]
    [InlineData(Activation.ReLU)]
    [InlineData(Activation.ReQU)]
    [InlineData(Activation.SiLU)]
    public void ActivationsAndSlopesAreTheirDefinitions(Activation activation)
    {
        (InPlace inPlace, WithSlopes withSlopes, Func<double, double> exact) = Of(activation);
        foreach (int count in (int[])[1, 3, 20])
        {
            foreach (int lanes in Rows.Widths)
            {
                Rows z = Rows.Random(count, lanes, 4, 12), value = z.Copy(), twin = z.Copy(), slope = new(count, lanes);
                string what = $"{activation}, {count} rows, {lanes} lanes";
                Rows.CheckSplit(value, (at, n) => inPlace(ref value[0, at], count, value.Pitch, n), what);
                withSlopes(ref twin.First, ref slope.First, count, twin.Pitch, (nuint)lanes);
                Compare.SameBits<float>(value.Values, twin.Values, what);
                value.CheckEdges(what);
                slope.CheckEdges(what);
                for (int k = 0; k < count; k++)
                {
                    for (int i = 0; i < lanes; i++)
                    {
                        double at = z[k, i], difference = (exact(at + Step) - exact(at - Step)) / (2 * Step);
                        Compare.Close([exact(at)], [value[k, i]], Unit, 1, what);
                        // The definitions have kinks at 0.
                        if (Math.Abs(at) > Step) Compare.Close([difference], [slope[k, i]], Unit, 1, what);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(Activation.ReLU)]
    [InlineData(Activation.ReQU)]
    [InlineData(Activation.SiLU)]
    public void ActivationsOfGreatAndNoArgumentsAreTheirLimits(Activation activation)
    {
        (_, WithSlopes withSlopes, Func<double, double> exact) = Of(activation);
        float[] arguments = [0, -0f, 1e-30f, -1e-30f, 60, -60, 88, -88, 104, -104, 1e4f, -1e4f, 1e18f, -1e18f];
        Rows value = new(1, 32, (_, i) => arguments[i % arguments.Length]), slope = new(1, 32);
        withSlopes(ref value.First, ref slope.First, 1, value.Pitch, 32);
        for (int i = 0; i < arguments.Length; i++)
        {
            double z = arguments[i], limit = (activation, z) switch
            {
                (Activation.SiLU, > -1 and < 1) => 0.5,
                (Activation.ReQU, > 0) => 2 * z,
                (_, > 0) => 1,
                _ => 0,
            };
            Compare.Close([exact(z), limit], [value[0, i], slope[0, i]], Unit, 1e-15, $"{activation} of {z}");
        }
    }

    [Fact]
    public void AChainRuleIsAProduct()
    {
        Rows rows = Rows.Random(5, 96, 1), factors = Rows.Random(5, 96, 2), product = rows.Copy();
        Rows.CheckSplit(product, (at, n) => Activations.Multiply(ref product[0, at], ref factors[0, at], 5, product.Pitch, n), "product");
        product.CheckEdges("product");
        for (int k = 0; k < 5; k++)
            for (int i = 0; i < 96; i++) Assert.Equal(rows[k, i] * factors[k, i], product[k, i]);
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void WeightsAreTheSoftmax(int count)
    {
        foreach (int lanes in Rows.Widths)
        {
            Rows logits = Rows.Random(count, lanes, 5, 8), weights = logits.Copy();
            Rows.CheckSplit(weights, (at, n) => Softmax.Apply(ref weights[0, at], count, weights.Pitch, n), "softmax");
            weights.CheckEdges("softmax");
            for (int i = 0; i < lanes; i++) Compare.Close(Exact(logits, i), Lane(weights, i), 3e-6, 1e-9, $"softmax of {count}");
        }
    }

    [Fact]
    public void ExtremeLogitsHaveTheirLimits()
    {
        Rows rows = new(4, 32, (k, i) => (i % 4, k) switch
        {
            (0, 0) => 3e38,
            (0, _) => -3e38,
            (1, 0 or 3) => double.NegativeInfinity,
            (1, _) => -2e38,
            (2, _) => 1000,
            (_, 1) => 80,
            _ => -20,
        });
        Softmax.Apply(ref rows.First, 4, rows.Pitch, 32);
        for (int i = 0; i < 32; i++)
        {
            double[] expected = (i % 4) switch
            {
                0 => [1, 0, 0, 0],
                1 => [0, 0.5, 0.5, 0],
                2 => [0.25, 0.25, 0.25, 0.25],
                _ => [0, 1, 0, 0],
            };
            Compare.Close(expected, Lane(rows, i), 0, what: "limits");
        }
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void TheSoftmaxsDerivativeIsACentralDifference(int count)
    {
        const int Lanes = 32;
        Rows logits = Rows.Random(count, Lanes, 5, 3), direction = Rows.Random(count, Lanes, 6), weights = logits.Copy(), tangent = direction.Copy();
        Softmax.Apply(ref weights.First, count, weights.Pitch, Lanes);
        Rows.CheckSplit(tangent, (at, n) => Softmax.Derivative(ref weights[0, at], ref tangent[0, at], count, tangent.Pitch, n), "derivative");
        tangent.CheckEdges("derivative");
        for (int i = 0; i < Lanes; i++)
        {
            double[] ahead = Exact(logits, i, direction, Step), behind = Exact(logits, i, direction, -Step);
            Compare.Close([.. ahead.Zip(behind, (a, b) => (a - b) / (2 * Step))], Lane(tangent, i), Unit, 1, "derivative");
        }
    }

    private static (InPlace InPlace, WithSlopes WithSlopes, Func<double, double> Exact) Of(Activation activation) => activation switch
    {
        Activation.ReLU => (Activations.Relu, Activations.Relu, z => Math.Max(0, z)),
        Activation.ReQU => (Activations.Requ, Activations.Requ, z => Math.Max(0, z) * Math.Max(0, z)),
        _ => (Activations.Silu, Activations.Silu, z => z / (1 + Math.Exp(-z))),
    };

    private static double[] Lane(Rows rows, int lane) => [.. Enumerable.Range(0, rows.Count).Select(k => (double)rows[k, lane])];

    private static double[] Exact(Rows logits, int lane, Rows? direction = null, double step = 0)
    {
        double[] z = [.. Enumerable.Range(0, logits.Count).Select(k => logits[k, lane] + (direction is null ? 0 : step * direction[k, lane]))];
        double total = z.Sum(value => Math.Exp(value - z.Max()));
        return [.. z.Select(value => Math.Exp(value - z.Max()) / total)];
    }
}
