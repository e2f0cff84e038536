namespace FlowDsl.Examples;

/// <summary>The commands that measure what no study does: the theorem on deep compositions, and Lipschitz mismatch.</summary>
internal static class FigureCommands
{
    private const int Starts = 300, Steps = 300, Batch = 512, EvaluationSamples = 16_384;

    private const string Run = "dotnet run -c Release --project examples/PaperStudy -- ";

    /// <summary>Deep residual compositions; 0 done, 2 bad usage.</summary>
    public static int Theorem(ReadOnlySpan<string> args)
    {
        if (FigureOptions.Parse("theorem", args, "--samples", Starts) is not { } options) return 2;
        IReadOnlyList<TheoremFigure> figures = Examples.Theorem.Run(options.Size, options.Threads, CancellationToken.None);
        if (options.Json) Console.WriteLine(TheoremTable.Json(figures));
        else TheoremTable.Write(figures);
        if (options.Plot is { } plot) TheoremPlot.Save(plot, figures);
        if (options.Write is { } path)
            TheoremTable.Results(figures, $"{Run}theorem --samples {options.Size} --write docs/results/paper-theorem.json").Write(path);
        return 0;
    }

    /// <summary>One-step maps under a bound of their Lipschitz constant; 0 done, 2 bad usage.</summary>
    public static int Mismatch(ReadOnlySpan<string> args)
    {
        if (FigureOptions.Parse("mismatch", args, "--steps", Steps) is not { } options) return 2;
        var budget = new SpectralBudget(options.Size, Batch, EvaluationSamples);
        IReadOnlyList<MismatchFigure> figures = Examples.Mismatch.Run(budget, options.Threads, CancellationToken.None);
        if (options.Json) Console.WriteLine(MismatchTable.Json(figures));
        else MismatchTable.Write(figures, budget);
        if (options.Plot is { } plot) MismatchPlot.Save(plot, figures);
        if (options.Write is { } path)
            MismatchTable.Results(figures, budget, $"{Run}mismatch --steps {options.Size} --write docs/results/paper-mismatch.json").Write(path);
        return 0;
    }
}
