using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowDsl.Runtime.Evaluations;

/// <summary>The scratch of an evaluation: rows of lanes.</summary>
internal readonly ref struct EvaluationRows<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The minimum energy.</summary>
    public readonly ref T Least;

    /// <summary>One divided by the sum of the weights.</summary>
    public readonly ref T Share;

    /// <summary>The energies, which become the weights, one row per component.</summary>
    public readonly ref T Weights;

    /// <summary>What the energies are products with, for the shapes that need it.</summary>
    public readonly ref T Inputs;

    /// <summary>Sums over the components.</summary>
    public readonly ref T Sums;

    /// <summary>The length of a row.</summary>
    public readonly nuint Pitch;

    /// <summary>The number of lanes, whole pairs of vectors.</summary>
    public readonly nuint Lanes;

    public EvaluationRows(ref T scratch, nuint pitch, nuint lanes, int components, int inputs)
    {
        (Pitch, Lanes) = (pitch, lanes);
        Least = ref scratch;
        Share = ref Unsafe.Add(ref Least, pitch);
        Weights = ref Unsafe.Add(ref Share, pitch);
        Inputs = ref Unsafe.Add(ref Weights, (nuint)components * pitch);
        Sums = ref Unsafe.Add(ref Inputs, (nuint)inputs * pitch);
    }

    /// <summary>The number of rows.</summary>
    public static int Count(int components, int inputs, int sums) => 2 + components + inputs + sums;
}

/// <summary>The scratch of a derivative, which follows that of its evaluation.</summary>
internal readonly ref struct TangentRows<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A row of ones.</summary>
    public readonly ref T Ones;

    /// <summary>The factor that scales a direction to the mixture's own spread.</summary>
    public readonly ref T Scale;

    /// <summary>Half its inverse.</summary>
    public readonly ref T Inverse;

    /// <summary>A minimum that nobody reads.</summary>
    public readonly ref T Least;

    /// <summary>The derivatives of the energies, which become those of the weights.</summary>
    public readonly ref T Changes;

    /// <summary>Energies on the other side.</summary>
    public readonly ref T Spare;

    /// <summary>Sums over the components.</summary>
    public readonly ref T Sums;

    /// <summary>A point or a direction.</summary>
    public readonly ref T Inputs;

    /// <summary>A second one, at the scratch's own pitch.</summary>
    public readonly ref T Copy;

    public TangentRows(ref T scratch, nuint pitch, nuint lanes, int components, int sums, int coordinates)
    {
        Ones = ref scratch;
        Scale = ref Unsafe.Add(ref Ones, pitch);
        Inverse = ref Unsafe.Add(ref Scale, pitch);
        Least = ref Unsafe.Add(ref Inverse, pitch);
        Changes = ref Unsafe.Add(ref Least, pitch);
        Spare = ref Unsafe.Add(ref Changes, (nuint)components * pitch);
        Sums = ref Unsafe.Add(ref Spare, (nuint)components * pitch);
        Inputs = ref Unsafe.Add(ref Sums, (nuint)sums * pitch);
        Copy = ref Unsafe.Add(ref Inputs, (nuint)coordinates * pitch);
        MemoryMarshal.CreateSpan(ref Ones, (int)lanes).Fill(T.One);
    }

    /// <summary>The number of rows.</summary>
    public static int Count(int components, int sums, int coordinates) => 4 + 2 * components + sums + 2 * coordinates;
}
