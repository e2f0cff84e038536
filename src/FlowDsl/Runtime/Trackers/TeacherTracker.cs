using System.Numerics;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;
using FlowDsl.Runtime.Students;

namespace FlowDsl.Runtime.Trackers;

/// <summary>
/// A student's error. At each node the reference maps the student's own state over the segment; the difference from the student is the segment's
/// error, and the tangents of the reference's steps carry it to the end, along the student's path.
/// </summary>
internal sealed class TeacherTracker : BlockTracker<float>
{
    private readonly StudentKernel _student;
    private readonly TangentKernel<float>[] _teachers;
    private readonly BranchMargins<float> _margins;
    private readonly int _d;

    public TeacherTracker(StudentKernel student)
        : base(student.Student.Sampler.Dimension)
    {
        SamplerDescriptor sampler = student.Student.Sampler;
        Mixture mixture = sampler.Model.Mixture;
        (_student, _d) = (student, sampler.Dimension);
        int tangents = LocalErrors.TangentCount(_d);
        _teachers = [.. Enumerable.Range(0, sampler.SegmentCount).Select(
            j => new TangentKernel<float>(mixture, student.Student.Teacher(sampler.Times[j], sampler.Times[j + 1]), errors: null, tangents))];
        _margins = new BranchMargins<float>(mixture, sampler.Model.Process, sampler.Times);
    }

    /// <inheritdoc/>
    protected override void Track(Span<float> states, Span<float> starts, Span<FlowError> errors)
    {
        // One solver: all references have the same rows.
        TangentKernel<float> layout = _teachers[0];
        int stride = layout.Stride;
        using var memory = new PooledRows<float>((layout.RowCount + _d) * stride);
        Span<float> rows = memory.Span[..(layout.RowCount * stride)], mapped = memory.Span[(layout.RowCount * stride)..];
        var watch = new MarginWatch<float>(_margins, stride);
        for (int first = 0; first < errors.Length; first += stride)
        {
            int n = Math.Min(stride, errors.Length - first);
            Follow(states.Slice(first * _d, n * _d), rows, mapped, watch);
            Span<FlowError> own = errors.Slice(first, n);
            for (int i = 0; i < n; i++) own[i] = Read(rows, i, watch);
        }
    }

    private void Follow(Span<float> states, Span<float> rows, Span<float> mapped, MarginWatch<float> watch)
    {
        TangentKernel<float> layout = _teachers[0];
        int n = states.Length / _d, stride = layout.Stride;
        nuint count = (nuint)((n + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count);
        watch.Reset();
        Transposition.ToRows(states, _d, rows, stride, n, stride);
        TangentDirections.Start(layout, rows);
        for (int j = 0; j < _teachers.Length; j++)
        {
            for (int step = 0; step < _teachers[j].SegmentCount; step++) _teachers[j].Advance(ref rows[0], count, step, 0);
            BlockDriver.Integrate(_student, states, j, 1);
            Transposition.ToRows(states, _d, mapped, stride, n, stride);
            Replace(rows, mapped, layout.TangentRow(0) * stride);
            watch.AtNode(j + 1, ref rows[0], (nuint)stride, count);
        }
    }

    // error ← error + mapped - state, state ← mapped
    private static void Replace(Span<float> rows, ReadOnlySpan<float> mapped, int error)
    {
        for (int i = 0; i < mapped.Length; i++)
        {
            rows[error + i] += mapped[i] - rows[i];
            rows[i] = mapped[i];
        }
    }

    private FlowError Read(ReadOnlySpan<float> rows, int lane, MarginWatch<float> watch)
    {
        TangentKernel<float> layout = _teachers[0];
        double growth = 0;
        for (int tangent = 1; tangent < layout.TangentCount; tangent++) growth += TangentDirections.Square(layout, rows, tangent, lane);
        double estimate = Math.Sqrt(TangentDirections.Square(layout, rows, 0, lane));
        return new FlowError(estimate, double.PositiveInfinity, Math.Sqrt(growth / (layout.TangentCount - 1)), watch.Least[lane]);
    }
}
