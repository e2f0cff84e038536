using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Grids;

/// <summary>One Gaussian with a mixture's mean and covariance, and the exact mean squared error of a solver on it.</summary>
internal sealed class GaussianProblem
{
    // An eigenvalue decomposition in more dimensions takes longer than a build should; the coordinates' own variances stand in for the eigenvalues.
    private const int MaxDimension = 128;
    private const double Same = 1e-9;

    private readonly PilotModel _model;
    private readonly List<(double Variance, int Count, double Mean2)> _axes = [];

    /// <summary>Finds the mean and covariance.</summary>
    /// <param name="model">The model.</param>
    public GaussianProblem(PilotModel model)
    {
        _model = model;
        Mixture mixture = model.Mixture;
        int d = mixture.Dimension;
        double[] mean = mixture.Mean(), covariance = mixture.CovarianceAbout(mean);
        if (d <= MaxDimension)
        {
            double[] variances = SymmetricMatrix.Eigen(covariance, d, out double[] vectors, model.CancellationToken);
            for (int axis = 0; axis < d; axis++)
            {
                double along = 0;
                for (int j = 0; j < d; j++) along += vectors[j * d + axis] * mean[j];
                Add(variances[axis], along);
            }
        }
        else
        {
            for (int j = 0; j < d; j++) Add(covariance[j * d + j], mean[j]);
        }
        ProcessPoint end = model.Process.At(model.Process.EarlyStop);
        double variance = 0;
        foreach ((double own, int count, double mean2) in _axes)
        {
            variance += count * own;
            MeanSquare += count * end.Spread(own) + end.A * end.A * mean2;
        }
        Scale = variance > 0 ? Math.Sqrt(variance / d) : 1;
    }

    /// <summary>The standard deviation, averaged over the coordinates in which components differ.</summary>
    public double Scale { get; }

    /// <summary>The number of different variances.</summary>
    public int Coordinates => _axes.Count;

    /// <summary>E|x|² at the early stop, in these coordinates.</summary>
    public double MeanSquare { get; }

    /// <summary>E|S(x) - Φ(x)|² of a solver on a grid; infinite if it is not finite.</summary>
    /// <param name="request">The solver and its chart.</param>
    /// <param name="times">The times, from the horizon to the early stop.</param>
    public double Error2(GridRequest request, double[] times)
    {
        _model.CancellationToken.ThrowIfCancellationRequested();
        Process process = _model.Process;
        FlowProgram program = FlowProgram.Create(process, request.Frame, request.Solver, times);
        ProcessPoint from = process.At(times[0]), to = process.At(times[times.Length - 1]);
        double sum = _model.RestError2(program);
        foreach ((double variance, int count, double mean2) in _axes)
        {
            GaussianFlow flow = GaussianFlow.Over(program, variance, 0, program.Steps.Length);
            double before = from.Spread(variance), stretch = flow.Start - Math.Sqrt(to.Spread(variance) / before),
                shift = flow.Start * from.A + flow.Mean - to.A;
            sum += count * stretch * stretch * before + shift * shift * mean2;
        }
        return double.IsNaN(sum) ? double.PositiveInfinity : sum;
    }

    private void Add(double variance, double mean)
    {
        // Rounding may leave a variance of 0 below it.
        variance = Math.Max(variance, 0);
        int same = _axes.FindIndex(axis => Math.Abs(axis.Variance - variance) <= Same * variance);
        if (same < 0) _axes.Add((variance, 1, mean * mean));
        else _axes[same] = (_axes[same].Variance, _axes[same].Count + 1, _axes[same].Mean2 + mean * mean);
    }
}
