using FlowDsl.Examples.Flows;

namespace FlowDsl.Examples.Baselines;

/// <summary>Experiment 2 without networks: the map from Δ = ln 2/(2β), a² = 1/2, to 0, against the published teacher and against the flow.</summary>
/// <param name="Sigma0">σ0.</param>
/// <param name="Published">Maps that need no network, against the published teacher.</param>
/// <param name="Converged">The same against the flow.</param>
/// <param name="NearestMean">The error of μ_k against the published teacher, k the mode of x.</param>
/// <param name="NearestMeanConverged">The same against the flow.</param>
/// <param name="PiecewiseAffine">
/// The error of μ_k + c (x - a μ_k) against the published teacher, c its gain: what it teaches is nearly this.
/// </param>
/// <param name="ClosedForm">The error of μ_k + (σ0/s)(x - a μ_k), the flow's closed form, against the converged teacher.</param>
/// <param name="Teacher">How the published teacher differs from the flow.</param>
/// <param name="ConvergedTeacher">Σ|y - x|²/Σ|x|² of ten steps in the logarithm of the noise.</param>
internal sealed record OneStepBaselines(
    double Sigma0, TrivialMaps Published, TrivialMaps Converged, double NearestMean, double NearestMeanConverged, double PiecewiseAffine, double ClosedForm,
    TeacherFigures Teacher, double ConvergedTeacher)
{
    /// <summary>The published teacher's number of steps.</summary>
    public const int TeacherSteps = 10;

    private const int ExactSteps = 100;

    /// <summary>Δ.</summary>
    public static readonly double Start = Math.Log(2) / (2 * StudyMixture.Beta);

    /// <summary>Measures the cells of a σ0; its bounds of weights have the same task.</summary>
    public static OneStepBaselines Measure(double sigma0, BaselineOptions options, CancellationToken token = default)
    {
        var mixture = new StudyMixture(PublishedMeans.Draw(0), sigma0);
        var modes = new Modes(mixture);
        FlowPath teacher = FlowPath.InTime(Start, 0, TeacherSteps), exactPath = FlowPath.InLogNoise(Start, 0, ExactSteps);
        SampleMap fit = SampleMap.ForFit(mixture, Start, options, token), own = SampleMap.ForEvaluation(mixture, Start, options, token);
        double a = StudyMixture.Signal(Start);
        double[] ends = own.Follow(teacher, token), exact = own.Follow(exactPath, token);
        int[] nearest = modes.Nearest(own.Starts, a);
        double[] means = modes.Map(own.Starts, a, nearest, 0);
        double gain = modes.Gain(fit.Starts, a, fit.Follow(teacher, token), modes.Nearest(fit.Starts, a));
        var figures = TeacherFigures.Compare(mixture, teacher, ends, exact);
        return new OneStepBaselines(
            sigma0, TrivialMaps.Measure(mixture.Dimension, fit.Starts, fit.Follow(teacher, token), own.Starts, ends),
            TrivialMaps.Measure(mixture.Dimension, fit.Starts, fit.Follow(exactPath, token), own.Starts, exact), Errors.Relative(means, ends),
            Errors.Relative(means, exact), Errors.Relative(modes.Map(own.Starts, a, nearest, gain), ends),
            Errors.Relative(modes.Map(own.Starts, a, nearest, figures.ExactGain), exact), figures,
            Errors.Relative(own.Follow(FlowPath.InLogNoise(Start, 0, TeacherSteps), token), exact));
    }
}
