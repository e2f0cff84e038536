using FlowDsl.Mathematics.Fields;

namespace FlowDsl.Mathematics.Trajectories;

/// <summary>Differences of samples at one time in units of the components' widths: √(a²λ + s²) along each principal axis of variance λ.</summary>
/// <remarks>
/// A squared distance is dominated by the widest direction, and a relative one depends on the distance from the origin. In these units a narrow
/// direction counts like a wide one, wherever the component lies.
/// </remarks>
internal sealed class StandardUnits
{
    private readonly Mixture _mixture;
    private readonly ComponentOwners _owners;
    private readonly ProcessPoint _point;

    /// <summary>Prepares the units.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="point">The process at the time, at which no component is a point mass.</param>
    public StandardUnits(Mixture mixture, ProcessPoint point)
    {
        (_mixture, _point, _owners) = (mixture, point, new ComponentOwners(mixture, point));
    }

    /// <summary>
    /// The mean square of the largest coordinate of the difference, over the samples that the same component owns in both batches; infinite if there
    /// are none or a difference is not finite.
    /// </summary>
    /// <param name="states">The samples.</param>
    /// <param name="exact">Where they should be; their components give the units.</param>
    public double MeanSquare(Batch states, Batch exact)
    {
        int[] owners = _owners.Of(exact), reached = _owners.Of(states);
        double[][] from = exact.Points(), to = states.Points();
        double[] difference = new double[exact.Dimension];
        double total = 0;
        int count = 0;
        for (int i = 0; i < owners.Length; i++)
        {
            if (owners[i] != reached[i]) continue;
            for (int j = 0; j < difference.Length; j++) difference[j] = to[i][j] - from[i][j];
            total += ComponentWidths.MaxSquare(_mixture.Covariances[owners[i]], _point, difference);
            count++;
        }
        return count == 0 || double.IsNaN(total) ? double.PositiveInfinity : total / count;
    }
}
