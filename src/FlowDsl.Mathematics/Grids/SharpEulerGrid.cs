using System.Numerics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Grids;

/// <summary>
/// Equal shares of ∫(E|d²x/dt²|)^γ dt, x on trajectories of the flow: γ = 1/2 minimises the sum of the errors of Euler's steps in t
/// (Gupta, Lim, Yu and Erichson, arXiv:2605.11547).
/// </summary>
/// <remarks>
/// As published, the acceleration is the difference of the velocities at the ends of a short interval, and its norm is averaged over the trajectories.
/// These are exact ones here, without the noise of a network, so nothing is smoothed. Coordinates in which the law is one Gaussian enter each
/// norm by their mean square.
/// </remarks>
internal sealed class SharpEulerGrid : GridRule
{
    private const int Intervals = 192, WantedSamples = 1024;

    // Beyond these multiples of the data's largest and smallest scales the velocity hardly changes with t: one interval to an end at an infinite log-SNR.
    private const double MaxRatio = 50, MinRatio = 0.02;

    /// <inheritdoc/>
    public override GridTimes? Times(GridRequest request, ModelAnalysis analysis)
    {
        PilotModel model = analysis.Pilot;
        int samples = PilotBudget.Samples(model.Mixture, 7.0 * Intervals, WantedSamples);
        if (samples == 0) return WithoutMeasuring(request, analysis, GridStandIn.MixtureTooLarge, samples: 0, isReduced: true);
        (double[][] starts, _) = PriorPoints.Draw(model.Mixture, model.Process, samples);
        PilotPath path = PilotPath.Follow(model, Nodes(model), Batch.Of(starts));
        bool isReduced = samples < WantedSamples;
        return TimesOf(request, Accelerations(model, path), path.Times) is { } times
            ? new GridTimes(request.Grid, [.. times], samples, isReduced)
            : WithoutMeasuring(request, analysis, GridStandIn.ErrorsNotFinite, samples: 0, isReduced: true);
    }

    /// <summary>Equal steps of log(s/a), and the ends at which it is infinite.</summary>
    private static double[] Nodes(PilotModel model)
    {
        Process process = model.Process;
        double first = process.At(process.Horizon).NoiseToSignal, last = process.At(process.EarlyStop).NoiseToSignal;
        double high = double.IsInfinity(first) ? MaxRatio * PilotTimes.Reach(model.Mixture) : first;
        double low = last == 0 ? MinRatio * Math.Sqrt(model.Mixture.MinVariance) : last;
        return PilotTimes.EqualRatios(process, process.Horizon, process.EarlyStop, high, low, double.IsInfinity(first) ? 0 : 1, Intervals);
    }

    /// <summary>The mean over trajectories of |v(x_i, t_i) - v(x_(i+1), t_(i+1))|/(t_i - t_(i+1)) for each interval.</summary>
    private static double[] Accelerations(PilotModel model, PilotPath path)
    {
        double[] means = new double[path.Times.Length - 1];
        Batch velocities = Velocities(0);
        for (int i = 0; i < means.Length; i++)
        {
            model.CancellationToken.ThrowIfCancellationRequested();
            Batch next = Velocities(i + 1);
            double rest = model.RestVelocityChange2(path.Times[i], path.Times[i + 1]), total = 0;
            // In the order of the samples, whatever the vector width.
            foreach (double square in next.SquaredDistances(velocities)) total += Math.Sqrt(square + rest);
            means[i] = total / next.Samples / (path.Times[i] - path.Times[i + 1]);
            velocities = next;
        }
        return means;

        Batch Velocities(int node)
        {
            Batch states = path.States[node], result = new(states.Samples, states.Dimension);
            BatchField field = BatchField.Create(model.Mixture, MixtureField.Velocity(model.Process.At(path.Times[node])));
            var responsibilities = new Vector<double>[model.Mixture.Count];
            for (int block = 0; block < states.Blocks; block++) field.Evaluate(states.Block(block), result.Block(block), responsibilities);
            return result;
        }
    }

    /// <summary>The times of equal shares; null if the accelerations are not finite.</summary>
    private static double[]? TimesOf(GridRequest request, double[] accelerations, double[] nodes)
    {
        // Straight trajectories at constant speed: no time is better than another.
        bool isStraight = accelerations.All(acceleration => acceleration == 0);
        double[] cumulative = new double[nodes.Length];
        for (int i = 0; i < accelerations.Length; i++)
        {
            double density = isStraight ? 1 : PortableMath.Pow(accelerations[i], request.Options.Gamma);
            cumulative[i + 1] = cumulative[i] + density * (nodes[i] - nodes[i + 1]);
        }
        double total = cumulative[cumulative.Length - 1];
        if (!(total > 0) || double.IsInfinity(total)) return null;
        return EqualShares(cumulative, nodes, request.Steps);
    }
}
