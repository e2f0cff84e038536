using System.Globalization;
using System.Text.Json;
using FlowDsl.Tests.Hosted;

namespace FlowDsl.Tests;

/// <summary>Profiles of networks, which a function of the program loads.</summary>
public class ProfileTests
{
    private const string Command = "profile Networked.OnNetwork --samples 8 --network ";

    private static readonly Lazy<NetworkProfile> s_expected = new(() => NetworkProfile.Measure(
        new NoiseOf(), GaussianMixtureModel.From<Networked>(), Solver.DpmSolverPlusPlus2M, Networked.Net.Convention,
        options: new NetworkProfileOptions { Samples = 8 }));

    [Fact]
    public void WritesWhatTheLibraryMeasures()
    {
        using var folder = new TemporaryFolder();
        string network = Network(folder), path = folder["net.profile.json"];
        var loaded = new List<(string Path, NoiseOf Network)>();
        string text = CommandLine.Run($"{Command}{network} --out {path}", Load).Done().Output;
        (string from, NoiseOf used) = Assert.Single(loaded);
        Assert.Equal((network, true), (from, used.IsDisposed));
        Assert.Equal(["net.onnx", "net.profile.json"], folder.Files);
        var written = NetworkProfile.Load(path);
        Assert.Equal(s_expected.Value.CreateTimes(7), written.CreateTimes(7));
        Assert.Equal(s_expected.Value.Windows.AsEnumerable(), written.Windows);
        Assert.Contains("Grid = Grid.Profile, Profile = \"net.profile.json\".\n", text, StringComparison.Ordinal);
        Assert.Contains($"8 trajectories of {s_expected.Value.FunctionEvaluations} evaluations", text, StringComparison.Ordinal);
        string[] lines = text.Split('\n');
        Assert.Equal(["from", "to", "step", "error", "downstream", "final", "error"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.All(s_expected.Value.Windows.Zip(lines.Skip(1)), pair => Assert.EndsWith(
            pair.First.PropagatedError.ToString("0.00E+0", CultureInfo.InvariantCulture), pair.Second, StringComparison.Ordinal));

        NoiseOf Load(string path)
        {
            var network = new NoiseOf();
            loaded.Add((path, network));
            return network;
        }
    }

    [Fact]
    public void JsonHasTheMeasurements()
    {
        using var folder = new TemporaryFolder();
        JsonElement json = Run(folder, "--json --print sigmas --final zero").Json();
        NetworkProfile expected = s_expected.Value;
        Assert.Equal("FlowDsl.Tests.Hosted.Networked.OnNetwork", json.GetProperty("sampler").GetString());
        Assert.Equal(("DpmSolverPlusPlus2M", "DataPrediction"), (json.GetProperty("solver").GetString(), json.GetProperty("chart").GetString()));
        Assert.Equal(expected.TotalFunctionEvaluations, json.GetProperty("totalFunctionEvaluations").GetInt64());
        Assert.Equal(expected.Doubt, json.GetProperty("doubt").GetDouble());
        Assert.Equal(expected.Times.AsEnumerable(), Numbers(json.GetProperty("times")));
        Assert.Equal(expected.ExpectedNorms.AsEnumerable(), Numbers(json.GetProperty("expectedNorms")));
        Assert.Equal(
            expected.Windows.Select(window => window.PropagatedError),
            json.GetProperty("windows").EnumerateArray().Select(window => window.GetProperty("propagatedError").GetDouble()));
        Assert.Equal([expected.DangerWindow!.Value.From, expected.DangerWindow.Value.To], Numbers(json.GetProperty("dangerWindow")));
        JsonElement schedule = json.GetProperty("schedule");
        Assert.Equal(("sigmas", 4), (schedule.GetProperty("as").GetString(), schedule.GetProperty("steps").GetInt32()));
        Assert.Equal("Infinity", schedule.GetProperty("values")[0].GetString());
        Assert.Equal(0, schedule.GetProperty("values")[4].GetDouble());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("file").ValueKind);
    }

    /// <summary>As grid prints a sampler's own.</summary>
    [Fact]
    public void PrintsTheNetworksOwnTimes()
    {
        using var folder = new TemporaryFolder();
        double[] times = s_expected.Value.CreateTimes(4);
        Assert.Equal(times, List("times"));
        Assert.Equal(
            times.SkipLast(1).Select(time => 1000 * time),
            List("timesteps --schedule flow").Select(time => 1000 * time),
            (left, right) => Math.Abs(left - right) < 1e-9);
        // s/a of the linear interpolant.
        Assert.Equal(times.Skip(1).Select(time => time / (1 - time)), List("sigmas").Skip(1), (left, right) => Math.Abs(left - right) < 1e-12);
        Assert.Empty(folder.Files.Except(["net.onnx"]));

        double[] List(string unit)
            => [.. Run(folder, $"--print {unit}").Done().Output.Trim().Trim('[', ']').Split(", ").Select(
                value => value == "float('Infinity')" ? double.PositiveInfinity : double.Parse(value, CultureInfo.InvariantCulture))];
    }

    [Fact]
    public void OtherSeedsHaveOtherTrajectories()
    {
        using var folder = new TemporaryFolder();
        Assert.NotEqual(s_expected.Value.Doubt, Run(folder, "--seed 2 --json").Json().GetProperty("doubt").GetDouble());
    }

    [Fact]
    public void KeepsAFileUnlessItIsForced()
    {
        using var folder = new TemporaryFolder();
        string path = folder["net.profile.json"];
        File.WriteAllText(path, "mine");
        Run(folder, $"--out {path}").Fails(1, "exists already", "--force");
        Assert.Equal("mine", File.ReadAllText(path));
        Run(folder, $"--out {path} --force").Done();
        Assert.Equal(8, NetworkProfile.Load(path).SampleCount);
    }

    [Fact]
    public void CancelledLeavesNoFile()
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        NoiseOf network = new() { Evaluated = count => { if (count == 50) source.Cancel(); } };
        string path = Network(folder);
        CommandLine.Run($"{Command}{path} --out {folder["net.profile.json"]}", _ => network, source.Token).Fails(130, "Cancelled. Nothing was written.");
        Assert.Equal(["net.onnx"], folder.Files);
        Assert.True(network.IsDisposed);
    }

