using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Grids;

/// <summary>The relative mean squared error of a solver on a grid, measured on trajectories whose exact ends are known.</summary>
/// <remarks>
/// The states at the nodes of the last grid are kept, and a multistep solver's slopes there: if only later times change, the steps before them are not
/// repeated.
/// </remarks>
internal sealed class PilotError
{
    private readonly PilotModel _model;
    private readonly GridRequest _request;
    private readonly PilotPath _path;
    private readonly BatchRun _run;
    private readonly Batch[] _states, _slopes;
    private readonly double _meanSquare;
    private readonly double[] _excess;
    private double[] _times = [];
    private double _rest;

    /// <summary>Prepares measurements.</summary>
    /// <param name="model">The model.</param>
    /// <param name="request">The solver, its chart and the number of steps.</param>
    /// <param name="path">The trajectories.</param>
    public PilotError(PilotModel model, GridRequest request, PilotPath path)
    {
        (_model, _request, _path, _run) = (model, request, path, new BatchRun(model.Mixture));
        Batch starts = path.States[0];
        _states = [.. Enumerable.Range(0, request.Steps + 1).Select(_ => starts.Copy())];
        _slopes = SolverMethod.Of(request.Solver).IsMultistep
            ? [.. Enumerable.Range(0, request.Steps).Select(_ => new Batch(starts.Samples, starts.Dimension))]
            : [];
        _meanSquare = model.MeanSquare(path);
        _excess = new double[request.Steps];
    }

    /// <summary>The weight of <see cref="Penalty"/>, in units of the error.</summary>
    public double PenaltyWeight { get; init; }

    /// <summary>The penalty for the last grid's extrapolation: the weighted sum of squares of <see cref="Extrapolation.Excess"/>.</summary>
    public double Penalty => PenaltyWeight * _excess.Sum(value => value * value);

    /// <summary>The velocity evaluations per trajectory of all measurements so far.</summary>
    public long Evaluations { get; private set; }

    /// <summary>The number of <see cref="Residuals"/>.</summary>
    public int ResidualCount => End.Samples * End.Dimension + 1 + _excess.Length;

    /// <summary>The squared errors of the trajectories in the last measurement.</summary>
    public double[] Squares => End.SquaredDistances(ExactEnd).ToArray();

    private Batch End => _states[_states.Length - 1];

    private Batch ExactEnd => _path.States[_path.States.Length - 1];

    /// <summary>E|x̂ - x|²/E|x|² at the early stop; infinite if it is not finite, or if the chart is singular at a time.</summary>
    /// <param name="times">The N + 1 times.</param>
    public double Of(double[] times)
    {
        _model.CancellationToken.ThrowIfCancellationRequested();
        if (FlowProgram.TryCreate(_model.Process, _request.Frame, _request.Solver, times) is not { } program) return double.PositiveInfinity;
        int first = 0;
        while (first + 2 < _times.Length && _times[first + 1] == times[first + 1]) first++;
        for (int i = first; i < program.Steps.Length; i++)
        {
            FlowStep step = program.Steps[i];
            // The slope at the start of the first step that changes is that of the last grid.
            bool isKnown = program.HistoryLength > 0 && i == first && _times.Length > 0;
            if (program.HistoryLength == 0) _run.Step(step, _states[i], _states[i + 1]);
            else _run.Step(step, i, _states, _slopes, isKnown);
            if (!isKnown) Evaluations += step.Stages.Length;
        }
        if (PenaltyWeight > 0) Extrapolation.Excess(program, _excess);
        _times = [.. times];
        _rest = _model.RestError2(program);
        double error = (End.MeanSquaredDistance(ExactEnd) + _rest) / _meanSquare;
        return double.IsNaN(error) ? double.PositiveInfinity : error;
    }

    /// <summary>
    /// The errors of the last measurement, coordinate by coordinate, and the roots of the penalty: their squares sum to its error and penalty, up to a
    /// factor.
    /// </summary>
    /// <param name="residuals">Receives them.</param>
    public void Residuals(Span<double> residuals)
    {
        End.Subtract(ExactEnd, residuals);
        int next = End.Samples * End.Dimension;
        residuals[next++] = Math.Sqrt(_rest * End.Samples);
        double scale = Math.Sqrt(PenaltyWeight * _meanSquare * End.Samples);
        foreach (double excess in _excess) residuals[next++] = scale * excess;
    }
}
