using System.Globalization;
using FlowDsl.Figures;
using FlowDsl.Mathematics;

namespace FlowDsl.Examples;

/// <summary>Networks for the score of the paper's mixture with σ0 = 0.1: trained ones as published, and constructed ones.</summary>
internal static class PaperTable
{
    // Samples of p_t on which a constructed network is judged.
    private const int Samples = 500;

    private static readonly GaussianMixtureModel s_model = GaussianMixtureModel.From<PaperMixture>();

    /// <summary>The times of the published table, in units of the horizon, which is 1.</summary>
    public static double[] Times { get; } = [0.1, 0.3, 0.5, 0.7, 0.9];

    /// <summary>Of which mixtures and by what training the published rows are.</summary>
    public static string TrainedSetting { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"σ0 = {Setting.Sigma}, {Setting.Mixture}; {Setting.Activation}; {TrainedSteps}; mean of {Setting.Trials} trials");

    /// <summary>The same of the constructed rows.</summary>
    public static string ConstructedSetting { get; } = string.Create(
        CultureInfo.InvariantCulture, $"σ0 = {Sigma}, {ConstructedMeans}; {ConstructedActivation}; no training; {Samples} samples of one mixture");

    private static Published.Setting Setting => Published.Results.ScoreSetting;

    private static string ConstructedMeans => "means of seed 0";

    private static string ConstructedActivation => "ReLU and ReQU";

    private static string TrainedSteps => string.Create(CultureInfo.InvariantCulture, $"{Setting.Steps:N0} of {Setting.Batch} samples");

    // From the file that the generator read.
    private static double Sigma => Math.Round(Math.Sqrt(s_model.Mixture.Covariances[0].MinVariance), 12);

    /// <summary>The published networks, then constructed ones of growing accuracy.</summary>
    public static IEnumerable<Row> Rows()
    {
        foreach (IGrouping<int?, Published.Cell> row in Published.Results.Of("static-width").GroupBy(cell => cell.Width))
        {
            int width = row.Key!.Value, weights = 2 * 64 * width + 3 * width * width + 4 * width + 64;
            yield return new Row($"trained, 4 × {width} (published)", true, weights, [.. Times.Select(t => row.Single(cell => cell.Time == t).Mean)]);
        }
        foreach (double accuracy in new[] { 1, 1e-2, 1e-4, 1e-6 })
        {
            ScoreNetwork[] single = [.. Times.Select(t => Build(new ScoreNetworkOptions(accuracy, 2, t)))];
            int greatest = single.Max(network => network.Layers.NonZeros);
            yield return new Row($"constructed for one time, ε = {accuracy:0E0}", false, greatest, [.. single.Zip(Times, Relative)]);
            ScoreNetwork all = Build(new ScoreNetworkOptions(accuracy));
            yield return new Row($"constructed for all times, ε = {accuracy:0E0}", false, all.Layers.NonZeros, [.. Times.Select(t => Relative(all, t))]);
        }
    }

    /// <summary>Adds the rows as a table in which each one names its mixture and its training.</summary>
    public static void Add(ResultFile file, IEnumerable<Row> rows) => file.Add(
        "paper",
        ["network", "mixture", "σ0", "activation", "steps", "trials", "weights", .. Times.Select(t => string.Create(CultureInfo.InvariantCulture, $"t = {t}"))],
        rows.Select(row => new[]
        {
            row.Network,
            row.IsTrained ? Setting.Mixture : ConstructedMeans,
            (row.IsTrained ? Setting.Sigma : Sigma).ToString(CultureInfo.InvariantCulture),
            row.IsTrained ? Setting.Activation : ConstructedActivation,
            row.IsTrained ? TrainedSteps : "none",
            row.IsTrained ? Setting.Trials.ToString(CultureInfo.InvariantCulture) : "1",
            row.Weights.ToString("N0", CultureInfo.InvariantCulture),
        }.Concat(row.Errors.Select(error => error.ToString("0.0E0", CultureInfo.InvariantCulture))).ToArray()));

    private static ScoreNetwork Build(ScoreNetworkOptions options) => ScoreNetwork.Build(s_model.Mixture, s_model.Process, options);

    private static double Relative(ScoreNetwork network, double t)
    {
        (double error, double score) = Measurement.At(network, s_model, t, Samples);
        return error * error / (score * score);
    }

    /// <summary>A network and its relative mean squared errors at the times.</summary>
    public sealed record Row(string Network, bool IsTrained, int Weights, double[] Errors);
}
