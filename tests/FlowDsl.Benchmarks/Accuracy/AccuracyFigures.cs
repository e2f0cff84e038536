namespace FlowDsl.Benchmarks;

/// <summary>The command "accuracy": the time for a sample as exact as asked for, by generated samplers and by what one writes by hand.</summary>
internal static class AccuracyFigures
{
    public const string Command = "accuracy";

    private const int DefaultRounds = 31;

    public static int Run(ReadOnlySpan<string> arguments)
    {
        (string? path, string? plot) = (null, null);
        string said = string.Join(' ', arguments.ToArray());
        int rounds = DefaultRounds;
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (arguments.Length > 0)
        {
            switch (arguments)
            {
                case ["--write", { } file, ..]:
                    path = file;
                    arguments = arguments[2..];
                    break;
                case ["--plot", { } file, ..]:
                    plot = file;
                    arguments = arguments[2..];
                    break;
                case ["--rounds", { } text, ..] when int.TryParse(text, out rounds) && rounds > 0:
                    arguments = arguments[2..];
                    break;
                case [{ } key, ..] when Workload.All.Any(workload => workload.Key == key):
                    keys.Add(key);
                    arguments = arguments[1..];
                    break;
                default:
                    string known = string.Join("] [", Workload.All.Select(workload => workload.Key));
                    Console.Error.WriteLine($"Usage: {Command} [{known}] [--rounds N] [--write FILE.json] [--plot FILE.png]");
                    return 2;
            }
        }
        foreach ((string module, string name) in AccuracyContest.Modules)
            if (Python.With(module) is null) Console.Error.WriteLine($"{name} is left out: no interpreter has it.");
        if (!CppCompiler.IsAvailable) Console.Error.WriteLine("C++ is left out: there is no compiler, or no AVX2 with FMA.");

        var contests = new List<AccuracyContest>();
        foreach ((string key, Func<Workload> create) in Workload.All)
        {
            if (keys.Count > 0 && !keys.Contains(key)) continue;
            Console.Error.WriteLine(key + " ...");
            using var contest = new AccuracyContest(create(), rounds);
            foreach (AccuracyEntry entry in contest.Entries)
            {
                string sampler = $"{entry.Method}: {entry.Sampler}, {entry.Evaluations} evaluations";
                Console.Error.WriteLine($"  {entry.Target:0E+0} {sampler}, {entry.Error:0.0E+0}, {1e6 * contest.Seconds(entry):G3} µs");
            }
            contests.Add(contest);
        }
        ResultFile results = AccuracyReport.Results(contests, said);
        Console.Write(results);
        if (path is not null) results.Write(path);
        if (plot is not null) AccuracyPicture.Save(plot, contests);
        return 0;
    }
}
