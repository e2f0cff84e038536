namespace FlowDsl;

/// <summary>Clusters that expectation-maximisation starts from.</summary>
internal static class KMeans
{
    // Lloyd's iterations only prepare a start: what they have not settled by then is left to expectation-maximisation.
    private const int MaxIterations = 100;

    /// <summary>
    /// Centres by k-means++ (Arthur and Vassilvitskii, SODA 2007): each next centre is a point drawn with probability
    /// proportional to its squared distance to the nearest centre; then Lloyd's iterations. A cluster that runs empty is re-seeded
    /// from the point farthest from its centre.
    /// </summary>
    /// <param name="points">Row-major n×d.</param>
    /// <param name="d">The number of coordinates.</param>
    /// <param name="count">K, at most n.</param>
    /// <param name="random">The generator of the draws.</param>
    /// <param name="cancellationToken">Looked at before every iteration.</param>
    /// <returns>The cluster of each of the n points. A cluster is empty only where points coincide within rounding.</returns>
    public static int[] Cluster(double[] points, int d, int count, ref SplitMix64 random, CancellationToken cancellationToken)
    {
        int n = points.Length / d;
        double[] centres = Seed(points, d, count, ref random);
        int[] cluster = new int[n];
        cluster.AsSpan().Fill(-1);
        double[] distance = new double[n];
        int[] size = new int[count];
        for (int iteration = 0; iteration < MaxIterations; iteration++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool changed = Assign(points, d, centres, cluster, distance);
            if (!changed) break;
            Reseed(cluster, distance, size);
            Centre(points, d, cluster, size, centres);
        }
        return cluster;
    }

    private static double[] Seed(double[] points, int d, int count, ref SplitMix64 random)
    {
        int n = points.Length / d;
        double[] centres = new double[count * d];
        double[] nearest = new double[n];
        nearest.AsSpan().Fill(double.PositiveInfinity);
        int chosen = Math.Min((int)(random.NextDouble() * n), n - 1);
        for (int k = 0; k < count; k++)
        {
            ReadOnlySpan<double> centre = points.AsSpan(chosen * d, d);
            centre.CopyTo(centres.AsSpan(k * d));
            double total = 0;
            for (int i = 0; i < n; i++)
            {
                nearest[i] = Math.Min(nearest[i], SquaredDistance(points.AsSpan(i * d, d), centre));
                total += nearest[i];
            }
            double target = random.NextDouble() * total;
            // The last point that is no centre takes what rounding leaves over.
            for (int i = 0; i < n; i++)
            {
                if (nearest[i] == 0) continue;
                chosen = i;
                target -= nearest[i];
                if (target < 0) break;
            }
        }
        return centres;
    }

    private static bool Assign(double[] points, int d, double[] centres, int[] cluster, double[] distance)
    {
        bool changed = false;
        for (int i = 0; i < cluster.Length; i++)
        {
            ReadOnlySpan<double> point = points.AsSpan(i * d, d);
            (int best, double least) = (0, double.PositiveInfinity);
            for (int k = 0; k * d < centres.Length; k++)
            {
                double squared = SquaredDistance(point, centres.AsSpan(k * d, d));
                if (squared < least) (best, least) = (k, squared);
            }
            changed |= cluster[i] != best;
            (cluster[i], distance[i]) = (best, least);
        }
        return changed;
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

    private static void Centre(double[] points, int d, int[] cluster, int[] size, double[] centres)
    {
        for (int k = 0; k < size.Length; k++)
            if (size[k] > 0) centres.AsSpan(k * d, d).Clear();
        for (int i = 0; i < cluster.Length; i++)
            for (int j = 0; j < d; j++) centres[cluster[i] * d + j] += points[i * d + j];
        for (int k = 0; k < size.Length; k++)
            for (int j = 0; size[k] > 0 && j < d; j++) centres[k * d + j] /= size[k];
    }

    private static double SquaredDistance(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int j = 0; j < x.Length; j++) sum += (x[j] - y[j]) * (x[j] - y[j]);
        return sum;
    }
}
