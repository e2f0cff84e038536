using System.Globalization;
using System.Text.Json;
using FlowDsl.Figures;

namespace FlowDsl.Examples;

/// <summary>The figures of the theorem as tables and as JSON.</summary>
internal static class TheoremTable
{
    // Of the blocks along one composition, those that the page shows: the theorem's factor falls steeply towards the end.
    private static readonly int[] s_shownPlaces = [0, 4, 8, 12, 14, 15];

    /// <summary>All that was measured.</summary>
    public static string Json(IReadOnlyList<TheoremFigure> figures) => JsonSerializer.Serialize(figures, StudyJson.Options);

    /// <summary>The tables of docs/results.</summary>
    /// <param name="figures">What was measured.</param>
    /// <param name="command">The command that measured it.</param>
    public static ResultFile Results(IReadOnlyList<TheoremFigure> figures, string command)
    {
        var file = new ResultFile(command, machine: null);
        file.Add("samples", $"{figures[0].Samples} starts for each mixture");
        file.Add(
            "blocks",
            [
                "mixture", "blocks", "relative MSE", "error, r.m.s.", "mean", "greatest", "Euler's part", "network's part", "bound", "sharper bound",
                "estimate", "bound/error", "estimate/error",
            ],
            from figure in figures from row in figure.Blocks select Cells(figure.Mixture, row));
        file.Add("looseness", $"{string.Join("; ", figures.Select(Looseness))}");
        file.Add(
            "accuracies",
            ["mixture", "ε", "error, r.m.s.", "Euler's part", "network's part", "network's error at its points over ε", "bound/error", "estimate/error"],
            from figure in figures
            from row in figure.Accuracies
            select new[]
            {
                figure.Mixture, Number(row.Accuracy), Number(row.Error), Number(row.EulerParts), Number(row.NetworkParts),
                row.NetworkShare.ToString("0.00", CultureInfo.InvariantCulture), Power(row.LogLooseness), Power(row.LogExpectedRatio),
            });
        file.Add(
            "places",
            ["mixture", "block", "from", "to", "its error", "grows by", "greatest", "exp ∫L", "exp ∫E‖∇v‖"],
            from figure in figures
            from place in s_shownPlaces
            let row = figure.Places[place]
            select new[] { figure.Mixture }.Concat(Place(place, row)).ToArray());
        file.Add(
            "growth",
            ["mixture", "exp ∫L", "exp ∫μ", "at the centre", "99 % of samples", "median", "exp ∫E‖∇v‖"],
            figures.Select(figure => new[] { figure.Mixture }.Concat(Growth(figure.Growth)).ToArray())
                .Append(["two modes on a line", .. Growth(FlowGrowths.Of(FlowGrowths.TwoModes))]));
        return file;
    }

    /// <summary>Prints the tables.</summary>
    public static void Write(IReadOnlyList<TheoremFigure> figures)
    {
        Console.WriteLine($"Deep residual compositions: N Euler steps with a constructed network, {figures[0].Samples} starts, against the exact flow.\n");
        foreach (TheoremFigure figure in figures)
        {
            Console.WriteLine($"{figure.Mixture}, d = {figure.Dimension}, K = {figure.Components}");
            Console.WriteLine(Line(
                "blocks", "accuracy", "rel. MSE", "error", "mean", "greatest", "Euler", "network", "bound", "sharper", "estimate", "/error", "/error"));
            foreach (DeepError row in figure.Blocks.Concat(figure.Accuracies))
            {
                string[] cells = Cells(figure.Mixture, row);
                Console.WriteLine(Line([cells[1], Number(row.Accuracy), .. cells.Skip(2)]));
            }
            Console.WriteLine("\n" + Line("block", "from", "to", "error", "grows by", "greatest", "exp ∫L", "expected"));
            foreach ((int i, BlockGrowth row) in figure.Places.Index())
                Console.WriteLine(Line(Place(i, row)));
            Console.WriteLine("\nthe whole flow\n" + Line("exp ∫L", "exp ∫μ", "centre", "99 %", "median", "expected"));
            Console.WriteLine(Line(Growth(figure.Growth)) + "\n");
        }
    }

    private static string[] Cells(string mixture, DeepError row) =>
    [
        mixture, row.Blocks.ToString(CultureInfo.InvariantCulture), Number(row.RelativeMse), Number(row.Error), Number(row.MeanError), Number(row.MaxError),
        Number(row.EulerParts), Number(row.NetworkParts), Power(row.LogBound), Power(row.LogSharpBound), Power(row.LogExpected),
        Power(row.LogLooseness), Power(row.LogExpectedRatio),
    ];

    // Over the numbers of blocks, from the least to the greatest.
    private static string Looseness(TheoremFigure figure)
    {
        double[] bound = [.. figure.Blocks.Select(row => row.LogLooseness).Order()], estimate = [.. figure.Blocks.Select(row => row.LogExpectedRatio).Order()];
        return $"{figure.Mixture}: {Power(bound[0])} to {Power(bound[^1])} times the error by the bound, "
            + $"{Power(estimate[0])} to {Power(estimate[^1])} times by the estimate";
    }

    private static string[] Place(int index, BlockGrowth row) =>
    [
        (index + 1).ToString(CultureInfo.InvariantCulture), Time(row.From), Time(row.To), Number(row.LocalError), Number(row.Growth), Number(row.MaxGrowth),
        Power(row.LogBound), Power(row.LogExpected),
    ];

    private static string[] Growth(FlowGrowth growth)
        => [Power(growth.Paper), Power(growth.OneSided), Power(growth.AtCentre), Power(growth.High), Power(growth.Median), Power(growth.Expected)];

    private static string Line(params string[] cells) => string.Join(" ", cells.Select(cell => $"{cell,9}"));

    private static string Number(double value) => Power(Math.Log10(value));

    private static string Time(double t) => t.ToString("0.0000", CultureInfo.InvariantCulture);

    // Bounds are far beyond the range of double: two digits and an exponent from the logarithm; small numbers as one writes them.
    private static string Power(double? logarithm)
    {
        if (logarithm is not { } log) return "";
        if (!double.IsFinite(log)) return log < 0 ? "0" : "∞";
        if (log is >= -2 and < 3) return Math.Pow(10, log).ToString(log < 0 ? "0.000" : log < 1 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
        double exponent = Math.Floor(log), digits = Math.Round(Math.Pow(10, log - exponent), 1);
        if (digits >= 10) (digits, exponent) = (digits / 10, exponent + 1);
        return string.Create(CultureInfo.InvariantCulture, $"{digits:0.0}E{exponent:0}");
    }
}
