using System.Text.Json;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Discovery;
using FlowDsl.Mathematics.Files;
using FlowDsl.Mathematics.Trajectories;
using FlowDsl.Tests.Hosted;

namespace FlowDsl.Tests;

/// <summary>Solvers that are searched for longer than a build may, and their files.</summary>
public class TuneTests
{
    private const string Command = "tune Wide.Own --budget 2";

    private static readonly Lazy<TunedMethod> s_expected = new(() =>
    {
        GaussianMixtureModel model = Wide.Own.Descriptor.Model;
        var analysis = new ModelAnalysis(model.Mixture, model.Process, CancellationToken.None);
        return TunedMethod.Of(model.Mixture, model.Process, BespokeTuning.Find(analysis, BespokeSearch.Frames(Chart.Auto, 0.25), 3, 2)!);
    });

    /// <summary>The file has what the library finds, to the bit, and is for the model as it was compiled.</summary>
    [Fact]
    public void WritesWhatTheLibraryFinds()
    {
        using var folder = new TemporaryFolder();
        string path = folder["Wide.Own.solver.json"];
        string text = CommandLine.Run($"{Command} --out {path}").Done().Output;
        Assert.Equal(["Wide.Own.solver.json"], folder.Files);
        Assert.Equal(s_expected.Value.Write(), File.ReadAllText(path));
        SamplerDescriptor sampler = Wide.Own.Descriptor;
        Assert.Null(TunedMethod.Parse(File.ReadAllText(path)).Difference(sampler.Model.Mixture, sampler.Model.Process, 3, Chart.Auto));
        Assert.Contains("FlowDsl.Tests.Hosted.Wide.Own: 3 steps in Chart.", text, StringComparison.Ordinal);
        Assert.Contains("that of the method that a build finds is", text, StringComparison.Ordinal);
        Assert.Contains($"Wrote {path} in ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("set Steps", text, StringComparison.Ordinal);
    }

    [Fact]
    public void JsonHasTheMethod()
    {
        using var folder = new TemporaryFolder();
        string path = folder["wide.solver.json"];
        JsonElement json = Assert.Single(CommandLine.Run($"{Command} --out {path} --json --chart canonical --steps 4").Json().GetProperty("samplers").EnumerateArray());
        var written = TunedMethod.Parse(File.ReadAllText(path));
        Assert.Equal((4, Chart.Canonical), (written.Method.Steps, written.Chart));
        Assert.Equal(("FlowDsl.Tests.Hosted.Wide.Own", 4, "Canonical", 2, path), (
            json.GetProperty("sampler").GetString(), json.GetProperty("steps").GetInt32(), json.GetProperty("chart").GetString(),
            json.GetProperty("budget").GetInt32(), json.GetProperty("file").GetString()));
        Assert.Equal(written.Method.Times.AsEnumerable(), Numbers("times"));
        Assert.Equal(written.Method.Weights.AsEnumerable(), Numbers("weights"));
        Assert.Equal((written.Errors.HeldOut, written.Errors.Build), (json.GetProperty("heldOutError").GetDouble(), json.GetProperty("buildHeldOutError").GetDouble()));

        IEnumerable<double> Numbers(string name) => json.GetProperty(name).EnumerateArray().Select(value => value.GetDouble());
    }

    [Fact]
    public void KeepsAFileUnlessItIsForced()
    {
        using var folder = new TemporaryFolder();
        string path = folder["a.solver.json"];
        File.WriteAllText(path, "mine");
        CommandLine.Run($"{Command} --out {path}").Fails(1, "exists already", "--force");
        Assert.Equal("mine", File.ReadAllText(path));
        CommandLine.Run($"{Command} --out {path} --force").Done();
        Assert.Equal(s_expected.Value.Write(), File.ReadAllText(path));
    }

    [Fact]
    public void CancelledLeavesNoFile()
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        CommandLine.Run($"tune Wide.Own --budget 10000 --out {folder["a.solver.json"]}", source.Token).Fails(130, "Cancelled. Nothing was written.");
        Assert.Empty(folder.Files);
    }

    [Fact]
    public void BadUsageIsNamed()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run("tune TwoModes.Fast").Fails(2, "TwoModes.Fast has no times and weights to tune", "those that can are FlowDsl.Tests.Hosted.Wide.Own.");
        CommandLine.Run($"{Command} --out {folder["a.json"]}").Fails(2, "must end in .solver.json");
        CommandLine.Run("tune Wide.Own --budget 1").Fails(2, "--budget is '1'");
        CommandLine.Run("tune Wide.Own --steps 13").Fails(2, "--steps is '13'");
        CommandLine.Run("tune Wide.Own --chart edm").Fails(2, "--chart is 'edm'; it must be auto or canonical or data-prediction");
    }
}
