using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Trajectories;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlowDsl.Tests;

// The files are read and evaluated by ONNX Runtime, which knows nothing of the networks here.
public class OnnxModelTests
{
    private const double NoTime = double.NaN;

    public static TheoryData<string, double> ScoreNetworks
    {
        get
        {
            var networks = new TheoryData<string, double>();
            foreach (string mixture in (string[])["ring8_iso_2d", "faithful_full_2d", "shared_full_3d", "iso_unequal_1d", "single_full_2d"])
            {
                networks.Add(mixture, 0.3);
                networks.Add(mixture, NoTime);
            }
            return networks;
        }
    }

    [Theory]
    [MemberData(nameof(ScoreNetworks))]
    public void RuntimeAgreesWithLayersAndScore(string mixture, double time)
    {
        ScoreNetworkDescriptor network = Describe(mixture, time);
        using var session = new InferenceSession(network.ToOnnx());
        int d = network.Dimension;
        foreach (double t in (double[])(double.IsNaN(time) ? [network.Earliest, 0.05, 0.3, 1, network.Latest] : [time]))
        {
            double[][] points = PriorPoints.Draw(network.Model.Mixture, network.Model.Process.At(t), 256).Pilot;
            double[][] inputs = [.. points.Select(x => double.IsNaN(time) ? [.. x, t] : x)];
            double[] outputs = Evaluate(session, inputs);
            double[] score = new double[d];
            double squares = 0;
            for (int i = 0; i < points.Length; i++)
            {
                ReadOnlySpan<double> output = outputs.AsSpan(i * d, d);
                double[] layers = network.Layers.Evaluate(inputs[i]);
                // Rounding is relative to the coordinate that is greatest.
                Compare.Close(layers, output, 1e-12, Math.Max(1, layers.Max(Math.Abs)), $"{mixture}, t = {t}");
                network.Model.Score(t, points[i], score);
                for (int j = 0; j < d; j++) squares += Math.Pow(output[j] - score[j], 2);
            }
            double error = Math.Sqrt(squares / points.Length);
            Assert.True(
                error <= network.Guarantee + network.Rounding,
                $"{mixture}, t = {t}: {error:E2} from the score in the mean of squares, {network.Guarantee:E2} is guaranteed.");
        }
    }

    [Theory]
    [MemberData(nameof(ScoreNetworks))]
    public void EqualNetworksEqualBytes(string mixture, double time) => Assert.Equal(Describe(mixture, time).ToOnnx(), Describe(mixture, time).ToOnnx());

    [Fact]
    public void UnitsOfEitherKindAndAnyOrder()
    {
        using var session = new InferenceSession(OnnxModel.Write(Small(), "Small"));
        double[][] points = [[0, 0], [1, 2], [-3, 1], [2, -5], [-1, -4], [0.5, 0.25]];
        // By hand, and without rounding.
        double[] expected =
        [
            .. points.SelectMany(point =>
            {
                double x = point[0], y = point[1];
                double a = Square(x - y), b = Positive((2 * x) + 1), c = Square(y), e = Positive(-x);
                double f = Square(a - b + c), g = Square(e - 2);
                return (double[])[f - (3 * g) + 1, 7, Positive(y)];
            }),
        ];
        Assert.Equal(expected, Evaluate(session, points));
        Assert.Equal(expected, points.SelectMany(point => Small().Evaluate(point)));
        // As many rows as there are.
        for (int i = 0; i < points.Length; i++) Assert.Equal(expected[(3 * i)..(3 * i + 3)], Evaluate(session, [points[i]]));

        static double Positive(double y) => Math.Max(0, y);

        static double Square(double y) => Positive(y) * Positive(y);
    }

    [Fact]
    public void FileSaysWhatItHolds()
    {
        ScoreNetworkDescriptor network = Describe("ring8_iso_2d", NoTime);
        using var session = new InferenceSession(network.ToOnnx());
        KeyValuePair<string, NodeMetadata> input = Assert.Single(session.InputMetadata), output = Assert.Single(session.OutputMetadata);
        Assert.Equal((OnnxModel.InputName, typeof(double)), (input.Key, input.Value.ElementType));
        Assert.Equal((OnnxModel.OutputName, typeof(double)), (output.Key, output.Value.ElementType));
        // -1 is a length that the file leaves open.
        Assert.Equal([-1, 3], input.Value.Dimensions);
        Assert.Equal([-1, 2], output.Value.Dimensions);
        Assert.Equal("n", input.Value.SymbolicDimensions[0]);
        Assert.Equal("n", output.Value.SymbolicDimensions[0]);
        Assert.Equal(("Network", "FlowDsl"), (session.ModelMetadata.GraphName, session.ModelMetadata.ProducerName));
        Assert.Equal(
            "The score of a Gaussian mixture, K = 8, d = 2, in the process Ornstein-Uhlenbeck, a = exp(-t), s² = 1 - exp(-2t), at t = 0.001 to 3, " +
            "to 1E-6 in L^2(p_t). Input: rows of x, then t. Output: rows of the score.",
            session.ModelMetadata.Description);
    }

