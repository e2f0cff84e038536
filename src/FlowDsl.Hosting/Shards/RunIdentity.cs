using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Files;
using FlowDsl.Hosting.Registry;

namespace FlowDsl.Hosting.Shards;

/// <summary>Everything that decides the bytes of a run's shards. Processes that agree in it can work on one folder, at once or one after the other.</summary>
internal sealed record RunIdentity
{
    /// <summary>The first number of a manifest: another one is of another version of the host.</summary>
    public const long FormatVersion = 1;

    /// <summary>The most shards of a run: a folder of more files is of no use to anybody.</summary>
    public const int MostShards = 10_000_000;

    /// <summary>The sampler's name in full.</summary>
    public required string Sampler { get; init; }

    /// <summary>Model and sampler.</summary>
    public required ModelFingerprint Model { get; init; }

    /// <summary>The version of FlowDsl.</summary>
    public required string Version { get; init; }

    /// <summary>The class of arithmetic, in which samples have the same bits.</summary>
    public required string Arithmetic { get; init; }

    /// <summary>The seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>n, the number of samples.</summary>
    public required long Count { get; init; }

    /// <summary>The number of the first sample.</summary>
    public required long FirstIndex { get; init; }

    /// <summary>Where samples start.</summary>
    public required Prior Prior { get; init; }

    /// <summary>Whether samples are repaired.</summary>
    public required bool HasRepair { get; init; }

    /// <summary>The columns of every shard.</summary>
    public required SampleColumns Columns { get; init; }

    /// <summary>The samples of each shard; the last may have fewer.</summary>
    public required long ShardSamples { get; init; }

    /// <summary>The ending of the shards' files, without the dot: npy or parquet.</summary>
    public required string FileFormat { get; init; }

    /// <summary>The number of shards.</summary>
    public int Shards => (int)((Count + ShardSamples - 1) / ShardSamples);

    /// <summary>A hash of all of it, by which a shard says whose it is.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Join('\n', Parts().Select(part => $"{part.Key} {part.Value.ToJsonString()}")))));

    /// <summary>What a run of this process is.</summary>
    public static RunIdentity Of(ModelEntry model, SamplerEntry sampler, SampleRequest request, long shardSamples, string fileFormat) => new()
    {
        Sampler = $"{model.Name}.{sampler.Name}",
        Model = ModelFingerprint.Of(model, sampler),
        Version = CurrentVersion,
        Arithmetic = CurrentArithmetic,
        Seed = request.Seed,
        Count = request.Count,
        FirstIndex = request.Options.FirstIndex,
        Prior = request.Options.Prior,
        HasRepair = request.Options.Repair != Repair.None,
        Columns = new SampleColumns(sampler.Descriptor.Dimension, sampler.Descriptor.Precision, request.WithErrors),
        ShardSamples = shardSamples,
        FileFormat = fileFormat,
    };

    /// <summary>The version of FlowDsl in this process.</summary>
    public static string CurrentVersion => typeof(FlowSampling).Assembly.GetName().Version!.ToString(3);

    /// <summary>The class of this process's arithmetic. The width of vectors, which changes no bit, is no part of it.</summary>
    public static string CurrentArithmetic => SamplingArithmetic.Current.IsFused ? "fused multiply-add" : "no fused multiply-add";

    /// <summary>The samples of a shard, counted from the run's first.</summary>
    public (long First, long Count) Rows(int shard)
    {
        long first = shard * ShardSamples;
        return (first, Math.Min(ShardSamples, Count - first));
    }

    /// <summary>The request for some of the run's samples.</summary>
    /// <param name="first">The first one, counted from the run's first.</param>
    /// <param name="count">How many.</param>
    public SampleRequest Request(long first, long count)
    {
        SamplingOptions options = new() { Prior = Prior, FirstIndex = FirstIndex + first, Repair = HasRepair ? Repair.Flagged : Repair.None };
        return new(count, Seed, options, Columns.HasErrors) { Stride = ShardSamples };
    }

    /// <summary>Names what differs from another run, with both values; null if nothing does.</summary>
    /// <param name="other">The other one.</param>
    /// <param name="own">Words for this one: "there".</param>
    /// <param name="others">Words for the other one: "here".</param>
    public string? Difference(RunIdentity other, string own, string others)
    {
        string[] differences =
        [
            .. Parts().Zip(other.Parts(), (left, right) => (left.Key, left.Name, Own: Text(left.Value), Other: Text(right.Value)))
                .Where(pair => pair.Own != pair.Other)
                // Samples differ if anything else of the model does; by themselves they say something.
                .Where((pair, index) => pair.Key != SamplesKey || index == 0)
                .Select(pair => $"{pair.Name} is {Short(pair.Own)} {own} and {Short(pair.Other)} {others}"),
        ];
        return differences.Length == 0 ? null : string.Join("; ", differences);
    }

