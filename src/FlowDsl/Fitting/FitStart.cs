namespace FlowDsl.Fitting;

/// <summary>Where a restart begins.</summary>
internal static class FitStart
{
    // This many steps tell good clusters from bad ones (Biernacki, Celeux and Govaert, Computational Statistics and Data Analysis 41
    // (2003), 561-575: short runs; the best one continues).
    private const int ShortRun = 5;

    /// <summary>
    /// Starts from clusters of the points, with the columns at unit variance or in their own units, whichever is likelier after a few steps. Neither
    /// suits all data: unit variance gives columns that hardly vary, such as the corners of images, as much influence as the others.
    /// </summary>
    /// <param name="machine">The fit to start.</param>
    /// <param name="frame">The points.</param>
    /// <param name="weights">The positive weights of the points; null for ones.</param>
    /// <param name="options">The covariances, the seed and the threads.</param>
    /// <param name="restart">Which one, from 0.</param>
    /// <param name="cancellationToken">Checked before every step.</param>
    /// <returns>Whether there is a start with regular covariances.</returns>
    public static bool Take(
        ExpectationMaximization machine, FitFrame frame, double[]? weights, FitOptions options, int restart, CancellationToken cancellationToken)
    {
        int count = machine.Weights.Length;
        var random = new SplitMixStream(options.Seed, restart);
        // One column is its own unit, and one variance for all directions depends on the units of the columns.
        bool[] scalings = options.CovarianceType == CovarianceType.Isotropic || machine.Blocks.Dimension == 1 ? [false] : [true, false];
        int[]? best = null;
        double greatest = double.NegativeInfinity;
        foreach (bool standardized in scalings)
        {
            double[] points = frame.Rescaled(standardized);
            PointBlocks blocks = ReferenceEquals(points, frame.Points) ? machine.Blocks : new PointBlocks(points, machine.Blocks.Dimension);
            int[] clusters = KMeans.Cluster(points, blocks, weights, count, ref random, options.MaxThreads, cancellationToken);
            if (scalings.Length == 1) return machine.Start(clusters);
            if (!machine.Start(clusters) || !machine.Run(ShortRun, options.Tolerance, null, cancellationToken)) continue;
            if (machine.History[^1] > greatest) (best, greatest) = (clusters, machine.History[^1]);
        }
        return best is not null && machine.Start(best);
    }
}
