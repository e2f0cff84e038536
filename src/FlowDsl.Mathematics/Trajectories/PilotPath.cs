using System.Numerics;

namespace FlowDsl.Mathematics.Trajectories;

/// <summary>Exact trajectories of many samples on a fine grid of times, and the amplification of an error on the way.</summary>
/// <remarks>
/// Dormand-Prince steps of fifth order from node to node, in the canonical chart of the mean variance, which has no stiff contraction. The Jacobian
/// of the flow is applied from the left: ∇v is symmetric, so the adjoint dw/dζ = -∇F w uses the Jacobian of the forward equation, and one backward
/// solution covers the errors of all nodes.
/// </remarks>
internal sealed class PilotPath
{
    private readonly Mixture _mixture;
    private readonly Process _process;
    private readonly ChartFrame _frame;

    private PilotPath(Mixture mixture, Process process, double[] times, Batch[] states)
    {
        (_mixture, _process, Times, States) = (mixture, process, times, states);
        _frame = ChartFrame.Canonical(mixture.MeanVariance);
    }

    /// <summary>The M + 1 times, from the horizon to the early stop.</summary>
    public double[] Times { get; }

    /// <summary>The samples at each of them.</summary>
    public Batch[] States { get; }

    /// <summary>Follows samples through all nodes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="times">The nodes.</param>
    /// <param name="starts">The samples at the first.</param>
    public static PilotPath Follow(PilotModel model, double[] times, Batch starts)
    {
        var flow = new PilotFlow(model, times);
        var states = new Batch[times.Length];
        states[0] = starts;
        for (int i = 0; i + 1 < times.Length; i++)
        {
            states[i + 1] = new Batch(starts.Samples, starts.Dimension);
            flow.Step(i, states[i], states[i + 1]);
        }
        return new PilotPath(model.Mixture, model.Process, times, states);
    }

    /// <summary>The ends of every n-th trajectory.</summary>
    /// <param name="stride">n.</param>
    public PilotPath Ends(int stride)
        => new(_mixture, _process, [Times[0], Times[Times.Length - 1]], [States[0].Every(stride), States[States.Length - 1].Every(stride)]);

    /// <summary>
    /// At each node the vectors w for which w·e is the final error along a direction, for a small error e at the node.
    /// </summary>
    /// <param name="direction">The direction at the end for each sample.</param>
    public Batch[] Adjoints(Batch direction)
    {
        int d = direction.Dimension, last = Times.Length - 1;
        ProcessPoint[] points = [.. Times.Select(_process.At)];
        BatchField[] fields = [.. points.Select(point => BatchField.Create(_mixture, _frame.Slope(point)))];
        double[] scales = [.. points.Select(point => _frame.Scale(point))], clocks = [.. points.Select(point => _frame.Clock(point))];
        var adjoints = new Batch[Times.Length];
        for (int i = 0; i <= last; i++) adjoints[i] = new Batch(direction.Samples, d);
        Vector<double>[] w = new Vector<double>[d], shifted = new Vector<double>[d], late = new Vector<double>[d], early = new Vector<double>[d],
            value = new Vector<double>[d];
        Vector<double>[] lateWeights = new Vector<double>[_mixture.Count], earlyWeights = new Vector<double>[_mixture.Count];
        for (int block = 0; block < direction.Blocks; block++)
        {
            // In the chart: e = ω f, so w·e = ω w·f.
            var scale = new Vector<double>(scales[last]);
            for (int j = 0; j < d; j++) w[j] = scale * direction.Block(block)[j];
            direction.Block(block).CopyTo(adjoints[last].Block(block));
            fields[last].Evaluate(States[last].Block(block), value, lateWeights);
            for (int i = last - 1; i >= 0; i--)
            {
                // Heun's step of dw/dζ = -J w backwards, where J = ω ∇F since F is a function of x = ω z.
                var step = new Vector<double>(clocks[i + 1] - clocks[i]);
                Vector<double> lateScale = new Vector<double>(scales[i + 1]) * step, earlyScale = new Vector<double>(scales[i]) * step;
                fields[i + 1].Multiply(States[i + 1].Block(block), lateWeights, w, late);
                fields[i].Evaluate(States[i].Block(block), value, earlyWeights);
                for (int j = 0; j < d; j++) shifted[j] = w[j] + lateScale * late[j];
                fields[i].Multiply(States[i].Block(block), earlyWeights, shifted, early);
                var inverse = new Vector<double>(1 / scales[i]);
                Span<Vector<double>> result = adjoints[i].Block(block);
                for (int j = 0; j < d; j++)
                {
                    w[j] += new Vector<double>(0.5) * (lateScale * late[j] + earlyScale * early[j]);
                    result[j] = w[j] * inverse;
                }
                (lateWeights, earlyWeights) = (earlyWeights, lateWeights);
            }
        }
        return adjoints;
    }
}
