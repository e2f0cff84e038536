using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics.Fields;

namespace FlowDsl.Runtime.Evaluations;

/// <summary>Which components can matter where, at one evaluation: a component is left out of a cell if another outweighs it all over the cell.</summary>
/// <remarks>
/// <para>
/// Equal square or cubic cells cover the means and what lies around them; one more cell on each side stands for everything beyond and keeps all
/// components. With E_k the energy of component k in bits, k is left out of a cell if E_k - E_j is at least the given number of bits throughout the cell,
/// for some j. For isotropic components the difference is a sum of one parabola per coordinate, so its minimum over a cube is exact.
/// </para>
/// <para>
/// Cells are halved again and again, and each tests only what the cell around it keeps. A set of components is kept as bits. Components are
/// numbered along a line through the strips of the square, so that neighbours in space have their bits in few words.
/// </para>
/// </remarks>
internal sealed class ActiveCells
{
    // Rounding of energies, in bits, and of positions, in widths of a cell.
    private const double MarginBits = 1, MarginWidth = 1e-3;

    private readonly Cell[] _cells;
    private readonly ulong[] _words;
    private readonly double[] _origin;

    /// <summary>Finds the components of each cell.</summary>
    /// <param name="components">Isotropic components.</param>
    /// <param name="cells">The number of cells along an axis, a power of two.</param>
    /// <param name="bits">From how many bits on a weight is 0.</param>
    public ActiveCells(ComponentCoefficients[] components, int cells, double bits)
    {
        (PerAxis, Dimension) = (cells, components[0].Centre.Length);
        double reach = Reach(components, bits), width = 0;
        _origin = new double[Dimension];
        for (int j = 0; j < Dimension; j++)
        {
            double least = components.Min(component => component.Centre[j]), greatest = components.Max(component => component.Centre[j]);
            _origin[j] = least - reach;
            width = Math.Max(width, greatest - least + 2 * reach);
        }
        Extent = width;
        int words = (components.Length + 63) / 64;
        var all = new ulong[words];
        for (int k = 0; k < components.Length; k++) all[k / 64] |= 1UL << k;
        var kept = new List<ulong>(all);
        _cells = new Cell[Power(cells + 2)];
        Array.Fill(_cells, new Cell(0, 0, (ushort)words));
        Fill(new Candidates(components, bits + MarginBits), kept, words);
        _words = [.. kept];
    }

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>The number of cells along an axis.</summary>
    public int PerAxis { get; }

    /// <summary>The lower corner of what the cells cover.</summary>
    public ReadOnlySpan<double> Origin => _origin;

    /// <summary>The width of what the cells cover, along every axis.</summary>
    public double Extent { get; }

