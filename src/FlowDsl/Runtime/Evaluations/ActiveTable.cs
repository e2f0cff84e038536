using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Evaluations;

/// <summary>
/// One evaluation of a field of isotropic components in the plane or in space that sums only over the components near the samples of a pair of vectors.
/// </summary>
/// <remarks>
/// A weight far enough below the largest counts as 0, for each sample by itself. So it does not matter to a sample which other components are looked
/// at, and no bit depends on its neighbours.
/// </remarks>
internal sealed class ActiveTable<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Pairs whose lists are made before their sums, and the entries from which on no more are made.
    private const int PairsAtATime = 64, ListsAtATime = 2048;

    private readonly T[] _records, _origin;
    private readonly T _bits, _factor, _scale;
    private readonly int _dimension, _count;
    private readonly bool _isShared;

    /// <summary>Tabulates an evaluation.</summary>
    /// <param name="coefficients">Its coefficients: isotropic, of dimension 2 or 3.</param>
    /// <param name="order">The components in the order in which they are summed: neighbours in space should be neighbours in it.</param>
    /// <param name="cells">The number of cells along an axis, a power of two.</param>
    /// <param name="bits">From how many bits below the largest on a weight is 0.</param>
    public ActiveTable(EvaluationCoefficients coefficients, int[] order, int cells, double bits)
    {
        ComponentCoefficients[] components = [.. order.Select(k => coefficients.Components[k])];
        (_dimension, _count) = (coefficients.Dimension, components.Length);
        Cells = new ActiveCells(components, cells, bits);
        _bits = T.CreateTruncating(bits);
        _scale = T.CreateTruncating(cells / Cells.Extent);
        // The cell in front of the first one has the number 0.
        _origin = [.. Cells.Origin.ToArray().Select(origin => T.CreateTruncating(1 - origin * cells / Cells.Extent))];
        double factor = components[0].Factor[0];
        _isShared = components.All(component => component.Factor[0] == factor);
        _factor = T.CreateTruncating(factor);
        int length = _dimension == 2 ? RecordLength<Plane>() : RecordLength<Space>();
        _records = new T[length * components.Length];
        for (int k = 0; k < components.Length; k++)
        {
            Span<T> record = _records.AsSpan(k * length, length);
            for (int j = 0; j < _dimension; j++)
            {
                record[j] = T.CreateTruncating(components[k].Centre[j]);
                record[_dimension + 2 + j] = T.CreateTruncating(components[k].Constant[j]);
            }
            record[_dimension] = T.CreateTruncating(components[k].Root[0] * components[k].Root[0]);
            record[_dimension + 1] = T.CreateTruncating(components[k].Offset);
            record[2 * _dimension + 2] = T.CreateTruncating(components[k].Factor[0]);
        }
    }

    /// <summary>The components by place.</summary>
    public ActiveCells Cells { get; }

    /// <summary>The values of scratch that an evaluation needs for the energies, and the integers for lists.</summary>
    /// <param name="components">K.</param>
    public static (int Energies, int Lists) Scratch(int components) => (2 * Vector<T>.Count * components, ListsAtATime + components);

    /// <summary>Evaluates for some lanes.</summary>
    /// <param name="x">The first coordinate; the others follow at the stride.</param>
    /// <param name="stride">The length of a row.</param>
    /// <param name="energies">Scratch for energies.</param>
    /// <param name="lists">Scratch for lists.</param>
    /// <param name="slope">Receives d coordinates at the stride.</param>
    /// <param name="lanes">The number of lanes, whole pairs of vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Evaluate(ref T x, nuint stride, ref T energies, Span<int> lists, ref T slope, nuint lanes)
    {
        nuint pair = 2 * (nuint)Vector<T>.Count;
        // First the lists of many pairs, then their sums: otherwise each sum would wait for its list.
        Span<int> ends = stackalloc int[PairsAtATime];
        Span<ulong> set = stackalloc ulong[(_count + 63) / 64];
        set.Clear();
        for (nuint i = 0; i < lanes;)
        {
            int pairs = (int)nuint.Min(PairsAtATime, (lanes - i) / pair), ready = 0, used = 0;
            for (; ready < pairs && used <= ListsAtATime; ready++)
                ends[ready] = used = List(ref Unsafe.Add(ref x, i + (nuint)ready * pair), stride, set, lists, used);
            for (int n = 0, start = 0; n < ready; start = ends[n++], i += pair)
            {
                Span<int> list = lists[start..ends[n]];
                if (_dimension == 2) Pair<Plane>(list, ref Unsafe.Add(ref x, i), stride, ref energies, ref Unsafe.Add(ref slope, i));
                else Pair<Space>(list, ref Unsafe.Add(ref x, i), stride, ref energies, ref Unsafe.Add(ref slope, i));
            }
        }
    }

    // Writes the components that can matter to a pair of vectors behind the lists written before, and returns the new end.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int List(ref T x, nuint stride, Span<ulong> set, Span<int> lists, int used)
    {
        nuint width = (nuint)Vector<T>.Count;
        int perAxis = Cells.PerAxis + 2;
        Vector<T> row = Vector.Create(T.CreateTruncating(perAxis)), cellA = Vector<T>.Zero, cellB = cellA;
        for (int j = _dimension - 1; j >= 0; j--)
        {
            ref T coordinate = ref Unsafe.Add(ref x, (nuint)j * stride);
            cellA = SimdMath.MultiplyAdd(cellA, row, Place(Vector.LoadUnsafe(ref coordinate), _scale, _origin[j], T.CreateTruncating(perAxis - 1)));
            cellB = SimdMath.MultiplyAdd(cellB, row, Place(Vector.LoadUnsafe(ref coordinate, width), _scale, _origin[j], T.CreateTruncating(perAxis - 1)));
        }
        Span<T> places = stackalloc T[2 * Vector<T>.Count];
        cellA.StoreUnsafe(ref places[0]);
        cellB.StoreUnsafe(ref places[Vector<T>.Count]);
        ref int next = ref lists[used];
        if (set.Length == 1)
        {
            ulong rest = 0;
            foreach (T place in places) rest |= Cells.Word(T.ConvertToIntegerNative<int>(place));
            for (; rest != 0; rest &= rest - 1, next = ref Unsafe.Add(ref next, 1), used++) next = BitOperations.TrailingZeroCount(rest);
            return used;
        }
        int before = -1, first = set.Length, end = 0;
        foreach (T place in places)
        {
            int cell = T.ConvertToIntegerNative<int>(place);
            if (cell == before) continue;
            before = cell;
            Cells.Add(cell, ref set[0], ref first, ref end);
        }
        for (int word = first; word < end; word++)
        {
            for (ulong rest = set[word]; rest != 0; rest &= rest - 1, next = ref Unsafe.Add(ref next, 1), used++)
                next = 64 * word + BitOperations.TrailingZeroCount(rest);
            set[word] = 0;
        }
        return used;
    }

    // The number of a cell along an axis; a NaN counts as beyond.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Place(Vector<T> value, T scale, T origin, T last)
        => Floor(Vector.MinNative(
            Vector.MaxNative(SimdMath.MultiplyAdd(value, Vector.Create(scale), Vector.Create(origin)), Vector<T>.Zero), Vector.Create(last)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Floor(Vector<T> value)
        => typeof(T) == typeof(float) ? Vector.Floor(value.As<T, float>()).As<float, T>() : Vector.Floor(value.As<T, double>()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pair<TSpace>(ReadOnlySpan<int> components, ref T x, nuint stride, ref T energies, ref T slope)
        where TSpace : ISpace
    {
        nuint width = (nuint)Vector<T>.Count;
        ref T records = ref MemoryMarshal.GetArrayDataReference(_records);
        ref int list = ref MemoryMarshal.GetReference(components);
        int count = components.Length;
        Vector<T> xa = Vector.LoadUnsafe(ref x), xb = Vector.LoadUnsafe(ref x, width);
        Vector<T> ya = Vector.LoadUnsafe(ref x, stride), yb = Vector.LoadUnsafe(ref x, stride + width);
        Vector<T> za = default, zb = default;
        if (TSpace.Dimension == 3) (za, zb) = (Vector.LoadUnsafe(ref x, 2 * stride), Vector.LoadUnsafe(ref x, 2 * stride + width));
        if (count == 1)
        {
            // One weight, which is 1.
            ref T record = ref Unsafe.Add(ref records, list * RecordLength<TSpace>());
            Vector<T> own = Vector.Create(Unsafe.Add(ref record, 2 * TSpace.Dimension + 2));
            Affine(own, xa, xb, Constant<TSpace>(ref record, 0), ref slope);
            Affine(own, ya, yb, Constant<TSpace>(ref record, 1), ref Unsafe.Add(ref slope, stride));
            if (TSpace.Dimension == 3) Affine(own, za, zb, Constant<TSpace>(ref record, 2), ref Unsafe.Add(ref slope, 2 * stride));
            return;
        }

        Vector<T> leastA = new(T.PositiveInfinity), leastB = leastA;
        ref T energy = ref energies;
        for (int n = 0; n < count; n++, energy = ref Unsafe.Add(ref energy, 2 * width))
        {
            ref T record = ref Unsafe.Add(ref records, Unsafe.Add(ref list, n) * RecordLength<TSpace>());
            Vector<T> centre = Vector.Create(record);
            Vector<T> da = xa - centre, db = xb - centre;
            Vector<T> a = da * da, b = db * db;
            centre = Vector.Create(Unsafe.Add(ref record, 1));
            da = ya - centre;
            db = yb - centre;
            a = SimdMath.MultiplyAdd(da, da, a);
            b = SimdMath.MultiplyAdd(db, db, b);
            if (TSpace.Dimension == 3)
            {
                centre = Vector.Create(Unsafe.Add(ref record, 2));
                da = za - centre;
                db = zb - centre;
                a = SimdMath.MultiplyAdd(da, da, a);
                b = SimdMath.MultiplyAdd(db, db, b);
            }
            Vector<T> precision = Vector.Create(Unsafe.Add(ref record, TSpace.Dimension)), offset = Vector.Create(Unsafe.Add(ref record, TSpace.Dimension + 1));
            a = SimdMath.MultiplyAdd(a, precision, offset);
            b = SimdMath.MultiplyAdd(b, precision, offset);
            leastA = Vector.MinNative(leastA, a);
            leastB = Vector.MinNative(leastB, b);
            a.StoreUnsafe(ref energy);
            b.StoreUnsafe(ref energy, width);
        }

        Vector<T> totalA = Vector<T>.Zero, totalB = totalA, sumXa = totalA, sumXb = totalA, sumYa = totalA, sumYb = totalA, sumZa = totalA, sumZb = totalA;
        Vector<T> factorA = totalA, factorB = totalA, bits = Vector.Create(-_bits);
        energy = ref energies;
        for (int n = 0; n < count; n++, energy = ref Unsafe.Add(ref energy, 2 * width))
        {
            ref T record = ref Unsafe.Add(ref records, Unsafe.Add(ref list, n) * RecordLength<TSpace>());
            Vector<T> a = leastA - Vector.LoadUnsafe(ref energy), b = leastB - Vector.LoadUnsafe(ref energy, width);
            a = SimdMath.KeepIfLess(bits, a, SimdMath.Exp2(a));
            b = SimdMath.KeepIfLess(bits, b, SimdMath.Exp2(b));
            totalA += a;
            totalB += b;
            Vector<T> constant = Constant<TSpace>(ref record, 0);
            sumXa = SimdMath.MultiplyAdd(a, constant, sumXa);
            sumXb = SimdMath.MultiplyAdd(b, constant, sumXb);
            constant = Constant<TSpace>(ref record, 1);
            sumYa = SimdMath.MultiplyAdd(a, constant, sumYa);
            sumYb = SimdMath.MultiplyAdd(b, constant, sumYb);
            if (TSpace.Dimension == 3)
            {
                constant = Constant<TSpace>(ref record, 2);
                sumZa = SimdMath.MultiplyAdd(a, constant, sumZa);
                sumZb = SimdMath.MultiplyAdd(b, constant, sumZb);
            }
            if (_isShared) continue;
            constant = Vector.Create(Unsafe.Add(ref record, 2 * TSpace.Dimension + 2));
            factorA = SimdMath.MultiplyAdd(a, constant, factorA);
            factorB = SimdMath.MultiplyAdd(b, constant, factorB);
        }
        totalA = Vector<T>.One / totalA;
        totalB = Vector<T>.One / totalB;
        (factorA, factorB) = _isShared ? (Vector.Create(_factor), Vector.Create(_factor)) : (factorA * totalA, factorB * totalB);
        SimdMath.MultiplyAdd(factorA, xa, sumXa * totalA).StoreUnsafe(ref slope);
        SimdMath.MultiplyAdd(factorB, xb, sumXb * totalB).StoreUnsafe(ref slope, width);
        SimdMath.MultiplyAdd(factorA, ya, sumYa * totalA).StoreUnsafe(ref slope, stride);
        SimdMath.MultiplyAdd(factorB, yb, sumYb * totalB).StoreUnsafe(ref slope, stride + width);
        if (TSpace.Dimension < 3) return;
        SimdMath.MultiplyAdd(factorA, za, sumZa * totalA).StoreUnsafe(ref slope, 2 * stride);
        SimdMath.MultiplyAdd(factorB, zb, sumZb * totalB).StoreUnsafe(ref slope, 2 * stride + width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Constant<TSpace>(ref T record, int coordinate)
        where TSpace : ISpace => Vector.Create(Unsafe.Add(ref record, TSpace.Dimension + 2 + coordinate));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Affine(Vector<T> factor, Vector<T> a, Vector<T> b, Vector<T> constant, ref T slope)
    {
        SimdMath.MultiplyAdd(factor, a, constant).StoreUnsafe(ref slope);
        SimdMath.MultiplyAdd(factor, b, constant).StoreUnsafe(ref slope, (nuint)Vector<T>.Count);
    }

    // Of a component: the centre, the precision, the offset, the constants, the factor, and padding.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int RecordLength<TSpace>()
        where TSpace : ISpace => TSpace.Dimension == 2 ? 8 : 12;

    /// <summary>A dimension that the JIT knows.</summary>
    private interface ISpace
    {
        static abstract int Dimension { get; }
    }

    private readonly struct Plane : ISpace
    {
        public static int Dimension => 2;
    }

    private readonly struct Space : ISpace
    {
        public static int Dimension => 3;
    }
}
