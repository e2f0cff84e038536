using System.Numerics;
using FlowDsl.Mathematics.Fields;

namespace FlowDsl.Mathematics.Trajectories;

/// <summary>One field at one time, for many samples: the coefficients are computed once for all of them.</summary>
/// <remarks>Plain formulas in double precision, accurate to about 1e-13 of the data's size; <see cref="PointMath"/> handles extreme points.</remarks>
internal abstract class BatchField
{
    /// <summary>The field.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="field">The field at its time.</param>
    public static BatchField Create(Mixture mixture, in MixtureField field)
        => mixture.HasSharedCovariance && mixture.Covariances[0].Basis is null
            ? new SharedBatchField(mixture, field)
            : new GeneralBatchField(mixture, field);

    /// <summary>Multiply-adds per evaluation and sample.</summary>
    /// <param name="mixture">The mixture.</param>
    public static double Operations(Mixture mixture)
    {
        double d = mixture.Dimension, sum = 0;
        foreach (Covariance covariance in mixture.Covariances) sum += covariance.Basis is null ? (mixture.HasSharedCovariance ? 2 : 4) * d : 1.5 * d * d;
        return sum + 30 * mixture.Count;
    }

    /// <summary>The field at a block of samples.</summary>
    /// <param name="x">The samples, d vectors.</param>
    /// <param name="value">Receives d vectors.</param>
    /// <param name="responsibilities">Receives K vectors.</param>
    public abstract void Evaluate(ReadOnlySpan<Vector<double>> x, Span<Vector<double>> value, Span<Vector<double>> responsibilities);

    /// <summary>The field's Jacobian, which is symmetric, applied to directions.</summary>
    /// <param name="x">The samples, d vectors.</param>
    /// <param name="responsibilities">K vectors, as evaluated there.</param>
    /// <param name="direction">d vectors.</param>
    /// <param name="product">Receives d vectors; not the memory of <paramref name="direction"/>.</param>
    public abstract void Multiply(
        ReadOnlySpan<Vector<double>> x, ReadOnlySpan<Vector<double>> responsibilities, ReadOnlySpan<Vector<double>> direction, Span<Vector<double>> product);
}
