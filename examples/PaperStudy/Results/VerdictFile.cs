using System.Text.Json.Nodes;

namespace FlowDsl.Examples.Results;

/// <summary>The verdicts on all published figures, as a file beside the trials.</summary>
internal static class VerdictFile
{
    /// <summary>Its name.</summary>
    public const string Name = "verdicts.json";

    /// <summary>Writes the file into the folder of the trials.</summary>
    public static void Write(string folder, IReadOnlyList<TrialTable> trials)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, Name), Text(trials));
    }

    /// <summary>The file's text.</summary>
    public static string Text(IReadOnlyList<TrialTable> trials)
    {
        IEnumerable<Verdict> verdicts = VerdictTable.Names.SelectMany(name => VerdictTable.Of(name, trials.First(own => own.Study == name)).Verdicts);
        return new JsonObject { ["verdicts"] = new JsonArray([.. verdicts.Select(Json)]) }.ToJsonString(StudyJson.Options) + "\n";
    }

    private static JsonObject Json(Verdict verdict)
    {
        var content = new JsonObject
        {
            ["table"] = verdict.Cell.Table,
            ["cell"] = verdict.Cell.Name,
            ["metric"] = verdict.Cell.Metric,
            ["published"] = verdict.Cell.Mean,
            ["publishedDeviation"] = verdict.Cell.Deviation,
            ["publishedTrials"] = verdict.Cell.Trials.Length,
        };
        if (verdict.Trials.Count > 0)
        {
            content["ours"] = verdict.Mean;
            content["trials"] = verdict.Trials.Count;
            content["share"] = verdict.Share;
            content["steps"] = verdict.Trials[0].Steps;
        }
        if (verdict.Share == 1) content["z"] = Math.Round(verdict.Z, 3);
        content["verdict"] = verdict.Word;
        content["reason"] = verdict.Reason;
        return content;
    }
}
