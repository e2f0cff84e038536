using FlowDsl.Analysis;
using FlowDsl.Certification;

namespace FlowDsl;

/// <summary>
/// The path of a composition against the fan of exact flows from each of its nodes to the end: x̂_N - x_N is the sum of the distances
/// between the ends of neighbours.
/// </summary>
internal sealed class FanDecomposition
{
    private const double Tolerance = 1e-12;

    // Samples a thread takes at a time: a flow takes a tenth of a millisecond to milliseconds.
    private const int BatchSize = 16;

    private readonly GaussianMixtureModel _model;
    private readonly IReadOnlyList<double> _times;
    private readonly double[][] _path;
    private readonly double _greatest;
    private readonly int _d;

    /// <summary>Prepares a decomposition.</summary>
    /// <param name="model">The model.</param>
    /// <param name="times">N + 1 decreasing times.</param>
    /// <param name="path">The composition's states at each, n×d values.</param>
    /// <param name="greatest">What the length of a first-order contribution is cut at.</param>
    public FanDecomposition(GaussianMixtureModel model, IReadOnlyList<double> times, double[][] path, double greatest)
    {
        (_model, _times, _path, _greatest, _d) = (model, times, path, greatest, model.Dimension);
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

    /// <summary>Squares of the segments of each sample, sample by sample.</summary>
    public SegmentSquares[] Squares { get; }

    /// <summary>Integrates the fans of all samples.</summary>
    /// <param name="threads">The most threads to use; -1 for one a processor.</param>
    /// <param name="progress">Told the number of finished samples.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public void Run(int threads, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        long finished = 0;
        object gate = new();
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, (Count + BatchSize - 1) / BatchSize, options, () => new Worker(this), (batch, _, worker) =>
        {
            int first = batch * BatchSize, n = Math.Min(BatchSize, Count - first);
            for (int i = first; i < first + n; i++) worker.Decompose(i);
            if (progress is not null)
                lock (gate) progress.Report(finished += n);
            return worker;
        }, _ => { });
    }

    private sealed class Worker(FanDecomposition fan)
    {
        private readonly ExtrapolatedFlow _flow = fan._model.Flow(Tolerance);
        private readonly double[] _point = new double[fan._d], _end = new double[fan._d], _last = new double[fan._d];
        private readonly double[] _local = new double[fan._d], _product = new double[fan._d];

        public void Decompose(int sample)
        {
            int d = fan._d, count = fan.SegmentCount;
            double final = fan._times[count];
            Span<double> exact = fan.Ends.AsSpan(sample * d, d), error = fan.Errors.AsSpan(sample * d, d), predicted = fan.PredictedErrors.AsSpan(sample * d, d);
            Span<SegmentSquares> squares = fan.Squares.AsSpan(sample * count, count);
            for (int j = 0; j < count; j++)
            {
                // On the way to the end, the exact flow passes the next node: there the segment's own error is seen.
                double next = fan._times[j + 1];
                if (j == 0)
                {
                    _flow.Map(fan._times[0], next, Node(0, sample), _point);
                    if (count == 1) _point.CopyTo(_end, 0);
                    else _flow.Map(next, final, _point, _end);
                    _end.CopyTo(exact);
                    for (int c = 0; c < d; c++) error[c] = Node(count, sample)[c] - exact[c];
                }
                else
                {
                    _flow.Map(fan._times[j], next, Node(j, sample), _local, _point, _product);
                    if (j + 1 == count) _point.CopyTo(_end, 0);
                    else _flow.Map(next, final, _point, _product, _end, _product);
                    squares[j - 1] = squares[j - 1] with { FirstOrder = AddFirstOrder(predicted) };
                    Contribute(ref squares[j - 1], _end, error, exact);
                }
                _end.CopyTo(_last, 0);
                for (int c = 0; c < d; c++) _local[c] = Node(j + 1, sample)[c] - _point[c];
                squares[j] = squares[j] with { Local = Vectors.Dot(_local, _local) };
            }
            _local.CopyTo(_product, 0);
            squares[count - 1] = squares[count - 1] with { FirstOrder = AddFirstOrder(predicted) };
            Contribute(ref squares[count - 1], Node(count, sample), error, exact);
        }

        private ReadOnlySpan<double> Node(int node, int sample) => fan._path[node].AsSpan(sample * fan._d, fan._d);

        /// <summary>Adds a first-order contribution, cut where it is longer than the data are wide: there the first order says nothing.</summary>
        private double AddFirstOrder(Span<double> predicted)
        {
            double length = Vectors.Norm(_product), factor = length > fan._greatest ? fan._greatest / length : 1;
            // A first order that overflows has no direction; the length alone is kept.
            if (double.IsPositiveInfinity(length)) return fan._greatest * fan._greatest;
            Vectors.AddScaled(factor, _product, predicted);
            return factor * length * (factor * length);
        }

        private void Contribute(ref SegmentSquares squares, ReadOnlySpan<double> end, ReadOnlySpan<double> error, ReadOnlySpan<double> exact)
        {
            double square = 0, along = 0, cumulative = 0;
            for (int c = 0; c < end.Length; c++)
            {
                double contribution = end[c] - _last[c];
                square += contribution * contribution;
                along += contribution * error[c];
                cumulative += (end[c] - exact[c]) * (end[c] - exact[c]);
            }
            squares = squares with { Contribution = square, Along = along, Cumulative = cumulative };
        }
    }
}

/// <summary>One sample's part in the figures of one segment: squares of lengths, and the product of its contribution with the whole error.</summary>
internal readonly record struct SegmentSquares(double Local, double Contribution, double FirstOrder, double Along, double Cumulative);
