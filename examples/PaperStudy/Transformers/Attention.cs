using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FlowDsl.Examples.Arithmetic;

namespace FlowDsl.Examples.Transformers;

/// <summary>
/// Softmax attention among the tokens of each sample, without a mask, one head after another; for one thread. Rows are channels, lanes are tokens, those
/// of a sample side by side.
/// </summary>
/// <param name="shape">The transformer's numbers.</param>
/// <param name="pitch">The distance of rows.</param>
/// <param name="maxSamples">The greatest number of samples.</param>
internal sealed class Attention(TransformerShape shape, int pitch, int maxSamples)
{
    private readonly int _tokens = shape.Tokens, _square = shape.Tokens * shape.Tokens;
    // For each sample and head a square: row j holds what each token i takes of token j.
    private readonly float[] _shares = new float[maxSamples * shape.Heads * shape.Tokens * shape.Tokens];
    private readonly float[] _slopes = new float[shape.Tokens * shape.Tokens], _turned = new float[shape.Tokens * shape.Tokens];

    /// <summary>The result of all heads, from queries, keys and values.</summary>
    /// <param name="packed">The first row of the queries; keys and values follow.</param>
    /// <param name="result">The first row of the result.</param>
    /// <param name="samples">The number of samples.</param>
    public void Apply(ref float packed, ref float result, int samples)
    {
        nuint step = (nuint)pitch, tokens = (nuint)_tokens, size = (nuint)shape.HeadWidth;
        for (int sample = 0; sample < samples; sample++)
        {
            for (int head = 0; head < shape.Heads; head++)
            {
                ref float query = ref Unsafe.Add(ref packed, (nuint)head * size * step + (nuint)sample * tokens);
                ref float key = ref Unsafe.Add(ref query, (nuint)shape.Width * step), value = ref Unsafe.Add(ref key, (nuint)shape.Width * step);
                ref float shares = ref _shares[(sample * shape.Heads + head) * _square];
                RowProducts.Multiply(ref key, 1, step, tokens, size, ref query, step, ref shares, tokens, tokens);
                Softmax(ref shares);
                ref float own = ref Unsafe.Add(ref result, (nuint)head * size * step + (nuint)sample * tokens);
                RowProducts.Multiply(ref value, step, 1, size, tokens, ref shares, tokens, ref own, step, tokens);
            }
        }
    }

    /// <summary>The derivatives with respect to queries, keys and values of the last call.</summary>
    /// <param name="packed">The first row of the queries.</param>
    /// <param name="resultSlopes">The first row of the derivatives with respect to the result.</param>
    /// <param name="packedSlopes">Receives those with respect to queries, keys and values.</param>
    /// <param name="samples">The number of samples.</param>
    public void Backpropagate(ref float packed, ref float resultSlopes, ref float packedSlopes, int samples)
    {
        nuint step = (nuint)pitch, tokens = (nuint)_tokens, size = (nuint)shape.HeadWidth, part = (nuint)shape.Width * step;
        ref float slopes = ref _slopes[0], turned = ref _turned[0];
        for (int sample = 0; sample < samples; sample++)
        {
            for (int head = 0; head < shape.Heads; head++)
            {
                nuint first = (nuint)head * size * step + (nuint)sample * tokens;
                ref float query = ref Unsafe.Add(ref packed, first), key = ref Unsafe.Add(ref query, part), value = ref Unsafe.Add(ref key, part);
                ref float queryTo = ref Unsafe.Add(ref packedSlopes, first), keyTo = ref Unsafe.Add(ref queryTo, part);
                ref float valueTo = ref Unsafe.Add(ref keyTo, part);
                ref float own = ref Unsafe.Add(ref resultSlopes, first);
                ref float shares = ref _shares[(sample * shape.Heads + head) * _square];
                Turn(ref shares, ref turned);
                RowProducts.Multiply(ref own, step, 1, size, tokens, ref turned, tokens, ref valueTo, step, tokens);
                RowProducts.Multiply(ref value, 1, step, tokens, size, ref own, step, ref slopes, tokens, tokens);
                SoftmaxSlopes(ref shares, ref slopes);
                RowProducts.Multiply(ref key, step, 1, size, tokens, ref slopes, tokens, ref queryTo, step, tokens);
                Turn(ref slopes, ref turned);
                RowProducts.Multiply(ref query, step, 1, size, tokens, ref turned, tokens, ref keyTo, step, tokens);
            }
        }
    }

    // Down the columns, of products scaled by 1/√size.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Softmax(ref float square)
    {
        nuint tokens = (nuint)_tokens;
        Vector<float> scale = new((float)(1.4426950408889634 / Math.Sqrt(shape.HeadWidth)));
        for (nuint i = 0; i < tokens; i += (nuint)Vector<float>.Count)
        {
            Vector<float> most = new(float.NegativeInfinity), sum = Vector<float>.Zero;
            for (nuint j = 0; j < tokens; j++) most = Vector.MaxNative(most, Vector.LoadUnsafe(ref square, j * tokens + i));
            for (nuint j = 0; j < tokens; j++)
            {
                Vector<float> power = RowProducts.Exp2((Vector.LoadUnsafe(ref square, j * tokens + i) - most) * scale);
                power.StoreUnsafe(ref square, j * tokens + i);
                sum += power;
            }
            sum = Vector<float>.One / sum;
            for (nuint j = 0; j < tokens; j++) (Vector.LoadUnsafe(ref square, j * tokens + i) * sum).StoreUnsafe(ref square, j * tokens + i);
        }
    }

    // From derivatives with respect to shares to those with respect to products before they are scaled.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SoftmaxSlopes(ref float shares, ref float slopes)
    {
        nuint tokens = (nuint)_tokens;
        Vector<float> scale = new((float)(1 / Math.Sqrt(shape.HeadWidth)));
        for (nuint i = 0; i < tokens; i += (nuint)Vector<float>.Count)
        {
            Vector<float> sum = Vector<float>.Zero;
            for (nuint j = 0; j < tokens; j++)
                sum = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref shares, j * tokens + i), Vector.LoadUnsafe(ref slopes, j * tokens + i), sum);
            for (nuint j = 0; j < tokens; j++)
            {
                Vector<float> own = Vector.LoadUnsafe(ref slopes, j * tokens + i) - sum;
                (own * Vector.LoadUnsafe(ref shares, j * tokens + i) * scale).StoreUnsafe(ref slopes, j * tokens + i);
            }
        }
    }

    // Transposes a square, by fours.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Turn(ref float from, ref float to)
    {
        nuint tokens = (nuint)_tokens;
        for (nuint i = 0; i < tokens; i += 4)
        {
            for (nuint j = 0; j < tokens; j += 4)
            {
                ref float source = ref Unsafe.Add(ref from, i * tokens + j), target = ref Unsafe.Add(ref to, j * tokens + i);
                Vector128<float> r0 = Vector128.LoadUnsafe(ref source), r1 = Vector128.LoadUnsafe(ref source, tokens);
                Vector128<float> r2 = Vector128.LoadUnsafe(ref source, 2 * tokens), r3 = Vector128.LoadUnsafe(ref source, 3 * tokens);
                Vector128.Create(r0[0], r1[0], r2[0], r3[0]).StoreUnsafe(ref target);
                Vector128.Create(r0[1], r1[1], r2[1], r3[1]).StoreUnsafe(ref target, tokens);
                Vector128.Create(r0[2], r1[2], r2[2], r3[2]).StoreUnsafe(ref target, 2 * tokens);
                Vector128.Create(r0[3], r1[3], r2[3], r3[3]).StoreUnsafe(ref target, 3 * tokens);
            }
        }
    }
}
