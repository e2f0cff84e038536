using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Discovery;

/// <summary>Measurements and searches in one chart.</summary>
/// <param name="model">The model.</param>
/// <param name="frame">The chart, a canonical one.</param>
/// <param name="steps">N.</param>
/// <param name="trajectories">The trajectories.</param>
internal sealed class MethodSearcher(PilotModel model, ChartFrame frame, int steps, SearchTrajectories trajectories)
{
    private const double SaturatingShare = 0.7;

    private readonly BespokeErrors _all = new(model, frame, steps, trajectories.Path), _part = new(model, frame, steps, trajectories.Part);

    private double _measured;

    /// <summary>The chart.</summary>
    public ChartFrame Frame => frame;

    /// <summary>Multiply-adds so far.</summary>
    public double Operations => _all.Operations + _part.Operations + _measured;

    /// <summary>Where the search ends on a part of the trajectories.</summary>
    public BespokeMethod OnPart(BespokeMethod start, int rounds, double operations) => Find(_part, start, rounds, operations, saturates: true);

    /// <summary>Where the search ends with squares that saturate, and where it ends from there without, which suits few steps better.</summary>
    public BespokeMethod[] OnAll(BespokeMethod start, int rounds, double operations)
    {
        BespokeMethod bulk = Find(_all, start, rounds, SaturatingShare * operations, saturates: true);
        return [bulk, Find(_all, bulk, rounds, (1 - SaturatingShare) * operations, saturates: false)];
    }

    /// <summary>The error on the trajectories of the search.</summary>
    public double Error(BespokeMethod method) => _all.Of(method);

    /// <summary>The error on those that choose.</summary>
    public double Choosing(BespokeMethod method) => Measured(trajectories.Choosing, method);

    /// <summary>The error on those that neither searched nor chose.</summary>
    public double HeldOut(BespokeMethod method) => Measured(trajectories.HeldOut, method);

    private double Measured(EndErrors errors, BespokeMethod method)
    {
        if (method.Program(model.Process, frame) is not { } program) return double.PositiveInfinity;
        _measured += errors.Samples * steps * BespokeErrors.EvaluationCost(model.Mixture);
        return errors.Of(program);
    }

    private BespokeMethod Find(BespokeErrors errors, BespokeMethod start, int rounds, double operations, bool saturates)
        => new BespokeDescent(errors, model.Process).Find(start, rounds, errors.Operations + operations, saturates);
}
