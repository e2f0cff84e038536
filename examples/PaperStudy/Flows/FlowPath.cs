namespace FlowDsl.Examples.Flows;

/// <summary>Steps of the classical Runge-Kutta method along the flow, in one of two coordinates.</summary>
/// <param name="From">The time at the start.</param>
/// <param name="To">The time at the end.</param>
/// <param name="Steps">The number of equal steps.</param>
/// <param name="IsConverged">
/// Whether steps are equal in the logarithm of the noise of x/a, where the flow contracts with a rate of 1 and nothing is stiff; otherwise in t, as in the
/// published runs, whose last stage is at t = 0 and fails where modes are narrow.
/// </param>
internal sealed record FlowPath(double From, double To, int Steps, bool IsConverged)
{
    /// <summary>The published teacher: steps that are equal in t.</summary>
    public static FlowPath InTime(double from, double to, int steps) => new(from, to, steps, IsConverged: false);

    /// <summary>A converged one.</summary>
    public static FlowPath InLogNoise(double from, double to, int steps) => new(from, to, steps, IsConverged: true);
}
