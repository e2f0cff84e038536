using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using FlowDsl.Hosting.Output;
using FlowDsl.Mathematics;
using FlowDsl.Metrics;
using FlowDsl.Tests.Hosted;

namespace FlowDsl.Tests;

public class CompareTests
{
    [Fact]
    public void FiguresAreThoseOfTheLibrary()
    {
        FlowComparison expected = FlowComparison.Create(GaussianMixtureModel.From<TwoModes>(), 500, 3)
            .Add<TwoModes.Fast, float>().Add<TwoModes.Coarse, float>().Add<TwoModes.Precise, double>();
        var samplers = CommandLine.Run("compare twomodes -n 500 --seed 3 --rounds 0 --json").Json().GetProperty("samplers");
        Assert.Equal(expected.Samplers.Select(sampler => sampler.Name), samplers.EnumerateArray().Select(sampler => sampler.GetProperty("name").GetString()));
        Assert.Equal(
            expected.Samplers.Select(sampler => (sampler.RelativeMeanSquaredError, sampler.High, sampler.MedianError, sampler.FlipShare)),
            samplers.EnumerateArray().Select(sampler => (
                sampler.GetProperty("relativeMeanSquaredError").GetDouble(), sampler.GetProperty("high").GetDouble(),
                sampler.GetProperty("medianError").GetDouble(), sampler.GetProperty("flipShare").GetDouble())));
        string text = CommandLine.Run("compare TwoModes -n 500 --seed 3 --rounds 0").Done().Output;
        foreach (ComparedSampler sampler in expected.Samplers)
            Assert.Contains(sampler.RelativeMeanSquaredError.ToString("0.00E+0", CultureInfo.InvariantCulture), text, StringComparison.Ordinal);
        Assert.Contains("Students without weights are left out.", text, StringComparison.Ordinal);
    }

    /// <summary>Each grid's figures are those of its program, run by the plain reference.</summary>
    [Fact]
    public void GridsAreThoseOfTheSolver()
    {
        GaussianMixtureModel model = GaussianMixtureModel.From<TwoModes>();
        SamplerDescriptor fast = TwoModes.Fast.Descriptor;
        JsonElement json = CommandLine.Run("compare TwoModes -n 300 --seed 3 --rounds 0 --grids fast --json").Json();
        JsonElement[] rows = [.. json.GetProperty("grids").EnumerateArray()];
        Assert.Equal(Enum.GetNames<Grid>().Where(name => name is not ("Auto" or "Profile")), rows.Select(row => row.GetProperty("grid").GetString()));
        foreach (Grid grid in (Grid[])[Grid.Karras, Grid.Beta, Grid.Shift, Grid.SharpEuler])
        {
            FlowProgram program = model.CreateProgram(fast.Solver, model.CreateTimes(grid, fast.SegmentCount, fast.Solver), fast.Chart);
            ComparedSampler expected = FlowComparison.Create(model, 300, 3)
                .Add("", program.FunctionEvaluations, states => model.Integrate(program, states)).Samplers[0];
            JsonElement row = rows.Single(row => row.GetProperty("grid").GetString() == $"{grid}");
            Assert.Equal(expected.RelativeMeanSquaredError, row.GetProperty("relativeMeanSquaredError").GetDouble(), 1e-9 * expected.RelativeMeanSquaredError);
            Assert.Equal(expected.FunctionEvaluations, row.GetProperty("functionEvaluations").GetInt32());
        }
        string text = CommandLine.Run("compare TwoModes -n 300 --seed 3 --rounds 0 --grids Fast").Done().Output;
        foreach (string name in Enum.GetNames<Grid>().Where(name => name is not ("Auto" or "Profile")))
            Assert.Contains($"\n{name}", text, StringComparison.Ordinal);
        CommandLine.Run("compare TwoModes -n 300 --grids Learned").Fails(ExitCodes.BadUsage, "Learned is a student");
    }

