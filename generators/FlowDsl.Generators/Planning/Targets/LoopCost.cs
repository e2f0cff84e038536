using FlowDsl.Mathematics;

namespace FlowDsl.Generators.Planning.Targets;

/// <summary>What loops over tables cost, in the instructions per vector of samples that <see cref="OperationCost"/> counts.</summary>
internal static class LoopCost
{
    /// <summary>A component's exponential, the minimum energy and the total.</summary>
    public const int Exponential = 15;

    public static double Of(Mixture mixture, FlowProgram program)
    {
        double d = mixture.Dimension, count = mixture.Count;
        bool full = mixture.Covariances.Any(covariance => covariance.Basis is not null);
        double products = mixture.HasSharedCovariance
            ? 2 * d * count + (full ? d * d : 0)
            : count * (full ? d * (d + 3) : 4 * d);
        return program.FunctionEvaluations * (products + Exponential * count + 8 * d);
    }
}
