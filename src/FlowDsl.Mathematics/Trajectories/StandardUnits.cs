using System.Numerics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Trajectories;

/// <summary>Differences of samples at one time in units of the components' widths: √(a²λ + s²) along each principal axis of variance λ.</summary>
/// <remarks>
/// A squared distance is dominated by the widest direction, and a relative one depends on the distance from the origin. In these units a narrow
/// direction counts like a wide one, wherever the component lies.
/// </remarks>
internal sealed class StandardUnits
{
    private readonly Mixture _mixture;
    private readonly BatchField _field;
    private readonly ProcessPoint _point;

    /// <summary>Prepares the units.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="point">The process at the time, at which no component is a point mass.</param>
    public StandardUnits(Mixture mixture, ProcessPoint point)
    {
        (_mixture, _point) = (mixture, point);
        _field = BatchField.Create(mixture, MixtureField.PosteriorMean(point));
    }

    /// <summary>
    /// The mean square of the largest coordinate of the difference, over the samples that the same component owns in both batches; infinite if there
    /// are none or a difference is not finite.
    /// </summary>
    /// <param name="states">The samples.</param>
    /// <param name="exact">Where they should be; their components give the units.</param>
    public double MeanSquare(Batch states, Batch exact)
    {
        int[] owners = Owners(exact), reached = Owners(states);
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

    /// <summary>The likeliest component of each sample.</summary>
    private int[] Owners(Batch states)
    {
        int d = states.Dimension, count = _mixture.Count, lanes = Lanes.Count;
        var value = new Vector<double>[d];
        var responsibilities = new Vector<double>[count];
        int[] owners = new int[states.Samples];
        for (int block = 0; block < states.Blocks; block++)
        {
            _field.Evaluate(states.Block(block), value, responsibilities);
            for (int lane = 0; lane < lanes && block * lanes + lane < owners.Length; lane++)
            {
                int best = 0;
                for (int k = 1; k < count; k++)
                    if (responsibilities[k][lane] > responsibilities[best][lane]) best = k;
                owners[block * lanes + lane] = best;
            }
        }
        return owners;
    }
}
