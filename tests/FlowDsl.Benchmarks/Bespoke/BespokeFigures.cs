using System.Globalization;

namespace FlowDsl.Benchmarks;

/// <summary>The command "bespoke": solvers that are found for a mixture against all that are built in, on all grids.</summary>
internal static class BespokeFigures
{
    public const string Command = "bespoke";

    private static readonly int[] s_evaluations = [4, 6, 8];

    public static int Run(ReadOnlySpan<string> arguments)
    {
        if (CommandOptions.Read(Command, arguments, []) is not { } options) return 2;
        var points = new List<BespokePoint>();
        foreach (int evaluations in s_evaluations)
        {
            foreach (Type mixture in TrackedMixtures.All)
            {
                points.Add(new BespokePoint(mixture, evaluations));
                Console.Error.WriteLine(string.Join(" | ", Row(points[^1])));
            }
        }
        var results = options.Results(Machine.Description);
        results.Add(
            "means",
            ["evaluations", "lower by, geometric mean", "median", "least", "most", "`Evaluations = N`, to the best, worst", "s to find, most"],
            from point in points
            group point by point.Evaluations into same
            let gains = same.Select(point => point.Gain).ToArray()
            select new[]
            {
                $"{same.Key}", Times(Math.Exp(gains.Average(Math.Log))), Times(Quantiles.Median(gains)), Times(gains.Min()), Times(gains.Max()),
                Text(same.Max(point => point.Regret), "F2"), Text(same.Max(point => point.Seconds), "F2"),
            });
        results.Add(
            "errors",
            ["mixture", "evaluations", "`Bespoke`", "best built-in", "", "lower by", "`Evaluations = N` chooses", "", "to the best", "s to find"],
            points.OrderBy(point => point.Mixture, StringComparer.Ordinal).ThenBy(point => point.Evaluations).Select(Row));
        options.Show(results);
        return 0;
    }

    private static string[] Row(BespokePoint point) =>
    [
        point.Mixture, $"{point.Evaluations}", Error(point.Own), $"{point.BuiltIn.Solver}, {point.BuiltIn.Grid}", Error(point.BuiltIn.Error), Times(point.Gain),
        $"{point.ChosenSolver}", Error(point.Chosen), Text(point.Regret, "F2"), Text(point.Seconds, "F2"),
    ];

    private static string Error(double error) => Text(error, "0.0E-0");

    private static string Times(double ratio) => "×" + Text(ratio, "F1");

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
