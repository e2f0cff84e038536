namespace FlowDsl.Data;

/// <summary>The rows of a data set, wherever they are. Thread-safe.</summary>
internal abstract class DataRows
{
    /// <summary>n.</summary>
    public abstract int Count { get; }

    /// <summary>d.</summary>
    public abstract int Dimension { get; }

    /// <summary>The SHA-256 of the file, in lower-case hexadecimal digits; null for rows that come from no file.</summary>
    public virtual string? Hash => null;

    /// <summary>Reads consecutive rows.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="rows">Receives whole rows.</param>
    public abstract void Read(int first, Span<double> rows);
}

/// <summary>Rows in memory.</summary>
/// <param name="values">n×d values, row-major; not copied.</param>
/// <param name="dimension">d.</param>
internal sealed class MemoryRows(double[] values, int dimension) : DataRows
{
    /// <inheritdoc/>
    public override int Count => values.Length / dimension;

    /// <inheritdoc/>
    public override int Dimension => dimension;

    /// <inheritdoc/>
    public override void Read(int first, Span<double> rows) => values.AsSpan(first * dimension, rows.Length).CopyTo(rows);
}
