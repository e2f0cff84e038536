using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowDsl.Runtime.Loops;

/// <summary>The scratch of a <see cref="CoefficientKernel{T}"/> for some lanes, row after row without gaps: groups of K rows, then single rows.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal readonly ref struct CoefficientRows<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ref T _scratch;
    private readonly int _slopes;

    /// <summary>Places the rows.</summary>
    /// <param name="scratch">The first value.</param>
    /// <param name="components">K, even.</param>
    /// <param name="slopes">The number of slopes that are kept.</param>
    /// <param name="lanes">The number of lanes, whole pairs of vectors.</param>
    public CoefficientRows(ref T scratch, int components, int slopes, nuint lanes)
    {
        _scratch = ref scratch;
        (Components, _slopes, Lanes) = (components, slopes, lanes);
    }

    /// <summary>K, made even.</summary>
    public int Components { get; }

    /// <summary>The number of lanes.</summary>
    public nuint Lanes { get; }

    /// <summary>The number of values in a group of rows.</summary>
    public nuint Group => (nuint)Components * Lanes;

    /// <summary>The group of a stage's input; once its energies are known it is free.</summary>
    public int Input => _slopes + 1;

    /// <summary>The coefficients of the state, which is the first group; the slopes follow.</summary>
    public ref T Coefficients => ref _scratch;

    /// <summary>The products of the means with the start.</summary>
    public ref T Products => ref At(_slopes + 2);

    /// <summary>The energies, or the weights.</summary>
    public ref T Energies => ref At(_slopes + 3);

    /// <summary>One row: the minimum of the energies.</summary>
    public ref T Least => ref At(_slopes + 4);

    /// <summary>One row: the reciprocal of the sum of the weights. Until there are weights it is free.</summary>
    public ref T Share => ref Unsafe.Add(ref Least, Lanes);

    /// <summary>One row: the least margins so far, for a watch.</summary>
    public ref T Margins => ref Unsafe.Add(ref Share, Lanes);

    /// <summary>The number of rows of all groups and single rows.</summary>
    /// <param name="components">K, even.</param>
    /// <param name="slopes">The number of slopes that are kept.</param>
    public static int Count(int components, int slopes) => (slopes + 4) * components + 3;

    /// <summary>A group of rows.</summary>
    /// <param name="group">Its number.</param>
    public ref T At(int group) => ref Unsafe.Add(ref _scratch, (nuint)group * Group);
}
