using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Runtime.Draws;

namespace FlowDsl;

/// <summary>
/// Standard normals and uniforms that are pure functions of a seed, a sample's index and a coordinate: the same bits on every host, whatever the
/// order, blocks, threads or vector width.
/// </summary>
/// <remarks>
/// The seed is the key of Philox4x32-10; its counter holds the sample's index (64 bits), the index of the block of two coordinates and the stream: 0
/// for normals, 1 for uniforms. Lanes of a vector are consecutive samples. Starts in double use these; starts in float use other streams.
/// </remarks>
public static class NormalSource
{
    private const uint NormalStream = 0, UniformStream = 1;

    /// <summary>The standard normals of one sample. A sample with more coordinates starts with the same numbers.</summary>
    /// <remarks>
    /// The Box-Muller transform of two uniforms, which gives two coordinates at a time. The largest normal is 8.6, the radius at the smallest uniform, 2^-53.
    /// </remarks>
    /// <param name="seed">The seed.</param>
    /// <param name="sampleIndex">The index of the sample; may be negative.</param>
    /// <param name="normals">Receives the d normals.</param>
    public static void Fill(ulong seed, long sampleIndex, Span<double> normals)
    {
        Vector<ulong> index = new((ulong)sampleIndex);
        for (int j = 0; j < normals.Length; j += 2)
        {
            Normals(seed, index, (uint)(j / 2), out Vector<double> first, out Vector<double> second);
            normals[j] = first[0];
            if (j + 1 < normals.Length) normals[j + 1] = second[0];
        }
    }

    /// <summary>A uniform number in (0, 1) of one sample, independent of its normals, to choose a component.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="sampleIndex">The index of the sample; may be negative.</param>
    public static double Uniform(ulong seed, long sampleIndex) => Uniforms(seed, new Vector<ulong>((ulong)sampleIndex))[0];

    /// <summary>The normals of consecutive samples, by coordinate.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="firstIndex">The index of the first sample.</param>
    /// <param name="d">The number of coordinates.</param>
    /// <param name="rows">Receives d rows of <paramref name="stride"/> values.</param>
    /// <param name="stride">The number of samples, a multiple of the vector's length.</param>
    internal static void FillRows(ulong seed, long firstIndex, int d, Span<double> rows, int stride)
    {
        for (int i = 0; i < stride; i += Vector<ulong>.Count)
        {
            Vector<ulong> index = new Vector<ulong>((ulong)(firstIndex + i)) + Vector<ulong>.Indices;
            for (int j = 0; j < d; j += 2)
            {
                Normals(seed, index, (uint)(j / 2), out Vector<double> first, out Vector<double> second);
                first.CopyTo(rows[(j * stride + i)..]);
                if (j + 1 < d) second.CopyTo(rows[((j + 1) * stride + i)..]);
            }
        }
    }

    /// <summary>The uniforms of consecutive samples.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="firstIndex">The index of the first sample.</param>
    /// <param name="uniforms">Receives the uniforms; their number is a multiple of the vector length.</param>
    internal static void FillUniforms(ulong seed, long firstIndex, Span<double> uniforms)
    {
        for (int i = 0; i < uniforms.Length; i += Vector<ulong>.Count)
            Uniforms(seed, new Vector<ulong>((ulong)(firstIndex + i)) + Vector<ulong>.Indices).CopyTo(uniforms[i..]);
    }

    private static Vector<double> Uniforms(ulong seed, Vector<ulong> index)
    {
        Philox.Block(index, 0, UniformStream, seed, out Vector<ulong> word0, out Vector<ulong> word1, out _, out _);
        return ToUniform(word0, word1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Normals(ulong seed, Vector<ulong> index, uint block, out Vector<double> first, out Vector<double> second)
    {
        Philox.Block(index, block, NormalStream, seed, out Vector<ulong> word0, out Vector<ulong> word1, out Vector<ulong> word2, out Vector<ulong> word3);
        Vector<double> radius = Vector.SquareRoot(BoxMuller.Log(ToUniform(word0, word1)) * -2);
        BoxMuller.SinCosOfTurns(ToUniform(word2, word3), out Vector<double> sin, out Vector<double> cos);
        first = radius * cos;
        second = radius * sin;
    }

    // The middles of 2^52 equal intervals: 52 bits after the binary point of a number in [1, 2), minus 1 - 2^-53. Both are exact, so rounding gives
    // neither 0 nor 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> ToUniform(Vector<ulong> low, Vector<ulong> high)
    {
        Vector<ulong> mantissa = (high << 20) | (low >> 12) | new Vector<ulong>(0x3FF0_0000_0000_0000);
        return Vector.AsVectorDouble(mantissa) - new Vector<double>(1 - 1.1102230246251565e-16);
    }
}
