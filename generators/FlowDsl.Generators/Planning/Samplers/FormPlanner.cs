using FlowDsl.Generators.Planning.Forms;
using FlowDsl.Generators.Planning.Targets;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Mathematics.Structure;

namespace FlowDsl.Generators.Planning.Samplers;

/// <summary>
/// Decides in which coordinates the samplers of a mixture integrate: the given ones, the coefficients of the means, or those along other
/// axes.
/// </summary>
internal sealed class FormPlanner
{
    private readonly Mixture _mixture;
    private readonly EvaluationBlock[] _blocks, _rotatedBlocks = [];
    private readonly MeansSpan? _span;

    public FormPlanner(Mixture mixture)
    {
        _mixture = mixture;
        _blocks = EvaluationBlock.Of(mixture);
        if (MeansSpan.Find(mixture) is not { } span) return;
        _rotatedBlocks = EvaluationBlock.Of(span.Reduced);
        // The same number of coordinates, coupled as strongly, would gain nothing.
        bool isSimpler = !span.IsWhole || !mixture.Covariances[0].IsIsotropic || span.Reduced.Count < mixture.Count || _rotatedBlocks.Length > _blocks.Length;
        if (isSimpler) _span = span;
    }

    /// <summary>The form of a sampler.</summary>
    /// <param name="program">The solver on its times.</param>
    /// <param name="precision">The precision.</param>
    /// <param name="budget">The operations that straight-line code may have.</param>
    /// <param name="cancellationToken">Stops planning.</param>
    public FormPlan Plan(FlowProgram program, Precision precision, int budget, CancellationToken cancellationToken)
    {
        FormPlan direct = InCoordinates(_mixture, _blocks, program, precision, budget, cancellationToken);
        if (direct.Kernel is null && CoefficientSpace.Pays(_mixture, program, precision))
        {
            double cost = CoefficientSpace.Operations(_mixture, program) + program.FunctionEvaluations * LoopCost.Exponential * _mixture.Count;
            direct = new FormPlan(null, LoopForm.Coefficients, null, cost, PlanText.Coefficients(_mixture, program));
        }
        // Where the rotation alone costs too much, there is nothing to plan along the axes.
        if (_span is null || !SpanRotation.Pays(SpanRotation.Operations(_span), direct.Cost)) return direct;
        FormPlan along = InCoordinates(_span.Reduced, _rotatedBlocks, program, precision, budget, cancellationToken);
        double rotated = along.Cost + SpanRotation.Operations(_span);
        return SpanRotation.Pays(rotated, direct.Cost)
            ? along with { Span = _span, Cost = rotated, Reason = PlanText.Rotation(_mixture, _span, rotated, direct, along) }
            : direct;
    }

    /// <summary>The kernel with tangents of a sampler that is straight-line code in the given coordinates.</summary>
    /// <param name="program">The solver on its times.</param>
    /// <param name="precision">The precision.</param>
    /// <param name="tracked">What is tracked.</param>
    /// <param name="cancellationToken">Stops planning.</param>
    public TangentPlan? PlanTangents(FlowProgram program, Precision precision, TrackedPlan tracked, CancellationToken cancellationToken)
        => KernelPlanner.PlanTangents(_blocks, program, precision, tracked, cancellationToken);

    private static FormPlan InCoordinates(
        Mixture mixture, EvaluationBlock[] blocks, FlowProgram program, Precision precision, int budget, CancellationToken cancellationToken)
    {
        KernelPlan? kernel = KernelPlanner.Plan(blocks, program, precision, budget, out string reason, cancellationToken);
        if (kernel is null && ActiveSets.Pays(mixture, program, precision, out double[] counts))
            return new FormPlan(null, LoopForm.Active, null, ActiveSets.Operations(mixture, counts), PlanText.Active(mixture, counts));
        return new FormPlan(kernel, LoopForm.Tables, null, kernel?.Cost ?? LoopCost.Of(mixture, program), reason);
    }
}
