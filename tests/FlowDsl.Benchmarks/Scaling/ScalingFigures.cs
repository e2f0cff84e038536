using System.Globalization;
using System.Text.Json.Nodes;

namespace FlowDsl.Benchmarks;

/// <summary>The command "scaling": the time for a sample against K, d, N and threads, on this machine beside others.</summary>
internal static class ScalingFigures
{
    public const string Command = "scaling";

    private const int DefaultRounds = 31, ThreadRounds = 9;

    // More only on request: the generator takes long.
    private const int DefaultMost = 4096;
    private const int UsualComponents = 8, UsualDimension = 2, UsualSteps = 8;

    // Samplers of many components sort whole blocks.
    private const int SamplesApart = 65_536;

    private static readonly int[] s_apart = [40, 400, 4000];

    private static readonly int[] s_components = [2, 4, 8, 16, 32, 64, 256, 1024, 4096, 16_384, 100_000],
        s_dimensions = [1, 2, 4, 8, 16, 32, 64, 128, 256, 784],
        s_steps = [1, 2, 4, 8, 16, 32, 64, 128];

    // A model for the threads whose samples cost about as much as in use.
    private const int ThreadComponents = 32, ThreadDimension = 16;

    public static int Run(ReadOnlySpan<string> arguments)
    {
        string? path = null;
        (string machine, string said) = (Machine.Name, string.Join(' ', arguments.ToArray()));
        (int rounds, int most) = (DefaultRounds, DefaultMost);
        while (arguments.Length > 0)
        {
            switch (arguments)
            {
                case ["--write", { } file, ..]:
                    path = file;
                    arguments = arguments[2..];
                    break;
                case ["--machine", { Length: > 0 } name, ..]:
                    machine = name;
                    arguments = arguments[2..];
                    break;
                case ["--rounds", { } text, ..] when int.TryParse(text, out rounds) && rounds > 0:
                    arguments = arguments[2..];
                    break;
                case ["--components", { } text, ..] when int.TryParse(text, out most) && most >= UsualComponents:
                    arguments = arguments[2..];
                    break;
                default:
                    Console.Error.WriteLine($"Usage: {Command} [--rounds N] [--components MOST, {DefaultMost}] [--machine NAME] [--write FILE.json]");
                    return 2;
            }
        }

        var points = new Dictionary<(int, int, int), string>();
        JsonNode? earlier = path is not null && File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path))!["figures"] : null;
        var results = new ResultFile($"dotnet run -c Release --project tests/FlowDsl.Benchmarks -- {Command} {said}".TrimEnd(), null);
        Add("components", "K", s_components.Where(count => count <= most).Select(count => Cell($"{count}", count, UsualDimension, UsualSteps)));
        Add("density", "K", s_apart.Select(count => Apart(count)));
        Add("dimensions", "d", s_dimensions.Select(d => Cell($"{d}", UsualComponents, d, UsualSteps)));
        Add("steps", "N", s_steps.Select(steps => Cell($"{steps}", UsualComponents, UsualDimension, steps)));
        Add("threads", "threads", Threads());
        Add("prior", "mixture", Workload.All.Select(workload => Prior(workload.Create())));
        (string[] columns, string[][] rows) = SideBySide.Machines(earlier?["machines"], machine, Machine.Description);
        results.Add("machines", columns, rows);
        Console.Write(results);
        if (path is not null) results.Write(path);
        return 0;

        void Add(string name, string title, IEnumerable<(string Key, string Cell)> cells)
        {
            (string[] columns, string[][] rows) = SideBySide.Merge(earlier?[name], title, machine, [.. cells]);
            results.Add(name, columns, rows);
        }

        (string Key, string Cell) Cell(string key, int components, int dimension, int steps)
        {
            if (points.TryGetValue((components, dimension, steps), out string? known)) return (key, known);
            ScalingPoint point = ScalingPoint.Measure(BlobsModel.Compile(components, dimension, steps), rounds);
            string cell = $"{Text(1e6 * point.Seconds, "G3")} µs, {Text(point.Share, "P0")}{(point.IsStraightLine ? "" : ", loops")}";
            return (key, points[(components, dimension, steps)] = Told($"K = {components}, d = {dimension}, N = {steps}", cell));
        }

        // The density of the forty scattered modes, and their variance.
        (string Key, string Cell) Apart(int components)
        {
            ScalingPoint point = ScalingPoint.Measure(
                BlobsModel.Compile(components, UsualDimension, UsualSteps, halfWidth: 40 * Math.Sqrt(components / 40.0), variance: 1), rounds, SamplesApart);
            return ($"{components}", Told($"K = {components} apart", $"{Text(1e6 * point.Seconds, "G3")} µs"));
        }

        (string Key, string Cell) Prior(Workload workload) => (workload.Title, Told(workload.Title, Text(PriorShare.Measure(workload, rounds), "P0")));

        IEnumerable<(string, string)> Threads()
        {
            CompiledSampler sampler = BlobsModel.Compile(ThreadComponents, ThreadDimension, UsualSteps);
            foreach ((int threads, double seconds, double ratio) in ThreadScaling.Measure(sampler, Math.Min(rounds, ThreadRounds)))
                yield return ($"{threads}", Told($"{threads} threads", $"{Text(1e6 * seconds, "G3")} µs, ×{Text(ratio, "F2")}"));
        }
    }

    private static string Told(string what, string cell)
    {
        Console.Error.WriteLine($"{what}: {cell}");
        return cell;
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
