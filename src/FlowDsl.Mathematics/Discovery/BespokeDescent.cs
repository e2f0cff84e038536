using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Discovery;

/// <summary>Moves times and weights together to a minimum of the measured error: Gauss-Newton steps, damped as by Levenberg and Marquardt.</summary>
/// <remarks>
/// The error is multiplied by 1 + η Σ w²: great weights of both signs amplify what is wrong with a slope, by rounding or of a network, and a tenth of the
/// error is a fair price for less of them. Squares saturate at a multiple of the error, which falls with it.
/// </remarks>
/// <param name="errors">The measurements.</param>
/// <param name="process">The process.</param>
internal sealed class BespokeDescent(BespokeErrors errors, Process process)
{
    private const double FirstDamping = 1e-2, MinDamping = 1e-8, MaxDamping = 1e4, Decay = 1.0 / 4, Growth = 4;

    // η: weights of 30 cost a tenth.
    private const double Price = 1e-4;

    // Where squares saturate, in units of their mean, and how often that is looked at anew.
    private const double SaturationRatio = 30, LeastSaturation = 1e-3;
    private const int Period = 6;

    // A round that gains less is a weak one, and the second in a row the last.
    private const double MinGain = 3e-3;

    // The largest part of a distance between neighbours that a step may take.
    private const double MaxShrinkage = 0.7;

    // Beyond, (s/a)² is not far enough from the ends of double precision to move.
    private const double MaxPlace = 340;

    /// <summary>The method at which the search ends.</summary>
    /// <param name="start">The method at which it starts.</param>
    /// <param name="rounds">The greatest number of derivatives.</param>
    /// <param name="limit">The operations of the measurements after which no round begins.</param>
    /// <param name="saturates">Whether squares saturate.</param>
    public BespokeMethod Find(BespokeMethod start, int rounds, double limit, bool saturates)
    {
        BespokeMethod method = start;
        errors.Saturation = double.PositiveInfinity;
        double value = Value(method), damping = FirstDamping;
        bool wasWeak = false;
        for (int round = 0; round < rounds && errors.Operations < limit && damping <= MaxDamping && !double.IsInfinity(value); round++)
        {
            double[] places = [.. method.Times.Select(time => PortableMath.Log(process.At(time).NoiseToSignal))];
            if (places.Skip(1).Take(method.Steps - 1).Any(place => !(Math.Abs(place) < MaxPlace))) break;
            if (saturates && round % Period == 0)
            {
                errors.Saturation = Math.Max(LeastSaturation, SaturationRatio * value);
                value = Value(method);
            }
            (double[] matrix, double[] gradient) = Normal(method);
            double before = value;
            for (; damping <= MaxDamping; damping *= Growth)
            {
                if (Step(matrix, gradient, damping) is not { } step || Moved(method, places, step) is not { } trial) continue;
                double found = Value(trial);
                if (!(found < value)) continue;
                (method, value) = (trial, found);
                damping = Math.Max(MinDamping, damping * Decay);
                break;
            }
            bool isWeak = value > (1 - MinGain) * before;
            if (isWeak && wasWeak) break;
            wasWeak = isWeak;
        }
        return method;
    }

    /// <summary>The error and the price of the weights.</summary>
    /// <param name="method">The method.</param>
    public double Value(BespokeMethod method) => errors.Saturated(method) * (1 + Price * method.Weights.Sum(weight => weight * weight));

    private (double[] Matrix, double[] Gradient) Normal(BespokeMethod method)
    {
        (double[] matrix, double[] gradient) = errors.Normal(method);
        double price = Price * errors.Saturated(method);
        int n = gradient.Length, inner = method.Steps - 1;
        for (int i = inner; i < n; i++)
        {
            matrix[i * n + i] += price;
            gradient[i] += price * method.Weights[i - inner];
        }
        return (matrix, gradient);
    }

    /// <summary>The solution of (JᵀJ + damping) step = Jᵀr; null if it is not finite.</summary>
    private static double[]? Step(double[] matrix, double[] gradient, double damping)
    {
        int n = gradient.Length;
        double[] sum = [.. matrix], step = [.. gradient];
        double trace = 0;
        for (int i = 0; i < n; i++) trace += matrix[i * n + i];
        for (int i = 0; i < n; i++) sum[i * n + i] += damping * matrix[i * n + i] + 1e-14 * trace;
        if (!(trace > 0) || SymmetricMatrix.TryCholesky(sum, n) is not { } lower) return null;
        SymmetricMatrix.Solve(lower, step);
        return step.All(value => Math.Abs(value) <= double.MaxValue) ? step : null;
    }

    /// <summary>The method after a step, or after as much of it as keeps neighbours apart; null if its times are not in order.</summary>
    private BespokeMethod? Moved(BespokeMethod method, double[] places, double[] step)
    {
        int last = method.Steps, inner = last - 1;
        double share = 1;
        for (int i = 0; i < last; i++)
        {
            double length = places[i] - places[i + 1], less = (i == 0 ? 0 : step[i - 1]) - (i + 1 == last ? 0 : step[i]);
            if (less * share > MaxShrinkage * length) share = MaxShrinkage * length / less;
        }
        double[] times = [.. method.Times], weights = [.. method.Weights];
        for (int i = 1; i < last; i++) times[i] = process.TimeAt(PortableMath.Exp(places[i] - share * step[i - 1]));
        for (int i = 0; i < weights.Length; i++) weights[i] -= share * step[inner + i];
        return TimeGrid.AreDistinct(times) ? new BespokeMethod([.. times], [.. weights]) : null;
    }
}
