using FlowDsl.Mathematics.Structure;

namespace FlowDsl.Mathematics.Solvers;

/// <summary>
/// If all covariances are the same σ²I, every state of a solver is a combination of its start and the means. The solver can then integrate K
/// coefficients instead of d coordinates, and an evaluation costs one product with the means' Gram matrix.
/// </summary>
internal static class CoefficientSpace
{
    // Below this, the products in coordinates are so short that other costs decide.
    private const int MinProduct = 500;

    /// <summary>Whether coefficients need clearly fewer operations than coordinates.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="program">The program.</param>
    /// <param name="precision">The precision of its arithmetic.</param>
    public static bool Pays(Mixture mixture, FlowProgram program, Precision precision)
        => mixture.HasSharedIsotropicCovariance
            && (long)mixture.Count * mixture.Dimension >= MinProduct
            && Operations(mixture, program) < 0.75 * DirectOperations(mixture, program)
            // The products of the means' Gram matrix are affine logits.
            && !program.Steps.Any(step => step.Stages.Any(stage => LogitScales.AreLost(mixture, stage.Field.Point, precision)));

    /// <summary>Multiply-adds per sample in coordinates: two products with the means per evaluation, plus terms linear in d.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="program">The program.</param>
    public static double DirectOperations(Mixture mixture, FlowProgram program)
    {
        double d = mixture.Dimension;
        return program.FunctionEvaluations * (2 * d * mixture.Count + 8 * d);
    }

    /// <summary>
    /// Multiply-adds per sample in coefficients: two products with the means in total, one with their Gram matrix per evaluation after the first,
    /// plus terms linear in K.
    /// </summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="program">The program.</param>
    public static double Operations(Mixture mixture, FlowProgram program)
    {
        double d = mixture.Dimension, count = mixture.Count;
        int evaluations = program.FunctionEvaluations;
        return 2 * d * count + 2 * d + (evaluations - 1) * count * count + evaluations * 8 * count;
    }
}
