using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Data;

/// <summary>A data set as kernels read it: packed rows about their mean, and what bounds their products with samples at a fraction of the cost.</summary>
internal sealed class DataDirections
{
    // Rows that show the directions in which all differ most; any directions would do, these exclude more.
    private const int ShowingRows = 2048;

    /// <summary>The maximum number of directions, whole groups.</summary>
    public const int MostDirections = 48;

    private const int LeastDimension = 32, LeastRows = 256, Iterations = 6;

    // Points of the process at which the bounds are tried.
    private const int TriedPoints = 24;

    private readonly double[] _basis = [];
    private readonly PackedRows? _directions;
    private readonly float[] _zeros = new float[PackedRows.GroupRows];

    /// <summary>Packs a data set.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="mean">Their mean.</param>
    public DataDirections(DataRows rows, double[] mean)
    {
        Mean = mean;
        MeanLength = Math.Sqrt(mean.Sum(value => value * value));
        var layout = new RowLayout(rows, mean);
        Origin = layout.Origin;
        Rows = PackedRows.Of(rows, mean, layout);
        int d = rows.Dimension, q = Math.Min(MostDirections, d / 4) / PackedRows.GroupRows * PackedRows.GroupRows;
        if (d < LeastDimension || rows.Count < LeastRows) return;
        _basis = Principal(q);
        _directions = PackedRows.Of(new MemoryRows(_basis, d));
        Bounds = PackedRows.Of(new ProjectedRows(Rows, _basis, q));
    }

    /// <summary>The rows, in an order that is not the file's: their distances are from the mean.</summary>
    public PackedRows Rows { get; }

    /// <summary>The mean.</summary>
    public double[] Mean { get; }

    /// <summary>Its length.</summary>
    public double MeanLength { get; }

    /// <summary>The point from which the values of <see cref="Rows"/> count.</summary>
    public double[] Origin { get; }

    /// <summary>The rows' coordinates along the directions, and the length of what is left of each; null where bounds do not pay.</summary>
    public PackedRows? Bounds { get; }

    /// <summary>The coordinates of samples along the directions, and at least the length of what is left of each.</summary>
    /// <param name="samples">A panel of d coordinates.</param>
    /// <param name="squares">The squared lengths of its samples.</param>
    /// <param name="rounding">The relative rounding of a product.</param>
    /// <param name="projected">Receives a panel of the coordinates of <see cref="Bounds"/>.</param>
    public void Project(ref float samples, ReadOnlySpan<double> squares, double rounding, ref float projected)
    {
        PackedRows directions = _directions!;
        int q = Bounds!.Dimension - 1;
        for (int group = 0; group < directions.Groups; group++)
        {
            ref float target = ref Unsafe.Add(ref projected, group * PackedRows.GroupRows * PanelProducts.Lanes);
            for (int chunk = 0; chunk < directions.Chunks; chunk++)
            {
                RowPart part = directions.Part(group, chunk);
                PanelProducts.Energies(
                    ref part.Values, ref part.Coordinates, part.Count, ref Unsafe.Add(ref samples, chunk * PackedRows.ChunkCoordinates * PanelProducts.Lanes),
                    ref (chunk == 0 ? ref _zeros[0] : ref Unsafe.NullRef<float>()), ref target);
            }
        }
        for (int i = 0; i < PanelProducts.Lanes; i++)
        {
            double rest = squares[i] * (1 + 4 * rounding);
            for (int axis = 0; axis < q; axis++)
            {
                // The products were subtracted from 0.
                ref float own = ref Unsafe.Add(ref projected, axis * PanelProducts.Lanes + i);
                own = -own;
                rest -= (double)own * own;
            }
            Unsafe.Add(ref projected, q * PanelProducts.Lanes + i) = (float)Math.Sqrt(Math.Max(rest, 0));
        }
    }

    /// <summary>The share of the rows that the bounds leave, on average over points a·row + √spread·noise.</summary>
    /// <param name="a">a.</param>
    /// <param name="spread">The variance of a component.</param>
    /// <param name="margin">The bits beyond the nearest row.</param>
    public double ShareWithin(double a, double spread, double margin)
    {
        PackedRows bounds = Bounds!;
        int d = Rows.Dimension, last = bounds.Dimension - 1, left = 0, tried = Math.Min(Rows.Count, 4096), random = 0;
        double scale = 0.5 * 1.4426950408889634074 / spread, deviation = Math.Sqrt(spread);
        double[][] points = new double[TriedPoints][];
        double[] limits = new double[TriedPoints], row = new double[bounds.Dimension];
        for (int point = 0; point < TriedPoints; point++)
        {
            bounds.CopyRow((int)((long)point * Rows.Count / TriedPoints), row);
            double noise = 0, others = spread * (d - last);
            double[] along = points[point] = Array.ConvertAll(row, value => a * value);
            for (int axis = 0; axis < last; axis++)
            {
                double normal = Normal(ref random);
                along[axis] += deviation * normal;
                noise += normal * normal;
            }
            // The rest of the noise is orthogonal to the row's, but for a part that is small in many dimensions.
            along[last] = Math.Sqrt(along[last] * along[last] + others);
            limits[point] = spread * noise + others + margin / scale;
        }
        for (int k = 0; k < tried; k++)
        {
            bounds.CopyRow((int)((long)k * Rows.Count / tried), row);
            for (int point = 0; point < TriedPoints; point++)
            {
                double bound = 0;
                for (int axis = 0; axis <= last; axis++)
                {
                    double difference = points[point][axis] - a * row[axis];
                    bound += difference * difference;
                }
                if (bound <= limits[point]) left++;
            }
        }
        return (double)left / ((long)tried * TriedPoints);
    }

