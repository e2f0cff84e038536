using System.Globalization;
using System.Security.Cryptography;

namespace FlowDsl.Hosting.Shards;

/// <summary>Finds what is wrong with a folder of shards.</summary>
internal static class ShardCheck
{
    // So many values are never the same in two shards.
    private const int TellingValues = 16;

    /// <summary>Names every problem, in the order of the shards. A folder without one holds every sample of its run once, and nothing else.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="progress">Receives the number of shards that were looked at.</param>
    /// <param name="cancellationToken">Stops between two shards.</param>
    public static IReadOnlyList<string> Problems(ShardFolder folder, IProgress<long> progress, CancellationToken cancellationToken)
    {
        List<string> problems = [];
        var owners = new Dictionary<ulong, int>();
        var missing = new Ranges();
        for (int shard = 0; shard < folder.Run.Shards; shard++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!File.Exists(folder.RecordPath(shard)) || !File.Exists(folder.FilePath(shard))) missing.Add(shard);
            else if (Problem(folder, shard, owners) is { } problem) problems.Add($"{folder.FileName(shard)} {problem}");
            progress.Report(shard + 1);
        }
        if (missing.Count > 0) problems.Insert(0, $"{missing} {(missing.Count == 1 ? "is" : "are")} missing");
        problems.AddRange(folder.ShardFiles().Where(name => !folder.Belongs(name)).Select(name => $"{name} is no file of this run"));
        return problems;
    }

    private static string? Problem(ShardFolder folder, int shard, Dictionary<ulong, int> owners)
    {
        ShardRecord record;
        try
        {
            record = folder.ReadRecord(shard)!;
        }
        catch (FormatException exception)
        {
            return $"has a broken record: {exception.Message}";
        }
        ShardRecord expected = folder.Expected(shard, record.Bytes, record.Checksum);
        if (record.Run != expected.Run) return $"is of another run, whose fingerprint is {Short(record.Run)} instead of {Short(expected.Run)}";
        if (record.Shard != expected.Shard && record.Shard >= 0 && record.Shard < folder.Run.Shards)
            return $"is {folder.FileName((int)record.Shard)} a second time, by its record";
        if (record != expected)
            return $"has a record of {Samples(record)}, and must have {Samples(expected)}";
        string path = folder.FilePath(shard);
        long length = new FileInfo(path).Length;
        if (length != record.Bytes) return $"is corrupt: it has {length} bytes, and its record says {record.Bytes}";
        string checksum = Checksum(path);
        if (checksum != record.Checksum) return $"is corrupt: its SHA-256 is {Short(checksum)}, and its record says {Short(record.Checksum)}";
        // A few numbers may be the same by chance.
        if (record.Count * folder.Run.Columns.Count < TellingValues) return null;
        ulong content = ulong.Parse(checksum.AsSpan(0, 2 * sizeof(ulong)), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return owners.TryAdd(content, shard) ? null : $"is {folder.FileName(owners[content])} a second time, by its content";
    }

    private static string Samples(ShardRecord record) => string.Create(
        CultureInfo.InvariantCulture, $"samples {record.FirstIndex} to {record.FirstIndex + record.Count - 1}");

    private static string Checksum(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static string Short(string fingerprint)
    {
        const int shown = 12;
        return fingerprint.Length > shown ? fingerprint[..shown] + "…" : fingerprint;
    }

    /// <summary>Numbers of shards in words, neighbours together: "shards 3, 5 to 9".</summary>
    private sealed class Ranges
    {
        private const int Most = 8;

        private readonly List<(int First, int Last)> _ranges = [];

        public int Count { get; private set; }

        public void Add(int shard)
        {
            Count++;
            if (_ranges.Count > 0 && _ranges[^1].Last == shard - 1) _ranges[^1] = (_ranges[^1].First, shard);
            else _ranges.Add((shard, shard));
        }

        public override string ToString()
        {
            IEnumerable<string> shown =
                _ranges.Take(Most).Select(range => range.First == range.Last ? $"{range.First}" : $"{range.First} to {range.Last}");
            string words = string.Join(", ", shown);
            return $"{(Count == 1 ? "shard" : "shards")} {words}{(_ranges.Count > Most ? " and others" : "")}";
        }
    }
}
