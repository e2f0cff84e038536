using FlowDsl.Mathematics.Numerics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Tests;

/// <summary>Products of dense layers and their derivatives against plain loops in double precision.</summary>
public class DenseLayerTests
{
    // A sum of n products in single precision, of terms within 1: errors add up like a random walk, with some allowance.
    private const double Unit = 2e-7;

    public static TheoryData<int, int> Shapes
    {
        get
        {
            var data = new TheoryData<int, int> { { 512, 512 } };
            int[] widths = [1, 2, 3, 5, 19, 20, 39, 64, 65, 128, 300];
            // Every width on either side, with small and with large partners.
            for (int i = 0; i < widths.Length; i++)
                foreach (int step in (int[])[0, 1, 4, 7]) data.Add(widths[i], widths[(i + step) % widths.Length]);
            data.Add(500, 7);
            data.Add(7, 500);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ProductsAreThePlainOnes(int inputs, int outputs)
    {
        (DenseLayer layer, float[] parameters) = Layer(inputs, outputs);
        foreach (int lanes in Rows.Widths)
        {
            Rows x = Rows.Random(inputs, lanes, 1), dy = Rows.Random(outputs, lanes, 2);
            Rows y = new(Even(outputs), lanes), linear = new(Even(outputs), lanes), dx = new(Even(inputs), lanes);
            string what = $"{inputs} to {outputs}, {lanes} lanes";
            Rows.CheckSplit(y, (at, n) => layer.Apply(ref x[0, at], ref y[0, at], x.Pitch, n), what);
            Rows.CheckSplit(linear, (at, n) => layer.ApplyLinear(ref x[0, at], ref linear[0, at], x.Pitch, n), what);
            Rows.CheckSplit(dx, (at, n) => layer.ApplyTransposed(ref dy[0, at], ref dx[0, at], x.Pitch, n), what);
            Close(y, inputs, (o, i) => parameters[inputs * outputs + o] + Sum(inputs, j => (double)parameters[o * inputs + j] * x[j, i]), outputs, what);
            Close(linear, inputs, (o, i) => Sum(inputs, j => (double)parameters[o * inputs + j] * x[j, i]), outputs, what);
            Close(dx, outputs, (j, i) => Sum(outputs, o => (double)parameters[o * inputs + j] * dy[o, i]), inputs, what);
            for (int i = 0; i < lanes; i++)
            {
                double forward = Sum(outputs, o => (double)dy[o, i] * linear[o, i]), backward = Sum(inputs, j => (double)dx[j, i] * x[j, i]);
                Assert.True(Math.Abs(forward - backward) <= Unit * 8 * Math.Sqrt((double)inputs * outputs), $"{what}: adjoint {forward:R} is not {backward:R}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void GradientsAreSumsOfOuterProducts(int inputs, int outputs)
    {
        (DenseLayer layer, _) = Layer(inputs, outputs);
        foreach (int lanes in (int[])[.. Rows.Widths, 320])
        {
            Rows x = Rows.Random(inputs, lanes, 1), dy = Rows.Random(outputs, lanes, 2);
            float[] start = Rows.Random(1, DenseLayer.CountParameters(inputs, outputs), 3).Kept(1), gradient = [.. start];
            layer.AddGradient(ref x.First, ref dy.First, x.Pitch, (nuint)lanes, gradient);
            for (int at = 0; at < gradient.Length; at++)
            {
                int o = at < inputs * outputs ? at / inputs : at - inputs * outputs, j = at % inputs;
                double expected = start[at];
                for (int i = 0; i < lanes; i++) expected += at < inputs * outputs ? (double)dy[o, i] * x[j, i] : dy[o, i];
                double allowance = Unit * (4 + Math.Sqrt(lanes) * 8);
                string what = $"{inputs} to {outputs}, {lanes} lanes: {at} is {gradient[at]:R}, not {expected:R}";
                Assert.True(Math.Abs(gradient[at] - expected) <= allowance, what);
            }
        }
    }

    [Theory]
    [InlineData(3, 20)]
    [InlineData(65, 19)]
    public void GradientsOfRunsAddUpToTheSameBits(int inputs, int outputs)
    {
        const int Run = 256, Lanes = 3 * Run;
        (DenseLayer layer, _) = Layer(inputs, outputs);
        Rows x = Rows.Random(inputs, Lanes, 1), dy = Rows.Random(outputs, Lanes, 2);
        float[] whole = new float[DenseLayer.CountParameters(inputs, outputs)], parts = [.. whole];
        layer.AddGradient(ref x.First, ref dy.First, x.Pitch, Lanes, whole);
        for (int first = 0; first < Lanes; first += Run) layer.AddGradient(ref x[0, first], ref dy[0, first], x.Pitch, Run, parts);
        Compare.SameBits<float>(whole, parts, "gradient");
    }

    [Fact]
    public void GradientsAreTheFixedOnes()
    {
        // Sixty-fours of small integers, whose sums are exact in any order: the same numbers on every machine.
        const int Lanes = 64;
        var layer = new DenseLayer(21, 8);
        Rows x = new(21, Lanes, (j, i) => (j * 7 + i * 3) % 11 - 5), dy = new(8, Lanes, (o, i) => (o * 5 + i) % 13 - 6);
        var gradient = new float[DenseLayer.CountParameters(21, 8)];
        layer.AddGradient(ref x.First, ref dy.First, x.Pitch, Lanes, gradient);
        for (int o = 0; o < 8; o++)
        {
            for (int j = 0; j < 21; j++) Assert.Equal(Sum(Lanes, i => dy[o, i] * x[j, i]), gradient[o * 21 + j]);
            Assert.Equal(Sum(Lanes, i => dy[o, i]), gradient[21 * 8 + o]);
        }
    }

    [Fact]
    public void ALayerCanBeLoadedAgain()
    {
        foreach ((int inputs, int outputs) in new[] { (39, 65), (400, 20), (20, 400) })
        {
            (DenseLayer fresh, float[] parameters) = Layer(inputs, outputs);
            var reused = new DenseLayer(inputs, outputs);
            reused.Load(Rows.Random(1, parameters.Length, 8).Kept(1), forTraining: true);
            reused.Load(parameters, forTraining: true);
            long before = GC.GetAllocatedBytesForCurrentThread();
            reused.Load(parameters, forTraining: true);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
            const int Lanes = 32;
            Rows x = Rows.Random(inputs, Lanes, 1), dy = Rows.Random(outputs, Lanes, 2);
            Rows expected = new(Even(outputs), Lanes), actual = new(Even(outputs), Lanes),
                expectedDx = new(Even(inputs), Lanes), actualDx = new(Even(inputs), Lanes);
            fresh.Apply(ref x.First, ref expected.First, x.Pitch, Lanes);
            reused.Apply(ref x.First, ref actual.First, x.Pitch, Lanes);
            fresh.ApplyTransposed(ref dy.First, ref expectedDx.First, x.Pitch, Lanes);
            reused.ApplyTransposed(ref dy.First, ref actualDx.First, x.Pitch, Lanes);
            Compare.SameBits<float>(expected.Values, actual.Values, "y");
            Compare.SameBits<float>(expectedDx.Values, actualDx.Values, "dx");
        }
    }

    [Fact]
    public void MistakesAreTold()
    {
        var layer = new DenseLayer(3, 2);
        Rows rows = Rows.Random(4, 32, 1);
        Assert.Throws<ArgumentException>(() => layer.Load(new float[7], forTraining: false));
        Assert.Throws<ArgumentException>(() => layer.AddGradient(ref rows.First, ref rows.First, rows.Pitch, 32, new float[9]));
        layer.Load(new float[8], forTraining: true);
        layer.Load(new float[8], forTraining: false);
        Assert.Throws<InvalidOperationException>(() => layer.ApplyTransposed(ref rows.First, ref rows.First, rows.Pitch, 32));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DenseLayer(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DenseLayer(1, 0));
        Assert.Throws<OverflowException>(() => DenseLayer.CountParameters(1 << 16, 1 << 16));
    }

    private static int Even(int count) => count + count % 2;

    private static (DenseLayer Layer, float[] Parameters) Layer(int inputs, int outputs)
    {
        float[] parameters = Rows.Random(1, DenseLayer.CountParameters(inputs, outputs), 7).Kept(1);
        var layer = new DenseLayer(inputs, outputs);
        layer.Load(parameters, forTraining: true);
        return (layer, parameters);
    }

    private static double Sum(int count, Func<int, double> term)
    {
        double sum = 0;
        for (int j = 0; j < count; j++) sum += term(j);
        return sum;
    }

    private static void Close(Rows actual, int terms, Func<int, int, double> expected, int given, string what)
    {
        double allowance = Unit * (4 + 12 * Math.Sqrt(terms));
        for (int row = 0; row < given; row++)
        {
            // Every lane of a few rows, and a few lanes of all.
            for (int i = 0; i < actual.Lanes; i += row < 8 ? 1 : 13)
                Assert.True(Math.Abs(actual[row, i] - expected(row, i)) <= allowance,
                    $"{what}: row {row}, lane {i} is {actual[row, i]:R}, not {expected(row, i):R}");
        }
        for (int row = given; row < actual.Count; row++)
            for (int i = 0; i < actual.Lanes; i++) Assert.Equal(0, actual[row, i]);
        actual.CheckEdges(what);
    }
}
