using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Structure;

namespace FlowDsl.Generators.Planning.Forms;

/// <summary>Coordinates that are independent of the others, and what their mixture's structure offers.</summary>
internal sealed class EvaluationBlock(MixtureBlock block)
{
    public int[] Coordinates => block.Coordinates;

    public Mixture Mixture => block.Marginal;

    public MirroredMeans? Mirrored { get; } = MirroredMeans.Find(block.Marginal);

    public EquallySpacedMeans? EquallySpaced { get; } = EquallySpacedMeans.Find(block.Marginal);

    public static EvaluationBlock[] Of(Mixture mixture) => [.. IndependentBlocks.Split(mixture).Select(block => new EvaluationBlock(block))];
}
