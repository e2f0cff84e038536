using System.ComponentModel;
using System.Runtime.CompilerServices;
using FlowDsl.Analysis;

namespace FlowDsl.Kernels;

/// <summary>The point functions of <see cref="IGaussianMixture{TSelf}"/> with their argument checks; called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PointFunctions
{
    /// <inheritdoc cref="IGaussianMixture{TSelf}.LogDensity"/>
    public static double LogDensity<TComponents>(TComponents components, Process process, double t, ReadOnlySpan<double> x)
        where TComponents : struct, IComponentArithmetic
    {
        Check(x.Length, components.Dimension, nameof(x));
        return PointMath.LogDensity(components, process.At(t), x);
    }

    /// <inheritdoc cref="IGaussianMixture{TSelf}.Score"/>
    public static void Score<TComponents>(TComponents components, Process process, double t, ReadOnlySpan<double> x, Span<double> score)
        where TComponents : struct, IComponentArithmetic
        => Field(components, MixtureField.Score(process.At(t)), x, score, nameof(score));

    /// <inheritdoc cref="IGaussianMixture{TSelf}.Velocity"/>
    public static void Velocity<TComponents>(TComponents components, Process process, double t, ReadOnlySpan<double> x, Span<double> velocity)
        where TComponents : struct, IComponentArithmetic
        => Field(components, MixtureField.Velocity(process.At(t)), x, velocity, nameof(velocity));

    /// <inheritdoc cref="IGaussianMixture{TSelf}.PosteriorMean"/>
    public static void PosteriorMean<TComponents>(TComponents components, Process process, double t, ReadOnlySpan<double> x, Span<double> mean)
        where TComponents : struct, IComponentArithmetic
        => Field(components, MixtureField.PosteriorMean(process.At(t)), x, mean, nameof(mean));

    /// <inheritdoc cref="IGaussianMixture{TSelf}.Responsibilities"/>
    public static void Responsibilities<TComponents>(
        TComponents components, Process process, double t, ReadOnlySpan<double> x, Span<double> responsibilities)
        where TComponents : struct, IComponentArithmetic
    {
        Check(x.Length, components.Dimension, nameof(x));
        Check(responsibilities.Length, components.Count, nameof(responsibilities));
        PointMath.Responsibilities(components, process.At(t), x, responsibilities);
    }

    /// <inheritdoc cref="IGaussianMixture{TSelf}.JacobianVectorProduct"/>
    public static void JacobianVectorProduct<TComponents>(
        TComponents components, Process process, double t, ReadOnlySpan<double> x, ReadOnlySpan<double> direction, Span<double> product)
        where TComponents : struct, IComponentArithmetic
    {
        Check(x.Length, components.Dimension, nameof(x));
        Check(direction.Length, components.Dimension, nameof(direction));
        Check(product.Length, components.Dimension, nameof(product));
        if (product.Overlaps(direction)) direction = direction.ToArray();
        PointMath.JacobianVectorProduct(components, MixtureField.Velocity(process.At(t)), x, direction, product);
    }

    internal static void Check(int length, int expected, string name)
    {
        if (length != expected) throw new ArgumentException($"The span has {length} values; it must have {expected}.", name);
    }

    internal static void CheckRows(int length, int dimension, [CallerArgumentExpression(nameof(length))] string name = "")
    {
        if (length % dimension != 0)
            throw new ArgumentException($"{length} values are not a whole number of rows of {dimension}.", name.Split('.')[0]);
    }

    private static void Field<TComponents>(TComponents components, in MixtureField field, ReadOnlySpan<double> x, Span<double> value, string name)
        where TComponents : struct, IComponentArithmetic
    {
        Check(x.Length, components.Dimension, nameof(x));
        Check(value.Length, components.Dimension, name);
        PointMath.Field(components, field, x, value);
    }
}
