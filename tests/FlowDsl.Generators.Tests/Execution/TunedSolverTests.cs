using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Discovery;
using FlowDsl.Mathematics.Files;
using FlowDsl.Mathematics.Trajectories;
using Xunit.Abstractions;

namespace FlowDsl.Generators.Tests;

/// <summary>Samplers whose solver comes from a file, as users get them: generated and compiled.</summary>
public class TunedSolverTests(ITestOutputHelper output)
{
    private static readonly Mixture s_skewed = new(
        [0.25, 0.75], [[-1.0, -0.0], [1.0, 1.0 / 3]], [Covariance.Full(2, [0.1, 0.03, 0.03, 0.2]), Covariance.Diagonal([0.05, 0.3])]);

    private const string Skewed = """
        using FlowDsl;
        namespace Physics;
        public partial class Outer
        {
            [GaussianMixture(2)]
            [Component(0.25, -1, -0.0, Covariance = new[] { 0.1, 0.03, 0.03, 0.2 })]
            [Component(0.75, 1, 1.0 / 3, Variances = new[] { 0.05, 0.3 })]
            [Network("Net")]
            [Sampler("Own", Steps = 4, Solver = Solver.Bespoke, Precision = Precision.Double)]
            [Sampler("OnNet", Steps = 4, Solver = Solver.Bespoke, Field = "Net", SolverFile = "shared.solver.json")]
            public partial class Pair;
        }
        """;

    /// <summary>What tuning says of a method is what the generated sampler has on other starts, against the flow by another integrator.</summary>
    [Fact]
    public void TheGeneratedSamplerHasTheErrorThatItsFileSays()
    {
        var process = new OrnsteinUhlenbeckProcess();
        var model = new GaussianMixtureModel(s_skewed, process);
        var analysis = new ModelAnalysis(s_skewed, process, CancellationToken.None);
        Discovery found = BespokeTuning.Find(analysis, BespokeSearch.Frames(Chart.Auto, s_skewed.MeanVariance), 4, budget: 2)!;
        string text = TunedMethod.Of(s_skewed, process, found).Write();
        using CompiledModels compiled = new(GeneratorHarness.Run(
            Skewed, ("/project/Pair.Own.solver.json", text), ("/project/solvers/shared.solver.json", text)).AssertClean());
        SamplerDescriptor descriptor = Descriptor(compiled, "Own"), onNet = Descriptor(compiled, "OnNet");
        Assert.Equal(found.Method.Times.AsEnumerable(), descriptor.Times);
        Assert.Equal(found.Method.Weights.AsEnumerable(), descriptor.Weights!);
        Assert.Equal(found.Errors, descriptor.Search);
        Assert.Equal((true, 2, found.Frame.Chart), (descriptor.Search!.IsTuned, descriptor.Search.Budget, descriptor.Chart));
        Assert.Contains("tuned with 2 times a build's budget", $"{descriptor}", StringComparison.Ordinal);
        // The network takes the same method.
        Assert.Equal(descriptor.Times, onNet.Times);
        Assert.Equal(descriptor.Weights!, onNet.Weights!);
        Assert.Equal(descriptor.Search, onNet.Search);

        const int count = 2000;
        double[] starts = FlowSampling.DrawPrior<double>(model, count, seed: 11), exact = new double[starts.Length];
        for (int i = 0; i < starts.Length; i += 2) model.FlowMap(process.Horizon, process.EarlyStop, starts.AsSpan(i, 2), exact.AsSpan(i, 2), 1e-9);
        double[] states = compiled.Sampler("Physics.Outer+Pair", "Own", Precision.Double).Integrate(starts);
        double error = states.Zip(exact, (x, y) => (x - y) * (x - y)).Sum() / exact.Sum(y => y * y);
        output.WriteLine($"{error:E3}, {descriptor.Search}");
        // Both are means over thousands of trajectories of the same law.
        Assert.InRange(error / descriptor.Search.HeldOut, 0.5, 2);
        Assert.True(descriptor.Search.HeldOut <= descriptor.Search.Build, $"{descriptor.Search}");
    }

    /// <summary>Files are found by the names of model and sampler, the longest name first; a name that is written comes before both.</summary>
    [Theory]
    [InlineData("Physics.Outer.Pair.Own.solver.json", true)]
    [InlineData("Outer.Pair.Own.solver.json", true)]
    [InlineData("Pair.Own.solver.json", true)]
    [InlineData("Own.solver.json", false)]
    [InlineData("Other.Pair.Own.solver.json", false)]
    public void FilesAreFoundByTheirNames(string name, bool isFound)
    {
        string text = SolverFiles.Of(s_skewed, 4).Write(), other = SolverFiles.Of(s_skewed, 5).Write();
        GeneratorOutcome outcome = GeneratorHarness.Run(
            Skewed, ($"/project/{name}", text), ("/project/shared.solver.json", text), ("/project/x.Pair.Own.solver.json", other));
        using CompiledModels compiled = new(outcome.AssertClean());
        Assert.Equal(isFound ? SolverFiles.Claimed : null, Descriptor(compiled, "Own").Search is { IsTuned: true } errors ? errors : null);
        Assert.Equal(SolverFiles.Claimed, Descriptor(compiled, "OnNet").Search);
    }

    /// <summary>Where the generator chose the solver, a file for the chosen number of steps replaces what it found.</summary>
    [Fact]
    public void ChosenSolversCanBeTunedToo()
    {
        const string source = """
            using FlowDsl;
            [GaussianMixture(1)]
            [Component(0.5, -1, Variance = 0.04)]
            [Component(0.5, 1, Variance = 0.04)]
            [Sampler("Best", Evaluations = 4)]
            public partial class Pair;
            """;
        Mixture mixture = new([0.5, 0.5], [[-1.0], [1.0]], [Covariance.Isotropic(1, 0.04), Covariance.Isotropic(1, 0.04)]);
        using CompiledModels compiled = new(GeneratorHarness.Run(source, ("/project/Pair.Best.solver.json", SolverFiles.Of(mixture, 4).Write())).AssertClean());
        var descriptor = (SamplerDescriptor)compiled.Type("Pair+Best").GetProperty("Descriptor")!.GetValue(null)!;
        Assert.Equal((Solver.Bespoke, SolverFiles.Claimed), (descriptor.Solver, descriptor.Search));
    }

    private static SamplerDescriptor Descriptor(CompiledModels compiled, string sampler)
        => (SamplerDescriptor)compiled.Type($"Physics.Outer+Pair+{sampler}").GetProperty("Descriptor")!.GetValue(null)!;
}