    /// <summary>The distances of laws are the library's, of the samples that the sampler makes of the comparison's own starts.</summary>
    [Fact]
    public void DistancesAreThoseOfTheLibrary()
    {
        GaussianMixtureModel model = GaussianMixtureModel.From<TwoModes>();
        float[] samples = FlowSampling.DrawPrior<float>(model, 500, 3);
        double[] ends = [.. samples];
        TwoModes.Coarse.Integrate(samples);
        model.FlowMaps(model.Process.Horizon, model.Process.EarlyStop, ends, 1e-10);
        var sampler = CommandLine.Run("compare TwoModes -n 500 --seed 3 --rounds 1 --json").Json().GetProperty("samplers")[1];
        Assert.Equal("Coarse", sampler.GetProperty("name").GetString());
        Assert.True(sampler.GetProperty("samplesPerSecondOneCore").GetDouble() > 1);
        JsonElement distances = sampler.GetProperty("distances");
        (string Name, MetricEstimate Expected)[] all =
        [
            ("excessNll", NegativeLogLikelihood.Excess(model, samples, ends)), ("kullbackLeibler", KullbackLeibler.Measure(model, samples)),
            ("slicedWasserstein", SlicedWasserstein.ToMixture(model, samples)),
            ("maximumMeanDiscrepancy", MaximumMeanDiscrepancy.ToMixture(model, samples)), ("energyDistance", EnergyDistance.ToMixture(model, samples)),
            ("strays", ModeWeights.Strays(model, samples, ends)),
        ];
        foreach ((string name, MetricEstimate expected) in all)
        {
            Assert.Equal(
                (name, expected.Value, expected.Low, expected.High),
                (name, Number(distances, name, "value"), Number(distances, name, "low"), Number(distances, name, "high")));
        }
        Assert.Equal(ModeWeights.Measure(model, samples).PValue, distances.GetProperty("modePValue").GetDouble());
        Assert.Equal(JsonValueKind.Null, distances.GetProperty("exactWasserstein").ValueKind);

        static double Number(JsonElement distances, string name, string part) => distances.GetProperty(name).GetProperty(part).GetDouble();
    }

    /// <summary>Of one Gaussian the distance has a closed form, and gets a column.</summary>
    [Fact]
    public void OwnLawsAreThoseOfTheLibrary()
    {
        ComparedLaw expected = FlowComparison.Create(GaussianMixtureModel.From<TwoModes>(), 500, 3).AddWithLaw<TwoModes.Fast, float>().Samplers[0].Law!;
        JsonElement law = CommandLine.Run("compare TwoModes -n 500 --seed 3 --rounds 0 --law --json").Json().GetProperty("samplers")[0].GetProperty("law");
        Assert.Equal(expected.Divergence.Value, law.GetProperty("kullbackLeibler").GetProperty("value").GetDouble());
        Assert.Equal(expected.EffectiveSampleSize, law.GetProperty("effectiveSampleSize").GetDouble());
        Assert.Equal(expected.FoldCount, law.GetProperty("folds").GetInt64());
        Assert.Contains("sampler's own law", CommandLine.Run("compare TwoModes -n 500 --rounds 0 --law").Done().Output, StringComparison.Ordinal);
        Assert.DoesNotContain("own law", CommandLine.Run("compare TwoModes -n 500 --rounds 0").Done().Output, StringComparison.Ordinal);
    }

    /// <summary>To an accuracy of its own: the law's figures are the library's, of many more samples than the comparison has.</summary>
    [Fact]
    public void OwnLawsComeToAnAccuracy()
    {
        var expected = ComparedLaw.Measure<TwoModes.Fast, float>(0.05, 3);
        JsonElement json = CommandLine.Run("compare TwoModes -n 200 --seed 3 --rounds 0 --law-accuracy 0.05 --json").Json();
        JsonElement law = json.GetProperty("samplers")[0].GetProperty("law"), divergence = law.GetProperty("kullbackLeibler");
        Assert.Equal(
            (expected.Divergence, expected.SampleCount, expected.EffectiveSampleSize / expected.SampleCount),
            (new(divergence.GetProperty("value").GetDouble(), divergence.GetProperty("low").GetDouble(), divergence.GetProperty("high").GetDouble()),
                law.GetProperty("count").GetInt64(), law.GetProperty("effectiveShare").GetDouble()));
        Assert.Equal(200, json.GetProperty("count").GetInt32());
        string count = expected.SampleCount.ToString(CultureInfo.InvariantCulture);
        Assert.Contains(count, CommandLine.Run("compare TwoModes -n 200 --seed 3 --rounds 0 --law-accuracy 0.05").Done().Output, StringComparison.Ordinal);
        CommandLine.Run("compare TwoModes -n 200 --law-accuracy 0").Fails(ExitCodes.BadUsage, "--law-accuracy is '0'");
    }

