using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Draws;

namespace FlowDsl.Sampling;

/// <summary><see cref="PriorDraws"/> in single precision, from <see cref="SingleNormalSource"/> and tables that are rounded once.</summary>
/// <remarks>
/// A component takes whole 32-bit words, so its probability differs from its weight by less than 2^-32. Products and sums are rounded separately and
/// in a fixed order: the same bits on any hardware.
/// </remarks>
internal sealed class SinglePriorDraws
{
    // Normals of a block stay in the first-level cache between their two passes. A pass draws a multiple of any vector's length.
    private const int BlockValues = 2048, Grain = 16;

    private const int MaxCells = 4096;

    private readonly int _d, _stride, _shift;
    private readonly bool _aligned;

    // Component k takes the words from _ends[k - 1] to below _ends[k].
    private readonly ulong[] _ends;
    private readonly int[] _guide;

    // For each component d means and d deviations; if its axes are not aligned, also the d columns of basis times deviations.
    private readonly float[] _places;
    private readonly float[]?[] _maps;
    private readonly PlanePlaces? _plane;

    /// <summary>Makes the tables.</summary>
    /// <param name="cumulative">The sums of the weights up to each component.</param>
    /// <param name="means">The means at the horizon.</param>
    /// <param name="deviations">The standard deviations at the horizon along the axes.</param>
    /// <param name="bases">The axes; null for the coordinate axes.</param>
    public SinglePriorDraws(double[] cumulative, double[][] means, double[][] deviations, double[]?[] bases)
    {
        int d = _d = means[0].Length, count = cumulative.Length;
        _stride = Math.Clamp(BlockValues / d / Grain * Grain, Grain, 512);
        _ends = [.. cumulative.Select(sum => (ulong)Math.Floor(sum * 4294967296.0 + 0.5))];
        _ends[^1] = 1ul << 32;
        // Most cells lie inside one component: the search beyond the table is short and well predicted.
        int cells = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(4 * count, Math.Min(32 * count, MaxCells)));
        _shift = 32 - BitOperations.Log2((uint)cells);
        _guide = new int[cells];
        for (int cell = 0, k = 0; cell < cells; cell++)
        {
            while (_ends[k] <= (ulong)cell << _shift) k++;
            _guide[cell] = k;
        }

        _aligned = Array.TrueForAll(bases, basis => basis is null);
        _places = [.. Enumerable.Range(0, count).SelectMany(k => means[k].Concat(deviations[k])).Select(value => (float)value)];
        _maps = new float[]?[count];
        // Pairs of coordinates have their own loop, which treats all of them as maps.
        for (int k = 0; k < count; k++)
            if (bases[k] is not null || (!_aligned && d == 2)) _maps[k] = Map(bases[k], deviations[k]);
        if (d == 2) _plane = PlanePlaces.TryCreate(_ends, [.. means.Select(Single)], [.. deviations.Select((own, k) => _maps[k] ?? Single(own))]);

