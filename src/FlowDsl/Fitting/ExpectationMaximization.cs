using System.Buffers;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Fitting;

/// <summary>
/// Expectation-maximisation for a Gaussian mixture (Dempster, Laird and Rubin, JRSS B 39 (1977), 1-38; McLachlan and Peel, Finite Mixture
/// Models (2000), chapter 3), with covariances bounded from below.
/// </summary>
internal sealed class ExpectationMaximization
{
    // A component with less than this share of one point describes nothing, and its moments are rounding noise.
    private const double DeadMass = 1e-10;

    // If a coordinate's conditional variance is below this share of its variance, it is a linear function of the others up to rounding.
    private const double SingularShare = 1e-13;

    // Deviations of 1e-14 times the data's come from rounding of coincident points.
    private const double CoincidentShare = 1e-28;

    // An eigenvalue this near the floor, relative to it, was raised to it.
    private const double FloorRounding = 1e-9;

    // The fast eigenvalues are right to about 1e-15 of the largest: that is six digits of a floor with this share of their sum.
    private const double FastEigenShare = 1e-9;

    // Points whose share is below e^-70 change nothing in double precision, even all of them together.
    private const double NegligibleLog = -70;

    // |W| times the radius of the data: a bound on the digits that the difference of two whitened points may lose.
    private const double WhiteningLoss = 1e5;

    // Sums over points are split into parts that depend only on the number of points, so that threads do not change the bits.
    private const int MinPart = 2048, MaxParts = 16;

    private const double LogTwoPi = 1.8378770664093454836;

