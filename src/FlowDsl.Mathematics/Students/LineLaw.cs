using System.Runtime.CompilerServices;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Students;

/// <summary>A mixture on the line at one time of a process. Its distribution function has full relative accuracy in tails and between modes.</summary>
/// <remarks>
/// Between modes the distribution function F is flat and says nothing about where a point lies. Split the components into left and right ones: the
/// mass of the right ones below a point minus that of the left ones above it is F minus the weight of the left ones, and keeps its digits even if
/// both are small. The components are the same at all times, so one split works for two times.
/// </remarks>
internal sealed class LineLaw
{
    // Beyond this many standard deviations every double equals a limit.
    private const double Reach = 40;

    // Newton's method takes about ten steps; bisection goes from the largest double to the smallest in two thousand.
    private const int FreeIterations = 64, MaxIterations = 5000;

    private const double InverseRootTwoPi = 0.3989422804014327;

    private readonly double[] _weights, _means, _deviations, _logHeights;

    // For the current point: the masses of single components above and below it, the latter summed from each component on.
    private readonly double[] _above, _below;

    /// <summary>Makes the law.</summary>
    /// <param name="mixture">A mixture of one dimension.</param>
    /// <param name="point">The process at a time.</param>
    public LineLaw(Mixture mixture, ProcessPoint point)
    {
        int[] order = [.. Enumerable.Range(0, mixture.Count).OrderBy(k => mixture.Means[k][0])];
        _weights = [.. order.Select(k => mixture.Weights[k])];
        _means = [.. order.Select(k => point.A * mixture.Means[k][0])];
        _deviations = [.. order.Select(k => Math.Sqrt(point.Spread(mixture.Covariances[k].MinVariance)))];
        _logHeights = [.. _weights.Zip(_deviations, (weight, s) => PortableMath.Log(weight / s * InverseRootTwoPi))];
        (_above, _below) = (new double[order.Length], new double[order.Length]);
    }

    /// <summary>The means in ascending order.</summary>
    public IReadOnlyList<double> Means => _means;

    /// <summary>The largest standard deviation of a component.</summary>
    public double MaxDeviation => _deviations.Max();

    /// <summary>The interval within a number of standard deviations of a component's mean.</summary>
    /// <param name="deviations">The number of standard deviations.</param>
    public (double Low, double High) Range(double deviations)
        => (_means.Zip(_deviations, (mean, s) => mean - deviations * s).Min(), _means.Zip(_deviations, (mean, s) => mean + deviations * s).Max());

    /// <summary>log p(x).</summary>
    /// <param name="x">The point.</param>
    [MethodImpl(Lanes.AggressiveOptimization)]
    public double LogDensity(double x)
    {
        double greatest = double.NegativeInfinity, sum = 0;
        for (int k = 0; k < _weights.Length; k++)
        {
            double z = (x - _means[k]) / _deviations[k], energy = _logHeights[k] - 0.5 * z * z;
            // The sum in units of the largest term so far.
            if (energy > greatest) (sum, greatest) = (sum * PortableMath.Exp(greatest - energy) + 1, energy);
            else sum += PortableMath.Exp(energy - greatest);
        }
        return greatest + PortableMath.Log(sum);
    }

    /// <summary>
    /// Where a point lies: the number of components left of the split with the smallest two masses, their difference, and the mass below the point.
    /// </summary>
    /// <param name="x">The point.</param>
    [MethodImpl(Lanes.AggressiveOptimization)]
    public (int Split, double Value, double Below) Locate(double x)
    {
        int count = _weights.Length;
        for (int k = count - 1; k >= 0; k--)
        {
            double z = (x - _means[k]) / _deviations[k], tail = NormalTail.Of(Math.Abs(z));
            _above[k] = _weights[k] * (z >= 0 ? tail : 1 - tail);
            _below[k] = _weights[k] * (z >= 0 ? 1 - tail : tail) + (k + 1 < count ? _below[k + 1] : 0);
        }
        double above = 0, least = _below[0];
        (int Split, double Value, double Below) place = (0, _below[0], _below[0]);
        for (int split = 1; split <= count; split++)
        {
            above += _above[split - 1];
            double right = split < count ? _below[split] : 0;
            if (above + right < least) (least, place) = (above + right, (split, right - above, _below[0]));
        }
        return place;
    }

    /// <summary>The point at a given place, within an interval that contains it.</summary>
    /// <param name="split">The number of components left of the split.</param>
    /// <param name="value">The mass of the right components below the point minus that of the left ones above it.</param>
    /// <param name="low">A lower bound on the point.</param>
    /// <param name="high">An upper bound on the point.</param>
    [MethodImpl(Lanes.AggressiveOptimization)]
    public double Solve(int split, double value, double low, double high)
    {
        (double least, double greatest) = Range(Reach);
        (low, high) = (Math.Max(low, least), Math.Min(high, greatest));
        double y = 0.5 * (low + high), tolerance = 1e-9 * _deviations.Min();
        for (int iteration = 0; iteration < MaxIterations && high - low > 1e-15 * Math.Abs(y); iteration++)
        {
            (double reached, double density) = At(split, y);
            double excess = reached - value;
            if (excess == 0) return y;
            if (excess > 0) high = y;
            else low = y;
            // Newton's step for the logarithm, which is nearly a parabola in a tail.
            double step = reached * value > 0 ? reached / density * PortableMath.Log(reached / value) : excess / density;
            double next = y - step;
            // If standard deviations differ widely, Newton's steps may stay too short: then alternate with bisection.
            bool isInside = next > low && next < high && (iteration < FreeIterations || iteration % 2 == 0);
            if (!isInside) next = 0.5 * (low + high);
            // The error of the next step is about the square of this step.
            if (isInside && Math.Abs(step) <= tolerance) return next;
            if (next == y) return y;
            y = next;
        }
        return y;
    }

    /// <summary>The mass of an interval and the integral of x over it.</summary>
    /// <param name="low">Its lower end, perhaps infinite.</param>
    /// <param name="high">Its upper end, perhaps infinite.</param>
    [MethodImpl(Lanes.AggressiveOptimization)]
    public (double Mass, double Moment) Between(double low, double high)
    {
        double mass = 0, moment = 0;
        for (int k = 0; k < _weights.Length; k++)
        {
            double first = (low - _means[k]) / _deviations[k], last = (high - _means[k]) / _deviations[k];
            double firstTail = NormalTail.Of(Math.Abs(first), out double firstDensity), lastTail = NormalTail.Of(Math.Abs(last), out double lastDensity);
            // On the side where both tails are small, so their difference keeps its digits.
            double part = first >= 0 ? firstTail - lastTail : last <= 0 ? lastTail - firstTail : 1 - firstTail - lastTail;
            mass += _weights[k] * part;
            moment += _weights[k] * (_means[k] * part + _deviations[k] * (firstDensity - lastDensity));
        }
        return (mass, moment);
    }

    [MethodImpl(Lanes.AggressiveOptimization)]
    private (double Value, double Density) At(int split, double x)
    {
        double value = 0, density = 0;
        for (int k = 0; k < _weights.Length; k++)
        {
            double z = (x - _means[k]) / _deviations[k];
            double tail = k < split ? -NormalTail.Of(z, out double height) : NormalTail.Of(-z, out height);
            value += _weights[k] * tail;
            density += _weights[k] / _deviations[k] * height;
        }
        return (value, density);
    }
}
