using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Grids;

/// <summary>The relative mean squared error of a solver on a grid, measured on trajectories whose exact ends are known.</summary>
/// <remarks>The states at the nodes of the last grid are kept: if only later times change, the steps before them are not repeated.</remarks>
internal sealed class PilotError
{
    private readonly PilotModel _model;
    private readonly GridRequest _request;
    private readonly PilotPath _path;
    private readonly BatchRun _run;
    private readonly Batch[] _states;
    private readonly double _meanSquare;
    private double[] _times = [];

    /// <summary>Prepares measurements.</summary>
    /// <param name="model">The model.</param>
    /// <param name="request">The solver, its chart and the number of steps.</param>
    /// <param name="path">The trajectories.</param>
    public PilotError(PilotModel model, GridRequest request, PilotPath path)
    {
        (_model, _request, _path, _run) = (model, request, path, new BatchRun(model.Mixture));
        _states = [.. Enumerable.Range(0, request.Steps + 1).Select(_ => path.States[0].Copy())];
        _meanSquare = model.MeanSquare(path);
    }

    /// <summary>The squared errors of the trajectories in the last measurement.</summary>
    public double[] Squares => _states[_states.Length - 1].SquaredDistances(_path.States[_path.States.Length - 1]).ToArray();

    /// <summary>E|x̂ - x|²/E|x|² at the early stop; infinite if it is not finite.</summary>
    /// <param name="times">The N + 1 times.</param>
    public double Of(double[] times)
    {
        _model.CancellationToken.ThrowIfCancellationRequested();
        FlowProgram program = FlowProgram.Create(_model.Process, _request.Frame, _request.Solver, times);
        Batch end = _states[_states.Length - 1];
        if (program.HistoryLength > 0)
        {
            Array.Copy(_path.States[0].Values, end.Values, end.Values.Length);
            _run.Run(program, end);
        }
        else
        {
            int first = 0;
            while (first + 2 < _times.Length && _times[first + 1] == times[first + 1]) first++;
            for (int i = first; i < program.Steps.Length; i++) _run.Step(program.Steps[i], _states[i], _states[i + 1]);
        }
        _times = [.. times];
        double error = (end.MeanSquaredDistance(_path.States[_path.States.Length - 1]) + _model.RestError2(program)) / _meanSquare;
        return double.IsNaN(error) ? double.PositiveInfinity : error;
    }
}
