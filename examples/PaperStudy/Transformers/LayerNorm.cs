using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowDsl.Examples.Transformers;

/// <summary>Normalisation over channels, with a gain and a shift for each. Rows are channels; every lane is normalised by itself.</summary>
/// <param name="channels">The number of channels.</param>
/// <param name="pitch">The distance of rows.</param>
internal sealed class LayerNorm(int channels, int pitch)
{
    private const float Epsilon = 1e-5f;

    // (h - mean)/deviation of the last call, and 1/deviation.
    private readonly float[] _normalized = new float[channels * pitch], _scale = new float[pitch], _mean = new float[pitch], _product = new float[pitch];

    /// <summary>The number of parameters: gains, then shifts.</summary>
    public static int CountParameters(int channels) => 2 * channels;

    /// <summary>y ← gain (h - mean)/deviation + shift.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(ReadOnlySpan<float> parameters, ref float h, ref float y, nuint lanes)
    {
        nuint width = (nuint)Vector<float>.Count, step = (nuint)pitch;
        ref float mean = ref _mean[0], scale = ref _scale[0], normalized = ref _normalized[0];
        Vector<float> share = new(1f / channels), epsilon = new(Epsilon);
        _mean.AsSpan(0, (int)lanes).Clear();
        _scale.AsSpan(0, (int)lanes).Clear();
        for (nuint c = 0; c < (nuint)channels; c++)
            for (nuint i = 0; i < lanes; i += width)
                (Vector.LoadUnsafe(ref mean, i) + Vector.LoadUnsafe(ref h, c * step + i)).StoreUnsafe(ref mean, i);
        for (nuint i = 0; i < lanes; i += width) (Vector.LoadUnsafe(ref mean, i) * share).StoreUnsafe(ref mean, i);
        for (nuint c = 0; c < (nuint)channels; c++)
        {
            for (nuint i = 0; i < lanes; i += width)
            {
                Vector<float> difference = Vector.LoadUnsafe(ref h, c * step + i) - Vector.LoadUnsafe(ref mean, i);
                difference.StoreUnsafe(ref normalized, c * step + i);
                Vector.MultiplyAddEstimate(difference, difference, Vector.LoadUnsafe(ref scale, i)).StoreUnsafe(ref scale, i);
            }
        }
        for (nuint i = 0; i < lanes; i += width)
            (Vector<float>.One / Vector.SquareRoot(Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref scale, i), share, epsilon))).StoreUnsafe(ref scale, i);
        for (nuint c = 0; c < (nuint)channels; c++)
        {
            Vector<float> gain = new(parameters[(int)c]), shift = new(parameters[channels + (int)c]);
            for (nuint i = 0; i < lanes; i += width)
            {
                Vector<float> value = Vector.LoadUnsafe(ref normalized, c * step + i) * Vector.LoadUnsafe(ref scale, i);
                value.StoreUnsafe(ref normalized, c * step + i);
                Vector.MultiplyAddEstimate(gain, value, shift).StoreUnsafe(ref y, c * step + i);
            }
        }
    }

    /// <summary>dh += what dy gives, and gradient += that of gains and shifts.</summary>
    /// <remarks>With n the normalised values and g = gain dy: dh = (g - mean(g) - n mean(g n))/deviation, means over channels.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backpropagate(ReadOnlySpan<float> parameters, ref float dy, ref float dh, nuint lanes, Span<float> gradient)
    {
        nuint width = (nuint)Vector<float>.Count, step = (nuint)pitch;
        ref float mean = ref _mean[0], product = ref _product[0], normalized = ref _normalized[0];
        _mean.AsSpan(0, (int)lanes).Clear();
        _product.AsSpan(0, (int)lanes).Clear();
        for (nuint c = 0; c < (nuint)channels; c++)
        {
            Vector<float> gain = new(parameters[(int)c]), gains = Vector<float>.Zero, shifts = Vector<float>.Zero;
            for (nuint i = 0; i < lanes; i += width)
            {
                Vector<float> slope = Vector.LoadUnsafe(ref dy, c * step + i), value = Vector.LoadUnsafe(ref normalized, c * step + i);
                gains = Vector.MultiplyAddEstimate(slope, value, gains);
                shifts += slope;
                slope *= gain;
                (Vector.LoadUnsafe(ref mean, i) + slope).StoreUnsafe(ref mean, i);
                Vector.MultiplyAddEstimate(slope, value, Vector.LoadUnsafe(ref product, i)).StoreUnsafe(ref product, i);
            }
            gradient[(int)c] += Vector.Sum(gains);
            gradient[channels + (int)c] += Vector.Sum(shifts);
        }
        Vector<float> share = new(1f / channels);
        for (nuint c = 0; c < (nuint)channels; c++)
        {
            Vector<float> gain = new(parameters[(int)c]);
            for (nuint i = 0; i < lanes; i += width)
            {
                Vector<float> own = gain * Vector.LoadUnsafe(ref dy, c * step + i) - share * Vector.LoadUnsafe(ref mean, i)
                    - share * Vector.LoadUnsafe(ref product, i) * Vector.LoadUnsafe(ref normalized, c * step + i);
                Vector.MultiplyAddEstimate(own, Vector.LoadUnsafe(ref _scale[0], i), Vector.LoadUnsafe(ref dh, c * step + i))
                    .StoreUnsafe(ref dh, c * step + i);
            }
        }
    }
}
