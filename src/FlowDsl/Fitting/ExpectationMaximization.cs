using FlowDsl.Analysis;

namespace FlowDsl;

/// <summary>
/// Expectation-maximisation for a Gaussian mixture (Dempster, Laird and Rubin, JRSS B 39 (1977), 1-38; McLachlan and Peel, Finite Mixture
/// Models (2000), chapter 3), with covariances bounded from below.
/// </summary>
internal sealed class ExpectationMaximization
{
    // Below this share of one point a component describes nothing, and its moments are rounding.
    private const double DeadMass = 1e-10;

    // A coordinate whose variance given the others is this small a share of its variance is their linear function within rounding.
    private const double SingularShare = 1e-13;

    // Deviations of 1e-14 of the data's are the rounding of coincident points.
    private const double CoincidentShare = 1e-28;

    private const double LogTwoPi = 1.8378770664093454836;

    private readonly double[] _points;
    private readonly int _n;
    private readonly int _d;
    private readonly int _count;
    private readonly CovarianceType _type;
    private readonly double _floor;
    private readonly double[] _columnVariances;
    private readonly double _meanColumnVariance;
    private readonly double[] _responsibilities;
    private readonly double[] _logDensities;
    private readonly double[] _logScales;
    private readonly double[][] _whitenings;
    private readonly List<double> _history = [];
    private int _reseedings;

    /// <summary>Makes a machine for one data set, to be started any number of times.</summary>
    /// <param name="points">Row-major n×d; centred, so that moments lose no digits to a far origin.</param>
    /// <param name="d">The number of coordinates.</param>
    /// <param name="count">K.</param>
    /// <param name="type">What may be chosen of the covariances.</param>
    /// <param name="floor">The least variance in any direction, not negative.</param>
    public ExpectationMaximization(double[] points, int d, int count, CovarianceType type, double floor)
    {
        (_points, _n, _d, _count, _type, _floor) = (points, points.Length / d, d, count, type, floor);
        _columnVariances = new double[d];
        for (int i = 0; i < points.Length; i++) _columnVariances[i % d] += points[i] * points[i] / _n;
        foreach (double variance in _columnVariances) _meanColumnVariance += variance / d;
        _responsibilities = new double[count * _n];
        _logDensities = new double[_n];
        _logScales = new double[count];
        _whitenings = new double[count][];
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

    /// <summary>The total log-likelihood at the start and after each step, since the last re-seeding of a component.</summary>
    public IReadOnlyList<double> History => _history;

    /// <summary>The steps done.</summary>
    public int Iterations { get; private set; }

    /// <summary>Whether the last run ended because the gain fell to the tolerance.</summary>
    public bool Converged { get; private set; }

    /// <summary>Takes the parameters from clusters.</summary>
    /// <param name="cluster">The cluster, 0 to K - 1, of each of the n points.</param>
    /// <returns>Whether there is a start: false if no covariance at hand is regular.</returns>
    public bool Start(int[] cluster)
    {
        double[] within = new double[ShapeLength];
        double[][] scatters = new double[_count][];
        double[] masses = new double[_count];
        double total = 0;
        for (int k = 0; k < _count; k++)
        {
            Span<double> share = Responsibilities(k);
            for (int i = 0; i < _n; i++) share[i] = cluster[i] == k ? 1 : 0;
            masses[k] = Moments(share, out Means[k], out scatters[k]);
            // A cluster is only empty where points coincide within rounding: one of them serves.
            if (masses[k] == 0) (masses[k], Means[k]) = (1, _points.AsSpan(k * _d, _d).ToArray());
            for (int m = 0; m < within.Length; m++) within[m] += scatters[k][m] / _n;
            total += masses[k];
        }
        // A cluster of few points is flat whatever its component is: a start at the floor would be a spike that
        // expectation-maximisation cannot leave. The spread within all clusters stands in, and where these are as small, that of all points.
        int enough = _type is CovarianceType.Full or CovarianceType.Tied ? _d + 1 : 2;
        bool usable = TryBound(within, out double[] whitening, out double logDeterminant, out bool raised);
        if (!usable || (raised && _n - _count < enough))
        {
            within = Overall();
            if (!TryBound(within, out whitening, out logDeterminant, out _)) return false;
        }
        for (int k = 0; k < _count; k++)
        {
            Weights[k] = masses[k] / total;
            double[] own = Scaled(scatters[k], 1 / masses[k]);
            if (_type != CovarianceType.Tied && masses[k] >= enough
                && TryBound(own, out double[] ownWhitening, out double ownLogDeterminant, out bool ownRaised) && (raised || !ownRaised))
                Set(k, own, ownWhitening, ownLogDeterminant);
            else
                Set(k, within, whitening, logDeterminant);
        }
        return true;
    }

    /// <summary>Takes given parameters.</summary>
    /// <param name="weights">K positive weights that sum to 1.</param>
    /// <param name="means">K means of d values, in the coordinates of the points.</param>
    /// <param name="covariances">K covariances in the shape of <see cref="Covariances"/>.</param>
    /// <returns>Whether every covariance is regular.</returns>
    public bool Start(double[] weights, double[][] means, double[][] covariances)
    {
        for (int k = 0; k < _count; k++)
        {
            (Weights[k], Means[k]) = (weights[k], means[k]);
            if (!TryBound(covariances[k], out double[] whitening, out double logDeterminant, out _)) return false;
            Set(k, covariances[k], whitening, logDeterminant);
        }
        return true;
    }

    /// <summary>Steps from the start until the gain is small.</summary>
    /// <param name="maxIterations">The most steps.</param>
    /// <param name="tolerance">The least gain of a step, in nats a point, to go on.</param>
    /// <param name="report">Called with the steps done and the log-likelihood after them.</param>
    /// <param name="cancellationToken">Looked at before every step.</param>
    /// <returns>Whether the run ended regularly: false if a covariance became singular.</returns>
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
            Converged = _history.Count > 1 && (logLikelihood - _history[^2]) / _n <= tolerance;
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
        CovarianceType.Spherical => 1,
        CovarianceType.Diagonal => _d,
        _ => _d * _d,
    };

