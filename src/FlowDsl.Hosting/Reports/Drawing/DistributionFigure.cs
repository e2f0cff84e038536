using FlowDsl.Hosting.Reports.Gathering;

namespace FlowDsl.Hosting.Reports.Drawing;

/// <summary>How the errors of each sampler's samples are distributed.</summary>
internal static class DistributionFigure
{
    /// <summary>Draws the share of samples whose error is above each length.</summary>
    public static Figure Draw(ModelReport report)
    {
        IEnumerable<Tail?> tails =
            report.Samplers.Select((sampler, i) => sampler.Samples is { } samples ? Tail.Of(sampler.Name, i, samples.Errors) : null);
        Tail[] drawn = [.. tails.OfType<Tail>()];
        int count = report.Ran.First().Samples!.Errors.Length;
        Canvas canvas = TailPlot.Draw(drawn, count, "error |x̂ − x|", "No sample has an error that is positive and finite.");
        string description = string.Join("; ", drawn.Select(own => report.Samplers[own.Index].Compared!)
            .Select(compared => $"{compared.Name}: half below {Notation.Of(compared.MedianError)}, 99 % below {Notation.Of(compared.HighError)}"));
        return new(
            "distribution", "Distribution of errors", [new(canvas, "Share of samples whose error is above a length", description + ".")],
            $"The share of {Notation.Count(count)} samples whose error |x̂ − x| is above a length. "
                + "A long tail to the right is of samples near the border of two modes, "
                + "which a mean squared error is mostly made of. The command prints the median and the 99 % quantile of all samples.",
            $"compare {report.Request.ShortName} -n {report.Request.Count} --seed {report.Request.Seed}");
    }
}
