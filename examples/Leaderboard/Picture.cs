using ScottPlot;

namespace FlowDsl.Examples;

/// <summary>Error against evaluations, a panel a law.</summary>
internal static class Picture
{
    private static readonly (Solver Solver, Grid Grid, string Name)[] s_lines =
    [
        (Solver.Euler, Grid.Uniform, "Euler, uniform"),
        (Solver.Euler, Grid.SharpEuler, "Euler, SharpEuler"),
        (Solver.DpmSolverPlusPlus2M, Grid.UniformLogSnr, "2M, log-SNR"),
        (Solver.DpmSolverPlusPlus2M, Grid.Karras, "2M, Karras"),
        (Solver.UniPC2, Grid.UniformLogSnr, "UniPC2, log-SNR"),
        (Solver.DpmSolverPlusPlus2M, Grid.Auto, "2M, planned"),
        (Solver.DpmSolverPlusPlus3M, Grid.Auto, "3M, planned"),
        (Solver.UniPC2, Grid.Auto, "UniPC2, planned"),
    ];

    /// <summary>Draws the results.</summary>
    /// <param name="path">The PNG file.</param>
    /// <param name="results">The results by law.</param>
    public static void Save(string path, IReadOnlyList<IReadOnlyList<Result>> results)
    {
        var figure = new Multiplot();
        figure.AddPlots(results.Count);
        int columns = Math.Min(4, results.Count), rows = (results.Count + columns - 1) / columns;
        figure.Layout = new ScottPlot.MultiplotLayouts.Grid(rows, columns);
        for (int i = 0; i < results.Count; i++) Fill(figure.GetPlot(i), results[i], hasLegend: i == 0);
        figure.SavePng(path, 340 * columns, 300 * rows);
    }

    private static void Fill(Plot plot, IReadOnlyList<Result> results, bool hasLegend)
    {
        foreach ((Solver solver, Grid grid, string name) in s_lines)
        {
            Result[] own = [.. results.Where(result => result.Solver == solver && result.Grid == grid && result.Error > 0)];
            if (own.Length == 0) continue;
            double[] evaluations = [.. own.Select(result => Math.Log2(result.Evaluations))];
            var line = plot.Add.Scatter(evaluations, own.Select(result => Math.Log10(result.Error)).ToArray());
            line.LegendText = name;
            line.LineWidth = name.EndsWith("planned", StringComparison.Ordinal) ? 3 : 1.5f;
        }
        plot.Title(results[0].Law);
        plot.XLabel("log2 NFE");
        plot.YLabel("log10 error");
        plot.Legend.FontSize = 9;
        if (!hasLegend)
        {
            plot.HideLegend();
            return;
        }
        plot.ShowLegend(Alignment.LowerLeft);
        // Room for it below the lines.
        plot.Axes.AutoScale();
        AxisLimits limits = plot.Axes.GetLimits();
        plot.Axes.SetLimitsY(limits.Bottom - 1.5 * limits.VerticalSpan, limits.Top);
    }
}
