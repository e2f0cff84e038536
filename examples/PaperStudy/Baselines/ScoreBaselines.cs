using FlowDsl.Examples.Flows;

namespace FlowDsl.Examples.Baselines;

/// <summary>Experiment 1 without networks: the score at a time.</summary>
/// <param name="Seed">The trial, which has its own means.</param>
/// <param name="Sigma0">σ0.</param>
/// <param name="Time">t.</param>
/// <param name="Trivial">Maps that need no network.</param>
/// <param name="NearestMean">The error of (a μ_k - x)/s², k the nearest mean.</param>
internal sealed record ScoreBaselines(int Seed, double Sigma0, double Time, TrivialMaps Trivial, double NearestMean)
{
    /// <summary>Measures a cell of a trial.</summary>
    public static ScoreBaselines Measure(int seed, double sigma0, double t, BaselineOptions options, CancellationToken token = default)
    {
        var mixture = new StudyMixture(PublishedMeans.Draw(seed), sigma0);
        SampleMap fit = SampleMap.ForFit(mixture, t, options, token), own = SampleMap.ForEvaluation(mixture, t, options, token);
        double[] scores = own.Score(t, token);
        var modes = new Modes(mixture);
        double a = StudyMixture.Signal(t), variance = mixture.Variance(t);
        int[] nearest = modes.Nearest(own.Starts, a);
        double[] nearestScores = new double[scores.Length];
        for (int i = 0; i < scores.Length; i++)
            nearestScores[i] = (a * mixture.Means[nearest[i / mixture.Dimension]][i % mixture.Dimension] - own.Starts[i]) / variance;
        return new ScoreBaselines(
            seed, sigma0, t, TrivialMaps.Measure(mixture.Dimension, fit.Starts, fit.Score(t, token), own.Starts, scores),
            PublishedMetric.Relative(nearestScores, scores));
    }
}
