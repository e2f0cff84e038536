using FlowDsl.Generators.Planning.Networks;
using FlowDsl.Mathematics.Structure;

namespace FlowDsl.Generators.Planning.Samplers;

/// <summary>In which coordinates a sampler integrates, and as what code.</summary>
/// <param name="Kernel">The straight-line form; null for the loop form.</param>
/// <param name="Loops">What the loop form sums over.</param>
/// <param name="Span">The axes along which the kernel integrates; null where these are the coordinates.</param>
/// <param name="Cost">Its predicted cost in instructions per vector of samples.</param>
/// <param name="Reason">Why that form.</param>
/// <param name="Score">The network whose score it takes; null for the exact one.</param>
internal sealed record FormPlan(KernelPlan? Kernel, LoopForm Loops, MeansSpan? Span, double Cost, string Reason, ScoreNetworkPlan? Score = null)
{
    /// <summary>Whether parts of the flow give the bits of the whole.</summary>
    public bool ComposesExactly => Loops != LoopForm.Coefficients && Span is null;
}

/// <summary>A form of loops.</summary>
internal enum LoopForm
{
    /// <summary>All components, in the coordinates.</summary>
    Tables,

    /// <summary>All components, in the coefficients of the means.</summary>
    Coefficients,

    /// <summary>The components that samples feel, in the coordinates.</summary>
    Active,

    /// <summary>The rows of a data set, in the coordinates.</summary>
    Data,
}
