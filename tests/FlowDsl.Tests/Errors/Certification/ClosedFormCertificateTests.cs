using FlowDsl.Errors.Certification;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Tests;

/// <summary>Tubes about paths hold the solutions that closed forms give, and are thin.</summary>
public class ClosedFormCertificateTests
{
    [Fact]
    public void OneGaussian()
    {
        foreach (Mixture mixture in new[] { Models.OneGaussian(), Models.Isotropic([1], [[0.4, -1.2]], 0.3) })
        {
            Covariance covariance = mixture.Covariances[0];
            double[] basis = [.. covariance.Basis ?? [1, 0, 0, 1]], x = [0.7, -1.9];
            foreach (Process process in Models.Processes(0))
            {
                ProcessPoint start = process.At(process.Horizon), end = process.At(0);
                double[] expected = [.. mixture.Means[0].Select(mean => end.A * mean)];
                for (int axis = 0; axis < 2; axis++)
                {
                    double y = 0, ratio = Math.Sqrt(end.Spread(covariance.Variances[axis]) / start.Spread(covariance.Variances[axis]));
                    for (int j = 0; j < 2; j++) y += basis[2 * j + axis] * (x[j] - start.A * mixture.Means[0][j]);
                    for (int j = 0; j < 2; j++) expected[j] += basis[2 * j + axis] * ratio * y;
                }
                Holds(new GaussianMixtureModel(mixture, process), x, expected, 1e-11, 1e-14);
            }
        }
    }

    [Fact]
    public void TheLine()
    {
        double[] weights = [0.2, 0.5, 0.3], means = [-1.5, 0.25, 2], variances = [0.01, 0.25, 0.09];
        var oracle = new QuantileMap(weights, means, variances);
        foreach (Process process in Models.Processes())
        {
            var model = new GaussianMixtureModel(Models.Isotropic(weights, [[-1.5], [0.25], [2]], variances), process);
            ProcessPoint start = process.At(process.Horizon), end = process.At(process.EarlyStop);
            for (int i = -8; i <= 8; i++)
            {
                double x = start.A * 0.2 + 0.4 * i * Math.Sqrt(start.Spread(1)), y = oracle.Map(start.A, start.S2, end.A, end.S2, x);
                Holds(model, [x], [y], 1e-10, 1e-13 * Math.Max(1, oracle.Derivative(start.A, start.S2, end.A, end.S2, x, y)));
            }
        }
    }

    /// <summary>Two modes of equal weight: the separatrix is at 0 and errors grow by a factor of 3e4 on it.</summary>
    [Fact]
    public void TheRidge()
    {
        var oracle = new QuantileMap([0.5, 0.5], [-1, 1], [0.04, 0.04]);
        foreach (Process process in Models.Processes())
        {
            var model = new GaussianMixtureModel(Models.Two(0.04), process);
            ProcessPoint start = process.At(process.Horizon), end = process.At(process.EarlyStop);
            double scale = Math.Sqrt(start.Spread(0.04));
            foreach (double distance in new[] { 0, 1e-10, 1e-6, 1e-4, -1e-5, 0.03, -0.3 })
            {
                double x = distance * scale, y = oracle.Map(start.A, start.S2, end.A, end.S2, x);
                double stretch = oracle.Derivative(start.A, start.S2, end.A, end.S2, x, y) * scale;
                Holds(model, [x], [y], 1e-8, 1e-14 * Math.Max(1, stretch));
            }
        }
    }

    [Fact]
    public void AlongAndAcrossTwoModes()
    {
        const double variance = 0.05;
        double[] weights = [0.35, 0.65], along = [2.0 / 3, -1.0 / 3, 2.0 / 3];
        double[][] means = [[1.3, 0.2, 0.9], [0.1, 0.8, -0.3]];
        double[] positions = [.. means.Select(mean => Vectors.Dot(mean, along))];
        var oracle = new QuantileMap(weights, positions, [variance, variance]);
        var random = new RandomMixtures(8);
        foreach (Process process in Models.Processes())
        {
            var model = new GaussianMixtureModel(Models.Isotropic(weights, means, variance), process);
            ProcessPoint start = process.At(process.Horizon), end = process.At(process.EarlyStop);
            double startRoot = Math.Sqrt(start.Spread(variance)), endRoot = Math.Sqrt(end.Spread(variance));
            for (int i = 0; i < 10; i++)
            {
                double[] x = [.. random.Normals(3).Select(unit => startRoot * unit)], y = new double[3];
                double position = Vectors.Dot(x, along), image = oracle.Map(start.A, start.S2, end.A, end.S2, position);
                for (int j = 0; j < 3; j++)
                {
                    double across = x[j] - position * along[j], meanAcross = means[0][j] - positions[0] * along[j];
                    y[j] = image * along[j] + endRoot * (across / startRoot + (end.A / endRoot - start.A / startRoot) * meanAcross);
                }
                Holds(model, x, y, 1e-9, 1e-14 * Math.Max(1, oracle.Derivative(start.A, start.S2, end.A, end.S2, position, image)));
            }
        }
    }

    /// <summary>The truth, itself known to an error, is in both tubes, and the fine one's radius is at most <paramref name="greatest"/>.</summary>
    private static void Holds(GaussianMixtureModel model, double[] start, double[] truth, double greatest, double truthError)
    {
        var certificate = new FlowCertificate(model);
        double[] centre = new double[start.Length];
        foreach (PathAccuracy accuracy in new[] { PathAccuracy.Quick, PathAccuracy.Fine })
        {
            double radius = certificate.Enclose(model.Process.Horizon, model.Process.EarlyStop, start, 0, centre, accuracy);
            double distance = Vectors.Distance(centre, truth);
            string what = $"{model.Process.Description}, from {string.Join(' ', start)}: the truth is {distance:E2} from the centre, the radius is {radius:E2}";
            Assert.True(distance <= radius + truthError, what);
            if (accuracy == PathAccuracy.Fine) Assert.True(radius <= greatest, what);
        }
        if (!model.Mixture.HasSharedIsotropicCovariance) return;
        double[] radii = [0];
        certificate.EncloseAll(model.Process.Horizon, model.Process.EarlyStop, start, radii, centre);
        double off = Vectors.Distance(centre, truth);
        Assert.True(off <= radii[0] + truthError,
            $"{model.Process.Description}, from {string.Join(' ', start)}: "
            + $"the truth is {off:E2} from the centre, the radius is {radii[0]:E2}");
    }
}
