using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace FlowDsl.Generators.Tests;

/// <summary>References that are none, or not exact enough, and schedules that leap over what matters.</summary>
public partial class ReferenceDiagnosticTests(ITestOutputHelper output)
{
    private static string Model(params string[] samplers) => $$"""
        using FlowDsl;
        [GaussianMixture(1)]
        [Component(0.5, -1, Variance = 0.04)]
        [Component(0.5, 1, Variance = 0.04)]
        {{string.Join("\n", samplers.Select(sampler => $"[Sampler({sampler})]"))}}
        public partial class Ring;
        """;

    [Theory]
    [InlineData("is \"Teacher\"", "another sampler of the type: Other", "\"A\", Steps = 8, Reference = ⟦\"Teacher\"⟧", "\"Other\", Steps = 8")]
    [InlineData("is \"\"", "another sampler of the type: Other", "\"A\", Steps = 8, Reference = ⟦\"\"⟧", "\"Other\", Steps = 8")]
    [InlineData("is \"other\"", "another sampler of the type: Other", "\"A\", Steps = 8, Reference = ⟦\"other\"⟧", "\"Other\", Steps = 8")]
    [InlineData("is \"Ring\"", "the type has no other sampler", "\"A\", Steps = 8, Reference = ⟦\"Ring\"⟧")]
    [InlineData("is \"A\"", "cannot judge itself", "\"A\", Steps = 8, Reference = ⟦\"A\"⟧", "\"Other\", Steps = 8")]
    public void FLOW0404ReferenceInvalid(string value, string rule, params string[] samplers)
    {
        GeneratorOutcome outcome = DiagnosticAssert.Reports("FLOW0404", Model(samplers), "sampler 'A' of 'Ring'", value, rule);
        // The sampler is left out, the model is generated.
        Assert.Empty(outcome.Errors);
        Assert.DoesNotContain("A", outcome.Output.GetTypeByMetadataName("Ring")!.GetTypeMembers().Select(type => type.Name));
    }

    [Fact]
    public void FLOW0404ReferenceInvalidForEverySamplerOfARound()
    {
        GeneratorOutcome outcome = GeneratorHarness.Run(Model(
            "\"A\", Steps = 8, Reference = \"B\"", "\"B\", Steps = 8, Reference = \"C\"", "\"C\", Steps = 8, Reference = \"A\"",
            "\"Apart\", Steps = 8, Reference = \"A\""));
        string[] messages = [.. outcome.Diagnostics.Select(diagnostic => diagnostic.GetMessage(CultureInfo.InvariantCulture))];
        Assert.Equal(3, messages.Length);
        foreach (string round in (string[])["A → B → C → A", "B → C → A → B", "C → A → B → C"])
            Assert.Single(messages, message => message.EndsWith("form a cycle: " + round, StringComparison.Ordinal));
        Assert.Equal(["Apart"], outcome.Output.GetTypeByMetadataName("Ring")!.GetTypeMembers().Select(type => type.Name));
    }

    [Fact]
    public void FLOW0405ReferenceInexactBesideAnEquallyGoodSampler()
    {
        GeneratorOutcome outcome = DiagnosticAssert.Reports(
            "FLOW0405", Model("\"Student\", Steps = 8, Reference = ⟦\"Teacher\"⟧", "\"Teacher\", Steps = 10"),
            "Reference 'Teacher' of sampler 'Student' of 'Ring'", "below 1 %", "below 0.01");
        Assert.Empty(outcome.Errors);
        Assert.NotNull(outcome.Output.GetTypeByMetadataName("Ring+Student"));
    }

    [Fact]
    public void ExactReferencesAndChainsOfThemAreNotReported()
        => GeneratorHarness.Run(Model(
            "\"Student\", Steps = 4, Solver = Solver.Euler, Reference = \"Teacher\"",
            "\"Teacher\", Steps = 12, Solver = Solver.RungeKutta4, Reference = \"Oracle\"",
            "\"Oracle\", Steps = 200, Solver = Solver.DormandPrince54")).AssertClean();

    /// <summary>One Gaussian is integrated exactly by both: what is left is rounding, which says nothing.</summary>
    [Fact]
    public void ReferencesOfExactSamplersAreNotReported()
        => GeneratorHarness.Run("""
            using FlowDsl;
            [GaussianMixture(1)]
            [Component(1, 2, Variance = 0.04)]
            [Sampler("Student", Steps = 4, Precision = Precision.Double, Reference = "Teacher")]
            [Sampler("Teacher", Steps = 8, Precision = Precision.Double)]
            public partial class Disc;
            """).AssertClean();

