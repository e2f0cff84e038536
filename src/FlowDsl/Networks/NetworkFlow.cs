using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Solvers;

namespace FlowDsl.Networks;

/// <summary>
/// A network's own flow between the times of a sampler: short steps of a method that needs no history and evaluates nothing at the data, where a network's
/// error is amplified.
/// </summary>
internal sealed class NetworkFlow
{
    private const Solver Method = Solver.DpmSolverPlusPlus3S;

    private readonly FieldProgram _program;
    private readonly int _dimension, _steps, _batchSize;

    /// <summary>Prepares the flow.</summary>
    /// <param name="sampler">The sampler.</param>
    /// <param name="steps">The number of steps for each of its segments, a power of 2.</param>
    /// <exception cref="ArgumentException">A coefficient is not finite in single precision.</exception>
    public NetworkFlow(FieldSampler sampler, int steps)
    {
        GaussianMixtureModel model = sampler.Plan.Model;
        (_dimension, _steps, _batchSize) = (model.Dimension, steps, sampler.BatchSize);
        var frame = ChartFrame.Canonical(0);
        double[] times = [.. sampler.Plan.Times];
        for (int parts = 1; parts < steps; parts *= 2) times = Bisection.Times(model.Process, frame, Method, times);
        _program = new FieldProgram(model, FlowProgram.Create(model.Process, frame, Method, times), sampler.Convention, _batchSize);
    }

    /// <summary>Evaluations of the network per state, over all segments.</summary>
    public int FunctionEvaluations => _program.FunctionEvaluations;

    /// <summary>Maps states over one of the sampler's segments.</summary>
    /// <param name="states">n×d values, in place.</param>
    /// <param name="field">The network.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public void Map(Span<float> states, INetworkField field, int segment, CancellationToken cancellationToken)
    {
        int length = (int)Math.Min(states.Length, (long)_batchSize * _dimension);
        for (int first = 0; first < states.Length; first += length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _program.Run(states.Slice(first, Math.Min(length, states.Length - first)), field, [], segment * _steps, _steps);
        }
    }
}
