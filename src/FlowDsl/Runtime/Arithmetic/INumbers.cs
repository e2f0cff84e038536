using System.ComponentModel;
using System.Numerics;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>
/// The constants of one evaluation whose arithmetic is in a generic method. The JIT compiles the method for each type of constants, and reads those
/// at constant indices at compile time: the code is the same as with literals.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface INumbers<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The constants, as constant data.</summary>
    static abstract ReadOnlySpan<T> Numbers { get; }
}
