using System.Runtime.CompilerServices;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Maps;

/// <summary>The components of a mixture on the line at one time of a process, seen from a point of the line, its anchor.</summary>
/// <remarks>
/// Masses are those between the anchor and a point above it, and those above a point. Both keep their digits where they are small, as a distribution function
/// does not: near 0, near 1 and between two modes.
/// </remarks>
internal sealed class LineComponents
{
    private readonly double[] _offsets;

    private LineComponents(double[] weights, double[] means, double[] deviations, double anchor)
    {
        (Weights, Means, Deviations, Anchor) = (weights, means, deviations, anchor);
        _offsets = [.. means.Zip(deviations, (mean, deviation) => (anchor - mean) / deviation)];
    }

    /// <summary>The components at a time, in the order of the mixture.</summary>
    /// <param name="mixture">A mixture of one dimension.</param>
    /// <param name="point">The process at the time.</param>
    public static LineComponents At(Mixture mixture, ProcessPoint point) => new(
        [.. mixture.Weights],
        [.. mixture.Means.Select(mean => point.A * mean[0])],
        [.. mixture.Covariances.Select(covariance => Math.Sqrt(point.Spread(covariance.MinVariance)))],
        0);

    /// <summary>w.</summary>
    public double[] Weights { get; }

    /// <summary>The means at the time.</summary>
    public double[] Means { get; }

    /// <summary>The standard deviations at the time.</summary>
    public double[] Deviations { get; }

    /// <summary>The anchor.</summary>
    public double Anchor { get; }

    /// <summary>The number of components.</summary>
    public int Count => Weights.Length;

    /// <summary>The same with another anchor.</summary>
    public LineComponents From(double anchor) => new(Weights, Means, Deviations, anchor);

    /// <summary>The mirror image: what was below the anchor is above it.</summary>
    public LineComponents Mirrored() => new(Weights, [.. Means.Select(mean => -mean)], Deviations, -Anchor);

    /// <summary>The standardised place of a point.</summary>
    /// <param name="component">In which component.</param>
    /// <param name="distance">The distance of the point from the anchor.</param>
    public double Place(int component, double distance) => _offsets[component] + distance / Deviations[component];

    /// <summary>The logarithm of the mass from the anchor to a point above it.</summary>
    /// <param name="distance">The distance of the point.</param>
    /// <param name="rate">Receives its derivative.</param>
    [MethodImpl(Lanes.AggressiveOptimization)]
    public double LogMass(double distance, out double rate)
    {
        double mass = 0, density = 0;
        for (int k = 0; k < Weights.Length; k++)
        {
            mass += Weights[k] * NormalTail.Between(_offsets[k], distance / Deviations[k], out double height);
            density += Weights[k] / Deviations[k] * height;
        }
        rate = density / mass;
        return PortableMath.Log(mass);
    }

    /// <summary>The logarithm of the mass above a point.</summary>
    /// <param name="distance">The distance of the point from the anchor.</param>
    /// <param name="rate">Receives its derivative with the other sign.</param>
    [MethodImpl(Lanes.AggressiveOptimization)]
    public double LogTail(double distance, out double rate)
    {
        double greatest = double.NegativeInfinity, mass = 0, density = 0;
        for (int k = 0; k < Weights.Length; k++)
        {
            double z = Place(k, distance);
            greatest = Math.Max(greatest, z > 0 ? -0.5 * z * z : 0);
        }
        for (int k = 0; k < Weights.Length; k++)
        {
            double z = Place(k, distance), scale = PortableMath.Exp(-0.5 * z * z - greatest);
            mass += Weights[k] * (z > 0 ? NormalTail.Scaled(z) * scale : NormalTail.Of(z) * PortableMath.Exp(-greatest));
            density += Weights[k] / Deviations[k] * 0.3989422804014327 * scale;
        }
        rate = density / mass;
        return greatest + PortableMath.Log(mass);
    }

    /// <summary>log p and its derivative at a point.</summary>
    /// <param name="distance">The distance of the point from the anchor.</param>
    [MethodImpl(Lanes.AggressiveOptimization)]
    public (double Log, double Score) LogDensity(double distance)
    {
        double greatest = double.NegativeInfinity, sum = 0, slope = 0;
        for (int k = 0; k < Weights.Length; k++)
        {
            double z = Place(k, distance);
            greatest = Math.Max(greatest, -0.5 * z * z);
        }
        for (int k = 0; k < Weights.Length; k++)
        {
            double z = Place(k, distance), height = Weights[k] / Deviations[k] * PortableMath.Exp(-0.5 * z * z - greatest);
            sum += height;
            slope -= height * z / Deviations[k];
        }
        return (greatest + PortableMath.Log(sum * 0.3989422804014327), slope / sum);
    }

    /// <summary>The component that counts far above all means: the widest, and of equally wide ones the farthest.</summary>
    public int Outermost
    {
        get
        {
            int best = 0;
            for (int k = 1; k < Count; k++)
            {
                bool isFarther = Deviations[k] == Deviations[best] && Means[k] > Means[best];
                if (Deviations[k] > Deviations[best] || isFarther) best = k;
            }
            return best;
        }
    }

    /// <summary>Bounds on the Taylor coefficients, from the first on, of minus the logarithm of the mass above points that lie above all means.</summary>
    /// <remarks>
    /// With z the place in the outermost component and M(z) = Q(z) e^(z²/2), the logarithm is -z²/2 + log Σ w_k M(z_k) e^((z² - z_k²)/2). No terms cancel
    /// that grow with z, as those of the density's derivatives do.
    /// </remarks>
    /// <param name="distances">The distances of the points from the anchor.</param>
    /// <param name="unit">The unit of the coefficients.</param>
    /// <param name="order">Their number and one.</param>
    public Interval[] TailSeries(Interval distances, double unit, int order)
    {
        int own = Outermost;
        (Interval place, Interval step) = Series(own);
        var sum = new Interval[order];
        for (int k = 0; k < Count; k++)
        {
            (Interval other, Interval otherStep) = Series(k);
            Interval[] term = NormalTail.ScaledSeries(other, otherStep, order);
            if (k != own)
            {
                var exponent = new Interval[order];
                // By the difference of the two places, which is much smaller than both.
                Interval narrower = (Interval)1 / Deviations[own] - (Interval)1 / Deviations[k], gap = Offset(own) - Offset(k) + distances * narrower;
                exponent[0] = gap * (place + other) * 0.5;
                exponent[1] = step * gap + narrower * unit * other;
                exponent[2] = narrower * unit * (step + otherStep) * 0.5;
                term = IntervalSeries.Multiply(term, IntervalSeries.Exp(exponent));
            }
            for (int n = 0; n < order; n++) sum[n] += term[n] * Weights[k];
        }
        Interval[] result = IntervalSeries.LogWithoutConstant(sum);
        for (int n = 1; n < order; n++) result[n] = (Interval)0 - result[n];
        result[1] += place * step;
        result[2] += step.Square() * 0.5;
        return result;

        (Interval Place, Interval Step) Series(int k) => (Offset(k) + distances / Deviations[k], (Interval)unit / Deviations[k]);

        Interval Offset(int k) => Interval.Around(_offsets[k], 4e-16 * Math.Abs(_offsets[k]));
    }
}
