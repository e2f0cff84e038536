using FlowDsl.Mathematics.Trajectories;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Benchmarks;

/// <summary>
/// The truth: the fifth-order method in double precision on many steps, which knows nothing of estimates and bounds, and its distance from
/// half as many steps, which is thirty times its own error where both have converged.
/// </summary>
internal sealed class ConvergedFlow
{
    private readonly TableKernel<double> _coarse, _fine;
    private readonly int _d;

    /// <summary>Prepares the steps.</summary>
    /// <param name="model">The model.</param>
    /// <param name="steps">Of the finer run.</param>
    public ConvergedFlow(GaussianMixtureModel model, int steps)
    {
        (_coarse, _fine, _d) = (Kernel(steps / 2), Kernel(steps), model.Dimension);

        TableKernel<double> Kernel(int count) => new(
            model.Mixture, model.CreateProgram(Solver.DormandPrince54, model.CreateTimes(Grid.LogVariance, count, Solver.DormandPrince54)));
    }

    /// <summary>Where the flow takes starts, and of each sample how far that is uncertain.</summary>
    public (double[] Ends, double[] Uncertainties) Map(double[] starts)
    {
        double[] coarse = [.. starts], ends = [.. starts];
        BlockDriver.Integrate(_coarse, coarse);
        BlockDriver.Integrate(_fine, ends);
        return (ends, Distances(coarse, ends, _d));
    }

    /// <summary>The same on all cores.</summary>
    public (double[] Ends, double[] Uncertainties) MapAll(double[] starts)
    {
        const int Batch = 512;
        int count = starts.Length / _d;
        double[] ends = new double[starts.Length], uncertainties = new double[count];
        Parallel.For(0, (count + Batch - 1) / Batch, index =>
        {
            int first = index * Batch, n = Math.Min(Batch, count - first);
            (double[] part, double[] uncertain) = Map(starts[(first * _d)..((first + n) * _d)]);
            part.CopyTo(ends, first * _d);
            uncertain.CopyTo(uncertainties, first);
        });
        return (ends, uncertainties);
    }

    /// <summary>The distances of samples, row by row.</summary>
    public static double[] Distances(double[] left, double[] right, int d)
    {
        double[] distances = new double[left.Length / d];
        for (int i = 0; i < distances.Length; i++)
        {
            double sum = 0;
            for (int j = i * d; j < (i + 1) * d; j++) sum += (left[j] - right[j]) * (left[j] - right[j]);
            distances[i] = Math.Sqrt(sum);
        }
        return distances;
    }
}
