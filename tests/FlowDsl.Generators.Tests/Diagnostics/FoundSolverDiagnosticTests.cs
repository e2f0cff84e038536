using FlowDsl.Mathematics;

namespace FlowDsl.Generators.Tests;

/// <summary>Solvers that cannot be found, and samplers that cannot be chosen.</summary>
public class FoundSolverDiagnosticTests
{
    private static string Model(string sampler) => $"""
        using FlowDsl;
        [GaussianMixture(1)]
        [Component(0.5, -1, Variance = 0.04)]
        [Component(0.5, 1, Variance = 0.04)]
        [Sampler("Fast", {sampler})]
        public partial class Ring;
        """;

    /// <summary>The sampler is left out, and the model is generated.</summary>
    private static void Reports(string id, string sampler, params string[] words)
    {
        GeneratorOutcome outcome = DiagnosticAssert.Reports(id, Model(sampler), ["Fast", "Ring", .. words]);
        Assert.Empty(outcome.Errors);
        Assert.Empty(outcome.Output.GetTypeByMetadataName("Ring")!.GetTypeMembers());
    }

    [Theory]
    [InlineData("Solver = Solver.Bespoke, Steps = ⟦2⟧", "Steps", "is 2;", "3 to 12")]
    [InlineData("Solver = Solver.Bespoke, Steps = ⟦13⟧", "Steps", "is 13;", "3 to 12")]
    [InlineData("Solver = Solver.Bespoke, Times = ⟦new[] { 3, 1, 0.1, 0.001 }⟧", "Times", "is given;", "finds its own times")]
    [InlineData("Solver = Solver.Bespoke, Steps = 4, Grid = ⟦Grid.Edm⟧", "Grid", "is Edm;", "finds its own times")]
    public void FLOW0319_BespokeInvalid(string sampler, params string[] words) => Reports("FLOW0319", sampler, words);

    private static readonly Mixture s_ring = new([0.5, 0.5], [[-1.0], [1.0]], [Covariance.Isotropic(1, 0.04), Covariance.Isotropic(1, 0.04)]);

    /// <summary>A file with a solver of 4 steps for the model, some of its text replaced.</summary>
    private static string File(string valid = "", string other = "", Chart chart = Chart.DataPrediction)
    {
        string text = SolverFiles.Of(s_ring, 4, chart: chart).Write();
        Assert.Contains(valid, text, StringComparison.Ordinal);
        return valid.Length > 0 ? text.Replace(valid, other, StringComparison.Ordinal) : text;
    }

    [Theory]
    [InlineData("Steps = 4, SolverFile = ⟦\"a.solver.json\"⟧", "only Solver.Bespoke takes a tuned solver")]
    [InlineData("Evaluations = 4, SolverFile = ⟦\"a.solver.json\"⟧", "only Solver.Bespoke takes a tuned solver")]
    public void FLOW0321_SolverFileInvalid(string sampler, params string[] words) => Reports("FLOW0321", sampler, words);

    [Theory]
    [InlineData("\"version\": 1", "\"version\": 2", "version is 2; this release reads 1")]
    [InlineData("\"weights\": [", "\"weights\": [0, ", "weights has 7 items; it must be an array of 6 numbers, as there are 4 steps")]
    [InlineData("\"held_out_error\": 0.25", "\"held_out_error\": 1e999", "beyond the range of double")]
    [InlineData("\"times\": [3, ", "\"times\": [2.9, ", "it must be the process's Horizon, 3")]
    [InlineData("\"budget\": 16", "\"budget\": -16", "budget is -16; it must be a whole number of at least 2")]
    [InlineData("{", "[", "delete it, build, and let the command tune write it again")]
    public void FLOW0321_SolverFileInvalidInItsText(string valid, string other, string words)
    {
        string marked = Model("Steps = 4, Solver = Solver.Bespoke, SolverFile = ⟦\"a.solver.json\"⟧");
        GeneratorOutcome outcome = GeneratorHarness.Run(DiagnosticAssert.Unmark(marked), ("/project/a.solver.json", File(valid, other)));
        DiagnosticAssert.Check(outcome, "FLOW0321", marked, "\"a.solver.json\": it cannot be read at line", words);
        Assert.Empty(outcome.Output.GetTypeByMetadataName("Ring")!.GetTypeMembers());
    }

    [Fact]
    public void FLOW0321_SolverFileInvalidWhereItIsInDoubtOrGone()
    {
        string marked = Model("Steps = 4, Solver = ⟦Solver.Bespoke⟧");
        string source = DiagnosticAssert.Unmark(marked);
        DiagnosticAssert.Check(
            GeneratorHarness.Run(source, ("/p/a/Ring.Fast.solver.json", File()), ("/p/b/Ring.Fast.solver.json", File())), "FLOW0321", marked,
            "is the name of several AdditionalFiles", "/p/b/Ring.Fast.solver.json");
        DiagnosticAssert.Check(GeneratorHarness.Run(source, ("/p/Ring.Fast.solver.json", null)), "FLOW0321", marked, "cannot be opened; is it still at /p/");
    }

