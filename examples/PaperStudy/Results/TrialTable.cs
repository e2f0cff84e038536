using System.Text.Json.Nodes;

namespace FlowDsl.Examples.Results;

/// <summary>The trials of one study that are kept: for each cell those that were run, whatever their budget.</summary>
/// <param name="Study">The study.</param>
/// <param name="Cells">The trials by cell.</param>
internal sealed record TrialTable(string Study, IReadOnlyDictionary<string, IReadOnlyList<Trial>> Cells)
{
    /// <summary>The trials of a cell.</summary>
    public IReadOnlyList<Trial> this[string cell] => Cells.GetValueOrDefault(cell) ?? [];

    /// <summary>The study's table in a folder; an empty one if there is none.</summary>
    public static TrialTable Read(string folder, string study)
    {
        string path = PathOf(folder, study);
        if (!File.Exists(path)) return new TrialTable(study, new Dictionary<string, IReadOnlyList<Trial>>());
        JsonObject cells = JsonNode.Parse(File.ReadAllText(path))!["cells"]!.AsObject();
        return new TrialTable(study, cells.ToDictionary(
            cell => cell.Key, IReadOnlyList<Trial> (cell) => [.. cell.Value!.AsArray().Select(trial => Trial.Parse(trial!))]));
    }

    /// <summary>With the finished tasks of a folder; what is known of a trial gives way to a larger budget, and to the same one run again.</summary>
    public TrialTable With(string folder)
    {
        string own = Path.Combine(folder, Study);
        if (!Directory.Exists(own)) return this;
        var all = Cells.SelectMany(cell => cell.Value.Select(trial => (Cell: cell.Key, Trial: trial))).ToList();
        IEnumerable<string> files = Directory.EnumerateFiles(own, "*.json").Order(StringComparer.Ordinal);
        all.AddRange(files.Select(path => Trial.OfRecord(JsonNode.Parse(File.ReadAllText(path))!)));
        return this with
        {
            Cells = all.GroupBy(entry => entry.Cell).ToDictionary(cell => cell.Key, IReadOnlyList<Trial> (cell) =>
            [
                .. cell.Select(entry => entry.Trial).GroupBy(trial => trial.Number).OrderBy(same => same.Key)
                    .Select(same => same.OrderBy(trial => trial.Share).Last()),
            ]),
        };
    }

    /// <summary>Keeps the table in a folder.</summary>
    public void Write(string folder)
    {
        if (Cells.Count == 0) return;
        Directory.CreateDirectory(folder);
        var content = new JsonObject
        {
            ["study"] = Study,
            ["cells"] = new JsonObject(Cells.OrderBy(cell => cell.Key, StringComparer.Ordinal)
                .Select(cell => KeyValuePair.Create(cell.Key, (JsonNode?)new JsonArray([.. cell.Value.Select(trial => trial.ToJson())])))),
        };
        File.WriteAllText(PathOf(folder, Study), content.ToJsonString(StudyJson.Options) + "\n");
    }

    private static string PathOf(string folder, string study) => Path.Combine(folder, study + ".json");
}
