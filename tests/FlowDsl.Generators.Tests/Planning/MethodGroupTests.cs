using System.Globalization;
using System.Text.RegularExpressions;

namespace FlowDsl.Generators.Tests;

/// <summary>Evaluations that differ in numbers alone are written once.</summary>
public class MethodGroupTests
{
    private const string Ring = """
        [GaussianMixture(2)]
        [Component(0.2, 1.1, 0.3, Variance = 0.05)]
        [Component(0.3, -0.4, 1.2, Variance = 0.05)]
        [Component(0.5, -0.7, -0.9, Variance = 0.05)]
        """;

    [Theory]
    [InlineData("""[Sampler("A", Steps = 4)]""", 2, 8)]
    [InlineData("""[Sampler("A", Steps = 8)]""", 2, 16)]
    [InlineData("""[Sampler("A", Steps = 4), Sampler("B", Steps = 8)]""", 2, 24)]
    [InlineData("""[Sampler("A", Steps = 4), Sampler("B", Steps = 4, Precision = Precision.Double)]""", 4, 16)]
    [InlineData("""[Sampler("A", Steps = 6, Solver = Solver.DpmSolverPlusPlus2M)]""", 2, 6)]
    [InlineData("""[Sampler("A", Steps = 1)]""", 2, 0)]
    public void AnEvaluationIsWrittenOnceForAllSegmentsAndSamplers(string samplers, int bodies, int tables)
    {
        string source = Generate("Ring", Ring, samplers).Result.GeneratedSources.Single().SourceText.ToString();
        Assert.Equal(bodies, Regex.Count(source, "AggressiveOptimization"));
        Assert.Equal(tables, Regex.Count(source, "readonly struct Step.* : global::FlowDsl.Runtime.Arithmetic.INumbers<"));
    }

    /// <summary>One segment is written out, the same as the first of two is a table for a body.</summary>
    [Theory]
    [InlineData("Heun", Precision.Single)]
    [InlineData("Heun", Precision.Double)]
    [InlineData("RungeKutta4", Precision.Single)]
    [InlineData("Euler", Precision.Double)]
    public void ABodyWithATableGivesTheBitsOfAMethodWrittenOut(string solver, Precision precision)
    {
        string attributes = $"Solver = Solver.{solver}, Precision = Precision.{precision}";
        double[] alone = Integrate($"Sampler(\"S\", Times = new[] {{ 3, 0.4 }}, {attributes})");
        double[] first = Integrate($"Sampler(\"S\", Times = new[] {{ 3, 0.4 }}, {attributes}), Sampler(\"Other\", Times = new[] {{ 3, 0.7 }}, {attributes})");
        Assert.Equal(alone, first);

        double[] Integrate(string sampler)
        {
            string other = sampler.Replace("0.7 }", "0.7, 0.4 }", StringComparison.Ordinal);
            using CompiledModels compiled = new(Generate("Ring", Ring + "\n[OrnsteinUhlenbeck(EarlyStop = 0.4)]", $"[{other}]"));
            Random random = new(5);
            return compiled.Sampler("Ring", "S", precision).Integrate([.. Enumerable.Range(0, 2 * 37).Select(_ => 6 * random.NextDouble() - 3)]);
        }
    }

    /// <summary>Many segments read their numbers from a table, two have them as constants.</summary>
    [Theory]
    [InlineData("Heun", Precision.Single)]
    [InlineData("Heun", Precision.Double)]
    [InlineData("DormandPrince54", Precision.Single)]
    [InlineData("DpmSolverPlusPlus2M", Precision.Single)]
    public void ATableOfManySegmentsGivesTheBitsOfMethodsWrittenOut(string solver, Precision precision)
    {
        const int steps = 60;
        double[] times = [.. Enumerable.Range(0, steps + 1).Select(i => i == steps ? 0.4 : 3 - 2.6 * i / steps)];
        string samplers = $"[{Sampler("Many", times)}, {Sampler("Ends", [times[0], times[1], times[^1]])}]";
        GeneratorOutcome outcome = Generate("Ring", Ring + "\n[OrnsteinUhlenbeck(EarlyStop = 0.4)]", samplers);
        string source = outcome.Result.GeneratedSources.Single().SourceText.ToString();
        // One table; the kernel of two segments has none.
        Assert.Single(Regex.Matches(source, @"NumberTable<\w+> Numbers = new\("));
        using CompiledModels compiled = new(outcome);
        Random random = new(5);
        double[] starts = [.. Enumerable.Range(0, 2 * 37).Select(_ => 6 * random.NextDouble() - 3)];
        SamplerHandle many = compiled.Sampler("Ring", "Many", precision), ends = compiled.Sampler("Ring", "Ends", precision);
        Assert.Equal(ends.Integrate(starts, 0, 1), many.Integrate(starts, 0, 1));

        string Sampler(string name, double[] times) => string.Create(
            CultureInfo.InvariantCulture,
            $"Sampler(\"{name}\", Times = new double[] {{ {string.Join(", ", times.Select(time => time.ToString("r", CultureInfo.InvariantCulture)))} }}, "
            + $"Solver = Solver.{solver}, Precision = Precision.{precision})");
    }

    private static GeneratorOutcome Generate(string name, string components, string samplers)
        => GeneratorHarness.Run($"using FlowDsl;\n{components}\n{samplers}\npublic partial class {name};").AssertClean();
}
