using System.ComponentModel;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Points;

/// <summary>The point functions of <see cref="IGaussianMixture{TSelf}"/> with their argument checks; called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PointFunctions
{
    /// <inheritdoc cref="IGaussianMixture{TSelf}.LogDensity"/>
    public static double LogDensity<TComponents>(TComponents components, Process process, double t, ReadOnlySpan<double> x)
        where TComponents : struct, IComponentArithmetic
    {
        ProcessPoint point = At(components, process, t);
        Check(x.Length, components.Dimension, nameof(x));
        return Vectors.AreFinite(x) ? PointMath.LogDensity(components, point, x) : double.NaN;
    }

    /// <inheritdoc cref="IGaussianMixture{TSelf}.Score"/>
    public static void Score<TComponents>(TComponents components, Process process, double t, ReadOnlySpan<double> x, Span<double> score)
        where TComponents : struct, IComponentArithmetic
        => Field(components, MixtureField.Score(At(components, process, t)), x, score, nameof(score));

    /// <inheritdoc cref="IGaussianMixture{TSelf}.Velocity"/>
    public static void Velocity<TComponents>(TComponents components, Process process, double t, ReadOnlySpan<double> x, Span<double> velocity)
        where TComponents : struct, IComponentArithmetic
        => Field(components, MixtureField.Velocity(At(components, process, t)), x, velocity, nameof(velocity));

    /// <inheritdoc cref="IGaussianMixture{TSelf}.PosteriorMean"/>
    public static void PosteriorMean<TComponents>(TComponents components, Process process, double t, ReadOnlySpan<double> x, Span<double> mean)
        where TComponents : struct, IComponentArithmetic
        => Field(components, MixtureField.PosteriorMean(At(components, process, t)), x, mean, nameof(mean));

    /// <inheritdoc cref="IGaussianMixture{TSelf}.Responsibilities"/>
    public static void Responsibilities<TComponents>(
        TComponents components, Process process, double t, ReadOnlySpan<double> x, Span<double> responsibilities)
        where TComponents : struct, IComponentArithmetic
    {
        ProcessPoint point = At(components, process, t);
        Check(x.Length, components.Dimension, nameof(x));
        Check(responsibilities.Length, components.Count, nameof(responsibilities));
        if (Vectors.AreFinite(x)) PointMath.Responsibilities(components, point, x, responsibilities);
        else responsibilities.Fill(double.NaN);
    }

    /// <inheritdoc cref="IGaussianMixture{TSelf}.JacobianVectorProduct"/>
    public static void JacobianVectorProduct<TComponents>(
        TComponents components, Process process, double t, ReadOnlySpan<double> x, ReadOnlySpan<double> direction, Span<double> product)
        where TComponents : struct, IComponentArithmetic
    {
        ProcessPoint point = At(components, process, t);
        Check(x.Length, components.Dimension, nameof(x));
        Check(direction.Length, components.Dimension, nameof(direction));
        Check(product.Length, components.Dimension, nameof(product));
        if (!Vectors.AreFinite(x) || !Vectors.AreFinite(direction))
        {
            product.Fill(double.NaN);
            return;
        }
        if (product.Overlaps(direction)) direction = direction.ToArray();
        PointMath.JacobianVectorProduct(components, MixtureField.Velocity(point), x, direction, product);
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

    internal static void CheckErrors(int length, int dimension, int errors)
    {
        if (errors != length / dimension)
            throw new ArgumentException($"There are {errors} errors for {length / dimension} samples; there must be one for each sample.", nameof(errors));
    }

    private static void Field<TComponents>(TComponents components, in MixtureField field, ReadOnlySpan<double> x, Span<double> value, string name)
        where TComponents : struct, IComponentArithmetic
    {
        Check(x.Length, components.Dimension, nameof(x));
        Check(value.Length, components.Dimension, name);
        if (Vectors.AreFinite(x)) PointMath.Field(components, field, x, value);
        else value.Fill(double.NaN);
    }

    /// <summary>The process at a time that a user gives.</summary>
    private static ProcessPoint At<TComponents>(TComponents components, Process process, double t)
        where TComponents : struct, IComponentArithmetic
    {
        process.CheckTime(t, nameof(t));
        ProcessPoint point = process.At(t);
        if (point.S2 == 0) CheckDensity(components, point);
        return point;
    }

    // Without noise, a singular covariance has no density: the logarithm of its determinant is -∞.
    private static void CheckDensity<TComponents>(TComponents components, in ProcessPoint point)
        where TComponents : struct, IComponentArithmetic
    {
        double[] logNormalizers = new double[components.Count], energies = new double[components.Count];
        components.Evaluate(point, new double[components.Dimension], logNormalizers, energies);
        int singular = Array.FindIndex(logNormalizers, value => !double.IsFinite(value));
        if (singular < 0) return;
        throw new ArgumentOutOfRangeException(
            "t", point.Time,
            $"The time t is {PortableNumber.Format(point.Time)}, where the noise's variance is 0; it must be greater, "
            + $"since the covariance of component {singular} is singular.");
    }
}
