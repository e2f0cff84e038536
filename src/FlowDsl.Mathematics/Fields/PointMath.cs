using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Processes;

namespace FlowDsl.Mathematics.Fields;

/// <summary>The densities and fields of a mixture at one point, in double precision, stable for all points and times.</summary>
/// <remarks>
/// <para>
/// The direct softmax of log w_k N(x; aμ_k, C_k) subtracts numbers of the size |x|²/σ²: far from the data, or with small variances, it loses the
/// differences that matter. So the direct form is used only to find the dominant component j. With y = x - aμ_j, u = C_j⁻¹y and
/// </para>
/// <code>
/// e_k = C_k⁻¹ (μ_k - μ_j + a (Σ_k - Σ_j) u)                                                              (1)
/// </code>
/// <para>
/// everything that depends on k is linear in e_k, without subtraction of large numbers:
/// </para>
/// <code>
/// C_k⁻¹(x - aμ_k)  = u - a e_k                                                                           (2)
/// log r_k - log r_j = log(w_k/w_j) - ½ log(det C_k/det C_j) + (a/2)((x - aμ_k)·e_k + (μ_k - μ_j)·u)       (3)
/// F(x) = F_j(x) + c Σ r_k e_k            for every <see cref="MixtureField"/> with contrast c            (4)
/// ∇F ξ = Σ r_k A_k ξ + c a Σ r_k (e_k - ē)((e_k - ē)·ξ),   ē = Σ r_k e_k                                  (5)
/// </code>
/// </remarks>
internal static class PointMath
{
    private const double LogTwoPi = 1.8378770664093454836;

    // Two kilobytes of stack; larger mixtures allocate their scratch on the heap.
    private const int StackLimit = 512;

    /// <summary>log p_t(x).</summary>
    /// <typeparam name="TComponents">The mixture's arithmetic.</typeparam>
    /// <param name="components">The mixture.</param>
    /// <param name="point">The process at t.</param>
    /// <param name="x">The point, d values.</param>
    public static double LogDensity<TComponents>(TComponents components, in ProcessPoint point, ReadOnlySpan<double> x)
        where TComponents : struct, IComponentArithmetic
    {
        int size = ScratchSize(components);
        var frame = new Frame(components.Dimension, components.Count, size <= StackLimit ? stackalloc double[size] : new double[size]);
        return Evaluate(components, point, x, frame, out _);
    }

    /// <summary>The responsibilities r_k.</summary>
    /// <typeparam name="TComponents">The mixture's arithmetic.</typeparam>
    /// <param name="components">The mixture.</param>
    /// <param name="point">The process at t.</param>
    /// <param name="x">The point, d values.</param>
    /// <param name="responsibilities">Receives K values.</param>
    public static void Responsibilities<TComponents>(TComponents components, in ProcessPoint point, ReadOnlySpan<double> x, Span<double> responsibilities)
        where TComponents : struct, IComponentArithmetic
    {
        int size = ScratchSize(components);
        var frame = new Frame(components.Dimension, components.Count, size <= StackLimit ? stackalloc double[size] : new double[size]);
        Evaluate(components, point, x, frame, out _);
        frame.Responsibilities.CopyTo(responsibilities);
    }

    /// <summary>A field at a point.</summary>
    /// <typeparam name="TComponents">The mixture's arithmetic.</typeparam>
    /// <param name="components">The mixture.</param>
    /// <param name="field">The field at t.</param>
    /// <param name="x">The point, d values.</param>
    /// <param name="value">Receives d values; may overlap <paramref name="x"/>.</param>
    public static void Field<TComponents>(TComponents components, in MixtureField field, ReadOnlySpan<double> x, Span<double> value)
        where TComponents : struct, IComponentArithmetic
    {
        int d = components.Dimension, size = ScratchSize(components);
        var frame = new Frame(d, components.Count, size <= StackLimit ? stackalloc double[size] : new double[size]);
        Evaluate(components, field.Point, x, frame, out int dominant);
        Field(components, field, frame, dominant, value);
    }

    /// <summary>A field at a point and its Jacobian applied to a direction, F(x) and ∇F(x) ξ.</summary>
    /// <typeparam name="TComponents">The mixture's arithmetic.</typeparam>
    /// <param name="components">The mixture.</param>
    /// <param name="field">The field at t.</param>
    /// <param name="x">The point, d values.</param>
    /// <param name="direction">ξ, d values.</param>
    /// <param name="value">Receives d values; may overlap <paramref name="x"/>.</param>
    /// <param name="product">Receives d values; may not overlap <paramref name="direction"/>.</param>
    public static void Field<TComponents>(
        TComponents components, in MixtureField field, ReadOnlySpan<double> x, ReadOnlySpan<double> direction, Span<double> value, Span<double> product)
        where TComponents : struct, IComponentArithmetic
    {
        int d = components.Dimension, size = ScratchSize(components);
        var frame = new Frame(d, components.Count, size <= StackLimit ? stackalloc double[size] : new double[size]);
        Evaluate(components, field.Point, x, frame, out int dominant);
        Field(components, field, frame, dominant, value);
        Centre(frame, d, components.Count);
        JacobianVectorProduct(components, field, frame, direction, product);
    }

