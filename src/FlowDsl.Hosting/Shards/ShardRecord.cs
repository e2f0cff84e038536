using System.Text.Json.Nodes;

namespace FlowDsl.Hosting.Shards;

/// <summary>What is written beside a finished shard.</summary>
/// <param name="Run">The fingerprint of its run.</param>
/// <param name="Shard">Its number.</param>
/// <param name="FirstIndex">The number of its first sample, as samplers count.</param>
/// <param name="Count">Its samples.</param>
/// <param name="Bytes">The length of its file.</param>
/// <param name="Checksum">The SHA-256 of its file, in hexadecimal.</param>
internal sealed record ShardRecord(string Run, long Shard, long FirstIndex, long Count, long Bytes, string Checksum)
{
    /// <summary>The record's content.</summary>
    public JsonObject ToJson() => new()
    {
        ["run"] = Run,
        ["shard"] = Shard,
        ["firstIndex"] = FirstIndex,
        ["count"] = Count,
        ["bytes"] = Bytes,
        ["sha256"] = Checksum,
    };

    /// <summary>A record's meaning.</summary>
    /// <exception cref="FormatException">It is no record.</exception>
    public static ShardRecord Parse(JsonObject content) => new(
        JsonFile.Get<string>(content, "run"), JsonFile.Get<long>(content, "shard"), JsonFile.Get<long>(content, "firstIndex"),
        JsonFile.Get<long>(content, "count"), JsonFile.Get<long>(content, "bytes"), JsonFile.Get<string>(content, "sha256"));
}