        static float[] Single(double[] values) => Array.ConvertAll(values, value => (float)value);
    }

    /// <summary>Fills rows with the samples from an index on.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="firstIndex">The index of the first sample.</param>
    /// <param name="rows">Receives the samples.</param>
    public void Fill(ulong seed, long firstIndex, Span<float> rows)
    {
        int samples = rows.Length / _d;
        using var normalRows = new PooledRows<float>((_d + 1) / 2 * 2 * _stride);
        using var wordRow = new PooledRows<uint>(_stride);
        Span<float> normals = normalRows.Span;
        Span<uint> words = wordRow.Span;
        for (int first = 0; first < samples; first += _stride)
        {
            int n = Math.Min(_stride, samples - first), stride = (n + Grain - 1) / Grain * Grain;
            SingleNormalSource.FillRows(seed, firstIndex + first, _d, normals, stride, _ends.Length > 1 ? words : default);
            Span<float> block = rows.Slice(first * _d, n * _d);
            if (_plane is not null) _plane.Place(normals, stride, words, block);
            else if (_d != 2) Place(normals, stride, words, block);
            else if (!_aligned) PlaceMappedPairs(normals, stride, words, block);
            else if (_ends.Length > 1) PlacePairs(normals, stride, words, block);
            else PlacePairs(normals, stride, block);
        }
    }

    /// <summary>The component that a word chooses.</summary>
    /// <param name="word">The word.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Component(uint word)
    {
        int k = _guide[word >> _shift];
        while (_ends[k] <= word) k++;
        return k;
    }

    // Basis times deviations, by columns: sums over axes are then of vectors.
    private static float[] Map(double[]? basis, double[] deviations)
    {
        int d = deviations.Length;
        float[] map = new float[d * d];
        for (int axis = 0; axis < d; axis++)
            for (int j = 0; j < d; j++) map[axis * d + j] = (float)(basis is null ? j == axis ? deviations[j] : 0 : basis[j * d + axis] * deviations[axis]);
        return map;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PlacePairs(ReadOnlySpan<float> normals, int stride, Span<float> rows)
    {
        float mean0 = _places[0], mean1 = _places[1], deviation0 = _places[2], deviation1 = _places[3];
        ReadOnlySpan<float> first = normals[..(rows.Length / 2)], second = normals.Slice(stride, rows.Length / 2);
        Span<Pair> pairs = MemoryMarshal.Cast<float, Pair>(rows);
        for (int i = 0; i < pairs.Length; i++) pairs[i] = new Pair(mean0 + deviation0 * first[i], mean1 + deviation1 * second[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PlacePairs(ReadOnlySpan<float> normals, int stride, ReadOnlySpan<uint> words, Span<float> rows)
    {
        ReadOnlySpan<float> first = normals[..(rows.Length / 2)], second = normals.Slice(stride, rows.Length / 2);
        ReadOnlySpan<PairPlace> places = MemoryMarshal.Cast<float, PairPlace>(_places);
        Span<Pair> pairs = MemoryMarshal.Cast<float, Pair>(rows);
        for (int i = 0; i < pairs.Length; i++)
        {
            ref readonly PairPlace place = ref places[Component(words[i])];
            pairs[i] = new Pair(place.Mean0 + place.Deviation0 * first[i], place.Mean1 + place.Deviation1 * second[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PlaceMappedPairs(ReadOnlySpan<float> normals, int stride, ReadOnlySpan<uint> words, Span<float> rows)
    {
        ReadOnlySpan<PairPlace> places = MemoryMarshal.Cast<float, PairPlace>(_places);
        Span<Pair> pairs = MemoryMarshal.Cast<float, Pair>(rows);
        for (int i = 0; i < pairs.Length; i++)
        {
            int k = _ends.Length > 1 ? Component(words[i]) : 0;
            float first = normals[i], second = normals[stride + i];
            ref readonly PairPlace place = ref places[k];
            ReadOnlySpan<float> map = _maps[k].AsSpan(0, 4);
            pairs[i] = new Pair(place.Mean0 + map[0] * first + map[2] * second, place.Mean1 + map[1] * first + map[3] * second);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Place(ReadOnlySpan<float> normals, int stride, ReadOnlySpan<uint> words, Span<float> rows)
    {
        // Aligned samples are first transposed in tiles, then placed along their coordinates.
        if (_aligned) Transposition.FromRows(normals, stride, rows, _d, rows.Length / _d);
        for (int i = 0, at = 0; at < rows.Length; i++, at += _d)
        {
            int k = _ends.Length > 1 ? Component(words[i]) : 0;
            Span<float> row = rows.Slice(at, _d);
            ReadOnlySpan<float> mean = _places.AsSpan(2 * k * _d, _d), deviations = _places.AsSpan((2 * k + 1) * _d, _d);
            if (_aligned) PlaceAligned(mean, deviations, row);
            else if (_maps[k] is { } map) PlaceMapped(normals[i..], stride, mean, map, row);
            else
                for (int j = 0, from = i; j < row.Length; j++, from += stride) row[j] = mean[j] + deviations[j] * normals[from];
        }
    }

    private static void PlaceAligned(ReadOnlySpan<float> mean, ReadOnlySpan<float> deviations, Span<float> row)
    {
        int j = 0;
        for (; j <= row.Length - Vector<float>.Count; j += Vector<float>.Count)
            (new Vector<float>(mean[j..]) + new Vector<float>(deviations[j..]) * new Vector<float>(row[j..])).CopyTo(row[j..]);
        for (; j < row.Length; j++) row[j] = mean[j] + deviations[j] * row[j];
    }

    // Every coordinate adds up axis by axis, in a lane or alone.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PlaceMapped(ReadOnlySpan<float> normals, int stride, ReadOnlySpan<float> mean, ReadOnlySpan<float> map, Span<float> row)
    {
        int d = row.Length, j = 0;
        for (; j <= d - Vector<float>.Count; j += Vector<float>.Count)
        {
            var sum = new Vector<float>(mean[j..]);
            for (int axis = 0, from = 0; axis < d; axis++, from += stride) sum += new Vector<float>(map[(axis * d + j)..]) * normals[from];
            sum.CopyTo(row[j..]);
        }
        for (; j < d; j++)
        {
            float sum = mean[j];
            for (int axis = 0, from = 0; axis < d; axis++, from += stride) sum += map[axis * d + j] * normals[from];
            row[j] = sum;
        }
    }

    private readonly record struct Pair(float First, float Second);

    private readonly record struct PairPlace(float Mean0, float Mean1, float Deviation0, float Deviation1);
}
