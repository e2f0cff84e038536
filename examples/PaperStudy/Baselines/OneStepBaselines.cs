using FlowDsl.Examples.Flows;

namespace FlowDsl.Examples.Baselines;

/// <summary>Experiment 2 without networks: the map from Δ = ln 2/(2β), a² = 1/2, to 0, against the published teacher and against the flow.</summary>
/// <param name="Sigma0">σ0.</param>
/// <param name="Published">Maps that need no network, against the published teacher.</param>
/// <param name="Converged">The same against the flow.</param>
/// <param name="BestConstant">The error of the mean of all y as a constant, against the published teacher.</param>
/// <param name="NearestMean">The error of μ_k against the published teacher, k the mode of x.</param>
/// <param name="NearestMeanConverged">The same against the flow.</param>
/// <param name="PiecewiseAffine">
/// The error of μ_k + c (x - a μ_k) against the published teacher, c its gain: what it teaches is nearly this.
/// </param>
/// <param name="ClosedForm">
/// The error of μ_k + (σ0/s)(x - a μ_k), the flow's closed form as long as no sample changes its mode, against many steps in the logarithm of the noise.
/// Where the flow is meant above, it is this.
/// </param>
/// <param name="Teacher">How the published teacher differs from the flow.</param>
/// <param name="ConvergedTeacher">Σ|y - x|²/Σ|x|² of ten steps in the logarithm of the noise.</param>
internal sealed record OneStepBaselines(
    double Sigma0, TrivialMaps Published, TrivialMaps Converged, double BestConstant, double NearestMean, double NearestMeanConverged,
    double PiecewiseAffine, double ClosedForm,
    TeacherFigures Teacher, double ConvergedTeacher)
{
    /// <summary>The published teacher's number of steps.</summary>
    public const int TeacherSteps = 10;

    private const int ManySteps = 40;

    /// <summary>Δ.</summary>
    public static readonly double Start = Math.Log(2) / (2 * StudyMixture.Beta);

    /// <summary>Measures the cells of a σ0; its bounds of weights have the same task.</summary>
    public static OneStepBaselines Measure(double sigma0, BaselineOptions options, CancellationToken token = default)
    {
        var mixture = new StudyMixture(PublishedMeans.Draw(0), sigma0);
        var modes = new Modes(mixture);
        var teacher = FlowPath.InTime(Start, 0, TeacherSteps);
        SampleMap fit = SampleMap.ForFit(mixture, Start, options, token), own = SampleMap.ForEvaluation(mixture, Start, options, token);
        double a = StudyMixture.Signal(Start), exactGain = sigma0 / Math.Sqrt(mixture.Variance(Start));
        int[] fitNearest = modes.Nearest(fit.Starts, a), nearest = modes.Nearest(own.Starts, a);
        double[] fitEnds = fit.Follow(teacher, token), ends = own.Follow(teacher, token);
        double[] fitExact = modes.Map(fit.Starts, a, fitNearest, exactGain), exact = modes.Map(own.Starts, a, nearest, exactGain);
        double[] means = modes.Map(own.Starts, a, nearest, 0);
        double[] piecewise = modes.Map(own.Starts, a, nearest, modes.Gain(fit.Starts, a, fitEnds, fitNearest));
        double[] many = own.Follow(FlowPath.InLogNoise(Start, 0, ManySteps), token), few = own.Follow(FlowPath.InLogNoise(Start, 0, TeacherSteps), token);
        return new OneStepBaselines(
            sigma0, TrivialMaps.Measure(mixture.Dimension, fit.Starts, fitEnds, own.Starts, ends),
            TrivialMaps.Measure(mixture.Dimension, fit.Starts, fitExact, own.Starts, exact), modes.BestConstant(ends), PublishedMetric.Relative(means, ends),
            PublishedMetric.Relative(means, exact), PublishedMetric.Relative(piecewise, ends), PublishedMetric.Relative(exact, many),
            TeacherFigures.Compare(mixture, teacher, ends, exact), PublishedMetric.Relative(few, exact));
    }
}
