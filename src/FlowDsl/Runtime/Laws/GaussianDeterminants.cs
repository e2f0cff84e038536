using System.Numerics;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Solvers;

namespace FlowDsl.Runtime.Laws;

/// <summary>The determinant of a solver on one Gaussian: along each of its axes the map is the same factor everywhere, so there is nothing to follow.</summary>
/// <param name="gaussian">A mixture of one component.</param>
/// <param name="program">The solver.</param>
internal sealed class GaussianDeterminants<T>(Mixture gaussian, FlowProgram program) : MapDeterminants<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly (double Log, bool IsReversed) _factor = GaussianFactor.Of(gaussian, program);

    /// <inheritdoc/>
    public override void Subtract(ReadOnlySpan<T> starts, Span<double> logDensities, Span<bool> reversed)
    {
        foreach (ref double log in logDensities) log -= _factor.Log;
        if (_factor.IsReversed) reversed.Fill(true);
    }
}

/// <summary>By how much a solver changes volumes on one Gaussian.</summary>
internal static class GaussianFactor
{
    /// <summary>log|det|, and whether the factor of an axis is not positive.</summary>
    /// <param name="gaussian">A mixture of one component.</param>
    /// <param name="program">The solver.</param>
    public static (double Log, bool IsReversed) Of(Mixture gaussian, FlowProgram program)
    {
        (double log, bool isReversed) = (0, false);
        foreach (double variance in gaussian.Covariances[0].Variances)
        {
            double factor = GaussianFlow.Over(program, variance, 0, program.Steps.Length).Start;
            (log, isReversed) = (log + Math.Log(Math.Abs(factor)), isReversed || factor <= 0);
        }
        return (log, isReversed);
    }
}
