using System.ComponentModel;

namespace FlowDsl.Mathematics.Structure;

/// <summary>Orthonormal axes along which a mixture of one covariance is simplest, and the mixture in the coordinates along them.</summary>
/// <remarks>
/// <para>
/// An isotropic covariance looks the same along all axes, so the first axes can span the means. In the other directions all components are equal, and
/// the law there is one Gaussian with mean <see cref="Complement"/>. A full covariance is diagonal along its principal axes.
/// </para>
/// <para>
/// All fields of the process commute with rotations: they act on the coordinates along the axes as those of <see cref="Reduced"/>.
/// </para>
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class MeansSpan
{
    // Vectors shorter than this share of the largest distance from the means' centre are rounding of the coordinates.
    private const double RankTolerance = 1e-13, CoordinateTolerance = 1e-14;

    // The same for means far from the origin: their own rounding, some units in the last place.
    private const double OffsetTolerance = 1e-15;

    // Axes along differences of means are searched among all pairs.
    private const int MaxPairedCount = 32;

    private MeansSpan(Mixture mixture, double[] centre, double[][] offsets, double[][] axes, double tolerance)
    {
        int d = mixture.Dimension, r = axes.Length;
        Axes = axes;
        double[] middle = [.. axes.Select(axis => Dot(axis, centre))];
        Complement = new double[d];
        if (r < d)
        {
            Array.Copy(centre, Complement, d);
            for (int i = 0; i < r; i++) Subtract(Complement, axes[i], middle[i]);
        }

        double[][] coordinates = [.. axes.Select(axis => offsets.Select(offset => Dot(axis, offset)).ToArray())];
        CoordinateRounding.Apply(middle, coordinates, tolerance);
        var places = new List<double[]>();
        var weights = new List<double>();
        for (int k = 0; k < mixture.Count; k++)
        {
            double[] mean = [.. coordinates.Select((along, i) => middle[i] + along[k])];
            int same = places.FindIndex(place => place.AsSpan().SequenceEqual(mean));
            if (same < 0)
            {
                places.Add(mean);
                weights.Add(mixture.Weights[k]);
            }
            else
            {
                weights[same] += mixture.Weights[k];
            }
        }
        Covariance covariance = mixture.Covariances[0], reduced = covariance.IsIsotropic
            ? Covariance.Isotropic(r, covariance.MinVariance)
            : Covariance.Diagonal(covariance.Variances.AsSpan());
        Reduced = new Mixture([.. weights], [.. places], [.. places.Select(_ => reduced)]);
    }

    /// <summary>r orthogonal unit vectors of d values; at least one, even if the means are equal.</summary>
    internal double[][] Axes { get; }

    /// <summary>The mixture of the r coordinates along the axes; components with the same mean are merged.</summary>
    public Mixture Reduced { get; }

    /// <summary>The part of the means orthogonal to the axes, the same for all: d values, zeros if r = d.</summary>
    internal double[] Complement { get; }

    /// <summary>Whether the axes span the whole space.</summary>
    public bool IsWhole => Axes.Length == Complement.Length;

    /// <summary>
    /// The axes of a mixture: the principal axes of one shared full covariance, or those of the means' span if the shared covariance is isotropic.
    /// Null if the covariances differ or the given coordinates already are the principal axes.
    /// </summary>
    /// <param name="mixture">The mixture.</param>
    public static MeansSpan? Find(Mixture mixture)
    {
        if (!mixture.HasSharedCovariance) return null;
        Covariance covariance = mixture.Covariances[0];
        if (!covariance.IsIsotropic && covariance.Basis is null) return null;
        int d = mixture.Dimension;
        double[] centre = [.. Enumerable.Range(0, d).Select(j => Middle(mixture, j))];
        double[][] offsets = [.. mixture.Means.Select(mean => mean.Zip(centre, (value, middle) => value - middle).ToArray())];
        double reach = offsets.Max(Length), rounding = OffsetTolerance * mixture.Means.Max(mean => Length(mean));
        double tolerance = CoordinateTolerance * reach + rounding;

        if (!covariance.IsIsotropic)
        {
            ImmutableArray<double> basis = covariance.Basis!.Value;
            return Along([.. Enumerable.Range(0, d).Select(axis => Enumerable.Range(0, d).Select(j => basis[j * d + axis]).ToArray())]);
        }

        // Differences of means, not offsets from their centre, whose rounding is not a difference of any means; in units of the largest distance, so
        // no square overflows.
        double[][] differences = reach == 0
            ? []
            : [.. mixture.Means.Select(mean => mean.Zip(mixture.Means[0], (value, first) => (value - first) / reach).ToArray())];
        double negligible = RankTolerance + rounding / reach;
        double[][] farthest = Orthonormal(differences, rests => Farthest(rests, negligible));
        int[] varying = [.. Enumerable.Range(0, d).Where(j => offsets.Any(offset => offset[j] != 0))];
        if (farthest.Length == 0) return Along([Unit(d, 0)]);

        // The given coordinates, if no fewer axes suffice: nothing is rounded then.
        MeansSpan span = Along(varying.Length == farthest.Length ? [.. varying.Select(j => Unit(d, j))] : farthest);
        if (farthest.Length == 1 || mixture.Count > MaxPairedCount) return span;
        // A product of mixtures, such as a grid of modes, shows along the directions from each mean to its neighbours.
        double[][] nearest = Orthonormal(differences, rests => Nearest(rests, negligible));
        if (nearest.Length != farthest.Length) return span;
        MeansSpan other = Along(nearest);
        return IndependentBlocks.Split(other.Reduced).Length > IndependentBlocks.Split(span.Reduced).Length ? other : span;

        MeansSpan Along(double[][] axes) => new(mixture, centre, offsets, axes, tolerance);
    }

    /// <summary>The mean of a coordinate over the means; the exact coordinate if all are equal.</summary>
    private static double Middle(Mixture mixture, int j)
    {
        double first = mixture.Means[0][j];
        return mixture.Means.All(mean => mean[j] == first) ? first : mixture.Means.Average(mean => mean[j]);
    }

    /// <summary>Orthonormal axes by Gram-Schmidt, each orthogonalised twice, along directions chosen until none is left.</summary>
    /// <param name="vectors">The vectors that the axes span.</param>
    /// <param name="choose">The next direction, given the vectors without their parts along the axes so far.</param>
    private static double[][] Orthonormal(double[][] vectors, Func<double[][], double[]?> choose)
    {
        double[][] rests = [.. vectors.Select(vector => (double[])[.. vector])];
        var axes = new List<double[]>();
        while (axes.Count < vectors.Length - 1 && axes.Count < vectors[0].Length && choose(rests) is { } direction)
        {
            // The remainder of a vector is orthogonal to the axes up to rounding, and after a second pass to the last bits.
            double[] axis = Unit(direction);
            foreach (double[] other in axes) Subtract(axis, other, Dot(axis, other));
            axis = Unit(axis);
            foreach (double[] rest in rests) Subtract(rest, axis, Dot(rest, axis));
            axes.Add(axis);
        }
        return [.. axes];
    }

    /// <summary>The longest vector; null if all are negligible.</summary>
    private static double[]? Farthest(double[][] vectors, double negligible)
    {
        double[]? farthest = null;
        double greatest = negligible;
        foreach (double[] vector in vectors)
        {
            double length = Math.Sqrt(Dot(vector, vector));
            // The first of equally long ones, whatever their rounding.
            if (!(length > greatest * (1 + 1e-9))) continue;
            (farthest, greatest) = (vector, length);
        }
        return farthest;
    }

    /// <summary>The shortest difference of two vectors; null if all are negligible.</summary>
    private static double[]? Nearest(double[][] vectors, double negligible)
    {
        double[]? nearest = null;
        double least = double.PositiveInfinity;
        for (int k = 0; k < vectors.Length; k++)
        {
            for (int l = 0; l < k; l++)
            {
                double[] difference = [.. vectors[k]];
                Subtract(difference, vectors[l], 1);
                double length = Math.Sqrt(Dot(difference, difference));
                if (!(length > negligible) || !(length < least * (1 - 1e-9))) continue;
                (nearest, least) = (difference, length);
            }
        }
        return nearest;
    }

    private static void Subtract(double[] vector, double[] axis, double factor)
    {
        for (int j = 0; j < vector.Length; j++) vector[j] -= factor * axis[j];
    }

    private static double[] Unit(double[] vector)
    {
        double length = Length(vector);
        return [.. vector.Select(value => value / length)];
    }

    private static double[] Unit(int d, int j)
    {
        double[] unit = new double[d];
        unit[j] = 1;
        return unit;
    }

    private static double Length(IEnumerable<double> vector)
    {
        // Scaled, so that no square overflows or vanishes.
        double greatest = vector.Max(Math.Abs);
        if (greatest == 0) return 0;
        double sum = 0;
        foreach (double value in vector) sum += value / greatest * (value / greatest);
        return greatest * Math.Sqrt(sum);
    }

    private static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (int j = 0; j < left.Length; j++) sum += left[j] * right[j];
        return sum;
    }
}
