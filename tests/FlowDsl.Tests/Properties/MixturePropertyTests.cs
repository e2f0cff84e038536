using CsCheck;
using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

/// <summary>Identities that hold for every mixture, process, time and point.</summary>
public class MixturePropertyTests
{
    private static readonly Gen<double> s_share = Gen.Double[0.01, 0.99];

    private static readonly Gen<Process> s_process = Gen.OneOf(
        Gen.Select(Gen.Double[0.3, 2], Gen.Double[0.5, 2], (beta, sigma) => (Process)new OrnsteinUhlenbeckProcess(beta, 3, 1e-3, sigma)),
        Gen.Double[1, 20].Select(sigma => (Process)new VarianceExplodingProcess(0.01, sigma)),
        Gen.Const((Process)new LinearInterpolantProcess(1e-3)));

    private static Gen<Covariance> Covariances(int d, double least) => Gen.OneOf(
        Gen.Double[least, 1].Select(v => Covariance.Isotropic(d, v)),
        Gen.Double[least, 1].Array[d].Select(variances => Covariance.Diagonal(variances)),
        Gen.Double[-0.6, 0.6].Array[d * d].Select(root => Covariance.Full(d, Gram(root, d, least))));

    private static Gen<Mixture> Mixtures(int d, double least = 0.02) => Gen.Int[1, 4].SelectMany(count =>
        Gen.Select(Gen.Double[0.05, 1].Array[count], Gen.Double[-1.5, 1.5].Array[d].Array[count], Covariances(d, least).Array[count],
            (weights, means, covariances) => new Mixture([.. weights.Select(w => w / weights.Sum())], means, covariances)));

    /// <summary>A mixture under a process with a time and a point near its mass.</summary>
    private static readonly Gen<(GaussianMixtureModel Model, double T, double[] X, double[] Direction)> s_point = Gen.Int[1, 4].SelectMany(d =>
        Gen.Select(Mixtures(d), s_process, s_share, Gen.Double[-2.5, 2.5].Array[d], Gen.Double[-1, 1].Array[d], (mixture, process, share, unit, direction) =>
        {
            double t = process.EarlyStop * Math.Pow(process.Horizon / process.EarlyStop, share), scale = Math.Sqrt(process.At(t).Spread(1));
            return (new GaussianMixtureModel(mixture, process), t, unit.Select(u => scale * u).ToArray(), direction);
        }));

    [Fact]
    public void ResponsibilitiesSumToOne() => s_point.Check(p =>
    {
        double[] r = new double[p.Model.ComponentCount];
        p.Model.Responsibilities(p.T, p.X, r);
        Assert.Equal(1, r.Sum(), 1e-15 * 4);
        Assert.All(r, value => Assert.InRange(value, 0, 1));
    });

    [Fact]
    public void PosteriorMeanIsTweediesFormula() => s_point.Check(p =>
    {
        ProcessPoint point = p.Model.Process.At(p.T);
        double[] score = new double[p.X.Length], mean = new double[p.X.Length];
        p.Model.Score(p.T, p.X, score);
        p.Model.PosteriorMean(p.T, p.X, mean);
        for (int j = 0; j < mean.Length; j++)
        {
            // The right side cancels: its rounding is a few ulps of its terms over a.
            double terms = (Math.Abs(p.X[j]) + point.S2 * Compare.MaxNorm(score)) / point.A + 3;
            Assert.Equal(mean[j], (p.X[j] + point.S2 * score[j]) / point.A, 1e-13 * terms);
        }
    });

    [Fact]
    public void VelocityIsDriftLessHalfTheScore() => s_point.Check(p =>
    {
        ProcessPoint point = p.Model.Process.At(p.T);
        double[] score = new double[p.X.Length], velocity = new double[p.X.Length];
        p.Model.Score(p.T, p.X, score);
        p.Model.Velocity(p.T, p.X, velocity);
        double f = point.DA / point.A, half = point.SDS - point.S2 * f;
        for (int j = 0; j < score.Length; j++)
        {
            double terms = Math.Abs(f) * (Math.Abs(p.X[j]) + 3) + half * Compare.MaxNorm(score) + 1;
            Assert.Equal(velocity[j], f * p.X[j] - half * score[j], 1e-13 * terms);
        }
    });

