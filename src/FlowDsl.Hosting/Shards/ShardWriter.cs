using System.Numerics;
using FlowDsl.Hosting.Files;
using FlowDsl.Hosting.Registry;

namespace FlowDsl.Hosting.Shards;

/// <summary>Takes samples from the beginning of a shard on, and writes one shard after the other.</summary>
/// <param name="folder">Where to.</param>
/// <param name="first">The first shard.</param>
internal sealed class ShardWriter(ShardFolder folder, int first) : ISampleSink, IDisposable
{
    private int _shard = first;
    private SampleFile? _file;
    private long _left;

    /// <summary>The shards that are finished.</summary>
    public int Finished { get; private set; }

    /// <summary>The length of their files.</summary>
    public long Bytes { get; private set; }

    /// <inheritdoc/>
    /// <remarks>The samples are of one shard.</remarks>
    public void Write<T>(ReadOnlySpan<T> states, ReadOnlySpan<FlowError> errors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_file is null)
        {
            (long row, _left) = folder.Run.Rows(_shard);
            Dictionary<string, string> origin = SampleOrigin.Of(folder.Run.Sampler, folder.Run.Request(row, _left));
            _file = SampleFile.Create(folder.FilePath(_shard), replaces: true, folder.Run.Columns, _left, origin, isHashed: true);
        }
        _file.Write(states, errors);
        _left -= states.Length / folder.Run.Columns.Dimension;
        if (_left > 0) return;
        _file.Complete();
        folder.Finish(_shard, _file.Bytes, _file.Checksum!);
        Bytes += _file.Bytes;
        Finished++;
        _shard++;
        _file.Dispose();
        _file = null;
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();
}
