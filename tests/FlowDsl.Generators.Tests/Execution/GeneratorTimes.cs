using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using FlowDsl.Generators.Emission;
using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning;
using FlowDsl.Generators.Planning.Samplers;
using FlowDsl.Generators.Validation;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Trajectories;
using FlowDsl.Mathematics.Numerics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit.Abstractions;

namespace FlowDsl.Generators.Tests;

/// <summary>
/// How long the generator takes, without the compiler: the first run in a process, in which the JIT compiles it, and later
/// ones. The compiler and its driver are warmed up before by a generator that does nothing with the same attributes.
/// </summary>
public class GeneratorTimes(ITestOutputHelper output)
{
    private const int WarmRuns = 9;

    [MeasureFact]
    public void Small() => Measure("d = 2, K = 8, three samplers", BlobsSource.Of(2, 8, """
        [Sampler("Heun8", Steps = 8)]
        [Sampler("Fast", Steps = 8, Solver = Solver.DpmSolverPlusPlus2M)]
        [Sampler("Exact", Steps = 4, Solver = Solver.RungeKutta4, Precision = Precision.Double)]
        """));

    [MeasureFact]
    public void Large() => Measure("d = 64, K = 20, 16 steps", BlobsSource.Of(64, 20, """[Sampler("Heun16", Steps = 16, Grid = Grid.ExpectedStability)]"""));

    /// <summary>The same with a grid that follows trajectories.</summary>
    [MeasureFact]
    public void LargeMeasured()
        => Measure("d = 64, K = 20, 16 steps, error-balanced", BlobsSource.Of(64, 20, """[Sampler("Heun16", Steps = 16, Grid = Grid.ErrorBalanced)]"""));

