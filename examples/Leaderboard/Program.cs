using FlowDsl.Examples;
using FlowDsl.Figures;
using FlowDsl.Mathematics;
using FlowDsl.Onnx;

const string Usage = """
    Usage: dotnet run -c Release --project examples/Leaderboard -- [--samples N in the plane, 100 to 100000; 4096]
               [--network FILE.onnx --mixture FILE.mixture.json] [--write FILE.json] [--plot FILE.png]
    """;
(int samples, string? network, string? mixture, string? write, string? plot) = (4096, null, null, null, null);
for (int i = 0; i < args.Length; i += 2)
{
    string? value = i + 1 < args.Length ? args[i + 1] : null;
    bool isValid = value is not null && args[i] switch
    {
        "--samples" => int.TryParse(value, out samples) && samples is >= 100 and <= 100_000,
        "--network" => (network = value) is not null,
        "--mixture" => (mixture = value) is not null,
        "--write" => (write = value) is not null,
        "--plot" => (plot = value) is not null,
        _ => false,
    };
    if (isValid) continue;
    Console.Error.WriteLine($"'{string.Join(' ', args[i..])}' is no valid option.\n{Usage}");
    return 2;
}
if (network is null != mixture is null)
{
    Console.Error.WriteLine($"--network and --mixture go together.\n{Usage}");
    return 2;
}
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) => (pressed.Cancel, _) = (true, stop.CancelAsync());

List<IReadOnlyList<Result>> boards = [];
List<(string Key, string[] Columns, string[][] Rows)> tables = [];
try
{
    if (network is not null) OnNetwork("network", Path.GetFileNameWithoutExtension(network), MixtureJson.Parse(File.ReadAllText(mixture!)), network);
    else
    {
        foreach ((string name, Mixture law) in Laws.Exact) Add(name.Split(' ', ',')[0], Contests.Of(name, law, CountFor(law)));
        OnNetwork("ring-network", "network of the ring", Laws.Ring, Path.Combine(AppContext.BaseDirectory, "ring.onnx"));
        OnNetwork("digits-network", "network of the digits", Laws.Digits, Path.Combine(AppContext.BaseDirectory, "digits.onnx"));
    }
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Stopped.");
    return 130;
}
// Files that are missing, no network or mixture, or not of one dimension.
catch (Exception problem) when (network is not null && problem is IOException or UnauthorizedAccessException or FormatException or ArgumentException)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}
if (write is not null)
{
    var file = new ResultFile($"dotnet run -c Release --project examples/Leaderboard -- --write {write} --plot {plot ?? "FILE.png"}", machine: null);
    foreach ((string key, string[] columns, string[][] rows) in tables) file.Add(key, columns, rows);
    file.Write(write);
}
if (plot is not null) Picture.Save(plot, boards);
return 0;

// About as many numbers as in the plane.
int CountFor(Mixture law) => Math.Max(100, 4 * samples / (law.Dimension + 2));

void OnNetwork(string key, string name, Mixture law, string path)
{
    using OnnxNetwork field = OnnxNetwork.Load(path, new OnnxOptions { Threads = 1 });
    Contest contest = Contests.Of(name, law, field, CountFor(law), out double doubt);
    Console.WriteLine($"{name}: the converged run is known to {doubt:0.0E+0}");
    Add(key, contest);
}

void Add(string key, Contest contest)
{
    IReadOnlyList<Result> results = Board.Run(contest, stop.Token);
    boards.Add(results);
    string law = results[0].Law;
    Print(key, Board.Columns(law), [.. Board.Text(results)]);
    IReadOnlyList<Report> reports = Board.RunReporting(contest, stop.Token);
    if (reports.Count > 0) Print($"{key}-reported", Board.ReportColumns(law), [.. Board.Text(reports)]);
}

void Print(string key, string[] columns, string[][] rows)
{
    tables.Add((key, columns, rows));
    string[][] lines = [columns, .. rows];
    int[] widths = [.. columns.Select((_, column) => lines.Max(line => line[column].Length))];
    foreach (string[] line in lines) Console.WriteLine(string.Join("  ", line.Select((word, column) => word.PadRight(widths[column]))).TrimEnd());
    Console.WriteLine();
}
