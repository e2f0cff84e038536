using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowDsl;

/// <summary>
/// The arithmetic that samplers are carried out with in this process. Samples are the same bits wherever <see cref="IsFused"/> is the same; the width
/// of the vectors changes the speed only. The JIT uses what the machine has. Native AOT uses what the program was published for
/// (<c>IlcInstructionSet</c>), by default neither fused multiply-add nor more than 128 bits on x64.
/// </summary>
/// <param name="IsFused">Whether x·y + z is rounded once (fused multiply-add) rather than twice.</param>
/// <param name="VectorBits">The bits of a vector: a multiple of 128.</param>
public readonly record struct SamplingArithmetic(bool IsFused, int VectorBits)
{
    /// <summary>This process's.</summary>
    public static SamplingArithmetic Current { get; } = new(Fuses(1 + MathF.ScaleB(1, -12)), 8 * Vector<byte>.Count);

    /// <summary>For a log or the name of a result: "fused multiply-add, 256-bit vectors".</summary>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{(IsFused ? "fused multiply-add" : "no fused multiply-add")}, {VectorBits}-bit vectors");

    // The operation is asked, and not what the processor is said to have: (1 + 2^-12)² has one bit more than a float, which a product rounded by itself loses.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Fuses(float x)
    {
        var factor = new Vector<float>(x);
        return Vector.MultiplyAddEstimate(factor, factor, -(factor * factor))[0] != 0;
    }
}
