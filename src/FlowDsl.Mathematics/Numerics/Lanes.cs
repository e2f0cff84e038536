using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowDsl.Mathematics.Numerics;

/// <summary>
/// Arithmetic on several samples at a time, one in each lane. Every operation is rounded as IEEE 754 says and lanes are independent, so a sample's
/// bits do not depend on the vector width.
/// </summary>
internal static class Lanes
{
    /// <summary>
    /// Compiles a method with optimisation at once: a pilot ends before the JIT would optimise its loops by itself. The value of
    /// MethodImplOptions.AggressiveOptimization, which netstandard2.0 does not define.
    /// </summary>
    public const MethodImplOptions AggressiveOptimization = (MethodImplOptions)512;

    /// <summary>The logit below which a weight relative to the largest is 0: less than half a unit in the last place of their sum.</summary>
    public const double MinLogit = -40;

    /// <summary>The number of lanes.</summary>
    public static int Count => Vector<double>.Count;

    /// <summary>The number of vectors that hold a given number of samples.</summary>
    public static int Blocks(int samples) => (samples + Count - 1) / Count;

    /// <summary>The values of the samples in their order, whatever the vector width.</summary>
    public static double[] Values(ReadOnlySpan<Vector<double>> blocks, int samples)
    {
        double[] values = new double[blocks.Length * Count];
        for (int block = 0; block < blocks.Length; block++) blocks[block].CopyTo(values, block * Count);
        Array.Resize(ref values, samples);
        return values;
    }

    /// <summary>e^x for x from <see cref="MinLogit"/> to 0, and 0 below; relative error 3e-14.</summary>
    /// <remarks>The 128th power of a Taylor polynomial at x/128: this avoids bit operations, which old vector types lack.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Exp(Vector<double> x)
    {
        var least = new Vector<double>(MinLogit);
        Vector<double> y = Vector.Max(x, least) * new Vector<double>(1.0 / 128);
        Vector<double> sum = y * new Vector<double>(1.0 / 479001600) + new Vector<double>(1.0 / 39916800);
        sum = sum * y + new Vector<double>(1.0 / 3628800);
        sum = sum * y + new Vector<double>(1.0 / 362880);
        sum = sum * y + new Vector<double>(1.0 / 40320);
        sum = sum * y + new Vector<double>(1.0 / 5040);
        sum = sum * y + new Vector<double>(1.0 / 720);
        sum = sum * y + new Vector<double>(1.0 / 120);
        sum = sum * y + new Vector<double>(1.0 / 24);
        sum = sum * y + new Vector<double>(1.0 / 6);
        sum = sum * y + new Vector<double>(0.5);
        sum = sum * y + Vector<double>.One;
        sum = sum * y + Vector<double>.One;
        for (int i = 0; i < 7; i++) sum *= sum;
        return Vector.ConditionalSelect(Vector.GreaterThan(x, least), sum, Vector<double>.Zero);
    }

    /// <summary>Turns K logits into weights that sum to 1.</summary>
    [MethodImpl(AggressiveOptimization)]
    public static void Normalize(Span<Vector<double>> logits)
    {
        Vector<double> greatest = logits[0];
        for (int k = 1; k < logits.Length; k++) greatest = Vector.Max(greatest, logits[k]);
        var least = new Vector<double>(MinLogit);
        Vector<double> total = Vector<double>.Zero;
        for (int k = 0; k < logits.Length; k++)
        {
            Vector<double> logit = logits[k] - greatest;
            // Late in the flow most components are too far from all lanes.
            logits[k] = Vector.LessThanOrEqualAll(logit, least) ? Vector<double>.Zero : Exp(logit);
            total += logits[k];
        }
        Vector<double> inverse = Vector<double>.One / total;
        for (int k = 0; k < logits.Length; k++) logits[k] *= inverse;
    }
}
