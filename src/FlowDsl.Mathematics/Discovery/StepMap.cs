using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Solvers;

namespace FlowDsl.Mathematics.Discovery;

/// <summary>The numbers of a method's steps x' = r x + c Σ w_j F_j, and their derivatives by log(s/a) at the inner times.</summary>
internal sealed class StepMap
{
    /// <summary>The part of an e-fold of s/a by which a derivative moves a time.</summary>
    public const double Difference = 1e-6;

    private readonly double[][] _weights;

    /// <summary>Tabulates a method.</summary>
    /// <param name="process">The process.</param>
    /// <param name="frame">The chart, a canonical one.</param>
    /// <param name="method">The method.</param>
    public StepMap(Process process, ChartFrame frame, BespokeMethod method)
    {
        int steps = method.Steps;
        ProcessPoint[] points = [.. method.Times.Select(process.At)], moved = [.. points];
        for (int i = 1; i < steps; i++) moved[i] = process.At(process.TimeAt(points[i].NoiseToSignal * PortableMath.Exp(Difference)));
        _weights = [.. Enumerable.Range(0, steps).Select(n => DiscoveredSteps.Weights(method.Weights.AsSpan(), n))];
        Steps = new (double, double)[steps];
        (ByStart, ByEnd) = (new (double, double)[steps], new (double, double)[steps]);
        for (int n = 0; n < steps; n++)
        {
            Steps[n] = DiscoveredSteps.Factors(frame, points[n], points[n + 1]);
            ByStart[n] = Derivative(Steps[n], DiscoveredSteps.Factors(frame, moved[n], points[n + 1]));
            ByEnd[n] = Derivative(Steps[n], DiscoveredSteps.Factors(frame, points[n], moved[n + 1]));
        }
        Fields = [.. points.Take(steps).Select(point => frame.Slope(point))];
        MovedFields = [.. moved.Take(steps).Select(point => frame.Slope(point))];
    }

    /// <summary>r and c of each step.</summary>
    public (double State, double Slope)[] Steps { get; }

    /// <summary>Their derivatives by the time at which the step starts.</summary>
    public (double State, double Slope)[] ByStart { get; }

    /// <summary>Their derivatives by the time at which it ends.</summary>
    public (double State, double Slope)[] ByEnd { get; }

    /// <summary>The field of each step.</summary>
    public MixtureField[] Fields { get; }

    /// <summary>The same at the moved times.</summary>
    public MixtureField[] MovedFields { get; }

    /// <summary>The weights of a step's slopes, newest first.</summary>
    /// <param name="step">The step.</param>
    public ReadOnlySpan<double> Weights(int step) => _weights[step];

    private static (double, double) Derivative((double State, double Slope) own, (double State, double Slope) moved)
        => ((moved.State - own.State) / Difference, (moved.Slope - own.Slope) / Difference);
}