    // Subspace iteration on the covariance of some rows.
    private double[] Principal(int q)
    {
        int d = Rows.Dimension, shown = Math.Min(Rows.Count, ShowingRows);
        double[] covariance = new double[d * d], values = new double[shown * d];
        double[] row = new double[d];
        for (int i = 0; i < shown; i++)
        {
            Rows.CopyRow((int)((long)i * Rows.Count / shown), row);
            for (int j = 0; j < d; j++) values[j * shown + i] = row[j];
        }
        Parallel.For(0, d, j =>
        {
            for (int l = 0; l <= j; l++) covariance[j * d + l] = Dot(values.AsSpan(j * shown, shown), values.AsSpan(l * shown, shown));
        });
        for (int j = 0; j < d; j++)
            for (int l = 0; l < j; l++) covariance[l * d + j] = covariance[j * d + l];
        double[] basis = new double[q * d], next = new double[q * d];
        int random = 0;
        for (int i = 0; i < basis.Length; i++) basis[i] = Normal(ref random);
        MakeOrthonormal(basis, d, ref random);
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            double[] from = basis;
            Parallel.For(0, d, j =>
            {
                for (int axis = 0; axis < q; axis++) next[axis * d + j] = Dot(covariance.AsSpan(j * d, d), from.AsSpan(axis * d, d));
            });
            (basis, next) = (next, basis);
            MakeOrthonormal(basis, d, ref random);
        }
        return basis;
    }

    // Gram and Schmidt, twice; what is left of nothing is replaced by a random direction.
    private static void MakeOrthonormal(double[] basis, int d, ref int random)
    {
        for (int axis = 0; axis < basis.Length / d; axis++)
        {
            Span<double> own = basis.AsSpan(axis * d, d);
            for (int round = 0; round < 4; round++)
            {
                double before = Math.Sqrt(Dot(own, own));
                if (before > 0) Scale(own, 1 / before);
                for (int other = 0; other < axis; other++)
                {
                    ReadOnlySpan<double> earlier = basis.AsSpan(other * d, d);
                    double along = Dot(own, earlier);
                    for (int j = 0; j < d; j++) own[j] -= along * earlier[j];
                }
                double length = Math.Sqrt(Dot(own, own));
                if (length > 0.5 && round > 0)
                {
                    Scale(own, 1 / length);
                    break;
                }
                if (length < 1e-6)
                    for (int j = 0; j < d; j++) own[j] = Normal(ref random);
            }
        }
    }

    private static void Scale(Span<double> values, double factor)
    {
        for (int j = 0; j < values.Length; j++) values[j] *= factor;
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        Vector<double> sums = Vector<double>.Zero;
        int i = 0;
        for (; i <= left.Length - Vector<double>.Count; i += Vector<double>.Count)
            sums += new Vector<double>(left[i..]) * new Vector<double>(right[i..]);
        double sum = Vector.Sum(sums);
        for (; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }

    // A sum of uniforms is normal enough here.
    private static double Normal(ref int random)
    {
        double sum = -6;
        for (int i = 0; i < 12; i++) sum += SplitMix.Uniform(random++, i);
        return sum;
    }

    /// <summary>The rows' coordinates along the directions, and at least the length of what is left.</summary>
    private sealed class ProjectedRows(PackedRows rows, double[] basis, int q) : DataRows
    {
        public override int Count => rows.Count;

        public override int Dimension => q + 1;

        public override void Read(int first, Span<double> projected)
        {
            int d = rows.Dimension;
            double[] row = new double[d];
            for (int i = 0; i < projected.Length / Dimension; i++)
            {
                rows.CopyRow(first + i, row);
                Span<double> own = projected.Slice(i * Dimension, Dimension);
                double square = 2 * rows.HalfSquares[first + i], rest = square * (1 + 1e-9);
                for (int axis = 0; axis < q; axis++)
                {
                    own[axis] = Dot(row, basis.AsSpan(axis * d, d));
                    rest -= own[axis] * own[axis];
                }
                own[q] = Math.Sqrt(Math.Max(rest, 0));
            }
        }
    }
}
