using FlowDsl.Mathematics.Solvers;

namespace FlowDsl.Networks;

/// <summary>Adds up the lengths of the errors of a one-step solver's steps, from the slopes as they come.</summary>
/// <param name="errors">The estimates of the steps.</param>
/// <param name="end">The evaluation at the end of the last step.</param>
/// <param name="samples">n.</param>
/// <param name="dimension">d.</param>
internal sealed class FieldStepErrors(LocalErrors errors, FieldEvaluation end, int samples, int dimension)
{
    private readonly double[] _lengths = new double[samples];

    // The error of the step that is not finished, but for the slope at its end; and the slope at the start of the step before.
    private readonly float[] _error = new float[samples * dimension], _before = new float[samples * dimension];

    /// <summary>Takes the slopes of a stage.</summary>
    /// <param name="segment">Which segment.</param>
    /// <param name="stage">Which stage; the first one's slopes are those at the end of the segment before.</param>
    /// <param name="first">The place of the first value.</param>
    /// <param name="x">The states of the stage.</param>
    /// <param name="slopes">Their slopes.</param>
    public void Add(int segment, int stage, int first, ReadOnlySpan<float> x, ReadOnlySpan<float> slopes)
    {
        StepError step = errors.Steps[segment];
        Span<float> error = _error.AsSpan(first, x.Length), before = _before.AsSpan(first, x.Length);
        float own = (float)step.Slopes[stage];
        if (stage > 0)
        {
            for (int i = 0; i < x.Length; i++) error[i] += own * slopes[i];
            return;
        }
        if (segment > 0) Close(segment - 1, first, slopes);
        float state = (float)step.State, previous = (float)step.Previous;
        for (int i = 0; i < x.Length; i++)
        {
            error[i] = state * x[i] + previous * before[i] + own * slopes[i];
            before[i] = slopes[i];
        }
    }

    /// <summary>Evaluates the network at the ends and writes the estimates.</summary>
    /// <param name="states">The final states, n×d values.</param>
    /// <param name="field">The network.</param>
    /// <param name="estimates">Receives n estimates.</param>
    public void Finish(ReadOnlySpan<float> states, INetworkField field, Span<FlowError> estimates)
    {
        int length = FieldProgram.Padded(states.Length);
        float[] x = new float[length], slopes = new float[length];
        states.CopyTo(x);
        end.Evaluate(field, x, slopes, end.ScalesInput ? new float[length] : [], states.Length);
        Close(errors.Steps.Length - 1, 0, slopes.AsSpan(0, states.Length));
        for (int i = 0; i < estimates.Length; i++) estimates[i] = estimates[i] with { Estimate = _lengths[i] };
    }

    private void Close(int segment, int first, ReadOnlySpan<float> next)
    {
        float factor = (float)errors.Steps[segment].Next;
        for (int i = 0; i < next.Length; i += dimension)
        {
            double sum = 0;
            for (int j = i; j < i + dimension; j++)
            {
                double error = _error[first + j] + factor * next[j];
                sum += error * error;
            }
            _lengths[(first + i) / dimension] += Math.Sqrt(sum);
        }
    }
}
