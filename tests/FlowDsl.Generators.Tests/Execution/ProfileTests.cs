using FlowDsl.Mathematics;

namespace FlowDsl.Generators.Tests;

/// <summary>Samplers on the times of a network's profile, as users get them: generated and compiled.</summary>
public class ProfileTests
{
    [Theory]
    [InlineData(Solver.Heun, Chart.Auto, 8)]
    [InlineData(Solver.Euler, Chart.State, 1)]
    [InlineData(Solver.DpmSolverPlusPlus2M, Chart.Auto, 5)]
    public void TimesAreTheProfilesOwn(Solver solver, Chart chart, int steps)
    {
        NetworkProfile profile = ProfileFiles.Measure(solver, new LinearInterpolantProcess(0.01), chart);
        using CompiledModels compiled = new(GeneratorHarness.Run(
            $"""
            using FlowDsl;
            [GaussianMixture(1)]
            [Component(0.25, -1, Variance = 0.05)]
            [Component(0.75, 1, Variance = 0.05)]
            [LinearInterpolant(EarlyStop = 0.01)]
            [Network("Net")]
            [Sampler("Fast", Steps = {steps}, Solver = Solver.{solver}, Chart = Chart.{chart}, Grid = Grid.Profile, Profile = "net.profile.json",
                Field = "Net")]
            public partial class Pair;
            """,
            ("/project/profiles/net.profile.json", ProfileFiles.TextOf(profile))).AssertClean());
        var descriptor = (SamplerDescriptor)compiled.Type("Pair+Fast").GetProperty("Descriptor")!.GetValue(null)!;
        Assert.Equal(profile.CreateTimes(steps), descriptor.Times);
        Assert.Equal(Grid.Profile, descriptor.Grid);
        Assert.Equal(profile.Chart, descriptor.Chart);
    }
}
