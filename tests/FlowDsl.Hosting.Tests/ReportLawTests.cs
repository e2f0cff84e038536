using System.Globalization;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;
using FlowDsl.Hosting.Reports.Gathering;
using FlowDsl.Hosting.Reports.Writing;
using FlowDsl.Mathematics;
using FlowDsl.Metrics;
using FlowDsl.Tests.Hosted;

namespace FlowDsl.Tests;

/// <summary>The laws of the samplers themselves in a report.</summary>
public class ReportLawTests
{
    /// <summary>
    /// The keys of the table are the library's numbers from the same starts, to the last digit; a student without weights has none and says why.
    /// </summary>
    [Fact]
    public void TableHoldsTheNumbersOfTheLibrary()
    {
        XElement[] rows = Rows("TwoModes", 500, 3);
        ComparedLaw[] expected = [.. FlowComparison.Create(GaussianMixtureModel.From<TwoModes>(), 500, 3)
            .AddWithLaw<TwoModes.Fast, float>().AddWithLaw<TwoModes.Coarse, float>().AddWithLaw<TwoModes.Precise, double>()
            .Samplers.Select(sampler => sampler.Law!)];
        Assert.Equal(["Fast", "Coarse", "Precise", "Learned"], rows.Select(row => row.Element("th")!.Value));
        Assert.Equal(
            expected.Select(law => (law.Divergence.Value, law.Divergence.High, law.EffectiveSampleSize / 500, law.FoldCount / 500.0)),
            rows[..3].Select(row => (Key(row, 2), Key(row, 3), Key(row, 4), Key(row, 5))));
        Assert.All(rows[3].Elements().Skip(2).Take(4), cell => Assert.Equal(("", "not known"), (cell.Attribute("data-key")!.Value, cell.Value)));
        Assert.Contains("student without weights", Sentence(rows[3]), StringComparison.Ordinal);
    }

    /// <summary>With --json the laws come as numbers too: those that a comparison has of the same starts, and null for a student without weights.</summary>
    [Fact]
    public void JsonHoldsTheNumbersOfTheLibrary()
    {
        using var folder = new TemporaryFolder();
        JsonElement json = CommandLine.Run($"report TwoModes -n 500 --seed 3 --out {folder["a.html"]} --json").Json();
        FlowComparison comparison = FlowComparison.Create(GaussianMixtureModel.From<TwoModes>(), 500, 3)
            .AddWithLaw<TwoModes.Fast, float>().AddWithLaw<TwoModes.Coarse, float>().AddWithLaw<TwoModes.Precise, double>();
        JsonElement[] samplers = [.. json.GetProperty("samplers").EnumerateArray()];
        Assert.Equal(500, json.GetProperty("lawSamples").GetInt32());
        Assert.Equal(["Fast", "Coarse", "Precise", "Learned"], samplers.Select(sampler => sampler.GetProperty("name").GetString()));
        Assert.Equal(
            comparison.Samplers.Select(
                own => (own.FunctionEvaluations, own.Law!.Divergence, own.Law.EffectiveSampleSize, own.Law.FoldCount, own.Law.FoldCount / 500.0)),
            samplers[..3].Select(own => (own.GetProperty("functionEvaluations").GetInt32(), Estimate(own.GetProperty("law").GetProperty("kullbackLeibler")),
                own.GetProperty("law").GetProperty("effectiveSampleSize").GetDouble(), own.GetProperty("law").GetProperty("folds").GetInt64(),
                own.GetProperty("law").GetProperty("foldShare").GetDouble())));
        Assert.Equal(JsonValueKind.Null, samplers[3].GetProperty("law").ValueKind);

        JsonElement folding = CommandLine.Run($"report Folding -n 300 --out {folder["b.html"]} --json").Json().GetProperty("samplers")[0].GetProperty("law");
        Assert.InRange(folding.GetProperty("foldShare").GetDouble(), 0.01, 0.5);
        Assert.Equal(folding.GetProperty("folds").GetInt64() / 300.0, folding.GetProperty("foldShare").GetDouble());

        static MetricEstimate Estimate(JsonElement own)
            => new(own.GetProperty("value").GetDouble(), own.GetProperty("low").GetDouble(), own.GetProperty("high").GetDouble());
    }

