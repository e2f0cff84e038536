using System.ComponentModel;

namespace FlowDsl.Runtime.Students;

/// <summary>
/// The arithmetic of a student's segments, for lanes of samples held by coordinate: row r is the lanes at <c>rows[r * pitch]</c>. The first rows
/// are the coordinates. Implemented by generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IStudentProgram
{
    /// <summary>The number of rows.</summary>
    static abstract int RowCount { get; }

    /// <summary>The first of the rows that receive the mapped coordinates.</summary>
    static abstract int ResultRow { get; }

    /// <summary>Maps the coordinates.</summary>
    /// <param name="segment">The segment's data.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="pitch">The distance of rows.</param>
    /// <param name="lanes">The number of lanes, whole pairs of vectors.</param>
    static abstract void Map(StudentSegment segment, ref float rows, nuint pitch, nuint lanes);

    /// <summary>Maps the coordinates, and records the slopes of the activations for derivatives.</summary>
    /// <param name="segment">The segment's data.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="slopes">Receives a row for each hidden unit.</param>
    /// <param name="pitch">The distance of rows.</param>
    /// <param name="lanes">The number of lanes, whole pairs of vectors.</param>
    static abstract void Record(StudentSegment segment, ref float rows, ref float slopes, nuint pitch, nuint lanes);

    /// <summary>The derivative of the recorded map along a direction.</summary>
    /// <param name="segment">The segment's data.</param>
    /// <param name="rows">The rows as recorded.</param>
    /// <param name="slopes">The slopes as recorded.</param>
    /// <param name="tangents">The same number of rows: the direction in those of the coordinates, its image in those of the result.</param>
    /// <param name="pitch">The distance of rows.</param>
    /// <param name="lanes">The number of lanes, whole pairs of vectors.</param>
    static abstract void Differentiate(StudentSegment segment, ref float rows, ref float slopes, ref float tangents, nuint pitch, nuint lanes);

    /// <summary>Adds the gradient, with respect to the parameters, of a function of the recorded result.</summary>
    /// <param name="segment">The segment's data.</param>
    /// <param name="rows">The rows as recorded.</param>
    /// <param name="slopes">The slopes as recorded.</param>
    /// <param name="adjoints">The same number of rows: the function's derivatives in those of the result; the others are scratch.</param>
    /// <param name="pitch">The distance of rows.</param>
    /// <param name="lanes">The number of lanes, whole pairs of vectors.</param>
    /// <param name="gradient">A value for each parameter, layer by layer; the lanes' sum is added.</param>
    static abstract void Backpropagate(
        StudentSegment segment, ref float rows, ref float slopes, ref float adjoints, nuint pitch, nuint lanes, Span<float> gradient);
}
