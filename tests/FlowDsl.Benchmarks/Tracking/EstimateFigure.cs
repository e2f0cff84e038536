using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Benchmarks;

/// <summary>Companion estimates against the converged flow.</summary>
internal static class EstimateFigure
{
    private const int Steps = 256, Batch = 512;

    private static readonly Type[] s_solvers = [typeof(ByEuler), typeof(ByDdim), typeof(ByHeun), typeof(ByRungeKutta4), typeof(ByMultistep2)];

    /// <summary>Of every mixture and solver in 8 and 16 steps.</summary>
    /// <param name="samples">How many of each.</param>
    public static EstimateRow[] Measure(int samples)
    {
        var rows = new List<EstimateRow>();
        foreach (Type mixture in TrackedMixtures.All)
        {
            // All samplers start from the same samples.
            (double[] Exact, double[] Uncertainties)? truth = null;
            foreach (Type steps in new[] { typeof(In8), typeof(In16) })
            {
                foreach (Type solver in s_solvers)
                {
                    Subject subject = Subject.Of(mixture, solver, steps, typeof(WithCompanion), typeof(double));
                    int d = subject.Model.Dimension;
                    truth ??= new ConvergedFlow(subject.Model, Steps).MapAll(FlowSampling.DrawPrior<double>(subject.Model, samples, Subject.Seed));
                    double[] ratios = new double[samples];
                    int unresolved = 0;
                    Parallel.For(0, (samples + Batch - 1) / Batch, batch =>
                    {
                        int first = batch * Batch, n = Math.Min(Batch, samples - first);
                        (_, double[] ends, FlowError[] errors) = subject.Run(first, n);
                        double[] distances = ConvergedFlow.Distances(ends, truth.Value.Exact[(first * d)..((first + n) * d)], d);
                        for (int i = 0; i < n; i++)
                        {
                            ratios[first + i] = errors[i].Estimate / distances[i];
                            if (truth.Value.Uncertainties[first + i] > 0.1 * distances[i]) Interlocked.Increment(ref unresolved);
                        }
                    });
                    rows.Add(new(
                        subject.Mixture, subject.Descriptor.Solver.ToString(), subject.Descriptor.SegmentCount, Quantiles.Median(ratios),
                        Share(ratio => ratio is >= 1 / 2.0 and <= 2), Share(ratio => ratio is >= 1 / 3.0 and <= 3), (double)unresolved / samples));

                    double Share(Func<double, bool> inside) => (double)ratios.Count(inside) / samples;
                }
            }
            Console.Error.WriteLine($"estimates: {rows[^1].Mixture}");
        }
        return [.. rows];
    }
}

/// <summary>Estimates of one sampler.</summary>
/// <param name="Mixture">The mixture.</param>
/// <param name="Solver">The solver.</param>
/// <param name="Steps">N.</param>
/// <param name="MedianRatio">The median of estimate over error.</param>
/// <param name="Within2">The share of estimates within a factor of 2.</param>
/// <param name="Within3">Within a factor of 3.</param>
/// <param name="Unresolved">The share of samples whose error is less than ten times the truth's own uncertainty.</param>
internal sealed record EstimateRow(string Mixture, string Solver, int Steps, double MedianRatio, double Within2, double Within3, double Unresolved);