    /// <summary>The rooms behind the compiler one after the other, each for the first time.</summary>
    [MeasureFact]
    public void ColdRooms()
    {
        Random random = new(1);
        ModelSpec spec = Specs.Valid with
        {
            Dimension = 2,
            Components = new EquatableArray<ComponentSpec>([.. Enumerable.Range(0, 8).Select(_ => new ComponentSpec(
                0.125, new EquatableArray<double>([random.NextDouble(), random.NextDouble()]), CovarianceType.Isotropic, new EquatableArray<double>([0.05])))]),
            Samplers = new EquatableArray<SamplerSpec>([new SamplerSpec(0, "Heun8", 8, Solver.Heun, Chart.Auto, Grid.Auto, 7, default, Precision.Single, Tracking.Auto)]),
        };
        List<Issue> issues = [];
        ResolvedModel model = null!;
        ModelPlan plan = null!;
        Report("arithmetic of 10^8 dependent additions", () => Assert.NotEqual(0, Enumerable.Range(0, 1).Sum(_ => Spin())));
        Report("reading", () => model = ModelValidator.Read(spec, null, default, issues, CancellationToken.None)!);
        Report("expected stability", () => new StabilityProfile(model.Mixture, model.Process).ExpectedIntegral(model.Process.EarlyStop, model.Process.Horizon));
        Report("expected stability again", () => new StabilityProfile(model.Mixture, model.Process).ExpectedIntegral(model.Process.EarlyStop, model.Process.Horizon));
        Report("planning", () => plan = ModelPlanner.Plan(model, issues, CancellationToken.None));
        Report("planning again", () => plan = ModelPlanner.Plan(model, issues, CancellationToken.None));
        Report("emission", () => ModelEmitter.Emit(plan));
        Report("emission again", () => ModelEmitter.Emit(plan));

        void Report(string what, Action action)
        {
            (double wall, double cpu) = Time(action);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {wall:f1} ms (processor {cpu:f1})"));
        }

        // A second of it is a second of a processor that is not shared, at 4 cycles an addition.
        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveOptimization)]
        static double Spin()
        {
            double sum = 0;
            for (int i = 0; i < 100_000_000; i++) sum += 1e-3;
            return sum;
        }
    }

    /// <summary>What takes its time for models as large as those of <see cref="LargeModelTests"/>.</summary>
    [MeasureFact]
    public void Extremes()
    {
        Random random = new(1);
        Extreme(200, 300, d => Covariance.Isotropic(d, 0.05));
        Extreme(64, 20, d =>
        {
            double[] matrix = new double[d * d];
            for (int i = 0; i < d; i++)
                for (int j = 0; j < d; j++) matrix[i * d + j] = i == j ? 0.5 + 0.5 * random.NextDouble() : 0.004 * Math.Cos(i * j);
            return Covariance.Full(d, matrix);
        });

        void Extreme(int d, int count, Func<int, Covariance> covariance)
        {
            Mixture mixture = null!;
            double[] weights = [.. Enumerable.Repeat(1.0 / count, count)];
            double[][] means = [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, d).Select(_ => 2 * random.NextDouble() - 1).ToArray())];
            OrnsteinUhlenbeckProcess process = new();
            Report("mixture", () => mixture = new Mixture(weights, means, [.. Enumerable.Range(0, count).Select(_ => covariance(d))]));
            StabilityProfile profile = new(mixture, process);
            Report("crossing", () => _ = profile.Crossing);
            Report("expected stability", () => profile.ExpectedIntegral(process.EarlyStop, process.Horizon));
            Report("bound of a segment", () => profile.LipschitzIntegral(process.EarlyStop, process.Horizon));

            void Report(string what, Action action)
            {
                (double wall, double cpu) = Time(action);
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"d = {d}, K = {count}, {what}: {wall:f0} ms (processor {cpu:f0})"));
            }
        }
    }

    private void Measure(string what, string source)
    {
        GeneratorHarness harness = new(source);
        CSharpCompilation compilation = harness.Compilation;
        Run(new NothingGenerator(), compilation, out _);
        compilation.Clone().GetDiagnostics();

        (double wall, double cpu) nothing = Median(Enumerable.Range(0, WarmRuns).Select(_ => Time(() => Run(new NothingGenerator(), compilation, out _))));
        int characters = 0;
        (TimeSpan jit, long methods) = (JitInfo.GetCompilationTime(), JitInfo.GetCompiledMethodCount());
        (double wall, double cpu) cold = Time(() => Run(new FlowSamplerGenerator(), compilation, out characters));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"of the cold run the JIT's: {(JitInfo.GetCompilationTime() - jit).TotalMilliseconds:f0} ms, {JitInfo.GetCompiledMethodCount() - methods} methods"));
        (double wall, double cpu) warm = Median(Enumerable.Range(0, WarmRuns).Select(_ => Time(() => Run(new FlowSamplerGenerator(), compilation, out characters))));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: cold {cold.wall - nothing.wall:f0} ms (processor {cold.cpu - nothing.cpu:f0}), warm {warm.wall - nothing.wall:f1} ms (processor {warm.cpu - nothing.cpu:f1}), {characters} characters; nothing: {nothing.wall:f1} ms"));
        Assert.True(characters > 0);
        MeasureRooms(harness);
    }

    /// <summary>The same by rooms, warm.</summary>
    private void MeasureRooms(GeneratorHarness harness)
    {
        ModelSpec spec = Assert.IsType<ModelSpec>(Assert.Single(harness.Run().Values(TrackingNames.Specs)));
        List<Issue> issues = [];
        ResolvedModel model = ModelValidator.Read(spec, null, default, issues, CancellationToken.None)!;
        ModelPlan plan = ModelPlanner.Plan(model, issues, CancellationToken.None);
        Report("reading the spec", () => ModelValidator.Read(spec, null, default, issues, CancellationToken.None));
        Report("expected stability", () => new StabilityProfile(model.Mixture, model.Process).ExpectedIntegral(model.Process.EarlyStop, model.Process.Horizon));
        Report("planning", () => ModelPlanner.Plan(model, issues, CancellationToken.None));
        Report("of it the forecasts", () =>
        {
            ModelAnalysis analysis = new(model.Mixture, model.Process);
            foreach (SamplerPlan sampler in plan.Samplers) SamplerForecast.Measure(analysis, sampler.Program);
        });
        Report("emission", () => ModelEmitter.Emit(plan));
        Random random = new(1);
        float[] singles = [.. Enumerable.Range(0, 1000).Select(_ => random.NextSingle())];
        double[] doubles = [.. Enumerable.Range(0, 1000).Select(_ => random.NextDouble())];
        Report("1000 floats", () => singles.Sum(value => PortableNumber.CSharpLiteral(value).Length));
        Report("1000 doubles", () => doubles.Sum(value => PortableNumber.CSharpLiteral(value).Length));

        void Report(string what, Action action)
        {
            (double wall, double cpu) = Median(Enumerable.Range(0, WarmRuns).Select(_ => Time(action)));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    {what}: {wall:f1} ms (processor {cpu:f1})"));
        }
    }

    private static void Run(IIncrementalGenerator generator, CSharpCompilation compilation, out int characters)
    {
        GeneratorDriver driver = CSharpGeneratorDriver.Create(generator).RunGenerators(compilation.Clone());
        GeneratorRunResult result = driver.GetRunResult().Results.Single();
        Assert.Empty(result.Diagnostics);
        characters = result.GeneratedSources.Sum(file => file.SourceText.Length);
    }

    private static (double Wall, double Cpu) Time(Action action)
    {
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        action();
        return (Stopwatch.GetElapsedTime(start).TotalMilliseconds, (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds);
    }

    private static (double Wall, double Cpu) Median(IEnumerable<(double Wall, double Cpu)> times)
    {
        (double Wall, double Cpu)[] all = [.. times];
        return (all.Select(time => time.Wall).Order().ElementAt(all.Length / 2), all.Select(time => time.Cpu).Order().ElementAt(all.Length / 2));
    }
}
