using System.Numerics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Trajectories;

/// <summary>Which component is the likeliest for each sample at one time.</summary>
/// <param name="mixture">The mixture.</param>
/// <param name="point">The process at the time, at which no component is a point mass.</param>
internal sealed class ComponentOwners(Mixture mixture, ProcessPoint point)
{
    private readonly BatchField _field = BatchField.Create(mixture, MixtureField.PosteriorMean(point));

    /// <summary>The likeliest component of each sample.</summary>
    /// <param name="states">The samples.</param>
    public int[] Of(Batch states)
    {
        int count = mixture.Count, lanes = Lanes.Count;
        var value = new Vector<double>[states.Dimension];
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
