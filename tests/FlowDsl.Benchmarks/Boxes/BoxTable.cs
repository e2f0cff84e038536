using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowDsl.Benchmarks;

/// <summary>The map of a segment as numbers: a grid of cells, each with a finer grid of its own, whose places hold the number of a box.</summary>
/// <remarks>
/// Two loads lead to a box, whatever its size, without a loop or a branch. A sample's coefficients are one stretch of memory, rows of vectors.
/// </remarks>
internal sealed class BoxTable
{
    // Places on either axis, as a power of two; the boxes' levels are packed beside their numbers.
    private const int Places = 20, LevelBits = 5, Lanes = 8;

    private readonly float _x, _y, _scale, _farSlope;
    private readonly int _cellLevel, _degree;
    private readonly int[] _cells, _boxes;
    private readonly float[] _coefficients;

    /// <summary>Writes the boxes down.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="allowed">What a box may add to the error.</param>
    public BoxTable(BoxTree tree, double allowed)
    {
        Box[] boxes = [.. tree.Leaves(allowed)];
        (BoxCount, _degree) = (boxes.Length, tree.Rule.Degree);
        (_x, _y, _scale) = ((float)tree.Domain.X, (float)tree.Domain.Y, (float)(1 / tree.Domain.Size));
        _farSlope = (float)tree.Image.Size;
        _coefficients = new float[boxes.Length * tree.Rule.Length];
        for (int i = 0; i < boxes.Length; i++) boxes[i].Coefficients.CopyTo(_coefficients, i * tree.Rule.Length);
        _cellLevel = BestCellLevel(boxes);
        (_cells, _boxes) = Index(boxes, _cellLevel);
    }

    public int BoxCount { get; }

    public long Bytes => sizeof(int) * (_cells.LongLength + _boxes.LongLength) + sizeof(float) * _coefficients.LongLength;

    /// <summary>Replaces points by their images.</summary>
    public void Map(Span<float> states)
    {
        if (_degree == 3) Map<Cubic>(states);
        else Map<Septic>(states);
    }

    // The level of the cells at which they and their places are the fewest numbers.
    private static int BestCellLevel(Box[] boxes)
    {
        (int best, double least) = (0, double.PositiveInfinity);
        for (int level = 0; Math.ScaleB(1, 2 * level) < least; level++)
        {
            double numbers = Depths(boxes, level).Sum(depth => 1 + Math.ScaleB(1, 2 * depth));
            if (numbers < least) (best, least) = (level, numbers);
        }
        return best;
    }

    // How much finer than a cell its own grid must be.
    private static int[] Depths(Box[] boxes, int level)
    {
        int[] depths = new int[1 << (2 * level)];
        foreach (Box box in boxes.Where(box => box.Level > level))
        {
            int up = box.Level - level;
            ref int depth = ref depths[((box.J >> up) << level) | (box.I >> up)];
            depth = Math.Max(depth, up);
        }
        return depths;
    }