    /// <summary>The Jacobian of a field applied to a direction, ∇F(x) ξ.</summary>
    /// <typeparam name="TComponents">The mixture's arithmetic.</typeparam>
    /// <param name="components">The mixture.</param>
    /// <param name="field">The field at t.</param>
    /// <param name="x">The point, d values.</param>
    /// <param name="direction">ξ, d values.</param>
    /// <param name="product">Receives d values; may not overlap <paramref name="direction"/>.</param>
    public static void JacobianVectorProduct<TComponents>(
        TComponents components, in MixtureField field, ReadOnlySpan<double> x, ReadOnlySpan<double> direction, Span<double> product)
        where TComponents : struct, IComponentArithmetic
    {
        int d = components.Dimension, size = ScratchSize(components);
        var frame = new Frame(d, components.Count, size <= StackLimit ? stackalloc double[size] : new double[size]);
        Evaluate(components, field.Point, x, frame, out _);
        Centre(frame, d, components.Count);
        JacobianVectorProduct(components, field, frame, direction, product);
    }

    private static void Field<TComponents>(TComponents components, in MixtureField field, Frame frame, int dominant, Span<double> value)
        where TComponents : struct, IComponentArithmetic
    {
        int d = components.Dimension;
        ReadOnlySpan<double> mean = components.Mean(dominant);
        components.Apply(dominant, field.Axis, frame.Y, frame.Scratch);
        for (int j = 0; j < d; j++)
        {
            double sum = 0;
            for (int k = 0; k < components.Count; k++) sum += frame.Responsibilities[k] * frame.E[k * d + j];
            value[j] = field.MeanFactor * mean[j] + frame.Scratch[j] + field.Contrast * sum;
        }
    }

    private static double Evaluate<TComponents>(TComponents components, in ProcessPoint point, ReadOnlySpan<double> x, Frame frame, out int dominant)
        where TComponents : struct, IComponentArithmetic
    {
        int d = components.Dimension, count = components.Count;
        double a = point.A;
        Span<double> logNormalizers = frame.LogNormalizers, logits = frame.Responsibilities, energies = logits;
        components.Evaluate(point, x, logNormalizers, energies);
        dominant = 0;
        for (int k = 1; k < count; k++)
            if (logNormalizers[k] - energies[k] > logNormalizers[dominant] - energies[dominant]) dominant = k;
        double dominantLog = logNormalizers[dominant] - energies[dominant];

        ReadOnlySpan<double> dominantMean = components.Mean(dominant);
        for (int j = 0; j < d; j++) frame.Y[j] = x[j] - a * dominantMean[j];
        AxisFunction precision = AxisFunction.Ratio(1, 0, point);
        components.Apply(dominant, precision, frame.Y, frame.U);

        double greatest = 0;
        for (int k = 0; k < count; k++)
        {
            Span<double> e = frame.E.Slice(k * d, d);
            if (k == dominant)
            {
                e.Clear();
                logits[k] = 0;
                continue;
            }
            ReadOnlySpan<double> mean = components.Mean(k);
            Span<double> right = frame.Scratch;
            bool differ = components.ApplyDifference(k, dominant, frame.U, right);
            for (int j = 0; j < d; j++) right[j] = mean[j] - dominantMean[j] + (differ ? a * right[j] : 0);
            components.Apply(k, precision, right, e);
            double sum = 0;
            for (int j = 0; j < d; j++) sum += (x[j] - a * mean[j]) * e[j] + (mean[j] - dominantMean[j]) * frame.U[j];
            logits[k] = logNormalizers[k] - logNormalizers[dominant] + 0.5 * a * sum;
            greatest = Math.Max(greatest, logits[k]);
        }

        double total = 0;
        for (int k = 0; k < count; k++)
        {
            double logit = logits[k] - greatest;
            // Below the smallest double. Most components of a large mixture are, and their exponentials would be the main cost.
            total += logits[k] = logit < -746 ? 0 : PortableMath.Exp(logit);
        }
        for (int k = 0; k < count; k++) logits[k] /= total;
        return dominantLog + greatest + PortableMath.Log(total) - 0.5 * d * LogTwoPi;
    }

    private static void Centre(Frame frame, int d, int count)
    {
        for (int j = 0; j < d; j++)
        {
            double mean = 0;
            for (int k = 0; k < count; k++) mean += frame.Responsibilities[k] * frame.E[k * d + j];
            for (int k = 0; k < count; k++) frame.E[k * d + j] -= mean;
        }
    }

    private static void JacobianVectorProduct<TComponents>(
        TComponents components, in MixtureField field, Frame frame, ReadOnlySpan<double> direction, Span<double> product)
        where TComponents : struct, IComponentArithmetic
    {
        int d = components.Dimension;
        product.Slice(0, d).Clear();
        for (int k = 0; k < components.Count; k++)
        {
            double r = frame.Responsibilities[k];
            // A component below the last bit of all others adds nothing; skipping it makes large mixtures affordable.
            if (r < 1e-60) continue;
            components.Apply(k, field.Axis, direction, frame.Scratch);
            ReadOnlySpan<double> e = frame.E.Slice(k * d, d);
            double along = field.Contrast * field.Point.A * Dot(e, direction);
            for (int j = 0; j < d; j++) product[j] += r * (frame.Scratch[j] + along * e[j]);
        }
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double sum = 0;
        for (int j = 0; j < left.Length; j++) sum += left[j] * right[j];
        return sum;
    }

    private static int ScratchSize<TComponents>(TComponents components)
        where TComponents : struct, IComponentArithmetic
        => checked(3 * components.Dimension + 2 * components.Count + components.Count * components.Dimension);

    private readonly ref struct Frame(int d, int count, Span<double> scratch)
    {
        public Span<double> Y { get; } = scratch.Slice(0, d);

        public Span<double> U { get; } = scratch.Slice(d, d);

        public Span<double> Scratch { get; } = scratch.Slice(2 * d, d);

        public Span<double> LogNormalizers { get; } = scratch.Slice(3 * d, count);

        public Span<double> Responsibilities { get; } = scratch.Slice(3 * d + count, count);

        public Span<double> E { get; } = scratch.Slice(3 * d + 2 * count, count * d);
    }
}
