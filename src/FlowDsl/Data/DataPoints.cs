using System.Buffers;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Data;

/// <summary>
/// Densities and fields at one point of the mixture of n Gaussians N(row, vI) with equal weights, in double precision, by sums over all rows.
/// </summary>
/// <remarks>
/// With the nearest row j, δ_k = row_k - row_j and λ = a²v + s²: log r_k - log r_j = (a/2λ) δ_k·(2(x - a row_j) - a δ_k), free of the cancellation of
/// squared distances, and F(x) = F_j(x) + (contrast/λ) Σ r_k δ_k for every <see cref="MixtureField"/>.
/// </remarks>
/// <param name="rows">The rows.</param>
/// <param name="variance">v.</param>
internal sealed class DataPoints(DataRows rows, double variance)
{
    private const double LogTwoPi = 1.8378770664093454836;

    // Rows that are read at a time.
    private const int Together = 64;

    // exp of less is 0.
    private const double LeastLogit = -746;

    private readonly int _d = rows.Dimension, _count = rows.Count;

    /// <summary>log p_t(x).</summary>
    public double LogDensity(in ProcessPoint point, ReadOnlySpan<double> x)
    {
        Posterior posterior = Evaluate(point, x);
        double spread = point.Spread(variance), square = 0;
        foreach (double value in posterior.Offset) square += value * value;
        return PortableMath.Log(posterior.Total / _count) - 0.5 * (square / spread + _d * (LogTwoPi + PortableMath.Log(spread)));
    }

    /// <summary>The responsibilities of the n rows.</summary>
    public void Responsibilities(in ProcessPoint point, ReadOnlySpan<double> x, Span<double> responsibilities)
        => Evaluate(point, x).Responsibilities.CopyTo(responsibilities);

    /// <summary>A field at a point.</summary>
    public void Field(in MixtureField field, ReadOnlySpan<double> x, Span<double> value)
    {
        Posterior posterior = Evaluate(field.Point, x);
        double[] mean = MeanDifference(posterior);
        double slope = field.Axis.At(variance), contrast = field.Contrast / field.Point.Spread(variance);
        for (int j = 0; j < _d; j++) value[j] = field.MeanFactor * posterior.Nearest[j] + slope * posterior.Offset[j] + contrast * mean[j];
    }

    /// <summary>The Jacobian of a field applied to a direction.</summary>
    public void JacobianVectorProduct(in MixtureField field, ReadOnlySpan<double> x, ReadOnlySpan<double> direction, Span<double> product)
    {
        Posterior posterior = Evaluate(field.Point, x);
        double[] mean = MeanDifference(posterior), along = direction.ToArray(), sum = new double[_d];
        ForEach(posterior.Nearest, (k, difference) =>
        {
            double r = posterior.Responsibilities[k];
            if (r == 0) return;
            double dot = 0;
            for (int j = 0; j < _d; j++) dot += (difference[j] - mean[j]) * along[j];
            for (int j = 0; j < _d; j++) sum[j] += r * dot * (difference[j] - mean[j]);
        });
        double spread = field.Point.Spread(variance), slope = field.Axis.At(variance), factor = field.Contrast * field.Point.A / (spread * spread);
        for (int j = 0; j < _d; j++) product[j] = slope * along[j] + factor * sum[j];
    }

    private Posterior Evaluate(in ProcessPoint point, ReadOnlySpan<double> x)
    {
        double a = point.A, factor = a / (2 * point.Spread(variance));
        double[] place = x.ToArray(), nearest = new double[_d], offset = new double[_d], logits = new double[_count];
        int best = Nearest(a, place);
        rows.Read(best, nearest);
        for (int j = 0; j < _d; j++) offset[j] = place[j] - a * nearest[j];
        double greatest = 0;
        ForEach(nearest, (k, difference) =>
        {
            double sum = 0;
            for (int j = 0; j < _d; j++) sum += difference[j] * (2 * offset[j] - a * difference[j]);
            logits[k] = factor * sum;
            greatest = Math.Max(greatest, logits[k]);
        });
        double total = 0;
        for (int k = 0; k < _count; k++)
        {
            double logit = logits[k] - greatest;
            total += logits[k] = logit < LeastLogit ? 0 : PortableMath.Exp(logit);
        }
        double relative = total * PortableMath.Exp(greatest);
        for (int k = 0; k < _count; k++) logits[k] /= total;
        return new Posterior(nearest, offset, logits, relative);
    }

    private int Nearest(double a, double[] x)
    {
        int best = 0;
        double least = double.PositiveInfinity;
        double[] origin = new double[_d];
        ForEach(origin, (k, row) =>
        {
            double square = 0;
            for (int j = 0; j < _d; j++) square += (x[j] - a * row[j]) * (x[j] - a * row[j]);
            if (square < least) (best, least) = (k, square);
        });
        return best;
    }

    private double[] MeanDifference(Posterior posterior)
    {
        double[] mean = new double[_d];
        ForEach(posterior.Nearest, (k, difference) =>
        {
            double r = posterior.Responsibilities[k];
            if (r == 0) return;
            for (int j = 0; j < _d; j++) mean[j] += r * difference[j];
        });
        return mean;
    }

    // All rows in their order, each less an origin.
    private void ForEach(double[] origin, RowAction action)
    {
        double[] buffer = ArrayPool<double>.Shared.Rent(Together * _d);
        for (int first = 0; first < _count; first += Together)
        {
            int n = Math.Min(Together, _count - first);
            rows.Read(first, buffer.AsSpan(0, n * _d));
            for (int i = 0; i < n; i++)
            {
                Span<double> row = buffer.AsSpan(i * _d, _d);
                for (int j = 0; j < _d; j++) row[j] -= origin[j];
                action(first + i, row);
            }
        }
        ArrayPool<double>.Shared.Return(buffer);
    }

    private delegate void RowAction(int row, ReadOnlySpan<double> values);

    /// <summary>What the rows' weights are at a point.</summary>
    /// <param name="Nearest">The nearest row.</param>
    /// <param name="Offset">x less a times that row.</param>
    /// <param name="Responsibilities">The n responsibilities.</param>
    /// <param name="Total">The sum of the densities in units of the nearest row's.</param>
    private sealed record Posterior(double[] Nearest, double[] Offset, double[] Responsibilities, double Total);
}
