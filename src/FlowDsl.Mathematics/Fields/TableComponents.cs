using System.ComponentModel;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Processes;

namespace FlowDsl.Mathematics.Fields;

/// <summary>Component arithmetic from a <see cref="Mixture"/>'s tables, for mixtures known at run time and large ones.</summary>
/// <param name="mixture">The mixture.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct TableComponents(Mixture mixture) : IComponentArithmetic
{
    /// <inheritdoc/>
    public int Dimension => mixture.Dimension;

    /// <inheritdoc/>
    public int Count => mixture.Count;

    /// <inheritdoc/>
    public ReadOnlySpan<double> Mean(int component) => mixture.Means[component].AsSpan();

    /// <summary>
    /// For each coordinate, the smallest variance of a component along it; along any axis if the component's axes are not the coordinate axes.
    /// </summary>
    public double[] MinVariances()
    {
        double[] least = [.. Enumerable.Repeat(double.PositiveInfinity, mixture.Dimension)];
        foreach (Covariance covariance in mixture.Covariances)
            for (int j = 0; j < least.Length; j++) least[j] = Math.Min(least[j], covariance.Basis is null ? covariance.Variances[j] : covariance.MinVariance);
        return least;
    }

    /// <inheritdoc/>
    public void Evaluate(in ProcessPoint point, ReadOnlySpan<double> x, Span<double> logNormalizers, Span<double> energies)
    {
        int d = mixture.Dimension;
        double a = point.A, logDeterminant = 0;
        Covariance? previous = null;
        for (int k = 0; k < mixture.Count; k++)
        {
            Covariance covariance = mixture.Covariances[k];
            if (!ReferenceEquals(covariance, previous)) logDeterminant = LogDeterminant(previous = covariance, point);
            ReadOnlySpan<double> mean = mixture.Means[k].AsSpan(), variances = covariance.Variances.AsSpan();
            double energy = 0;
            if (covariance.IsIsotropic)
            {
                for (int j = 0; j < d; j++)
                {
                    double y = x[j] - a * mean[j];
                    energy += y * y;
                }
                energy /= point.Spread(variances[0]);
            }
            else if (covariance.Basis is not { } basis)
            {
                for (int j = 0; j < d; j++)
                {
                    double y = x[j] - a * mean[j];
                    energy += y * y / point.Spread(variances[j]);
                }
            }
            else
            {
                for (int axis = 0; axis < d; axis++)
                {
                    double y = 0;
                    for (int j = 0; j < d; j++) y += basis[j * d + axis] * (x[j] - a * mean[j]);
                    energy += y * y / point.Spread(variances[axis]);
                }
            }
            energies[k] = 0.5 * energy;
            logNormalizers[k] = mixture.LogWeights[k] - 0.5 * logDeterminant;
        }
    }

    /// <inheritdoc/>
    public void Apply(int component, in AxisFunction axis, ReadOnlySpan<double> vector, Span<double> result)
    {
        int d = mixture.Dimension;
        Covariance covariance = mixture.Covariances[component];
        ReadOnlySpan<double> variances = covariance.Variances.AsSpan();
        if (covariance.IsIsotropic)
        {
            double factor = axis.At(variances[0]);
            for (int j = 0; j < d; j++) result[j] = factor * vector[j];
        }
        else if (covariance.Basis is not { } basis)
        {
            for (int j = 0; j < d; j++) result[j] = axis.At(variances[j]) * vector[j];
        }
        else
        {
            result.Slice(0, d).Clear();
            for (int i = 0; i < d; i++)
            {
                double projection = 0;
                for (int j = 0; j < d; j++) projection += basis[j * d + i] * vector[j];
                projection *= axis.At(variances[i]);
                for (int j = 0; j < d; j++) result[j] += basis[j * d + i] * projection;
            }
        }
    }

    /// <inheritdoc/>
    public bool ApplyDifference(int component, int other, ReadOnlySpan<double> vector, Span<double> result)
    {
        int d = mixture.Dimension;
        Covariance mine = mixture.Covariances[component], theirs = mixture.Covariances[other];
        if (ReferenceEquals(mine, theirs) || mine.Equals(theirs)) return false;
        if (mine.Basis is null && theirs.Basis is null)
        {
            for (int j = 0; j < d; j++) result[j] = (mine.Variances[j] - theirs.Variances[j]) * vector[j];
            return true;
        }
        ReadOnlySpan<double> minuend = mine.Matrix.AsSpan(), subtrahend = theirs.Matrix.AsSpan();
        for (int i = 0; i < d; i++)
        {
            double sum = 0;
            for (int j = 0; j < d; j++) sum += (minuend[i * d + j] - subtrahend[i * d + j]) * vector[j];
            result[i] = sum;
        }
        return true;
    }

    private static double LogDeterminant(Covariance covariance, in ProcessPoint point)
    {
        if (covariance.IsIsotropic) return covariance.Dimension * PortableMath.Log(point.Spread(covariance.MinVariance));
        double sum = 0;
        foreach (double variance in covariance.Variances) sum += PortableMath.Log(point.Spread(variance));
        return sum;
    }
}
