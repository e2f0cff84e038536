using System.ComponentModel;
using System.Runtime.CompilerServices;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Blocks;

namespace FlowDsl.Runtime.Students;

/// <summary>A student with its weights: the kernel of its sampler, its derivatives, and the functions for training.</summary>
/// <remarks>
/// A block has the state's rows, followed by those of the student's program if it maps coordinates along axes Q of the means' span: with y = Qᵀx and
/// y' its image, x' = αx + Q(y' - αy) + b, which is exact orthogonal to the span.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class StudentKernel : BlockKernel<float>
{
    // The number of values in a block's rows, which stay in the second-level cache beside the weights.
    private const int BlockValues = 1 << 16;

    private readonly StudentSegment[] _segments;
    private readonly SpanSegment[]? _spans;

    private protected StudentKernel(StudentDescriptor student, StudentWeights? weights, int programRows)
    {
        ArgumentNullException.ThrowIfNull(student);
        Student = student;
        ProgramRows = programRows;
        (Dimension, SegmentCount) = (student.Sampler.Dimension, student.SegmentCount);
        _segments = [.. Enumerable.Range(0, student.SegmentCount).Select(Segment)];
        IReadOnlyList<double> times = student.Sampler.Times;
        if (student.Span is { } span)
            _spans = [.. Enumerable.Range(0, student.SegmentCount).Select(j => new SpanSegment(span, student.Sampler.Model, times[j], times[j + 1]))];
        RowCount = (_spans is null ? 0 : StateRows) + programRows;
        HasWeights = weights is not null;
        for (int j = 0; weights is not null && j < _segments.Length; j++) _segments[j].Load(weights.Segment(j), forTraining: false);
        Stride = Math.Clamp(BlockValues / RowCount / 32 * 32, 32, 256);
    }

    /// <summary>The student.</summary>
    public StudentDescriptor Student { get; }

    /// <summary>Whether there are weights; without them nothing can be mapped.</summary>
    public bool HasWeights { get; }

    /// <summary>The rows of the program.</summary>
    internal int ProgramRows { get; }

    /// <summary>The first of the program's rows that receive its result.</summary>
    internal abstract int ResultRow { get; }

    private int StateRows => PackedMatrix<float>.Even(Dimension);

    /// <inheritdoc/>
    public override void Advance(ref float rows, nuint count, int segment, int history)
    {
        nuint lanes = PackedMatrix<float>.Pairs(count), pitch = (nuint)Stride;
        if (_spans is null)
        {
            Map(_segments[segment], ref rows, pitch, lanes);
            StudentMath.Copy(ref Unsafe.Add(ref rows, (nuint)ResultRow * pitch), ref rows, Dimension, pitch, lanes);
            return;
        }
        ref float program = ref Unsafe.Add(ref rows, (nuint)StateRows * pitch);
        _spans[segment].Enter(ref rows, ref program, pitch, lanes);
        Map(_segments[segment], ref program, pitch, lanes);
        _spans[segment].Leave(ref program, ref Unsafe.Add(ref program, (nuint)ResultRow * pitch), ref rows, pitch, lanes);
    }

    /// <summary>The segment's data without weights, to load others.</summary>
    internal StudentSegment Segment(int index)
        => new(Student.Shape, Student.Mapped, Student.Sampler.Model.Process, Student.Sampler.Times[index], Student.Sampler.Times[index + 1]);

    internal abstract void Map(StudentSegment segment, ref float rows, nuint pitch, nuint lanes);

    internal abstract void Record(StudentSegment segment, ref float rows, ref float slopes, nuint pitch, nuint lanes);

    internal abstract void Differentiate(StudentSegment segment, ref float rows, ref float slopes, ref float tangents, nuint pitch, nuint lanes);

    internal abstract void Backpropagate(
        StudentSegment segment, ref float rows, ref float slopes, ref float adjoints, nuint pitch, nuint lanes, Span<float> gradient);

    /// <summary>Throws if there are no weights.</summary>
    internal void RequireWeights()
    {
        if (!HasWeights)
            throw new InvalidOperationException(
                $"Student '{Student.Sampler.Name}' has no weights: train it with StudentTraining.Train<{Student.Sampler.Name}>, " +
                "name the file in its Weights and build again, or give weights to StudentFlow.");
    }

    /// <summary>Maps samples and directions over some segments.</summary>
    internal void Differentiate(Span<float> states, Span<float> directions, int firstSegment, int segmentCount)
    {
        int d = Dimension, size = RowCount * Stride, hidden = Student.Shape.Width * Student.Shape.Depth * Stride;
        using var memory = new PooledRows<float>(2 * size + hidden);
        Span<float> rows = memory.Span[..size], tangents = memory.Span.Slice(size, size), slopes = memory.Span[(2 * size)..];
        for (int first = 0; first < states.Length / d; first += Stride)
        {
            int n = Math.Min(Stride, states.Length / d - first);
            nuint lanes = PackedMatrix<float>.Pairs((nuint)n);
            Transposition.ToRows(states.Slice(first * d, n * d), d, rows, Stride, n, (int)lanes);
            WholeSamples.Keep(rows, Stride, d, n);
            Transposition.ToRows(directions.Slice(first * d, n * d), d, tangents, Stride, n, (int)lanes);
            for (int segment = firstSegment; segment < firstSegment + segmentCount; segment++)
                Differentiate(segment, ref rows[0], ref slopes[0], ref tangents[0], lanes);
            WholeSamples.Keep(rows, Stride, d, n);
            WholeSamples.Keep(tangents, Stride, d, n);
            Transposition.FromRows(rows, Stride, states.Slice(first * d, n * d), d, n);
            Transposition.FromRows(tangents, Stride, directions.Slice(first * d, n * d), d, n);
        }
    }

    private void Differentiate(int segment, ref float rows, ref float slopes, ref float tangents, nuint lanes)
    {
        nuint pitch = (nuint)Stride, result = (nuint)ResultRow * pitch;
        if (_spans is null)
        {
            Record(_segments[segment], ref rows, ref slopes, pitch, lanes);
            Differentiate(_segments[segment], ref rows, ref slopes, ref tangents, pitch, lanes);
            StudentMath.Copy(ref Unsafe.Add(ref rows, result), ref rows, Dimension, pitch, lanes);
            StudentMath.Copy(ref Unsafe.Add(ref tangents, result), ref tangents, Dimension, pitch, lanes);
            return;
        }
        nuint state = (nuint)StateRows * pitch;
        ref float program = ref Unsafe.Add(ref rows, state), direction = ref Unsafe.Add(ref tangents, state);
        _spans[segment].Enter(ref rows, ref program, pitch, lanes);
        _spans[segment].EnterTangent(ref tangents, ref direction, pitch, lanes);
        Record(_segments[segment], ref program, ref slopes, pitch, lanes);
        Differentiate(_segments[segment], ref program, ref slopes, ref direction, pitch, lanes);
        _spans[segment].Leave(ref program, ref Unsafe.Add(ref program, result), ref rows, pitch, lanes);
        _spans[segment].LeaveTangent(ref direction, ref Unsafe.Add(ref direction, result), ref tangents, pitch, lanes);
    }
}

