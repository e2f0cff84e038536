using System.Text.Json;
using FlowDsl.Mathematics;
using FlowDsl.Tests.Hosted;

namespace FlowDsl.Tests;

/// <summary>Solvers that are searched for longer than a build may, and their files.</summary>
public class TuneTests
{
    private const string Command = "tune Wide.Own --budget 2";

    /// <summary>The file has the method and its errors, which another integrator confirms on other starts.</summary>
    [Fact]
    public void WritesAMethodWithTheErrorThatItSays()
    {
        using var folder = new TemporaryFolder();
        string path = folder["Wide.Own.solver.json"];
        string text = CommandLine.Run($"{Command} --out {path}").Done().Output;
        Assert.Equal(["Wide.Own.solver.json"], folder.Files);
        Assert.Contains("FlowDsl.Tests.Hosted.Wide.Own: 3 steps in Chart.", text, StringComparison.Ordinal);
        Assert.Contains("that of the method that a build finds is", text, StringComparison.Ordinal);
        Assert.Contains($"Wrote {path} in ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("set Steps", text, StringComparison.Ordinal);

        JsonElement file = Read(path);
        Assert.Equal((1, 2, 1, 2), (Whole(file, "version"), Whole(file, "components"), Whole(file, "dimension"), Whole(file, "budget")));
        SamplerDescriptor plan = Wide.Own.Descriptor;
        double[] times = Numbers(file, "times"), weights = Numbers(file, "weights");
        Assert.Equal((plan.Times[0], plan.Times[^1], 4, 3), (times[0], times[^1], times.Length, weights.Length));
        double variance = file.GetProperty("chart").GetString() == "Canonical" ? 0.25 : 0;
        Assert.InRange(Error(plan.Model, times, weights, variance) / file.GetProperty("held_out_error").GetDouble(), 0.7, 1.4);
        Assert.True(file.GetProperty("held_out_error").GetDouble() <= 1.01 * file.GetProperty("build_held_out_error").GetDouble());
    }

    /// <summary>The same bits in every run, and the same numbers in the output for scripts.</summary>
    [Fact]
    public void JsonHasTheMethodOfTheFile()
    {
        using var folder = new TemporaryFolder();
        (string first, string second) = (folder["first.solver.json"], folder["second.solver.json"]);
        JsonElement json = Assert.Single(Run(first).Json().GetProperty("samplers").EnumerateArray()), file = Read(first);
        Assert.Equal(("FlowDsl.Tests.Hosted.Wide.Own", 4, "Canonical", 2, first), (
            json.GetProperty("sampler").GetString(), Whole(json, "steps"), json.GetProperty("chart").GetString(), Whole(json, "budget"),
            json.GetProperty("file").GetString()));
        Assert.Equal("Canonical", file.GetProperty("chart").GetString());
        Assert.Equal(Numbers(file, "times"), Numbers(json, "times"));
        Assert.Equal(Numbers(file, "weights"), Numbers(json, "weights"));
        Assert.Equal(file.GetProperty("held_out_error").GetDouble(), json.GetProperty("heldOutError").GetDouble());
        Assert.Equal(file.GetProperty("build_held_out_error").GetDouble(), json.GetProperty("buildHeldOutError").GetDouble());
        Run(second).Done();
        Assert.Equal(File.ReadAllText(first), File.ReadAllText(second));

        static CommandLine.Outcome Run(string path) => CommandLine.Run($"{Command} --out {path} --json --chart canonical --steps 4");
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
        Assert.Equal(1, Whole(Read(path), "version"));
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

    /// <summary>
    /// The relative mean squared error by hand, on starts of its own and with ends from the exact flow: in z = x/√(a²v + s²) and ζ = a/√(a²v + s²) every step
    /// is Euler's with a weighted slope, and dz/dζ = m + (m - x/a) v a²/s², m = E[x₀ | x], by the chain rule from dx/dt.
    /// </summary>
    private static double Error(GaussianMixtureModel model, double[] times, double[] weights, double variance)
    {
        const int count = 20_000;
        double[] starts = FlowSampling.DrawPrior<double>(model, count, seed: 4), end = new double[1], mean = new double[1];
        double sum = 0, size = 0;
        for (int i = 0; i < count; i++)
        {
            double x = starts[i];
            var slopes = new List<double>();
            for (int n = 0, first = 0; n + 1 < times.Length; first += n++)
            {
                ProcessPoint from = model.Process.At(times[n]), to = model.Process.At(times[n + 1]);
                double scale = Math.Sqrt(from.A * from.A * variance + from.S2), next = Math.Sqrt(to.A * to.A * variance + to.S2);
                model.PosteriorMean(times[n], [x], mean);
                slopes.Insert(0, mean[0] + (mean[0] - x / from.A) * variance * from.A * from.A / from.S2);
                double weighted = slopes[0];
                for (int age = 1; age <= n; age++) weighted += weights[first + age - 1] * (slopes[age] - slopes[0]);
                x = next * (x / scale + (to.A / next - from.A / scale) * weighted);
            }
            model.FlowMap(times[0], times[^1], [starts[i]], end, 1e-9);
            sum += (x - end[0]) * (x - end[0]);
            size += end[0] * end[0];
        }
        return sum / size;
    }

    private static JsonElement Read(string path) => JsonDocument.Parse(File.ReadAllText(path)).RootElement;

    private static int Whole(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static double[] Numbers(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
}
