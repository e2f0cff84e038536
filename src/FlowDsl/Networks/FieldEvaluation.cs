using System.Numerics;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Networks;

/// <summary>One evaluation of a network in a sampler: its time, and how its output becomes the slope of the solver's chart.</summary>
internal sealed class FieldEvaluation
{
    private readonly float _input, _state, _output, _mean;

    private FieldEvaluation(double time, in PredictedField field)
    {
        Time = time;
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
    /// <exception cref="ArgumentException">A factor is not finite in single precision.</exception>
    public static FieldEvaluation Of(in MixtureField slope, NetworkConvention convention, GaussianMixtureModel model)
    {
        var field = PredictedField.Of(
            slope, convention.Prediction, model.Process, model.Mixture.MeanVariance, convention.Scale(), convention.DataDeviation);
        var evaluation = new FieldEvaluation(convention.TimeAt(field.Point), field);
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

    /// <summary>The mean of a mixture.</summary>
    /// <param name="mixture">The mixture.</param>
    public static float[] MeanOf(Mixture mixture)
        => [.. Enumerable.Range(0, mixture.Dimension).Select(j => (float)mixture.Weights.Zip(mixture.Means, (weight, mean) => weight * mean[j]).Sum())];

    /// <summary>The states that the network gets.</summary>
    /// <param name="x">The states.</param>
    /// <param name="scaled">Receives as many values.</param>
    public void Scale(ReadOnlySpan<float> x, Span<float> scaled)
    {
        for (int i = 0; i < x.Length; i++) scaled[i] = _input * x[i];
    }

    /// <summary>Turns outputs into slopes.</summary>
    /// <param name="x">The states, n×d values and more up to whole vectors, so that a state has the same bits at every place.</param>
    /// <param name="outputs">The network's outputs, as many, which become the slopes.</param>
    /// <param name="mean">The mean of the data law, d values.</param>
    public void ToSlopes(ReadOnlySpan<float> x, Span<float> outputs, ReadOnlySpan<float> mean)
    {
        if (_state != 0 || _output != 1) Combine(x, outputs);
        if (_mean == 0) return;
        for (int i = 0; i < outputs.Length; i++) outputs[i] += _mean * mean[i % mean.Length];
    }

    private void Combine(ReadOnlySpan<float> x, Span<float> outputs)
    {
        Vector<float> state = Vector.Create(_state), output = Vector.Create(_output);
        for (int i = 0; i < x.Length; i += Vector<float>.Count)
            SimdMath.MultiplyAdd(new Vector<float>(outputs[i..]), output, new Vector<float>(x[i..]) * state).CopyTo(outputs[i..]);
    }
}