    [Fact]
    public void WriteBytesByTheSpecification()
    {
        // y = 2x + 1.
        var network = LayeredNetwork.Of([double.NegativeInfinity], [Input(0)], [Form(1, (0, 2))]);
        byte[] weight = [0x08, 1, 0x08, 1, 0x10, 11, 0x42, 13, .. "output_weight"u8, 0x4A, 8, 0, 0, 0, 0, 0, 0, 0x00, 0x40];
        byte[] bias = [0x08, 1, 0x10, 11, 0x42, 11, .. "output_bias"u8, 0x4A, 8, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F];
        byte[] product =
            [0x0A, 5, .. "input"u8, 0x0A, 13, .. "output_weight"u8, 0x12, 14, .. "output_product"u8, 0x1A, 14, .. "output_product"u8, 0x22, 6, .. "MatMul"u8];
        byte[] sum = [0x0A, 14, .. "output_product"u8, 0x0A, 11, .. "output_bias"u8, 0x12, 6, .. "output"u8, 0x1A, 6, .. "output"u8, 0x22, 3, .. "Add"u8];
        // Of double, n rows and one column.
        byte[] type = [0x12, 15, 0x0A, 13, 0x08, 11, 0x12, 9, 0x0A, 3, 0x12, 1, (byte)'n', 0x0A, 2, 0x08, 1];
        byte[] graph =
        [
            0x2A, (byte)weight.Length, .. weight, 0x2A, (byte)bias.Length, .. bias, 0x0A, (byte)product.Length, .. product, 0x0A, (byte)sum.Length, .. sum,
            0x12, 4, .. "Line"u8, 0x5A, 24, 0x0A, 5, .. "input"u8, .. type, 0x62, 25, 0x0A, 6, .. "output"u8, .. type,
        ];
        Assert.InRange(graph.Length, 0x80, 0x3FFF);
        byte[] expected =
            [0x08, 8, 0x12, 7, .. "FlowDsl"u8, 0x3A, (byte)(graph.Length | 0x80), (byte)(graph.Length >> 7), .. graph, 0x42, 4, 0x0A, 0, 0x10, 17];
        Assert.Equal(expected, OnnxModel.Write(network, "Line"));
    }

    [Fact]
    public void WriteWhatTheFormatCannotHold()
    {
        Assert.Throws<ArgumentNullException>(() => OnnxModel.Write(null!, "Network"));
        Assert.Throws<ArgumentNullException>(() => OnnxModel.Write(Small(), null!));
        Assert.Throws<ArgumentNullException>(() => OnnxModel.Write(Small(), "Network", null!));
        Assert.Contains("name", Assert.Throws<ArgumentException>(() => OnnxModel.Write(Small(), "")).Message, StringComparison.Ordinal);

        // Two layers of 20000 units, each a read of one.
        const int Wide = 20_000;
        NetworkUnit[] units =
        [
            Input(0),
            .. Enumerable.Range(1, Wide).Select(i => new NetworkUnit(i, 1, UnitKind.ReLU, Form(0, (0, 1)))),
            .. Enumerable.Range(1, Wide).Select(i => new NetworkUnit(Wide + i, 2, UnitKind.ReLU, Form(0, (i, 1)))),
        ];
        var network = LayeredNetwork.Of([0], units, [Form(0, [.. Enumerable.Range(1, Wide).Select(i => (Wide + i, 1.0))])]);
        Assert.Contains("2147483647", Assert.Throws<ArgumentException>(() => OnnxModel.Write(network, "Network")).Message, StringComparison.Ordinal);
    }

    // Layers of both kinds interleaved, of one kind in the middle, and values that later layers read.
    private static LayeredNetwork Small() => LayeredNetwork.Of(
        [double.NegativeInfinity, double.NegativeInfinity],
        [
            Input(0),
            Input(1),
            new NetworkUnit(2, 1, UnitKind.ReQU, Form(0, (0, 1), (1, -1))),
            new NetworkUnit(3, 1, UnitKind.ReLU, Form(1, (0, 2))),
            new NetworkUnit(4, 1, UnitKind.ReQU, Form(0, (1, 1))),
            new NetworkUnit(5, 1, UnitKind.ReLU, Form(0, (0, -1))),
            new NetworkUnit(6, 2, UnitKind.ReQU, Form(0, (2, 1), (3, -1), (4, 1))),
            new NetworkUnit(7, 2, UnitKind.ReQU, Form(-2, (5, 1))),
            new NetworkUnit(8, 2, UnitKind.ReLU, Form(0, (1, 1))),
        ],
        [Form(1, (6, 1), (7, -3)), Form(7), Form(0, (8, 1))]);

    private static NetworkUnit Input(int index) => new(index, 0, UnitKind.ReLU, Form(0));

    private static AffineForm Form(double constant, params (int, double)[] terms) => new(constant, terms, double.NegativeInfinity, double.PositiveInfinity);

    private static ScoreNetworkDescriptor Describe(string mixture, double time)
        => new("Network", ReferenceCase.Load(mixture).Model, new ScoreNetworkOptions(1e-6, 2, double.IsNaN(time) ? null : time));

    private static double[] Evaluate(InferenceSession session, double[][] points)
    {
        var input = new DenseTensor<double>(points.SelectMany(point => point).ToArray(), [points.Length, points[0].Length]);
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs = session.Run([NamedOnnxValue.CreateFromTensor(OnnxModel.InputName, input)]);
        return outputs.Single().AsTensor<double>().ToArray();
    }
}