    private readonly double[] _points;
    private readonly PointBlocks _blocks;
    private readonly double[]? _pointWeights;
    private readonly double _totalWeight;
    private readonly int _n;
    private readonly int _d;
    private readonly int _count;
    private readonly CovarianceType _type;
    private readonly double _floor;
    private readonly int _maxThreads;
    private readonly double _radius;
    private readonly double[] _columnVariances;
    private readonly double _meanColumnVariance;
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
        (_points, _n, _d, _count, _type, _floor) = (points, points.Length / d, d, count, type, floor);
        (_pointWeights, _maxThreads) = (pointWeights, maxThreads);
        _blocks = new PointBlocks(points, d);
        (_columnVariances, _origin) = (new double[d], new double[d]);
        for (int i = 0; i < _n; i++) _totalWeight += PointWeight(i);
        for (int i = 0; i < points.Length; i++)
        {
            _columnVariances[i % d] += PointWeight(i / d) * points[i] * points[i] / _totalWeight;
            _radius = Math.Max(_radius, Math.Abs(points[i]));
        }
        foreach (double variance in _columnVariances) _meanColumnVariance += variance / d;
        _responsibilities = new double[count * _n];
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
        double[] within = new double[ShapeLength];
        double[][] scatters = new double[_count][];
        double[] masses = new double[_count];
        int[] sizes = new int[_count];
        foreach (int k in cluster) sizes[k]++;
        double total = 0;
        for (int k = 0; k < _count; k++)
        {
            Span<double> share = Responsibilities(k);
            for (int i = 0; i < _n; i++) share[i] = cluster[i] == k ? 1 : 0;
        }
        Locate(masses);
        Scatter(scatters);
        for (int k = 0; k < _count; k++)
        {
            // A cluster is empty only if points coincide up to rounding: use one of them.
            if (sizes[k] == 0) (masses[k], Means[k]) = (PointWeight(k), Row(k).ToArray());
            for (int m = 0; m < within.Length; m++) within[m] += scatters[k][m] / _totalWeight;
            total += masses[k];
        }
        // A cluster of few points is flat whatever its component is, and expectation-maximisation cannot leave a spike at the floor. Start from the
        // spread within all clusters instead, or from that of all points if the clusters are just as small.
        int enough = _type is CovarianceType.Full or CovarianceType.Tied ? _d + 1 : 2;
        bool usable = TryBound(within, out Bounded bound);
        if (!usable || (bound.Raised && _n - _count < enough))
        {
            within = Overall();
            if (!TryBound(within, out bound)) return false;
        }
        for (int k = 0; k < _count; k++)
        {
            Weights[k] = masses[k] / total;
            double[] own = Scaled(scatters[k], 1 / masses[k]);
            if (_type != CovarianceType.Tied && sizes[k] >= enough && TryBound(own, out Bounded ownBound) && (bound.Raised || !ownBound.Raised))
                Set(k, own, ownBound);
            else
                Set(k, within, bound);
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
            if (!TryBound(covariances[k], out Bounded bound)) return false;
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
            Converged = _history.Count > 1 && (logLikelihood - _history[^2]) / _totalWeight <= tolerance;
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

    private int ShapeLength => _type switch
    {
        CovarianceType.Isotropic => 1,
        CovarianceType.Diagonal => _d,
        _ => _d * _d,
    };

    private Span<double> Responsibilities(int k) => _responsibilities.AsSpan(k * _n, _n);

    private double PointWeight(int i) => _pointWeights is null ? 1 : _pointWeights[i];

    private ReadOnlySpan<double> Row(int i) => _points.AsSpan(i * _d, _d);

    private void Set(int k, double[] covariance, Bounded bound)
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
            double term = PointWeight(i) * _logDensities[i];
            double next = sum + term;
            compensation += Math.Abs(sum) >= Math.Abs(term) ? sum - next + term : term - next + sum;
            sum = next;
        }
        return sum + compensation;
    }

    // W μ_k for one shared W: whitening the points once serves all components, provided that W x - W μ loses no significant digits.
    private double[][]? WhitenedMeans()
    {
        if (_type != CovarianceType.Tied || _radius * Math.Sqrt(SquaredNorm(_whitenings[0])) > WhiteningLoss) return null;
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
        double[] terms = ArrayPool<double>.Shared.Rent(_count * size), deviations = ArrayPool<double>.Shared.Rent(_d * size);
        double[] products = ArrayPool<double>.Shared.Rent((_d + 3) / 4 * 4 * size);
        if (whitenedMeans is not null) PointBlocks.Multiply(_whitenings[0], points, products);
        Span<double> whitened = products.AsSpan(0, _d * size);
        for (int k = 0; k < _count; k++)
        {
            Span<double> squares = terms.AsSpan(k * size, size);
            if (whitenedMeans is not null)
            {
                PointBlocks.SquaredDistances(whitened, whitenedMeans[k], [], squares);
            }
            else if (_type is CovarianceType.Full or CovarianceType.Tied)
            {
                PointBlocks.Subtract(points, Means[k], deviations.AsSpan(0, _d * size));
                PointBlocks.Multiply(_whitenings[k], deviations.AsSpan(0, _d * size), products);
                PointBlocks.SquaredDistances(whitened, _origin, [], squares);
            }
            else
            {
                PointBlocks.SquaredDistances(points, Means[k], _whitenings[k], squares);
            }
            for (int p = 0; p < size; p++) squares[p] = _logScales[k] - 0.5 * squares[p];
        }
        for (int p = 0; p < _blocks.CountOf(block); p++) Normalize(block * size + p, terms.AsSpan(p));
        ArrayPool<double>.Shared.Return(terms);
        ArrayPool<double>.Shared.Return(deviations);
        ArrayPool<double>.Shared.Return(products);
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
        double unit = _totalWeight / _n;
        double[] masses = new double[_count];
        double[][] before = [.. Means];
        Locate(masses);
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
        Bounded bound = default;
        double[] within = [];
        if (_type == CovarianceType.Tied)
        {
            within = Scaled(Within(scatters), 1 / total);
            if (!TryBound(within, out bound)) return Step.Singular;
        }
        else
        {
            Scatter(scatters);
        }
        double deadShare = 0;
        double[][] covariances = new double[_count][];
        for (int k = 0; k < _count; k++)
        {
            covariances[k] = within;
            if (masses[k] < DeadMass * unit)
            {
                int worst = MinProbable();
                Means[k] = Row(worst).ToArray();
                Weights[k] = PointWeight(worst) / _totalWeight;
                deadShare += Weights[k];
                if (_type != CovarianceType.Tied) covariances[k] = Overall();
            }
            else if (_type != CovarianceType.Tied)
            {
                covariances[k] = Scaled(scatters[k], 1 / masses[k]);
            }
        }
        for (int k = 0; k < _count; k++)
            if (!(masses[k] < DeadMass * unit)) Weights[k] = masses[k] / total * (1 - deadShare);

        var bounds = new Bounded[_count];
        int singular = 0;
        if (_type == CovarianceType.Tied)
            bounds.AsSpan().Fill(bound);
        else
            ParallelWork.ForEach(_count, 4.0 * _count * _d * _d * _d, _maxThreads, k =>
            {
                if (!TryBound(covariances[k], out bounds[k])) Interlocked.Exchange(ref singular, 1);
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

    // Σ_i v_i r_ik and the means Σ_i v_i r_ik x_i / Σ_i v_i r_ik.
    private void Locate(double[] masses)
    {
        int parts = PartCount;
        double[] sums = new double[_count * parts * (_d + 1)];
        ParallelWork.ForEach(_count * parts, 2.0 * _n * _count * _d, _maxThreads, task =>
        {
            Span<double> sum = sums.AsSpan(task * (_d + 1), _d + 1);
            ReadOnlySpan<double> shares = Responsibilities(task / parts);
            (int from, int to) = Part(task % parts);
            for (int i = from; i < to; i++)
            {
                if (shares[i] == 0) continue;
                double share = shares[i] * PointWeight(i);
                sum[_d] += share;
                ScaledSums.AddScaled(sum[.._d], Row(i), share);
            }
        });
        for (int k = 0; k < _count; k++)
        {
            Span<double> first = sums.AsSpan(k * parts * (_d + 1), _d + 1);
            for (int part = 1; part < parts; part++) ScaledSums.AddScaled(first, sums.AsSpan((k * parts + part) * (_d + 1), _d + 1), 1);
            double mass = masses[k] = first[_d];
            Means[k] = new double[_d];
            for (int j = 0; mass > 0 && j < _d; j++) Means[k][j] = first[j] / mass;
        }
    }

    // Σ_i v_i r_ik (x_i - μ_k)(x_i - μ_k)ᵀ in the shape of the covariance type.
    private void Scatter(double[][] scatters)
    {
        int parts = PartCount;
        double[][] sums = new double[_count * parts][];
        ParallelWork.ForEach(_count * parts, (double)_n * _count * ShapeLength, _maxThreads, task =>
        {
            (int from, int to) = Part(task % parts);
            sums[task] = ScatterOf(Responsibilities(task / parts), Means[task / parts], from, to);
        });
        for (int k = 0; k < _count; k++) scatters[k] = Sum(sums.AsSpan(k * parts, parts));
    }

    private double[] ScatterOf(ReadOnlySpan<double> shares, double[] mean, int from, int to)
    {
        if (_type is CovarianceType.Full or CovarianceType.Tied)
        {
            var sum = new WeightedScatter(_d);
            for (int i = from; i < to; i++)
                if (shares[i] != 0) sum.Add(shares[i] * PointWeight(i), Row(i), mean);
            return sum.ToMatrix();
        }
        double[] scatter = new double[ShapeLength];
        for (int i = from; i < to; i++)
        {
            if (shares[i] == 0) continue;
            double share = shares[i] * PointWeight(i);
            ReadOnlySpan<double> point = Row(i);
            for (int j = 0; j < _d; j++)
            {
                double deviation = point[j] - mean[j];
                if (_type == CovarianceType.Isotropic) scatter[0] += share * deviation * deviation / _d;
                else scatter[j] += share * deviation * deviation;
            }
        }
        return scatter;
    }

    // Σ_k of the scatters. With y_i = Σ_k r_ik μ_k it is Σ_i v_i (x_i - y_i)(x_i - y_i)ᵀ + Σ_{k<l} a_kl (μ_k - μ_l)(μ_k - μ_l)ᵀ with
    // a_kl = Σ_i v_i r_ik r_il: one outer product per point instead of K, and only positive terms, so that nothing cancels.
    private double[] Within(double[][] scatters)
    {
        double pairs = 0.5 * _count * (_count - 1);
        if (_n * (double)_count * _d * _d <= _n * (_d * _d + 2.0 * _count * _d + 2 * pairs) + pairs * _d * _d)
        {
            Scatter(scatters);
            return Sum(scatters);
        }
        int parts = PartCount;
        double[][] sums = new double[parts][], overlaps = new double[parts][];
        ParallelWork.ForEach(parts, (double)_n * _d * (_d + _count), _maxThreads, part =>
        {
            var sum = new WeightedScatter(_d);
            double[] overlap = overlaps[part] = new double[_count * _count];
            double[] expected = new double[_d];
            (int from, int to) = Part(part);
            for (int i = from; i < to; i++)
            {
                Array.Clear(expected);
                for (int k = 0; k < _count; k++)
                {
                    double share = _responsibilities[k * _n + i];
                    if (share == 0) continue;
                    ScaledSums.AddScaled(expected, Means[k], share);
                    if (share == 1) continue;
                    for (int l = 0; l < k; l++) overlap[k * _count + l] += PointWeight(i) * share * _responsibilities[l * _n + i];
                }
                sum.Add(PointWeight(i), Row(i), expected);
            }
            sums[part] = sum.ToMatrix();
        });
        double[] overlap = Sum(overlaps);
        var between = new WeightedScatter(_d);
        for (int k = 0; k < _count; k++)
            for (int l = 0; l < k; l++)
                if (overlap[k * _count + l] > 0) between.Add(overlap[k * _count + l], Means[k], Means[l]);
        return Sum([Sum(sums), between.ToMatrix()]);
    }

    private int PartCount => Math.Clamp(_n / MinPart, 1, MaxParts);

    private (int From, int To) Part(int part) => ((int)((long)_n * part / PartCount), (int)((long)_n * (part + 1) / PartCount));

    private static double[] Sum(ReadOnlySpan<double[]> parts)
    {
        double[] sum = (double[])parts[0].Clone();
        foreach (double[] part in parts[1..]) ScaledSums.AddScaled(sum, part, 1);
        return sum;
    }

    private double[] Overall()
    {
        double[] ones = new double[_n], mean = new double[_d];
        ones.AsSpan().Fill(1);
        for (int i = 0; i < _n; i++) ScaledSums.AddScaled(mean, Row(i), PointWeight(i) / _totalWeight);
        return Scaled(ScatterOf(ones, mean, 0, _n), 1 / _totalWeight);
    }

    /// <summary>What the E-step needs of a covariance that respects the floor.</summary>
    /// <param name="Whitening">W with WᵀW = Σ⁻¹: lower triangular with rows of zeros up to a multiple of 4, or the d values of its diagonal.</param>
    /// <param name="LogDeterminant">log |Σ|.</param>
    /// <param name="AxesAtFloor">The number of eigenvalues at the floor.</param>
    /// <param name="Raised">Whether an eigenvalue was below the floor.</param>
    private readonly record struct Bounded(double[] Whitening, double LogDeterminant, int AxesAtFloor, bool Raised);

    // Raises a covariance to the floor, in place.
    private bool TryBound(double[] covariance, out Bounded bound)
    {
        bound = default;
        return _type is CovarianceType.Full or CovarianceType.Tied ? TryBoundMatrix(covariance, out bound) : TryBoundVariances(covariance, out bound);
    }

    private bool TryBoundMatrix(double[] covariance, out Bounded bound)
    {
        bound = default;
        // If a variance is below the floor, so is an eigenvalue.
        bool certain = false;
        for (int j = 0; j < _d; j++) certain |= covariance[j * _d + j] < _floor;
        double[] inverse = [];
        double logDeterminant = 0;
        bool regular = !certain && TryWhiten(covariance, out inverse, out logDeterminant), raised = false;
        int axes = 0;
        // 1/λ_min ≤ ‖W‖_F²: most covariances are known to be above the floor without their eigenvalues.
        if (_floor > 0 && !(regular && _floor * (1 + FloorRounding) * SquaredNorm(inverse) <= 1))
        {
            raised = Raise(covariance, out axes);
            if (raised) regular = TryWhiten(covariance, out inverse, out logDeterminant);
        }
        if (!regular) return false;
        bound = new Bounded(inverse, logDeterminant, axes, raised);
        return true;
    }

    private bool TryBoundVariances(double[] covariance, out Bounded bound)
    {
        bound = default;
        double[] inverses = new double[_d];
        double logDeterminant = 0;
        int axes = 0;
        bool raised = false;
        for (int j = 0; j < covariance.Length; j++)
        {
            if (covariance[j] < _floor) (covariance[j], raised) = (_floor, true);
            if (covariance[j] <= _floor * (1 + FloorRounding)) axes++;
            if (covariance[j] <= CoincidentShare * ColumnVariance(j)) return false;
            inverses[j] = 1 / Math.Sqrt(covariance[j]);
            logDeterminant += PortableMath.Log(covariance[j]);
        }
        if (_type == CovarianceType.Isotropic)
        {
            inverses.AsSpan().Fill(inverses[0]);
            (logDeterminant, axes) = (logDeterminant * _d, axes * _d);
        }
        bound = new Bounded(inverses, logDeterminant, axes, raised);
        return true;
    }

    private double ColumnVariance(int j) => _type == CovarianceType.Isotropic ? _meanColumnVariance : _columnVariances[j];

    private bool TryWhiten(double[] covariance, out double[] inverse, out double logDeterminant)
    {
        inverse = [];
        logDeterminant = 0;
        for (int j = 0; j < _d; j++)
            if (covariance[j * _d + j] <= CoincidentShare * _columnVariances[j]) return false;
        if (SymmetricMatrix.TryCholesky(covariance, _d) is not { } factor) return false;
        inverse = new double[(_d + 3) / 4 * 4 * _d];
        for (int j = 0; j < _d; j++)
        {
            double pivot = factor[j * _d + j];
            if (pivot * pivot <= SingularShare * covariance[j * _d + j]) return false;
            logDeterminant += 2 * PortableMath.Log(pivot);
            // Forward substitution: row j of the inverse of the factor.
            Span<double> row = inverse.AsSpan(j * _d, j);
            for (int l = 0; l < j; l++) ScaledSums.AddScaled(row[..(l + 1)], inverse.AsSpan(l * _d, l + 1), -factor[j * _d + l]);
            for (int m = 0; m < j; m++) row[m] /= pivot;
            inverse[j * _d + j] = 1 / pivot;
        }
        return true;
    }

    private bool Raise(double[] covariance, out int axesAtFloor)
    {
        double trace = 0;
        for (int j = 0; j < _d; j++) trace += covariance[j * _d + j];
        double[] variances = Eigen(covariance, trace, out double[] axes);
        axesAtFloor = variances.Count(variance => variance <= _floor * (1 + FloorRounding));
        if (!variances.Any(variance => variance < _floor)) return false;
        Array.Clear(covariance);
        for (int m = 0; m < _d; m++)
        {
            ReadOnlySpan<double> axis = axes.AsSpan(m * _d, _d);
            double variance = Math.Max(variances[m], _floor);
            for (int i = 0; i < _d; i++) ScaledSums.AddScaled(covariance.AsSpan(i * _d, i + 1), axis[..(i + 1)], axis[i] * variance);
        }
        for (int i = 0; i < _d; i++)
            for (int j = 0; j < i; j++) covariance[j * _d + i] = covariance[i * _d + j];
        return true;
    }

    // Eigenvalues and, by rows, eigenvectors: by the fast method if its rounding is far below the floor.
    private double[] Eigen(double[] covariance, double trace, out double[] axes)
    {
        if (_floor > FastEigenShare * trace && TridiagonalEigen.TryDecompose(covariance, _d, out axes) is { } fast) return fast;
        double[] variances = SymmetricMatrix.Eigen(covariance, _d, out double[] columns);
        axes = new double[_d * _d];
        for (int i = 0; i < _d; i++)
            for (int j = 0; j < _d; j++) axes[j * _d + i] = columns[i * _d + j];
        return variances;
    }

    private static double[] Scaled(double[] values, double factor)
    {
        double[] scaled = new double[values.Length];
        for (int i = 0; i < values.Length; i++) scaled[i] = values[i] * factor;
        return scaled;
    }

    private static double SquaredNorm(double[] values)
    {
        double sum = 0;
        foreach (double value in values) sum += value * value;
        return sum;
    }
}
