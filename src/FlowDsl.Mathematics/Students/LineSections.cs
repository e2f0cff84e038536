using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Students;

/// <summary>The law of a mixture on parallel lines: a Gaussian mixture along each.</summary>
internal sealed class LineSections
{
    private readonly Mixture _mixture;
    private readonly ProcessPoint _point;
    private readonly double[] _direction;

    // C_k⁻¹e, eᵀC_k⁻¹e and log w_k - ½ log det C_k - ½ log eᵀC_k⁻¹e.
    private readonly double[][] _gradients;
    private readonly double[] _precisions, _logWeights;

    /// <summary>Prepares for lines of one direction.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="point">The process at the time.</param>
    /// <param name="direction">e, of length 1.</param>
    public LineSections(Mixture mixture, ProcessPoint point, double[] direction)
    {
        (_mixture, _point, _direction) = (mixture, point, direction);
        _gradients = [.. mixture.Covariances.Select(covariance => Solve(covariance, direction).Solution)];
        _precisions = [.. _gradients.Select(gradient => Dot(gradient, direction))];
        _logWeights = [.. mixture.LogWeights.Select((log, k)
            => log - 0.5 * (mixture.Covariances[k].Variances.Sum(variance => PortableMath.Log(point.Spread(variance))) + PortableMath.Log(_precisions[k])))];
    }

    /// <summary>Points on a line and their weights: averaged over the shift, the weighted sum of any function is its mean over the law on the line.</summary>
    /// <param name="through">A point of the line; its position along the line is 0.</param>
    /// <param name="count">The approximate number of points.</param>
    /// <param name="shift">Between 0 and 1.</param>
    /// <returns>The positions along the line, ascending, and their weights.</returns>
    public (double[] Places, double[] Weights) Points(double[] through, int count, double shift)
    {
        int components = _mixture.Count;
        double[] centres = new double[components], logits = new double[components];
        for (int k = 0; k < components; k++)
        {
            double[] y = [.. through.Zip(_mixture.Means[k], (value, mean) => value - _point.A * mean)];
            double slope = Dot(_gradients[k], y);
            centres[k] = -slope / _precisions[k];
            logits[k] = _logWeights[k] - 0.5 * (Solve(_mixture.Covariances[k], y).Energy - slope * slope / _precisions[k]);
        }
        double greatest = logits.Max(), total = logits.Sum(logit => PortableMath.Exp(logit - greatest));

        List<double> places = [], weights = [];
        for (int k = 0; k < components; k++)
        {
            // Equally likely points of each component; a component worth less than one point is left out, which lowers the sum.
            double weight = PortableMath.Exp(logits[k] - greatest) / total;
            int points = (int)(weight * count + 0.75);
            // Separate shifts, so that nearly coincident components do not have the same points.
            double offset = shift + 0.6180339887498949 * k;
            offset -= Math.Floor(offset);
            for (int i = 0; i < points; i++)
            {
                places.Add(centres[k] + PortableMath.NormalQuantile((i + offset) / points) / Math.Sqrt(_precisions[k]));
                weights.Add(weight / points);
            }
        }
        double[] sorted = [.. places], sortedWeights = [.. weights];
        Array.Sort(sorted, sortedWeights);
        return (sorted, sortedWeights);
    }

    /// <summary>A point of a line.</summary>
    /// <param name="through">The point at 0.</param>
    /// <param name="place">Its position.</param>
    public double[] At(double[] through, double place) => [.. through.Zip(_direction, (value, along) => value + place * along)];

    /// <summary>C⁻¹y and yᵀC⁻¹y.</summary>
    private (double[] Solution, double Energy) Solve(Covariance covariance, double[] y)
    {
        int d = y.Length;
        double energy = 0;
        double[] solution = new double[d];
        for (int axis = 0; axis < d; axis++)
        {
            double along = y[axis];
            if (covariance.Basis is { } basis)
            {
                along = 0;
                for (int j = 0; j < d; j++) along += basis[j * d + axis] * y[j];
            }
            double scaled = along / _point.Spread(covariance.Variances[axis]);
            energy += along * scaled;
            if (covariance.Basis is not { } axes) solution[axis] = scaled;
            else for (int j = 0; j < d; j++) solution[j] += axes[j * d + axis] * scaled;
        }
        return (solution, energy);
    }

    private static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (int j = 0; j < left.Length; j++) sum += left[j] * right[j];
        return sum;
    }
}
