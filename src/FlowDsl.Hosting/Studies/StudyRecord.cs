using System.Text.Json.Nodes;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Shards;

namespace FlowDsl.Hosting.Studies;

/// <summary>What is kept of a finished task.</summary>
internal sealed record StudyRecord
{
    /// <summary>The study.</summary>
    public required string Study { get; init; }

    /// <summary>The task.</summary>
    public required string Task { get; init; }

    /// <summary>The share of the published steps that was run.</summary>
    public required double Share { get; init; }

    /// <summary>The version of FlowDsl.</summary>
    public required string Version { get; init; }

    /// <summary>How long the process worked that finished it.</summary>
    public required double Seconds { get; init; }

    /// <summary>Whether an earlier process had begun it, so that the seconds are not all.</summary>
    public required bool IsResumed { get; init; }

    /// <summary>The threads that it could use.</summary>
    public required long Threads { get; init; }

    /// <summary>The floating-point operations that it should take.</summary>
    public required double Operations { get; init; }

    /// <summary>What it found.</summary>
    public required JsonObject Result { get; init; }

    /// <summary>Reads a record.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static StudyRecord Parse(JsonObject content) => new()
    {
        Study = JsonFile.Get<string>(content, "study"),
        Task = JsonFile.Get<string>(content, "task"),
        Share = JsonFile.Get<double>(content, "share"),
        Version = JsonFile.Get<string>(content, "version"),
        Seconds = JsonFile.Get<double>(content, "seconds"),
        IsResumed = JsonFile.Get<bool>(content, "resumed"),
        Threads = JsonFile.Get<long>(content, "threads"),
        Operations = JsonFile.Get<double>(content, "operations"),
        Result = content["result"] as JsonObject ?? throw new FormatException("its 'result' is missing or no object"),
    };

    /// <summary>The record for a file.</summary>
    public JsonObject ToJson() => new()
    {
        ["study"] = Study,
        ["task"] = Task,
        ["share"] = Share,
        ["version"] = Version,
        ["seconds"] = Seconds,
        ["resumed"] = IsResumed,
        ["threads"] = Threads,
        ["operations"] = Operations,
        ["result"] = JsonNumber.Finite(Result),
    };
}