    /// <summary>
    /// The teachers of arXiv:2606.03820 for narrow modes: the classical Runge-Kutta method, x against t, ten equal steps over a half-life of the signal's
    /// power, a² = 1/2 at the horizon. Their published relative mean squared errors are 3.4, 3.5e4 and 3.5e8.
    /// </summary>
    [Theory]
    [InlineData(0.01, 3.4)]
    [InlineData(0.001, 3.5e4)]
    [InlineData(0.0001, 3.5e8)]
    public void FLOW0405ReferenceInexactForPublishedTeachers(double deviation, double published)
    {
        const string model = """
            using FlowDsl;
            [GaussianMixture(64, File = "Paper64.mixture.json")]
            [OrnsteinUhlenbeck(Beta = 5, Horizon = 0.069314718055994531, EarlyStop = 0)]
            [Sampler("Teacher", Steps = 10, Solver = Solver.RungeKutta4, Chart = Chart.State, Grid = Grid.Uniform)]
            [Sampler("Student", Steps = 4, Reference = ⟦"Teacher"⟧)]
            public partial class Paper;
            """;
        GeneratorOutcome outcome = DiagnosticAssert.Reports(
            "FLOW0405", model, [("/p/Paper64.mixture.json", Paper(deviation))],
            "Reference 'Teacher' of sampler 'Student' of 'Paper'");
        string message = Assert.Single(outcome.Diagnostics).GetMessage(CultureInfo.InvariantCulture);
        output.WriteLine(message);
        double predicted = double.Parse(Predicted().Match(message).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(predicted / published, 0.5, 2);
    }

    /// <summary>The setting of its other tables: unit variance, a hundred equal steps over [0, 1]. That teacher is exact enough for any student.</summary>
    [Fact]
    public void ThePublishedTeacherOfWideModesIsNotReported()
        => GeneratorHarness.Run(
            """
            using FlowDsl;
            [GaussianMixture(64, File = "Paper64.mixture.json")]
            [OrnsteinUhlenbeck(Beta = 5, Horizon = 1, EarlyStop = 0)]
            [Sampler("Teacher", Steps = 100, Solver = Solver.RungeKutta4, Chart = Chart.State, Grid = Grid.Uniform)]
            [Sampler("Student", Steps = 4, Reference = "Teacher")]
            [Sampler("Better", Steps = 16, Reference = "Teacher")]
            public partial class Paper;
            """,
            ("/p/Paper64.mixture.json", Paper(1))).AssertClean();

    [Theory]
    [InlineData("\"Fast\", Times = ⟦new[] { 3, 2, 0.001 }⟧, Solver = Solver.Euler")]
    [InlineData("\"Fast\", Times = ⟦new[] { 3, 0.002, 0.001 }⟧, Solver = Solver.Heun, Chart = Chart.State")]
    public void FLOW0406WindowUnresolved(string sampler)
    {
        GeneratorOutcome outcome = DiagnosticAssert.Reports("FLOW0406", Model(sampler), "Sampler 'Fast' of 'Ring'", "in one step", "over all of the window");
        Assert.Empty(outcome.Errors);
        Assert.NotNull(outcome.Output.GetTypeByMetadataName("Ring+Fast"));
    }

    /// <summary>Times in the window, one step that is meant to be one, a leap that a solver survives, and grids that chose their times.</summary>
    [Theory]
    [InlineData("\"Fast\", Times = new[] { 3, 0.3, 0.001 }, Solver = Solver.Euler")]
    [InlineData("\"Fast\", Times = new[] { 3, 0.001 }, Solver = Solver.Euler")]
    [InlineData("\"Fast\", Times = new[] { 3, 2, 0.001 }, Solver = Solver.DormandPrince54")]
    [InlineData("\"Fast\", Steps = 2, Solver = Solver.Euler, Grid = Grid.LogTime")]
    public void SchedulesThatMayDoWithoutTheWindowAreNotReported(string sampler) => GeneratorHarness.Run(Model(sampler)).AssertClean();

    [Fact]
    public void FLOW0407ReferenceNotAudited()
    {
        string model = BlobsSource.Of(160, 60, """
            [Sampler("Student", Steps = 4, Grid = Grid.Angle, Reference = ⟦"Teacher"⟧)]
            [Sampler("Teacher", Steps = 2000, Grid = Grid.Angle)]
            """);
        GeneratorOutcome outcome = DiagnosticAssert.Reports("FLOW0407", model, "Reference 'Teacher' of sampler 'Student' of 'Blobs'", "the error of 'Teacher'");
        Assert.Empty(outcome.Errors);
    }

    /// <summary>The paper's mixture, the standard deviation of its modes replaced.</summary>
    private static string Paper(double deviation, [CallerFilePath] string path = "")
    {
        string text = File.ReadAllText(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "FlowDsl.Benchmarks", "Paper64.mixture.json"));
        string variance = (deviation * deviation).ToString("r", CultureInfo.InvariantCulture);
        return Covariances().Replace(text, $"\"covariances\": [{string.Join(", ", Enumerable.Repeat(variance, 20))}]");
    }

    [GeneratedRegex("\"covariances\": *\\[[^]]*\\]")]
    private static partial Regex Covariances();

    [GeneratedRegex("a predicted relative MSE of (\\S+) ")]
    private static partial Regex Predicted();
}
