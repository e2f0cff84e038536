using System.ComponentModel;
using System.Numerics;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>
/// The numbers of one evaluation, whose arithmetic a generic method holds. The JIT compiles the method for each type of numbers, and
/// reads those at constant places from constant data while it compiles: the code is that of a method with the numbers written out.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface INumbers<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The numbers, in constant data.</summary>
    static abstract ReadOnlySpan<T> Numbers { get; }
}
