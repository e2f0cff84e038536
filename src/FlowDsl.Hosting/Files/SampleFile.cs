using System.Numerics;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;

namespace FlowDsl.Hosting.Files;

/// <summary>A file that takes samples as they are drawn; its format follows from its name.</summary>
internal abstract class SampleFile : ISampleSink, IDisposable
{
    private const int FlushBytes = 32 << 20;

    private readonly OutputFile _file;
    private long _flushed;

    private protected SampleFile(OutputFile file, SampleColumns columns) => (_file, Columns) = (file, columns);

    /// <summary>The columns.</summary>
    protected SampleColumns Columns { get; }

    /// <summary>Where the bytes go.</summary>
    protected Stream Stream => _file.Stream;

    /// <summary>The file's length; known when it is complete.</summary>
    public long Bytes => _file.Bytes;

    /// <summary>The SHA-256 of its content in hexadecimal, if it was asked for; known when it is complete.</summary>
    public string? Checksum => _file.Checksum;

    /// <summary>Whether a name's ending is a format.</summary>
    public static bool IsName(string path) => Path.GetExtension(path).ToLowerInvariant() is ".npy" or ".parquet" or ".csv";

    /// <summary>Refuses a name whose ending is no format.</summary>
    /// <exception cref="HostException">It has another ending.</exception>
    public static void CheckName(string path)
    {
        if (!IsName(path)) throw HostException.Usage($"'{path}' must end in .npy, .parquet or .csv, which says the format.");
    }

    /// <summary>Begins a file.</summary>
    /// <param name="path">Its name, which ends in .npy, .parquet or .csv.</param>
    /// <param name="replaces">Whether it may take the place of another.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="count">How many samples will come.</param>
    /// <param name="origin">Where the samples come from, for formats that can say so.</param>
    /// <param name="isHashed">Whether its <see cref="Checksum"/> is computed.</param>
    /// <exception cref="HostException">The file cannot be made.</exception>
    public static SampleFile Create(
        string path, bool replaces, SampleColumns columns, long count, IReadOnlyDictionary<string, string> origin, bool isHashed = false)
    {
        CheckName(path);
        var file = new OutputFile(path, replaces, isHashed);
        try
        {
            SampleFile? samples = null;
            file.Guard(() => samples = Path.GetExtension(path).ToLowerInvariant() switch
            {
                ".npy" => new NpyFile(file, columns, count),
                ".csv" => new CsvFile(file, columns),
                _ => new ParquetFile(file, columns, origin),
            });
            return samples!;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Write<T>(ReadOnlySpan<T> states, ReadOnlySpan<FlowError> errors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            Append(states, errors);
            // Now and then, so that the disk works while samples are drawn, and not after the last one.
            if (Stream.Position - _flushed < FlushBytes) return;
            _file.BeginFlush();
            _flushed = Stream.Position;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw _file.Explain(exception);
        }
    }

    /// <summary>Ends the file and puts it in its place.</summary>
    /// <exception cref="HostException">The disk is full, or another file has appeared there.</exception>
    public void Complete()
    {
        _file.Guard(End);
        _file.Commit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Abandon();
        _file.Dispose();
    }

    /// <summary>Writes the next samples.</summary>
    protected abstract void Append<T>(ReadOnlySpan<T> states, ReadOnlySpan<FlowError> errors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Writes what follows the last sample.</summary>
    protected virtual void End()
    {
    }

    /// <summary>Lets go of what the writer holds, whether the file was ended or not.</summary>
    protected virtual void Abandon()
    {
    }
}
