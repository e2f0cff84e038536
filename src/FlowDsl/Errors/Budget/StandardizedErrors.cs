using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;

namespace FlowDsl.Errors.Budget;

/// <summary>Errors of samples in units of the width of the component that owns each one.</summary>
internal static class StandardizedErrors
{
    /// <summary>The root mean square over the samples that end in the right component; infinite if there are none.</summary>
    /// <param name="model">The model.</param>
    /// <param name="time">The time of the samples.</param>
    /// <param name="exact">Where the samples should be, n×d values.</param>
    /// <param name="errors">The errors of the samples, n×d values.</param>
    public static double RootMeanSquare(GaussianMixtureModel model, double time, ReadOnlySpan<double> exact, ReadOnlySpan<double> errors)
    {
        int d = model.Dimension, count = 0;
        ProcessPoint point = model.Process.At(time);
        double[] responsibilities = new double[model.ComponentCount], reached = new double[d];
        double total = 0;
        for (int row = 0; row < exact.Length; row += d)
        {
            ReadOnlySpan<double> error = errors.Slice(row, d);
            for (int j = 0; j < d; j++) reached[j] = exact[row + j] + error[j];
            int owner = Owner(exact.Slice(row, d));
            if (Owner(reached) != owner) continue;
            total += ComponentWidths.MaxSquare(model.Mixture.Covariances[owner], point, error);
            count++;
        }
        return count == 0 ? double.PositiveInfinity : Math.Sqrt(total / count);

        int Owner(ReadOnlySpan<double> x)
        {
            model.Responsibilities(time, x, responsibilities);
            return responsibilities.AsSpan().IndexOf(responsibilities.Max());
        }
    }
}