    private Span<double> Responsibilities(int k) => _responsibilities.AsSpan(k * _n, _n);

    private void Set(int k, double[] covariance, double[] whitening, double logDeterminant)
    {
        (Covariances[k], _whitenings[k]) = (covariance, whitening);
        _logScales[k] = PortableMath.Log(Weights[k]) - 0.5 * (_d * LogTwoPi + logDeterminant);
    }

    // The E-step, in log space: log p(x_i) = log Σ_k exp(l_ik) and r_ik = exp(l_ik - log p(x_i)), l_ik = log w_k N(x_i; μ_k, Σ_k).
    private double Expect()
    {
        for (int k = 0; k < _count; k++) LogTerms(k, Responsibilities(k));

        // Compensated (Neumaier), so that a small gain is not lost among the rounding of many points.
        double sum = 0, compensation = 0;
        for (int i = 0; i < _n; i++)
        {
            double greatest = double.NegativeInfinity;
            for (int m = i; m < _responsibilities.Length; m += _n) greatest = Math.Max(greatest, _responsibilities[m]);
            double scale = 0;
            for (int m = i; m < _responsibilities.Length; m += _n)
            {
                double term = PortableMath.Exp(_responsibilities[m] - greatest);
                _responsibilities[m] = term;
                scale += term;
            }
            for (int m = i; m < _responsibilities.Length; m += _n) _responsibilities[m] /= scale;
            double logDensity = greatest + PortableMath.Log(scale);
            _logDensities[i] = logDensity;
            double next = sum + logDensity;
            compensation += Math.Abs(sum) >= Math.Abs(logDensity) ? sum - next + logDensity : logDensity - next + sum;
            sum = next;
        }
        return sum + compensation;
    }

