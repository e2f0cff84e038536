using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlowDsl.Examples;

/// <summary>Result tables of arXiv:2606.03820, from its authors' repository GeminiLiming/quantitative-flow-distillation (MIT), June 2026.</summary>
internal sealed record Published(
    [property: JsonPropertyName("grid_comparison")] Published.Composition[] Grids,
    [property: JsonPropertyName("one_step_weight_bound")] Published.OneStep[] OneSteps,
    [property: JsonPropertyName("score_approximation_setting")] Published.Setting ScoreSetting,
    [property: JsonPropertyName("score_approximation_by_width")] Published.Score[] Scores)
{
    private static readonly Lazy<Published> s_results = new(
        () => JsonSerializer.Deserialize<Published>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "published.json")))!);

    public static Published Results => s_results.Value;

    /// <summary>A composition on a grid, "stability" or "uniform".</summary>
    public Composition? Find(string grid, int segments) => Grids.FirstOrDefault(row => row.Grid == grid && row.Segments == segments);

    public sealed record Composition(
        [property: JsonPropertyName("grid")] string Grid,
        [property: JsonPropertyName("segments")] int Segments,
        [property: JsonPropertyName("relative_mse_mean")] double RelativeMse,
        [property: JsonPropertyName("relative_mse_std")] double Deviation,
        [property: JsonPropertyName("nll_mean")] double NegativeLogLikelihood,
        [property: JsonPropertyName("worst_segment_relative_mse")] double WorstSegment,
        [property: JsonPropertyName("train_seconds_on_authors_gpu")] double Seconds);

    public sealed record OneStep(
        [property: JsonPropertyName("sigma0")] double Sigma,
        [property: JsonPropertyName("weight_bound")] double WeightBound,
        [property: JsonPropertyName("mean")] double RelativeMse);

    /// <summary>What all score networks of the table have in common.</summary>
    public sealed record Setting(
        [property: JsonPropertyName("mixture")] string Mixture,
        [property: JsonPropertyName("sigma0")] double Sigma,
        [property: JsonPropertyName("activation")] string Activation,
        [property: JsonPropertyName("steps")] int Steps,
        [property: JsonPropertyName("batch")] int Batch,
        [property: JsonPropertyName("trials")] int Trials);

    public sealed record Score(
        [property: JsonPropertyName("width")] int Width,
        [property: JsonPropertyName("t_over_T")] double Time,
        [property: JsonPropertyName("mean")] double RelativeMse);
}
