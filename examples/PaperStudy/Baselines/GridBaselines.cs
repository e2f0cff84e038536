using FlowDsl.Examples.Flows;

namespace FlowDsl.Examples.Baselines;

/// <summary>Experiment 4 without networks: the map from T to 0 in segments.</summary>
/// <param name="Whole">Maps of all of it that need no network.</param>
/// <param name="Identity">The error of x itself.</param>
/// <param name="Teacher">How the evaluation's teacher, 100 equal steps in t, differs from the flow.</param>
/// <param name="ExactNegativeLogLikelihood">The mean of -log p at the flow's ends: what a perfect student scores.</param>
internal sealed record GridBaselines(TrivialMaps Whole, double Identity, TeacherFigures Teacher, double ExactNegativeLogLikelihood)
{
    /// <summary>σ0 of experiment 4.</summary>
    public const double Sigma0 = 1;

    private const int ExactSteps = 200, TeacherSteps = 100, LeastSteps = 5;

    /// <summary>Measures the whole map, which all grids share.</summary>
    public static GridBaselines Measure(BaselineOptions options, CancellationToken token = default)
    {
        var mixture = new StudyMixture(PublishedMeans.Draw(0), Sigma0);
        FlowPath teacher = FlowPath.InTime(StudyMixture.Horizon, 0, TeacherSteps);
        SampleMap fit = SampleMap.ForFit(mixture, StudyMixture.Horizon, options, token);
        SampleMap own = SampleMap.ForEvaluation(mixture, StudyMixture.Horizon, options, token);
        double[] ends = own.Follow(teacher, token), exact = own.Follow(FlowPath.InLogNoise(StudyMixture.Horizon, 0, ExactSteps), token);
        GaussianMixtureModel model = mixture.At(StudyMixture.Horizon);
        double likelihood = 0;
        int d = mixture.Dimension;
        for (int first = 0; first < exact.Length; first += d) likelihood -= model.LogDensity(0, exact.AsSpan(first, d));
        return new GridBaselines(
            TrivialMaps.Measure(d, fit.Starts, fit.Follow(teacher, token), own.Starts, ends), PublishedMetric.Relative(own.Starts, ends),
            TeacherFigures.Compare(mixture, teacher, ends, exact), likelihood / (exact.Length / d));
    }

    /// <summary>The error of x itself in each segment, from exact samples of its start, against the published teacher of the segment.</summary>
    /// <param name="nodes">The nodes, from T to 0.</param>
    /// <param name="options">The samples.</param>
    /// <param name="token">Stops it.</param>
    public static IReadOnlyList<double> MeasureIdentity(IReadOnlyList<double> nodes, BaselineOptions options, CancellationToken token = default)
    {
        var mixture = new StudyMixture(PublishedMeans.Draw(0), Sigma0);
        double[] errors = new double[nodes.Count - 1];
        for (int k = 0; k < errors.Length; k++)
        {
            int steps = Math.Max(LeastSteps, (int)Math.Round(TeacherSteps * (nodes[k] - nodes[k + 1]) / StudyMixture.Horizon));
            SampleMap own = SampleMap.ForEvaluation(mixture, nodes[k], options, token);
            errors[k] = PublishedMetric.Relative(own.Starts, own.Follow(FlowPath.InTime(nodes[k], nodes[k + 1], steps), token));
        }
        return errors;
    }

    /// <summary>The nodes of the uniform grid.</summary>
    public static IReadOnlyList<double> UniformNodes(int segments)
        => [.. Enumerable.Range(0, segments + 1).Select(k => StudyMixture.Horizon * (segments - k) / segments)];

    /// <summary>The nodes of the stability-balanced grid, in their closed form for σ0 = 1; the published ones are within 1.3e-8.</summary>
    public static IReadOnlyList<double> StabilityNodes(int segments)
    {
        double whole = 1 - Math.Exp(-2 * StudyMixture.Beta * StudyMixture.Horizon);
        return [StudyMixture.Horizon, .. Enumerable.Range(1, segments - 1).Select(Node), 0];

        double Node(int k) => -Math.Log(1 - (segments - k) * whole / segments) / (2 * StudyMixture.Beta);
    }
}
