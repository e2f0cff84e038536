using FlowDsl.Mathematics.Numerics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Fitting;

/// <summary>
/// Expectation-maximisation for a Gaussian mixture (Dempster, Laird and Rubin, JRSS B 39 (1977), 1-38; McLachlan and Peel, Finite Mixture
/// Models (2000), chapter 3), with covariances bounded from below.
/// </summary>
internal sealed class ExpectationMaximization
{
    // A component with less than this share of one point describes nothing, and its moments are rounding noise.
    private const double DeadMass = 1e-10;

    // Points whose share is below e^-70 change nothing in double precision, even all of them together.
    private const double NegligibleLog = -70;

    // |W| times the radius of the data: a bound on the digits that the difference of two whitened points may lose.
    private const double WhiteningLoss = 1e5;

    private const double LogTwoPi = 1.8378770664093454836;

    private readonly PointBlocks _blocks;
    private readonly PointMoments _moments;
    private readonly CovarianceFloor _floor;
    private readonly int _n;
    private readonly int _d;
    private readonly int _count;
    private readonly CovarianceType _type;
    private readonly int _maxThreads;
    private readonly double _radius;
    private readonly double[] _origin;
    private readonly double[] _responsibilities;
    private readonly double[] _logDensities;
    private readonly double[] _logScales;
    private readonly double[][] _whitenings;
    private readonly int[] _axesAtFloor;
    private readonly List<double> _history = [];
    private int _reseedings;

    /// <summary>Makes a fit for one data set, to be started any number of times.</summary>
    /// <param name="points">Row-major n×d; centred, so that moments lose no digits to a far origin.</param>
    /// <param name="d">The number of coordinates.</param>
    /// <param name="count">K.</param>
    /// <param name="type">The form of the covariances.</param>
    /// <param name="floor">The minimum variance in any direction, not negative.</param>
    /// <param name="pointWeights">How often each point counts, positive; null to count each once.</param>
    /// <param name="maxThreads">The maximum number of threads; -1 for one per processor.</param>
    public ExpectationMaximization(
        double[] points, int d, int count, CovarianceType type, double floor, double[]? pointWeights = null, int maxThreads = -1)
    {
        (_n, _d, _count, _type, _maxThreads) = (points.Length / d, d, count, type, maxThreads);
        _blocks = new PointBlocks(points, d);
        _responsibilities = new double[count * _n];
        _moments = new PointMoments(points, pointWeights, d, count, type, _responsibilities, maxThreads);
        double[] columnVariances = new double[d];
        for (int i = 0; i < points.Length; i++)
        {
            columnVariances[i % d] += _moments.Weight(i / d) * points[i] * points[i] / _moments.TotalWeight;
            _radius = Math.Max(_radius, Math.Abs(points[i]));
        }
        _floor = new CovarianceFloor(type, floor, columnVariances);
        _origin = new double[d];
        _logDensities = new double[_n];
        _logScales = new double[count];
        _whitenings = new double[count][];
        _axesAtFloor = new int[count];
        Weights = new double[count];
        Means = new double[count][];
        Covariances = new double[count][];
    }

    /// <summary>The K weights.</summary>
    public double[] Weights { get; }

    /// <summary>The K means of d values.</summary>
    public double[][] Means { get; }

    /// <summary>The K covariances: 1 value (spherical), d values (diagonal) or a row-major d×d matrix; one instance if tied.</summary>
    public double[][] Covariances { get; }

    /// <summary>For each component, the number of axes along which its variance is the floor.</summary>
    public IReadOnlyList<int> AxesAtFloor => _axesAtFloor;

    /// <summary>The points in blocks.</summary>
    public PointBlocks Blocks => _blocks;

    /// <summary>The total log-likelihood at the start and after each step, since the last re-seeding of a component.</summary>
    public IReadOnlyList<double> History => _history;

    /// <summary>The steps done.</summary>
    public int Iterations { get; private set; }

    /// <summary>Whether the last run ended because the gain fell to the tolerance.</summary>
    public bool Converged { get; private set; }

