using System.Globalization;

namespace FlowDsl.Benchmarks;

/// <summary>The times to an accuracy as the figures of docs/benchmarks/accuracy.md.</summary>
internal static class AccuracyReport
{
    public static ResultFile Results(IReadOnlyList<AccuracyContest> contests, string arguments)
    {
        string command = $"dotnet run -c Release --project tests/FlowDsl.Benchmarks -- {AccuracyFigures.Command} {arguments}".TrimEnd();
        var file = new ResultFile(command, Setting(contests));
        string[] hand = [.. AccuracyContest.HandMethods.Select(method => method.Name)];
        foreach (double target in AccuracyContest.Targets)
        {
            file.Add(
                $"to-{target.ToString("0e-0", CultureInfo.InvariantCulture)}",
                [
                    "mixture", "generated", "µs a sample", .. hand.Select(name => $"{name}: steps, µs"), "to the best C++",
                    .. AccuracyContest.Modules.Select(module => $"to {module.Name}"),
                    $"`Error = {target.ToString("0e-0", CultureInfo.InvariantCulture)}`: sampler, relative MSE, µs",
                ],
                contests.Select(contest => Row(contest, target, hand)));
        }
        file.Add(
            "means",
            ["relative MSE", "to the best C++, geometric mean", "least", "most", "mixtures"],
            AccuracyContest.Targets.Select(target =>
            {
                double[] ratios = [.. contests.Select(contest => Ratio(contest, target, hand)).OfType<double>()];
                double? mean = ratios.Length == 0 ? null : Math.Exp(ratios.Average(Math.Log));
                double?[] known = [.. ratios.Cast<double?>()];
                return new[] { Text(target, "0E-0"), Times(mean), Times(known.Min()), Times(known.Max()), $"{ratios.Length}" };
            }));
        return file;
    }

    private static string[] Row(AccuracyContest contest, double target, string[] hand)
    {
        AccuracyEntry? own = contest.FastestDeclared(target);
        return
        [
            contest.Workload.Title,
            own?.Sampler ?? "",
            own is null ? "" : Microseconds(own),
            .. hand.Select(name => contest.Fastest(target, name) is { } entry ? $"{entry.Steps}, {Microseconds(entry)}" : ""),
            Times(Ratio(contest, target, hand)),
            .. AccuracyContest.Modules.Select(module => Times(Ratio(contest, target, module.Name))),
            contest.Chosen(target) is { } chosen ? $"{chosen.Sampler}, {Text(chosen.Error, "0.0E-0")}, {Microseconds(chosen)}" : "",
        ];

        string Microseconds(AccuracyEntry entry) => Text(1e6 * contest.Seconds(entry), "G3");
    }

    private static double? Ratio(AccuracyContest contest, double target, params string[] methods)
        => contest.FastestDeclared(target) is { } own && contest.Fastest(target, methods) is { } best ? contest.Ratio(best, own) : null;

    private static string Setting(IReadOnlyList<AccuracyContest> contests)
    {
        string modules = string.Concat(AccuracyContest.Modules.Select(
            module => Python.With(module.Module) is { } found ? $", {module.Name} {found.Version}" : $", no interpreter with {module.Name}"));
        string compiler = CppCompiler.Version is { } version ? ", " + version : "";
        return $"one thread of {Machine.Description}{compiler}{modules}; median of {contests.Min(contest => contest.Rounds)} or more rounds";
    }

    private static string Times(double? ratio) => ratio is { } known ? "×" + Text(known, "F1") : "";

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