/// <summary>A student's kernel with its generated program.</summary>
/// <param name="student">The student.</param>
/// <param name="weights">Its weights; null to throw when they are needed.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class StudentKernel<TProgram>(StudentDescriptor student, StudentWeights? weights) : StudentKernel(student, weights, TProgram.RowCount)
    where TProgram : IStudentProgram
{
    internal override int ResultRow => TProgram.ResultRow;

    internal override void Map(StudentSegment segment, ref float rows, nuint pitch, nuint lanes) => TProgram.Map(segment, ref rows, pitch, lanes);

    internal override void Record(StudentSegment segment, ref float rows, ref float slopes, nuint pitch, nuint lanes)
        => TProgram.Record(segment, ref rows, ref slopes, pitch, lanes);

    internal override void Differentiate(StudentSegment segment, ref float rows, ref float slopes, ref float tangents, nuint pitch, nuint lanes)
        => TProgram.Differentiate(segment, ref rows, ref slopes, ref tangents, pitch, lanes);

    internal override void Backpropagate(
        StudentSegment segment, ref float rows, ref float slopes, ref float adjoints, nuint pitch, nuint lanes, Span<float> gradient)
        => TProgram.Backpropagate(segment, ref rows, ref slopes, ref adjoints, pitch, lanes, gradient);
}