    /// <summary>The manifest's content.</summary>
    public JsonObject ToJson()
    {
        var content = new JsonObject { [FormatKey] = FormatVersion };
        foreach ((string key, _, JsonNode value) in Parts()) content[key] = value;
        content["shards"] = Shards;
        content["fingerprint"] = Fingerprint;
        return content;
    }

    /// <summary>The run of a manifest.</summary>
    /// <exception cref="FormatException">It is no manifest, or one of another version of the host.</exception>
    public static RunIdentity Parse(JsonObject content)
    {
        long format = JsonFile.Get<long>(content, FormatKey);
        if (format != FormatVersion) throw new FormatException($"its format has the number {format}; this version reads {FormatVersion}");
        if (content["columns"] is not JsonArray columns) throw new FormatException("its 'columns' are missing");
        bool hasErrors = JsonFile.Get<bool>(content, "errors");
        var run = new RunIdentity
        {
            Sampler = JsonFile.Get<string>(content, "sampler"),
            Model = new ModelFingerprint(
                JsonFile.Get<string>(content, "mixture"), JsonFile.Get<string>(content, "process"), JsonFile.Get<string>(content, "declaration"),
                JsonFile.Get<string>(content, SamplesKey)),
            Version = JsonFile.Get<string>(content, "version"),
            Arithmetic = JsonFile.Get<string>(content, "arithmetic"),
            Seed = JsonFile.Get<ulong>(content, "seed"),
            Count = JsonFile.Get<long>(content, "count"),
            FirstIndex = JsonFile.Get<long>(content, "firstIndex"),
            Prior = JsonFile.Get<string>(content, "prior") == SampleOrigin.Word(Prior.Exact) ? Prior.Exact : Prior.Gaussian,
            HasRepair = JsonFile.Get<bool>(content, "repair"),
            Columns = new SampleColumns(
                columns.Count - (hasErrors ? SampleColumns.ErrorNames.Length : 0),
                JsonFile.Get<string>(content, "precision") == Word(Precision.Single) ? Precision.Single : Precision.Double, hasErrors),
            ShardSamples = JsonFile.Get<long>(content, "shardSamples"),
            FileFormat = JsonFile.Get<string>(content, "fileFormat"),
        };
        // What was edited by hand is no run that anybody made.
        if (run.Columns.Dimension < 1 || run.Count < 1 || run.ShardSamples < 1 || (run.Count - 1) / run.ShardSamples >= MostShards
            || run.FileFormat is not ("npy" or "parquet") || JsonFile.Get<string>(content, "fingerprint") != run.Fingerprint)
        {
            throw new FormatException("its values do not belong together");
        }
        return run;
    }

    private const string FormatKey = "flowdslShards", SamplesKey = "firstSamples";

    private static string Word(Precision precision) => precision == Precision.Single ? "single" : "double";

    // In the order in which differences are named: what explains others first.
    private IEnumerable<(string Key, string Name, JsonNode Value)> Parts()
    {
        yield return ("sampler", "the sampler", Sampler);
        yield return ("version", "the version of FlowDsl", Version);
        yield return ("arithmetic", "the arithmetic", Arithmetic);
        yield return ("mixture", "the mixture's fingerprint", Model.Mixture);
        yield return ("process", "the process", Model.Process);
        yield return ("declaration", "the fingerprint of the sampler's declaration", Model.Declaration);
        yield return ("seed", "the seed", Seed);
        yield return ("count", "the number of samples", Count);
        yield return ("firstIndex", "the first index", FirstIndex);
        yield return ("prior", "the prior", SampleOrigin.Word(Prior));
        yield return ("repair", "the repair", HasRepair);
        yield return ("errors", "the request for errors", Columns.HasErrors);
        yield return ("columns", "the list of columns", new JsonArray([.. Columns.Names.Select(name => (JsonNode)name)]));
        yield return ("precision", "the precision", Word(Columns.Precision));
        yield return ("shardSamples", "the number of samples of a shard", ShardSamples);
        yield return ("fileFormat", "the file format", FileFormat);
        yield return (SamplesKey, "the fingerprint of the sampler's first samples", Model.Samples);
    }

    private static string Text(JsonNode value) => value is JsonValue single && single.TryGetValue(out string? word) ? word : value.ToJsonString();

    // The first digits of a fingerprint tell it from others.
    private static string Short(string text)
    {
        const int shown = 12, fingerprint = 64;
        return text.Length == fingerprint && text.All(char.IsAsciiHexDigitLower) ? text[..shown] + "…" : text;
    }
}
