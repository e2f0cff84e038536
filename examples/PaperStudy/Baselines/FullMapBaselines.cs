using FlowDsl.Examples.Flows;
using FlowDsl.Examples.Transformers;

namespace FlowDsl.Examples.Baselines;

/// <summary>Experiment 3 without networks: the map from T to 0, against the published teacher and against the flow.</summary>
/// <param name="Published">Maps that need no network, against the published teacher.</param>
/// <param name="Converged">The same against the flow.</param>
/// <param name="BestConstant">The error of the mean of all y as a constant, against the published teacher.</param>
/// <param name="ExactOffset">
/// The error of μ_k + c (x - μ_k) against the published teacher, x the flow's end, k its mode and c a fitted gain: what it teaches is nearly this.
/// </param>
/// <param name="Teacher">How the published teacher differs from the flow.</param>
/// <param name="ConvergedTeacher">Σ|y - x|²/Σ|x|² of the converged teacher, whose steps are fewer than the flow's here.</param>
internal sealed record FullMapBaselines(
    TrivialMaps Published, TrivialMaps Converged, double BestConstant, double ExactOffset, TeacherFigures Teacher, double ConvergedTeacher)
{
    private const int ExactSteps = 150;

    /// <summary>Measures the task of experiment 3, which its numbers of blocks share.</summary>
    public static FullMapBaselines Measure(BaselineOptions options, CancellationToken token = default)
    {
        var mixture = new StudyMixture(PublishedMeans.Draw(0), TransformerTraining.Sigma0);
        var modes = new Modes(mixture);
        FlowPath teacher = NetworkTraining.Path(StudyTeacher.Published), exactPath = FlowPath.InLogNoise(StudyMixture.Horizon, 0, ExactSteps);
        SampleMap fit = SampleMap.ForFit(mixture, StudyMixture.Horizon, options, token);
        SampleMap own = SampleMap.ForEvaluation(mixture, StudyMixture.Horizon, options, token);
        double[] fitEnds = fit.Follow(teacher, token), fitExact = fit.Follow(exactPath, token);
        double[] ends = own.Follow(teacher, token), exact = own.Follow(exactPath, token);
        double gain = modes.Gain(fitExact, 1, fitEnds, modes.Nearest(fitExact, 1));
        return new FullMapBaselines(
            TrivialMaps.Measure(mixture.Dimension, fit.Starts, fitEnds, own.Starts, ends),
            TrivialMaps.Measure(mixture.Dimension, fit.Starts, fitExact, own.Starts, exact),
            modes.BestConstant(ends), PublishedMetric.Relative(modes.Map(exact, 1, modes.Nearest(exact, 1), gain), ends),
            TeacherFigures.Compare(mixture, teacher, ends, exact),
            PublishedMetric.Relative(own.Follow(NetworkTraining.Path(StudyTeacher.Converged), token), exact));
    }
}
