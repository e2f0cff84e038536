using FlowDsl.Generators.Model;
using FlowDsl.Generators.Validation;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.ScoreNetworks;

namespace FlowDsl.Generators.Planning.Networks;

/// <summary>Everything decided about one score network before its text is written.</summary>
/// <param name="Spec">Its declaration.</param>
/// <param name="Network">The network.</param>
/// <param name="Program">Its arithmetic as straight-line code; null where it is loops over tables.</param>
/// <param name="Dimension">d.</param>
internal sealed record ScoreNetworkPlan(ScoreNetworkSpec Spec, ScoreNetwork Network, ScoreProgram? Program, int Dimension)
{
    // Multiply-adds and units: the C# compiler takes about a millisecond for each.
    private const int Budget = 1500;

    private const int RuleIntervals = 32;

    /// <summary>Plans a network.</summary>
    public static ScoreNetworkPlan Of(ResolvedModel model, ScoreNetworkSpec spec, CancellationToken cancellationToken)
    {
        int d = model.Mixture.Dimension;
        var network = ScoreNetwork.Build(model.Mixture, model.Process, spec.Options, cancellationToken);
        var program = new ScoreProgram(network, d);
        return new ScoreNetworkPlan(spec, network, program.Operations + program.ClockUnits.Count <= Budget ? program : null, d);
    }

    /// <summary>
    /// What the network's error makes of a sampler's samples, r.m.s.: its accuracy times ∫½g² over each segment, times what the flow makes of an
    /// error there; null where that was not measured, or the accuracy is in a norm that does not bound the mean square.
    /// </summary>
    public double? ErrorIn(Process process, double[] times, SamplerForecast? forecast)
    {
        if (forecast is null || Spec.P < 2) return null;
        double sum = 0;
        for (int i = 0; i < forecast.Segments.Count; i++) sum += Spec.Accuracy * Weight(process, times[i + 1],
            times[i]) * forecast.Segments[i].DownstreamAmplification;
        return sum;
    }

    // ∫ ½g² dt, by which the velocity of the probability flow depends on the score, by Simpson's rule.
    private static double Weight(Process process, double from, double to)
    {
        double sum = 0, width = (to - from) / (2 * RuleIntervals);
        for (int i = 0; i <= 2 * RuleIntervals; i++)
        {
            ProcessPoint point = process.At(i == 2 * RuleIntervals ? to : from + i * width);
            sum += (i == 0 || i == 2 * RuleIntervals ? 1 : i % 2 == 1 ? 4 : 2) * Math.Abs(point.VelocityContrast / point.A);
        }
        return sum * width / 3;
    }
}
