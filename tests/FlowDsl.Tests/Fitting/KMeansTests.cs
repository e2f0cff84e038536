using CsCheck;
using FlowDsl.Fitting;

namespace FlowDsl.Tests;

public class KMeansTests
{
    [Fact]
    public void ClusterLeavesNoneEmptyWhereThereAreEnoughPoints()
    {
        Gen.Select(Gen.Int[0, 12].Array[2].Array[1, 50], Gen.Int[1, 8], Gen.ULong).Sample((points, count, seed) =>
        {
            int distinct = points.Select(p => (p[0], p[1])).Distinct().Count();
            count = Math.Min(count, distinct);
            var random = new SplitMixStream(seed, 0);
            int[] cluster = Cluster([.. points.SelectMany(p => p).Select(i => (double)i)], 2, count, ref random);
            Assert.Equal(points.Length, cluster.Length);
            Assert.Equal(Enumerable.Range(0, count), cluster.Distinct().Order());
        });
    }

    [Fact]
    public void ClusterFindsSeparatedGroups()
    {
        double[] points = [0, 0.1, 0.2, 50, 50.1, 50.2, 100, 100.1, 100.2];
        for (ulong seed = 0; seed < 20; seed++)
        {
            var random = new SplitMixStream(seed, 0);
            int[] cluster = Cluster(points, 1, 3, ref random);
            for (int i = 0; i < 9; i++) Assert.Equal(cluster[i / 3 * 3], cluster[i]);
        }
    }

    // The first outputs from the state 0 of the reference implementation (Vigna, splitmix64.c).
    [Fact]
    public void SplitMix64IsTheReferenceGenerator()
    {
        var random = default(SplitMixStream);
        ulong[] first = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F];
        foreach (ulong expected in first) Assert.Equal(expected, random.Next());
    }

    [Fact]
    public void SplitMix64StreamsDiffer()
    {
        var seen = new HashSet<ulong>();
        for (ulong seed = 0; seed < 20; seed++)
        {
            for (int stream = 0; stream < 20; stream++)
            {
                var random = new SplitMixStream(seed, stream);
                for (int i = 0; i < 20; i++) Assert.True(seen.Add(random.Next()));
                Assert.InRange(random.NextDouble(), 0, 1 - 1e-16);
            }
        }
    }

    private static int[] Cluster(double[] points, int d, int count, ref SplitMixStream random)
        => KMeans.Cluster(points, new PointBlocks(points, d), null, count, ref random, -1, CancellationToken.None);
}
