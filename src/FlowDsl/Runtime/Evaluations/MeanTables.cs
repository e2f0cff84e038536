using System.Numerics;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Evaluations;

/// <summary>The data shared by all evaluations of one mixture.</summary>
/// <remarks>Means are relative to their mean, so their differences keep all digits even far from the origin.</remarks>
internal sealed class MeanTables<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public MeanTables(Mixture mixture)
    {
        ArgumentNullException.ThrowIfNull(mixture);
        double[] centre = [.. Enumerable.Range(0, mixture.Dimension).Select(j => mixture.Means.Average(mean => mean[j]))];
        Centre = centre;
        Offsets = [.. mixture.Means.Select(mean => (double[])[.. mean.Zip(centre, (value, middle) => value - middle)])];
    }

    /// <summary>The mean of the means.</summary>
    public double[] Centre { get; }

    /// <summary>The means minus their mean.</summary>
    public double[][] Offsets { get; }

    /// <summary>The offsets as K×d.</summary>
    public PackedMatrix<T> ByComponent => field ??= new PackedMatrix<T>(Offsets.Length, Centre.Length, (k, j) => Offsets[k][j]);

    /// <summary>The offsets as d×K, with the number of columns made even.</summary>
    public PackedMatrix<T> ByCoordinate
        => field ??= new PackedMatrix<T>(Centre.Length, PackedMatrix<T>.Even(Offsets.Length), (j, k) => k < Offsets.Length ? Offsets[k][j] : 0);
}