    // Where the places of each cell begin, and how much finer they are; the number of the box at each place, and its level.
    private static (int[] Cells, int[] Places) Index(Box[] boxes, int level)
    {
        int[] depths = Depths(boxes, level);
        int[] cells = new int[depths.Length];
        int next = 0;
        for (int i = 0; i < cells.Length; next += 1 << (2 * depths[i++])) cells[i] = next << LevelBits | depths[i];
        int[] places = new int[next];
        for (int b = 0; b < boxes.Length; b++)
        {
            Box box = boxes[b];
            int packed = b << LevelBits | box.Level, up = box.Level - level;
            if (up > 0)
            {
                // A part of one cell.
                int cell = ((box.J >> up) << level) | (box.I >> up), finer = depths[cell] - up, inCell = (1 << up) - 1;
                Fill(cell, (box.I & inCell) << finer, (box.J & inCell) << finer, 1 << finer, packed);
                continue;
            }
            for (int row = box.J << -up; row < (box.J + 1) << -up; row++)
                for (int column = box.I << -up; column < (box.I + 1) << -up; column++) Fill((row << level) | column, 0, 0, 1, packed);
        }
        return (cells, places);

        void Fill(int cell, int i, int j, int count, int packed)
        {
            for (int row = j; row < j + count; row++) places.AsSpan((cells[cell] >> LevelBits) + (row << depths[cell]) + i, count).Fill(packed);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Map<TPolynomial>(Span<float> states)
        where TPolynomial : struct, IBoxPolynomial
    {
        Span<float> last = stackalloc float[2 * Lanes];
        fixed (float* state = states, padded = last, coefficients = _coefficients)
        fixed (int* cells = _cells, boxes = _boxes)
        {
            int whole = states.Length & -(2 * Lanes);
            for (int n = 0; n < whole; n += 2 * Lanes) MapLanes<TPolynomial>(state + n, cells, boxes, coefficients);
            if (whole == states.Length) return;
            states[whole..].CopyTo(last);
            MapLanes<TPolynomial>(padded, cells, boxes, coefficients);
            last[..(states.Length - whole)].CopyTo(states[whole..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe void MapLanes<TPolynomial>(float* state, int* cells, int* boxes, float* coefficients)
        where TPolynomial : struct, IBoxPolynomial
    {
        Vector256<float> first = Vector256.Load(state), second = Vector256.Load(state + Lanes);
        Vector256<float> x = (Avx.Shuffle(first, second, 0b10_00_10_00) - Vector256.Create(_x)) * _scale;
        Vector256<float> y = (Avx.Shuffle(first, second, 0b11_01_11_01) - Vector256.Create(_y)) * _scale;
        Vector256<float> most = Vector256.Create(1 - 1f / (1 << Places));
        Vector256<float> u = Vector256.ClampNative(x, Vector256<float>.Zero, most), v = Vector256.ClampNative(y, Vector256<float>.Zero, most);
        Vector256<float> outX = (x - u) * _farSlope, outY = (y - v) * _farSlope;
        Vector256<int> i = Vector256.ConvertToInt32Native(u * (1 << Places)), j = Vector256.ConvertToInt32Native(v * (1 << Places));
        int rest = Places - _cellLevel;
        Vector256<int> levels = Vector256.Create((1 << LevelBits) - 1);
        Vector256<int> cell = Avx2.GatherVector256(cells, ((j >> rest) << _cellLevel) | (i >> rest), sizeof(int));
        Vector256<uint> depth = (cell & levels).AsUInt32(), shift = Vector256.Create((uint)rest) - depth;
        Vector256<int> mask = Avx2.ShiftLeftLogicalVariable(Vector256<int>.One, depth) - Vector256<int>.One;
        Vector256<int> row = Avx2.ShiftRightLogicalVariable(j, shift) & mask, column = Avx2.ShiftRightLogicalVariable(i, shift) & mask;
        Vector256<int> box = Avx2.GatherVector256(boxes, (cell >> LevelBits) + Avx2.ShiftLeftLogicalVariable(row, depth) + column, sizeof(int));
        Vector256<int> level = box & levels;
        // The place within the box, from -1 to 1: 2^(level + 1) u - (2 i + 1).
        Vector256<float> scale = ((level + Vector256.Create(128)) << 23).AsSingle();
        Vector256<uint> up = Vector256.Create((uint)Places) - level.AsUInt32();
        Vector256<int> one = Vector256<int>.One;
        u = u * scale - Vector256.ConvertToSingle((Avx2.ShiftRightLogicalVariable(i, up) << 1) | one);
        v = v * scale - Vector256.ConvertToSingle((Avx2.ShiftRightLogicalVariable(j, up) << 1) | one);
        (Vector256<float> imageX, Vector256<float> imageY) = TPolynomial.At(coefficients, box >> LevelBits, u, v);
        imageX += outX;
        imageY += outY;
        Avx.UnpackLow(imageX, imageY).Store(state);
        Avx.UnpackHigh(imageX, imageY).Store(state + Lanes);
    }
}
