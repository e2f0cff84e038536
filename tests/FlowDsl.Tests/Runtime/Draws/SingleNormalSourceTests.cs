using FlowDsl.Mathematics;
using FlowDsl.Runtime.Draws;
using FlowDsl.Sampling;

namespace FlowDsl.Tests;

/// <summary>
/// Draws in single precision. The statistics are of fixed seeds, so a test passes always or never. The bounds say how probable it was that
/// a perfect generator would fail: 5 standard deviations, 6e-7 for each statistic, and 4e-6 for each Kolmogorov-Smirnov distance.
/// </summary>
public class SingleNormalSourceTests
{
    private const ulong Seed = 20240601;
    private const int Samples = 131_072;
    private const double Deviations = 5;
    private const double KolmogorovBound = 2.55;

    /// <summary>The definition in double precision, of the scalar generator's words; across word boundaries of the sample's number.</summary>
    [Theory]
    [InlineData(1, 0L)]
    [InlineData(2, 0xFFFF_FFF0L)]
    [InlineData(3, -20L)]
    [InlineData(4, long.MaxValue - 8)]
    [InlineData(5, 0xFFFF_FFF7L)]
    [InlineData(6, 0xFFFF_FFE0L)]
    [InlineData(7, 1L << 40)]
    public void GivesTheNumbersOfTheDefinition(int d, long first)
    {
        (float[][] rows, uint[] words) = Draw(Seed, first, d, 32);
        for (int i = 0; i < 32; i++)
        {
            ulong index = (ulong)(first + i);
            for (int pair = 0; pair < (d + 1) / 2; pair++)
            {
                (uint word0, uint word1, uint word2, uint word3) = Philox.Block((uint)index, (uint)(index >> 32), (uint)(pair / 2), 2, Seed);
                (uint radiusWord, uint angle) = pair % 2 == 0 ? (word0, word1) : (word2, word3);
                double radius = Math.Sqrt(-2 * Math.Log((radiusWord + 0.5) / 4294967296.0));
                (double sin, double cos) = Math.SinCos(((int)(angle << 2) + 2.0) / 17179869184.0 * (2 * Math.PI));
                if (angle >> 31 != 0) cos = -cos;
                if ((angle >> 30 & 1) != 0) (sin, cos) = (cos, sin);
                // Half the logarithm's relative error, the sine's absolute one and two roundings.
                double tolerance = radius * 4e-7;
                Assert.Equal(radius * cos, rows[2 * pair][i], tolerance);
                if (2 * pair + 1 < d) Assert.Equal(radius * sin, rows[2 * pair + 1][i], tolerance);
                if (pair == 0 && d <= 2) Assert.Equal(word2, words[i]);
            }
            if (d > 2) Assert.Equal(Philox.Block((uint)index, (uint)(index >> 32), 0, 3, Seed).Word0, words[i]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void AShorterSampleIsTheStartOfALongerOne(int length)
    {
        (float[][] longer, _) = Draw(Seed, 42, 9, 16);
        (float[][] shorter, _) = Draw(Seed, 42, length, 16);
        for (int j = 0; j < length; j++) Compare.SameBits<float>(longer[j], shorter[j], $"coordinate {j}");
    }

    [Theory]
    [InlineData(0ul)]
    [InlineData(Seed)]
    [InlineData(ulong.MaxValue)]
    public void NormalsHaveTheirMoments(ulong seed)
    {
        foreach (float[] x in Draw(seed, 0, 4, Samples).Rows)
        {
            // Means of powers 1 to 4 and the variances of their summands, E x^2p - (E x^p)².
            double[] expected = [0, 1, 0, 3], variance = [1, 2, 15, 96];
            for (int power = 1; power <= 4; power++)
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
    public void NormalsAndWordsHaveTheirDistributions(ulong seed)
    {
        (float[][] rows, uint[] words) = Draw(seed, 1L << 40, 5, Samples);
        foreach (float[] x in rows) CheckDistribution([.. x.Select(v => NormalSourceTests.Distribution(v))]);
        CheckDistribution([.. words.Select(word => (word + 0.5) / 4294967296.0)]);
        CheckDistribution([.. Draw(seed, 0, 2, Samples).Words.Select(word => (word + 0.5) / 4294967296.0)]);

        static void CheckDistribution(double[] uniforms) => Assert.True(NormalSourceTests.Kolmogorov(uniforms) < KolmogorovBound);
    }

    /// <summary>Beyond 4: 66 of a million, as a binomial variable; the greatest of 2^20 is beyond 4.5 but with probability 8e-4 and below 6.77.</summary>
    [Fact]
    public void TailsHaveTheirWeight()
    {
        const int count = 1 << 18;
        float[][] rows = Draw(Seed, 0, 4, count).Rows;
        double p = 2 * (1 - NormalSourceTests.Distribution(4)), expected = 4 * count * p;
        int beyond = rows.Sum(x => x.Count(v => Math.Abs(v) > 4));
        Assert.True(Math.Abs(beyond - expected) < Deviations * Math.Sqrt(expected), $"{beyond} instead of {expected}");
        Assert.InRange(rows.Max(x => x.Max(Math.Abs)), 4.5, 6.77);
    }

    [Fact]
    public void CoordinatesAndWordsAreUncorrelated()
    {
        foreach (int d in new[] { 2, 5 })
        {
            (float[][] rows, uint[] words) = Draw(Seed, 0, d, Samples);
            float[] uniform = [.. words.Select(word => (float)(((word + 0.5) / 4294967296.0 - 0.5) * Math.Sqrt(12)))];
            float[][] all = [.. rows, uniform];
            for (int i = 0; i < all.Length; i++)
                for (int j = 0; j < i; j++) CheckUncorrelated(all[i], all[j], $"coordinates {i} and {j} of {d}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(512)]
    [InlineData(1L << 32)]
    [InlineData(long.MinValue)]
    public void NeighbouringSamplesAreUncorrelated(long distance)
    {
        float[][] one = Draw(Seed, 0, 3, Samples).Rows, other = Draw(Seed, distance, 3, Samples).Rows;
        foreach (float[] a in one)
            foreach (float[] b in other) CheckUncorrelated(a, b, $"samples {distance} apart");
    }

    [Theory]
    [InlineData(1ul)]
    [InlineData(1ul << 32)]
    [InlineData(1ul << 63)]
    public void NeighbouringSeedsAreUncorrelated(ulong difference)
    {
        float[][] one = Draw(Seed, 0, 3, Samples).Rows, other = Draw(Seed ^ difference, 0, 3, Samples).Rows;
        foreach (float[] a in one)
            foreach (float[] b in other) CheckUncorrelated(a, b, $"seeds {difference} apart");
    }

    /// <summary>Single and double draws are different numbers, not roundings of each other.</summary>
    [Fact]
    public void SingleAndDoubleDrawsAreUncorrelated()
    {
        float[][] single = Draw(Seed, 0, 2, Samples).Rows;
        float[][] wide = [new float[Samples], new float[Samples]];
        Span<double> normals = stackalloc double[2];
        for (int i = 0; i < Samples; i++)
        {
            NormalSource.Fill(Seed, i, normals);
            (wide[0][i], wide[1][i]) = ((float)normals[0], (float)normals[1]);
        }
        foreach (float[] a in single)
            foreach (float[] b in wide) CheckUncorrelated(a, b, "single and double");
    }

    /// <summary>Words are shared out by weights: the borders are as exact as words are, whatever the number of components.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(3000)]
    public void WordsChooseComponentsByCumulativeWeights(int count)
    {
        double[] cumulative = new double[count];
        for (int k = 0; k < count; k++) cumulative[k] = (k + 1.0) * (k + 2) / ((double)count * (count + 1));
        double[][] single = [.. Enumerable.Repeat(new double[1], count)];
        var draws = new SinglePriorDraws(cumulative, single, single, new double[]?[count]);
        for (int k = 0; k < count; k++)
        {
            // The first and the last word whose uniform is between the sums, but for the two next to the border.
            double from = (k == 0 ? 0 : cumulative[k - 1]) * 4294967296.0, to = cumulative[k] * 4294967296.0;
            Assert.Equal(k, draws.Component((uint)Math.Ceiling(from + 0.5)));
            Assert.Equal(k, draws.Component((uint)Math.Floor(to - 1.5)));
        }
        Assert.Equal(0, draws.Component(0));
        Assert.Equal(count - 1, draws.Component(uint.MaxValue));
    }

    /// <summary>χ² with 7 degrees of freedom, one false alarm in a million.</summary>
    [Fact]
    public void ComponentsAreAsFrequentAsTheirWeights()
    {
        double[] weights = [0.01, 0.04, 0.05, 0.1, 0.1, 0.15, 0.25, 0.3];
        Mixture mixture = new(weights, [.. weights.Select((_, k) => new double[] { 1000 * k, 0 })], [.. weights.Select(_ => Covariance.Isotropic(2, 1))]);
        var model = new GaussianMixtureModel(mixture, new OrnsteinUhlenbeckProcess(horizon: 0.1));
        float[] samples = FlowSampling.DrawPrior<float>(model, Samples, Seed);
        int[] counts = new int[8];
        double a = model.Process.At(0.1).A;
        for (int row = 0; row < samples.Length; row += 2) counts[(int)Math.Round(samples[row] / (1000 * a))]++;
        double statistic = 0;
        for (int k = 0; k < 8; k++) statistic += Math.Pow(counts[k] - Samples * weights[k], 2) / (Samples * weights[k]);
        Assert.True(statistic < 40.52, $"χ² = {statistic}: {string.Join(", ", counts)}");
    }

    public static TheoryData<int, string> Forms
    {
        get
        {
            var data = new TheoryData<int, string>();
            foreach (int d in new[] { 1, 2, 3, 4, 11, 40 })
                foreach (string form in new[] { "one", "isotropic", "diagonal", "full", "mixed" }) data.Add(d, form);
            return data;
        }
    }

    /// <summary>In every loop of the placement, wherever blocks and vectors begin and end.</summary>
    [Theory]
    [MemberData(nameof(Forms))]
    public void PiecesDrawnApartAreTheWhole(int d, string form)
    {
        GaussianMixtureModel model = Model(d, form);
        long first = (1L << 32) - 600;
        float[] whole = FlowSampling.DrawPrior<float>(model, 1300, 3, new() { FirstIndex = first });
        var pieces = new List<float>();
        foreach (int piece in new[] { 1, 6, 17, 476, 511, 8, 0, 281 })
            pieces.AddRange(FlowSampling.DrawPrior<float>(model, piece, 3, new() { FirstIndex = first + pieces.Count / d }));
        Compare.SameBits<float>(whole, [.. pieces], form);
    }

    /// <summary>The samples are mean plus axes times deviations times normals of the component, as in double precision.</summary>
    [Theory]
    [MemberData(nameof(Forms))]
    public void SamplesArePlacedByTheirComponent(int d, string form)
    {
        const int count = 48;
        GaussianMixtureModel model = Model(d, form);
        float[] samples = FlowSampling.DrawPrior<float>(model, count, Seed, new() { FirstIndex = long.MaxValue - count });
        (float[][] rows, uint[] words) = Draw(Seed, long.MaxValue - count, d, count);
        ProcessPoint point = model.Process.At(model.Process.Horizon);
        for (int i = 0; i < count; i++)
        {
            double uniform = (words[i] + 0.5) / 4294967296.0;
            int k = 0;
            for (double sum = model.Mixture.Weights[0]; sum < uniform; sum += model.Mixture.Weights[++k]) { }
            Covariance covariance = model.Mixture.Covariances[k];
            for (int j = 0; j < d; j++)
            {
                double expected = point.A * model.Mixture.Means[k][j];
                for (int axis = 0; axis < d; axis++)
                {
                    double entry = covariance.Basis is { } basis ? basis[j * d + axis] : axis == j ? 1 : 0;
                    expected += entry * Math.Sqrt(point.Spread(covariance.Variances[axis])) * rows[axis][i];
                }
                Assert.Equal(expected, samples[i * d + j], 2e-6 * Math.Sqrt(d));
            }
        }
    }

    private static GaussianMixtureModel Model(int d, string form)
    {
        int count = form == "one" ? 1 : 5;
        double[] weights = [.. Enumerable.Range(1, count).Select(k => k / (count * (count + 1) / 2.0))];
        double[][] means = [.. Enumerable.Range(0, count).Select(k => Enumerable.Range(0, d).Select(j => Math.Sin(3 * k + j)).ToArray())];
        Covariance[] covariances = [.. Enumerable.Range(0, count).Select(k => form switch
        {
            "full" => Full(k),
            "mixed" when k % 2 == 1 => Full(k),
            "diagonal" or "mixed" => Covariance.Diagonal([.. Enumerable.Range(0, d).Select(j => 0.1 + 0.1 * ((j + k) % 7))]),
            _ => Covariance.Isotropic(d, 0.2 + 0.1 * k),
        })];
        return new GaussianMixtureModel(new Mixture(weights, means, covariances), new OrnsteinUhlenbeckProcess(horizon: 0.3));

        // Diagonally dominant.
        Covariance Full(int k)
            => Covariance.Full(d, [.. Enumerable.Range(0, d * d).Select(i => i / d == i % d ? 0.5 + 0.05 * k : 0.4 / d * Math.Cos(i / d + i % d))]);
    }

    private static (float[][] Rows, uint[] Words) Draw(ulong seed, long first, int d, int count)
    {
        float[] rows = new float[(d + 1) / 2 * 2 * count];
        uint[] words = new uint[count];
        SingleNormalSource.FillRows(seed, first, d, rows, count, words);
        return ([.. Enumerable.Range(0, d).Select(j => rows[(j * count)..((j + 1) * count)])], words);
    }

    private static void CheckUncorrelated(float[] a, float[] b, string what)
        => NormalSourceTests.CheckUncorrelated([.. a.Select(v => (double)v)], [.. b.Select(v => (double)v)], what);
}
