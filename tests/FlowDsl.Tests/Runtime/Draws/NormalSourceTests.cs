namespace FlowDsl.Tests;

/// <summary>
/// The statistics are of fixed seeds, so a test passes always or never. The bounds say how probable it was that a perfect
/// generator would fail: 5 standard deviations, 6e-7 for each statistic, and 4e-6 for each Kolmogorov-Smirnov distance.
/// </summary>
public class NormalSourceTests
{
    private const ulong Seed = 20240601;
    private const int Samples = 100_000;
    private const double Deviations = 5;
    private const double KolmogorovBound = 2.55;

    // From an independent evaluation with 40 digits.
    [Theory]
    [InlineData(0ul, 0L, -0.39766753844418232, -0.31039547880173824, -0.35114099469195014, -0.03432811302496775, 0.075330868172210574)]
    [InlineData(0x123456789ABCDEF0ul, -5L, -0.8577690163106106, 0.7591956148998038, -1.2170507829613058, 1.1482282866240708, 0.45167828953073885)]
    public void GivesTheNumbersOfTheDefinition(ulong seed, long index, double a, double b, double c, double d, double uniform)
    {
        double[] normals = Draw(seed, index, 4);
        double[] expected = [a, b, c, d];
        for (int j = 0; j < 4; j++) Assert.Equal(expected[j], normals[j], 1e-14);
        Assert.Equal(uniform, NormalSource.Uniform(seed, index), 1e-16);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void AShorterSampleIsTheStartOfALongerOne(int length)
        => Assert.Equal(Draw(Seed, 42, 9)[..length], Draw(Seed, 42, length));

    [Fact]
    public void OrderDoesNotMatter()
    {
        double[][] forward = [.. Enumerable.Range(0, 50).Select(i => Draw(Seed, i, 3))];
        for (int i = 49; i >= 0; i--) Assert.Equal(forward[i], Draw(Seed, i, 3));
    }

    [Fact]
    public void UniformsAreInsideTheUnitInterval()
    {
        for (int i = 0; i < Samples; i++) Assert.InRange(NormalSource.Uniform(Seed, i), Math.ScaleB(1, -53), 1 - Math.ScaleB(1, -53));
    }

    [Theory]
    [InlineData(0ul)]
    [InlineData(Seed)]
    [InlineData(ulong.MaxValue)]
    public void NormalsHaveTheirMoments(ulong seed)
    {
        double[][] rows = Rows(seed, 0, 4);
        foreach (double[] x in rows)
        {
            // Means of powers 1 to 6 and the variances of their summands, E x^2p - (E x^p)².
            double[] expected = [0, 1, 0, 3, 0, 15], variance = [1, 2, 15, 96, 945, 10170];
            for (int power = 1; power <= 6; power++)
            {
                double mean = x.Average(v => Math.Pow(v, power));
                Assert.True(Math.Abs(mean - expected[power - 1]) < Deviations * Math.Sqrt(variance[power - 1] / Samples), $"moment {power} is {mean}");
            }
        }
    }

    [Theory]
    [InlineData(0ul)]
    [InlineData(Seed)]
    [InlineData(1ul << 63)]
    public void NormalsAndUniformsHaveTheirDistributions(ulong seed)
    {
        foreach (double[] x in Rows(seed, 1L << 40, 5)) Assert.True(Kolmogorov([.. x.Select(Distribution)]) < KolmogorovBound);
        double[] uniforms = new double[Samples];
        for (int i = 0; i < Samples; i++) uniforms[i] = NormalSource.Uniform(seed, i);
        Assert.True(Kolmogorov(uniforms) < KolmogorovBound);
    }

    // The tails beyond 3: counts of a binomial variable with mean 270 in 100,000.
    [Fact]
    public void TailsHaveTheirWeight()
    {
        double p = 2 * (1 - Distribution(3));
        foreach (double[] x in Rows(Seed, 0, 4))
            Assert.True(Math.Abs(x.Count(v => Math.Abs(v) > 3) - Samples * p) < Deviations * Math.Sqrt(Samples * p));
    }

    [Fact]
    public void CoordinatesAreUncorrelated()
    {
        double[][] rows = Rows(Seed, 0, 5);
        for (int i = 0; i < rows.Length; i++)
            for (int j = 0; j < i; j++) CheckUncorrelated(rows[i], rows[j], $"coordinates {i} and {j}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(64)]
    [InlineData(1L << 32)]
    [InlineData(long.MinValue)]
    public void NeighbouringSamplesAreUncorrelated(long distance)
    {
        double[][] one = Rows(Seed, 0, 3), other = Rows(Seed, distance, 3);
        foreach (double[] a in one)
            foreach (double[] b in other) CheckUncorrelated(a, b, $"samples {distance} apart");
    }

    [Theory]
    [InlineData(1ul)]
    [InlineData(1ul << 32)]
    [InlineData(1ul << 63)]
    public void NeighbouringSeedsAreUncorrelated(ulong difference)
    {
        double[][] one = Rows(Seed, 0, 3), other = Rows(Seed ^ difference, 0, 3);
        foreach (double[] a in one)
            foreach (double[] b in other) CheckUncorrelated(a, b, $"seeds {difference} apart");
    }

    [Fact]
    public void UniformsAreIndependentOfNormals()
    {
        double[] uniforms = new double[Samples];
        for (int i = 0; i < Samples; i++) uniforms[i] = (NormalSource.Uniform(Seed, i) - 0.5) * Math.Sqrt(12);
        foreach (double[] x in Rows(Seed, 0, 3))
        {
            CheckUncorrelated(uniforms, x, "uniforms and normals");
            CheckUncorrelated([.. uniforms.Skip(1)], [.. x.SkipLast(1)], "uniforms and the normals before");
        }
    }

    // Both factors have mean 0 and variance 1, so the mean product has variance 1/n; of the squares' deviations (v - 1) / sqrt(var) too.
    internal static void CheckUncorrelated(double[] a, double[] b, string what)
    {
        double product = 0, squares = 0, normA = 0, normB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double u = a[i] * a[i] - 1, v = b[i] * b[i] - 1;
            product += a[i] * b[i];
            squares += u * v;
            normA += u * u;
            normB += v * v;
        }
        Assert.True(Math.Abs(product) < Deviations * Math.Sqrt(a.Length), $"{what}: correlation {product / a.Length}");
        double correlation = squares / Math.Sqrt(normA * normB);
        Assert.True(Math.Abs(correlation) < Deviations / Math.Sqrt(a.Length), $"{what}: correlation of squares {correlation}");
    }

    private static double[] Draw(ulong seed, long index, int count)
    {
        double[] normals = new double[count];
        NormalSource.Fill(seed, index, normals);
        return normals;
    }

    private static double[][] Rows(ulong seed, long first, int dimension)
    {
        double[][] rows = [.. Enumerable.Range(0, dimension).Select(_ => new double[Samples])];
        Span<double> normals = stackalloc double[dimension];
        for (int i = 0; i < Samples; i++)
        {
            NormalSource.Fill(seed, first + i, normals);
            for (int j = 0; j < dimension; j++) rows[j][i] = normals[j];
        }
        return rows;
    }

    // sqrt(n) times the greatest distance between the empirical distribution and the uniform one: above 2.55 with
    // probability 2 exp(-2·2.55²) = 4e-6.
    internal static double Kolmogorov(double[] uniforms)
    {
        Array.Sort(uniforms);
        double distance = 0;
        for (int i = 0; i < uniforms.Length; i++)
            distance = Math.Max(distance, Math.Max(uniforms[i] - (double)i / uniforms.Length, (double)(i + 1) / uniforms.Length - uniforms[i]));
        return distance * Math.Sqrt(uniforms.Length);
    }

    // 1/2 + the density times x + x³/3 + x⁵/(3·5) + ...
    internal static double Distribution(double x)
    {
        double term = x, sum = x;
        for (int k = 3; Math.Abs(term) > 1e-17 * Math.Abs(sum); k += 2)
        {
            term *= x * x / k;
            sum += term;
        }
        return 0.5 + sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
    }
}
