using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowDsl.Runtime.Loops;

/// <summary>The scratch of a <see cref="CoefficientKernel{T}"/> for some lanes, row after row without gaps: groups of K rows, then single rows.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal readonly ref struct CoefficientRows<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ref T _scratch;
    private readonly int _slopes, _extra;

    /// <summary>Places the rows.</summary>
    /// <param name="scratch">The first value.</param>
    /// <param name="components">K, even.</param>
    /// <param name="slopes">The number of slopes that are kept.</param>
    /// <param name="lanes">The number of lanes, whole pairs of vectors.</param>
    /// <param name="extra">The number of groups that whoever tracks errors needs besides.</param>
    public CoefficientRows(ref T scratch, int components, int slopes, nuint lanes, int extra = 0)
    {
        _scratch = ref scratch;
        (Components, _slopes, Lanes, _extra) = (components, slopes, lanes, extra);
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

    /// <summary>The first of the groups of whoever tracks errors.</summary>
    public int Extra => _slopes + 4;

    /// <summary>One row: the minimum of the energies.</summary>
    public ref T Least => ref At(_slopes + 4 + _extra);

    /// <summary>One row: the reciprocal of the sum of the weights. Until there are weights it is free.</summary>
    public ref T Share => ref Unsafe.Add(ref Least, Lanes);

    /// <summary>One row: the least margins so far, for a watch.</summary>
    public ref T Margins => ref Unsafe.Add(ref Share, Lanes);

    /// <summary>One row: the sum of the lengths of the steps' own errors.</summary>
    public ref T Length => ref Unsafe.Add(ref Margins, Lanes);

    /// <summary>One row: the square of the start, relative to the mean of the means.</summary>
    public ref T Square => ref Unsafe.Add(ref Length, Lanes);

    /// <summary>One row: its product with the mean of the means.</summary>
    public ref T Along => ref Unsafe.Add(ref Square, Lanes);

    /// <summary>The number of rows of all groups and single rows.</summary>
    /// <param name="components">K, even.</param>
    /// <param name="slopes">The number of slopes that are kept.</param>
    /// <param name="extra">The number of groups of whoever tracks errors.</param>
    public static int Count(int components, int slopes, int extra = 0) => (slopes + 4 + extra) * components + 6;

    /// <summary>A group of rows.</summary>
    /// <param name="group">Its number.</param>
    public ref T At(int group) => ref Unsafe.Add(ref _scratch, (nuint)group * Group);
}
