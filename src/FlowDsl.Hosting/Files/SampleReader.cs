using FlowDsl.Hosting.Registry;

namespace FlowDsl.Hosting.Files;

/// <summary>Reads a file of samples that this program wrote, in parts of bounded size.</summary>
internal abstract class SampleReader : IDisposable
{
    /// <summary>The number of parts.</summary>
    public abstract int Parts { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">Its name, which ends in .npy or .parquet.</param>
    /// <param name="columns">The columns that it must have.</param>
    /// <param name="count">The samples that it must have.</param>
    /// <exception cref="FormatException">It is another file.</exception>
    public static SampleReader Open(string path, SampleColumns columns, long count)
        => Path.GetExtension(path) == ".npy" ? new NpySampleReader(path, columns, count) : new ParquetSampleReader(path, columns, count);

    /// <summary>The rows of a part.</summary>
    public abstract (long First, int Count) Rows(int part);

    /// <summary>Reads a part.</summary>
    /// <param name="part">Its number, from 0.</param>
    /// <param name="sink">Takes its samples, in the sampler's precision.</param>
    public abstract void Read(int part, ISampleSink sink);

    /// <inheritdoc/>
    public abstract void Dispose();
}
