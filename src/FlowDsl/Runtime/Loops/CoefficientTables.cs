using System.Numerics;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Evaluations;

namespace FlowDsl.Runtime.Loops;

/// <summary>The data that all evaluations of a <see cref="CoefficientKernel{T}"/> share.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class CoefficientTables<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double[][] _offsets;
    private readonly T[] _zeros;

    /// <summary>Tabulates a mixture.</summary>
    /// <param name="mixture">A mixture with one isotropic covariance.</param>
    /// <param name="means">Its means.</param>
    public CoefficientTables(Mixture mixture, MeanTables<T> means)
    {
        Mixture = mixture;
        double[][] offsets = _offsets = means.Offsets;
        CentreSquare = Dot(means.Centre, means.Centre);
        int count = offsets.Length;
        Products = new double[count * count];
        for (int k = 0; k < count; k++)
            for (int l = 0; l <= k; l++) Products[k * count + l] = Products[l * count + k] = Dot(offsets[k], offsets[l]);
        AlongCentre = [.. offsets.Select(offset => Dot(offset, means.Centre))];
        Count = PackedMatrix<T>.Even(count);
        Gram = new PackedMatrix<T>(Count, Count, (k, l) => k < count && l < count ? Products[k * count + l] : 0);
        NarrowAlongCentre = new T[Count];
        _zeros = new T[Count];
        for (int k = 0; k < count; k++) NarrowAlongCentre[k] = T.CreateTruncating(AlongCentre[k]);
    }

    /// <summary>The mixture.</summary>
    public Mixture Mixture { get; }

    /// <summary>K, made even.</summary>
    public int Count { get; }

    /// <summary>The products of the means minus their mean with one another.</summary>
    public double[] Products { get; }

    /// <summary>The same for the loops, with a padded row and column if K is odd.</summary>
    public PackedMatrix<T> Gram { get; }

    /// <summary>The products of the means minus their mean with their mean.</summary>
    public double[] AlongCentre { get; }

    /// <summary>The same for the loops.</summary>
    public T[] NarrowAlongCentre { get; }

    /// <summary>The square of the mean of the means.</summary>
    public double CentreSquare { get; }

    /// <summary>A row of zeros to start products from.</summary>
    public ref T Zeros => ref MemoryMarshal.GetArrayDataReference(_zeros);

    /// <summary>The products of the means minus their mean with a direction.</summary>
    /// <param name="direction">The direction.</param>
    public double[] ProductsWith(double[] direction) => [.. _offsets.Select(offset => Dot(offset, direction))];

    private static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (int j = 0; j < left.Length; j++) sum += left[j] * right[j];
        return sum;
    }
}
