using FlowDsl.Hosting.Files;
using FlowDsl.Hosting.Output;

namespace FlowDsl.Hosting.Shards;

/// <summary>Writes the samples of all shards into one file.</summary>
internal static class ShardMerge
{
    /// <summary>Writes the file, of the format of its ending.</summary>
    /// <param name="folder">A folder without problems.</param>
    /// <param name="path">The file.</param>
    /// <param name="replaces">Whether it may take the place of another.</param>
    /// <param name="progress">Receives the number of shards that were copied.</param>
    /// <param name="cancellationToken">Stops between two parts; no file is left.</param>
    /// <returns>The file's length.</returns>
    public static long Write(ShardFolder folder, string path, bool replaces, IProgress<long> progress, CancellationToken cancellationToken)
    {
        RunIdentity run = folder.Run;
        using var file = SampleFile.Create(path, replaces, run.Columns, run.Count, SampleOrigin.Of(run.Sampler, run.Request(0, run.Count)));
        for (int shard = 0; shard < run.Shards; shard++)
        {
            using SampleReader reader = Open(folder, shard);
            for (int part = 0; part < reader.Parts; part++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                reader.Read(part, file);
            }
            progress.Report(shard + 1);
        }
        file.Complete();
        return file.Bytes;
    }

    /// <summary>Opens a shard's file.</summary>
    /// <exception cref="HostException">It is something else, or cannot be read.</exception>
    internal static SampleReader Open(ShardFolder folder, int shard)
    {
        try
        {
            return SampleReader.Open(folder.FilePath(shard), folder.Run.Columns, folder.Run.Rows(shard).Count);
        }
        catch (FormatException exception)
        {
            throw new HostException($"{folder.FileName(shard)} is corrupt: {exception.Message}.");
        }
    }
}
