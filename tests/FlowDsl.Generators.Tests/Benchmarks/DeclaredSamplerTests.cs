using System.Globalization;
using System.Text.RegularExpressions;
using FlowDsl.Benchmarks;

namespace FlowDsl.Generators.Tests;

public partial class DeclaredSamplerTests
{
    /// <summary>What the benchmarks declare is what the generator makes, and its description tells a reader how to declare it.</summary>
    [Fact]
    public void DeclarationsAreGenerated()
    {
        (DeclaredSampler Declared, string Text)[] all =
        [
            (DeclaredSampler.OnOptimalGrid(Solver.UniPC2, 5), "UniPC2, Optimal, 5 steps"),
            (DeclaredSampler.OnOptimalGrid(Solver.UniPC2, 4, Chart.Canonical), "UniPC2, Canonical, Optimal, 4 steps"),
            (DeclaredSampler.OnOptimalGrid(Solver.Heun, 1), "Heun, Optimal, 1 step"),
            (DeclaredSampler.Bespoke(3), "Bespoke, 3 steps"),
            (DeclaredSampler.Map(0.0345), "FlowMap, Accuracy = 0.03"),
        ];
        DeclaredSampler byError = DeclaredSampler.ByError(1e-2);
        string source = $"""
            using FlowDsl;
            [GaussianMixture(1)]
            [Component(0.5, -1, Variance = 0.1)]
            [Component(0.5, 1, Variance = 0.1)]
            [OrnsteinUhlenbeck(EarlyStop = 0.01)]
            {string.Join('\n', all.Select(one => one.Declared).Append(byError).Select(declared => declared.Attribute))}
            public partial class Pair;
            """;
        using var models = new CompiledModels(GeneratorHarness.Run(source).AssertClean());
        Assert.Equal(all.Select(one => one.Text), all.Select(one => DeclaredSampler.Describe(Descriptor(one.Declared))));
        Assert.Equal([byError], all.Select(one => one.Declared).Append(byError).Where(declared => declared.IsByError));
        Assert.InRange(Descriptor(byError).FunctionEvaluations, 1, 4);

        SamplerDescriptor Descriptor(DeclaredSampler declared) => models.Sampler("Pair", declared.Name, Precision.Single).Descriptor;
    }

    /// <summary>A map is asked for no more than suffices, and not for much less.</summary>
    [Theory]
    [InlineData(0.4199)]
    [InlineData(1)]
    [InlineData(9.99e-5)]
    [InlineData(3e-3)]
    public void AMapIsAskedForADigitThatSuffices(double distance)
    {
        double accuracy = double.Parse(Accuracy().Match(DeclaredSampler.Map(distance).Attribute).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(accuracy, distance / 2, distance);
    }

    [GeneratedRegex(@"Accuracy = (\S+)\)")]
    private static partial Regex Accuracy();
}
