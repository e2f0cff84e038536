using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Trajectories;

/// <summary>The Jacobian of the exact flow along trajectories, applied to vectors from either side.</summary>
/// <remarks>
/// Heun's step of dz/dζ = ω ∇F z from node to node in the canonical chart of the mean variance, and its exact transpose, so iterations with both
/// converge to singular values of one matrix. Responsibilities are stored, so a step needs only products with ∇F.
/// </remarks>
internal sealed class FlowJacobian
{
    private readonly PilotPath _path;
    private readonly BatchField[] _fields;
    private readonly Vector<double>[][] _responsibilities;
    private readonly double[] _scales, _clocks;
    private readonly int _count;
    private readonly Vector<double>[] _first, _second, _shifted;

    /// <summary>Evaluates the responsibilities at all nodes.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="process">The process.</param>
    /// <param name="path">The trajectories.</param>
    public FlowJacobian(Mixture mixture, Process process, PilotPath path)
    {
        var frame = ChartFrame.Canonical(mixture.MeanVariance);
        ProcessPoint[] points = [.. path.Times.Select(process.At)];
        (_path, _count) = (path, mixture.Count);
        _fields = [.. points.Select(point => BatchField.Create(mixture, frame.Slope(point)))];
        (_scales, _clocks) = ([.. points.Select(point => frame.Scale(point))], [.. points.Select(point => frame.Clock(point))]);
        (_first, _second, _shifted) = (new Vector<double>[mixture.Dimension], new Vector<double>[mixture.Dimension], new Vector<double>[mixture.Dimension]);
        _responsibilities = new Vector<double>[points.Length][];
        for (int node = 0; node < points.Length; node++)
        {
            Batch states = path.States[node];
            _responsibilities[node] = new Vector<double>[states.Blocks * _count];
            for (int block = 0; block < states.Blocks; block++)
                _fields[node].Evaluate(states.Block(block), _first, _responsibilities[node].AsSpan(block * _count, _count));
        }
    }

    /// <summary>J v, in place.</summary>
    /// <param name="block">The block of samples.</param>
    /// <param name="first">The node at which the flow starts.</param>
    /// <param name="last">The node at which it ends.</param>
    /// <param name="v">d vectors.</param>
    [MethodImpl(Lanes.AggressiveOptimization)]
    public void Apply(int block, int first, int last, Span<Vector<double>> v)
    {
        Scale(v, 1 / _scales[first]);
        for (int i = first; i < last; i++)
        {
            double step = _clocks[i + 1] - _clocks[i];
            Vector<double> start = new(_scales[i] * step), end = new(_scales[i + 1] * step);
            Multiply(i, block, v, _first);
            for (int j = 0; j < v.Length; j++) _shifted[j] = v[j] + start * _first[j];
            Multiply(i + 1, block, _shifted, _second);
            for (int j = 0; j < v.Length; j++) v[j] += new Vector<double>(0.5) * (start * _first[j] + end * _second[j]);
        }
        Scale(v, _scales[last]);
    }

    /// <summary>Jᵀ w, in place.</summary>
    /// <param name="block">The block of samples.</param>
    /// <param name="first">The node at which the flow starts.</param>
    /// <param name="last">The node at which it ends.</param>
    /// <param name="w">d vectors.</param>
    [MethodImpl(Lanes.AggressiveOptimization)]
    public void ApplyTransposed(int block, int first, int last, Span<Vector<double>> w)
    {
        Scale(w, _scales[last]);
        for (int i = last - 1; i >= first; i--)
        {
            double step = _clocks[i + 1] - _clocks[i];
            Vector<double> start = new(_scales[i] * step), end = new(_scales[i + 1] * step);
            Multiply(i + 1, block, w, _second);
            for (int j = 0; j < w.Length; j++) _shifted[j] = w[j] + end * _second[j];
            Multiply(i, block, _shifted, _first);
            for (int j = 0; j < w.Length; j++) w[j] += new Vector<double>(0.5) * (start * _first[j] + end * _second[j]);
        }
        Scale(w, 1 / _scales[first]);
    }

    private void Multiply(int node, int block, ReadOnlySpan<Vector<double>> direction, Span<Vector<double>> product)
        => _fields[node].Multiply(_path.States[node].Block(block), _responsibilities[node].AsSpan(block * _count, _count), direction, product);

    [MethodImpl(Lanes.AggressiveOptimization)]
    private static void Scale(Span<Vector<double>> values, double factor)
    {
        for (int j = 0; j < values.Length; j++) values[j] *= new Vector<double>(factor);
    }
}
