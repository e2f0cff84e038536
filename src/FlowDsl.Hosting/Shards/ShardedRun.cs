using System.Globalization;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;

namespace FlowDsl.Hosting.Shards;

/// <summary>Makes the shards of a process's share that are not finished yet.</summary>
internal sealed class ShardedRun
{
    private readonly ShardFolder _folder;
    private readonly int _first, _end;
    private readonly bool[] _isFinished;

    /// <summary>Looks which shards there are, and removes what killed processes left.</summary>
    public ShardedRun(ShardFolder folder, ShardShare share)
    {
        _folder = folder;
        (_first, _end) = share.Of(folder.Run.Shards);
        folder.Clean(_first, _end);
        _isFinished = folder.Finished(_first, _end);
        Kept = _isFinished.Count(isFinished => isFinished);
    }

    /// <summary>The first shard of the share, and the one after its last.</summary>
    public (int First, int End) Shards => (_first, _end);

    /// <summary>The samples of the share.</summary>
    public long Samples => _first == _end ? 0 : Rows(_first, _end);

    /// <summary>The shards of the share that were finished before.</summary>
    public int Kept { get; }

    /// <summary>The shards that this process has finished.</summary>
    public int Made { get; private set; }

    /// <summary>The length of the files that this process has written.</summary>
    public long Bytes { get; private set; }

    private string State => string.Create(
        CultureInfo.InvariantCulture, $"{Kept + Made} of {_end - _first} shards are finished and kept in '{_folder.Path}'");

    /// <summary>Makes the shards.</summary>
    /// <param name="sampler">The run's sampler.</param>
    /// <param name="progress">Receives the number of samples of the share that there are.</param>
    /// <param name="cancellationToken">Stops within a batch; the shard of that batch is dropped.</param>
    /// <exception cref="HostException">It was cancelled, or the disk is full: finished shards are kept, and the message says so.</exception>
    public void Make(SamplerEntry sampler, IProgress<long> progress, CancellationToken cancellationToken)
    {
        long done = Enumerable.Range(_first, _end - _first).Where(shard => _isFinished[shard - _first]).Sum(shard => _folder.Run.Rows(shard).Count);
        progress.Report(done);
        for (int shard = _first; shard < _end;)
        {
            if (_isFinished[shard - _first])
            {
                shard++;
                continue;
            }
            // All up to the next finished one in one stream: one shard is flushed to the disk while the next is drawn.
            int end = shard + 1;
            while (end < _end && !_isFinished[end - _first]) end++;
            Make(shard, end, sampler, new Offset(progress, done), cancellationToken);
            done += Rows(shard, end);
            shard = end;
        }
    }

    private void Make(int shard, int end, SamplerEntry sampler, IProgress<long> progress, CancellationToken cancellationToken)
    {
        using var writer = new ShardWriter(_folder, shard);
        try
        {
            sampler.Stream(_folder.Run.Request(_folder.Run.Rows(shard).First, Rows(shard, end)), writer, progress, cancellationToken);
            writer.Complete();
            Count(writer);
        }
        catch (OperationCanceledException)
        {
            Count(writer);
            throw new HostException($"Cancelled: {State}; --resume goes on.", ExitCodes.Cancelled);
        }
        catch (HostException failure)
        {
            Count(writer);
            throw new HostException($"{failure.Message} So far {State}; --resume goes on.", failure.ExitCode);
        }
    }

    private void Count(ShardWriter writer)
    {
        // What is being flushed counts too, once it is there.
        writer.Dispose();
        (Made, Bytes) = (Made + writer.Finished, Bytes + writer.Bytes);
    }

    private long Rows(int first, int end) => Math.Min(_folder.Run.Count, end * _folder.Run.ShardSamples) - _folder.Run.Rows(first).First;

    private sealed class Offset(IProgress<long> progress, long first) : IProgress<long>
    {
        public void Report(long value) => progress.Report(first + value);
    }
}
