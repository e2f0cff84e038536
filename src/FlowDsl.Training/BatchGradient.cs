using System.Numerics;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Students;

namespace FlowDsl.Training;

/// <summary>The loss of a segment on a batch and its gradient, block by block; not thread-safe.</summary>
internal sealed class BatchGradient
{
    // Padding that keeps rows of a wide layer apart in the cache; see DenseLayer.
    private const int Lanes = 128, Pitch = Lanes + 16;

    private readonly StudentKernel _kernel;
    private readonly AlignedNumbers<float> _rows, _slopes, _adjoints, _targets;
    private readonly int _r;

    public BatchGradient(StudentKernel kernel)
    {
        _kernel = kernel;
        _r = kernel.Student.Shape.Coordinates;
        _rows = new AlignedNumbers<float>(kernel.ProgramRows * Pitch);
        _adjoints = new AlignedNumbers<float>(kernel.ProgramRows * Pitch);
        _slopes = new AlignedNumbers<float>(kernel.Student.Shape.Width * kernel.Student.Shape.Depth * Pitch);
        _targets = new AlignedNumbers<float>(_r * Pitch);
    }

    /// <summary>Computes Σ|f(x) - y|² over samples, and adds its gradient times a factor.</summary>
    /// <param name="segment">The segment, with the parameters loaded for training.</param>
    /// <param name="starts">x, row-major.</param>
    /// <param name="targets">y, row-major.</param>
    /// <param name="factor">The factor of the gradient.</param>
    /// <param name="gradient">The gradient to add to; empty for the loss only.</param>
    /// <returns>The sum.</returns>
    public double Add(StudentSegment segment, ReadOnlySpan<float> starts, ReadOnlySpan<float> targets, float factor, Span<float> gradient)
    {
        double loss = 0;
        for (int first = 0; first < starts.Length / _r; first += Lanes)
        {
            int n = Math.Min(Lanes, starts.Length / _r - first);
            int lanes = (n + 2 * Vector<float>.Count - 1) / (2 * Vector<float>.Count) * 2 * Vector<float>.Count;
            Transposition.ToRows(starts.Slice(first * _r, n * _r), _r, _rows.Span, Pitch, n, lanes);
            Transposition.ToRows(targets.Slice(first * _r, n * _r), _r, _targets.Span, Pitch, n, lanes);
            _kernel.Record(segment, ref _rows.First, ref _slopes.First, Pitch, (nuint)lanes);
            loss += Compare(n, lanes, 2 * factor);
            if (!gradient.IsEmpty) _kernel.Backpropagate(segment, ref _rows.First, ref _slopes.First, ref _adjoints.First, Pitch, (nuint)lanes, gradient);
        }
        return loss;
    }

    // adjoint ← factor (result - target), zero if there is no sample.
    private double Compare(int n, int lanes, float factor)
    {
        double loss = 0;
        for (int j = 0; j < _r; j++)
        {
            ReadOnlySpan<float> result = _rows.Span.Slice((_kernel.ResultRow + j) * Pitch, lanes), target = _targets.Span.Slice(j * Pitch, lanes);
            Span<float> adjoint = _adjoints.Span.Slice((_kernel.ResultRow + j) * Pitch, lanes);
            adjoint[n..].Clear();
            float sum = 0;
            for (int i = 0; i < n; i++)
            {
                float difference = result[i] - target[i];
                sum += difference * difference;
                adjoint[i] = factor * difference;
            }
            loss += sum;
        }
        return loss;
    }
}
