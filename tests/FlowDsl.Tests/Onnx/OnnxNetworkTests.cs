using FlowDsl.Mathematics;
using FlowDsl.Onnx;

namespace FlowDsl.Tests;

/// <summary>Networks in files, with inputs of every kind, and every way in which one does not fit.</summary>
public sealed class OnnxNetworkTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flowdsl-onnx-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The exact velocity of one Gaussian, with which data prediction and the canonical chart are exact in any steps.</summary>
    [Theory]
    [InlineData(Solver.Heun)]
    [InlineData(Solver.DpmSolverPlusPlus2M)]
    public void SamplersRunOnAFile(Solver solver)
    {
        const double Mean = 0.75, Variance = 0.25;
        var model = new GaussianMixtureModel(Models.Isotropic([1], [[Mean]], Variance), new LinearInterpolantProcess(0.05, 0.9));
        using OnnxNetwork network = OnnxNetwork.Load(Gaussian(Mean, Variance).Save(_folder), new OnnxOptions { Threads = 1 });
        Assert.Equal(1, network.Dimension);
        var sampler = new FieldSampler(SamplerDescriptor.Create(model, solver, model.CreateTimes(Grid.Angle, 5), Chart.Canonical), batchSize: 7);
        float[] states = [.. Enumerable.Range(-10, 20).Select(i => i / 4f)];
        // The flow of a Gaussian keeps the distance from the mean in deviations.
        double[] expected = [.. states.Select(x => 0.95 * Mean + (x - 0.1 * Mean) * Math.Sqrt((0.9025 * Variance + 0.0025) / (0.01 * Variance + 0.81)))];
        sampler.Integrate(states, network);
        Compare.Close(expected, [.. states.Select(x => (double)x)], 1e-5, 1);
    }

    [Theory]
    [InlineData(OnnxGraph.Float, 0.3, 0.3)]
    [InlineData(OnnxGraph.Double, 0.3, 0.3)]
    [InlineData(OnnxGraph.Int64, 699.6, 700)]
    [InlineData(OnnxGraph.Int32, 2, 2)]
    public void TimesOfEveryType(int type, double time, double expected)
    {
        foreach (int[] shape in (int[][])[[-1], [-1, 1], [1], []])
        {
            string[] axes = shape.Length == 1 && shape[0] < 0 ? ["axes"] : [];
            OnnxGraph graph = new OnnxGraph().Input("x", OnnxGraph.Float, -1, 2).Input("timestep", type, shape).Output("y", OnnxGraph.Float, -1, 2)
                .Constant("axes", 1).Constant("two", [], 2).Cast("timestep", OnnxGraph.Float, "time");
            if (axes.Length > 0) graph.Node("Unsqueeze", ["time", "axes"], "column");
            graph.Node("Mul", ["x", "two"], "double").Node("Add", ["double", axes.Length > 0 ? "column" : "time"], "y");
            using OnnxNetwork network = OnnxNetwork.Load(graph.Save(_folder));
            foreach (int n in (int[])[0, 1, 5, 5, 2])
            {
                float[] states = [.. Enumerable.Range(0, 2 * n).Select(i => i - 3f)], outputs = new float[2 * n];
                network.Evaluate(time, states, outputs);
                Assert.Equal(states.Select(x => 2 * x + (float)expected), outputs);
            }
        }
    }

    [Fact]
    public void ImagesAreRowsOfTheirValues()
    {
        OnnxGraph Graph(params int[] shape) => new OnnxGraph().Input("sample", OnnxGraph.Float, shape).Input("t", OnnxGraph.Float, -1)
            .Output("y", OnnxGraph.Float, -1, 2, 3, 2).Constant("axes", 1, 2, 3).Node("Unsqueeze", ["t", "axes"], "time")
            // By channel: x + 10 in the first, x + 20 in the second.
            .Constant("channels", [2, 1, 1], 10, 20).Node("Add", ["sample", "channels"], "sum").Node("Mul", ["sum", "time"], "y");

        foreach (OnnxOptions? options in (OnnxOptions?[])[null, new OnnxOptions { StateShape = [2, 3, 2] }])
        {
            using OnnxNetwork network = OnnxNetwork.Load((options is null ? Graph(-1, 2, 3, 2) : Graph(-1, -1, -1, -1)).Save(_folder), options);
            Assert.Equal((12, "2 3 2"), (network.Dimension, string.Join(' ', network.StateShape)));
            float[] states = [.. Enumerable.Range(0, 24).Select(i => (float)i)], outputs = new float[24];
            network.Evaluate(0.5, states, outputs);
            Assert.Equal(states.Select((x, i) => (x + (i % 12 < 6 ? 10 : 20)) / 2), outputs);
        }
        Assert.Contains("Give it by StateShape", Refused<ArgumentException>(Graph(-1, -1, -1, -1)), StringComparison.Ordinal);
        Assert.Contains(
            "StateShape is [2, 3], but", Refused<ArgumentException>(Graph(-1, -1, -1, -1), new OnnxOptions { StateShape = [2, 3] }),
            StringComparison.Ordinal);
        Assert.Contains(
            "StateShape is [2, 4, 2], but", Refused<ArgumentException>(Graph(-1, 2, 3, 2), new OnnxOptions { StateShape = [2, 4, 2] }),
            StringComparison.Ordinal);
        Assert.Contains(
            "must be positive", Refused<ArgumentException>(Graph(-1, -1, -1, -1), new OnnxOptions { StateShape = [2, 0, 2] }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void ConditionsStayFixed()
    {
        OnnxGraph graph = new OnnxGraph().Input("label", OnnxGraph.Int64, -1, 2).Input("shift", OnnxGraph.Float, 2).Input("latent", OnnxGraph.Float, -1, 2)
            .Input("t", OnnxGraph.Float, -1).Output("y", OnnxGraph.Float, -1, 2).Cast("label", OnnxGraph.Float, "number").Constant("axes", 1)
            .Node("Unsqueeze", ["t", "axes"], "time").Node("Add", ["latent", "number"], "sum").Node("Add", ["sum", "shift"], "shifted")
            .Node("Add", ["shifted", "time"], "y");
        var conditions = new Dictionary<string, IReadOnlyList<double>> { ["label"] = [3, 4], ["shift"] = [0.5, -0.5] };
        using OnnxNetwork network = OnnxNetwork.Load(graph.Save(_folder), new OnnxOptions { Conditions = conditions });
        float[] outputs = new float[6];
        network.Evaluate(0.25, [0, 0, 10, 20, -1, -2], outputs);
        Assert.Equal([3.75f, 3.75f, 13.75f, 23.75f, 2.75f, 1.75f], outputs);

        Assert.Contains(
            "1 values do not fill it for one state", Refused<ArgumentException>(graph, new OnnxOptions { Conditions = With("label", 1) }),
            StringComparison.Ordinal);
        Assert.Contains(
            "3 values do not fill it", Refused<ArgumentException>(graph, new OnnxOptions { Conditions = With("shift", 1, 2, 3) }),
            StringComparison.Ordinal);
        Assert.Contains("'class'", Refused<ArgumentException>(graph, new OnnxOptions { Conditions = With("class", 1) }), StringComparison.Ordinal);
        Assert.Contains("name it by StateName", Refused<ArgumentException>(graph), StringComparison.Ordinal);
        Assert.Contains(
            "label has no value",
            Refused<ArgumentException>(graph, new OnnxOptions { StateName = "latent", Conditions = With("shift", 1, 2) }),
            StringComparison.Ordinal);

        static Dictionary<string, IReadOnlyList<double>> With(string name, params double[] values) => new() { [name] = values };
    }

    [Fact]
    public void WhatDoesNotFitIsAnErrorOfLoading()
    {
        Assert.Contains("first length", Refused<ArgumentException>(Line(states: [4, 2])), StringComparison.Ordinal);
        Assert.Contains("single precision", Refused<ArgumentException>(Line(stateType: OnnxGraph.Double)), StringComparison.Ordinal);
        Assert.Contains("x: Double [any, 2]", Refused<ArgumentException>(Line(stateType: OnnxGraph.Double)), StringComparison.Ordinal);
        Assert.Contains("No input has a usual name", Refused<ArgumentException>(Line(time: "clock")), StringComparison.Ordinal);
        Assert.Contains("there is no such input", Refused<ArgumentException>(Line(), new OnnxOptions { TimeName = "u" }), StringComparison.Ordinal);
        Assert.Contains("there is no such input", Refused<ArgumentException>(Line(), new OnnxOptions { StateName = "u" }), StringComparison.Ordinal);
        Assert.Contains("there is no such output", Refused<ArgumentException>(Line(), new OnnxOptions { OutputName = "u" }), StringComparison.Ordinal);
        Assert.Contains("must be at least 1", Refused<ArgumentException>(Line(), new OnnxOptions { Threads = 0 }), StringComparison.Ordinal);
        OnnxOptions names = new() { TimeName = "clock", StateName = "x", OutputName = "y" };
        using (OnnxNetwork named = OnnxNetwork.Load(Line(time: "clock").Save(_folder), names))
            Assert.Equal("states x: Float [any, 2], time clock: Float [any, 1] -> y", named.ToString());
        using (OnnxNetwork rest = OnnxNetwork.Load(Line(time: "clock").Save(_folder), new OnnxOptions { StateName = "x" })) Assert.Equal(2, rest.Dimension);

        OnnxGraph infinite = new OnnxGraph().Input("x", OnnxGraph.Float, -1, 2).Input("t", OnnxGraph.Float, -1, 1).Output("y", OnnxGraph.Float, -1, 2)
            .Node("Sub", ["t", "t"], "nothing").Node("Div", ["x", "nothing"], "y");
        Assert.Contains("not finite", Refused<InvalidDataException>(infinite), StringComparison.Ordinal);
        OnnxGraph narrow = new OnnxGraph().Input("x", OnnxGraph.Float, -1, 2).Input("t", OnnxGraph.Float, -1, 1).Output("y", OnnxGraph.Float, -1, -1)
            .Constant("weight", [2, 1], 1, 1).Node("MatMul", ["x", "weight"], "sum").Node("Add", ["sum", "t"], "y");
        Assert.Contains("is [1, 1]; a field has the shape of its states, [1, 2]", Refused<ArgumentException>(narrow), StringComparison.Ordinal);
        OnnxGraph broken = new OnnxGraph().Input("x", OnnxGraph.Float, -1, 2).Input("t", OnnxGraph.Float, 2).Output("y", OnnxGraph.Float, -1, 2)
            .Node("Add", ["x", "t"], "y");
        Assert.Contains("cannot take the time", Refused<ArgumentException>(broken), StringComparison.Ordinal);

        Assert.Throws<FileNotFoundException>(() => OnnxNetwork.Load(Path.Combine(_folder, "none.onnx")));
        string noNetwork = Path.Combine(_folder, "text.onnx");
        File.WriteAllText(noNetwork, "no network");
        Assert.Contains("text.onnx", Assert.Throws<InvalidDataException>(() => OnnxNetwork.Load(noNetwork)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EvaluationsFitTheirMemory()
    {
        using OnnxNetwork network = OnnxNetwork.Load(Line().Save(_folder));
        Assert.Throws<ArgumentException>(() => network.Evaluate(0, new float[3], new float[3]));
        Assert.Throws<ArgumentException>(() => network.Evaluate(0, new float[4], new float[2]));
    }

    [Fact]
    public void ThreadsShareANetwork()
    {
        using OnnxNetwork network = OnnxNetwork.Load(Line().Save(_folder), new OnnxOptions { Threads = 1 });
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            float[] states = [.. Enumerable.Range(0, 2 * (1 + i % 3)).Select(j => (float)(i + j))], outputs = new float[states.Length];
            network.Evaluate(i, states, outputs);
            Assert.Equal(states.Select(x => x + i), outputs);
        });
    }

    private string Refused<TException>(OnnxGraph graph, OnnxOptions? options = null)
        where TException : Exception
        => Assert.Throws<TException>(() => OnnxNetwork.Load(graph.Save(_folder), options)).Message;

    /// <summary>x + t.</summary>
    private static OnnxGraph Line(string time = "t", int stateType = OnnxGraph.Float, int[]? states = null)
    {
        OnnxGraph graph = new OnnxGraph().Input("x", stateType, states ?? [-1, 2]).Input(time, OnnxGraph.Float, -1, 1).Output("y", OnnxGraph.Float, -1, 2);
        return stateType == OnnxGraph.Float
            ? graph.Node("Add", ["x", time], "y")
            : graph.Cast("x", OnnxGraph.Float, "single").Node("Add", ["single", time], "y");
    }

    /// <summary>v = (x - (1 - t)m) (t - (1 - t)V)/((1 - t)²V + t²) - m.</summary>
    private static OnnxGraph Gaussian(double mean, double variance) => new OnnxGraph()
        .Input("x", OnnxGraph.Float, -1, 1).Input("t", OnnxGraph.Float, -1).Output("velocity", OnnxGraph.Float, -1, 1)
        .Constant("axes", 1).Constant("one", [], 1).Constant("mean", [], (float)mean).Constant("variance", [], (float)variance)
        .Node("Unsqueeze", ["t", "axes"], "s").Node("Sub", ["one", "s"], "a")
        .Node("Mul", ["a", "mean"], "centre").Node("Sub", ["x", "centre"], "distance")
        .Node("Mul", ["a", "variance"], "av").Node("Sub", ["s", "av"], "rate")
        .Node("Mul", ["a", "av"], "aav").Node("Mul", ["s", "s"], "ss").Node("Add", ["aav", "ss"], "spread")
        .Node("Div", ["rate", "spread"], "relative").Node("Mul", ["distance", "relative"], "product").Node("Sub", ["product", "mean"], "velocity");
}
