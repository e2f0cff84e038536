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

    // Turns are so short that a busy machine seldom interrupts one.
    private const double TurnSeconds = 1e-3, MaxSeconds = 6;

    // Near the border of two modes the flow amplifies rounding: a peer may need a few more steps than the loops that search, or seem to.
    private const int MoreSteps = 4;

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
        foreach (AccuracyEntry entry in Entries) entry.Contestant.Shorten(TurnSeconds);
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
        => Entries.Where(entry => entry.Target == target && entry.Suffices && methods.Contains(entry.Method)).MinBy(Seconds);

    /// <summary>The fastest sampler that was declared and reaches an accuracy, for whichever it was declared; null if none does.</summary>
    public AccuracyEntry? FastestDeclared(double target)
        => Entries.Where(entry => entry.Error <= target && entry.Method is GeneratedSearch.Method or GeneratedSearch.Chosen).MinBy(Seconds);

    /// <summary>What the generator chose for an accuracy, which it may miss; null where it found nothing.</summary>
    public AccuracyEntry? Chosen(double target) => Entries.SingleOrDefault(entry => entry.Target == target && entry.Method == GeneratedSearch.Chosen);

    public void Dispose()
    {
        foreach (IDisposable contestant in Entries.Select(entry => entry.Contestant).OfType<IDisposable>()) contestant.Dispose();
    }

    private Contestant<float> Contestant(string name, Integration<float> integrate)
        => new(name, Workload.Sampler.Dimension, _starts, integrate) { Grain = 64 };

    private IEnumerable<AccuracyEntry> HandWritten(AccuracyProblem problem)
    {
        Mixture mixture = problem.Model.Mixture;
        IReadOnlyList<CppLibrary> libraries = CppCompiler.IsAvailable ? CppPeer.ExpandedLibraries(mixture) : [];
        foreach (HandMethod method in HandMethods)
        {
            string? fastest = null;
            foreach ((double target, int least) in method.Reaching(problem, Targets))
            {
                if (libraries.Count == 0)
                {
                    foreach (AccuracyEntry entry in Scripts(method, target, method.Program(problem.Model, least))) yield return entry;
                    continue;
                }
                for (int steps = least; steps <= least + MoreSteps; steps++)
                {
                    FlowProgram program = method.Program(problem.Model, steps);
                    IReadOnlyList<Variant> variants = CppPeer.Expanded(libraries, mixture, program);
                    fastest ??= Variant.Fastest(variants, _starts).Name;
                    Variant own = variants.Single(variant => variant.Name == fastest);
                    double error = problem.ErrorOf(own.Integrate);
                    if (!(error <= target)) continue;
                    yield return Entry(method.Name, method, target, program, error, Contestant(method.Name, own.Integrate));
                    foreach (AccuracyEntry entry in Scripts(method, target, program)) yield return entry;
                    break;
                }
            }
        }

        IEnumerable<AccuracyEntry> Scripts(HandMethod method, double target, FlowProgram program)
            => from module in Modules
               where method == HandMethod.Multistep && Python.With(module.Module) is not null
               select Entry(
                   module.Name, method, target, program, problem.ErrorOf(program),
                   PythonContestant.Start(module.Name, module.Module, mixture, program, _starts));

        static AccuracyEntry Entry(string name, HandMethod method, double target, FlowProgram program, double error, Contestant contestant)
            => new(name, $"{method.Solver}", target, program.Steps.Length, program.FunctionEvaluations, error, contestant);
    }
}
