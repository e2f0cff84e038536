using FlowDsl.Generators.Planning.Forms;
using FlowDsl.Mathematics;
using static FlowDsl.Generators.Model.Invariant;

namespace FlowDsl.Generators.Planning.Samplers;

/// <summary>Lays a solver's program out as straight-line methods, one velocity evaluation each, or decides against it.</summary>
/// <remarks>
/// One evaluation a method was measured fastest: two are a quarter slower for want of registers, a whole sampler takes
/// twice as long. Each method also computes the next stage's input or the step's result, so that no pass only combines.
/// </remarks>
internal static class KernelPlanner
{
    /// <summary>Operations in a sampler: the JIT compiles some twenty in a millisecond, before the first sample.</summary>
    public const int SamplerBudget = 2000;

    /// <summary>The same for code that a sampler's declaration asks for besides: a companion, tangents.</summary>
    public const int TrackingBudget = 4000;

    // Samples of a block: enough to amortise a call, few enough that the block stays in the first-level cache.
    private const int BlockBytes = 16 * 1024;

    /// <summary>The straight-line form, or null with the reason.</summary>
    /// <param name="blocks">The mixture's independent blocks.</param>
    /// <param name="program">The solver on its times.</param>
    /// <param name="precision">The precision.</param>
    /// <param name="budget">The operations allowed.</param>
    /// <param name="reason">Why this form.</param>
    /// <param name="cancellationToken">Stops planning.</param>
    public static KernelPlan? Plan(
        EvaluationBlock[] blocks, FlowProgram program, Precision precision, int budget, out string reason, CancellationToken cancellationToken)
    {
        // A cheap lower bound first: building a graph of millions of operations to find it too large would stall the compiler.
        long atLeast = blocks.Sum(block => MinOperations(block.Mixture));
        if (atLeast > CodeSize.MethodBudget || atLeast * program.FunctionEvaluations > CodeSize.PlanningBudget)
        {
            reason = Loops(atLeast, atLeast * program.FunctionEvaluations, CodeSize.PlanningBudget);
            return null;
        }

        var step = new StepPlanner(blocks, program, precision);
        var steps = new MethodPlan[program.Steps.Length][];
        var size = new CodeSize(precision, budget);
        for (int i = 0; i < steps.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            steps[i] = step.Plan(i);
            foreach (MethodPlan method in steps[i]) size.Add(method);
            if (!size.HasLongMethod && !size.Exceeds) continue;
            (int operations, int most) = size.Excess;
            reason = Loops(size.Longest, (long)operations * steps.Length / (i + 1), most);
            return null;
        }
        reason = size.IsTabled
            ? $"straight-line code of {Text(size.Bodies)} operations over a table of numbers, instead of {Text(size.Total)} operations written out"
            : $"straight-line code of {Text(size.Total)} operation{(size.Total == 1 ? "" : "s")}";
        return new KernelPlan(
            step.RowCount, Stride(step.RowCount, precision), step.ExcessRow, steps, Advances(program), step.Evaluations, size.Cost, size.IsTabled);
    }

    /// <summary>The same sampler with tangents, or null where it is left to loops over tables.</summary>
    /// <param name="blocks">The mixture's independent blocks.</param>
    /// <param name="program">The solver on its times; its own code is straight-line.</param>
    /// <param name="precision">The precision.</param>
    /// <param name="tracked">What is tracked.</param>
    /// <param name="cancellationToken">Stops planning.</param>
    public static TangentPlan? PlanTangents(
        EvaluationBlock[] blocks, FlowProgram program, Precision precision, TrackedPlan tracked, CancellationToken cancellationToken)
    {
        var step = new StepPlanner(blocks, program, precision, tracked);
        var steps = new MethodPlan[program.Steps.Length][];
        var size = new CodeSize(precision, TrackingBudget);
        for (int i = 0; i < steps.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            steps[i] = step.Plan(i);
            foreach (MethodPlan method in steps[i]) size.Add(method);
            if (size.Exceeds || step.ComposesStages) return null;
        }
        MethodPlan? end = tracked.Errors is { } errors ? step.PlanEnd(errors) : null;
        int rows = step.Layout.Tangents + tracked.Count * step.Layout.Differentiated;
        var kernel = new KernelPlan(rows, Stride(rows, precision), step.ExcessRow, steps, Advances(program), step.Evaluations, Cost: 0, size.IsTabled);
        return new TangentPlan(kernel, end, step.Layout, tracked.Count);
    }

    private static double[][][] Advances(FlowProgram program) => program.HistoryLength == 0
        ? []
        : [.. program.Steps.Select(step => step.Results.Select(result => (double[])[result.State, .. result.Slopes]).ToArray())];

    private static int Stride(int rows, Precision precision)
        => Math.Max(32, Math.Min(1024, BlockBytes / (precision == Precision.Single ? sizeof(float) : sizeof(double)) / rows / 32 * 32));

    private static long MinOperations(Mixture mixture)
    {
        long perComponent = mixture.Covariances.Any(covariance => covariance.Basis is not null)
            ? (long)mixture.Dimension * mixture.Dimension
            : mixture.Dimension;
        // Mirrored means share half of the work.
        return mixture.Count == 1 ? mixture.Dimension : mixture.Count * perComponent / 2;
    }

    private static string Loops(long longest, long operations, int most)
        => "loops over tables, because straight-line code would take at least " + (longest > CodeSize.MethodBudget
            ? $"{Text(longest)} instructions per method, and the JIT compiles up to {Text(CodeSize.MethodBudget)} well"
            : $"{Text(operations)} operations, and "
                + (most == CodeSize.PlanningBudget ? $"no more than {Text(most)} are planned" : $"the JIT is slow beyond {Text(most)}"));
}
