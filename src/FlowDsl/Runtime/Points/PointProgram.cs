using System.ComponentModel;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;

namespace FlowDsl.Runtime.Points;

/// <summary>
/// A sampler's program, step by step for one sample in double precision and by the formulas of the point functions: for samples so far out that a kernel
/// cannot hold their squares. Not for other use. Thread-safe.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class PointProgram
{
    private readonly Lazy<FlowProgram> _program;
    private readonly PointField _field;

    internal PointProgram(Func<FlowProgram> program, PointField field)
    {
        (_program, _field) = (new Lazy<FlowProgram>(program), field);
    }

    /// <summary>A field of the mixture at a point.</summary>
    /// <param name="field">The field.</param>
    /// <param name="x">The point.</param>
    /// <param name="value">Receives the value.</param>
    internal delegate void PointField(in MixtureField field, ReadOnlySpan<double> x, Span<double> value);

    internal int SegmentCount => Program.Steps.Length;

    internal int HistoryLength => Program.HistoryLength;

    private FlowProgram Program => _program.Value;

    /// <summary>The program of a mixture.</summary>
    internal static PointProgram Of(Mixture mixture, FlowProgram program)
        => new(
            () => program,
            (in MixtureField field, ReadOnlySpan<double> x, Span<double> value) => PointMath.Field(new TableComponents(mixture), field, x, value));

    /// <summary>Working memory for <see cref="Advance"/>.</summary>
    internal Scratch CreateScratch(int dimension)
        => new(new double[dimension], new double[Math.Max(Program.Steps.Max(step => step.Stages.Length), 1 + HistoryLength) * dimension]);

    /// <summary>Advances a sample over one segment.</summary>
    /// <param name="x">The sample, d values, in place.</param>
    /// <param name="scratch">
    /// Working memory, whose slopes begin with those of earlier steps, newest first; afterwards with this step's, followed by the earlier ones.
    /// </param>
    /// <param name="segment">Which segment.</param>
    /// <param name="history">The number of available earlier slopes.</param>
    internal void Advance(Span<double> x, Scratch scratch, int segment, int history)
    {
        int d = x.Length;
        FlowStep step = Program.Steps[segment];
        // Newest first: make room for this step's slope.
        if (HistoryLength > 0) Array.Copy(scratch.Slopes, 0, scratch.Slopes, d, HistoryLength * d);
        for (int s = 0; s < step.Stages.Length; s++)
        {
            Combine(step.Stages[s].Input, x, scratch.Slopes, scratch.Stage);
            _field(step.Stages[s].Field, scratch.Stage, scratch.Slopes.AsSpan(s * d, d));
        }
        Combine(step.Results[Math.Min(history, step.Results.Length - 1)], x, scratch.Slopes, scratch.Stage);
        scratch.Stage.CopyTo(x);
    }

    private static void Combine(Combination combination, ReadOnlySpan<double> x, double[] slopes, Span<double> result)
    {
        int d = x.Length;
        for (int j = 0; j < d; j++)
        {
            double sum = combination.State * x[j];
            for (int l = 0; l < combination.Slopes.Length; l++) sum += combination.Slopes[l] * slopes[l * d + j];
            result[j] = sum;
        }
    }

    /// <summary>Working memory.</summary>
    /// <param name="Stage">The input of a stage.</param>
    /// <param name="Slopes">The slopes.</param>
    internal sealed record Scratch(double[] Stage, double[] Slopes);
}
