using FlowDsl.Flows;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Errors.Budget;

/// <summary>
/// Compares a composition's path with the fan of exact flows from each of its nodes to the end: x̂_N - x_N is the sum of the distances between
/// neighbouring ends.
/// </summary>
internal sealed class FanDecomposition
{
    private readonly GaussianMixtureModel _model;
    private readonly IReadOnlyList<double> _times;
    private readonly double[][] _path;
    private readonly double _greatest, _tolerance;
    private readonly int _d;

    /// <summary>Prepares a decomposition.</summary>
    /// <param name="model">The model.</param>
    /// <param name="times">N + 1 decreasing times.</param>
    /// <param name="path">The composition's states at each time, n×d values.</param>
    /// <param name="greatest">The maximum length of a first-order contribution.</param>
    /// <param name="tolerance">The tolerance of the exact flows.</param>
    public FanDecomposition(GaussianMixtureModel model, IReadOnlyList<double> times, double[][] path, double greatest, double tolerance)
    {
        (_model, _times, _path, _greatest, _tolerance, _d) = (model, times, path, greatest, tolerance, model.Dimension);
        Count = path[0].Length / _d;
        (Ends, Errors, PredictedErrors) = (new double[path[0].Length], new double[path[0].Length], new double[path[0].Length]);
        Squares = new SegmentSquares[Count * SegmentCount];
    }

    /// <summary>n.</summary>
    public int Count { get; }

    /// <summary>N.</summary>
    public int SegmentCount => _times.Count - 1;

    /// <summary>x_N, where the exact flow takes the starts, n×d values.</summary>
    public double[] Ends { get; }

    /// <summary>x̂_N - x_N.</summary>
    public double[] Errors { get; }

    /// <summary>The same to first order.</summary>
    public double[] PredictedErrors { get; }

    /// <summary>The segments' squares for each sample, sample by sample.</summary>
    public SegmentSquares[] Squares { get; }

    /// <summary>Integrates the fans of all samples.</summary>
    /// <param name="threads">The maximum number of threads; -1 for one per processor.</param>
    /// <param name="progress">Receives the number of finished samples.</param>
    /// <param name="cancellationToken">Stops between steps of the flows.</param>
    public void Run(int threads, IProgress<long>? progress, CancellationToken cancellationToken)
        => _model.BatchFlow.ForEachBatch(
            Count, tangent: true, threads, (worker, first, n) => new Fan(this, worker, first, n).Decompose(cancellationToken), progress, cancellationToken);

    /// <summary>The fans of some samples, node by node: one flow map advances all of them.</summary>
    private readonly struct Fan(FanDecomposition owner, FlowWorker worker, int first, int n)
    {
        public void Decompose(CancellationToken cancellationToken)
        {
            int d = owner._d, count = owner.SegmentCount;
            double final = owner._times[count];
            double[] points = new double[n * d], ends = new double[n * d], last = new double[n * d], local = new double[n * d], products = new double[n * d];
            Span<double> exact = Own(owner.Ends), errors = Own(owner.Errors);
            for (int j = 0; j < count; j++)
            {
                // The exact flow passes the next node on its way to the end; the segment's own error is read there.
                double next = owner._times[j + 1];
                worker.Map(owner._times[j], next, Own(owner._path[j]), local, points, products, [], owner._tolerance, cancellationToken);
                if (next == final) points.CopyTo(ends, 0);
                else worker.Map(next, final, points, products, ends, products, [], owner._tolerance, cancellationToken);
                if (j == 0)
                {
                    ends.CopyTo(exact);
                    ReadOnlySpan<double> reached = Own(owner._path[count]);
                    for (int c = 0; c < errors.Length; c++) errors[c] = reached[c] - exact[c];
                }
                else
                {
                    Contribute(j - 1, products, ends, last);
                }
                ends.CopyTo(last, 0);
                ReadOnlySpan<double> node = Own(owner._path[j + 1]);
                for (int c = 0; c < local.Length; c++) local[c] = node[c] - points[c];
                for (int i = 0; i < n; i++)
                {
                    ref SegmentSquares squares = ref Squares(i, j);
                    ReadOnlySpan<double> own = local.AsSpan(i * d, d);
                    squares = squares with { Local = Vectors.Dot(own, own) };
                }
            }
            Contribute(count - 1, local, Own(owner._path[count]), last);
        }

        private Span<double> Own(double[] rows) => rows.AsSpan(first * owner._d, n * owner._d);

        private ref SegmentSquares Squares(int sample, int segment) => ref owner.Squares[(first + sample) * owner.SegmentCount + segment];

        /// <summary>A segment's contribution to the errors, and the same to first order.</summary>
        private void Contribute(int segment, ReadOnlySpan<double> products, ReadOnlySpan<double> ends, ReadOnlySpan<double> last)
        {
            int d = owner._d;
            for (int i = 0; i < n; i++)
            {
                Span<double> predicted = Own(owner.PredictedErrors).Slice(i * d, d);
                ReadOnlySpan<double> end = ends.Slice(i * d, d), before = last.Slice(i * d, d);
                ReadOnlySpan<double> error = Own(owner.Errors).Slice(i * d, d), exact = Own(owner.Ends).Slice(i * d, d);
                ref SegmentSquares squares = ref Squares(i, segment);
                double square = 0, along = 0, cumulative = 0;
                for (int c = 0; c < d; c++)
                {
                    double contribution = end[c] - before[c];
                    square += contribution * contribution;
                    along += contribution * error[c];
                    cumulative += (end[c] - exact[c]) * (end[c] - exact[c]);
                }
                double firstOrder = AddFirstOrder(products.Slice(i * d, d), predicted);
                squares = squares with { FirstOrder = firstOrder, Contribution = square, Along = along, Cumulative = cumulative };
            }
        }

        /// <summary>Adds a first-order contribution, cut at the width of the data: beyond it, first order says nothing.</summary>
        private double AddFirstOrder(ReadOnlySpan<double> product, Span<double> predicted)
        {
            double greatest = owner._greatest, length = Vectors.Norm(product), factor = length > greatest ? greatest / length : 1;
            // An overflowed first-order term has no direction; only the length is kept.
            if (double.IsPositiveInfinity(length)) return greatest * greatest;
            Vectors.AddScaled(factor, product, predicted);
            return factor * length * (factor * length);
        }
    }
}

/// <summary>One sample's share of one segment's figures: squared lengths, and the product of its contribution with the total error.</summary>
internal readonly record struct SegmentSquares(double Local, double Contribution, double FirstOrder, double Along, double Cumulative);
