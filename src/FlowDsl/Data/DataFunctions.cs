using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Points;

namespace FlowDsl.Data;

/// <summary>The point functions of <see cref="IGaussianMixture{TSelf}"/> for a data set, with their argument checks.</summary>
internal static class DataFunctions
{
    /// <inheritdoc cref="IGaussianMixture{TSelf}.LogDensity"/>
    public static double LogDensity(EmpiricalMixture data, Process process, double t, ReadOnlySpan<double> x)
    {
        ProcessPoint point = At(process, t);
        PointFunctions.Check(x.Length, data.Dimension, nameof(x));
        return Vectors.AreFinite(x) ? data.Points.LogDensity(point, x) : double.NaN;
    }

    /// <inheritdoc cref="IGaussianMixture{TSelf}.Score"/>
    public static void Score(EmpiricalMixture data, Process process, double t, ReadOnlySpan<double> x, Span<double> score)
        => Field(data, MixtureField.Score(At(process, t)), x, score, nameof(score));

    /// <inheritdoc cref="IGaussianMixture{TSelf}.Velocity"/>
    public static void Velocity(EmpiricalMixture data, Process process, double t, ReadOnlySpan<double> x, Span<double> velocity)
        => Field(data, MixtureField.Velocity(At(process, t)), x, velocity, nameof(velocity));

    /// <inheritdoc cref="IGaussianMixture{TSelf}.PosteriorMean"/>
    public static void PosteriorMean(EmpiricalMixture data, Process process, double t, ReadOnlySpan<double> x, Span<double> mean)
        => Field(data, MixtureField.PosteriorMean(At(process, t)), x, mean, nameof(mean));

    /// <inheritdoc cref="IGaussianMixture{TSelf}.Responsibilities"/>
    public static void Responsibilities(EmpiricalMixture data, Process process, double t, ReadOnlySpan<double> x, Span<double> responsibilities)
    {
        ProcessPoint point = At(process, t);
        PointFunctions.Check(x.Length, data.Dimension, nameof(x));
        PointFunctions.Check(responsibilities.Length, data.Count, nameof(responsibilities));
        if (Vectors.AreFinite(x)) data.Points.Responsibilities(point, x, responsibilities);
        else responsibilities.Fill(double.NaN);
    }

    /// <inheritdoc cref="IGaussianMixture{TSelf}.JacobianVectorProduct"/>
    public static void JacobianVectorProduct(
        EmpiricalMixture data, Process process, double t, ReadOnlySpan<double> x, ReadOnlySpan<double> direction, Span<double> product)
    {
        ProcessPoint point = At(process, t);
        PointFunctions.Check(x.Length, data.Dimension, nameof(x));
        PointFunctions.Check(direction.Length, data.Dimension, nameof(direction));
        PointFunctions.Check(product.Length, data.Dimension, nameof(product));
        if (Vectors.AreFinite(x) && Vectors.AreFinite(direction))
            data.Points.JacobianVectorProduct(MixtureField.Velocity(point), x, direction, product);
        else product.Fill(double.NaN);
    }

    /// <summary>A field of the process at a point.</summary>
    public static void Field(EmpiricalMixture data, in MixtureField field, ReadOnlySpan<double> x, Span<double> value)
        => data.Points.Field(field, x, value);

    private static void Field(EmpiricalMixture data, in MixtureField field, ReadOnlySpan<double> x, Span<double> value, string name)
    {
        PointFunctions.Check(x.Length, data.Dimension, nameof(x));
        PointFunctions.Check(value.Length, data.Dimension, name);
        if (Vectors.AreFinite(x)) data.Points.Field(field, x, value);
        else value.Fill(double.NaN);
    }

    private static ProcessPoint At(Process process, double t)
    {
        process.CheckTime(t, nameof(t));
        return process.At(t);
    }
}
