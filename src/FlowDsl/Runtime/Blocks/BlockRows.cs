using System.Numerics;

namespace FlowDsl.Runtime.Blocks;

/// <summary>Questions about the rows of a block.</summary>
internal static class BlockRows
{
    /// <summary>Whether a value of a row is positive.</summary>
    public static bool AnyPositive<T>(ReadOnlySpan<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0;
        for (; i + Vector<T>.Count <= row.Length; i += Vector<T>.Count)
            if (Vector.GreaterThanAny(new Vector<T>(row[i..]), Vector<T>.Zero)) return true;
        for (; i < row.Length; i++)
            if (row[i] > T.Zero) return true;
        return false;
    }
}
