using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Grids;

/// <summary>
/// The best times of a multistep solver: from the best of several starts on a part of the trajectories, then from the best end on all; each time by least
/// squares, and then one time after the other, because the few trajectories that end in another mode have no derivative.
/// </summary>
/// <remarks>
/// A balance of step errors is not enough: steps share slopes, so their errors have related signs, and the best grids let them cancel. The starts lie
/// on lines from equal steps of log-SNR, whose steps vary least, to balanced grids.
/// </remarks>
/// <param name="request">The request.</param>
/// <param name="model">The model.</param>
/// <param name="path">The trajectories.</param>
internal sealed class MultistepSearch(GridRequest request, PilotModel model, PilotPath path)
{
    // Multiply-adds of the search: a tenth of a second. Small mixtures cost more per evaluation than their own operations.
    private const double Operations = 0.9e9, Overhead = 180;

    // The share of the budget for the starts, and the part of the trajectories that they see: enough to tell good starts from bad ones.
    private const double StartsShare = 0.7;
    private const int Part = 4, MinPart = 64, MostStarts = 3;

    // The least move of a single time, as a part of the way to the neighbour.
    private const double MinMove = 0.01;

    // The penalty for an extrapolation with e times the largest gain, in units of the error of the best named grid: whatever is better exceeds it by
    // less than half an e-fold.
    private const double PenaltyWeight = 4;

    /// <summary>The evaluations per trajectory that make a useful search: a derivative by every time costs half of them.</summary>
    /// <param name="request">The request.</param>
    public static double Enough(GridRequest request) => (double)request.Steps * request.Steps;

    /// <summary>The best times found.</summary>
    /// <param name="named">The best grid so far.</param>
    /// <param name="namedError">Its error.</param>
    /// <param name="balanced">Balanced grids, of this solver and of related ones.</param>
    /// <param name="evaluations">The affordable evaluations per trajectory.</param>
    public double[] Find(double[] named, double namedError, IReadOnlyList<double[]> balanced, double evaluations)
    {
        int samples = path.States[0].Samples, stride = Math.Max(1, Math.Min(Part, samples / MinPart));
        double budget = Math.Min(evaluations, Operations / (samples * (BatchField.Operations(model.Mixture) + Overhead))), weight = PenaltyWeight * namedError;
        PilotError pilot = new(model, request, path) { PenaltyWeight = weight }, part = new(model, request, path.Ends(stride)) { PenaltyWeight = weight };
        List<double[]> all = [];
        // Equal starts would share the budget and end in the same times.
        foreach (double[] start in Starts(named, balanced))
            if (!all.Exists(other => other.SequenceEqual(start))) all.Add(start);
        double[][] starts = [.. all.OrderBy(start => Value(part, start)).Take(MostStarts)];
        double share = StartsShare * budget * stride / starts.Length;
        (double[] Times, double Value) best = (named, double.PositiveInfinity);
        foreach (double[] start in starts)
        {
            Consider(start);
            Consider(Descend(part, start, part.Evaluations + share));
        }
        return Descend(pilot, best.Times, budget - (double)part.Evaluations / stride);

        void Consider(double[] times)
        {
            double value = Value(pilot, times);
            if (value < best.Value) best = (times, value);
        }
    }

    private static double Value(PilotError errors, double[] times) => errors.Of(times) + errors.Penalty;

    private double[] Descend(PilotError errors, double[] start, double limit)
    {
        double[] times = new LeastSquaresTimes(errors, model.Process).Find(start, limit);
        double value = Value(errors, times);
        // A move repeats only the steps after it, half of them on average.
        int trials = (int)Math.Max(0, (limit - errors.Evaluations) / (0.5 * request.Steps));
        return new CoordinateDescent(moved => Value(errors, moved), OptimalGrid.Moved, MinMove).Find(times, value, ref trials).Times;
    }

    private IEnumerable<double[]> Starts(double[] named, IReadOnlyList<double[]> balanced)
    {
        yield return named;
        double[]? even = EqualLogSteps();
        if (even is not null) yield return even;
        foreach (double[] grid in balanced)
        {
            yield return grid;
            if (even is null) continue;
            foreach (double share in new[] { 0.25, 0.5, 0.75 })
                if (Between(even, grid, share) is { } mean) yield return mean;
        }
    }

    /// <summary>Equal steps of log-SNR, from end to end or as far as the data's scale reaches; null if there are not as many.</summary>
    private double[]? EqualLogSteps()
    {
        // One step at each end that is out of the data's scale.
        for (int intervals = request.Steps; intervals > Math.Max(0, request.Steps - 3); intervals--)
        {
            double[] times = PilotTimes.Create(model.Mixture, model.Process, intervals);
            if (times.Length == request.Steps + 1) return times;
        }
        return null;
    }

    /// <summary>The geometric means of the noise-to-signal ratios; null if double precision does not resolve them.</summary>
    private double[]? Between(double[] first, double[] second, double share)
    {
        double[] times = [.. first];
        for (int i = 1; i < times.Length; i++)
        {
            if (i < times.Length - 1)
                times[i] = model.Process.TimeAt(PortableMath.Exp((1 - share) * Place(first[i]) + share * Place(second[i])));
            if (!(times[i] < times[i - 1])) return null;
        }
        return times;

        double Place(double time) => PortableMath.Log(model.Process.At(time).NoiseToSignal);
    }
}