    private void LogTerms(int k, Span<double> terms)
    {
        double[] mean = Means[k], whitening = _whitenings[k];
        Span<double> deviation = _d <= 64 ? stackalloc double[_d] : new double[_d];
        for (int i = 0; i < terms.Length; i++)
        {
            ReadOnlySpan<double> point = _points.AsSpan(i * _d, _d);
            double squared = 0;
            switch (_type)
            {
                case CovarianceType.Spherical:
                    for (int j = 0; j < _d; j++)
                    {
                        double z = (point[j] - mean[j]) * whitening[0];
                        squared += z * z;
                    }
                    break;
                case CovarianceType.Diagonal:
                    for (int j = 0; j < _d; j++)
                    {
                        double z = (point[j] - mean[j]) * whitening[j];
                        squared += z * z;
                    }
                    break;
                default:
                    for (int j = 0; j < _d; j++)
                    {
                        deviation[j] = point[j] - mean[j];
                        double z = 0;
                        for (int m = 0; m <= j; m++) z += whitening[j * _d + m] * deviation[m];
                        squared += z * z;
                    }
                    break;
            }
            terms[i] = _logScales[k] - 0.5 * squared;
        }
    }

    private Step Maximise()
    {
        double[] masses = new double[_count];
        int dead = 0;
        for (int k = 0; k < _count; k++)
        {
            foreach (double share in Responsibilities(k)) masses[k] += share;
            if (masses[k] < DeadMass) dead++;
        }
        if (dead > 0)
        {
            // Bounded, so that a component that dies wherever it is put does not keep the run alive.
            _reseedings += dead;
            if (_reseedings > _count) return Step.Exhausted;
        }

        double total = 0;
        double[] within = new double[ShapeLength];
        double[][] scatters = new double[_count][];
        for (int k = 0; k < _count; k++)
        {
            if (masses[k] < DeadMass) continue;
            masses[k] = Moments(Responsibilities(k), out Means[k], out scatters[k]);
            total += masses[k];
            for (int m = 0; m < within.Length; m++) within[m] += scatters[k][m];
        }
        double livingShare = 1 - (double)dead / _n;
        double[] whitening = [];
        double logDeterminant = 0;
        if (_type == CovarianceType.Tied)
        {
            within = Scaled(within, 1 / total);
            if (!TryBound(within, out whitening, out logDeterminant, out _)) return Step.Singular;
        }
        for (int k = 0; k < _count; k++)
        {
            double[] covariance = within;
            if (masses[k] < DeadMass)
            {
                int worst = LeastProbable();
                Means[k] = _points.AsSpan(worst * _d, _d).ToArray();
                Weights[k] = 1.0 / _n;
                if (_type != CovarianceType.Tied) covariance = Overall();
            }
            else
            {
                Weights[k] = masses[k] / total * livingShare;
                if (_type != CovarianceType.Tied) covariance = Scaled(scatters[k], 1 / masses[k]);
            }
            if (_type != CovarianceType.Tied && !TryBound(covariance, out whitening, out logDeterminant, out _)) return Step.Singular;
            Set(k, covariance, whitening, logDeterminant);
        }
        if (dead > 0) _history.Clear();
        return Step.Done;
    }

    // The point the mixture explains worst: the farthest from the components in their own metric. It counts once.
    private int LeastProbable()
    {
        int worst = 0;
        for (int i = 1; i < _n; i++)
            if (_logDensities[i] < _logDensities[worst]) worst = i;
        _logDensities[worst] = double.PositiveInfinity;
        return worst;
    }

    // Σ_i r_i, the mean Σ_i r_i x_i / Σ_i r_i and the scatter Σ_i r_i (x_i - mean)(x_i - mean)ᵀ in the shape of the covariance type.
    private double Moments(ReadOnlySpan<double> shares, out double[] mean, out double[] scatter)
    {
        double mass = 0;
        mean = new double[_d];
        scatter = new double[ShapeLength];
        for (int i = 0; i < _n; i++)
        {
            double share = shares[i];
            if (share == 0) continue;
            mass += share;
            for (int j = 0; j < _d; j++) mean[j] += share * _points[i * _d + j];
        }
        if (mass == 0) return 0;
        for (int j = 0; j < _d; j++) mean[j] /= mass;

        double[] deviation = new double[_d];
        for (int i = 0; i < _n; i++)
        {
            double share = shares[i];
            if (share == 0) continue;
            for (int j = 0; j < _d; j++) deviation[j] = _points[i * _d + j] - mean[j];
            switch (_type)
            {
                case CovarianceType.Spherical:
                    foreach (double z in deviation) scatter[0] += share * z * z / _d;
                    break;
                case CovarianceType.Diagonal:
                    for (int j = 0; j < _d; j++) scatter[j] += share * deviation[j] * deviation[j];
                    break;
                default:
                    for (int j = 0; j < _d; j++)
                    {
                        double z = share * deviation[j];
                        for (int m = 0; m <= j; m++) scatter[j * _d + m] += z * deviation[m];
                    }
                    break;
            }
        }
        if (_type is CovarianceType.Full or CovarianceType.Tied) Mirror(scatter);
        return mass;
    }

