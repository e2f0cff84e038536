using System.ComponentModel;
using System.Numerics;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Runtime.Points;

namespace FlowDsl.Runtime.Networks;

/// <summary>The entry points of generated score networks.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ScoreDriver
{
    // Rows of small networks fit on the stack.
    private const int StackValues = 1024;

    /// <inheritdoc cref="IScoreNetwork{TSelf}.Score"/>
    public static void Score<TProgram>(TProgram program, ScoreNetworkDescriptor network, double t, ReadOnlySpan<double> x, Span<double> score)
        where TProgram : IScoreProgram<double>
    {
        ArgumentNullException.ThrowIfNull(network);
        int d = program.Dimension, width = Vector<double>.Count;
        PointFunctions.Check(x.Length, d, nameof(x));
        PointFunctions.Check(score.Length, d, nameof(score));
        if (!(t >= network.Earliest && t <= network.Latest))
        {
            string valid = network.Earliest == network.Latest
                ? $"the network is valid at t = {PortableNumber.Format(network.Earliest)} only"
                : $"the network is valid at t from {PortableNumber.Format(network.Earliest)} to {PortableNumber.Format(network.Latest)}";
            throw new ArgumentOutOfRangeException(nameof(t), t, $"{char.ToUpperInvariant(valid[0])}{valid[1..]}.");
        }

        // One vector, of which only one lane counts.
        int biases = Math.Max(1, program.BiasCount), length = biases + (2 * d + Math.Max(1, program.ScratchRows)) * width;
        Span<double> room = length <= StackValues ? stackalloc double[length] : new double[length];
        Span<double> states = room.Slice(biases, d * width), scores = room.Slice(biases + d * width, d * width);
        states.Clear();
        for (int j = 0; j < d; j++) states[j * width] = x[j];
        program.Clock(t, room[..program.BiasCount]);
        program.Score(ref states[0], ref scores[0], (nuint)width, (nuint)width, ref MemoryMarshal.GetReference(room), ref room[biases + 2 * d * width],
            (nuint)width);
        for (int j = 0; j < d; j++) score[j] = scores[j * width];
    }
}
