using System.Buffers;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Runtime.Loops;
using FlowDsl.Runtime.Trackers;

namespace FlowDsl.Networks;

/// <summary>The calls of a <see cref="FieldSampler"/> that take errors.</summary>
internal sealed class FieldErrors
{
    private readonly SamplerDescriptor _plan;
    private readonly FieldProgram _program;
    private readonly FieldProgram? _companion;
    private readonly LocalErrors? _steps;
    private readonly FieldEvaluation? _end;
    private readonly BranchMargins<float> _margins;

    /// <summary>Prepares what the sampler's mode of tracking needs.</summary>
    /// <param name="plan">The sampler.</param>
    /// <param name="program">Its program.</param>
    /// <param name="convention">What the network's output is and in which time it counts.</param>
    /// <param name="batchSize">The maximum number of states that the network gets at a time.</param>
    public FieldErrors(SamplerDescriptor plan, FieldProgram program, NetworkConvention convention, int batchSize)
    {
        (_plan, _program) = (plan, program);
        GaussianMixtureModel model = plan.Model;
        _margins = new BranchMargins<float>(model.Mixture, model.Process, plan.Times);
        if (plan.Tracking == Tracking.Local && LocalErrors.Of(model.Mixture, model.Process, plan.Frame, plan.Solver, plan.Times) is { } steps)
            (_steps, _end) = (steps, FieldEvaluation.Of(steps.End, convention, model, FieldProgram.MeanOf(model)));
        else if (plan.Tracking != Tracking.None)
            _companion = new FieldProgram(model, CompanionProgram.Create(model.Process, plan.Frame, plan.Solver, plan.Times), convention, batchSize);
    }

    /// <summary>Evaluations of the network per state, those of the sampler included.</summary>
    public int FunctionEvaluations => _program.FunctionEvaluations + (_companion?.FunctionEvaluations ?? (_end is null ? 0 : 1));

    /// <summary>Integrates every state, to the bits of the call without errors, and estimates its error.</summary>
    /// <param name="states">n×d values, in place.</param>
    /// <param name="errors">Receives n errors.</param>
    /// <param name="field">The network.</param>
    public void Integrate(Span<float> states, Span<FlowError> errors, INetworkField field)
    {
        if (errors.Length == 0) return;
        float[] pooled = ArrayPool<float>.Shared.Rent(states.Length);
        Span<float> partner = pooled.AsSpan(0, states.Length);
        if (_companion is not null)
        {
            states.CopyTo(partner);
            _companion.Run(partner, field, [], 0, _companion.SegmentCount);
        }
        FieldStepErrors? steps = _steps is null ? null : new FieldStepErrors(_steps, _end!, errors.Length, _plan.Dimension);
        // The margins are taken on the network's own trajectories.
        var path = new SegmentPath<float>(
            _plan, _margins, whole: null, (own, history, first, count) => _program.Run(own, field, history, first, count, steps));
        path.Integrate(states, errors, companion: null);
        if (_companion is not null)
        {
            int d = _plan.Dimension;
            double excess = CompanionProgram.Excess(_plan.Solver);
            for (int i = 0; i < errors.Length; i++)
                errors[i] = errors[i] with { Estimate = excess * SampleDistance.Of<float>(states, partner, d, i) };
        }
        steps?.Finish(states, field, errors);
        ArrayPool<float>.Shared.Return(pooled);
    }
}
