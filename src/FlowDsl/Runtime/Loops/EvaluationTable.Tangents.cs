using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Loops;

// The derivatives of an evaluation.
internal sealed partial class EvaluationTable<T>
{
    /// <summary>The scratch rows that <see cref="Tangent"/> needs after those of <see cref="Evaluate"/>.</summary>
    public int TangentScratchRows => 4 + 2 * _count + SumRows + 3 * PackedMatrix<T>.Even(_d);

    /// <summary>
    /// The derivative of the slope along a direction v, for the lanes that <see cref="Evaluate"/> was last called for:
    /// dF = Σ r_k A_k v + Σ r_k (dl_k - Σ r_j dl_j)(A_k x + Constant_k), l_k the logarithm of component k's weight.
    /// </summary>
    /// <param name="x">The first coordinate of the point of evaluation.</param>
    /// <param name="direction">The first coordinate of v.</param>
    /// <param name="stride">The length of a row of both.</param>
    /// <param name="scratch">As the evaluation left it, plus <see cref="TangentScratchRows"/> more rows at the pitch.</param>
    /// <param name="pitch">The length of a row of scratch.</param>
    /// <param name="slope">Receives d coordinates at the stride.</param>
    /// <param name="lanes">The number of lanes, whole pairs of vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Tangent(ref T x, ref T direction, nuint stride, ref T scratch, nuint pitch, ref T slope, nuint lanes)
    {
        ref T share = ref Unsafe.Add(ref scratch, pitch), weights = ref Unsafe.Add(ref scratch, 2 * pitch);
        ref T weightSums = ref Unsafe.Add(ref weights, (nuint)(_count + InputRows) * pitch);
        ref T ones = ref Unsafe.Add(ref scratch, (nuint)ScratchRows * pitch), changes = ref Unsafe.Add(ref ones, 4 * pitch);
        ref T spare = ref Unsafe.Add(ref changes, (nuint)_count * pitch), sums = ref Unsafe.Add(ref spare, (nuint)_count * pitch);
        ref T inputs = ref Unsafe.Add(ref sums, (nuint)SumRows * pitch);
        MemoryMarshal.CreateSpan(ref ones, (int)lanes).Fill(T.One);
        switch (_form)
        {
            case Form.Shared:
                for (nuint j = 0; j < (nuint)_d; j++)
                    for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
                        (Vector.LoadUnsafe(ref direction, j * stride + i) * _scales[j]).StoreUnsafe(ref inputs, j * pitch + i);
                _energies!.Multiply(ref First(_zeros), ref inputs, pitch, ref changes, pitch, ref Unsafe.NullRef<T>(), lanes);
                break;
            case Form.SharedFull:
                for (nuint j = 0; j < (nuint)_d; j++)
                    Copy(ref Unsafe.Add(ref direction, j * stride), ref Unsafe.Add(ref inputs, j * pitch), lanes);
                _energies!.Multiply(ref First(_zeros), ref inputs, pitch, ref changes, pitch, ref Unsafe.NullRef<T>(), lanes);
                break;
            default:
                EnergyChanges(ref x, ref direction, stride, ref ones, ref changes, ref spare, ref inputs, pitch, lanes);
                break;
        }
        WeightChanges(ref weights, ref share, ref changes, pitch, lanes);
        _sums?.Multiply(ref First(_zeros), ref changes, pitch, ref sums, pitch, ref Unsafe.NullRef<T>(), lanes);
        switch (_form)
        {
            case Form.Shared:
                SharedSlope(ref direction, stride, ref sums, pitch, ref ones, ref First(_noConstants), ref slope, lanes);
                return;
            case Form.SharedFull:
                SharedFullSlope(ref inputs, ref sums, pitch, ref ones, ref First(_noConstants), ref slope, stride, lanes);
                return;
        }

        // The change of the weights times the components' contributions, plus the contributions' change along the direction.
        ref T linear = ref inputs;
        if (_form == Form.Diagonal)
        {
            WeightedAxes.Slopes(ref First(_axes), (nuint)_count, ref changes, pitch, ref ones, ref x, ref slope, stride, (nuint)_d, lanes);
            // Rows of the direction and of the scratch differ in length.
            ref T copy = ref Unsafe.Add(ref inputs, (nuint)PackedMatrix<T>.Even(_d) * pitch);
            for (nuint j = 0; j < (nuint)_d; j++) Copy(ref Unsafe.Add(ref direction, j * stride), ref Unsafe.Add(ref copy, j * pitch), lanes);
            WeightedAxes.Slopes(ref First(_linearAxes), (nuint)_count, ref weights, pitch, ref share, ref copy, ref linear, pitch, (nuint)_d, lanes);
            Add(ref linear, pitch, ref slope, stride, lanes);
            return;
        }
        bool full = _form == Form.Full;
        if (full) FullSlope(ref x, stride, ref sums, pitch, ref ones, ref slope, stride, lanes);
        else IsotropicSlope(ref x, stride, ref sums, pitch, ref ones, ref slope, stride, lanes);
        MemoryMarshal.CreateSpan(ref sums, (int)((nuint)SumRows * pitch)).Clear();
        for (nuint row = (nuint)_d; row < (nuint)SumRows; row++)
            Copy(ref Unsafe.Add(ref weightSums, row * pitch), ref Unsafe.Add(ref sums, row * pitch), lanes);
        if (full) FullSlope(ref direction, stride, ref sums, pitch, ref share, ref linear, pitch, lanes);
        else IsotropicSlope(ref direction, stride, ref sums, pitch, ref share, ref linear, pitch, lanes);
        Add(ref linear, pitch, ref slope, stride, lanes);
    }

