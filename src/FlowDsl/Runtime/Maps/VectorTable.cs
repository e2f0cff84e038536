using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FlowDsl.Mathematics.Maps;

namespace FlowDsl.Runtime.Maps;

/// <summary>A table in single precision, for many points at a time.</summary>
/// <remarks>
/// Eight points have eight pieces. Their coefficients fill a vector each, so eight loads and a transposition bring the coefficients of one power together:
/// fewer instructions than as many gathers, and no pointers. A point's bits are the same with and without it.
/// </remarks>
internal sealed class VectorTable
{
    // The numbers of a piece, with zeros above its degree.
    private const int Width = 8;

    private readonly float[] _coefficients, _borders, _anchors, _rests, _offsets;
    private readonly int[] _firsts;
    private readonly float _low, _high, _slope;
    private readonly int _bits, _last;

    public VectorTable(LineTable table)
    {
        int length = table.Degree + 2;
        _coefficients = new float[table.PieceCount * Width];
        for (int i = 0; i < table.Coefficients.Length; i++) _coefficients[i / length * Width + i % length] = (float)table.Coefficients[i];
        (_borders, _anchors) = (Array.ConvertAll(table.Borders, value => (float)value), Array.ConvertAll(table.Anchors, value => (float)value));
        (_rests, _offsets) = (Array.ConvertAll(table.Rests, value => (float)value), Array.ConvertAll(table.Offsets, value => (float)value));
        (_low, _high, _slope) = ((float)table.Low, (float)table.High, (float)table.Slope);
        (_bits, _last) = (table.Bits, table.PieceCount - 1);
        // The exponent of floats is biased by 127.
        _firsts = Array.ConvertAll(table.Firsts, first => first - (127 << table.Bits));
    }

    /// <summary>Replaces points by their images.</summary>
    /// <param name="x">The first point.</param>
    /// <param name="count">How many.</param>
    public void Map(ref float x, nuint count)
    {
        nuint i = Avx2.IsSupported ? MapVectors(ref x, count) : 0;
        for (; i < count; i++) Unsafe.Add(ref x, i) = At(Unsafe.Add(ref x, i));
    }

