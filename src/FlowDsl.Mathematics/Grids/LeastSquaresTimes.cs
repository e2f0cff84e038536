using System.Runtime.CompilerServices;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Grids;

/// <summary>
/// Moves all inner times at once to a minimum of the measured error, a sum of squares over trajectories: Gauss-Newton steps in log(s/a), damped as by
/// Levenberg and Marquardt, derivatives by differences.
/// </summary>
/// <param name="pilot">The measurements.</param>
/// <param name="process">The process.</param>
internal sealed class LeastSquaresTimes(PilotError pilot, Process process)
{
    // The damping relative to the diagonal, and how it changes after a step that gains and one that does not.
    private const double FirstDamping = 1e-2, MinDamping = 1e-6, Decay = 1.0 / 3, Growth = 4;
    private const int MaxIterations = 30, MaxTries = 8;

    // An iteration that gains less ends the search.
    private const double MinGain = 1e-3;

    // The part of a distance between neighbours by which a derivative moves a time, and the largest part of it that a step may take.
    private const double Difference = 1e-3, MaxShrinkage = 0.7;

    /// <summary>The times at which the search ends.</summary>
    /// <param name="start">The times at which it starts.</param>
    /// <param name="limit">The evaluations of the pilot after which no iteration begins.</param>
    public double[] Find(double[] start, double limit)
    {
        (double[] times, double error, double damping) = ([.. start], Value(start), FirstDamping);
        int inner = times.Length - 2;
        // The derivatives of a residual lie together.
        double[] residuals = new double[pilot.ResidualCount], moved = new double[pilot.ResidualCount], derivatives = new double[pilot.ResidualCount * inner];
        for (int iteration = 0; iteration < MaxIterations && pilot.Evaluations < limit && !double.IsInfinity(error); iteration++)
        {
            double before = error;
            double[] places = [.. times.Select(Place)];
            pilot.Of(times);
            pilot.Residuals(residuals);
            // The last first: each repeats only the steps from its time on.
            for (int i = inner; i >= 1; i--)
            {
                double length = Difference * Math.Min(1, Math.Min(places[i - 1] - places[i], places[i] - places[i + 1])), old = times[i];
                times[i] = TimeAt(places[i] + length);
                pilot.Of(times);
                times[i] = old;
                pilot.Residuals(moved);
                for (int k = 0; k < residuals.Length; k++) derivatives[k * inner + i - 1] = (moved[k] - residuals[k]) / length;
            }
            double[] matrix = new double[inner * inner], gradient = new double[inner];
            Sum(derivatives, residuals, matrix, gradient);
            bool improved = false;
            for (int tries = 0; tries < MaxTries && !improved; tries++)
            {
                if (Step(matrix, gradient, damping) is { } step && Moved(places, step) is { } trial && Value(trial) is var found && found < error)
                    (times, error, improved) = (trial, found, true);
                damping = improved ? Math.Max(MinDamping, damping * Decay) : damping * Growth;
            }
            if (!(error < (1 - MinGain) * before)) break;
        }
        return times;
    }

    private double Value(double[] times) => pilot.Of(times) + pilot.Penalty;

    private double Place(double time) => PortableMath.Log(process.At(time).NoiseToSignal);

    private double TimeAt(double place) => process.TimeAt(PortableMath.Exp(place));

    /// <summary>JᵀJ and Jᵀr.</summary>
    [MethodImpl(Lanes.AggressiveOptimization)]
    private static void Sum(double[] derivatives, double[] residuals, double[] matrix, double[] gradient)
    {
        int n = gradient.Length;
        for (int k = 0; k < residuals.Length; k++)
        {
            ReadOnlySpan<double> row = derivatives.AsSpan(k * n, n);
            for (int i = 0; i < row.Length; i++)
            {
                double own = row[i];
                gradient[i] += own * residuals[k];
                Span<double> sums = matrix.AsSpan(i * n, i + 1);
                for (int j = 0; j < sums.Length; j++) sums[j] += own * row[j];
            }
        }
    }

    /// <summary>The solution of (JᵀJ + damping) step = Jᵀr; null if it is not finite.</summary>
    /// <param name="matrix">The lower triangle of JᵀJ.</param>
    /// <param name="gradient">Jᵀr.</param>
    /// <param name="damping">The damping, relative to the diagonal.</param>
    private static double[]? Step(double[] matrix, double[] gradient, double damping)
    {
        int n = gradient.Length;
        double[] damped = (double[])matrix.Clone();
        double trace = 0;
        for (int i = 0; i < n; i++) trace += matrix[i * n + i];
        for (int i = 0; i < n; i++) damped[i * n + i] += damping * matrix[i * n + i] + 1e-12 * trace;
        if (!(trace > 0) || SymmetricMatrix.TryCholesky(damped, n) is not { } lower) return null;
        double[] step = [.. gradient];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++) step[i] -= lower[i * n + j] * step[j];
            step[i] /= lower[i * n + i];
        }
        for (int i = n - 1; i >= 0; i--)
        {
            for (int j = i + 1; j < n; j++) step[i] -= lower[j * n + i] * step[j];
            step[i] /= lower[i * n + i];
        }
        return step.All(value => Math.Abs(value) <= double.MaxValue) ? step : null;
    }

    /// <summary>The times after a step, or after as much of it as keeps neighbours apart; null if they are not in order.</summary>
    private double[]? Moved(double[] places, double[] step)
    {
        int last = places.Length - 1;
        double share = 1;
        for (int i = 0; i < last; i++)
        {
            double length = places[i] - places[i + 1], less = (i == 0 ? 0 : step[i - 1]) - (i + 1 == last ? 0 : step[i]);
            if (less * share > MaxShrinkage * length) share = MaxShrinkage * length / less;
        }
        double[] times = new double[last + 1];
        (times[0], times[last]) = (process.Horizon, process.EarlyStop);
        for (int i = 1; i < last; i++) times[i] = TimeAt(places[i] - share * step[i - 1]);
        for (int i = 0; i < last; i++)
            if (!(times[i + 1] < times[i])) return null;
        return times;
    }
}
