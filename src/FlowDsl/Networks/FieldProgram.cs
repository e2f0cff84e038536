using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Networks;

/// <summary>A solver's program on the slopes of a network, batch by batch.</summary>
internal sealed class FieldProgram
{
    private readonly StageLoop<float> _loop;
    private readonly FieldEvaluation[][] _evaluations;
    private readonly int _dimension, _historyLength, _batchSize, _groups;

    /// <summary>Prepares a program.</summary>
    /// <param name="model">The mixture, which stands for the data that the network was trained on, and the process.</param>
    /// <param name="program">A solver on its times.</param>
    /// <param name="convention">What the network's output is and in which time it counts.</param>
    /// <param name="batchSize">The maximum number of states that the network gets at a time.</param>
    /// <exception cref="ArgumentException">A coefficient is not finite in single precision.</exception>
    public FieldProgram(GaussianMixtureModel model, FlowProgram program, NetworkConvention convention, int batchSize)
    {
        (_dimension, _historyLength, _batchSize) = (model.Dimension, program.HistoryLength, batchSize);
        (SegmentCount, FunctionEvaluations) = (program.Steps.Length, program.FunctionEvaluations);
        float[] mean = MeanOf(model);
        _evaluations =
        [
            .. program.Steps.Select(
                step => (FieldEvaluation[])[.. step.Stages.Select(stage => FieldEvaluation.Of(stage.Field, convention, model, mean))]),
        ];
        // All coordinates of all states have the same factors, so a batch is one row.
        _loop = new StageLoop<float>(program, 1);
        _groups = _loop.RowCount + (_evaluations.Any(step => step.Any(evaluation => evaluation.ScalesInput)) ? 1 : 0);
    }

    /// <summary>N.</summary>
    public int SegmentCount { get; }

    /// <summary>Evaluations of the network per state.</summary>
    public int FunctionEvaluations { get; }

    /// <summary>Integrates over some segments.</summary>
    /// <param name="states">n×d values, in place. A state that is not finite at the end becomes NaN in all coordinates.</param>
    /// <param name="field">The network.</param>
    /// <param name="history">The last slopes of each state, newest first; empty to start without memory.</param>
    /// <param name="firstSegment">The first segment.</param>
    /// <param name="segmentCount">The number of segments.</param>
    /// <param name="steps">Receives the slopes; null for none.</param>
    public void Run(Span<float> states, INetworkField field, Span<float> history, int firstSegment, int segmentCount, FieldStepErrors? steps = null)
    {
        int d = _dimension, samples = states.Length / d, batch = Math.Min(_batchSize, samples);
        int stride = Padded(batch * d);
        float[] rows = ArrayPool<float>.Shared.Rent(checked(stride * _groups));
        try
        {
            for (int first = 0; first < samples; first += batch)
            {
                int n = Math.Min(batch, samples - first), width = _historyLength * d;
                var run = new Batch(this, field, stride, first, n, steps);
                run.Advance(
                    rows, states.Slice(first * d, n * d), history.Length > 0 ? history.Slice(first * width, n * width) : [], firstSegment, segmentCount);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rows);
        }
    }

    /// <summary>The mean of a model's data law, in single precision.</summary>
    public static float[] MeanOf(GaussianMixtureModel model) => Array.ConvertAll(model.Mixture.Mean(), value => (float)value);

    /// <summary>A length up to whole vectors, and whole cache lines.</summary>
    public static int Padded(int length) => checked(length + 15) / 16 * 16;

    /// <summary>Some of the states.</summary>
    private readonly struct Batch(FieldProgram program, INetworkField field, int stride, int first, int n, FieldStepErrors? steps) : IStageSlopes<float>
    {
        private readonly int _length = n * program._dimension;

        /// <summary>Advances the batch over some segments.</summary>
        public void Advance(Span<float> rows, Span<float> states, Span<float> history, int firstSegment, int segmentCount)
        {
            int memory = program._historyLength, known = history.Length > 0 ? Math.Min(firstSegment, memory) : 0;
            states.CopyTo(rows);
            for (int age = 0; age < known; age++) Copy(history, age, Slopes(rows, firstSegment - 1 - age), isStored: false);
            for (int segment = firstSegment; segment < firstSegment + segmentCount; segment++)
            {
                program._loop.Advance(
                    this, ref rows[0], (nuint)stride, (nuint)Padded(_length), segment, Math.Min(known + segment - firstSegment, memory));
            }
            rows[.._length].CopyTo(states);
            KeepWholeStates(states);
            if (history.Length == 0) return;
            int next = firstSegment + segmentCount;
            for (int age = 0; age < Math.Min(known + segmentCount, memory); age++) Copy(history, age, Slopes(rows, next - 1 - age), isStored: true);
        }

        /// <inheritdoc/>
        public void Evaluate(int segment, int stage, ref float rows, nuint count, int input, int output)
        {
            FieldEvaluation evaluation = program._evaluations[segment][stage];
            Span<float> x = Group(ref rows, input, count), slopes = Group(ref rows, output, count);
            evaluation.Evaluate(field, x, slopes, evaluation.ScalesInput ? Group(ref rows, program._groups - 1, count) : [], _length);
            steps?.Add(segment, stage, first * program._dimension, x[.._length], slopes[.._length]);
        }

        private Span<float> Group(ref float rows, int group, nuint count)
            => MemoryMarshal.CreateSpan(ref Unsafe.Add(ref rows, group * stride), (int)count);

        // The slopes of consecutive segments rotate through the groups after the state.
        private Span<float> Slopes(Span<float> rows, int segment) => rows.Slice((1 + segment % (program._historyLength + 1)) * stride, _length);

        private void Copy(Span<float> history, int age, Span<float> slopes, bool isStored)
        {
            int d = program._dimension;
            for (int i = 0; i < n; i++)
            {
                Span<float> own = slopes.Slice(i * d, d), kept = history.Slice((i * program._historyLength + age) * d, d);
                if (isStored) own.CopyTo(kept);
                else kept.CopyTo(own);
            }
        }

        private void KeepWholeStates(Span<float> states)
        {
            if (Vectors.AreFinite<float>(states)) return;
            for (int i = 0; i < states.Length; i += program._dimension)
            {
                Span<float> state = states.Slice(i, program._dimension);
                if (!Vectors.AreFinite<float>(state)) state.Fill(float.NaN);
            }
        }
    }
}
