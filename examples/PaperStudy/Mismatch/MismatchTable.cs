using System.Globalization;
using System.Text.Json;
using FlowDsl.Figures;

namespace FlowDsl.Examples;

/// <summary>The figures of Lipschitz mismatch as tables and as JSON.</summary>
internal static class MismatchTable
{
    /// <summary>All that was measured.</summary>
    public static string Json(IReadOnlyList<MismatchFigure> figures) => JsonSerializer.Serialize(figures, StudyJson.Options);

    /// <summary>The tables of docs/results.</summary>
    /// <param name="figures">What was measured.</param>
    /// <param name="budget">How much was trained.</param>
    /// <param name="command">The command that measured it.</param>
    public static ResultFile Results(IReadOnlyList<MismatchFigure> figures, SpectralBudget budget, string command)
    {
        var file = new ResultFile(command, machine: null);
        file.Add("training", $"{Training(budget)}");
        file.Add(
            "maps", ["σ0", "inside a mode, σ0/s", "between centres, 1/a", "floor of 1E-2 up to Λ", "floor of 1E-6 up to Λ", "FLOW0503 at Λ = 0.01"],
            figures.Select(Map));
        file.Add(
            "trained",
            ["Λ", .. figures.SelectMany(figure => new[] { $"floor, σ0 = {Plain(figure.Sigma)}", "trained" }), "best linear map, σ0 = 0.1"],
            Trained(figures));
        file.Add(
            "bounds",
            [
                "σ0", "bound B of the weights", "Λ of ReLU units alone", "floor for these", "ReLU and ReQU, biases 1: local Λ", "biases 100",
                "published, ReLU and ReQU",
            ],
            from figure in figures from row in figure.Published select Bound(figure, row));
        return file;
    }

    /// <summary>Prints the tables.</summary>
    public static void Write(IReadOnlyList<MismatchFigure> figures, SpectralBudget budget)
    {
        Console.WriteLine("One-step maps over a half-life: lower bounds of the relative MSE of every map of Lipschitz constant Λ, against the converged flow.");
        Console.WriteLine($"Trained: their spectral norms have the product Λ; {Training(budget)}.\n");
        Console.WriteLine(Line(["Λ", .. figures.SelectMany(figure => new[] { $"{Plain(figure.Sigma)}: floor", "trained" }), "linear"]));
        foreach (string[] row in Trained(figures)) Console.WriteLine(Line(row));
        Console.WriteLine("\n" + Line(["σ0", "σ0/s", "1/a", "1E-2 to", "1E-6 to", "FLOW0503"]));
        foreach (MismatchFigure figure in figures) Console.WriteLine(Line(Map(figure)));
        Console.WriteLine("\n" + Line(["σ0", "B", "ReLU: Λ", "floor", "squares: Λ", "biases 100", "published"]));
        foreach (MismatchFigure figure in figures)
            foreach (BoundFigure row in figure.Published) Console.WriteLine(Line(Bound(figure, row)));
    }

    private static string Training(SpectralBudget budget)
        => string.Create(
            CultureInfo.InvariantCulture,
            $"{budget.Steps} steps of {budget.Batch} samples each, 4 hidden layers of 128 ReLU units, judged on {budget.EvaluationSamples} samples, one seed");

    private static string[] Map(MismatchFigure figure) =>
    [
        Plain(figure.Sigma), Short(figure.Inside), Short(figure.Across), Short(figure.BindsUntil), Short(figure.VanishesAt),
        Error(figure.Floors[0].OnLines),
    ];

    private static IEnumerable<string[]> Trained(IReadOnlyList<MismatchFigure> figures)
        => figures[0].Trained.Select((first, i) => new[] { Plain(first.Lipschitz) }
            .Concat(figures.SelectMany(figure => new[] { Error(figure.Trained[i].Floor), Error(figure.Trained[i].RelativeMse) }))
            .Append(Error(first.Linear)).ToArray());

    private static string[] Bound(MismatchFigure figure, BoundFigure row) =>
    [
        Plain(figure.Sigma), Plain(row.WeightBound), Short(row.Capacity), Error(row.Floor), Short(row.LocalWithBias), Short(row.LocalWithBiasOf100),
        Error(row.Published),
    ];

    private static string Line(string[] cells) => string.Join(" ", cells.Select(cell => $"{cell,13}"));

    private static string Plain(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Short(double value) => value is >= 0.01 and < 1000
        ? value.ToString(value < 10 ? "0.00#" : "0", CultureInfo.InvariantCulture)
        : value.ToString("0.0E0", CultureInfo.InvariantCulture);

    // A floor of less than 1E-12 is rounding.
    private static string Error(double value)
        => value < 1e-12 ? "0" : value.ToString(value >= 0.01 ? "0.000" : "0.0E0", CultureInfo.InvariantCulture);
}
