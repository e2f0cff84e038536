using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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
    // Pairs of vectors whose lists are made before their sums, and the entries from which on no more are made.
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
    public static (int Energies, int Lists) Scratch(int components) => (2 * WideVectors<T>.MaxLanes * components, ListsAtATime + components);

    /// <summary>Evaluates for some lanes.</summary>
    /// <param name="x">The first coordinate; the others follow at the stride.</param>
    /// <param name="stride">The length of a row.</param>
    /// <param name="energies">Scratch for energies.</param>
    /// <param name="lists">Scratch for lists.</param>
    /// <param name="slope">Receives d coordinates at the stride.</param>
    /// <param name="lanes">The number of lanes, whole pairs of vectors.</param>
    public void Evaluate(ref T x, nuint stride, ref T energies, Span<int> lists, ref T slope, nuint lanes)
    {
        nuint wide = WideVectors<T>.Lanes(lanes);
        if (wide > 0) Evaluate<Vector512<T>, WideVectors<T>>(ref x, stride, ref energies, lists, ref slope, 0, wide);
        if (wide < lanes) Evaluate<Vector<T>, UsualVectors<T>>(ref x, stride, ref energies, lists, ref slope, wide, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Evaluate<TVector, TOps>(ref T x, nuint stride, ref T energies, Span<int> lists, ref T slope, nuint from, nuint to)
        where TVector : struct
        where TOps : IVectors<TVector, T>
    {
        nuint pair = 2 * TOps.Count;
        // First the lists of many pairs, then their sums: otherwise each sum would wait for its list.
        Span<int> ends = stackalloc int[PairsAtATime];
        Span<ulong> set = stackalloc ulong[(_count + 63) / 64];
        set.Clear();
        for (nuint i = from; i < to;)
        {
            int pairs = (int)nuint.Min(PairsAtATime, (to - i) / pair), ready = 0, used = 0;
            for (; ready < pairs && used <= ListsAtATime; ready++)
                ends[ready] = used = List(ref Unsafe.Add(ref x, i + (nuint)ready * pair), stride, pair, set, lists, used);
            for (int n = 0, start = 0; n < ready; start = ends[n++], i += pair)
            {
                Span<int> list = lists[start..ends[n]];
                if (_dimension == 2) Pair<Plane, TVector, TOps>(list, ref Unsafe.Add(ref x, i), stride, ref energies, ref Unsafe.Add(ref slope, i));
                else Pair<Space, TVector, TOps>(list, ref Unsafe.Add(ref x, i), stride, ref energies, ref Unsafe.Add(ref slope, i));
            }
        }
    }

    // Writes the components that can matter to some lanes behind the lists written before, and returns the new end.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int List(ref T x, nuint stride, nuint lanes, Span<ulong> set, Span<int> lists, int used)
    {
        int perAxis = Cells.PerAxis + 2;
        Vector<T> row = Vector.Create(T.CreateTruncating(perAxis));
        T last = T.CreateTruncating(perAxis - 1);
        Span<T> places = stackalloc T[(int)lanes];
        for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
        {
            Vector<T> cell = Vector<T>.Zero;
            for (int j = _dimension - 1; j >= 0; j--)
                cell = SimdMath.MultiplyAdd(cell, row, Place(Vector.LoadUnsafe(ref x, (nuint)j * stride + i), _scale, _origin[j], last));
            cell.StoreUnsafe(ref places[(int)i]);
        }
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
    private void Pair<TSpace, TVector, TOps>(ReadOnlySpan<int> components, ref T x, nuint stride, ref T energies, ref T slope)
        where TSpace : ISpace
        where TVector : struct
        where TOps : IVectors<TVector, T>
    {
        nuint width = TOps.Count;
        ref T records = ref MemoryMarshal.GetArrayDataReference(_records);
        ref int list = ref MemoryMarshal.GetReference(components);
        int count = components.Length;
        TVector xa = TOps.Load(ref x, 0), xb = TOps.Load(ref x, width);
        TVector ya = TOps.Load(ref x, stride), yb = TOps.Load(ref x, stride + width);
        TVector za = default, zb = default;
        if (TSpace.Dimension == 3) (za, zb) = (TOps.Load(ref x, 2 * stride), TOps.Load(ref x, 2 * stride + width));
        if (count == 1)
        {
            // One weight, which is 1.
            ref T record = ref Unsafe.Add(ref records, list * RecordLength<TSpace>());
            TVector own = TOps.Create(Unsafe.Add(ref record, 2 * TSpace.Dimension + 2));
            Affine<TVector, TOps>(own, xa, xb, Constant<TSpace, TVector, TOps>(ref record, 0), ref slope);
            Affine<TVector, TOps>(own, ya, yb, Constant<TSpace, TVector, TOps>(ref record, 1), ref Unsafe.Add(ref slope, stride));
            if (TSpace.Dimension == 3)
                Affine<TVector, TOps>(own, za, zb, Constant<TSpace, TVector, TOps>(ref record, 2), ref Unsafe.Add(ref slope, 2 * stride));
            return;
        }

        TVector leastA = TOps.Create(T.PositiveInfinity), leastB = leastA;
        ref T energy = ref energies;
        for (int n = 0; n < count; n++, energy = ref Unsafe.Add(ref energy, 2 * width))
        {
            ref T record = ref Unsafe.Add(ref records, Unsafe.Add(ref list, n) * RecordLength<TSpace>());
            TVector centre = TOps.Create(record);
            TVector da = TOps.Subtract(xa, centre), db = TOps.Subtract(xb, centre);
            TVector a = TOps.Multiply(da, da), b = TOps.Multiply(db, db);
            centre = TOps.Create(Unsafe.Add(ref record, 1));
            da = TOps.Subtract(ya, centre);
            db = TOps.Subtract(yb, centre);
            a = TOps.MultiplyAdd(da, da, a);
            b = TOps.MultiplyAdd(db, db, b);
            if (TSpace.Dimension == 3)
            {
                centre = TOps.Create(Unsafe.Add(ref record, 2));
                da = TOps.Subtract(za, centre);
                db = TOps.Subtract(zb, centre);
                a = TOps.MultiplyAdd(da, da, a);
                b = TOps.MultiplyAdd(db, db, b);
            }
            TVector precision = TOps.Create(Unsafe.Add(ref record, TSpace.Dimension)), offset = TOps.Create(Unsafe.Add(ref record, TSpace.Dimension + 1));
            a = TOps.MultiplyAdd(a, precision, offset);
            b = TOps.MultiplyAdd(b, precision, offset);
            leastA = TOps.Min(leastA, a);
            leastB = TOps.Min(leastB, b);
            TOps.Store(a, ref energy, 0);
            TOps.Store(b, ref energy, width);
        }

        TVector totalA = default, totalB = totalA, sumXa = totalA, sumXb = totalA, sumYa = totalA, sumYb = totalA, sumZa = totalA, sumZb = totalA;
        TVector factorA = totalA, factorB = totalA, bits = TOps.Create(-_bits);
        energy = ref energies;
        for (int n = 0; n < count; n++, energy = ref Unsafe.Add(ref energy, 2 * width))
        {
            ref T record = ref Unsafe.Add(ref records, Unsafe.Add(ref list, n) * RecordLength<TSpace>());
            TVector a = TOps.Subtract(leastA, TOps.Load(ref energy, 0)), b = TOps.Subtract(leastB, TOps.Load(ref energy, width));
            a = TOps.KeepIfLess(bits, a, TOps.Exp2(a));
            b = TOps.KeepIfLess(bits, b, TOps.Exp2(b));
            totalA = TOps.Add(totalA, a);
            totalB = TOps.Add(totalB, b);
            TVector constant = Constant<TSpace, TVector, TOps>(ref record, 0);
            sumXa = TOps.MultiplyAdd(a, constant, sumXa);
            sumXb = TOps.MultiplyAdd(b, constant, sumXb);
            constant = Constant<TSpace, TVector, TOps>(ref record, 1);
            sumYa = TOps.MultiplyAdd(a, constant, sumYa);
            sumYb = TOps.MultiplyAdd(b, constant, sumYb);
            if (TSpace.Dimension == 3)
            {
                constant = Constant<TSpace, TVector, TOps>(ref record, 2);
                sumZa = TOps.MultiplyAdd(a, constant, sumZa);
                sumZb = TOps.MultiplyAdd(b, constant, sumZb);
            }
            if (_isShared) continue;
            constant = TOps.Create(Unsafe.Add(ref record, 2 * TSpace.Dimension + 2));
            factorA = TOps.MultiplyAdd(a, constant, factorA);
            factorB = TOps.MultiplyAdd(b, constant, factorB);
        }
        totalA = TOps.Reciprocal(totalA);
        totalB = TOps.Reciprocal(totalB);
        (factorA, factorB) = _isShared ? (TOps.Create(_factor), TOps.Create(_factor)) : (TOps.Multiply(factorA, totalA), TOps.Multiply(factorB, totalB));
        TOps.Store(TOps.MultiplyAdd(factorA, xa, TOps.Multiply(sumXa, totalA)), ref slope, 0);
        TOps.Store(TOps.MultiplyAdd(factorB, xb, TOps.Multiply(sumXb, totalB)), ref slope, width);
        TOps.Store(TOps.MultiplyAdd(factorA, ya, TOps.Multiply(sumYa, totalA)), ref slope, stride);
        TOps.Store(TOps.MultiplyAdd(factorB, yb, TOps.Multiply(sumYb, totalB)), ref slope, stride + width);
        if (TSpace.Dimension < 3) return;
        TOps.Store(TOps.MultiplyAdd(factorA, za, TOps.Multiply(sumZa, totalA)), ref slope, 2 * stride);
        TOps.Store(TOps.MultiplyAdd(factorB, zb, TOps.Multiply(sumZb, totalB)), ref slope, 2 * stride + width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Constant<TSpace, TVector, TOps>(ref T record, int coordinate)
        where TSpace : ISpace
        where TVector : struct
        where TOps : IVectors<TVector, T>
        => TOps.Create(Unsafe.Add(ref record, TSpace.Dimension + 2 + coordinate));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Affine<TVector, TOps>(TVector factor, TVector a, TVector b, TVector constant, ref T slope)
        where TVector : struct
        where TOps : IVectors<TVector, T>
    {
        TOps.Store(TOps.MultiplyAdd(factor, a, constant), ref slope, 0);
        TOps.Store(TOps.MultiplyAdd(factor, b, constant), ref slope, TOps.Count);
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
