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
