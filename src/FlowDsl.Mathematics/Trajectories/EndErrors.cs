namespace FlowDsl.Mathematics.Trajectories;

/// <summary>How far samplers end from the exact flow on the same points.</summary>
internal sealed class EndErrors
{
    private readonly PilotModel _model;
    private readonly Batch _starts, _ends;
    private readonly double[] _weights;
    private readonly double _meanSquare;

    /// <summary>Follows points to their exact ends.</summary>
    /// <param name="model">The model.</param>
    /// <param name="times">The times of the steps.</param>
    /// <param name="points">The points, with weights.</param>
    public EndErrors(PilotModel model, double[] times, BorderPoints points)
    {
        (_model, _weights) = (model, points.Weights);
        _starts = Batch.Of(points.Points);
        _ends = new PilotFlow(model, times).Ends(_starts);
        _meanSquare = model.RestMeanSquare + WeightedSquare(_ends, null);
    }

    /// <summary>The number of points.</summary>
    public int Samples => _starts.Samples;

    /// <summary>E|x̂ - x|²/E|x|² at the early stop; infinite if it is not finite.</summary>
    /// <param name="program">The sampler.</param>
    public double Of(FlowProgram program)
    {
        _model.CancellationToken.ThrowIfCancellationRequested();
        Batch states = _starts.Copy();
        new BatchRun(_model.Mixture).Run(program, states);
        double error = (WeightedSquare(states, _ends) + _model.RestError2(program)) / _meanSquare;
        return error <= double.MaxValue ? error : double.PositiveInfinity;
    }

    private double WeightedSquare(Batch states, Batch? from)
    {
        ReadOnlySpan<double> squares = states.SquaredDistances(from);
        double sum = 0;
        for (int i = 0; i < squares.Length; i++) sum += _weights[i] * squares[i];
        return sum;
    }
}
