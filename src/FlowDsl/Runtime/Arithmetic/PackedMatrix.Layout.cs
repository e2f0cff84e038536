using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowDsl.Runtime.Arithmetic;

// How a matrix is split into tiles and filled.
internal sealed partial class PackedMatrix<T>
{
    // The number of rows of x that stay in the first-level cache while all tiles of the matrix read them.
    private const int ColumnsInCache = 256;

    // Numbers of values of x and of the matrix that take half of the first-level and a quarter of the second-level cache.
    private const int XInCache = 4096, ValuesInCache = 32768;

    private readonly T[] _values;
    private readonly int _sixes, _fours, _twos, _givenRows, _tilesInCache;
    private readonly nuint _columns, _lanesInCache;
    private readonly PackedMatrix<T>? _rest;

    /// <summary>A matrix of zeros, to be filled later.</summary>
    /// <param name="rows">The number of rows; an odd number is padded by a row of zeros.</param>
    /// <param name="columns">The number of columns.</param>
    public PackedMatrix(int rows, int columns)
    {
        (Rows, _givenRows) = (Even(rows), rows);
        if (columns >= 3 * ColumnsInCache / 2)
        {
            _rest = new PackedMatrix<T>(rows, columns - ColumnsInCache);
            columns = ColumnsInCache;
        }
        _columns = (nuint)columns;
        (_sixes, _fours, _twos) = (Rows % 6, Rows) switch
        {
            (2, 2) => (0, 0, 1),
            // Two tiles of four are faster than one of six and one of two.
            (2, _) => (Rows / 6 - 1, 2, 0),
            (4, _) => (Rows / 6, 1, 0),
            _ => (Rows / 6, 0, 0),
        };
        _values = new T[checked(Rows * columns)];
        nuint pair = 2 * (nuint)Vector<T>.Count;
        _lanesInCache = Math.Max(XInCache / (nuint)columns / pair * pair, pair);
        _tilesInCache = Math.Max(ValuesInCache / (6 * columns), 1);
    }

    /// <summary>Packs a matrix.</summary>
    /// <param name="rows">The number of rows; an odd number is padded by a row of zeros.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="entry">The entry at a row and a column.</param>
    public PackedMatrix(int rows, int columns, Func<int, int, double> entry)
        : this(rows, columns)
    {
        var entries = new T[checked(rows * columns)];
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++) entries[row * columns + column] = T.CreateTruncating(entry(row, column));
        Load(entries);
    }

    /// <summary>The number of rows, even.</summary>
    public int Rows { get; }

    private int Tiles => _sixes + _fours + _twos;

    private int Columns => (int)_columns + (_rest?.Columns ?? 0);

    /// <summary>A number rounded up to an even one.</summary>
    public static int Even(int count) => (count + 1) & ~1;

    /// <summary>A number of lanes rounded up to whole pairs of vectors.</summary>
    public static nuint Pairs(nuint lanes)
    {
        nuint pair = 2 * (nuint)Vector<T>.Count;
        return (lanes + pair - 1) / pair * pair;
    }

    /// <summary>Replaces all entries.</summary>
    /// <param name="entries">Row by row.</param>
    public void Load(ReadOnlySpan<T> entries) => Load(entries, (nuint)Columns, 1);

    /// <summary>Replaces all entries by those of a transposed matrix.</summary>
    /// <param name="entries">Column by column.</param>
    public void LoadTransposed(ReadOnlySpan<T> entries) => Load(entries, 1, (nuint)_givenRows);

    private nuint FirstRow(int tile) => (nuint)(6 * Math.Min(tile, _sixes) + 4 * Math.Max(tile - _sixes, 0));

    private void Load(ReadOnlySpan<T> entries, nuint rowStep, nuint columnStep)
    {
        // The loops below have no bounds checks.
        ArgumentOutOfRangeException.ThrowIfNotEqual(entries.Length, _givenRows * Columns);
        ref T first = ref MemoryMarshal.GetReference(entries);
        for (PackedMatrix<T>? part = this; part is not null; first = ref Unsafe.Add(ref first, part._columns * columnStep), part = part._rest)
            part.Pack(ref first, rowStep, columnStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pack(ref T first, nuint rowStep, nuint columnStep)
    {
        ref T target = ref MemoryMarshal.GetArrayDataReference(_values);
        nuint row = 0, given = (nuint)_givenRows;
        for (int tile = 0; tile < _sixes + _fours + _twos; tile++)
        {
            nuint height = tile < _sixes ? 6u : tile < _sixes + _fours ? 4u : 2u, kept = Math.Min(height, given - row);
            ref T source = ref Unsafe.Add(ref first, row * rowStep);
            for (nuint column = 0; column < _columns; column++, source = ref Unsafe.Add(ref source, columnStep), target = ref Unsafe.Add(ref target, height))
                for (nuint r = 0; r < kept; r++) Unsafe.Add(ref target, r) = Unsafe.Add(ref source, r * rowStep);
            row += height;
        }
    }
}
