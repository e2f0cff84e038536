using FlowDsl.Errors.Certification;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Tests;

/// <summary>
/// The path and the truth start in different basins, and the ball about the path's start is just large enough for the truth: the
/// components that carry the truth have responsibilities far below the least double on the path.
/// </summary>
/// <remarks>
/// A certificate that keeps responsibilities as numbers, or cuts the exponents of their growth off, believes that a dormant component
/// can never wake. With min(1, r e^{min(W, 60)}) in place of exp(min(0, log r + W)), one bound in twelve is too small where the
/// covariance is shared, and one in a hundred where it is not.
/// </remarks>
public class WrongBasinTests
{
    // The flow map that stands for the truth is good to some 1e-11.
    private const double TruthError = 1e-10;

    [Theory]
    [InlineData(false, 3000, 1.2)]
    [InlineData(true, 1200, 2)]
    public void BallHoldsTheOtherBasin(bool full, int leastFinite, double greatestMedian)
    {
        var random = new RandomMixtures(3);
        List<double> looseness = [];
        for (int m = 0; m < 150; m++)
        {
            int d = 1 + m % 3, count = 2 + m % 4;
            double variance = Math.Pow(10, -2.5 + 1.5 * random.Uniform());
            var model = new GaussianMixtureModel(random.Draw(d, count, variance, full), Models.Ou());
            var certificate = new FlowCertificate(model);
            foreach (double from in new[] { 0.02, 0.05, 0.15, 0.4, 0.8 })
            {
                foreach (double share in new[] { 0.5, 0.8, 0.9, 0.97 })
                {
                    int home = random.Next(count), other = (home + 1 + random.Next(count - 1)) % count;
                    double[] path = Near(home), truth = Near(other), centre = new double[d], end = new double[d];
                    double bound = certificate.Enclose(from, share * from, path, Vectors.Distance(path, truth) * (1 + 1e-15), centre, PathAccuracy.Fine);
                    if (double.IsPositiveInfinity(bound)) continue;
                    model.FlowMap(from, share * from, truth, end, 1e-13);
                    double distance = Vectors.Distance(centre, end);
                    Assert.True(distance <= bound + TruthError,
                        $"mixture {m}, {from} to {share * from}: the truth is {distance:R} away, the bound is {bound:R}");
                    looseness.Add(bound / distance);

                    double[] Near(int component)
                    {
                        ProcessPoint point = model.Process.At(from);
                        return [.. model.Mixture.Means[component].Select(mean => point.A * mean + 0.5 * Math.Sqrt(point.Spread(variance)) * random.Normal())];
                    }
                }
            }
        }
        // A test in which all bounds are infinite proves nothing.
        Assert.InRange(looseness.Count, leastFinite, 3000);
        Assert.InRange(looseness.Order().ElementAt(looseness.Count / 2), 1 - 1e-9, greatestMedian);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void BallHoldsItsPoints(bool full)
    {
        var random = new RandomMixtures(4);
        int finite = 0;
        for (int m = 0; m < 60; m++)
        {
            int d = 1 + m % 3;
            var model = new GaussianMixtureModel(random.Draw(d, 2 + m % 4, 0.02 + 0.2 * random.Uniform(), full), Models.Processes()[m % 4]);
            var certificate = new FlowCertificate(model);
            double from = model.Process.Horizon, to = model.Process.EarlyStop, scale = Math.Sqrt(model.Process.At(from).Spread(1));
            foreach (double size in new[] { 1e-5, 1e-3, 0.03, 0.3 })
            {
                double[] start = [.. random.Normals(d).Select(x => scale * x)], centre = new double[d], end = new double[d];
                double bound = certificate.Enclose(from, to, start, size * scale, centre, PathAccuracy.Quick);
                if (double.IsPositiveInfinity(bound)) continue;
                finite++;
                for (int i = 0; i < 6; i++)
                {
                    double[] direction = random.Normals(d);
                    double norm = Vectors.Norm(direction);
                    double[] point = [.. start.Zip(direction, (x, v) => x + size * scale * (1 - 1e-14) * v / norm)];
                    model.FlowMap(from, to, point, end, 1e-13);
                    double distance = Vectors.Distance(centre, end);
                    Assert.True(distance <= bound + TruthError,
                        $"mixture {m}, ball of {size}: an image is {distance:R} from the centre, the bound is {bound:R}");
                }
            }
        }
        Assert.InRange(finite, 100, 240);
    }
}
