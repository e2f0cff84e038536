using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Tests;

/// <summary>Mixtures and processes that several tests share; the names are those of the mathematical notes.</summary>
internal static class Models
{
    public static OrnsteinUhlenbeckProcess Ou(double earlyStop = 1e-3, double horizon = 3, double beta = 1, double sigma = 1)
        => new(beta, horizon, earlyStop, sigma);

    /// <summary>The solvers that a name describes: those that are found for a mixture have numbers of their own.</summary>
    public static Solver[] Solvers => [.. SolverMethod.Named];

    /// <summary>Every process, with scales that differ from 1 where there are any.</summary>
    public static Process[] Processes(double earlyStop = 1e-3) =>
    [
        Ou(earlyStop),
        Ou(earlyStop, 2.5, 0.7, 1.5),
        new VarianceExplodingProcess(earlyStop, 20),
        new LinearInterpolantProcess(earlyStop),
        new VariancePreservingProcess(TrainingSchedule.ScaledLinear(60, 0.0005, 0.3), earlyStop: earlyStop),
    ];

    public static Mixture Isotropic(double[] weights, double[][] means, params double[] variances)
        => new(weights, means, [.. weights.Select((_, k) => Covariance.Isotropic(means[0].Length, variances[k % variances.Length]))]);

    /// <summary>Two modes ±1 on the line with a shared variance.</summary>
    public static Mixture Two(double variance) => Isotropic([0.5, 0.5], [[-1.0], [1.0]], variance);

    /// <summary>Weights .3 and .7, means ±(1.2, .9), shared variance.</summary>
    public static Mixture TwoPlanar(double variance) => Isotropic([0.3, 0.7], [[1.2, 0.9], [-1.2, -0.9]], variance);

    public static Mixture OneGaussian() => new([1], [[0.4, -1.2]], [Covariance.Full(2, [1.3, 0.7, 0.7, 0.6])]);

    /// <summary>Two diagonal covariances neither of which contains the other: L(t) is infinite.</summary>
    public static Mixture Crossing()
        => new([0.5, 0.5], [[1, 0], [-1, 0]], [Covariance.Diagonal([0.05, 0.6]), Covariance.Diagonal([0.6, 0.05])]);

    /// <summary>The same with a third component wider than both.</summary>
    public static Mixture CrossingInWider()
        => new([0.3, 0.5, 0.2], [[1, 0], [-1, 0], [0.2, 0.3]],
            [Covariance.Diagonal([0.05, 0.6]), Covariance.Diagonal([0.6, 0.05]), Covariance.Diagonal([0.8, 0.9])]);

    /// <summary>Three components of full covariances, each contained in the next, on tilted axes.</summary>
    public static Mixture OrderedFull() => new(
        [0.5, 0.2, 0.3],
        [[0.9, -0.4], [-1.1, 0.2], [0.1, 0.8]],
        [Covariance.Full(2, [0.2, 0.05, 0.05, 0.15]), Covariance.Full(2, [0.3, 0.1, 0.1, 0.25]), Covariance.Full(2, [0.6, 0.0, 0.0, 0.5])]);

    /// <summary>The Jacobian ∇v column by column; symmetric.</summary>
    public static double[] Jacobian(GaussianMixtureModel model, double t, double[] x)
    {
        int d = model.Dimension;
        double[] jacobian = new double[d * d], direction = new double[d], product = new double[d];
        for (int j = 0; j < d; j++)
        {
            direction[j] = 1;
            model.JacobianVectorProduct(t, x, direction, product);
            for (int i = 0; i < d; i++) jacobian[i * d + j] = product[i];
            direction[j] = 0;
        }
        return jacobian;
    }

    /// <summary>The eigenvalues of ∇v, ascending.</summary>
    public static double[] JacobianEigenvalues(GaussianMixtureModel model, double t, double[] x)
        => SymmetricMatrix.Eigen(Jacobian(model, t, x), model.Dimension, out _);
}
