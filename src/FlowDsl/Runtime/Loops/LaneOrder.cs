using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowDsl.Runtime.Loops;

/// <summary>Puts the lanes of a block in an order in which lanes of one cell follow each other, and neighbouring cells too, and back.</summary>
/// <remarks>
/// By a counting sort along a line that runs through the cells of a square or cube, strip by strip, forth and back, so that it never jumps. Which sample
/// a lane holds is kept in a row of its own.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
internal readonly struct LaneOrder<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _dimension, _strips, _places;

    /// <summary>An order by cells.</summary>
    /// <param name="dimension">2 or 3.</param>
    /// <param name="strips">The number of strips, and in space of layers too.</param>
    /// <param name="places">The number of cells of a strip.</param>
    public LaneOrder(int dimension, int strips, int places) => (_dimension, _strips, _places) = (dimension, strips, places);

    private int Keys => (_dimension == 2 ? _strips : _strips * _strips) * _places;

    /// <summary>The integers of scratch that <see cref="Sort"/> needs for some lanes.</summary>
    /// <param name="lanes">The number of lanes.</param>
    public int Scratch(int lanes) => 2 * lanes + Keys + 1;

    /// <summary>Points in the order of the line.</summary>
    /// <param name="points">The points.</param>
    /// <returns>The numbers of the points.</returns>
    public int[] Along(IReadOnlyList<ImmutableArray<double>> points)
    {
        T[] rows = new T[_dimension * points.Count];
        for (int j = 0; j < _dimension; j++)
            for (int k = 0; k < points.Count; k++) rows[j * points.Count + k] = T.CreateTruncating(points[k][j]);
        double[] origin = [.. Enumerable.Range(0, _dimension).Select(j => points.Min(point => point[j]))];
        double extent = Enumerable.Range(0, _dimension).Max(j => points.Max(point => point[j]) - origin[j]);
        int[] order = [.. Enumerable.Range(0, points.Count)];
        if (extent > 0) Sort(ref rows[0], (nuint)points.Count, 0, origin, extent, order, ref rows[0], new int[Scratch(points.Count)]);
        return order;
    }

    /// <summary>Numbers the lanes as they are.</summary>
    /// <param name="samples">Receives which sample each lane holds.</param>
    public static void Start(Span<int> samples)
    {
        for (int i = 0; i < samples.Length; i++) samples[i] = i;
    }

    /// <summary>Sorts the lanes by place.</summary>
    /// <param name="rows">The rows to sort; the first d are the places.</param>
    /// <param name="stride">The length of a row.</param>
    /// <param name="rowCount">How many.</param>
    /// <param name="origin">The lower corner of the square or cube; lanes outside count as if they were at its edge.</param>
    /// <param name="extent">Its width.</param>
    /// <param name="samples">Which sample each lane holds.</param>
    /// <param name="spare">A row of scratch.</param>
    /// <param name="scratch">Integers of scratch.</param>
    public void Sort(
        ref T rows, nuint stride, int rowCount, ReadOnlySpan<double> origin, double extent, Span<int> samples, ref T spare, Span<int> scratch)
    {
        int lanes = samples.Length, cells = Keys;
        Span<int> keys = scratch[..lanes], sources = scratch.Slice(lanes, lanes), starts = scratch.Slice(2 * lanes, cells + 1);
        starts.Clear();
        Number(ref rows, stride, origin, extent, keys);
        foreach (int key in keys) starts[key + 1]++;
        for (int cell = 0; cell < cells; cell++) starts[cell + 1] += starts[cell];
        for (int i = 0; i < keys.Length; i++) sources[starts[keys[i]]++] = i;

        for (int row = 0; row < rowCount; row++)
        {
            Span<T> values = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref rows, (nuint)row * stride), lanes);
            Span<T> sorted = MemoryMarshal.CreateSpan(ref spare, lanes);
            for (int i = 0; i < sorted.Length; i++) sorted[i] = values[sources[i]];
            sorted.CopyTo(values);
        }
        for (int i = 0; i < keys.Length; i++) keys[i] = samples[sources[i]];
        keys.CopyTo(samples);
    }

    /// <summary>Puts the lanes back.</summary>
    /// <param name="rows">The first row.</param>
    /// <param name="stride">The length of a row.</param>
    /// <param name="rowCount">How many.</param>
    /// <param name="samples">Which sample each lane holds.</param>
    /// <param name="spare">A row of scratch.</param>
    public static void Restore(ref T rows, nuint stride, int rowCount, ReadOnlySpan<int> samples, ref T spare)
    {
        for (int row = 0; row < rowCount; row++)
        {
            Span<T> values = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref rows, (nuint)row * stride), samples.Length);
            Span<T> restored = MemoryMarshal.CreateSpan(ref spare, samples.Length);
            for (int i = 0; i < values.Length; i++) restored[samples[i]] = values[i];
            restored.CopyTo(values);
        }
    }

    private void Number(ref T rows, nuint stride, ReadOnlySpan<double> origin, double extent, Span<int> keys)
    {
        T scale = T.CreateTruncating(_strips / extent), places = T.CreateTruncating(_places / extent);
        ref T x = ref rows, y = ref Unsafe.Add(ref rows, stride), z = ref Unsafe.Add(ref rows, (nuint)(_dimension - 1) * stride);
        T x0 = T.CreateTruncating(origin[0]), y0 = T.CreateTruncating(origin[1]), z0 = T.CreateTruncating(origin[^1]);
        for (int i = 0; i < keys.Length; i++)
        {
            // Every other strip, and every other layer, is run through backwards.
            int strip = Cell(Unsafe.Add(ref y, i), y0, scale, _strips - 1), place = Cell(Unsafe.Add(ref x, i), x0, places, _places - 1);
            if (_dimension == 3)
            {
                int layer = Cell(Unsafe.Add(ref z, i), z0, scale, _strips - 1);
                strip = layer * _strips + ((layer & 1) == 0 ? strip : _strips - 1 - strip);
            }
            keys[i] = strip * _places + ((strip & 1) == 0 ? place : _places - 1 - place);
        }
    }

    // A NaN ends at an edge.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Cell(T value, T origin, T scale, int last)
        => Math.Clamp(T.ConvertToIntegerNative<int>(T.MinNative(T.MaxNative((value - origin) * scale, T.Zero), T.CreateTruncating(last))), 0, last);
}
