using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics.Solvers;

namespace FlowDsl.Runtime.Loops;

/// <summary>A combination of the means for one lane of a tile.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal readonly ref struct LaneVector<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly CoefficientTables<T> _tables;
    private readonly CoefficientRows<T> _tile;
    private readonly nuint _lane;
    private readonly Span<double> _values;
    private readonly int _owner;

    /// <summary>Places the vector.</summary>
    /// <param name="tables">The mixture.</param>
    /// <param name="tile">The tile.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="values">Room for K coefficients.</param>
    /// <param name="owner">The lane's component.</param>
    public LaneVector(CoefficientTables<T> tables, in CoefficientRows<T> tile, nuint lane, Span<double> values, int owner)
    {
        (_tables, _lane, _owner) = (tables, lane, owner);
        _values = values;
        _tile = tile;
    }

    /// <summary>Start·x + Mean·μ + factor · other, with x the state and μ the component's mean.</summary>
    /// <param name="flow">Start and Mean.</param>
    /// <param name="other">The coefficients of another vector.</param>
    /// <param name="factor">Its factor; 0 for none.</param>
    public void Set(GaussianFlow flow, ref T other, double factor)
    {
        for (int k = 0; k < _values.Length; k++)
        {
            nuint at = (nuint)k * _tile.Lanes + _lane;
            _values[k] = flow.Start * double.CreateTruncating(Unsafe.Add(ref _tile.Coefficients, at));
            if (factor != 0) _values[k] += factor * double.CreateTruncating(Unsafe.Add(ref other, at));
        }
        _values[_owner] += flow.Mean;
    }

    /// <summary>The length of it, with the parts in y and m.</summary>
    /// <param name="common">These parts.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Length(CommonPart common)
    {
        double sum = common.Start * common.Start * double.CreateTruncating(Unsafe.Add(ref _tile.Square, _lane))
            + 2 * common.Start * common.Centre * double.CreateTruncating(Unsafe.Add(ref _tile.Along, _lane))
            + common.Centre * common.Centre * _tables.CentreSquare;
        int count = _values.Length;
        for (int k = 0; k < count; k++)
        {
            double product = 2 * common.Centre * _tables.AlongCentre[k]
                + 2 * common.Start * double.CreateTruncating(Unsafe.Add(ref _tile.Products, (nuint)k * _tile.Lanes + _lane));
            product += Dot(_tables.Products.AsSpan(k * count, count), _values);
            sum += _values[k] * product;
        }
        return Math.Sqrt(Math.Max(sum, 0));
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        Vector<double> sums = Vector<double>.Zero;
        int i = 0;
        for (; i <= left.Length - Vector<double>.Count; i += Vector<double>.Count) sums += new Vector<double>(left[i..]) * new Vector<double>(right[i..]);
        double sum = Vector.Sum(sums);
        for (; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }
}
