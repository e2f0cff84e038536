using System.Globalization;
using FlowDsl.Hosting.Files;
using FlowDsl.Hosting.Output;

namespace FlowDsl.Hosting.Shards;

/// <summary>
/// A folder of the shards of one run: <c>manifest.json</c> says which run, and each finished shard has a file and a record. A shard is finished if and
/// only if its record is there and its file has the length that it names.
/// </summary>
/// <remarks>
/// Nothing is changed in place: every file is written under a temporary name, flushed and renamed, a shard's record after its file. So whenever a
/// process is killed, or the machine fails, what is there is a set of finished shards, and the others are made again with the same bytes.
/// </remarks>
internal sealed class ShardFolder
{
    private const string Manifest = "manifest.json", Prefix = "shard-", RecordEnding = ".json";

    private readonly string _fingerprint;

    private ShardFolder(string path, RunIdentity run) => (Path, Run, _fingerprint) = (path, run, run.Fingerprint);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The run whose shards it holds.</summary>
    public RunIdentity Run { get; }

    /// <summary>Begins a run in a folder, or goes on with one.</summary>
    /// <param name="path">The folder, which is made if there is none.</param>
    /// <param name="run">The run.</param>
    /// <param name="resumes">Whether the run may have been begun before.</param>
    /// <exception cref="HostException">The folder cannot be made, or holds another run or something else.</exception>
    public static ShardFolder Enter(string path, RunIdentity run, bool resumes)
    {
        if (File.Exists(path)) throw new HostException($"'{path}' is a file; shards need a folder.");
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new HostException($"The folder '{path}' cannot be made: {exception.Message}");
        }
        var folder = new ShardFolder(path, run);
        RunIdentity? known = ReadManifest(path);
        if (known is not null && !resumes)
            throw new HostException($"'{path}' holds shards of a run already: --resume goes on with it, or take another folder.");
        if (known is null)
        {
            if (Directory.EnumerateFiles(path, Prefix + "*").Any())
                throw new HostException($"'{path}' holds shards, and no {Manifest} that says of which run: take another folder.");
            known = folder.Publish();
        }
        if (known.Difference(run, "there", "here") is { } difference) throw new HostException($"'{path}' holds another run: {difference}.");
        return folder;
    }

    /// <summary>Refuses a folder of another run, and writes nothing.</summary>
    /// <exception cref="HostException">It holds another run, or is a file.</exception>
    public static void Check(string path, RunIdentity run)
    {
        if (File.Exists(path)) throw new HostException($"'{path}' is a file; shards need a folder.");
        // Where arithmetic differs, the run may be of the nodes of a cluster, and not of the machine that asks.
        if (ReadManifest(path) is { } known && known.Arithmetic == run.Arithmetic && known.Difference(run, "there", "here") is { } difference)
            throw new HostException($"'{path}' holds another run: {difference}.");
    }

    /// <summary>Opens the folder of a run.</summary>
    /// <exception cref="HostException">It is none.</exception>
    public static ShardFolder Open(string path)
    {
        if (!Directory.Exists(path)) throw new HostException($"There is no folder '{path}'.");
        RunIdentity run = ReadManifest(path)
            ?? throw new HostException($"'{path}' has no {Manifest}: it must be a folder that 'sample --out {path}' has written.");
        return new ShardFolder(path, run);
    }

    /// <summary>The name of a shard's file.</summary>
    public string FileName(int shard) => $"{Name(shard)}.{Run.FileFormat}";

    /// <summary>The path of a shard's file.</summary>
    public string FilePath(int shard) => System.IO.Path.Combine(Path, FileName(shard));

    /// <summary>The path of a shard's record.</summary>
    public string RecordPath(int shard) => System.IO.Path.Combine(Path, Name(shard) + RecordEnding);

    /// <summary>The record that a finished shard must have, besides its file's length and checksum.</summary>
    public ShardRecord Expected(int shard, long bytes, string checksum)
    {
        (long first, long count) = Run.Rows(shard);
        return new ShardRecord(_fingerprint, shard, Run.FirstIndex + first, count, bytes, checksum);
    }

    /// <summary>Whether a shard is finished.</summary>
    public bool IsFinished(int shard)
    {
        try
        {
            return ReadRecord(shard) is { } record && record == Expected(shard, record.Bytes, record.Checksum)
                && new FileInfo(FilePath(shard)) is { Exists: true } file && file.Length == record.Bytes;
        }
        // A record of something else: the shard is made again.
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>The finished ones among some shards.</summary>
    /// <param name="first">The first shard.</param>
    /// <param name="end">The one after the last.</param>
    /// <returns>Whether it is finished, for each of them.</returns>
    public bool[] Finished(int first, int end)
    {
        bool[] finished = new bool[end - first];
        // Of a million shards that nobody has made yet, no file is looked for.
        foreach (string name in ShardFiles())
            if (name.EndsWith(RecordEnding, StringComparison.Ordinal) && Number(name) is { } shard && shard >= first && shard < end)
                finished[shard - first] = IsFinished((int)shard);
        return finished;
    }

    /// <summary>A shard's record; null if there is none.</summary>
    /// <exception cref="FormatException">It is no record.</exception>
    public ShardRecord? ReadRecord(int shard) => JsonFile.Read(RecordPath(shard)) is { } content ? ShardRecord.Parse(content) : null;

    /// <summary>Marks a shard as finished, whose file is in its place.</summary>
    /// <exception cref="HostException">The record cannot be written.</exception>
    public void Finish(int shard, long bytes, string checksum) => JsonFile.Write(RecordPath(shard), Expected(shard, bytes, checksum).ToJson(), replaces: true);

    /// <summary>The names of all files of shards, whatever wrote them.</summary>
    public IEnumerable<string> ShardFiles()
        => Directory.EnumerateFiles(Path, Prefix + "*").Select(path => System.IO.Path.GetFileName(path))
            .Where(name => !name.EndsWith(OutputFile.TemporaryEnding, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>Whether a name is of a file that belongs to a shard of the run.</summary>
    public bool Belongs(string name)
        => Number(name) is { } shard && shard < Run.Shards && (name == FileName((int)shard) || name == Name((int)shard) + RecordEnding);

    /// <summary>
    /// Removes what killed processes left of some shards and of the manifest. What a living process writes is locked, and stays.
    /// </summary>
    /// <param name="first">The first shard.</param>
    /// <param name="end">The one after the last.</param>
    public void Clean(int first, int end)
    {
        foreach (string path in Directory.EnumerateFiles(Path, "*" + OutputFile.TemporaryEnding))
        {
            string name = System.IO.Path.GetFileName(path);
            if (!name.StartsWith(Manifest, StringComparison.Ordinal) && !(Number(name) is { } shard && shard >= first && shard < end)) continue;
            OutputFile.RemoveDead(path);
        }
    }

    private static string Name(int shard) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{shard:00000}");

    private static long? Number(string name)
        => name.StartsWith(Prefix, StringComparison.Ordinal)
            && long.TryParse(name[Prefix.Length..].Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long shard) ? shard : null;

    private static RunIdentity? ReadManifest(string folder)
    {
        string path = System.IO.Path.Combine(folder, Manifest);
        try
        {
            return JsonFile.Read(path) is { } content ? RunIdentity.Parse(content) : null;
        }
        catch (FormatException exception)
        {
            throw new HostException($"'{path}' is no manifest of shards: {exception.Message}.");
        }
    }

    /// <summary>Writes the manifest, and returns the one that is there then: of processes that begin at once, one writes it.</summary>
    private RunIdentity Publish()
    {
        try
        {
            JsonFile.Write(System.IO.Path.Combine(Path, Manifest), Run.ToJson(), replaces: false);
            return Run;
        }
        catch (HostException)
        {
            if (ReadManifest(Path) is { } other) return other;
            throw;
        }
    }
}
