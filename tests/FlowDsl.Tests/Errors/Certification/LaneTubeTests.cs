using System.Collections.Immutable;
using FlowDsl.Errors.Certification;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Tests;

/// <summary>Tubes that are found many at a time hold the truth, and each is the one that its sample would have alone.</summary>
public class LaneTubeTests
{
    // The flow map that stands for the truth is good to some 1e-11 of the data's size.
    private const double TruthError = 1e-10;

    /// <summary>Path and truth in different basins, as in <see cref="WrongBasinTests"/>: the components about the truth are asleep on the path.</summary>
    /// <remarks>With responsibilities kept as numbers, and exponents of their growth cut off at 60, one ball in fifteen is too small.</remarks>
    [Fact]
    public void BallsHoldTheOtherBasin()
    {
        var random = new RandomMixtures(31);
        List<double> looseness = [];
        for (int m = 0; m < 150; m++)
        {
            int d = 1 + m % 3, count = 2 + m % 4;
            double variance = Math.Pow(10, -2.5 + 1.5 * random.Uniform());
            var model = new GaussianMixtureModel(random.Draw(d, count, variance, false), Models.Ou());
            var certificate = new FlowCertificate(model);
            foreach (double from in new[] { 0.02, 0.05, 0.15, 0.4, 0.8 })
            {
                foreach (double share in new[] { 0.5, 0.8, 0.9, 0.97 })
                {
                    // Five at a time: with vectors of four, one is in a lane that another has left.
                    double[] paths = new double[5 * d], truths = new double[5 * d], radii = new double[5], centres = new double[5 * d], end = new double[d];
                    for (int i = 0; i < 5; i++)
                    {
                        int home = random.Next(count), other = (home + 1 + random.Next(count - 1)) % count;
                        Near(home, paths.AsSpan(i * d, d));
                        Near(other, truths.AsSpan(i * d, d));
                        radii[i] = Vectors.Distance(paths.AsSpan(i * d, d), truths.AsSpan(i * d, d)) * (1 + 1e-15);
                    }
                    certificate.EncloseAll(from, share * from, paths, radii, centres);
                    for (int i = 0; i < 5; i++)
                    {
                        if (double.IsPositiveInfinity(radii[i])) continue;
                        model.FlowMap(from, share * from, truths.AsSpan(i * d, d), end, 1e-13);
                        double distance = Vectors.Distance(centres.AsSpan(i * d, d), end);
                        string what = $"mixture {m}, {from} to {share * from}: the truth is {distance:R} away, the bound is {radii[i]:R}";
                        Assert.True(distance <= radii[i] + TruthError, what);
                        looseness.Add(radii[i] / distance);
                    }

                    void Near(int component, Span<double> point)
                    {
                        ProcessPoint at = model.Process.At(from);
                        ImmutableArray<double> mean = model.Mixture.Means[component];
                        for (int j = 0; j < d; j++) point[j] = at.A * mean[j] + 0.5 * Math.Sqrt(at.Spread(variance)) * random.Normal();
                    }
                }
            }
        }
        // A test in which all bounds are infinite proves nothing.
        Assert.InRange(looseness.Count, 4000, 15000);
        Assert.InRange(looseness.Order().ElementAt(looseness.Count / 2), 1 - 1e-9, 2);
    }

