using FlowDsl.Hosting.Reports.Gathering;

namespace FlowDsl.Hosting.Reports.Drawing;

/// <summary>The laws of samplers themselves against the mixture's.</summary>
internal static class LawFigure
{
    /// <summary>The command that prints the numbers.</summary>
    public static string Command(ModelReport report)
        => $"compare {report.Request.ShortName} -n {report.LawCount} --seed {report.Request.Seed} --rounds 0 --law";

    /// <summary>Draws KL against evaluations.</summary>
    public static Figure Divergence(ModelReport report)
    {
        CostPoint[] drawn = [.. report.Samplers.Select((sampler, i) => (sampler, i)).Where(own => own.sampler.Law is not null)
            .Select(own => new CostPoint(own.sampler, own.i, own.sampler.Law!.Divergence))
            .Where(point => point.Error.Value is > 0 and < double.PositiveInfinity)];
        return new(
            "divergence", "Distance of laws against cost",
            [new(
                CostPlot.Draw(drawn, "KL(q‖p), nats", "KL", "No sampler has a KL that is positive and finite."), "KL against function evaluations",
                CostPlot.Describe(drawn))],
            $"KL(q‖p), q the law of the sampler and p that of the mixture, on {Notation.Count(report.LawCount)} samples. Bars are 95 % intervals. "
                + "Where a sampler reverses samples, its KL is a lower bound. Lines join the samplers of one solver.",
            Command(report));
    }

    /// <summary>Draws how far log q is from log p at the samples.</summary>
    public static Figure Ratios(ModelReport report)
    {
        IEnumerable<Tail?> tails =
            report.Samplers.Select((sampler, i) => sampler.Law is { } law ? Tail.Of(sampler.Name, i, Distances(law.LogRatios)) : null);
        Tail[] drawn = [.. tails.OfType<Tail>()];
        string description = string.Join("; ", drawn.Select(own => $"{own.Name}: half below {Notation.Of(own.Errors[own.Errors.Length / 2])}")) + ".";
        return new(
            "ratios", "Distribution of density errors",
            [new(
                TailPlot.Draw(drawn, report.LawCount, "|log q − log p|, nats", "No sample has a density that is wrong and finite."),
                "Share of samples whose density is wrong by more than a factor", description)],
            $"The share of {Notation.Count(report.LawCount)} samples at which the density of the sampler’s law is wrong by more than a factor: "
                + "0.1 nats are 10 %, 0.7 nats a factor of 2. KL is half the mean square of log q − log p, as long as that is small.",
            Command(report));

        static double[] Distances(ReadOnlySpan<double> ratios)
        {
            double[] distances = new double[ratios.Length];
            for (int i = 0; i < distances.Length; i++) distances[i] = Math.Abs(ratios[i]);
            return distances;
        }
    }
}
