using System.Numerics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Trajectories;

/// <summary>Differences of samples at one time in units of the components' widths: along each principal axis of variance λ, √(a²λ + s²).</summary>
/// <remarks>
/// A squared distance is decided by the widest direction, and relative to the samples' size by how far they lie from the origin. In these units a
/// narrow direction counts as much as a wide one, wherever the component lies.
/// </remarks>
internal sealed class StandardUnits
{
    private readonly Mixture _mixture;
    private readonly BatchField _field;
    private readonly ProcessPoint _point;

    /// <summary>Prepares the units.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="point">The process at the time, where no component is a point.</param>
    public StandardUnits(Mixture mixture, ProcessPoint point)
    {
        (_mixture, _point) = (mixture, point);
        _field = BatchField.Create(mixture, MixtureField.PosteriorMean(point));
    }

    /// <summary>
    /// The mean, over the samples that the same component owns in both batches, of the square of the largest coordinate of their difference; infinite
    /// where there are none or a difference is not finite.
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