    [Fact]
    public void BallsHoldTheirPoints()
    {
        var random = new RandomMixtures(32);
        int finite = 0;
        for (int m = 0; m < 60; m++)
        {
            int d = 1 + m % 3;
            var model = new GaussianMixtureModel(random.Draw(d, 2 + m % 4, 0.02 + 0.2 * random.Uniform(), false), Models.Processes()[m % 5]);
            double from = model.Process.Horizon, to = model.Process.EarlyStop, scale = Math.Sqrt(model.Process.At(from).Spread(1));
            double[] sizes = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 0.3], starts = [.. random.Normals(sizes.Length * d).Select(x => scale * x)];
            double[] radii = [.. sizes.Select(size => size * scale)], centres = new double[starts.Length], end = new double[d];
            new FlowCertificate(model).EncloseAll(from, to, starts, radii, centres);
            for (int i = 0; i < sizes.Length; i++)
            {
                if (double.IsPositiveInfinity(radii[i])) continue;
                finite++;
                for (int draw = 0; draw < 4; draw++)
                {
                    double[] direction = random.Normals(d);
                    double norm = Vectors.Norm(direction);
                    double[] point = [.. direction.Select((v, j) => starts[i * d + j] + sizes[i] * scale * (1 - 1e-14) * v / norm)];
                    model.FlowMap(from, to, point, end, 1e-13);
                    double distance = Vectors.Distance(centres.AsSpan(i * d, d), end);
                    string what = $"mixture {m}, ball of {sizes[i]}: an image is {distance:R} from the centre, the bound is {radii[i]:R}";
                    Assert.True(distance <= radii[i] + TruthError, what);
                }
            }
        }
        Assert.InRange(finite, 200, 420);
    }

    /// <summary>The two tubes of a sample share no arithmetic, and the solution is in both.</summary>
    [Theory]
    [InlineData(2, 8)]
    [InlineData(4, 5)]
    [InlineData(1, 2)]
    [InlineData(30, 6)]
    public void TubesMeetThoseFoundAlone(int d, int count)
    {
        var random = new RandomMixtures(33);
        foreach (Process process in Models.Processes())
        {
            var model = new GaussianMixtureModel(random.Draw(d, count, 0.05, false), process);
            var certificate = new FlowCertificate(model);
            double from = process.Horizon, to = process.EarlyStop;
            double[] starts = FlowSampling.DrawPrior<double>(model, 20, 5), radii = new double[20], centres = new double[20 * d], centre = new double[d];
            certificate.EncloseAll(from, to, starts, radii, centres);
            for (int i = 0; i < radii.Length; i++)
            {
                double radius = certificate.Enclose(from, to, starts.AsSpan(i * d, d), 0, centre, PathAccuracy.Fine);
                double distance = Vectors.Distance(centres.AsSpan(i * d, d), centre);
                Assert.True(distance <= radii[i] + radius, $"{process.Description}, sample {i}: {distance:E2} apart, radii {radii[i]:E2} and {radius:E2}");
            }
            Assert.InRange(radii.Order().ElementAt(10), 1e-16, 1e-5);
        }
    }

    [Fact]
    public void BoundsDoNotDependOnCompany()
    {
        var random = new RandomMixtures(34);
        foreach (int d in new[] { 2, 12 })
        {
            var model = new GaussianMixtureModel(random.Draw(d, 6, 0.03, false), Models.Ou());
            var certificate = new FlowCertificate(model);
            double[] starts = FlowSampling.DrawPrior<double>(model, 70, 3), ends = [.. starts], bounds = new double[70], again = new double[70];
            model.Integrate(model.CreateProgram(Solver.Heun, model.CreateTimes(Grid.Angle, 8)), ends);
            // Neighbours that cannot be followed.
            (starts[5 * d], starts[41 * d], ends[20 * d]) = (double.NaN, 1e300, double.PositiveInfinity);
            certificate.Bounds(starts, ends, bounds);
            Assert.Equal(67, bounds.Count(double.IsFinite));
            for (int i = 0; i < bounds.Length; i++)
            {
                double alone = new FlowCertificate(model).Bound(starts.AsSpan(i * d, d), ends.AsSpan(i * d, d));
                Assert.Equal(BitConverter.DoubleToInt64Bits(alone), BitConverter.DoubleToInt64Bits(bounds[i]));
            }
            double[] reversedStarts = Reverse(starts, d), reversedEnds = Reverse(ends, d);
            certificate.Bounds(reversedStarts, reversedEnds, again);
            Assert.Equal(bounds, again.Reverse());
        }

        static double[] Reverse(double[] rows, int d) => [.. rows.Chunk(d).Reverse().SelectMany(row => row)];
    }
}
