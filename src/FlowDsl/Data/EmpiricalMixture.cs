using FlowDsl.Data;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Mixtures;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl;

/// <summary>
/// A data set as a Gaussian mixture: every row is a component of weight 1/n, and all have one isotropic variance. Under a process its score is the exact
/// empirical score, which a network that memorises its training data learns. Thread-safe.
/// </summary>
/// <remarks>
/// Rows stay in their file, which is mapped into memory; a copy in single precision, about the mean, is made for samplers when the first of them runs.
/// </remarks>
public sealed class EmpiricalMixture
{
    private const int RowsTogether = 256;

    private readonly Lazy<DataRows> _rows;
    private readonly Lazy<double[]> _mean;
    private readonly Lazy<DataDirections> _directions;
    private readonly Lazy<DataPoints> _points;
    private readonly Lazy<DataMoments> _measured;

    private EmpiricalMixture(int count, int dimension, double variance, Func<DataRows> rows)
    {
        if (!(variance > 0) || SupportedRange.OfVariance(variance) is not null)
            throw new ArgumentOutOfRangeException(
                nameof(variance), $"The variance is {PortableNumber.Format(variance)}; it must be positive, from 1e-100 to 1e100.");
        (Count, Dimension, Variance) = (count, dimension, variance);
        // A file that is missing may be there at the next call.
        _rows = new(rows, LazyThreadSafetyMode.ExecutionAndPublication);
        _mean = new(MeanOfRows);
        _directions = new(() => new DataDirections(Rows, _mean.Value));
        _points = new(() => new DataPoints(Rows, Variance));
        _measured = new(() => DataStatistics.Measure(Rows, _mean.Value));
    }

    /// <summary>n, the number of rows and of components.</summary>
    public int Count { get; }

    /// <summary>d, the number of coordinates.</summary>
    public int Dimension { get; }

    /// <summary>The variance of every component along every axis.</summary>
    public double Variance { get; }

    /// <summary>The SHA-256 of the file, in lower-case hexadecimal digits; null for rows from memory.</summary>
    public string? Sha256 => Rows.Hash;

    /// <summary>The rows.</summary>
    internal DataRows Rows => _rows.Value;

    /// <summary>The rows as kernels read them.</summary>
    internal DataDirections Directions => _directions.Value;

    /// <summary>What is known of the rows as a whole.</summary>
    internal DataMoments Measured => _measured.Value;

    /// <summary>The densities and fields at points.</summary>
    internal DataPoints Points => _points.Value;

    /// <summary>Opens one of NumPy's .npy files.</summary>
    /// <param name="path">
    /// The file: an array of shape (n, d) of float64, float32 or uint8, in C's or Fortran's order. Axes beyond the second are part of the row: n images of
    /// 28×28 values have d = 784.
    /// </param>
    /// <param name="variance">The variance of every component, positive.</param>
    /// <exception cref="FormatException">The file is no such file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The variance is not positive or out of range.</exception>
    public static EmpiricalMixture Load(string path, double variance)
    {
        ArgumentNullException.ThrowIfNull(path);
        DataRows rows = NpyRows.Open(path);
        return new EmpiricalMixture(rows.Count, rows.Dimension, variance, () => rows);
    }

    /// <summary>Takes rows from memory.</summary>
    /// <param name="rows">n×d values, row-major, all finite; copied.</param>
    /// <param name="dimension">d, at least 1.</param>
    /// <param name="variance">The variance of every component, positive.</param>
    /// <exception cref="ArgumentException">The number of values is not a positive multiple of d, or one is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The dimension or the variance is not positive or out of range.</exception>
    public static EmpiricalMixture Of(ReadOnlySpan<double> rows, int dimension, double variance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (rows.Length == 0 || rows.Length % dimension != 0)
            throw new ArgumentException($"{rows.Length} values are not a positive number of rows of {dimension}.", nameof(rows));
        for (int i = 0; i < rows.Length; i++)
            if (!double.IsFinite(rows[i])) throw new ArgumentException(NotFinite(i / dimension, i % dimension, rows[i]), nameof(rows));
        var memory = new MemoryRows(rows.ToArray(), dimension);
        return new EmpiricalMixture(memory.Count, dimension, variance, () => memory);
    }

