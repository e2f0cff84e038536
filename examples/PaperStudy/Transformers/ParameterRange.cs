using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Examples.Transformers;

/// <summary>Where some parameters are among all of a network.</summary>
/// <param name="First">The first.</param>
/// <param name="Count">Their number.</param>
internal readonly record struct ParameterRange(int First, int Count)
{
    /// <summary>These parameters.</summary>
    public Span<float> Of(Span<float> all) => all.Slice(First, Count);

    /// <summary>These parameters.</summary>
    public ReadOnlySpan<float> Of(ReadOnlySpan<float> all) => all.Slice(First, Count);

    /// <summary>The range of a layer that begins here.</summary>
    public static ParameterRange OfLayer(ref int first, int inputs, int outputs) => Next(ref first, DenseLayer.CountParameters(inputs, outputs));

    /// <summary>The range of so many parameters that begins here.</summary>
    public static ParameterRange Next(ref int first, int count)
    {
        var range = new ParameterRange(first, count);
        first += count;
        return range;
    }
}