    /// <summary>The sampler is generated all the same, so that the command can be run.</summary>
    [Theory]
    [InlineData(
        "Steps = 4", "\"components\": 2", "\"components\": 3", "it was tuned for 3 Gaussians in 1 dimension, and the model has 2 Gaussians in 1 dimension")]
    [InlineData(
        "Steps = 4", "\"mixture_sha256\": \"", "\"mixture_sha256\": \"0000000000000000000000000000000000000000000000000000000000000000\", \"old\": \"",
        "a mixture of other weights, means or covariances")]
    [InlineData("Steps = 4", "\"Sigma\": 1", "\"Sigma\": 2", "another process", "Sigma = 2")]
    [InlineData("Steps = 5", "", "", "it has 4 steps, and the sampler 5 steps")]
    [InlineData("Steps = 4, Chart = Chart.Canonical", "", "", "it is in Chart.DataPrediction, and the sampler integrates in Chart.Canonical")]
    public void FLOW0322_NotTuned(string sampler, string valid, string other, params string[] words)
    {
        string marked = Model($"{sampler}, Solver = Solver.Bespoke, SolverFile = ⟦\"a.solver.json\"⟧");
        GeneratorOutcome outcome = GeneratorHarness.Run(DiagnosticAssert.Unmark(marked), ("/project/a.solver.json", File(valid, other)));
        DiagnosticAssert.Check(outcome, "FLOW0322", marked, ["Fast", "Ring", "the command tune", .. words]);
        Assert.Empty(outcome.Errors);
        Assert.Equal(["Fast"], outcome.Output.GetTypeByMetadataName("Ring")!.GetTypeMembers().Select(type => type.Name));
    }

    [Fact]
    public void FLOW0322_NotTunedYet()
    {
        string marked = Model("Steps = 4, Solver = Solver.Bespoke, SolverFile = ⟦\"b.solver.json\"⟧");
        GeneratorOutcome outcome = GeneratorHarness.Run(DiagnosticAssert.Unmark(marked), ("/project/a.solver.json", File()));
        DiagnosticAssert.Check(outcome, "FLOW0322", marked, "is not among the AdditionalFiles; visible: a.solver.json");
        Assert.Empty(outcome.Errors);
    }

    /// <summary>240 components along as many axes as means: the sampler is there, and a file makes it what it should be.</summary>
    [Fact]
    public void FLOW0323_NotSearched()
    {
        const int count = 240, dimension = 50;
        var random = new Random(3);
        double[][] means = [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, dimension).Select(_ => (double)random.Next(-3, 4)).ToArray())];
        var mixture = new Mixture([.. Enumerable.Repeat(1.0 / count, count)], means, [.. Enumerable.Repeat(Covariance.Isotropic(dimension, 1), count)]);
        string marked = $$"""
            using FlowDsl;
            [GaussianMixture({{dimension}}, File = "ring.mixture.json")]
            [Sampler("Fast", Solver = ⟦Solver.Bespoke⟧, Steps = 4)]
            public partial class Ring;
            """;
        (string, string?) file = ("/project/ring.mixture.json", MixtureJson.Write(mixture));
        GeneratorOutcome outcome = GeneratorHarness.Run(DiagnosticAssert.Unmark(marked), file);
        DiagnosticAssert.Check(outcome, "FLOW0323", marked, "tune Ring.Fast --budget 3 or more");
        Assert.Empty(outcome.Errors);
        GeneratorHarness.Run(DiagnosticAssert.Unmark(marked), file, ("/project/Ring.Fast.solver.json", SolverFiles.Of(mixture, 4).Write())).AssertClean();
    }

    [Theory]
    [InlineData("Solver = ⟦Solver.Auto⟧", "Solver", "is Auto;", "give Evaluations or Error")]
    [InlineData("Evaluations = 4, Solver = ⟦Solver.Heun⟧", "Solver", "is Heun;", "leave it out")]
    [InlineData("Evaluations = 4, Steps = ⟦4⟧", "Steps", "is 4;", "leave it out")]
    [InlineData("Evaluations = 4, Times = ⟦new[] { 3, 0.001 }⟧, Steps = 0", "Times", "is given;", "leave them out")]
    [InlineData("Evaluations = 4, Chart = ⟦Chart.Edm⟧", "Chart", "is Edm;", "leave it out")]
    [InlineData("Error = 0.1, Grid = ⟦Grid.Edm⟧", "Grid", "is Edm;", "leave it out")]
    [InlineData("Evaluations = ⟦0⟧", "Evaluations", "is 0;", "from 1 to 128")]
    [InlineData("Evaluations = ⟦129⟧", "Evaluations", "is 129;", "from 1 to 128")]
    [InlineData("Error = ⟦0⟧", "Error", "is 0;", "between 0 and 1")]
    [InlineData("Error = ⟦double.NaN⟧", "Error", "is NaN;", "between 0 and 1")]
    [InlineData("Error = ⟦0.1⟧, Evaluations = 4", "Error", "is 0.1;", "keep one of the two")]
    [InlineData("Error = ⟦1e-200⟧", "Error", "is 1E-200;", "at most 128 evaluations")]
    public void FLOW0320_ChoiceInvalid(string sampler, params string[] words) => Reports("FLOW0320", sampler, words);
}
