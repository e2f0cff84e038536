using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;
using FlowDsl.Runtime.Points;
using FlowDsl.Samplers;

namespace FlowDsl;

/// <summary>
/// A sampler whose field is a network: solver, chart, times and coefficients come from a mixture and its process, the slopes from the network. States
/// are float and always x. As safe to share between threads as the network itself.
/// </summary>
public sealed class FieldSampler
{
    private readonly StageLoop<float> _loop;
    private readonly FieldEvaluation[][] _evaluations;
    private readonly float[] _mean;
    private readonly int _batchSize, _groups;

    /// <summary>Plans with a declared sampler.</summary>
    /// <param name="plan">The sampler; its mixture stands for the data that the network was trained on.</param>
    /// <param name="convention">What the network's output is and in which time it counts; null for velocities in the process's time.</param>
    /// <param name="batchSize">The maximum number of states that the network gets at a time, at least 1.</param>
    /// <exception cref="ArgumentException">A coefficient of the sampler is not finite in single precision.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size of a batch is not positive.</exception>
    public FieldSampler(SamplerDescriptor plan, NetworkConvention? convention = null, int batchSize = 4096)
        : this(
            (plan ?? throw new ArgumentNullException(nameof(plan))).Model, FlowProgram.Create(plan.Model.Process, plan.Frame, plan.Solver, plan.Times),
            convention, batchSize)
    {
    }

