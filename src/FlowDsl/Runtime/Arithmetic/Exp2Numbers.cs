using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>The constants of <see cref="SimdMath.Exp2(Vector{float}, Exp2Numbers)"/> that a short loop keeps in registers.</summary>
/// <remarks>
/// They are read from memory once, before the loop; the JIT would reload constants in each iteration. Worthwhile if a loop leaves four registers
/// free: it saves 8 % of a loop with 45 vector operations.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Exp2Numbers
{
    internal const float MinExponent = -100f, RoundingMagic = 12582912f;

    // The polynomial's coefficients, from that of the fifth power down to that of the first; the last is 1.
    internal const float Leading = 0.0013264695f, Fourth = 0.009671696f, Third = 0.055507228f, Second = 0.2402224f, Linear = 0.693147f;

    // The JIT does not know an array's content, so it does not treat these as constants.
    private static readonly float[] s_values = [MinExponent, RoundingMagic, Leading, 1];

    internal readonly Vector<float> Least, Magic, First, Last;

    private Exp2Numbers(float[] values)
    {
        Least = Vector.Create(values[0]);
        Magic = Vector.Create(values[1]);
        First = Vector.Create(values[2]);
        Last = Vector.Create(values[3]);
    }

    /// <summary>Reads the constants.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Exp2Numbers Load() => new(s_values);
}
