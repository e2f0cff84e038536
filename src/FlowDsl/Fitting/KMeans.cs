namespace FlowDsl.Fitting;

/// <summary>Clusters from which expectation-maximisation starts.</summary>
internal static class KMeans
{
    // Lloyd's iterations end by themselves, within tens of steps except for the strangest data.
    private const int MaxIterations = 1000;

    /// <summary>
    /// Centres by k-means++ (Arthur and Vassilvitskii, SODA 2007): each next centre is a point drawn with probability
    /// proportional to its weight times its squared distance to the nearest centre; then Lloyd's iterations until no point changes its cluster.
    /// An empty cluster is re-seeded from the point farthest from its centre.
    /// </summary>
    /// <param name="points">Row-major n×d.</param>
    /// <param name="blocks">The same points in blocks.</param>
    /// <param name="weights">The positive weights of the points; null for ones.</param>
    /// <param name="count">K, at most n.</param>
    /// <param name="random">The generator of the draws.</param>
    /// <param name="maxThreads">The maximum number of threads; -1 for one per processor.</param>
    /// <param name="cancellationToken">Checked before every iteration.</param>
    /// <returns>The cluster of each of the n points. A cluster is empty only if points coincide up to rounding.</returns>
    public static int[] Cluster(
        double[] points, PointBlocks blocks, double[]? weights, int count, ref SplitMixStream random, int maxThreads, CancellationToken cancellationToken)
    {
        int d = blocks.Dimension;
        double[] centres = Seed(points, blocks, weights, count, ref random);
        int[] cluster = new int[blocks.Count];
        cluster.AsSpan().Fill(-1);
        double[] distance = new double[blocks.Count];
        int[] size = new int[count];
        for (int iteration = 0; iteration < MaxIterations; iteration++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!Assign(blocks, centres, count, cluster, distance, maxThreads)) break;
            Reseed(cluster, distance, size);
            Centre(points, d, weights, cluster, size, centres);
        }
        return cluster;
    }

    private static double[] Seed(double[] points, PointBlocks blocks, double[]? weights, int count, ref SplitMixStream random)
    {
        int d = blocks.Dimension, n = blocks.Count;
        double[] centres = new double[count * d];
        double[] nearest = new double[blocks.BlockCount * PointBlocks.Size], shares = new double[n];
        nearest.AsSpan().Fill(double.PositiveInfinity);
        if (weights is null) shares.AsSpan().Fill(1);
        else weights.CopyTo(shares, 0);
        Span<double> squares = stackalloc double[PointBlocks.Size];
        for (int k = 0; k < count; k++)
        {
            int chosen = Draw(shares, random.NextDouble());
            ReadOnlySpan<double> centre = points.AsSpan(chosen * d, d);
            centre.CopyTo(centres.AsSpan(k * d));
            for (int block = 0; block < blocks.BlockCount; block++)
            {
                PointBlocks.SquaredDistances(blocks.Block(block), centre, [], squares);
                for (int p = 0; p < blocks.CountOf(block); p++)
                {
                    int i = block * PointBlocks.Size + p;
                    nearest[i] = Math.Min(nearest[i], squares[p]);
                    shares[i] = nearest[i] * (weights?[i] ?? 1);
                }
            }
        }
        return centres;
    }

    // The last point that is not a centre takes what rounding leaves.
    private static int Draw(double[] shares, double uniform)
    {
        double total = 0;
        foreach (double share in shares) total += share;
        double target = uniform * total;
        int chosen = 0;
        for (int i = 0; i < shares.Length; i++)
        {
            if (shares[i] == 0) continue;
            chosen = i;
            target -= shares[i];
            if (target < 0) break;
        }
        return chosen;
    }

    private static bool Assign(PointBlocks blocks, double[] centres, int count, int[] cluster, double[] distance, int maxThreads)
    {
        int d = blocks.Dimension;
        int changes = 0;
        ParallelWork.ForEach(blocks.BlockCount, 3.0 * blocks.Count * centres.Length, maxThreads, block =>
        {
            Span<double> least = stackalloc double[PointBlocks.Size], squares = stackalloc double[PointBlocks.Size];
            Span<int> best = stackalloc int[PointBlocks.Size];
            least.Fill(double.PositiveInfinity);
            for (int k = 0; k < count; k++)
            {
                PointBlocks.SquaredDistances(blocks.Block(block), centres.AsSpan(k * d, d), [], squares);
                for (int p = 0; p < squares.Length; p++)
                    if (squares[p] < least[p]) (best[p], least[p]) = (k, squares[p]);
            }
            bool changed = false;
            for (int p = 0; p < blocks.CountOf(block); p++)
            {
                int i = block * PointBlocks.Size + p;
                changed |= cluster[i] != best[p];
                (cluster[i], distance[i]) = (best[p], least[p]);
            }
            if (changed) Interlocked.Exchange(ref changes, 1);
        });
        return changes > 0;
    }

    private static void Reseed(int[] cluster, double[] distance, int[] size)
    {
        size.AsSpan().Clear();
        foreach (int k in cluster) size[k]++;
        for (int k = 0; k < size.Length; k++)
        {
            if (size[k] > 0) continue;
            int farthest = -1;
            for (int i = 0; i < cluster.Length; i++)
                if (size[cluster[i]] > 1 && distance[i] > 0 && (farthest < 0 || distance[i] > distance[farthest])) farthest = i;
            if (farthest < 0) return;
            size[cluster[farthest]]--;
            size[k] = 1;
            (cluster[farthest], distance[farthest]) = (k, 0);
        }
    }

    private static void Centre(double[] points, int d, double[]? weights, int[] cluster, int[] size, double[] centres)
    {
        for (int k = 0; k < size.Length; k++)
            if (size[k] > 0) centres.AsSpan(k * d, d).Clear();
        double[] masses = new double[size.Length];
        for (int i = 0; i < cluster.Length; i++)
        {
            double weight = weights?[i] ?? 1;
            masses[cluster[i]] += weight;
            for (int j = 0; j < d; j++) centres[cluster[i] * d + j] += weight * points[i * d + j];
        }
        for (int k = 0; k < size.Length; k++)
            for (int j = 0; size[k] > 0 && j < d; j++) centres[k * d + j] /= masses[k];
    }
}
