using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Runtime.Blocks;

namespace FlowDsl.Runtime.Loops;

/// <summary>The lanes of a block that are still in the loop of a <see cref="CoefficientKernel{T}"/>, side by side, and the final coefficients of all.</summary>
/// <remarks>
/// The loop goes over the open lanes in tiles, from one check to the next. A tile's lanes are put back before those of the next tile, the settled ones
/// left out: never behind the place from which they came. So lanes only move towards the front, and keep their order.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
internal ref struct OpenLanes<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ref T _rows;
    private readonly nuint _pitch, _components;
    // The lane of the block to which each open lane belongs.
    private readonly Span<int> _places;
    private readonly INodeWatch<T>? _watch;
    private readonly CoefficientErrors<T>? _errors;
    private int _kept;

    /// <summary>Opens all lanes.</summary>
    /// <param name="rows"><see cref="RowCount"/> rows.</param>
    /// <param name="pitch">The distance of rows.</param>
    /// <param name="components">K, even.</param>
    /// <param name="places">Room for one number a lane.</param>
    /// <param name="watch">Receives the margins of the lanes that are closed; null for nobody.</param>
    /// <param name="errors">What is tracked; null for nothing.</param>
    public OpenLanes(ref T rows, nuint pitch, int components, Span<int> places, INodeWatch<T>? watch, CoefficientErrors<T>? errors = null)
    {
        _rows = ref rows;
        _places = places;
        (_pitch, _components, _watch, _errors) = (pitch, (nuint)components, watch, errors);
        Count = places.Length;
        for (int i = 0; i < places.Length; i++) places[i] = i;
    }

    /// <summary>The number of open lanes.</summary>
    public int Count { get; private set; }

    /// <summary>The final coefficients, in the order of the block.</summary>
    public readonly ref T Ends => ref At(0);

    /// <summary>The products of the means with the start.</summary>
    public readonly ref T Products => ref At(1);

    private readonly ref T Coefficients => ref At(2);

    /// <summary>Room for the energies of open lanes; free once there are none.</summary>
    public readonly ref T Energies => ref At(3);

    private readonly ref T Least => ref At(4);

    /// <summary>The final sums of the lengths of the steps' own errors, in the order of the block.</summary>
    public readonly ref T Lengths => ref Unsafe.Add(ref Margins, _pitch);

    /// <summary>The squares of the starts, in the order of the block until lanes close.</summary>
    public readonly ref T Squares => ref Unsafe.Add(ref Lengths, _pitch);

    /// <summary>Their products with the mean of the means.</summary>
    public readonly ref T Along => ref Unsafe.Add(ref Squares, _pitch);

    /// <summary>The final coefficients of the tangents, one after the other, in the order of the block.</summary>
    public readonly ref T TangentEnds => ref Unsafe.Add(ref Sums, _pitch);

    private readonly ref T Margins => ref Unsafe.Add(ref Least, _pitch);

    // The lengths so far.
    private readonly ref T Sums => ref Unsafe.Add(ref Along, _pitch);

    private readonly ref T Carried(int group)
        => ref Unsafe.Add(ref TangentEnds, (nuint)(_errors!.EndCount + group) * _components * _pitch);

    /// <summary>The number of rows that are needed.</summary>
    /// <param name="components">K, even.</param>
    /// <param name="errors">What is tracked; null for nothing.</param>
    public static int RowCount(int components, CoefficientErrors<T>? errors)
        => 4 * components + (errors is null ? 2 : 6 + (errors.EndCount + errors.CarriedGroups) * components);

    /// <summary>Fills a tile at the start of the loop: its coefficients are 0.</summary>
    /// <param name="first">The tile's first lane.</param>
    /// <param name="tile">The tile.</param>
    public readonly void Begin(nuint first, in CoefficientRows<T> tile)
    {
        MemoryMarshal.CreateSpan(ref tile.Coefficients, (int)tile.Group).Clear();
        Copy(ref Unsafe.Add(ref Products, first), _pitch, ref tile.Products, tile.Lanes, _components, tile.Lanes);
        if (_watch is not null) MemoryMarshal.CreateSpan(ref tile.Margins, (int)tile.Lanes).Fill(T.PositiveInfinity);
        if (_errors is null) return;
        for (int group = 0; group < _errors.CarriedGroups; group++) MemoryMarshal.CreateSpan(ref _errors.Carried(tile, group), (int)tile.Group).Clear();
        MemoryMarshal.CreateSpan(ref tile.Length, (int)tile.Lanes).Clear();
        Copy(ref Unsafe.Add(ref Squares, first), _pitch, ref tile.Square, tile.Lanes, 2, tile.Lanes);
    }

    /// <summary>Fills a tile at a check, where its energies are known.</summary>
    /// <param name="first">The tile's first lane.</param>
    /// <param name="tile">The tile.</param>
    public readonly void Load(nuint first, in CoefficientRows<T> tile)
    {
        Copy(ref Unsafe.Add(ref Products, first), _pitch, ref tile.Products, tile.Lanes, _components, tile.Lanes);
        Copy(ref Unsafe.Add(ref Coefficients, first), _pitch, ref tile.Coefficients, tile.Lanes, _components, tile.Lanes);
        Copy(ref Unsafe.Add(ref Energies, first), _pitch, ref tile.Energies, tile.Lanes, _components, tile.Lanes);
        Copy(ref Unsafe.Add(ref Least, first), _pitch, ref tile.Least, tile.Lanes, 1, tile.Lanes);
        if (_watch is not null) Copy(ref Unsafe.Add(ref Margins, first), _pitch, ref tile.Margins, tile.Lanes, 1, tile.Lanes);
        if (_errors is null) return;
        for (int group = 0; group < _errors.CarriedGroups; group++)
            Copy(ref Unsafe.Add(ref Carried(group), first), _pitch, ref _errors.Carried(tile, group), tile.Lanes, _components, tile.Lanes);
        Copy(ref Unsafe.Add(ref Sums, first), _pitch, ref tile.Length, tile.Lanes, 1, tile.Lanes);
        Copy(ref Unsafe.Add(ref Squares, first), _pitch, ref tile.Square, tile.Lanes, 2, tile.Lanes);
    }

    /// <summary>Closes the lanes of a tile that have settled, and puts the others back.</summary>
    /// <param name="first">The tile's first lane.</param>
    /// <param name="tile">The tile, with its energies.</param>
    /// <param name="thresholds">The gap, by the likeliest component, from which on a lane has settled.</param>
    /// <param name="rest">The rest of the flow if one component matters.</param>
    /// <param name="margins">The margins on the way there; null for none.</param>
    /// <param name="check">The segment that starts at the check.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Settle(nuint first, in CoefficientRows<T> tile, T[] thresholds, GaussianFlow rest, SettledMargins<T>.Rest? margins, int check)
    {
        ref T gaps = ref tile.Share, owners = ref tile.At(tile.Input);
        Leaders(tile, ref gaps, ref owners);
        T start = T.CreateTruncating(rest.Start), mean = T.CreateTruncating(rest.Mean);
        Span<int> places = Places(first, tile);
        bool together = AreTogether(places, tile);
        bool scaled = false, whole = true;
        int front = places[0];
        for (int i = 0; i < places.Length; i++)
        {
            int owner = int.CreateTruncating(Unsafe.Add(ref owners, i)), place = places[i];
            // Not if the gap is NaN.
            if (!(Unsafe.Add(ref gaps, i) >= thresholds[owner])) continue;
            if (!together) Scale(ref Unsafe.Add(ref tile.Coefficients, i), tile.Lanes, start, ref Unsafe.Add(ref Ends, place));
            else if (!scaled) Scale(tile, start, ref Unsafe.Add(ref Ends, front));
            scaled = true;
            Unsafe.Add(ref Ends, (nuint)owner * _pitch + (nuint)place) += mean;
            places[i] = ~place;
            whole = false;
            _errors?.Settle(tile, (nuint)i, owner, check, ref Unsafe.Add(ref TangentEnds, place), _pitch, ref Unsafe.Add(ref Lengths, place));
            if (margins is not null)
                _watch!.Least[place] = T.Min(Unsafe.Add(ref tile.Margins, i), margins.Least(ref Unsafe.Add(ref tile.Energies, i), tile.Lanes, owner));
        }
        if (whole) KeepTile(tile, places);
        else KeepOpen(tile, places);
    }

    /// <summary>Closes all lanes of a tile at the end of the flow.</summary>
    /// <param name="first">The tile's first lane.</param>
    /// <param name="tile">The tile.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Finish(nuint first, in CoefficientRows<T> tile)
    {
        Span<int> places = Places(first, tile);
        for (int i = 0; _watch is not null && i < places.Length; i++) _watch.Least[places[i]] = Unsafe.Add(ref tile.Margins, i);
        if (_errors is not null) FinishErrors(tile, places);
        if (AreTogether(places, tile))
        {
            Copy(ref tile.Coefficients, tile.Lanes, ref Unsafe.Add(ref Ends, places[0]), _pitch, _components, tile.Lanes);
            return;
        }
        for (int i = 0; i < places.Length; i++)
            Scale(ref Unsafe.Add(ref tile.Coefficients, i), tile.Lanes, T.One, ref Unsafe.Add(ref Ends, places[i]));
    }

    /// <summary>Goes on with the lanes that were put back.</summary>
    public void GoOn() => (Count, _kept) = (_kept, 0);

    private readonly ref T At(nuint group) => ref Unsafe.Add(ref _rows, group * _components * _pitch);

    private readonly Span<int> Places(nuint first, in CoefficientRows<T> tile)
        => _places.Slice((int)first, Math.Min((int)tile.Lanes, Count - (int)first));

    // Neighbours in the block too, so that whole rows can be written. Places increase from lane to lane.
    private static bool AreTogether(Span<int> places, in CoefficientRows<T> tile)
        => places.Length == (int)tile.Lanes && places[^1] - places[0] == places.Length - 1;

    private void KeepTile(in CoefficientRows<T> tile, scoped Span<int> places)
    {
        Copy(ref tile.Products, tile.Lanes, ref Unsafe.Add(ref Products, _kept), _pitch, _components, tile.Lanes);
        Copy(ref tile.Coefficients, tile.Lanes, ref Unsafe.Add(ref Coefficients, _kept), _pitch, _components, tile.Lanes);
        Copy(ref tile.Energies, tile.Lanes, ref Unsafe.Add(ref Energies, _kept), _pitch, _components, tile.Lanes);
        Copy(ref tile.Least, tile.Lanes, ref Unsafe.Add(ref Least, _kept), _pitch, 1, tile.Lanes);
        if (_watch is not null) Copy(ref tile.Margins, tile.Lanes, ref Unsafe.Add(ref Margins, _kept), _pitch, 1, tile.Lanes);
        for (int group = 0; group < (_errors?.CarriedGroups ?? 0); group++)
            Copy(ref _errors!.Carried(tile, group), tile.Lanes, ref Unsafe.Add(ref Carried(group), _kept), _pitch, _components, tile.Lanes);
        if (_errors is not null)
        {
            Copy(ref tile.Length, tile.Lanes, ref Unsafe.Add(ref Sums, _kept), _pitch, 1, tile.Lanes);
            Copy(ref tile.Square, tile.Lanes, ref Unsafe.Add(ref Squares, _kept), _pitch, 2, tile.Lanes);
        }
        places.CopyTo(_places[_kept..]);
        _kept += places.Length;
    }

    private void KeepOpen(in CoefficientRows<T> tile, scoped Span<int> places)
    {
        for (int i = 0; i < places.Length; i++)
        {
            int place = places[i];
            if (place < 0) continue;
            Scale(ref Unsafe.Add(ref tile.Products, i), tile.Lanes, T.One, ref Unsafe.Add(ref Products, _kept));
            Scale(ref Unsafe.Add(ref tile.Coefficients, i), tile.Lanes, T.One, ref Unsafe.Add(ref Coefficients, _kept));
            Scale(ref Unsafe.Add(ref tile.Energies, i), tile.Lanes, T.One, ref Unsafe.Add(ref Energies, _kept));
            Unsafe.Add(ref Least, _kept) = Unsafe.Add(ref tile.Least, i);
            if (_watch is not null) Unsafe.Add(ref Margins, _kept) = Unsafe.Add(ref tile.Margins, i);
            if (_errors is not null) KeepErrors(tile, i);
            _places[_kept++] = place;
        }
    }

    private readonly void KeepErrors(in CoefficientRows<T> tile, int lane)
    {
        for (int group = 0; group < _errors!.CarriedGroups; group++)
            Scale(ref Unsafe.Add(ref _errors.Carried(tile, group), lane), tile.Lanes, T.One, ref Unsafe.Add(ref Carried(group), _kept));
        Unsafe.Add(ref Sums, _kept) = Unsafe.Add(ref tile.Length, lane);
        Unsafe.Add(ref Squares, _kept) = Unsafe.Add(ref tile.Square, lane);
        Unsafe.Add(ref Along, _kept) = Unsafe.Add(ref tile.Along, lane);
    }

    private readonly void FinishErrors(in CoefficientRows<T> tile, Span<int> places)
    {
        for (int i = 0; i < places.Length; i++)
        {
            Unsafe.Add(ref Lengths, places[i]) = Unsafe.Add(ref tile.Length, i);
            for (int tangent = 0; tangent < _errors!.TangentCount; tangent++)
            {
                ref T end = ref Unsafe.Add(ref TangentEnds, (nuint)tangent * _components * _pitch);
                Scale(ref Unsafe.Add(ref _errors.Carried(tile, _errors.CarriedGroups - _errors.TangentCount + tangent), i), tile.Lanes, T.One,
                    ref Unsafe.Add(ref end, places[i]));
            }
        }
    }

    // The difference of the two smallest energies of each lane, and the component of the smallest one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Leaders(in CoefficientRows<T> tile, ref T gaps, ref T owners)
    {
        ref T energies = ref tile.Energies;
        for (nuint i = 0; i < tile.Lanes; i += (nuint)Vector<T>.Count)
        {
            Vector<T> least = new(T.PositiveInfinity), second = least, owner = Vector<T>.Zero, component = owner;
            ref T energy = ref Unsafe.Add(ref energies, i);
            for (int k = 0; k < tile.Components; k++, energy = ref Unsafe.Add(ref energy, tile.Lanes))
            {
                Vector<T> own = Vector.LoadUnsafe(ref energy);
                owner = Vector.ConditionalSelect(Vector.LessThan(own, least), component, owner);
                second = Vector.MinNative(second, Vector.MaxNative(least, own));
                least = Vector.MinNative(least, own);
                component += Vector<T>.One;
            }
            (second - least).StoreUnsafe(ref gaps, i);
            owner.StoreUnsafe(ref owners, i);
        }
    }

    // The coefficients of all lanes of a tile, times a factor, to neighbouring lanes of the block.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Scale(in CoefficientRows<T> tile, T factor, ref T to)
    {
        Vector<T> scale = Vector.Create(factor);
        ref T from = ref tile.Coefficients;
        for (nuint k = 0; k < _components; k++, from = ref Unsafe.Add(ref from, tile.Lanes), to = ref Unsafe.Add(ref to, _pitch))
            for (nuint i = 0; i < tile.Lanes; i += (nuint)Vector<T>.Count) (Vector.LoadUnsafe(ref from, i) * scale).StoreUnsafe(ref to, i);
    }

    // The same for one lane.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Scale(ref T from, nuint step, T factor, ref T to)
    {
        for (nuint k = 0; k < _components; k++) Unsafe.Add(ref to, k * _pitch) = Unsafe.Add(ref from, k * step) * factor;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(ref T from, nuint step, ref T to, nuint pitch, nuint rows, nuint lanes)
    {
        for (; rows != 0; rows--, from = ref Unsafe.Add(ref from, step), to = ref Unsafe.Add(ref to, pitch))
            for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count) Vector.LoadUnsafe(ref from, i).StoreUnsafe(ref to, i);
    }
}
