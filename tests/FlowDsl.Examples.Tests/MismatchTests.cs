using FlowDsl.Examples;

namespace FlowDsl.Tests;

/// <summary>The figure of Lipschitz mismatch: no map is below its floor, and the bounds of norms hold.</summary>
public class MismatchTests
{
    private static readonly SpectralBudget s_small = new(Steps: 60, Batch: 128, EvaluationSamples: 1024);

    /// <summary>Trained networks are above the floor, within their bound, and not far from a linear map or better.</summary>
    [Theory]
    [InlineData(0.1, 0.3)]
    [InlineData(0.1, 1)]
    [InlineData(0.001, 0.6)]
    [InlineData(0.001, 2)]
    public void NoTrainedNetworkIsBelowTheFloor(double sigma, double lipschitz)
    {
        var map = new HalfLifeMap(sigma);
        TrainedFigure figure = Mismatch.Train(map, new MismatchFloor(map), lipschitz, s_small, CancellationToken.None);
        Assert.InRange(figure.Product, 0.1 * lipschitz, lipschitz * (1 + 1e-5));
        Assert.InRange(figure.RelativeMse, figure.Floor, 2.2 * LinearError(map, Math.Min(lipschitz, 1)));
        Assert.InRange(figure.Linear, figure.Floor, LinearError(map, Math.Min(lipschitz, 1)) * (1 + 1e-12));
        Assert.True(lipschitz > 1 || figure.Floor > 0.05);
    }