    /// <summary>A sampler of one Gaussian is affine, so its law is a Gaussian too: KL in closed form, from two calls without densities.</summary>
    [Fact]
    public void OneGaussianHasItsDivergenceInClosedForm()
    {
        SamplerResult sampler = Gather("Bell", 20_000).Samplers[0];
        Process process = GaussianMixtureModel.From<Bell>().Process;
        ProcessPoint start = process.At(process.Horizon), end = process.At(process.EarlyStop);
        double[] means = [0.5, -0.25], variances = [0.25, 1.0];
        float[] low = [-1, -1], high = [1, 1];
        Bell.Direct.Integrate(low);
        Bell.Direct.Integrate(high);
        double divergence = 0;
        for (int j = 0; j < 2; j++)
        {
            double slope = 0.5 * (high[j] - low[j]), offset = 0.5 * (high[j] + low[j]);
            double mean = slope * start.A * means[j] + offset, variance = slope * slope * start.Spread(variances[j]), target = end.Spread(variances[j]);
            divergence += 0.5 * (variance / target - 1 - Math.Log(variance / target) + Math.Pow(mean - end.A * means[j], 2) / target);
        }
        MetricEstimate measured = sampler.Law!.Divergence;
        // Four standard errors, which a correct estimate exceeds once in 16,000 seeds; the interval is short enough for that to mean something.
        double error = (measured.High - measured.Low) / (2 * 1.96);
        Assert.InRange(error, 0, 0.02 * divergence);
        Assert.InRange(measured.Value, divergence - 4 * error, divergence + 4 * error);
        Assert.Equal(0, sampler.Law.FoldCount);
    }

    /// <summary>The share of reversed samples is that of the starts at which the plain map falls; the page says what that means for KL.</summary>
    [Fact]
    public void AFoldIsShown()
    {
        const int n = 2000;
        float[] starts = FlowSampling.DrawPrior<float>(GaussianMixtureModel.From<Folding>(), n, 1);
        double[] behind = [.. starts.Select(x => x - 1e-6)], ahead = [.. starts.Select(x => x + 1e-6)];
        Folding.Over.Integrate(behind);
        Folding.Over.Integrate(ahead);
        int falling = Enumerable.Range(0, n).Count(i => ahead[i] <= behind[i]);
        XElement[] rows = Rows("Folding", n, 1);
        Assert.InRange(falling, 100, n / 2);
        Assert.InRange(Key(rows[0], 5) * n, falling - 2, falling + 2);
        Assert.Contains("folds", Sentence(rows[0]), StringComparison.Ordinal);
        Assert.Contains("lower bound", Sentence(rows[0]), StringComparison.Ordinal);
        Assert.Equal(0, Key(rows[1], 5));
        Assert.DoesNotContain("folds", Sentence(rows[1]), StringComparison.Ordinal);
    }