    [Fact]
    public void ScoreIsTheGradientOfLogDensity() => s_point.Check(p =>
    {
        double[] score = new double[p.X.Length];
        p.Model.Score(p.T, p.X, score);
        // Central differences of order 6 a hundredth of the least standard deviation apart: truncation 1e-12/140 of the
        // seventh derivative, rounding 1e-14/0.01.
        double h = 0.01 * Math.Sqrt(p.Model.Process.At(p.T).Spread(p.Model.Mixture.MinVariance));
        double derivative = (45 * Along(1) - 9 * Along(2) + Along(3)) / 60, expected = 0;
        for (int j = 0; j < score.Length; j++) expected += score[j] * p.Direction[j] * h;
        double size = 1 + Math.Abs(p.Model.LogDensity(p.T, p.X));
        Assert.Equal(expected, derivative, 1e-9 * size);

        double Along(int n) => At(n) - At(-n);
        double At(int n) => p.Model.LogDensity(p.T, p.X.Select((v, j) => v + n * h * p.Direction[j]).ToArray());
    });

    [Fact]
    public void JacobianIsSymmetric() => s_point.Check(p =>
    {
        double[] other = [.. p.Direction.Select((v, j) => j % 2 == 0 ? 1 - v : 0.3 + v)];
        double[] product = new double[other.Length], otherProduct = new double[other.Length];
        p.Model.JacobianVectorProduct(p.T, p.X, p.Direction, product);
        p.Model.JacobianVectorProduct(p.T, p.X, other, otherProduct);
        double scale = Compare.MaxNorm(product) + Compare.MaxNorm(otherProduct);
        Assert.Equal(Dot(other, product), Dot(p.Direction, otherProduct), 1e-13 * (1 + scale));
    });

    [Fact]
    public void JacobianIsTheDerivativeOfTheVelocity() => s_point.Check(p =>
    {
        int d = p.X.Length;
        double[] product = new double[d], velocity = new double[d];
        p.Model.JacobianVectorProduct(p.T, p.X, p.Direction, product);
        double h = 0.01 * Math.Sqrt(p.Model.Process.At(p.T).Spread(p.Model.Mixture.MinVariance));
        double[] weights = [0.75, -0.15, 1.0 / 60], derivative = new double[d];
        double size = 1;
        for (int n = -3; n <= 3; n++)
        {
            if (n == 0) continue;
            p.Model.Velocity(p.T, p.X.Select((v, j) => v + n * h * p.Direction[j]).ToArray(), velocity);
            size = Math.Max(size, Compare.MaxNorm(velocity));
            for (int j = 0; j < d; j++) derivative[j] += Math.Sign(n) * weights[Math.Abs(n) - 1] * velocity[j] / h;
        }
        // As above, one derivative up: 1e-9 of the velocity over h.
        Compare.Close(product, derivative, 1e-9, size / h);
    });

    [Fact]
    public void RotationCarriesOver() => Gen.Select(Mixtures(2), s_process, s_share, Gen.Double[0, 6], Gen.Double[-2, 2].Array[2]).Check(drawn =>
    {
        (Mixture mixture, Process process, double share, double angle, double[] unit) = drawn;
        double c = Math.Cos(angle), s = Math.Sin(angle);
        double[] q = [c, -s, s, c];
        var rotated = new GaussianMixtureModel(new Mixture([.. mixture.Weights], [.. mixture.Means.Select(m => Rotate(q, [.. m]))],
            [.. mixture.Covariances.Select(k => Covariance.Full(2, Conjugate(q, [.. k.Matrix])))]), process);
        var model = new GaussianMixtureModel(mixture, process);
        double t = process.EarlyStop * Math.Pow(process.Horizon / process.EarlyStop, share), scale = Math.Sqrt(process.At(t).Spread(1));
        double[] x = [scale * unit[0], scale * unit[1]], velocity = new double[2], rotatedVelocity = new double[2];
        Assert.Equal(model.LogDensity(t, x), rotated.LogDensity(t, Rotate(q, x)), 1e-12 * (1 + Math.Abs(model.LogDensity(t, x))));
        model.Velocity(t, x, velocity);
        rotated.Velocity(t, Rotate(q, x), rotatedVelocity);
        // Rounding of the rotated inputs, amplified by at most ‖∇v‖, which is 4/σ⁴ at the most (σ² ≥ .02).
        Compare.Close(Rotate(q, velocity), rotatedVelocity, 1e-11, scale + Compare.MaxNorm(velocity));
    });

    [Fact]
    public void DensityIntegratesToOne() => Gen.Select(Mixtures(1), s_process, s_share).Check(drawn =>
    {
        (Mixture mixture, Process process, double share) = drawn;
        var model = new GaussianMixtureModel(mixture, process);
        double t = process.EarlyStop * Math.Pow(process.Horizon / process.EarlyStop, share);
        ProcessPoint point = process.At(t);
        // The trapezium rule converges geometrically: with a step of half a standard deviation its error is exp(-8π²) = 5e-35.
        double h = 0.5 * Math.Sqrt(point.Spread(mixture.MinVariance)), reach = 2 * point.A + 9 * Math.Sqrt(point.Spread(1)), sum = 0;
        int n = (int)(reach / h) + 1;
        for (int i = -n; i <= n; i++) sum += h * Math.Exp(model.LogDensity(t, [i * h]));
        Assert.Equal(1, sum, 1e-13);
    });

