using FlowDsl.Mathematics.Structure;

namespace FlowDsl.Mathematics.Solvers;

/// <summary>
/// Where all covariances are the same σ²I, every state of a solver is a combination of its start and the means, and the solver
/// can integrate the K coefficients instead of the d coordinates: an evaluation then costs the means' Gram matrix.
/// </summary>
internal static class CoefficientSpace
{
    // Below, the coordinates' own products are so short that what goes on beside them decides.
    private const int MinProduct = 500;

    /// <summary>Whether the coefficients take clearly fewer operations than the coordinates.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="program">The program.</param>
    /// <param name="precision">The precision of its arithmetic.</param>
    public static bool Pays(Mixture mixture, FlowProgram program, Precision precision)
        => mixture.HasSharedIsotropicCovariance
            && (long)mixture.Count * mixture.Dimension >= MinProduct
            && Operations(mixture, program) < 0.75 * DirectOperations(mixture, program)
            // The products of the means' Gram matrix are affine logits.
            && !program.Steps.Any(step => step.Stages.Any(stage => LogitScales.AreLost(mixture, stage.Field.Point, precision)));

    /// <summary>Multiply-adds a sample in coordinates: two products with the means an evaluation, and what is linear in d.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="program">The program.</param>
    public static double DirectOperations(Mixture mixture, FlowProgram program)
    {
        double d = mixture.Dimension;
        return program.FunctionEvaluations * (2 * d * mixture.Count + 8 * d);
    }

    /// <summary>
    /// Multiply-adds a sample in coefficients: two products with the means in all, one with their Gram matrix an evaluation
    /// after the first, and what is linear in K.
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
