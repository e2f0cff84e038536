using System.Numerics;

namespace FlowDsl.Analysis;

/// <summary>
/// How much of the final error a solver makes where: ψ_j = (E|A_j le_j|²)^(1/2) for steps between neighbouring nodes of a fine grid, le_j
/// the error of one step from an exact state and A_j the Jacobian of the exact flow from its end to the early stop.
/// </summary>
internal static class ErrorProfile
{
    // Up to so many coordinates |A e| is taken along each of them; beyond, along random directions.
    private const int GreatestExactDimension = 3, Probes = 2;

    /// <summary>Directions at the end whose squares average to the square of the error: one batch each.</summary>
    public static Batch[] Directions(int samples, int dimension)
    {
        bool exact = dimension <= GreatestExactDimension;
        return [.. Enumerable.Range(0, exact ? dimension : Probes).Select(probe => Batch.Of(
            [.. Enumerable.Range(0, samples).Select(i => Enumerable.Range(0, dimension).Select(j => exact ? (j == probe ? 1 : 0) : Hash.Sign(i, probe * dimension + j) / Math.Sqrt(Probes)).ToArray())]))];
    }

    /// <summary>ψ_j² for each interval between nodes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">Exact trajectories.</param>
    /// <param name="adjoints">Their adjoints for each of the directions.</param>
    /// <param name="frame">The solver's chart.</param>
    /// <param name="solver">The solver, a one-step method.</param>
    /// <param name="stride">How many intervals of the path a step spans.</param>
    public static double[] Measure(PilotModel model, PilotPath path, Batch[][] adjoints, ChartFrame frame, Solver solver, int stride)
    {
        var run = new BatchRun(model.Mixture);
        var reached = new Batch(path.States[0].Samples, path.States[0].Dimension);
        double[] profile = new double[(path.Times.Length - 1) / stride];
        for (int i = 0; i < profile.Length; i++)
        {
            int from = i * stride, to = i == profile.Length - 1 ? path.Times.Length - 1 : from + stride;
            FlowProgram step = FlowProgram.Create(model.Process, frame, solver, [path.Times[from], path.Times[to]]);
            run.Step(step.Steps[0], path.States[from], reached);
            profile[i] = Propagated2(reached, path.States[to], [.. adjoints.Select(nodes => nodes[to])]) + model.RestError2(step) * model.RestGain2(path.Times[to]);
        }
        return profile;
    }

    /// <summary>The mean over samples of Σ (w·(reached - exact))².</summary>
    public static double Propagated2(Batch reached, Batch exact, Batch[] adjoints)
    {
        double[] bySample = new double[reached.Blocks * Lanes.Count];
        for (int block = 0; block < reached.Blocks; block++)
        {
            ReadOnlySpan<Vector<double>> x = reached.Block(block), y = exact.Block(block);
            Vector<double> sum = Vector<double>.Zero;
            foreach (Batch adjoint in adjoints)
            {
                ReadOnlySpan<Vector<double>> w = adjoint.Block(block);
                Vector<double> product = Vector<double>.Zero;
                for (int j = 0; j < x.Length; j++) product += w[j] * (x[j] - y[j]);
                sum += product * product;
            }
            sum.CopyTo(bySample, block * Lanes.Count);
        }
        // In the order of the samples, whatever the width of the vectors.
        double total = 0;
        for (int i = 0; i < reached.Samples; i++) total += bySample[i];
        return total / reached.Samples;
    }
}