    /// <summary>Initialises the parameters from clusters.</summary>
    /// <param name="cluster">The cluster, 0 to K - 1, of each of the n points.</param>
    /// <returns>Whether there is a start: false if no available covariance is regular.</returns>
    public bool Start(int[] cluster)
    {
        double[] within = new double[_moments.ShapeLength];
        double[][] scatters = new double[_count][];
        double[] masses = new double[_count];
        int[] sizes = new int[_count];
        foreach (int k in cluster) sizes[k]++;
        double total = 0;
        for (int k = 0; k < _count; k++)
        {
            Span<double> share = _moments.Responsibilities(k);
            for (int i = 0; i < _n; i++) share[i] = cluster[i] == k ? 1 : 0;
        }
        _moments.Locate(masses, Means);
        _moments.Scatter(Means, scatters);
        for (int k = 0; k < _count; k++)
        {
            // A cluster is empty only if points coincide up to rounding: use one of them.
            if (sizes[k] == 0) (masses[k], Means[k]) = (_moments.Weight(k), _moments.Row(k).ToArray());
            for (int m = 0; m < within.Length; m++) within[m] += scatters[k][m] / _moments.TotalWeight;
            total += masses[k];
        }
        // A cluster of few points is flat whatever its component is, and expectation-maximisation cannot leave a spike at the floor. Start from the
        // spread within all clusters instead, or from that of all points if the clusters are just as small.
        int enough = _type is CovarianceType.Full or CovarianceType.Tied ? _d + 1 : 2;
        bool usable = _floor.TryBound(within, out BoundedCovariance bound);
        if (!usable || (bound.Raised && _n - _count < enough))
        {
            within = _moments.Overall();
            if (!_floor.TryBound(within, out bound)) return false;
        }
        for (int k = 0; k < _count; k++)
        {
            Weights[k] = masses[k] / total;
            double[] own = PointMoments.Scaled(scatters[k], 1 / masses[k]);
            bool hasOwn = _type != CovarianceType.Tied && sizes[k] >= enough;
            if (hasOwn && _floor.TryBound(own, out BoundedCovariance ownBound) && (bound.Raised || !ownBound.Raised)) Set(k, own, ownBound);
            else Set(k, within, bound);
        }
        return true;
    }

    /// <summary>Initialises with the given parameters.</summary>
    /// <param name="weights">K positive weights that sum to 1.</param>
    /// <param name="means">K means of d values, in the coordinates of the points.</param>
    /// <param name="covariances">K covariances in the shape of <see cref="Covariances"/>.</param>
    /// <returns>Whether every covariance is regular.</returns>
    public bool Start(double[] weights, double[][] means, double[][] covariances)
    {
        for (int k = 0; k < _count; k++)
        {
            (Weights[k], Means[k]) = (weights[k], means[k]);
            if (!_floor.TryBound(covariances[k], out BoundedCovariance bound)) return false;
            Set(k, covariances[k], bound);
        }
        return true;
    }

