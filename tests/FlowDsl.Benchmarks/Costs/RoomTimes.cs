using System.Globalization;
using System.Runtime;
using FlowDsl.Generators;
using FlowDsl.Generators.Emission;
using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning;
using FlowDsl.Generators.Planning.Samplers;
using FlowDsl.Generators.Tests;
using FlowDsl.Generators.Validation;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Trajectories;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FlowDsl.Benchmarks;

/// <summary>The command "rooms": which of the generator's rooms takes how long, for the first time in a process and later.</summary>
internal static class RoomTimes
{
    public const string Command = "rooms";

    private const int WarmRuns = 9;

    // The first is the one whose cold run is a cold start.
    private static readonly (string Name, string Source)[] s_models =
    [
        ("d = 2, K = 8, three samplers", BlobsSource.Of(2, 8, """
            [Sampler("Heun8", Steps = 8)]
            [Sampler("Fast", Steps = 8, Solver = Solver.DpmSolverPlusPlus2M)]
            [Sampler("Exact", Steps = 4, Solver = Solver.RungeKutta4, Precision = Precision.Double)]
            """)),
        ("d = 64, K = 20, 16 steps", BlobsSource.Of(64, 20, """[Sampler("Heun16", Steps = 16, Grid = Grid.ExpectedStability)]""")),
        ("d = 64, K = 20, 16 steps, error-balanced", BlobsSource.Of(64, 20, """[Sampler("Heun16", Steps = 16, Grid = Grid.ErrorBalanced)]""")),
    ];

    /// <summary>The command.</summary>
    public static int Run()
    {
        foreach ((string name, string source) in s_models) Measure(name, source);
        return 0;
    }

    private static void Measure(string name, string source)
    {
        GeneratedProject project = new(source);
        project.Driver(new NothingGenerator()).RunGenerators(project.Before.Clone());
        double nothing = CompileTime.Median(WarmRuns, () => project.Driver(new NothingGenerator()).RunGenerators(project.Before.Clone()));
        TimeSpan jit = JitInfo.GetCompilationTime();
        double cold = CompileTime.Time(() => project.Generate());
        jit = JitInfo.GetCompilationTime() - jit;
        Report(name);
        double warm = CompileTime.Median(WarmRuns, () => project.Generate());
        Report($"  cold {cold - nothing:f0} ms, of it the JIT's {jit.TotalMilliseconds:f0} ms; warm {warm - nothing:f1} ms");

        ModelSpec spec = Spec(project);
        List<Issue> issues = [];
        ResolvedModel model = ModelValidator.Read(spec, null, default, issues, CancellationToken.None)
            ?? throw new InvalidOperationException($"The model is not valid: {string.Join("; ", issues.Select(issue => issue.Id))}.");
        ModelPlan plan = ModelPlanner.Plan(model, issues, CancellationToken.None);
        Room("validation", () => ModelValidator.Read(spec, null, default, issues, CancellationToken.None));
        Room("planning", () => ModelPlanner.Plan(model, issues, CancellationToken.None));
        Process process = model.Process;
        Room("of it expected stability", () => new StabilityProfile(model.Mixture, process).ExpectedIntegral(process.EarlyStop, process.Horizon));
        Room("of it the forecasts", () =>
        {
            ModelAnalysis analysis = new(model.Mixture, process);
            foreach (SamplerPlan sampler in plan.Samplers) SamplerForecast.Measure(analysis, sampler.Program);
        });
        Room("emission", () => ModelEmitter.Emit(plan));

        static void Room(string what, Action action) => Report($"  {what}: {CompileTime.Median(WarmRuns, action):f1} ms");
    }

    /// <summary>What reading makes of the project's one model.</summary>
    private static ModelSpec Spec(GeneratedProject project)
    {
        var options = new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true);
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new FlowSamplerGenerator().AsSourceGenerator()], parseOptions: (CSharpParseOptions)project.Before.SyntaxTrees[0].Options, driverOptions: options);
        GeneratorRunResult result = driver.RunGenerators(project.Before.Clone()).GetRunResult().Results.Single();
        return (ModelSpec)result.TrackedSteps[TrackingNames.Specs].Single().Outputs.Single().Value;
    }

    private static void Report(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static void Report(string line) => Console.WriteLine(line);
}