    /// <summary>The best multiple of x - E x is a map too: never below the floor, and equal to it as long as it stretches no mode too much.</summary>
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.01)]
    [InlineData(0.0001)]
    public void NoLinearMapIsBelowTheFloor(double sigma)
    {
        var map = new HalfLifeMap(sigma);
        var floor = new MismatchFloor(map);
        for (double lipschitz = 0; lipschitz < 2; lipschitz += 0.05)
        {
            double error = LinearError(map, lipschitz);
            Assert.InRange(floor.At(lipschitz), 0, error * (1 + 1e-12));
            if (lipschitz <= map.Inside) Assert.Equal(error, floor.SameNoise(lipschitz), 1e-12);
            Assert.True(floor.At(lipschitz + 0.05) <= floor.At(lipschitz));
        }
        Assert.Equal(1e-2, floor.At(floor.BindsUntil(1e-2)), 1e-6);
        Assert.Equal(0, floor.At(4), 1e-12);
    }

    /// <summary>The quadrature of mirrored pairs against draws.</summary>
    [Fact]
    public void MirroredPairsAreAMeanOverTheNoise()
    {
        const double Lipschitz = 1.5;
        const int Draws = 4000;
        var map = new HalfLifeMap(0.1);
        var random = new Random(3);
        double[][] means = [.. map.Model.Mixture.Means.Select(mean => mean.ToArray())];
        double sum = 0, squares = 0;
        for (int i = 0; i < Draws; i++)
        {
            int k = random.Next(means.Length), l = (k + 1 + random.Next(means.Length - 1)) % means.Length;
            double[] noise = [.. means[k].Select(_ => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];
            double[] apart = [.. means[k].Zip(means[l], (a, b) => a - b)];
            double distance = Math.Sqrt(apart.Sum(value => value * value)), along = apart.Zip(noise, (a, b) => a * b).Sum() / distance;
            // The other point has the noise that is mirrored in the plane between the modes.
            double[] mirrored = [.. noise.Zip(apart, (value, axis) => value - 2 * along * axis / distance)];
            double before = Distance(j => map.Signal * apart[j] + map.Deviation * (noise[j] - mirrored[j]));
            double after = Distance(j => apart[j] + map.Sigma * (noise[j] - mirrored[j]));
            double excess = Math.Max(0, after - Lipschitz * before), term = 0.25 * excess * excess / map.MeanSquare;
            (sum, squares) = (sum + term, squares + term * term);

            double Distance(Func<int, double> difference) => Math.Sqrt(Enumerable.Range(0, apart.Length).Sum(j => difference(j) * difference(j)));
        }
        double mean = sum / Draws, error = Math.Sqrt((squares / Draws - mean * mean) / Draws);
        Assert.InRange(new MismatchFloor(map).MirroredNoise(Lipschitz), mean - 5 * error, mean + 5 * error);
        Assert.True(error < 0.2 * mean);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.01)]
    [InlineData(0.001)]
    [InlineData(0.0001)]
    public void TheClosedFormIsTheExactFlow(double sigma)
    {
        var map = new HalfLifeMap(sigma);
        float[] samples = map.Draw(seed: 5, first: 0, count: 40), images = map.Apply(samples);
        double[] exact = Array.ConvertAll(samples, value => (double)value);
        map.Model.FlowMaps(HalfLifeMap.Start, 0, exact);
        for (int i = 0; i < exact.Length; i++) Assert.Equal(exact[i], images[i], 2e-6);
        Assert.Equal(Math.Sqrt(0.5), map.Signal, 1e-12);
        Assert.Equal(Math.Sqrt(0.5 * sigma * sigma + 0.5), map.Deviation, 1e-12);
    }

    /// <summary>U diag(3, 2, ½) Vᵀ, U and V reflections, becomes U diag(1, 1, ½) Vᵀ.</summary>
    [Theory]
    [InlineData(7, 3)]
    [InlineData(3, 7)]
    public void ClippingCutsSingularValues(int rows, int columns)
    {
        float[] matrix = Matrix([3, 2, 0.5]), expected = Matrix([1, 1, 0.5]);
        Assert.Equal(3, SpectralNorm.Of(matrix, columns), 1e-6);
        SpectralNorm.Clip(matrix, columns, 1);
        for (int i = 0; i < matrix.Length; i++) Assert.Equal(expected[i], matrix[i], 1e-6f);
        Assert.Equal(1, SpectralNorm.Of(matrix, columns), 1e-6);
        SpectralNorm.Clip(matrix, columns, 2);
        for (int i = 0; i < matrix.Length; i++) Assert.Equal(expected[i], matrix[i], 1e-6f);

        float[] Matrix(double[] values)
        {
            float[] product = new float[rows * columns];
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < columns; j++)
                    product[i * columns + j] = (float)values.Select((value, axis) => value * Reflection(rows, i, axis) * Reflection(columns, j, axis)).Sum();
            return product;
        }

        // I - 2vvᵀ with v ∝ (1, 2, …, n).
        static double Reflection(int n, int i, int j) => (i == j ? 1 : 0) - 2 * (i + 1.0) * (j + 1) / Enumerable.Range(1, n).Sum(k => k * k);
    }

    /// <summary>With squares, the derivative is that of finite differences, and beyond what ReLU units could have under the same bound.</summary>
    [Theory]
    [InlineData(0.001, 1)]
    [InlineData(0.001, 100)]
    [InlineData(0.1, 1)]
    public void SquaresStretchBeyondTheBoundOfReLU(double weight, double bias)
    {
        const int Width = 512;
        double[] x = [.. Enumerable.Range(0, 64).Select(j => j % 3 == 0 ? -1.5 : 0.75)];
        double local = SquareNetwork.LocalLipschitz(x, Width, weight, bias);
        // Along sign(x), of length 8; so is the change, for all 64 outputs are the same.
        const double H = 1e-6;
        double difference = (Output(H) - Output(-H)) / (2 * H);
        Assert.Equal(difference, local, 1e-5 * local);
        Assert.True(local > Math.Pow(weight, 5) * 64 * Width * Math.Pow(Width, 3));

        double Output(double step)
        {
            double unit = weight * x.Sum(value => Math.Abs(value) + step);
            unit = Math.Pow(Width * weight * unit + bias, 2);
            unit = Width * weight * unit;
            unit = Math.Pow(Width * weight * unit + bias, 2);
            return Width * weight * unit;
        }
    }

    // Λ(x - E x) + E g: the relative MSE in closed form.
    private static double LinearError(HalfLifeMap map, double lipschitz)
    {
        double between = 1 - lipschitz * map.Signal, within = map.Sigma - lipschitz * map.Deviation;
        double[][] means = [.. map.Model.Mixture.Means.Select(mean => mean.ToArray())];
        double pairs = means.Average(mean => means.Average(other => 0.5 * mean.Zip(other, (a, b) => (a - b) * (a - b)).Sum()));
        double square = means.Average(mean => mean.Sum(value => value * value)) + 64 * map.Sigma * map.Sigma;
        return (between * between * pairs + 64 * within * within) / square;
    }
}
