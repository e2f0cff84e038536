namespace FlowDsl.Benchmarks;

/// <summary>The command "tracking": what the errors that samplers report are worth, and what they cost.</summary>
internal sealed class TrackingFigures
{
    public const string Command = "tracking";

    private const int DefaultSamples = 20_000, DefaultCertified = 20_000, PaperSamples = 50_000;

    // Certified samples of the paper's mixture, which take longest.
    private const double PaperShare = 0.01;

    /// <summary>What the command line said.</summary>
    public required string Arguments { get; init; }

    /// <summary>Bounds over mixtures, solvers and precisions.</summary>
    public required BoundFigure Bounds { get; init; }

    /// <summary>Bounds on the paper's mixture.</summary>
    public required BoundFigure PaperBounds { get; init; }

    /// <summary>Companion estimates.</summary>
    public required EstimateRow[] Estimates { get; init; }

    /// <summary>Grids and repair on the paper's mixture.</summary>
    public required PaperFigure Paper { get; init; }

    /// <summary>What tracking costs.</summary>
    public required CostRow[] Costs { get; init; }

    /// <summary>Optimal grids; null where they were not asked for.</summary>
    public required GridRow[]? Grids { get; init; }

    public static int Run(ReadOnlySpan<string> arguments)
    {
        (bool json, bool grids, bool onlyCosts, int samples, long certified, int paper) = (false, false, false, DefaultSamples, DefaultCertified, PaperSamples);
        string? path = null;
        long from = 0;
        string said = string.Join(' ', arguments.ToArray());
        while (arguments.Length > 0)
        {
            switch (arguments)
            {
                case ["--json", ..]:
                    json = true;
                    arguments = arguments[1..];
                    break;
                case ["--costs", ..]:
                    onlyCosts = true;
                    arguments = arguments[1..];
                    break;
                case ["--grids", ..]:
                    grids = true;
                    arguments = arguments[1..];
                    break;
                case ["--samples", { } text, ..] when int.TryParse(text, out samples) && samples >= 100:
                    paper = (int)Math.Min(PaperSamples, (long)samples * PaperSamples / DefaultSamples);
                    arguments = arguments[2..];
                    break;
                case ["--certified", { } text, ..] when long.TryParse(text, out certified) && certified >= 100:
                    arguments = arguments[2..];
                    break;
                case ["--from", { } text, ..] when long.TryParse(text, out from) && from >= 0:
                    arguments = arguments[2..];
                    break;
                case ["--write", { } file, ..]:
                    path = file;
                    arguments = arguments[2..];
                    break;
                default:
                    Console.Error.WriteLine(
                        $"Usage: {Command} [--costs] [--json] [--write FILE.json] [--grids] "
                            + $"[--samples N, {DefaultSamples}] [--certified N, {DefaultCertified}] [--from K, 0]");
                    return 2;
            }
        }
        // Times first, while the machine is as it was.
        CostRow[] costs = CostFigure.Measure();
        if (onlyCosts)
        {
            foreach (CostRow row in costs) Console.WriteLine($"{row.Sampler,-45} {row.Tracking,-10} {row.Microseconds,10:G4} µs {row.Ratio,10:F2}");
            return 0;
        }
        var figures = new TrackingFigures
        {
            Arguments = said,
            Costs = costs,
            Estimates = EstimateFigure.Measure(samples),
            Paper = PaperFigure.Measure(paper),
            Grids = grids ? GridFigure.Measure(samples) : null,
            Bounds = BoundFigure.Measure(TrackedMixtures.All, certified, from),
            PaperBounds = BoundFigure.Measure([typeof(PaperMixture)], (long)Math.Ceiling(PaperShare * certified), from),
        };
        ResultFile results = TrackingReport.Results(figures);
        Console.Write(json ? TrackingReport.Json(figures) : results.ToString());
        if (path is not null) results.Write(path);
        return 0;
    }
}