    [Fact]
    public void OneGaussianHasAnExactDistance()
    {
        var sampler = CommandLine.Run("compare Loud -n 200 --rounds 0 --json").Json().GetProperty("samplers")[0];
        Assert.Equal(GaussianWasserstein.OfSampler<Outer.Loud.Only, float>(), sampler.GetProperty("distances").GetProperty("exactWasserstein").GetDouble());
        Assert.Equal(JsonValueKind.Null, sampler.GetProperty("samplesPerSecondOneCore").ValueKind);
        string text = CommandLine.Run("compare Loud -n 200 --rounds 0").Done().Output;
        Assert.Contains("exact W2", text, StringComparison.Ordinal);
        Assert.DoesNotContain("million samples/s", text, StringComparison.Ordinal);
    }

    [Fact]
    public void FewSamplesHaveNoDistances()
    {
        string text = CommandLine.Run("compare TwoModes -n 139 --rounds 0").Done().Output;
        Assert.Contains("Distances of laws need 140 samples at least.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("sliced W2", text, StringComparison.Ordinal);
        Assert.Contains("sliced W2", CommandLine.Run("compare TwoModes -n 140 --rounds 0").Done().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void PlotNamesEverySampler()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"compare TwoModes -n 200 --rounds 0 --plot {folder["a.svg"]}").Done();
        string[] texts = [.. XDocument.Load(folder["a.svg"]).Descendants()
            .Where(element => element.Name.LocalName == "text").Select(element => element.Value.Trim())];
        string[] expected =
            ["Fast", "Coarse", "Precise", "FlowDsl.Tests.Hosted.TwoModes", "function evaluations per sample", "relative mean squared error"];
        Assert.All(expected, name => Assert.Contains(name, texts));
        CommandLine.Run($"compare TwoModes -n 200 --rounds 0 --plot {folder["a.png"]}").Done();
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A], File.ReadAllBytes(folder["a.png"])[..8]);
        CommandLine.Run($"compare TwoModes -n 200 --rounds 0 --plot {folder["a.png"]}").Fails(1, "a.png", "--force");
        Assert.Equal(["a.png", "a.svg"], folder.Files);
    }

    [Theory]
    [InlineData("compare TwoModes --plot a.jpg", "a.jpg", ".png or .svg")]
    [InlineData("compare TwoModes -n 0", "-n is '0'")]
    [InlineData("compare Nothing", "'Nothing'")]
    public void BadUsageIsNamed(string words, params string[] expected) => CommandLine.Run(words).Fails(2, expected);

    [Fact]
    public void CancelledLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        cancellation.CancelAfter(50);
        CommandLine.Run($"compare TwoModes -n 1e8 --plot {folder["a.png"]}", cancellation.Token).Fails(130, "Cancelled");
        Assert.Empty(folder.Files);
    }

    /// <summary>A bar is for people: there is one on a terminal if it takes long, and none otherwise.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void BarIsForTerminals(bool isTerminal)
    {
        CommandLine.Outcome outcome = CommandLine.Run(
            ["compare", "TwoModes", "-n", "3000", "--rounds", "0"], console => console with { IsErrorTerminal = isTerminal, BarDelay = TimeSpan.Zero });
        Assert.Equal(0, outcome.Code);
        Assert.Equal(isTerminal, outcome.Error.Contains("exact flow of", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData(12.0, "12.0 samples/s")]
    [InlineData(12_340.0, "12.3 k samples/s")]
    [InlineData(56_780_000.0, "56.8 M samples/s")]
    [InlineData(1.26e9, "1.3 G samples/s")]
    [InlineData(double.PositiveInfinity, "")]
    public void RateHasAPrefix(double? rate, string expected) => Assert.Equal(expected, RateColumn.Words(rate, "samples"));
}