    /// <summary>A law that takes long is followed on fewer samples, one that takes too long on none; no component of a data set is needed to know it.</summary>
    [Theory]
    [InlineData(20, 2, 10_000)]
    [InlineData(4000, 16, 600)]
    [InlineData(4000, 64, 0)]
    public void ExpensiveLawsAreBounded(int count, int d, int most)
    {
        var random = new Random(1);
        var data = EmpiricalMixture.Of([.. Enumerable.Range(0, count * d).Select(_ => random.NextDouble())], d, variance: 0.01);
        var model = new GaussianMixtureModel(data, new OrnsteinUhlenbeckProcess());
        var sampler = SamplerDescriptor.Create(model, Solver.Heun, model.CreateTimes(Grid.GaussianOptimal, steps: 8));
        LawSamples.Count([sampler], 10_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int samples = LawSamples.Count([sampler], 10_000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
        Assert.Equal(most > 0, LawSamples.Affords(sampler));
        Assert.InRange(samples, Math.Min(most, LawSamples.Least), most);
        Assert.Equal(Math.Min(samples, 100), LawSamples.Count([sampler], 100));
        Assert.Equal(0, LawSamples.Count([sampler], 1));
    }

    /// <summary>A sampler without a law says why, whatever the reason.</summary>
    [Fact]
    public void ASamplerWithoutALawSaysWhy()
    {
        ModelReport report = Gather("Bell", 300), alone = Gather("Bell", 1);
        Assert.Contains("longer than a report may", LawTable.Sentence(report.Samplers[0] with { Law = null }, report), StringComparison.Ordinal);
        Assert.Contains("One sample", LawTable.Sentence(alone.Samplers[0], alone), StringComparison.Ordinal);
        Assert.Equal(0, alone.LawCount);
        Assert.Contains("id=\"laws\"", ReportPage.Write(alone).Html, StringComparison.Ordinal);
        SamplerResult broken = report.Samplers[0] with { Law = ImportanceWeights.Of([0, double.NaN], [0, 0]) };
        Assert.Contains("not finite", LawTable.Sentence(broken, report), StringComparison.Ordinal);
        SamplerResult heavy = report.Samplers[0] with { Law = ImportanceWeights.Of(new double[100], [20, .. new double[99]]) };
        Assert.Contains("Few samples carry", LawTable.Sentence(heavy, report), StringComparison.Ordinal);
    }

    /// <summary>Pinsker: the difference of probabilities is at most √(KL/2).</summary>
    [Fact]
    public void TheSentenceBoundsTheDifferenceOfProbabilities()
    {
        // Half of the samples at p/q = 0.8 and half at 1.2: the control leaves no scatter, KL = -(log 0.8 + log 1.2)/2 = 0.0204, and √(KL/2) = 10.1 %.
        double[] target = [.. Enumerable.Range(0, 1000).Select(i => Math.Log(i % 2 == 0 ? 0.8 : 1.2))];
        ModelReport report = Gather("Bell", 300);
        string sentence = LawTable.Sentence(report.Samplers[0] with { Law = ImportanceWeights.Of(new double[1000], target) }, report);
        Assert.Contains("by more than 0.101,", sentence, StringComparison.Ordinal);
        Assert.Contains("worth 96.2 true ones", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void ACancelledLawStops()
    {
        ModelEntry entry = Entry("TwoModes");
        float[] starts = FlowSampling.DrawPrior<float>(entry.Model, 1000, 1);
        Assert.Throws<OperationCanceledException>(() => entry.Samplers[0].Law(starts, new CancellationToken(canceled: true)));
    }

    /// <summary>The progress ends where it was said to end.</summary>
    [Theory]
    [InlineData("TwoModes")]
    [InlineData("Alone")]
    public void ProgressCountsTheLaws(string name)
    {
        var progress = new FinishedCount();
        ModelEntry entry = Entry(name);
        var request = new ReportRequest(300, 1, DateTimeOffset.UnixEpoch, name);
        ReportGathering.Gather(entry, request, progress, CancellationToken.None);
        Assert.Equal(name == "Alone" ? 0 : 300 * (1 + 2 * 3), progress.Value);
        Assert.Equal(Math.Max(1, progress.Value), ReportGathering.Steps(entry, request));
    }

    private static ModelEntry Entry(string name) => ModelRegistry.Models.First(model => model.Name == $"FlowDsl.Tests.Hosted.{name}");

    private static ModelReport Gather(string name, long count)
        => ReportGathering.Gather(Entry(name), new ReportRequest(count, 1, DateTimeOffset.UnixEpoch, name), new FinishedCount(), CancellationToken.None);

    private static XElement[] Rows(string name, int count, int seed)
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"report {name} -n {count} --seed {seed} --out {folder["a.html"]}").Done();
        using XmlReader reader = XmlReader.Create(folder["a.html"], new XmlReaderSettings { DtdProcessing = DtdProcessing.Parse, XmlResolver = null });
        XElement table = XDocument.Load(reader).Root!.Descendants("div").Single(div => div.Attribute("id")?.Value == "laws-table");
        return [.. table.Descendants("tbody").Single().Elements()];
    }

    private static double Key(XElement row, int column)
        => double.Parse(row.Elements().ElementAt(column).Attribute("data-key")!.Value, CultureInfo.InvariantCulture);

    private static string Sentence(XElement row) => row.Elements().Last().Value;
}