    /// <summary>
    /// The energies' derivatives along a direction. Energies are quadratic, so a central difference is exact at any distance; at the distance of the
    /// mixture's own spread it loses hardly any digits.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EnergyChanges(ref T x, ref T direction, nuint stride, ref T ones, ref T changes, ref T spare, ref T inputs, nuint pitch, nuint lanes)
    {
        ref T scale = ref Unsafe.Add(ref ones, pitch), inverse = ref Unsafe.Add(ref ones, 2 * pitch), least = ref Unsafe.Add(ref ones, 3 * pitch);
        Vector<T> reach = Vector.Create(T.CreateTruncating(_reach)), half = Vector.Create(T.CreateTruncating(0.5 / _reach));
        for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
        {
            Vector<T> square = Vector<T>.Zero;
            for (nuint j = 0; j < (nuint)_d; j++)
            {
                Vector<T> own = Vector.LoadUnsafe(ref direction, j * stride + i);
                square = SimdMath.MultiplyAdd(own, own, square);
            }
            Vector<T> length = Vector.SquareRoot(square);
            Vector.ConditionalSelect(Vector.Equals(length, Vector<T>.Zero), Vector<T>.Zero, reach / length).StoreUnsafe(ref scale, i);
            (length * half).StoreUnsafe(ref inverse, i);
        }
        Shifted(ref x, ref direction, stride, ref scale, Vector<T>.One, ref inputs, pitch, lanes);
        Squares(ref inputs, pitch, ref changes, pitch, ref least, lanes);
        Shifted(ref x, ref direction, stride, ref scale, -Vector<T>.One, ref inputs, pitch, lanes);
        Squares(ref inputs, pitch, ref spare, pitch, ref least, lanes);
        for (nuint k = 0; k < (nuint)_count; k++)
        {
            for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
            {
                nuint at = k * pitch + i;
                Vector<T> difference = Vector.LoadUnsafe(ref changes, at) - Vector.LoadUnsafe(ref spare, at);
                // The energy of the padding component is infinite on both sides. A NaN in the state shows in the weights.
                difference = Vector.ConditionalSelect(Vector.Equals(difference, difference), difference, Vector<T>.Zero);
                (difference * Vector.LoadUnsafe(ref inverse, i)).StoreUnsafe(ref changes, at);
            }
        }
    }

    // x ± scale v
    private void Shifted(ref T x, ref T direction, nuint stride, ref T scale, Vector<T> sign, ref T inputs, nuint pitch, nuint lanes)
    {
        for (nuint j = 0; j < (nuint)_d; j++)
        {
            for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
                SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref direction, j * stride + i), Vector.LoadUnsafe(ref scale, i) * sign,
                    Vector.LoadUnsafe(ref x, j * stride + i))
                    .StoreUnsafe(ref inputs, j * pitch + i);
        }
    }

    /// <summary>changes ← -log 2 · r_k (changes_k - Σ r_j changes_j): the responsibilities' derivatives from those of the energies, in bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WeightChanges(ref T weights, ref T share, ref T changes, nuint pitch, nuint lanes)
    {
        Vector<T> bits = Vector.Create(T.CreateTruncating(-0.6931471805599453));
        for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
        {
            Vector<T> mean = Vector<T>.Zero, own = Vector.LoadUnsafe(ref share, i);
            for (nuint k = 0; k < (nuint)_count; k++)
                mean = SimdMath.MultiplyAdd(Vector.LoadUnsafe(ref weights, k * pitch + i), Vector.LoadUnsafe(ref changes, k * pitch + i), mean);
            mean *= own;
            own *= bits;
            for (nuint k = 0; k < (nuint)_count; k++)
            {
                nuint at = k * pitch + i;
                ((Vector.LoadUnsafe(ref changes, at) - mean) * (Vector.LoadUnsafe(ref weights, at) * own)).StoreUnsafe(ref changes, at);
            }
        }
    }

    private void Add(ref T values, nuint pitch, ref T slope, nuint stride, nuint lanes)
    {
        for (nuint j = 0; j < (nuint)_d; j++)
            for (nuint i = 0; i < lanes; i += (nuint)Vector<T>.Count)
                (Vector.LoadUnsafe(ref slope, j * stride + i) + Vector.LoadUnsafe(ref values, j * pitch + i)).StoreUnsafe(ref slope, j * stride + i);
    }

    private static void Copy(ref T from, ref T to, nuint lanes)
        => MemoryMarshal.CreateSpan(ref from, (int)lanes).CopyTo(MemoryMarshal.CreateSpan(ref to, (int)lanes));
}
