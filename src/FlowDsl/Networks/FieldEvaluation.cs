using System.Numerics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Networks;

/// <summary>One evaluation of a network in a sampler: its time, and how its output becomes the slope of the solver's chart.</summary>
internal sealed class FieldEvaluation
{
    private readonly float _input, _state, _output, _mean;
    private readonly float[] _centre;

    private FieldEvaluation(double time, in PredictedField field, float[] centre)
    {
        (Time, _centre) = (time, centre);
        (_input, _state, _output, _mean) = ((float)field.Input, (float)field.State, (float)field.Output, (float)field.Mean);
    }

    /// <summary>The network's own time.</summary>
    public double Time { get; }

    /// <summary>Whether the network gets other states than the solver's.</summary>
    public bool ScalesInput => _input != 1;

    /// <summary>Prepares an evaluation.</summary>
    /// <param name="slope">The slope of the solver's chart.</param>
    /// <param name="convention">What the network's output is and in which time it counts.</param>
    /// <param name="model">The mixture and process.</param>
    /// <param name="mean">The mean of the data law, d values.</param>
    /// <exception cref="ArgumentException">A factor is not finite in single precision.</exception>
    public static FieldEvaluation Of(in MixtureField slope, NetworkConvention convention, GaussianMixtureModel model, float[] mean)
    {
        convention = convention.On(model.Process);
        var field = PredictedField.Of(
            slope, convention.Prediction, model.Process, model.Mixture.MeanVariance, convention.Scale(), convention.DataDeviation);
        var evaluation = new FieldEvaluation(convention.TimeAt(field.Point), field, mean);
        foreach ((string what, float value) in ((string, float)[])
            [("states", evaluation._state), ("outputs", evaluation._output), ("mean", evaluation._mean), ("inputs", evaluation._input)])
        {
            if (!float.IsFinite(value))
                throw new ArgumentException(
                    $"At t = {PortableNumber.Format(slope.Point.Time, 5)} the factor of the {what} of a network that predicts {convention.Prediction} "
                        + "is not finite in single precision.", nameof(convention));
        }
        return evaluation;
    }

    /// <summary>Evaluates the network and turns its outputs into slopes.</summary>
    /// <param name="field">The network.</param>
    /// <param name="x">The states, n×d values and more up to whole vectors, so that a state has the same bits at every place.</param>
    /// <param name="slopes">Receives as many values.</param>
    /// <param name="scaled">Memory of that length if <see cref="ScalesInput"/>.</param>
    /// <param name="length">n×d.</param>
    public void Evaluate(INetworkField field, ReadOnlySpan<float> x, Span<float> slopes, Span<float> scaled, int length)
    {
        ReadOnlySpan<float> seen = x;
        if (ScalesInput)
        {
            for (int i = 0; i < x.Length; i++) scaled[i] = _input * x[i];
            seen = scaled;
        }
        field.Evaluate(Time, seen[..length], slopes[..length]);
        if (_state != 0 || _output != 1) Combine(x, slopes);
        if (_mean == 0) return;
        for (int i = 0; i < slopes.Length; i++) slopes[i] += _mean * _centre[i % _centre.Length];
    }

    private void Combine(ReadOnlySpan<float> x, Span<float> outputs)
    {
        Vector<float> state = Vector.Create(_state), output = Vector.Create(_output);
        for (int i = 0; i < x.Length; i += Vector<float>.Count)
            SimdMath.MultiplyAdd(new Vector<float>(outputs[i..]), output, new Vector<float>(x[i..]) * state).CopyTo(outputs[i..]);
    }
}