    private double[] Overall()
    {
        double[] ones = new double[_n];
        ones.AsSpan().Fill(1);
        Moments(ones, out _, out double[] scatter);
        return Scaled(scatter, 1.0 / _n);
    }

    // Raises a covariance to the floor, in place, and gives W with WᵀW = Σ⁻¹ (lower triangular, or its diagonal) and log |Σ|.
    private bool TryBound(double[] covariance, out double[] whitening, out double logDeterminant, out bool raised)
    {
        raised = false;
        logDeterminant = 0;
        whitening = [];
        if (_type is CovarianceType.Full or CovarianceType.Tied)
        {
            bool regular = TryWhiten(covariance, out double[] inverse, out logDeterminant);
            // 1/λ_min ≤ ‖W‖_F²: most covariances are known to be above the floor without their eigenvalues.
            if (_floor > 0 && !(regular && _floor * SquaredNorm(inverse) <= 1))
            {
                raised = Raise(covariance);
                if (raised) regular = TryWhiten(covariance, out inverse, out logDeterminant);
            }
            if (!regular) return false;
            whitening = inverse;
            return true;
        }
        double[] deviations = new double[covariance.Length];
        for (int j = 0; j < covariance.Length; j++)
        {
            if (covariance[j] < _floor) (covariance[j], raised) = (_floor, true);
            if (covariance[j] <= CoincidentShare * ColumnVariance(j)) return false;
            deviations[j] = 1 / Math.Sqrt(covariance[j]);
            logDeterminant += PortableMath.Log(covariance[j]);
        }
        if (_type == CovarianceType.Spherical) logDeterminant *= _d;
        whitening = deviations;
        return true;
    }

    private double ColumnVariance(int j) => _type == CovarianceType.Spherical ? _meanColumnVariance : _columnVariances[j];

    private bool TryWhiten(double[] covariance, out double[] inverse, out double logDeterminant)
    {
        inverse = [];
        logDeterminant = 0;
        for (int j = 0; j < _d; j++)
            if (covariance[j * _d + j] <= CoincidentShare * _columnVariances[j]) return false;
        if (SymmetricMatrix.TryCholesky(covariance, _d) is not { } factor) return false;
        inverse = new double[_d * _d];
        for (int j = 0; j < _d; j++)
        {
            double pivot = factor[j * _d + j];
            if (pivot * pivot <= SingularShare * covariance[j * _d + j]) return false;
            logDeterminant += 2 * PortableMath.Log(pivot);
            // Forward substitution: row j of the inverse of the factor.
            for (int m = 0; m < j; m++)
            {
                double sum = 0;
                for (int l = m; l < j; l++) sum -= factor[j * _d + l] * inverse[l * _d + m];
                inverse[j * _d + m] = sum / pivot;
            }
            inverse[j * _d + j] = 1 / pivot;
        }
        return true;
    }

    private bool Raise(double[] covariance)
    {
        double[] variances = SymmetricMatrix.Eigen(covariance, _d, out double[] basis);
        if (!(variances[0] < _floor)) return false;
        for (int i = 0; i < _d; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int m = 0; m < _d; m++) sum += basis[i * _d + m] * Math.Max(variances[m], _floor) * basis[j * _d + m];
                covariance[i * _d + j] = sum;
            }
        }
        Mirror(covariance);
        return true;
    }

    private void Mirror(double[] matrix)
    {
        for (int i = 0; i < _d; i++)
            for (int j = 0; j < i; j++) matrix[j * _d + i] = matrix[i * _d + j];
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
