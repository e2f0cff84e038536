using System.Runtime.CompilerServices;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Grids;

/// <summary>
/// Moves all inner times at once to a minimum of the measured error and penalty, a sum of squares: Gauss-Newton steps in log(s/a), damped as by
/// Levenberg and Marquardt.
/// </summary>
/// <remarks>
/// Derivatives are differences, and cost as many runs as there are times. After a step that gains they are updated by what it changed (Broyden), which
/// costs nothing; they are measured again when such a step no longer gains.
/// </remarks>
/// <param name="pilot">The measurements.</param>
/// <param name="process">The process.</param>
internal sealed class LeastSquaresTimes(PilotError pilot, Process process)
{
    // The damping relative to the diagonal, and how it changes after a step that gains and one that does not.
    private const double FirstDamping = 1e-2, MinDamping = 1e-6, MaxDamping = 1e4, Decay = 1.0 / 3, Growth = 4;

    // A step that gains less with measured derivatives ends the search; with updated ones it has them measured again.
    private const double MinGain = 1e-3;

    // The part of a distance between neighbours by which a derivative moves a time, and the largest part of it that a step may take.
    private const double Difference = 1e-3, MaxShrinkage = 0.7;

    // Beyond, (s/a)² is not far enough from the ends of double precision to move.
    private const double MaxPlace = 340;

    /// <summary>The times at which the search ends.</summary>
    /// <param name="start">The times at which it starts.</param>
    /// <param name="limit">The evaluations of the pilot after which no step is tried.</param>
    public double[] Find(double[] start, double limit)
    {
        double[] times = [.. start], places = [.. times.Select(Place)], residuals = new double[pilot.ResidualCount], next = new double[residuals.Length];
        double value = Value(times), damping = FirstDamping;
        // The derivatives of a residual lie together.
        double[] derivatives = new double[residuals.Length * (times.Length - 2)];
        pilot.Residuals(residuals);
        bool isMeasured = false, isKnown = false;
        while (pilot.Evaluations < limit && damping <= MaxDamping && !double.IsInfinity(value))
        {
            if (!isKnown)
            {
                if (places.Skip(1).Take(times.Length - 2).Any(place => !(Math.Abs(place) < MaxPlace))) break;
                Measure(times, places, residuals, next, derivatives);
                isMeasured = isKnown = true;
            }
            double[]? step = Step(derivatives, residuals, times.Length - 2, damping), trial = step is null ? null : Moved(places, step);
            double found = trial is null ? double.PositiveInfinity : Value(trial);
            bool gains = found < value, isEnough = found < (1 - MinGain) * value;
            if (gains)
            {
                pilot.Residuals(next);
                double[] reached = [.. trial!.Select(Place)];
                Update(derivatives, residuals, next, places, reached);
                (times, places, value, damping) = (trial!, reached, found, Math.Max(MinDamping, damping * Decay));
                (residuals, next) = (next, residuals);
            }
            if (!isEnough && isMeasured && gains) break;
            if (!isEnough && isMeasured) damping *= Growth;
            isKnown = isEnough || (isMeasured && !gains);
            isMeasured &= !gains;
        }
        return times;
    }

    private double Value(double[] times) => pilot.Of(times) + pilot.Penalty;

    private double Place(double time) => PortableMath.Log(process.At(time).NoiseToSignal);

    private double TimeAt(double place) => process.TimeAt(PortableMath.Exp(place));

    private void Measure(double[] times, double[] places, double[] residuals, double[] moved, double[] derivatives)
    {
        int inner = times.Length - 2;
        double[] trial = [.. times];
        // The last first: each repeats only the steps from its time on.
        for (int i = inner; i >= 1; i--)
        {
            double length = Difference * Math.Min(1, Math.Min(places[i - 1] - places[i], places[i] - places[i + 1]));
            trial[i] = TimeAt(places[i] + length);
            pilot.Of(trial);
            trial[i] = times[i];
            pilot.Residuals(moved);
            for (int k = 0; k < residuals.Length; k++) derivatives[k * inner + i - 1] = (moved[k] - residuals[k]) / length;
        }
    }

    /// <summary>The least change of the derivatives with which they give the change of the residuals.</summary>
    [MethodImpl(Lanes.AggressiveOptimization)]
    private static void Update(double[] derivatives, double[] residuals, double[] next, double[] places, double[] reached)
    {
        int n = places.Length - 2;
        double[] move = new double[n];
        double square = 0;
        for (int i = 0; i < n; i++)
        {
            move[i] = reached[i + 1] - places[i + 1];
            square += move[i] * move[i];
        }
        if (!(square > 0)) return;
        for (int k = 0; k < residuals.Length; k++)
        {
            Span<double> row = derivatives.AsSpan(k * n, n);
            double missing = next[k] - residuals[k];
            for (int i = 0; i < row.Length; i++) missing -= row[i] * move[i];
            missing /= square;
            for (int i = 0; i < row.Length; i++) row[i] += missing * move[i];
        }
    }

    /// <summary>JᵀJ, the lower triangle, and Jᵀr.</summary>
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
    private static double[]? Step(double[] derivatives, double[] residuals, int n, double damping)
    {
        double[] matrix = new double[n * n], step = new double[n];
        Sum(derivatives, residuals, matrix, step);
        double trace = 0;
        for (int i = 0; i < n; i++) trace += matrix[i * n + i];
        for (int i = 0; i < n; i++) matrix[i * n + i] += damping * matrix[i * n + i] + 1e-12 * trace;
        if (!(trace > 0) || SymmetricMatrix.TryCholesky(matrix, n) is not { } lower) return null;
        SymmetricMatrix.Solve(lower, step);
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
        return TimeGrid.AreDistinct(times) ? times : null;
    }
}