    [Fact]
    public void FlowMapsComposeAndInvert() => Gen.Select(
        Gen.Int[1, 2].SelectMany(d => Mixtures(d, 0.1).Select(m => (m, d))), s_process, Gen.Double[-1.5, 1.5].Array[2], s_share).Check(drawn =>
    {
        ((Mixture mixture, int d), Process process, double[] unit, double share) = drawn;
        var model = new GaussianMixtureModel(mixture, process);
        double from = process.Horizon, to = process.EarlyStop, middle = to * Math.Pow(from / to, share), scale = Math.Sqrt(process.At(from).Spread(0.5));
        double[] x = [.. unit.Take(d).Select(u => scale * u)], direct = new double[d], half = new double[d], twice = new double[d], back = new double[d];
        model.FlowMap(from, to, x, direct, 1e-13);
        model.FlowMap(from, middle, x, half, 1e-13);
        model.FlowMap(middle, to, half, twice, 1e-13);
        model.FlowMap(to, from, direct, back, 1e-13);
        // An error of the flow grows by the derivative of the rest of it: forwards and backwards, bounded by exp ∫‖∇v‖ along the path.
        double growth = Growth(model, from, to, x);
        Compare.Close(direct, twice, 1e-11 * growth, 1, "composed");
        Compare.Close(x, back, 1e-11 * growth, scale, "inverted");
    }, count: 40);

    [Fact]
    public void FlowMapOfARotatedMixtureIsRotated() => Gen.Select(Mixtures(2, 0.1), s_process, Gen.Double[0, 6], Gen.Double[-1.5, 1.5].Array[2]).Check(drawn =>
    {
        (Mixture mixture, Process process, double angle, double[] unit) = drawn;
        double c = Math.Cos(angle), s = Math.Sin(angle);
        double[] q = [c, -s, s, c];
        var rotated = new GaussianMixtureModel(new Mixture([.. mixture.Weights], [.. mixture.Means.Select(m => Rotate(q, [.. m]))],
            [.. mixture.Covariances.Select(k => Covariance.Full(2, Conjugate(q, [.. k.Matrix])))]), process);
        var model = new GaussianMixtureModel(mixture, process);
        double from = process.Horizon, to = process.EarlyStop, scale = Math.Sqrt(process.At(from).Spread(0.5));
        double[] x = [scale * unit[0], scale * unit[1]], y = new double[2], z = new double[2];
        model.FlowMap(from, to, x, y, 1e-13);
        rotated.FlowMap(from, to, Rotate(q, x), z, 1e-13);
        Compare.Close(Rotate(q, y), z, 1e-11 * Growth(model, from, to, x), 1);
    }, count: 25);

    /// <summary>exp of the positive part of the greatest eigenvalue of ±∇v, integrated along the path.</summary>
    private static double Growth(GaussianMixtureModel model, double from, double to, double[] x)
    {
        const int steps = 24;
        double length = Math.Log(from / to) / steps, forwards = 0, backwards = 0;
        double[] y = [.. x];
        double t = from;
        for (int i = 0; i < steps; i++)
        {
            double[] eigenvalues = Models.JacobianEigenvalues(model, t, y);
            forwards += length * t * Math.Max(0, eigenvalues[^1]);
            backwards += length * t * Math.Max(0, -eigenvalues[0]);
            double next = from * Math.Exp(-length * (i + 1));
            model.FlowMap(t, next, y, y, 1e-6);
            t = next;
        }
        return Math.Exp(Math.Max(forwards, backwards));
    }

    private static double[] Gram(double[] root, int d, double least)
    {
        double[] matrix = new double[d * d];
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++)
                for (int l = 0; l < d; l++) matrix[i * d + j] += root[i * d + l] * root[j * d + l] + (i == j && l == 0 ? least : 0);
        return matrix;
    }

    private static double[] Rotate(double[] q, double[] v) => [q[0] * v[0] + q[1] * v[1], q[2] * v[0] + q[3] * v[1]];

    private static double[] Conjugate(double[] q, double[] m)
    {
        double[] left = new double[4], result = new double[4];
        for (int i = 0; i < 2; i++)
            for (int j = 0; j < 2; j++) left[2 * i + j] = q[2 * i] * m[j] + q[2 * i + 1] * m[2 + j];
        for (int i = 0; i < 2; i++)
            for (int j = 0; j < 2; j++) result[2 * i + j] = left[2 * i] * q[2 * j] + left[2 * i + 1] * q[2 * j + 1];
        return result;
    }

    private static double Dot(double[] left, double[] right) => left.Zip(right, (l, r) => l * r).Sum();
}