    /// <summary>Plans with a model known at run time only.</summary>
    /// <param name="model">The mixture, which stands for the data that the network was trained on, and the process.</param>
    /// <param name="program">A solver on its times, from <see cref="GaussianMixtureModel.CreateProgram"/> of that model.</param>
    /// <param name="convention">What the network's output is and in which time it counts; null for velocities in the process's time.</param>
    /// <param name="batchSize">The maximum number of states that the network gets at a time, at least 1.</param>
    /// <exception cref="ArgumentException">A coefficient of the sampler is not finite in single precision.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size of a batch is not positive.</exception>
    public FieldSampler(GaussianMixtureModel model, FlowProgram program, NetworkConvention? convention = null, int batchSize = 4096)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(program);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        (Model, Program, Convention, _batchSize) = (model, program, convention ?? new NetworkConvention(), batchSize);
        _evaluations =
        [
            .. program.Steps.Select(
                step => (FieldEvaluation[])[.. step.Stages.Select(stage => FieldEvaluation.Of(stage.Field, Convention, model))]),
        ];
        _mean = FieldEvaluation.MeanOf(model.Mixture);
        // All coordinates of all states have the same factors, so a batch is one row.
        _loop = new StageLoop<float>(program, 1);
        _groups = _loop.RowCount + (_evaluations.Any(step => step.Any(evaluation => evaluation.ScalesInput)) ? 1 : 0);
    }

    /// <summary>The mixture and process it is planned with.</summary>
    public GaussianMixtureModel Model { get; }

    /// <summary>What the network's output is and in which time it counts.</summary>
    public NetworkConvention Convention { get; }

    /// <summary>d, the number of coordinates of a state.</summary>
    public int Dimension => Model.Dimension;

    /// <summary>N, the number of segments (steps).</summary>
    public int SegmentCount => Program.Steps.Length;

    /// <summary>The number of earlier steps' slopes that the solver uses: 0 for one-step solvers.</summary>
    public int HistoryLength => Program.HistoryLength;

    /// <summary>Evaluations of the network per state (NFE).</summary>
    public int FunctionEvaluations => Program.FunctionEvaluations;

    /// <summary>The solver on its times.</summary>
    internal FlowProgram Program { get; }

    /// <summary>Integrates every state from the first time to the last.</summary>
    /// <param name="states">n×d values, row-major, in place; any n, 0 included. A state that is not finite at the end becomes NaN in all coordinates.</param>
    /// <param name="field">The network.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of d, or the network has another d.</exception>
    public void Integrate(Span<float> states, INetworkField field) => Integrate(states, field, 0, SegmentCount);

    /// <summary>
    /// Integrates over some segments only. One-step solvers compose bit for bit if the network gives every state the same bits in any batch; a multistep
    /// solver starts each call without memory, at first order.
    /// </summary>
    /// <param name="states">n×d values, row-major, in place; any n, 0 included.</param>
    /// <param name="field">The network.</param>
    /// <param name="firstSegment">The first segment, from 0.</param>
    /// <param name="segmentCount">The number of segments.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of d, or the network has another d.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The segments are not within the sampler's.</exception>
    public void Integrate(Span<float> states, INetworkField field, int firstSegment, int segmentCount)
    {
        Check(states, field, firstSegment, segmentCount);
        Run(states, field, [], firstSegment, segmentCount);
    }

    /// <summary>Integrates over some segments and carries a multistep solver's history from call to call, as one call would.</summary>
    /// <param name="states">n×d values, row-major, in place; any n, 0 included.</param>
    /// <param name="field">The network.</param>
    /// <param name="history">
    /// n×<see cref="HistoryLength"/>×d values, the last slopes of each state, newest first. Read if <paramref name="firstSegment"/> is positive, and
    /// always written. Empty for one-step solvers.
    /// </param>
    /// <param name="firstSegment">The first segment, from 0.</param>
    /// <param name="segmentCount">The number of segments.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the network has another d.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The segments are not within the sampler's.</exception>
    public void Integrate(Span<float> states, INetworkField field, Span<float> history, int firstSegment, int segmentCount)
    {
        Check(states, field, firstSegment, segmentCount);
        BlockDriver.CheckHistory(history.Length, states.Length, HistoryLength);
        Run(states, field, history, firstSegment, segmentCount);
    }

    private void Check(Span<float> states, INetworkField field, int firstSegment, int segmentCount)
    {
        ArgumentNullException.ThrowIfNull(field);
        PointFunctions.CheckRows(states.Length, Dimension);
        BlockDriver.CheckSegments(SegmentCount, firstSegment, segmentCount);
        if (field.Dimension != Dimension)
            throw new ArgumentException(
                $"The network's states have {NumberText.Count(field.Dimension, "coordinate")}, the sampler's {Dimension}.", nameof(field));
    }

    private void Run(Span<float> states, INetworkField field, Span<float> history, int firstSegment, int segmentCount)
    {
        int d = Dimension, samples = states.Length / d, batch = Math.Min(_batchSize, samples);
        int stride = Padded(batch * d);
        float[] rows = ArrayPool<float>.Shared.Rent(checked(stride * _groups));
        try
        {
            for (int first = 0; first < samples; first += batch)
            {
                int n = Math.Min(batch, samples - first), width = HistoryLength * d;
                var run = new FieldRun(this, field, stride, n);
                run.Advance(
                    rows, states.Slice(first * d, n * d), history.Length > 0 ? history.Slice(first * width, n * width) : [], firstSegment, segmentCount);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rows);
        }
    }

    // Whole vectors, and whole cache lines.
    private static int Padded(int length) => checked(length + 15) / 16 * 16;

    /// <summary>One batch.</summary>
    private readonly struct FieldRun(FieldSampler sampler, INetworkField field, int stride, int n) : IStageSlopes<float>
    {
        private readonly int _length = n * sampler.Dimension;

        /// <summary>Advances a batch over some segments.</summary>
        public void Advance(Span<float> rows, Span<float> states, Span<float> history, int firstSegment, int segmentCount)
        {
            int memory = sampler.HistoryLength, known = history.Length > 0 ? Math.Min(firstSegment, memory) : 0;
            states.CopyTo(rows);
            for (int age = 0; age < known; age++) Copy(history, age, Slopes(rows, firstSegment - 1 - age), isStored: false);
            for (int segment = firstSegment; segment < firstSegment + segmentCount; segment++)
            {
                sampler._loop.Advance(
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
            FieldEvaluation evaluation = sampler._evaluations[segment][stage];
            ReadOnlySpan<float> x = Group(ref rows, input, count), seen = x;
            Span<float> slopes = Group(ref rows, output, count);
            if (evaluation.ScalesInput)
            {
                Span<float> scaled = Group(ref rows, sampler._groups - 1, count);
                evaluation.Scale(x, scaled);
                seen = scaled;
            }
            field.Evaluate(evaluation.Time, seen[.._length], slopes[.._length]);
            evaluation.ToSlopes(x, slopes, sampler._mean);
        }

        private Span<float> Group(ref float rows, int group, nuint count)
            => MemoryMarshal.CreateSpan(ref Unsafe.Add(ref rows, group * stride), (int)count);

        // The slopes of consecutive segments rotate through the groups after the state.
        private Span<float> Slopes(Span<float> rows, int segment) => rows.Slice((1 + segment % (sampler.HistoryLength + 1)) * stride, _length);

        private void Copy(Span<float> history, int age, Span<float> slopes, bool isStored)
        {
            int d = sampler.Dimension;
            for (int i = 0; i < n; i++)
            {
                Span<float> own = slopes.Slice(i * d, d), kept = history.Slice((i * sampler.HistoryLength + age) * d, d);
                if (isStored) own.CopyTo(kept);
                else kept.CopyTo(own);
            }
        }

        private void KeepWholeStates(Span<float> states)
        {
            if (AreFinite(states)) return;
            for (int i = 0; i < states.Length; i += sampler.Dimension)
            {
                Span<float> state = states.Slice(i, sampler.Dimension);
                if (!AreFinite(state)) state.Fill(float.NaN);
            }
        }

        // 0 times a value that is not finite is NaN, and NaN stays in the sum.
        private static bool AreFinite(ReadOnlySpan<float> values)
        {
            Vector<float> sums = Vector<float>.Zero;
            int i = 0;
            for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count) sums += new Vector<float>(values[i..]) * Vector<float>.Zero;
            float sum = Vector.Sum(sums);
            for (; i < values.Length; i++) sum += 0 * values[i];
            return sum == 0;
        }
    }
}
