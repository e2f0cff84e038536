using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlowDsl;

/// <summary>
/// The arithmetic that samplers use in this process. Samples have the same bits wherever <see cref="IsFused"/> is the same; the vector width changes
/// only the speed. The JIT uses what the machine has, but no more than 256 bits in straight-line samplers unless <c>DOTNET_MaxVectorTBitWidth=512</c> is
/// in the environment when the program starts. Native AOT uses what the program was published for (<c>IlcInstructionSet</c>): by default, on
/// x64, 128-bit vectors without fused multiply-add.
/// </summary>
/// <param name="IsFused">Whether x·y + z is rounded once (fused multiply-add) rather than twice.</param>
/// <param name="VectorBits">The bits of a vector: a multiple of 128.</param>
public readonly record struct SamplingArithmetic(bool IsFused, int VectorBits)
{
    /// <summary>This process's.</summary>
    public static SamplingArithmetic Current { get; } = new(Fuses(1 + MathF.ScaleB(1, -12)), 8 * Vector<byte>.Count);

    /// <summary>
    /// The bits of the widest vectors that this process could have: 512 beside <see cref="VectorBits"/> of 256 means that the environment variable would
    /// make straight-line samplers faster.
    /// </summary>
    public static int MaxVectorBits { get; } = Math.Max(Vector512.IsHardwareAccelerated ? 512 : 0, 8 * Vector<byte>.Count);

    /// <summary>For a log or the name of a result: "fused multiply-add, 256-bit vectors".</summary>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{(IsFused ? "fused multiply-add" : "no fused multiply-add")}, {VectorBits}-bit vectors");

    // This tests the operation, not the processor's feature flags: (1 + 2^-12)² has one bit more than a float, and a separately rounded product loses it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Fuses(float x)
    {
        var factor = new Vector<float>(x);
        return Vector.MultiplyAddEstimate(factor, factor, -(factor * factor))[0] != 0;
    }
}
