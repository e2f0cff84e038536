using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Flows;

/// <summary>
/// The probability-flow ODE of a mixture in the canonical chart, for many samples, each at its own time: the lanes of rows of doubles.
/// </summary>
/// <remarks>
/// <para>
/// With z = (x - aμ̄)/ω, ω² = a²v + s², c = a√v/ω and s/ω = sin ψ, c = cos ψ, component k is N(cm_k, G_k) with m_k = (μ_k - μ̄)/√v,
/// G_k = c²Σ_k/v + sin²ψ, and the flow of every process x = a x_0 + s ε is one equation,
/// </para>
/// <code>
/// dz/dψ = -sin ψ Σ r_k f_k,   f_k = m_k + c(Σ_k/v - 1) G_k⁻¹ (z - cm_k),   r = responsibilities at z              (1)
/// ∂(dz/dψ)/∂z w = -sin ψ Σ r_k [c(Σ_k/v - 1) G_k⁻¹ w + f_k (g_k - ḡ)·w],   g_k = -G_k⁻¹ (z - cm_k), ḡ = Σ r_k g_k  (2)
/// </code>
/// <para>
/// G_k is a sum of nonnegative terms, so it loses no digits if the noise or the variance is small. The clock is u = tan(ψ/2), 0 at the data and 1 at
/// pure noise: sine and cosine are rational functions of it.
/// </para>
/// </remarks>
internal abstract class LaneField
{
    /// <summary>Rows of a clock: c, c², sin²ψ, and -sin ψ dψ/du, the factor of the slopes.</summary>
    public const int ClockRows = 4;

    protected const double LogTwoE = 1.4426950408889634074;

    protected LaneField(Mixture mixture, double[] centre, double variance, int lastCount = 1)
    {
        (Dimension, Count, Variance) = (mixture.Dimension, mixture.Count, variance);
        double root = Math.Sqrt(variance);
        Means = [.. mixture.Means.Select(mean => (double[])[.. mean.Select((value, j) => (value - centre[j]) / root)])];
        Shares = [.. Enumerable.Repeat(1.0, Dimension - 1), 1.0 / lastCount];
        MinVariances = [.. Enumerable.Range(0, Dimension).Select(j => mixture.Covariances.Min(covariance => Marginal(covariance, j)) / variance)];
    }

    /// <summary>The number of coordinates.</summary>
    public int Dimension { get; }

    /// <summary>K.</summary>
    public int Count { get; }

    /// <summary>v.</summary>
    public double Variance { get; }

    /// <summary>The smallest variance of a component along each coordinate, divided by v.</summary>
    public double[] MinVariances { get; }

    /// <summary>The share of each coordinate's square that is the size of one dimension: 1, or less if it stands for several.</summary>
    public double[] Shares { get; }

    /// <summary>The number of scratch rows that an evaluation needs.</summary>
    /// <param name="tangent">Whether there are directions.</param>
    public abstract int ScratchRows(bool tangent);

    /// <summary>m_k.</summary>
    protected double[][] Means { get; }

    /// <summary>The field of a mixture.</summary>
    /// <param name="mixture">The mixture, of two components or more.</param>
    /// <param name="centre">μ̄.</param>
    /// <param name="variance">v, positive.</param>
    /// <param name="lastCount">The number of dimensions that the last coordinate stands for; 1 if the covariances are not isotropic and different.</param>
    public static LaneField Create(Mixture mixture, double[] centre, double variance, int lastCount)
    {
        if (mixture.HasSharedCovariance && mixture.Covariances[0].Basis is null) return new TiedLaneField(mixture, centre, variance);
        return mixture.Covariances.All(covariance => covariance.IsIsotropic)
            ? new IsotropicLaneField(mixture, centre, variance, lastCount)
            : new MixedLaneField(mixture, centre, variance);
    }

    /// <summary>The rows of a clock.</summary>
    /// <param name="u">u of each lane.</param>
    /// <param name="h">The step of each lane.</param>
    /// <param name="node">The stage's position within the step.</param>
    /// <param name="clock">Receives <see cref="ClockRows"/> rows.</param>
    /// <param name="stride">The length of a row.</param>
    /// <param name="lanes">The number of lanes, whole pairs of vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SetClock(ref double u, ref double h, double node, ref double clock, nuint stride, nuint lanes)
    {
        Vector<double> one = Vector<double>.One, two = Vector.Create(2.0), position = Vector.Create(node);
        for (nuint i = 0; i < lanes; i += (nuint)Vector<double>.Count)
        {
            Vector<double> t = SimdMath.MultiplyAdd(position, Vector.LoadUnsafe(ref h, i), Vector.LoadUnsafe(ref u, i));
            Vector<double> inverse = one / SimdMath.MultiplyAdd(t, t, one), sine = two * t * inverse, cosine = (one - t) * (one + t) * inverse;
            cosine.StoreUnsafe(ref clock, i);
            (cosine * cosine).StoreUnsafe(ref clock, stride + i);
            (sine * sine).StoreUnsafe(ref clock, 2 * stride + i);
            (-two * sine * inverse).StoreUnsafe(ref clock, 3 * stride + i);
        }
    }

    /// <summary>Evaluates dz/du and, if there is a direction, its derivative along it.</summary>
    /// <param name="clock">The clock's rows.</param>
    /// <param name="z">The states, followed by the directions if there are any.</param>
    /// <param name="slope">Receives the slopes, followed by their derivatives.</param>
    /// <param name="tangent">Whether there are directions.</param>
    /// <param name="scratch">The rows of <see cref="ScratchRows"/>.</param>
    /// <param name="stride">The length of all rows.</param>
    /// <param name="lanes">The number of lanes, whole pairs of vectors.</param>
    public abstract void Evaluate(ref double clock, ref double z, ref double slope, bool tangent, ref double scratch, nuint stride, nuint lanes);

    protected static ref double Row(ref double rows, int row, nuint stride) => ref Unsafe.Add(ref rows, (nuint)row * stride);

    protected static ref double First(double[] values) => ref MemoryMarshal.GetArrayDataReference(values);

    /// <summary>G along an axis: c² λ/v + s².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static TVector Spread<TVector, TOps>(ref double variance, int axis, TVector square, TVector noise)
        where TVector : struct
        where TOps : IVectors<TVector, double>
        => TOps.MultiplyAdd(square, TOps.Create(Unsafe.Add(ref variance, axis)), noise);

    /// <summary>
    /// Inverts four numbers by one division: each inverse is the inverse of their product times the other three. Returns the product.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static TVector Invert<TVector, TOps>(ref TVector g0, ref TVector g1, ref TVector g2, ref TVector g3)
        where TVector : struct
        where TOps : IVectors<TVector, double>
    {
        TVector first = TOps.Multiply(g0, g1), last = TOps.Multiply(g2, g3), product = TOps.Multiply(first, last), inverse = TOps.Reciprocal(product);
        (first, last) = (TOps.Multiply(inverse, last), TOps.Multiply(inverse, first));
        (g0, g1, g2, g3) = (TOps.Multiply(first, g1), TOps.Multiply(first, g0), TOps.Multiply(last, g3), TOps.Multiply(last, g2));
        return product;
    }

    private static double Marginal(Covariance covariance, int j)
    {
        if (covariance.Basis is not { } basis) return covariance.Variances[j];
        double sum = 0;
        int d = covariance.Dimension;
        for (int axis = 0; axis < d; axis++) sum += basis[j * d + axis] * basis[j * d + axis] * covariance.Variances[axis];
        return sum;
    }
}
