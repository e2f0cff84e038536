using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlowDsl.Examples;

/// <summary>
/// Every cell of the result tables of arXiv:2606.03820, from its authors' repository GeminiLiming/quantitative-flow-distillation (MIT), June 2026.
/// </summary>
internal sealed record Published(
    [property: JsonPropertyName("scoreSetting")] Published.Setting ScoreSetting,
    [property: JsonPropertyName("cells")] Published.Cell[] Cells)
{
    /// <summary>The metric of all tables: Σ|ŷ - y|²/Σ|y|², y the teacher's or the score.</summary>
    public const string RelativeMse = "relativeMse";

    /// <summary>The mean of -log p(ŷ) with the mixture's density p.</summary>
    public const string Nll = "nll";

    private static readonly Lazy<Published> s_results = new(
        () => JsonSerializer.Deserialize<Published>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "published.json")))!);

    public static Published Results => s_results.Value;

    /// <summary>The cells of a table.</summary>
    public IEnumerable<Cell> Of(string table, string metric = RelativeMse) => Cells.Where(cell => cell.Table == table && cell.Metric == metric);

    /// <summary>A composition on a grid, "stability" or "uniform".</summary>
    public Cell? Composition(string grid, int segments, string metric = RelativeMse)
        => Of("grids", metric).FirstOrDefault(cell => cell.Grid == grid && cell.Segments == segments);

    /// <summary>A cell: a figure with the settings that tell it from the others of its table; null where a setting is none of the table's.</summary>
    public sealed record Cell(
        [property: JsonPropertyName("table")] string Table,
        [property: JsonPropertyName("name")] string Name,
        [property: JsonPropertyName("metric")] string Metric,
        [property: JsonPropertyName("sigma0")] double Sigma,
        [property: JsonPropertyName("mean")] double Mean,
        [property: JsonPropertyName("deviation")] double Deviation,
        [property: JsonPropertyName("trials")] double[] Trials)
    {
        /// <summary>The time, in units of the horizon, which is 1.</summary>
        [JsonPropertyName("time")]
        public double? Time { get; init; }

        /// <summary>The units of a hidden layer.</summary>
        [JsonPropertyName("width")]
        public int? Width { get; init; }

        /// <summary>The bound of the weights.</summary>
        [JsonPropertyName("bound")]
        public double? Bound { get; init; }

        /// <summary>The blocks of the transformer.</summary>
        [JsonPropertyName("blocks")]
        public int? Blocks { get; init; }

        /// <summary>The grid of a composition.</summary>
        [JsonPropertyName("grid")]
        public string? Grid { get; init; }

        /// <summary>Its segments.</summary>
        [JsonPropertyName("segments")]
        public int? Segments { get; init; }

        /// <summary>The mean over trials of its worst segment's relative MSE.</summary>
        [JsonPropertyName("worstSegment")]
        public double? WorstSegment { get; init; }

        /// <summary>How long a trial was trained, on the authors' GPU.</summary>
        [JsonPropertyName("seconds")]
        public double? Seconds { get; init; }
    }

    /// <summary>What the networks of the table of widths have in common.</summary>
    public sealed record Setting(
        [property: JsonPropertyName("mixture")] string Mixture,
        [property: JsonPropertyName("sigma0")] double Sigma,
        [property: JsonPropertyName("activation")] string Activation,
        [property: JsonPropertyName("steps")] int Steps,
        [property: JsonPropertyName("batch")] int Batch,
        [property: JsonPropertyName("trials")] int Trials);
}
