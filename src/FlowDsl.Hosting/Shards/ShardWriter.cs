using System.Numerics;
using FlowDsl.Hosting.Files;
using FlowDsl.Hosting.Registry;

namespace FlowDsl.Hosting.Shards;

/// <summary>Takes samples from the beginning of a shard on, and writes one shard after the other.</summary>
/// <param name="folder">Where to.</param>
/// <param name="first">The first shard.</param>
internal sealed class ShardWriter(ShardFolder folder, int first) : ISampleSink, IDisposable
{
    // Shards that are flushed to the disk at once: it takes several flushes together in little more than the time of one.
    private const int MostUnfinished = 4;

    private readonly Queue<Task> _finishing = new();
    private int _shard = first, _finished;
    private SampleFile? _file;
    private long _left, _bytes;

    /// <summary>The shards that are finished.</summary>
    public int Finished => _finished;

    /// <summary>The length of their files.</summary>
    public long Bytes => _bytes;

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
        (SampleFile file, int shard) = (_file, _shard++);
        _file = null;
        _finishing.Enqueue(Task.Run(() => Finish(file, shard)));
        if (_finishing.Count == MostUnfinished) _finishing.Dequeue().GetAwaiter().GetResult();
    }

    /// <summary>Waits until the last shard is finished.</summary>
    /// <exception cref="Output.HostException">The disk is full.</exception>
    public void Complete()
    {
        while (_finishing.TryDequeue(out Task? finishing)) finishing.GetAwaiter().GetResult();
    }

    /// <summary>Drops the shard that is being written, and waits for those that are being flushed: they are finished, or leave nothing.</summary>
    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
        while (_finishing.TryDequeue(out Task? finishing)) ((IAsyncResult)finishing).AsyncWaitHandle.WaitOne();
    }

    private void Finish(SampleFile file, int shard)
    {
        using (file) file.Complete();
        folder.Finish(shard, file.Bytes, file.Checksum!);
        Interlocked.Add(ref _bytes, file.Bytes);
        Interlocked.Increment(ref _finished);
    }
}
