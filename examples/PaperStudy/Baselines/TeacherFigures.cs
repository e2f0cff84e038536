using FlowDsl.Examples.Flows;

namespace FlowDsl.Examples.Baselines;

/// <summary>How a teacher differs from the flow.</summary>
/// <param name="Error">Σ|y - x|²/Σ|x|², y the teacher's ends, x the flow's.</param>
/// <param name="PerfectStudent">The same over Σ|y|²: what the true flow scores in the published metric.</param>
/// <param name="Gain">What the teacher makes of an offset from a mode's mean, from the start of the map to its end.</param>
/// <param name="ExactGain">What the flow makes of it, σ0/s.</param>
/// <param name="LastStep">The teacher's factor of an offset in its last step.</param>
/// <param name="ExactLastStep">The flow's factor.</param>
/// <param name="Size">The root mean square of a coordinate of y.</param>
/// <param name="ExactSize">That of x.</param>
internal sealed record TeacherFigures(
    double Error, double PerfectStudent, double Gain, double ExactGain, double LastStep, double ExactLastStep, double Size, double ExactSize)
{
    /// <summary>Compares a teacher's ends with the flow's from the same starts.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="path">The teacher, to 0 with equal steps in t.</param>
    /// <param name="ends">y.</param>
    /// <param name="exact">x.</param>
    public static TeacherFigures Compare(StudyMixture mixture, FlowPath path, ReadOnlySpan<double> ends, ReadOnlySpan<double> exact)
    {
        var modes = new Modes(mixture);
        // The flow multiplies an offset by σ0/s in the whole map, and the teacher what the flow makes of it.
        double gain = modes.Gain(exact, 1, ends, modes.Nearest(exact, 1));
        double size = PublishedMetric.RootMeanSquare(ends), exactSize = PublishedMetric.RootMeanSquare(exact);
        double error = PublishedMetric.Relative(ends, exact), exactGain = mixture.Sigma0 / Math.Sqrt(mixture.Variance(path.From));
        double h = (path.From - path.To) / path.Steps;
        return new TeacherFigures(
            error, PublishedMetric.Relative(exact, ends), gain * exactGain, exactGain, StepFactor(mixture, h), mixture.Sigma0 / Math.Sqrt(mixture.Variance(h)),
            size, exactSize);
    }

    /// <summary>
    /// What one step of the Runge-Kutta method from h to 0 makes of an offset z inside of a mode, where dz/dt = β(1/s² - 1) z.
    /// </summary>
    public static double StepFactor(StudyMixture mixture, double h)
    {
        double first = Rate(h), middle = Rate(h / 2), last = Rate(0);
        double k1 = first, k2 = middle * (1 - h / 2 * k1), k3 = middle * (1 - h / 2 * k2), k4 = last * (1 - h * k3);
        return 1 - h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);

        double Rate(double t) => StudyMixture.Beta * (1 / mixture.Variance(t) - 1);
    }
}
