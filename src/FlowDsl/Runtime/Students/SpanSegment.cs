using System.Runtime.CompilerServices;
using FlowDsl.Mathematics.Structure;
using FlowDsl.Mathematics.Students;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Students;

/// <summary>Maps a segment's coordinates to those along the axes of the means' span, and back with the orthogonal part.</summary>
internal sealed class SpanSegment
{
    private readonly DenseLayer _toAxes, _fromAxes;
    private readonly float _start;
    private readonly float[] _shifts;
    private readonly int _d, _r;

    public SpanSegment(MeansSpan span, GaussianMixtureModel model, double from, double to)
    {
        (_d, _r) = (model.Dimension, span.Axes.Length);
        float[] toAxes = new float[(_d + 1) * _r], fromAxes = new float[(_r + 1) * _d];
        for (int i = 0; i < _r; i++)
            for (int j = 0; j < _d; j++) toAxes[i * _d + j] = fromAxes[j * _r + i] = (float)span.Axes[i][j];
        (_toAxes, _fromAxes) = (new DenseLayer(_d, _r), new DenseLayer(_r, _d));
        _toAxes.Load(toAxes, forTraining: false);
        _fromAxes.Load(fromAxes, forTraining: false);

        var map = new StudentMap(model.Mixture, model.Process, from, to);
        double mean = model.Process.At(to).A - map.Start * model.Process.At(from).A;
        _start = (float)map.Start;
        _shifts = Array.ConvertAll(span.Complement, value => (float)(mean * value));
    }

    /// <summary>coordinates ← Qᵀx.</summary>
    public void Enter(ref float x, ref float coordinates, nuint pitch, nuint lanes) => _toAxes.Apply(ref x, ref coordinates, pitch, lanes);

    /// <summary>The derivative of <see cref="Enter"/>.</summary>
    public void EnterTangent(ref float direction, ref float coordinates, nuint pitch, nuint lanes)
        => _toAxes.ApplyLinear(ref direction, ref coordinates, pitch, lanes);

    /// <summary>x ← αx + Q(result - α coordinates) + b; the coordinates are lost.</summary>
    public void Leave(ref float coordinates, ref float result, ref float x, nuint pitch, nuint lanes)
        => Leave(ref coordinates, ref result, ref x, pitch, lanes, _shifts);

    /// <summary>The derivative of <see cref="Leave(ref float, ref float, ref float, nuint, nuint)"/>.</summary>
    public void LeaveTangent(ref float coordinates, ref float result, ref float direction, nuint pitch, nuint lanes)
        => Leave(ref coordinates, ref result, ref direction, pitch, lanes, []);

    private void Leave(ref float coordinates, ref float result, ref float x, nuint pitch, nuint lanes, ReadOnlySpan<float> shifts)
    {
        for (nuint j = 0; j < (nuint)_r; j++)
            StudentMath.AddScaled(ref Unsafe.Add(ref coordinates, j * pitch), -_start, ref Unsafe.Add(ref result, j * pitch), lanes);
        for (int j = 0; j < _d; j++)
        {
            ref float row = ref Unsafe.Add(ref x, (nuint)j * pitch);
            StudentMath.MultiplyAdd(ref row, _start, shifts.IsEmpty ? 0 : shifts[j], ref row, lanes);
        }
        _fromAxes.AddLinear(ref result, ref x, pitch, lanes);
    }
}
