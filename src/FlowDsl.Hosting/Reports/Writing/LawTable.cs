using System.Globalization;
using FlowDsl.Hosting.Reports.Drawing;
using FlowDsl.Hosting.Reports.Gathering;
using FlowDsl.Metrics;

namespace FlowDsl.Hosting.Reports.Writing;

/// <summary>The laws of samplers themselves side by side, each with what its figures say.</summary>
internal static class LawTable
{
    // Below this share of the samples few of them carry the weight.
    private const double FewShare = 0.1;

    private static readonly string[] s_titles = ["<sampler", "NFE", "KL, nats", "95 % interval", "effective samples", "reversed", "<what this says"];

    /// <summary>Writes the table.</summary>
    public static string Of(ModelReport report)
    {
        string seed = report.Request.Seed.ToString(CultureInfo.InvariantCulture);
        string count = Notation.Count(report.LawCount);
        bool isCut = report.LawCount > 0 && report.LawCount < report.Request.Count;
        string cut = isCut ? " They are fewer than the samplers are compared on, because a sample with its density takes longer." : "";
        string caption = report.LawCount == 0 ? "The samplers’ own laws" : $"The samplers’ own laws against the mixture’s, on {count} samples of seed {seed}";
        string source = report.LawCount == 0 ? "" : $"<p class=\"source\"><span>Numbers:</span> {CommandLines.Code(LawFigure.Command(report))}</p>";
        return $"""
            {KeyedTable.Of("laws-table", "The samplers’ own laws", caption, s_titles, report.Samplers.Select((sampler, i) => Row(sampler, i, report)))}
            <p class="note">A sampler is a map, so its samples have a law of their own, whose density q is followed along each path; p is the mixture’s law at
            the early stop. KL: E log q − log p, how many nats a sample tells on average about which law it is of. Effective samples: as many samples of p
            would have means as exact as these, weighted by p/q. Reversed: the share of samples at which the map turns the orientation over; several starts
            may share an end there, and log q is a lower bound.
            The error of probabilities follows from the upper end of KL’s interval, by Pinsker’s inequality.{cut}</p>
            {source}

            """;
    }

    /// <summary>What the figures of a sampler say, or why it has none.</summary>
    public static string Sentence(SamplerResult sampler, ModelReport report)
    {
        if (sampler.Compared is null) return "A student without weights is no map yet, and has no law.";
        if (sampler.Law is not { } law)
        {
            return report.Request.Count < 2
                ? "One sample tells nothing about a law."
                : $"With {Notation.Count(report.Model.ComponentCount)} components in {Notation.Count(report.Model.Dimension)} dimensions "
                    + "its densities take longer than a report may.";
        }
        if (!law.IsFinite) return "Some samples or their densities are not finite, and nothing is known about the law.";
        string worth = Notation.Percent(law.EffectiveSampleSize / law.Count);
        if (law.FoldCount > 0)
            return $"The map folds at {Notation.Percent((double)law.FoldCount / law.Count)} of the samples, "
                + "so KL is a lower bound and weights do not mend the samples.";
        if (law.EffectiveSampleSize < FewShare * law.Count)
            return $"Few samples carry the weight ({worth}): the sampler hardly goes where the mixture has much, and the interval may be too short.";
        // Pinsker's inequality.
        double difference = Math.Min(1, Math.Sqrt(0.5 * Math.Max(0, law.Divergence.High)));
        string apart = law.Divergence.Low <= 0
            ? $"{Notation.Count(law.Count)} samples do not tell the law from the mixture’s"
            : $"No event’s probability is wrong by more than {Notation.Of(difference)}";
        return $"{apart}, and 100 weighted samples are worth {Notation.Of(100 * law.EffectiveSampleSize / law.Count)} true ones.";
    }

    private static string Row(SamplerResult sampler, int index, ModelReport report)
    {
        ImportanceWeights? law = sampler.Law;
        MetricEstimate? divergence = law?.Divergence;
        double? worth = law?.EffectiveSampleSize / law?.Count, reversed = (double?)law?.FoldCount / law?.Count;
        return KeyedTable.Row(
            sampler.Name, index,
            KeyedTable.Cell(sampler.Descriptor.FunctionEvaluations, Notation.Count(sampler.Descriptor.FunctionEvaluations))
            + KeyedTable.Measured(divergence?.Value)
            + KeyedTable.Cell(divergence?.High, divergence is { } known ? $"{Notation.Scientific(known.Low)} to {Notation.Scientific(known.High)}" : "")
            + KeyedTable.Cell(worth, worth is { } share ? Notation.Percent(share) : "")
            + KeyedTable.Cell(reversed, reversed is { } folds ? Notation.Percent(folds) : "")
            + KeyedTable.Words(Sentence(sampler, report)));
    }
}