    /// <summary>Declares a file that is opened, and compared with what is known of it, when its numbers are first needed; for generated code.</summary>
    /// <param name="name">The file's name, relative to the folder of the program.</param>
    /// <param name="count">n.</param>
    /// <param name="dimension">d.</param>
    /// <param name="variance">The variance of every component.</param>
    /// <param name="sha256">The SHA-256 of the file.</param>
    [System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
    public static EmpiricalMixture Declared(string name, int count, int dimension, double variance, string sha256)
        => new(count, dimension, variance, () => OpenDeclared(Path.Combine(AppContext.BaseDirectory, name), count, dimension, sha256));

    /// <summary>Reads a row.</summary>
    /// <param name="index">Which, from 0.</param>
    /// <param name="row">Receives d values.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="ArgumentException">The length of the span is not d.</exception>
    public void CopyRow(int index, Span<double> row)
    {
        if (index < 0 || index >= Count) throw new ArgumentOutOfRangeException(nameof(index), index, $"The row must be between 0 and {Count - 1}.");
        if (row.Length != Dimension) throw new ArgumentException($"The span has {row.Length} values; it must have {Dimension}.", nameof(row));
        Rows.Read(index, row);
    }

    /// <summary>The same mixture with all of its numbers in memory, in double precision: for what needs them, and small data.</summary>
    public Mixture ToMixture()
    {
        double[] weights = new double[Count];
        Array.Fill(weights, 1.0 / Count);
        double[][] means = new double[Count][];
        for (int i = 0; i < Count; i++) Rows.Read(i, means[i] = new double[Dimension]);
        var covariances = new Covariance[Count];
        Array.Fill(covariances, Covariance.Isotropic(Dimension, Variance));
        return new Mixture(weights, means, covariances);
    }

    /// <summary>A mixture of two components that bounds this one: see <see cref="DataMoments.Bounding(double)"/>.</summary>
    internal Mixture Bounding()
        // Packed rows are rounded.
        => DataMoments.Bounding(_mean.Value, Directions.Rows.Radius * (1 + 1e-6), Variance);

    /// <summary>Describes the mixture.</summary>
    public override string ToString()
        => $"Mixture of {NumberText.Count(Count, "row")} of data in {NumberText.Count(Dimension, "dimension")}, "
            + $"each with variance {NumberText.Short(Variance)}";

    private static DataRows OpenDeclared(string path, int count, int dimension, string sha256)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException(
                $"The data file {path} is missing. The project must copy it there: <Content Include=\"{Path.GetFileName(path)}\" "
                    + "CopyToOutputDirectory=\"PreserveNewest\" />.", path);
        DataRows rows = NpyRows.Open(path);
        if (rows.Count != count || rows.Dimension != dimension)
            throw new InvalidDataException(
                $"{path} has {rows.Count} rows of {rows.Dimension} values; the model was compiled for {count} of {dimension}. "
                    + "Measure the file again and rebuild.");
        if (rows.Hash != sha256)
            throw new InvalidDataException(
                $"{path} is another file than the model was compiled for: its SHA-256 is {rows.Hash}, not {sha256}. Measure the file again and rebuild.");
        return rows;
    }

    private double[] MeanOfRows()
    {
        double[] mean = new double[Dimension], buffer = new double[RowsTogether * Dimension];
        for (int first = 0; first < Count; first += RowsTogether)
        {
            int n = Math.Min(RowsTogether, Count - first);
            Rows.Read(first, buffer.AsSpan(0, n * Dimension));
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < mean.Length; j++)
                {
                    double value = buffer[i * Dimension + j];
                    if (!double.IsFinite(value)) throw new InvalidDataException(NotFinite(first + i, j, value));
                    mean[j] += value;
                }
            }
        }
        for (int j = 0; j < mean.Length; j++) mean[j] /= Count;
        return mean;
    }

    private static string NotFinite(int row, int column, double value)
        => $"Row {row} has {PortableNumber.Format(value)} in column {column}; the data must be finite.";
}