    /// <summary>Adds the components of a cell to a set.</summary>
    /// <param name="cell">The cell's number: with the one in front, by coordinates, the first one fastest.</param>
    /// <param name="set">A word for each 64 components.</param>
    /// <param name="first">The first word in use, which may change.</param>
    /// <param name="end">The end of the words in use.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int cell, ref ulong set, ref int first, ref int end)
    {
        Cell own = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_cells), cell);
        if (own.FirstWord < first) first = own.FirstWord;
        if (own.FirstWord + own.Count > end) end = own.FirstWord + own.Count;
        ref ulong words = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_words), own.Start), target = ref Unsafe.Add(ref set, own.FirstWord);
        for (int i = 0; i < own.Count; i++) Unsafe.Add(ref target, i) |= Unsafe.Add(ref words, i);
    }

    /// <summary>The set of a cell, of up to 64 components.</summary>
    /// <param name="cell">The cell's number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Word(int cell)
        => Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_words), Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_cells), cell).Start);

    /// <summary>How far from its mean a component is looked for: it has lost all its weight twice over there.</summary>
    private static double Reach(ComponentCoefficients[] components, double bits)
        => Math.Sqrt(2 * bits) / components.Min(component => component.Root[0]);

    private int Power(int value) => Dimension == 2 ? value * value : value * value * value;

    // From the largest cell down.
    private void Fill(Candidates candidates, List<ulong> kept, int words)
    {
        int[][] parents = [[.. Enumerable.Range(0, candidates.Count)]];
        Span<int> index = stackalloc int[Dimension];
        Span<double> centre = stackalloc double[Dimension];
        var set = new ulong[words];
        for (int cells = 2; cells <= PerAxis; cells *= 2)
        {
            double width = Extent / cells;
            var own = new int[Power(cells)][];
            for (int cell = 0; cell < own.Length; cell++)
            {
                int parent = 0, framed = 0;
                for (int j = 0, rest = cell; j < Dimension; j++)
                {
                    (rest, index[j]) = Math.DivRem(rest, cells);
                    centre[j] = _origin[j] + (index[j] + 0.5) * width;
                }
                for (int j = Dimension - 1; j >= 0; j--)
                {
                    parent = parent * (cells / 2) + index[j] / 2;
                    framed = framed * (cells + 2) + index[j] + 1;
                }
                own[cell] = candidates.Keep(parents[parent], centre, width * (0.5 + MarginWidth));
                if (cells == PerAxis) _cells[framed] = Store(own[cell], set, kept);
            }
            parents = own;
        }
    }

    private static Cell Store(int[] components, ulong[] set, List<ulong> kept)
    {
        Array.Clear(set);
        foreach (int k in components) set[k / 64] |= 1UL << k;
        int first = components[0] / 64, count = components[^1] / 64 + 1 - first;
        var cell = new Cell(kept.Count, (ushort)first, (ushort)count);
        kept.AddRange(set.AsSpan(first, count));
        return cell;
    }

    /// <summary>The words of a cell's set.</summary>
    private readonly record struct Cell(int Start, ushort FirstWord, ushort Count);

    /// <summary>The components, and which of them a cube keeps.</summary>
    private sealed class Candidates(ComponentCoefficients[] components, double bits)
    {
        // Along an axis, the points of a cube whose leaders the components are compared with.
        private const int Points = 3;

        private readonly int _dimension = components[0].Centre.Length;
        private readonly double[] _precisions = [.. components.Select(component => component.Root[0] * component.Root[0])];
        private readonly double[] _offsets = [.. components.Select(component => component.Offset)];
        private readonly double[][] _centres = [.. components.Select(component => component.Centre)];
        private readonly int[] _leaders = new int[(int)Math.Pow(Points, components[0].Centre.Length)];
        private readonly double[] _point = new double[components[0].Centre.Length];

        public int Count => _centres.Length;

        /// <summary>The components that may matter within a half-width of a centre.</summary>
        public int[] Keep(int[] candidates, ReadOnlySpan<double> centre, double half)
        {
            if (candidates.Length == 1) return candidates;
            double step = 2 * half / (Points - 1);
            for (int point = 0; point < _leaders.Length; point++)
            {
                for (int j = 0, rest = point; j < _dimension; j++, rest /= Points) _point[j] = centre[j] - half + rest % Points * step;
                _leaders[point] = Leader(candidates);
            }
            var kept = new List<int>(candidates.Length);
            foreach (int k in candidates)
            {
                // The component that leads where this one is strongest in the cube is the one most likely to outweigh it all over the cube.
                int point = 0;
                for (int j = _dimension - 1; j >= 0; j--)
                    point = point * Points + (int)Math.Round(Math.Clamp((_centres[k][j] - centre[j] + half) / step, 0, Points - 1));
                int leader = _leaders[point];
                if (leader == k || LeastDifference(k, leader, centre, half) < bits) kept.Add(k);
            }
            return kept.Count == candidates.Length ? candidates : [.. kept];
        }

        private int Leader(int[] candidates)
        {
            int leader = candidates[0];
            double least = double.PositiveInfinity;
            foreach (int k in candidates)
            {
                double energy = components[k].Energy(_point);
                if (energy < least) (least, leader) = (energy, k);
            }
            return leader;
        }

        // The minimum of E_k - E_j over a cube.
        private double LeastDifference(int k, int j, ReadOnlySpan<double> centre, double half)
        {
            double sum = _offsets[k] - _offsets[j], p = _precisions[k], q = _precisions[j];
            for (int axis = 0; axis < _dimension; axis++)
            {
                double mean = _centres[k][axis], other = _centres[j][axis], low = centre[axis] - half, high = centre[axis] + half;
                double least = Math.Min(Value(low), Value(high));
                // p (x - m)² - q (x - n)² opens upwards if p > q, with its lowest point at (p m - q n)/(p - q).
                double vertex = (p * mean - q * other) / (p - q);
                if (p > q && vertex > low && vertex < high) least = Math.Min(least, Value(vertex));
                sum += least;

                double Value(double x) => p * (x - mean) * (x - mean) - q * (x - other) * (x - other);
            }
            return sum;
        }
    }
}
