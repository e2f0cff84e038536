namespace FlowDsl.Benchmarks;

/// <summary>The command "ratios": measures workloads and reports them.</summary>
internal static class Ratios
{
    private const int DefaultRounds = 101;

    public static int Run(ReadOnlySpan<string> arguments)
    {
        string? path = null;
        string said = string.Join(' ', arguments.ToArray());
        bool json = false;
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
                case ["--rounds", { } text, ..] when int.TryParse(text, out rounds) && rounds > 0:
                    arguments = arguments[2..];
                    break;
                case ["--json", ..]:
                    json = true;
                    arguments = arguments[1..];
                    break;
                case [{ } key, ..] when Workload.All.Any(workload => workload.Key == key):
                    keys.Add(key);
                    arguments = arguments[1..];
                    break;
                default:
                    Console.Error.WriteLine(
                        $"Usage: ratios [{string.Join("] [", Workload.All.Select(workload => workload.Key))}] [--rounds N] [--json] [--write FILE.json]");
                    return 2;
            }
        }

        var measurements = new List<Measurement>();
        foreach ((string key, Func<Workload> create) in Workload.All)
        {
            if (keys.Count > 0 && !keys.Contains(key)) continue;
            Console.Error.WriteLine(key + " ...");
            using var contest = new Contest(create());
            var measurement = new Measurement(contest, rounds);
            Console.Error.WriteLine(string.Join(" | ", Report.Row(measurement)));
            measurements.Add(measurement);
        }
        ResultFile results = Report.Results(measurements, said);
        if (json) Report.WriteJson(measurements, Console.OpenStandardOutput());
        else Console.Write(results);
        if (path is not null) results.Write(path);
        return 0;
    }
}