    [Fact]
    public void BadUsageIsNamed()
    {
        using var folder = new TemporaryFolder();
        string path = Network(folder);
        CommandLine.Run(Command + path).Fails(1, "return FlowHost.Run(args, path => OnnxNetwork.Load(path));");
        CommandLine.Run($"profile Networked.Own --network {path}", _ => new NoiseOf()).Fails(1, "Networked.Own has no Field", "[Network(\"Net\")]");
        CommandLine.Run("profile Networked.OnNetwork --network none.onnx", _ => new NoiseOf()).Fails(1, "no file 'none.onnx'");
        CommandLine.Run("profile Networked.OnNetwork", _ => new NoiseOf()).Fails(2, "profile needs --network");
        CommandLine.Run(Command + path, INetworkField (_) => throw new NotSupportedException("no such\nopset")).Fails(1, "cannot be loaded: no such opset");
        CommandLine.Run(Command + path, _ => new DelegateField(3, (_, _, _) => { })).Fails(1, "3 coordinates, the model's 2");
        CommandLine.Run(Command + path, _ => new DelegateField(2, (_, _, outputs) => outputs.Fill(float.NaN))).Fails(1, "8 of 8 trajectories", "not finite");
        Run(folder, $"--out {folder["net.json"]}").Fails(2, "must end in .profile.json");
        Run(folder, "--print minutes").Fails(2, "--print is 'minutes'", "timesteps");
        Run(folder, "--final zero").Fails(2, "--final is about sigmas: write --print sigmas");
        CommandLine.Run($"profile Networked.OnNetwork --network {path} --samples 1", _ => new NoiseOf()).Fails(2, "--samples is '1'");
    }

    private static CommandLine.Outcome Run(TemporaryFolder folder, string options)
        => CommandLine.Run($"{Command}{Network(folder)} {options}", _ => new NoiseOf());

    private static string Network(TemporaryFolder folder)
    {
        string path = folder["net.onnx"];
        File.WriteAllText(path, "");
        return path;
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetDouble())];

    /// <summary>E[ε | x] of the model, in thousandths of its time.</summary>
    private sealed class NoiseOf : INetworkField, IDisposable
    {
        private int _count;

        public int Dimension => 2;

        public bool IsDisposed { get; private set; }

        public Action<int>? Evaluated { get; init; }

        public void Evaluate(double time, ReadOnlySpan<float> states, Span<float> outputs)
        {
            Evaluated?.Invoke(++_count);
            double t = time / 1000, s = GaussianMixtureModel.From<Networked>().Process.At(t).S;
            Span<double> score = stackalloc double[2];
            for (int i = 0; i < states.Length; i += 2)
            {
                Networked.Score(t, [states[i], states[i + 1]], score);
                (outputs[i], outputs[i + 1]) = ((float)(-s * score[0]), (float)(-s * score[1]));
            }
        }

        public void Dispose() => IsDisposed = true;
    }
}
