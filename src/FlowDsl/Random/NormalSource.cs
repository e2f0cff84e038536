using FlowDsl.Analysis;

namespace FlowDsl;

/// <summary>
/// Standard normals and uniforms that are pure functions of a seed, the number of a sample and a coordinate: the same bits on
/// every host, in whatever order, blocks or threads they are drawn.
/// </summary>
/// <remarks>
/// The seed is the key of Philox4x32-10; its counter holds the sample's number (64 bits), the number of the block of two
/// coordinates and the stream: 0 for normals, 1 for uniforms.
/// </remarks>
public static class NormalSource
{
    private const uint NormalStream = 0, UniformStream = 1;
    private const double TwoPi = 6.283185307179586;

    /// <summary>The standard normals of one sample. A longer sample starts with the same numbers.</summary>
    /// <remarks>
    /// Box and Muller's transform of two uniforms, which gives two coordinates at a time. The greatest normal is 8.6, the radius
    /// at the least uniform, 2^-53.
    /// </remarks>
    /// <param name="seed">The seed.</param>
    /// <param name="sampleIndex">The number of the sample; any, negative ones included.</param>
    /// <param name="normals">Takes the d normals.</param>
    public static void Fill(ulong seed, long sampleIndex, Span<double> normals)
    {
        for (int j = 0; j < normals.Length; j += 2)
        {
            (double first, double second) = Uniforms(seed, sampleIndex, (uint)(j / 2), NormalStream);
            double radius = Math.Sqrt(-2 * PortableMath.Log(first));
            PortableMath.SinCos(TwoPi * second, out double sin, out double cos);
            normals[j] = radius * cos;
            if (j + 1 < normals.Length) normals[j + 1] = radius * sin;
        }
    }

    /// <summary>A uniform number in (0, 1) of one sample, independent of its normals: to choose a component with.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="sampleIndex">The number of the sample; any, negative ones included.</param>
    public static double Uniform(ulong seed, long sampleIndex) => Uniforms(seed, sampleIndex, 0, UniformStream).First;

    private static (double First, double Second) Uniforms(ulong seed, long sampleIndex, uint block, uint stream)
    {
        (uint word0, uint word1, uint word2, uint word3) = Philox.Block((uint)sampleIndex, (uint)(sampleIndex >> 32), block, stream, seed);
        return (ToUniform((ulong)word1 << 32 | word0), ToUniform((ulong)word3 << 32 | word2));
    }

    // The middles of 2^52 equal intervals: exact doubles, so that neither 0 nor 1 can come from rounding.
    private static double ToUniform(ulong bits) => ((bits >> 12) + 0.5) * (1 / 4503599627370496.0);
}
