using FlowDsl.Errors.Certification;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Tests;

/// <summary>The bounds of rounding errors hold against arithmetic with 28 digits.</summary>
public class RoundOffTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RightSidesAreWithinTheirErrors(bool unequal)
    {
        // Multiples of 1/64, so that the shift to the mean and the conversions to decimal are exact. In the plane the determinant's root
        // is a plain number.
        double[] weights = [0.25, 0.5, 0.25];
        double[][] means = [[-1.25, 0.5], [0.75, -0.25], [1.5, 1]];
        double[] variances = unequal ? [0.0625, 0.25, 0.125] : [0.0625];
        var mixture = new CanonicalMixture(Models.Isotropic(weights, means, variances));
        var field = new CanonicalField(mixture);
        var random = new RandomMixtures(5);
        double greatest = 0;
        for (int draw = 0; draw < 3000; draw++)
        {
            double zeta = random.Next(160) / 64.0;
            double[] z = [.. Enumerable.Range(0, 2).Select(j => Math.Round(64 * (zeta * 1.5 * random.Normal() + random.Normal())) / 64)];
            field.Evaluate(zeta, z, 0, true);
            decimal[] exact = Exact(zeta, z);
            double error = Math.Sqrt(Enumerable.Range(0, 2).Sum(j => Math.Pow((double)(Decimals.Exactly(field.Value[j]) - exact[j]), 2)));
            Assert.True(error <= field.ValueError, $"ζ = {zeta}, z = ({z[0]}, {z[1]}): error {error:E2}, bound {field.ValueError:E2}");
            greatest = Math.Max(greatest, error / field.ValueError);
        }
        // Not so generous that nothing could break it.
        Assert.InRange(greatest, 0.005, 1);

        decimal[] Exact(double zeta, double[] z)
        {
            decimal common = (decimal)mixture.Variance;
            decimal[] exponents = new decimal[3], spreads = new decimal[3], sum = new decimal[2];
            decimal[][] slopes = new decimal[3][];
            for (int k = 0; k < 3; k++)
            {
                decimal offset = (decimal)variances[k % variances.Length] - common, square = 0;
                spreads[k] = 1 + (decimal)zeta * (decimal)zeta * offset;
                slopes[k] = new decimal[2];
                for (int j = 0; j < 2; j++)
                {
                    decimal mean = (decimal)means[k][j] - (decimal)mixture.Shift[j], y = (decimal)z[j] - (decimal)zeta * mean;
                    slopes[k][j] = (mean + (decimal)zeta * offset * (decimal)z[j]) / spreads[k];
                    square += y * y;
                }
                exponents[k] = -square / (2 * spreads[k]);
            }
            decimal greatestExponent = exponents.Max(), total = 0;
            for (int k = 0; k < 3; k++)
            {
                decimal weight = (decimal)weights[k] / spreads[k] * Decimals.Exp(exponents[k] - greatestExponent);
                total += weight;
                for (int j = 0; j < 2; j++) sum[j] += weight * slopes[k][j];
            }
            return [sum[0] / total, sum[1] / total];
        }
    }

    [Fact]
    public void SpectralBoundsHold()
    {
        var random = new RandomMixtures(9);
        for (int draw = 0; draw < 500; draw++)
        {
            int d = 1 + draw % 6, count = 1 + draw / 6 % 9;
            double[] weights = [.. Enumerable.Range(0, count).Select(_ => Math.Exp(3 * random.Normal()))], vectors = random.Normals(count * d);
            double[] norms = [.. weights.Select((_, k) => Vectors.Norm(vectors.AsSpan(k * d, d)))], matrix = new double[d * d];
            for (int k = 0; k < count; k++)
                for (int i = 0; i < d; i++)
                    for (int j = 0; j < d; j++) matrix[i * d + j] += weights[k] * vectors[k * d + i] * vectors[k * d + j];
            double exact = SymmetricMatrix.Eigen(matrix, d, out _)[^1];
            Assert.InRange(new SpectralBound(d, count).Of(weights, vectors, norms) / exact, 1, 1.3);
        }
    }
}