    private float At(float x)
    {
        float inside = x > _low ? x : _low;
        inside = inside < _high ? inside : _high;
        int zone = 0;
        while (zone < _borders.Length && inside > _borders[zone]) zone++;
        float u = inside - _anchors[zone] - _rests[zone], v = MathF.Abs(u) + _offsets[zone];
        int bits = BitConverter.SingleToInt32Bits(v);
        int piece = Math.Clamp((bits >> (23 - _bits)) + _firsts[2 * zone + (u < 0 ? 1 : 0)], 0, _last);
        float t = BitConverter.Int32BitsToSingle(((bits << _bits) & 0x7FFFFF) | 0x3F800000) - 1;
        ReadOnlySpan<float> own = _coefficients.AsSpan(piece * Width, Width);
        float sum = own[7];
        for (int j = 6; j > 0; j--) sum = float.MultiplyAddEstimate(sum, t, own[j]);
        return float.MultiplyAddEstimate(x - inside, _slope, own[0] + sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private nuint MapVectors(ref float x, nuint count)
    {
        ref float coefficients = ref _coefficients[0];
        Vector256<float> low = Vector256.Create(_low), high = Vector256.Create(_high), slope = Vector256.Create(_slope), one = Vector256<float>.One;
        Vector256<int> last = Vector256.Create(_last);
        int shift = 23 - _bits, bits = _bits;
        nuint i = 0;
        for (; i + Width <= count; i += Width)
        {
            Vector256<float> own = Vector256.LoadUnsafe(ref x, i);
            Vector256<float> inside = Vector256.ConditionalSelect(Vector256.GreaterThan(own, low), own, low);
            inside = Vector256.ConditionalSelect(Vector256.LessThan(inside, high), inside, high);
            Vector256<float> anchor = Vector256.Create(_anchors[0]), rest = Vector256.Create(_rests[0]), offset = Vector256.Create(_offsets[0]);
            Vector256<int> above = Vector256.Create(_firsts[0]), below = Vector256.Create(_firsts[1]);
            for (int zone = 1; zone < _anchors.Length; zone++)
            {
                Vector256<float> isIn = Vector256.GreaterThan(inside, Vector256.Create(_borders[zone - 1]));
                anchor = Vector256.ConditionalSelect(isIn, Vector256.Create(_anchors[zone]), anchor);
                rest = Vector256.ConditionalSelect(isIn, Vector256.Create(_rests[zone]), rest);
                offset = Vector256.ConditionalSelect(isIn, Vector256.Create(_offsets[zone]), offset);
                above = Vector256.ConditionalSelect(isIn.AsInt32(), Vector256.Create(_firsts[2 * zone]), above);
                below = Vector256.ConditionalSelect(isIn.AsInt32(), Vector256.Create(_firsts[2 * zone + 1]), below);
            }
            Vector256<float> u = inside - anchor - rest, v = Vector256.Abs(u) + offset;
            Vector256<int> first = Vector256.ConditionalSelect(Vector256.LessThan(u, Vector256<float>.Zero).AsInt32(), below, above);
            Vector256<int> piece = Vector256.Max(Vector256.Min((v.AsInt32() >> shift) + first, last), Vector256<int>.Zero) << 3;
            Vector256<float> t = (((v.AsInt32() << bits) & Vector256.Create(0x7FFFFF)) | one.AsInt32()).AsSingle() - one;
            Vector256<float> image = Evaluate(ref coefficients, piece, t);
            Vector256.MultiplyAddEstimate(own - inside, slope, image).StoreUnsafe(ref x, i);
        }
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Evaluate(ref float coefficients, Vector256<int> piece, Vector256<float> t)
    {
        Vector256<float> r0 = Load(ref coefficients, piece, 0), r1 = Load(ref coefficients, piece, 1), r2 = Load(ref coefficients, piece, 2);
        Vector256<float> r3 = Load(ref coefficients, piece, 3), r4 = Load(ref coefficients, piece, 4), r5 = Load(ref coefficients, piece, 5);
        Vector256<float> r6 = Load(ref coefficients, piece, 6), r7 = Load(ref coefficients, piece, 7);
        Vector256<float> a0 = Avx.UnpackLow(r0, r1), a1 = Avx.UnpackHigh(r0, r1), a2 = Avx.UnpackLow(r2, r3), a3 = Avx.UnpackHigh(r2, r3);
        Vector256<float> a4 = Avx.UnpackLow(r4, r5), a5 = Avx.UnpackHigh(r4, r5), a6 = Avx.UnpackLow(r6, r7), a7 = Avx.UnpackHigh(r6, r7);
        Vector256<float> b0 = Avx.Shuffle(a0, a2, 0x44), b1 = Avx.Shuffle(a0, a2, 0xEE), b2 = Avx.Shuffle(a1, a3, 0x44), b3 = Avx.Shuffle(a1, a3, 0xEE);
        Vector256<float> b4 = Avx.Shuffle(a4, a6, 0x44), b5 = Avx.Shuffle(a4, a6, 0xEE), b6 = Avx.Shuffle(a5, a7, 0x44), b7 = Avx.Shuffle(a5, a7, 0xEE);
        Vector256<float> sum = Avx.Permute2x128(b3, b7, 0x31);
        sum = Vector256.MultiplyAddEstimate(sum, t, Avx.Permute2x128(b2, b6, 0x31));
        sum = Vector256.MultiplyAddEstimate(sum, t, Avx.Permute2x128(b1, b5, 0x31));
        sum = Vector256.MultiplyAddEstimate(sum, t, Avx.Permute2x128(b0, b4, 0x31));
        sum = Vector256.MultiplyAddEstimate(sum, t, Avx.Permute2x128(b3, b7, 0x20));
        sum = Vector256.MultiplyAddEstimate(sum, t, Avx.Permute2x128(b2, b6, 0x20));
        sum = Vector256.MultiplyAddEstimate(sum, t, Avx.Permute2x128(b1, b5, 0x20));
        return Avx.Permute2x128(b0, b4, 0x20) + sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load(ref float coefficients, Vector256<int> piece, int lane)
        => Vector256.LoadUnsafe(ref coefficients, (uint)piece.GetElement(lane));
}