    /// <summary>Runs from the start until the gain is small.</summary>
    /// <param name="maxIterations">The maximum number of steps.</param>
    /// <param name="tolerance">The minimum gain per step to go on, in nats for a weight of one.</param>
    /// <param name="report">Called with the number of steps done and the log-likelihood after them.</param>
    /// <param name="cancellationToken">Checked before every step.</param>
    /// <returns>Whether the run ended normally: false if a covariance became singular.</returns>
    public bool Run(int maxIterations, double tolerance, Action<int, double>? report, CancellationToken cancellationToken)
    {
        _history.Clear();
        (_reseedings, Iterations, Converged) = (0, 0, false);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double logLikelihood = Expect();
            if (!double.IsFinite(logLikelihood)) return false;
            _history.Add(logLikelihood);
            report?.Invoke(Iterations, logLikelihood);
            Converged = _history.Count > 1 && (logLikelihood - _history[^2]) / _moments.TotalWeight <= tolerance;
            if (Converged || Iterations == maxIterations) return true;
            switch (Maximise())
            {
                case Step.Singular: return false;
                case Step.Exhausted: return true;
            }
            Iterations++;
        }
    }

    private enum Step
    {
        Done,
        Singular,
        Exhausted,
    }

    private void Set(int k, double[] covariance, BoundedCovariance bound)
    {
        (Covariances[k], _whitenings[k], _axesAtFloor[k]) = (covariance, bound.Whitening, bound.AxesAtFloor);
        _logScales[k] = PortableMath.Log(Weights[k]) - 0.5 * (_d * LogTwoPi + bound.LogDeterminant);
    }

    // The E-step, in log space: log p(x_i) = log Σ_k exp(l_ik) and r_ik = exp(l_ik - log p(x_i)), l_ik = log w_k N(x_i; μ_k, Σ_k).
    private double Expect()
    {
        double[][]? whitenedMeans = WhitenedMeans();
        double work = _type is CovarianceType.Full ? (double)_n * _count * _d * _d : (double)_n * _count * (_d + 20);
        ParallelWork.ForEach(_blocks.BlockCount, work, _maxThreads, block => Expect(block, whitenedMeans));

        // Compensated (Neumaier), so that rounding over many points does not hide a small gain.
        double sum = 0, compensation = 0;
        for (int i = 0; i < _n; i++)
        {
            double term = _moments.Weight(i) * _logDensities[i];
            double next = sum + term;
            compensation += Math.Abs(sum) >= Math.Abs(term) ? sum - next + term : term - next + sum;
            sum = next;
        }
        return sum + compensation;
    }

    // W μ_k for one shared W: whitening the points once serves all components, provided that W x - W μ loses no significant digits.
    private double[][]? WhitenedMeans()
    {
        if (_type != CovarianceType.Tied || _radius * Math.Sqrt(CovarianceFloor.SquaredNorm(_whitenings[0])) > WhiteningLoss) return null;
        double[] whitening = _whitenings[0];
        return [.. Means.Select(mean =>
        {
            double[] whitened = new double[_d];
            for (int j = 0; j < _d; j++)
                for (int m = 0; m <= j; m++) whitened[j] += whitening[j * _d + m] * mean[m];
            return whitened;
        })];
    }

    private void Expect(int block, double[][]? whitenedMeans)
    {
        const int size = PointBlocks.Size;
        ReadOnlySpan<double> points = _blocks.Block(block);
        using var termRows = new PooledRows<double>(_count * size);
        using var deviationRows = new PooledRows<double>(_d * size);
        using var productRows = new PooledRows<double>((_d + 3) / 4 * 4 * size);
        Span<double> terms = termRows.Span, deviations = deviationRows.Span, products = productRows.Span, whitened = products[..(_d * size)];
        if (whitenedMeans is not null) PointBlocks.Multiply(_whitenings[0], points, products);
        for (int k = 0; k < _count; k++)
        {
            Span<double> squares = terms.Slice(k * size, size);
            if (whitenedMeans is not null)
            {
                PointBlocks.SquaredDistances(whitened, whitenedMeans[k], [], squares);
            }
            else if (_type is CovarianceType.Full or CovarianceType.Tied)
            {
                PointBlocks.Subtract(points, Means[k], deviations);
                PointBlocks.Multiply(_whitenings[k], deviations, products);
                PointBlocks.SquaredDistances(whitened, _origin, [], squares);
            }
            else
            {
                PointBlocks.SquaredDistances(points, Means[k], _whitenings[k], squares);
            }
            for (int p = 0; p < size; p++) squares[p] = _logScales[k] - 0.5 * squares[p];
        }
        for (int p = 0; p < _blocks.CountOf(block); p++) Normalize(block * size + p, terms[p..]);
    }

    private void Normalize(int i, Span<double> terms)
    {
        double greatest = double.NegativeInfinity;
        for (int k = 0; k < _count; k++) greatest = Math.Max(greatest, terms[k * PointBlocks.Size]);
        double scale = 0;
        for (int k = 0; k < _count; k++)
        {
            double log = terms[k * PointBlocks.Size] - greatest;
            double term = log < NegligibleLog ? 0 : PortableMath.Exp(log);
            _responsibilities[k * _n + i] = term;
            scale += term;
        }
        for (int k = 0; k < _count; k++) _responsibilities[k * _n + i] /= scale;
        _logDensities[i] = greatest + PortableMath.Log(scale);
    }

    private Step Maximise()
    {
        double unit = _moments.TotalWeight / _n;
        double[] masses = new double[_count];
        double[][] before = [.. Means];
        _moments.Locate(masses, Means);
        int dead = masses.Count(mass => mass < DeadMass * unit);
        // Limited, so that a component that dies wherever it is put does not keep the run going.
        _reseedings += dead;
        if (dead > 0 && _reseedings > _count)
        {
            before.CopyTo(Means, 0);
            return Step.Exhausted;
        }

        double total = 0;
        foreach (double mass in masses) total += mass < DeadMass * unit ? 0 : mass;
        double[][] scatters = new double[_count][];
        BoundedCovariance bound = default;
        double[] within = [];
        if (_type == CovarianceType.Tied)
        {
            within = PointMoments.Scaled(_moments.Within(Means), 1 / total);
            if (!_floor.TryBound(within, out bound)) return Step.Singular;
        }
        else
        {
            _moments.Scatter(Means, scatters);
        }
        double deadShare = 0;
        double[][] covariances = new double[_count][];
        for (int k = 0; k < _count; k++)
        {
            covariances[k] = within;
            if (masses[k] < DeadMass * unit)
            {
                int worst = MinProbable();
                Means[k] = _moments.Row(worst).ToArray();
                Weights[k] = _moments.Weight(worst) / _moments.TotalWeight;
                deadShare += Weights[k];
                if (_type != CovarianceType.Tied) covariances[k] = _moments.Overall();
            }
            else if (_type != CovarianceType.Tied)
            {
                covariances[k] = PointMoments.Scaled(scatters[k], 1 / masses[k]);
            }
        }
        for (int k = 0; k < _count; k++)
            if (!(masses[k] < DeadMass * unit)) Weights[k] = masses[k] / total * (1 - deadShare);

        var bounds = new BoundedCovariance[_count];
        int singular = 0;
        if (_type == CovarianceType.Tied)
            bounds.AsSpan().Fill(bound);
        else
            ParallelWork.ForEach(_count, 4.0 * _count * _d * _d * _d, _maxThreads, k =>
            {
                if (!_floor.TryBound(covariances[k], out bounds[k])) Interlocked.Exchange(ref singular, 1);
            });
        if (singular > 0) return Step.Singular;
        for (int k = 0; k < _count; k++) Set(k, covariances[k], bounds[k]);
        if (dead > 0) _history.Clear();
        return Step.Done;
    }

    // The point that the mixture explains worst: the farthest from the components in their own metric. It counts once.
    private int MinProbable()
    {
        int worst = 0;
        for (int i = 1; i < _n; i++)
            if (_logDensities[i] < _logDensities[worst]) worst = i;
        _logDensities[worst] = double.PositiveInfinity;
        return worst;
    }
}
