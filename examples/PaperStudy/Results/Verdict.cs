using System.Globalization;

namespace FlowDsl.Examples.Results;

/// <summary>What our trials say of a published figure.</summary>
/// <param name="Cell">The figure.</param>
/// <param name="Trials">The trials whose budget is the largest there is.</param>
/// <param name="Word">"reproduced", "refuted" or "not reached".</param>
/// <param name="Reason">Why.</param>
internal sealed record Verdict(Published.Cell Cell, IReadOnlyList<Trial> Trials, string Word, string Reason)
{
    /// <summary>Our trials agree.</summary>
    public const string Reproduced = "reproduced";

    /// <summary>They do not, and the cause is known.</summary>
    public const string Refuted = "refuted";

    /// <summary>It was not run as published, or disagrees without a known cause.</summary>
    public const string NotReached = "not reached";

    // Of two means of trials, in standard errors.
    private const double Agreement = 2;

    /// <summary>The mean over the trials; NaN without any.</summary>
    public double Mean => Trials.Count == 0 ? double.NaN : Trials.Average(trial => trial.Figures[Cell.Metric]);

    /// <summary>The share of the published steps that they took.</summary>
    public double Share => Trials.Count == 0 ? 0 : Trials[0].Share;

    /// <summary>The difference of the means in units of its standard error, with the published deviation for both.</summary>
    public double Z => (Mean - Cell.Mean) / (Cell.Deviation * Math.Sqrt(1.0 / Cell.Trials.Length + 1.0 / Trials.Count));

    /// <summary>Compares a figure with trials of any budget.</summary>
    /// <param name="cell">The figure.</param>
    /// <param name="trials">Our trials.</param>
    /// <param name="hours">The hours of a trial at full budget on one core; null if nothing tells.</param>
    public static Verdict Of(Published.Cell cell, IReadOnlyList<Trial> trials, double? hours)
    {
        Trial[] known = [.. trials.Where(trial => trial.Figures.ContainsKey(cell.Metric))];
        double share = known.Length == 0 ? 0 : known.Max(trial => trial.Share);
        var verdict = new Verdict(cell, [.. known.Where(trial => trial.Share == share)], NotReached, "");
        string cost = hours is { } known1 ? string.Create(CultureInfo.InvariantCulture, $"; a full trial takes {known1:0.0} hours of one core") : "";
        if (share == 0) return verdict with { Reason = $"not run{cost}" };
        string trialsText = verdict.Trials.Count == 1 ? "1 trial" : $"{verdict.Trials.Count} trials";
        if (share < 1) return verdict with { Reason = string.Create(CultureInfo.InvariantCulture, $"{trialsText} of {share:0.####} of the steps{cost}") };
        string z = string.Create(CultureInfo.InvariantCulture, $"{trialsText}, z = {verdict.Z:0.0}");
        return Math.Abs(verdict.Z) <= Agreement ? verdict with { Word = Reproduced, Reason = z } : verdict with { Reason = z + "; no cause is known" };
    }
}
