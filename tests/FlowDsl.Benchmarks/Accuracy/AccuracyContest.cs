using FlowDsl.Mathematics;

namespace FlowDsl.Benchmarks;

/// <summary>One mixture's samplers, each with the least steps that reach an accuracy: generated ones, and what one writes by hand.</summary>
internal sealed class AccuracyContest : IDisposable
{
    /// <summary>Relative mean squared errors.</summary>
    public static readonly double[] Targets = [1e-2, 1e-4, 1e-6];

    /// <summary>The methods that are written by hand in C++.</summary>
    public static readonly HandMethod[] HandMethods = [HandMethod.Heun, HandMethod.Multistep, HandMethod.RungeKutta];

    /// <summary>The modules of Python, with their names; in these the two-step method.</summary>
    public static readonly (string Module, string Name)[] Modules = [("torch", "PyTorch"), ("numpy", "NumPy")];

    private const double TurnSeconds = 0.01, MaxSeconds = 6;

    private readonly float[] _starts;
    private readonly Turns _turns;

    /// <summary>Finds the samplers and lets them take turns.</summary>
    /// <param name="workload">The mixture.</param>
    /// <param name="rounds">The number of rounds.</param>
    public AccuracyContest(Workload workload, int rounds)
    {
        Workload = workload;
        var problem = new AccuracyProblem(workload.Sampler.Model);
        _starts = FlowSampling.DrawPrior<float>(problem.Model, workload.Samples, seed: 1);
        Entries = [.. GeneratedSearch.Of(workload, problem, Targets, Contestant), .. HandWritten(problem)];
        foreach (AccuracyEntry entry in Entries)
        {
            // A sampler rounds in another order than the loops by which its steps were found.
            if (!(entry.Error <= entry.Target)) throw new InvalidOperationException($"{workload.Key}: {entry.Method}, {entry.Solver} in {entry.Steps} steps: {entry.Error:E2}.");
            entry.Contestant.Shorten(TurnSeconds);
        }
        _turns = new Turns([.. Entries.Select(entry => entry.Contestant)], rounds, MaxSeconds);
    }

    public Workload Workload { get; }

    public IReadOnlyList<AccuracyEntry> Entries { get; }

    public int Rounds => _turns.Rounds;

    /// <summary>Seconds a sample, the median.</summary>
    public double Seconds(AccuracyEntry entry) => _turns.Seconds(entry.Contestant);

    /// <summary>How many times as long as another one takes: the median of the rounds' ratios.</summary>
    public double Ratio(AccuracyEntry entry, AccuracyEntry other) => _turns.Ratio(entry.Contestant, other.Contestant);

    /// <summary>The fastest sampler of some methods that reaches an accuracy; null if none does.</summary>
    public AccuracyEntry? Fastest(double target, params IEnumerable<string> methods)
        => Entries.Where(entry => entry.Target == target && methods.Contains(entry.Method)).MinBy(Seconds);

    public void Dispose()
    {
        foreach (IDisposable contestant in Entries.Select(entry => entry.Contestant).OfType<IDisposable>()) contestant.Dispose();
    }

    private Contestant<float> Contestant(string name, Integration<float> integrate)
        => new(name, Workload.Sampler.Dimension, _starts, integrate) { Grain = 64 };

    private IEnumerable<AccuracyEntry> HandWritten(AccuracyProblem problem)
    {
        Mixture mixture = problem.Model.Mixture;
        nint library = CppCompiler.IsAvailable ? CppPeer.ExpandedLibrary(mixture) : 0;
        foreach (HandMethod method in HandMethods)
        {
            (double Target, FlowProgram Program)[] programs = [.. method.Reaching(problem, Targets)];
            if (library != 0)
            {
                string? fastest = null;
                foreach ((double target, FlowProgram program) in programs)
                {
                    IReadOnlyList<Variant> variants = CppPeer.Expanded(library, mixture, program);
                    fastest ??= Variant.Fastest(variants, _starts).Name;
                    Variant variant = variants.Single(one => one.Name == fastest);
                    yield return Entry(method.Name, method, target, program, problem.ErrorOf(variant.Integrate), Contestant(method.Name, variant.Integrate));
                }
            }
            if (method != HandMethod.Multistep) continue;
            foreach ((string module, string name) in Modules.Where(one => Python.With(one.Module) is not null))
            {
                foreach ((double target, FlowProgram program) in programs)
                {
                    var contestant = PythonContestant.Start(name, module, mixture, program, _starts);
                    // Its arithmetic is that of the search.
                    yield return Entry(name, method, target, program, problem.ErrorOf(program), contestant);
                }
            }
        }

        static AccuracyEntry Entry(string name, HandMethod method, double target, FlowProgram program, double error, Contestant contestant)
            => new(name, $"{method.Solver}", target, program.Steps.Length, program.FunctionEvaluations, error, contestant);
    }
}
