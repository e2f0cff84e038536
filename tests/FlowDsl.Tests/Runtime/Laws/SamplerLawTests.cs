using System.Numerics;

namespace FlowDsl.Tests;

/// <summary>The log-density of samplers against differences of the plain call, for every generated sampler.</summary>
public abstract class SamplerLawTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static TheoryData<string> Samplers => new(SamplerUnderTest<T>.Names);

    [Theory]
    [MemberData(nameof(Samplers))]
    public void StatesAreThoseOfThePlainCall(string name)
    {
        const int count = 77;
        var sampler = SamplerUnderTest<T>.Get(name);
        T[] starts = sampler.Starts(count), plain = [.. starts], states = [.. starts];
        double[] logs = new double[count];
        sampler.Integrate(plain);
        sampler.Integrate(states, logs);
        Compare.SameBits<T>(plain, states, name);
        Assert.All(logs, log => Assert.True(double.IsFinite(log)));
    }

    [Fact]
    public void SamplesThatAreNotFiniteHaveNoDensity()
    {
        foreach (string name in SamplerUnderTest<T>.Names.Where(name => SamplerUnderTest<T>.Get(name).Dimension <= 64))
        {
            var sampler = SamplerUnderTest<T>.Get(name);
            int d = sampler.Dimension, count = 2 * Vector<T>.Count + 1;
            T[] states = sampler.Starts(count);
            double[] alone = new double[count], logs = new double[count];
            sampler.Integrate((T[])[.. states], alone);
            // One sample that is not finite among others, and one that is finite among others that are not.
            for (int odd = 0; odd < count; odd += d > 3 ? Vector<T>.Count : 1)
            {
                foreach (bool isFinite in new[] { false, true })
                {
                    T[] mixed = [.. states];
                    for (int i = 0; i < count; i++)
                        if (isFinite != (i == odd)) mixed[i * d + d - 1] = T.NaN;
                    logs.AsSpan().Clear();
                    sampler.Integrate(mixed, logs);
                    for (int i = 0; i < count; i++) Assert.Equal(isFinite == (i == odd) ? alone[i] : double.NaN, logs[i]);
                }
            }
        }
    }

    [Fact]
    public void LengthsThatDoNotFitAreRefused()
    {
        var sampler = SamplerUnderTest<T>.Get(SamplerUnderTest<T>.Names.First());
        T[] states = sampler.Starts(3), before = [.. states];
        Assert.Equal("logDensities", Assert.Throws<ArgumentException>(() => sampler.Integrate(states, new double[2])).ParamName);
        Assert.Equal("logDensities", Assert.Throws<ArgumentException>(() => sampler.Integrate(states, new double[4])).ParamName);
        Compare.SameBits<T>(before, states, "refused states");
        Assert.Equal(0, sampler.Integrate(Span<T>.Empty, Span<double>.Empty));
    }
}

public class SingleSamplerLawTests : SamplerLawTests<float>;

public class DoubleSamplerLawTests : SamplerLawTests<double>
{
    /// <summary>Rows of the derivative by differences of fourth order, and an elimination of this test's own.</summary>
    [Theory]
    [MemberData(nameof(Samplers))]
    public void DeterminantsAreThoseOfDifferences(string name)
    {
        const int count = 10;
        const double step = 1e-4;
        (int Shift, double Weight)[] shifts = [(1, 8), (-1, -8), (2, -1), (-2, 1)];
        var sampler = SamplerUnderTest<double>.Get(name);
        int d = sampler.Dimension;
        double[] starts = sampler.Starts(count), logs = new double[count];
        sampler.Integrate([.. starts], logs);
        for (int i = 0; i < count; i++)
        {
            double[] place = starts[(i * d)..((i + 1) * d)], places = new double[d * shifts.Length * d];
            double[,] derivative = new double[d, d];
            for (int j = 0; j < d; j++)
            {
                for (int k = 0; k < shifts.Length; k++)
                {
                    Span<double> shifted = places.AsSpan((j * shifts.Length + k) * d, d);
                    place.CopyTo(shifted);
                    shifted[j] += shifts[k].Shift * step;
                }
            }
            sampler.Integrate(places);
            for (int row = 0; row < places.Length / d; row++)
                for (int coordinate = 0; coordinate < d; coordinate++)
                    derivative[coordinate, row / shifts.Length] += shifts[row % shifts.Length].Weight * places[row * d + coordinate] / (12 * step);
            double expected = Math.Log(Math.Abs(Determinants.Of(derivative)));
            // Differences err where the map bends within their step. Those of a network's sampler are compared with others of a longer step.
            Assert.True(Math.Abs(-logs[i] - expected) < (sampler.Descriptor.Score is null ? 1e-5 : 1e-3) * d, $"{name}, sample {i}: {-logs[i]} and {expected}");
        }
    }
}

internal static class Determinants
{
    /// <summary>The product of the lengths that remain of each column (Gram-Schmidt): the determinant up to its sign.</summary>
    public static double Of(double[,] matrix)
    {
        int d = matrix.GetLength(0);
        double[][] columns = [.. Enumerable.Range(0, d).Select(j => Enumerable.Range(0, d).Select(i => matrix[i, j]).ToArray())];
        double product = 1;
        for (int j = 0; j < d; j++)
        {
            for (int pass = 0; pass < 2; pass++)
            {
                for (int l = 0; l < j; l++)
                {
                    double along = Dot(columns[l], columns[j]) / Dot(columns[l], columns[l]);
                    for (int i = 0; i < d; i++) columns[j][i] -= along * columns[l][i];
                }
            }
            product *= Math.Sqrt(Dot(columns[j], columns[j]));
        }
        return product;
    }

    private static double Dot(double[] left, double[] right) => left.Zip(right, (x, y) => x * y).Sum();
}
