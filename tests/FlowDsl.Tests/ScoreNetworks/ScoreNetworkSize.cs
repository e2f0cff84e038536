using System.Collections.Immutable;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.ScoreNetworks;

namespace FlowDsl.Tests;

/// <summary>How large a score network is, from formulas: nothing is built.</summary>
/// <remarks>
/// <para>
/// K components in d dimensions, V different variances that depend on t, N_k the different variances of component k; m and n the doublings
/// and the factors of the softmax, m_t the doublings of e^{-βt}, n_v the factors of the reciprocal of a variance, m_v1, m_v2, … the doublings
/// of its logarithm's Newton steps, κ_v the ratio of its extremes over the times. R = ⌈log2 K⌉. Weights are those of general data, biases
/// included; s is the number of units that a variance is a sum of: 2, or 1 where it is t² plus a constant.
/// </para>
/// <list type="table">
/// <listheader><term>block</term><description>layers | units a layer | weights a layer</description></listheader>
/// <item><term>e^{-βt}, a²</term><description>m_t + 3 | 2 | 2, then 4; the other processes have a² and s² on the first layer</description></item>
/// <item><term>1/λ</term><description>
/// n_v + 1 | 2J with J = ⌈log2 κ_v⌉, then 3, the last 2 | 2J(s + 1), then 6J + 3 (4J + 2 if it is the last), then 9, the last 8
/// </description></item>
/// <item><term>log λ, polygon</term><description>1 | none: its ramps are those of 1/λ | none</description></item>
/// <item><term>log λ, a step</term><description>m_vi + 3 | 2, then 3, then 4 (3 where κ_v ≤ 2) | a step reads 4 units and a bias</description></item>
/// <item><term>a/λ, a²/λ; (a/λ)x</term><description>
/// 1; 1 | 6V (3V for K = 2); 4d | one covariance, in t, with a that depends on t (else only (a/λ)x)
/// </description></item>
/// <item><term>squares; squares/λ</term><description>1; 1 | 2Kd; 3ΣN_k | unequal covariances, in t</description></item>
/// <item><term>squares</term><description>
/// 1 | 2d, d(d + 1) or 2Kd | unequal covariances at one time: axes along the coordinates; else K &gt; 2d; else
/// </description></item>
/// <item><term>greatest logit</term><description>R | at most 2K | the gaps to it are sums of at most R units each</description></item>
/// <item><term>clip, e^{-gap}</term><description>1; m + 2 | K; 2K | ≤ (R + 1)K; 4K</description></item>
/// <item><term>1/Σ</term><description>
/// n + 1 | K + 2R, then K + 3, the last K + 2 | that of 1/λ with s = 2K and J = R, less 2 (3 for K = 2), and 3K, then K to carry the exponentials
/// </description></item>
/// <item><term>responsibilities</term><description>1 | 2K, and 1 unless one covariance at one time | 8K + 2</description></item>
/// <item><term>r/λ</term><description>1 | 3ΣN_k | unequal covariances, in t</description></item>
/// <item><term>score</term><description>
/// 1 | 4d, 4d² or 4Kd | unequal covariances: axes along the coordinates; else K &gt; d; else. One covariance in t: 7d; at one time none
/// </description></item>
/// <item><term>carried</term><description>2 units a coordinate of x up to where it is last read; 1 unit a value of t</description></item>
/// </list>
/// <para>
/// At one time with one covariance: depth R + m + n + 5 and width 2d + max(2K, K + 2R, K + 3), or 2d + 4 where K = 2 and n = 1. With unequal ones the
/// depth is R + m + n + 7. In t with one variance: depth m_t + n_v + R + m + n + 12 for the Ornstein-Uhlenbeck process, less m_t + 2 for the
/// linear interpolant, and one less again for the variance exploding one.
/// </para>
/// <para>
/// m grows like log B + ¼ log 1/ε with B like log K/ε, n and n_v like log log 1/ε, m_t like ¼ log 1/ε, so that the depth
/// is logarithmic in 1/ε and in K, and doubly so in the variances' ratios. The width does not depend on ε: it is linear in K and d, or in Kd
/// with unequal covariances, to which V log κ is added in t. The weights are at most quadratic in the width a layer, and linear on all layers
/// but the few that read d or K values.
/// </para>
/// <para>
/// <see cref="Depth"/> and <see cref="Width"/> are exact. <see cref="NonZeros"/> is exact for data in general position; where means, weights
/// or variances coincide, weights vanish and it is an upper bound.
/// </para>
/// </remarks>
/// <param name="Depth">The number of hidden layers.</param>
/// <param name="Width">The units of the widest.</param>
/// <param name="NonZeros">Weights and biases that are not 0.</param>
internal sealed record ScoreNetworkSize(int Depth, int Width, int NonZeros)
{
    /// <summary>The size of the network of a design.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="process">The process.</param>
    /// <param name="options">What is asked.</param>
    /// <param name="precision">How exact the parts are.</param>
    public static ScoreNetworkSize Predict(Mixture mixture, Process process, ScoreNetworkOptions options, ScoreNetworkPrecision precision)
        => new Sum(mixture, process, options, precision).Total();

    // Units a layer and weights, added up block by block.
    private sealed class Sum
    {
        private readonly Mixture _mixture;
        private readonly ScoreNetworkPrecision _precision;
        private readonly List<int> _units = [];
        private readonly int _k, _d;
        // Whether t is an input, whether a depends on it, and whether a then has a constant, as 1 - q has.
        private readonly bool _isTimed, _isSignalMoving, _hasSignalBias;
        private readonly double _fixedSignal = 1;
        private readonly Dictionary<double, Reciprocal> _reciprocals = [];
        // Layers: after which a and a² are known, all reciprocals, all logarithms.
        private readonly int _signalLayer, _clockLayer, _logarithmLayer;
        // The units that the variances are sums of.
        private readonly int _clockTerms;
        private int _weights;

        public Sum(Mixture mixture, Process process, ScoreNetworkOptions options, ScoreNetworkPrecision precision)
        {
            (_mixture, _precision, _k, _d) = (mixture, precision, mixture.Count, mixture.Dimension);
            _isTimed = options.Time is null;
            double[] variances = ScoreNetworkDesign.Variances(mixture);
            if (!_isTimed)
            {
                _fixedSignal = process.At(options.Time!.Value).A;
                foreach (double variance in variances) _reciprocals.Add(variance, new Reciprocal(true, 0, 0, 0, 0));
                return;
            }
            (_isSignalMoving, _hasSignalBias, _signalLayer, _clockTerms) = process.Match(
                _ => (true, true, precision.TimeDoublings + 3, 2), _ => (false, false, 1, 1), _ => (true, false, 1, 2),
                _ => throw new InvalidOperationException("Training steps are no input."));
            _clockLayer = _isSignalMoving ? _signalLayer : 0;
            int next = 0;
            foreach (double variance in variances)
            {
                (double low, double high) = ScoreNetworkDesign.Range(process, variance);
                if (low == high)
                {
                    _reciprocals.Add(variance, new Reciprocal(true, 0, 0, 0, 0));
                    continue;
                }
                int layer = _signalLayer + precision.InverseFactors[next] + 1, logarithm = 0, terms = 0;
                if (precision.LogarithmDoublings.Count > 0)
                {
                    logarithm = _signalLayer + 1 + precision.LogarithmDoublings[next].Sum(count => count + 3);
                    terms = high / low <= 2 ? 3 : 4;
                }
                _reciprocals.Add(variance, new Reciprocal(false, next, layer, logarithm, terms) { Knots = Knots(high / low) });
                (_clockLayer, _logarithmLayer) = (Math.Max(_clockLayer, layer), Math.Max(_logarithmLayer, logarithm));
                next++;
            }
        }

        private bool IsAligned => _mixture.Covariances.All(covariance => covariance.IsIsotropic || covariance.Basis is null);

        public ScoreNetworkSize Total()
        {
            int depth;
            if (!_isTimed && _fixedSignal == 0)
            {
                (depth, _weights) = (0, _d);
            }
            else if (_k == 1) depth = Gaussian();
            else if (_mixture.HasSharedCovariance) depth = Shared();
            else depth = Unequal();
            return new ScoreNetworkSize(depth, _units.Take(depth + 1).DefaultIfEmpty().Max(), _weights);
        }

        private void Add(int layer, int units, int weights)
        {
            while (_units.Count <= layer) _units.Add(0);
            _units[layer] += units;
            _weights += units * weights;
        }

        // From the first layer to the last, both included.
        private void Carry(int first, int last, int units)
        {
            for (int layer = first; layer <= last; layer++) Add(layer, units, 1);
        }

        private static int Knots(double ratio)
        {
            int knots = 0;
            for (double knot = 1; knot < ratio; knot *= 2) knots++;
            return knots;
        }

        // a and the variances; how long a is read, the squares that a² is a sum of with it, and those of the variances.
        private void Clock(int signalRead, int squareRead, int varianceRead, bool isSquareNeeded = true)
        {
            if (!_isTimed) return;
            if (!_isSignalMoving)
            {
                Add(1, 1, 1);
                Carry(2, varianceRead - 1, 1);
                return;
            }
            if (!_hasSignalBias)
            {
                // t², (1 - t)², 1 - t.
                Add(1, 1, 1);
                Add(1, 1, 2);
                Carry(2, varianceRead - 1, 1);
                Carry(2, Math.Max(squareRead, varianceRead) - 1, 1);
                if (signalRead > 0) Add(1, 1, 2);
                Carry(2, signalRead - 1, 1);
                return;
            }
            // 1 - e^{-βt}: two units a layer; then as it is and its square.
            Add(1, 2, 1);
            for (int layer = 2; layer < _signalLayer; layer++) Add(layer, 2, 2);
            Add(_signalLayer, isSquareNeeded ? 2 : 1, 2);
            squareRead = Math.Max(squareRead, varianceRead);
            Carry(_signalLayer + 1, Math.Max(signalRead, squareRead) - 1, 1);
            if (isSquareNeeded) Carry(_signalLayer + 1, squareRead - 1, 1);
        }

        // 1/s after a layer at which s is a sum.
        private void Inverse(int layer, int terms, int knots, int factors)
        {
            Add(layer + 1, 2 * knots, terms + 1);
            Add(layer + 2, factors > 1 ? 3 : 2, 2 * knots + 1);
            for (int i = 1; i < factors; i++)
            {
                Add(layer + 2 + i, 2, 4);
                if (i < factors - 1) Add(layer + 2 + i, 1, 1);
            }
        }

        // 1 - e^{-y}.
        private void Complement(int layer, int count, int terms, int doublings)
        {
            Add(layer + 1, 2 * count, terms + 1);
            for (int i = 0; i <= doublings; i++) Add(layer + 2 + i, 2 * count, 2);
        }

        // The reciprocals in t, and each a layer later, up to where it is read; 0 where it is not.
        private void Reciprocals(Func<double, int> read)
        {
            foreach (KeyValuePair<double, Reciprocal> own in _reciprocals)
            {
                if (own.Value.IsConstant) continue;
                Inverse(_signalLayer, _clockTerms, own.Value.Knots, _precision.InverseFactors[own.Value.Place]);
                if (read(own.Key) == 0) continue;
                Add(own.Value.Layer + 1, 1, 2);
                Carry(own.Value.Layer + 2, read(own.Key) - 1, 1);
            }
        }

        private void Logarithms(int read)
        {
            foreach (Reciprocal own in _reciprocals.Values)
            {
                if (own.IsConstant) continue;
                // Its polygon has the ramps of the reciprocal's.
                int layer = _signalLayer + 1, terms = own.Knots;
                foreach (int doublings in _precision.LogarithmDoublings[own.Place])
                {
                    Complement(layer, 1, terms, doublings);
                    // The argument itself goes along.
                    Carry(layer + 2, layer + doublings + 3, 1);
                    layer += doublings + 3;
                    Add(layer, own.LogarithmTerms - 1, _clockTerms + 2 + 1);
                    terms = own.LogarithmTerms;
                }
                if (own.LogarithmLayer >= read - 1) continue;
                Add(own.LogarithmLayer + 1, 1, own.LogarithmTerms + 1);
                Carry(own.LogarithmLayer + 2, read - 1, 1);
            }
        }

        /// <summary>Responsibilities after the layer of the logits.</summary>
        /// <param name="layer">The layer of the logits.</param>
        /// <param name="carrying">The units that carry a logit.</param>
        /// <param name="own">The weights and the bias of a logit.</param>
        /// <param name="between">Those of the difference of two.</param>
        /// <param name="shares">How many responsibilities are needed.</param>
        /// <param name="hasCommon">Whether what the shares have in common is needed.</param>
        /// <returns>Their layer.</returns>
        private int Softmax(int layer, int carrying, Func<int, int> own, Func<int, int, int> between, int shares, bool hasCommon)
        {
            int rounds = 0, gapTerms = 0, groups = _k, size = 1;
            while ((1 << rounds) < _k) rounds++;
            for (int round = 1; round <= rounds; round++, size *= 2)
            {
                int pairs = groups / 2, last = _k - (groups - 1) * size;
                bool isOdd = groups % 2 == 1;
                for (int i = 0; i < groups; i++)
                {
                    // A group's greatest is a logit, or one of two and an excess; the last one may have had no partner before.
                    int Terms(int group) => round == 1 ? own(group) : IsCarried(group) ? carrying : carrying + 1;
                    bool IsCarried(int group) => group == groups - 1 && last <= size / 2;
                    if (i % 2 == 1) Add(layer + round, 2, round == 1 ? between(i - 1, i) : Terms(i - 1) + Terms(i));
                    if (round < rounds && (i % 2 == 1 || i == groups - 1)) Add(layer + round, carrying, Terms(i));
                }
                Carry(layer + round + 1, layer + rounds, 2 * pairs);
                gapTerms += _k - (isOdd ? last : 0);
                groups = pairs + (isOdd ? 1 : 0);
            }
            layer += rounds + 1;
            Add(layer, _k, 1);
            _weights += gapTerms;
            Complement(layer, _k, 1, _precision.SoftmaxDoublings);
            layer += _precision.SoftmaxDoublings + 2;
            Inverse(layer, 2 * _k, Knots(_k), _precision.SoftmaxFactors);
            // K less the sum of the exponentials has no bias; of two, a ramp does not count in the first product.
            _weights -= _k == 2 ? 3 : 2;
            Add(layer + 1, shares, 2);
            Carry(layer + 2, layer + 1 + _precision.SoftmaxFactors, shares);
            layer += _precision.SoftmaxFactors + 2;
            Add(layer, 2 * shares, 4);
            if (hasCommon) Add(layer, 1, 2);
            return layer;
        }

        private int Gaussian()
        {
            // Affine, or one product.
            bool isAligned = IsAligned;
            int moving = _mixture.Covariances[0].Variances.Count(variance => !_reciprocals[variance].IsConstant), steady = _d - moving;
            int depth = moving == 0 ? (_hasSignalBias ? _signalLayer : 0) : _clockLayer + 1, across = isAligned ? 1 : _d;
            int signal = _isSignalMoving ? 1 : 0, bias = _isSignalMoving && !_hasSignalBias ? 0 : 1, parts = depth > 0 ? 2 : 1;
            Clock(depth + (steady > 0 ? 1 : 0), 0, moving == 0 ? 0 : _signalLayer + 1, moving > 0);
            Reciprocals(variance => _reciprocals[variance].Layer < _clockLayer ? depth : 0);
            Carry(1, depth - 1, 2 * _d);
            if (moving == 0)
            {
                Carry(depth, depth, depth > 0 ? 2 * _d : 0);
                _weights += _d * ((isAligned || _mixture.Covariances[0].IsIsotropic ? 1 : _d) * parts + signal + bias);
                return depth;
            }
            foreach (double variance in _mixture.Covariances[0].Variances)
                if (_reciprocals[variance] is { IsConstant: false } own) Add(depth, 4, 2 * across + signal + bias + (own.Layer < _clockLayer ? 1 : 2));
            if (steady > 0) Carry(depth, depth, 2 * (isAligned ? steady : _d));
            _weights += isAligned ? 4 * moving + steady * (2 + signal + bias) : _d * (4 * moving + (steady > 0 ? 2 * _d + signal + bias : 0));
            return depth;
        }

        private int Shared()
        {
            Covariance covariance = _mixture.Covariances[0];
            bool isAligned = IsAligned;
            int across = isAligned ? 1 : _d;
            bool[] differs = [.. Enumerable.Range(0, _d).Select(i => !isAligned || _mixture.Means.Any(mean => mean[i] != _mixture.Means[0][i]))];
            int differing = differs.Count(differ => differ);
            if (!_isTimed)
            {
                int rounds = Softmax(0, 2, _ => differing + 1, (_, _) => differing + 1, _k, hasCommon: false);
                Carry(1, rounds, 2 * _d);
                _weights += isAligned ? differing * 2 * _k + 3 * _d : _d * (2 * _k + 2 * _d + 1);
                return rounds;
            }
            int signal = _isSignalMoving ? 1 : 0, bias = _isSignalMoving && !_hasSignalBias ? 0 : 1, near = _clockLayer;
            bool isMoving = _reciprocals.Values.Any(own => !own.IsConstant), hasRates = _isSignalMoving && isMoving;
            int pulls = near + (hasRates ? 2 : 1), steadyTerms = 0, termsOfSquares = 0;
            foreach (KeyValuePair<double, Reciprocal> own in _reciprocals)
            {
                bool isRead = Enumerable.Range(0, _d).Any(i => differs[i] && covariance.Variances[i] == own.Key);
                // Two means are as far from their middle: their squares do not count.
                if (_k == 2) continue;
                if (own.Value.IsConstant) (steadyTerms, termsOfSquares) = isRead ? (2, termsOfSquares + 2) : (steadyTerms, termsOfSquares);
                else termsOfSquares += !isRead ? 0 : _isSignalMoving ? 3 : 1;
            }
            int logit = 4 * differing + termsOfSquares;
            int counted = HasLeast(covariance, differs) ? _k - 1 : _k;
            int responsibilities = Softmax(pulls, 2, _ => logit + 1, (_, _) => logit + 1, counted, hasCommon: true), depth = responsibilities + 1;

            bool hasSteady = covariance.Variances.Any(variance => _reciprocals[variance].IsConstant);
            Clock(depth + (hasSteady ? 1 : 0), _k == 2 ? 0 : steadyTerms > 0 ? pulls + 1 : near + 1, isMoving ? _signalLayer + 1 : 0, isMoving || _k > 2);
            Carry(1, depth - 1, 2 * _d);
            // With a constant a, a/λ is 1/λ, which the score's affine part reads too.
            Reciprocals(variance => _isSignalMoving || !IsRead(variance) ? depth : depth + 1);
            foreach (KeyValuePair<double, Reciprocal> own in _reciprocals)
            {
                if (own.Value.IsConstant || !_isSignalMoving || !IsRead(own.Key)) continue;
                int inverse = own.Value.Layer < near ? 1 : 2, clockSignal = _hasSignalBias ? 2 : 1, clockSquare = _hasSignalBias ? 3 : 1;
                Add(near + 1, 3, clockSignal + inverse);
                if (_k > 2)
                {
                    Add(near + 1, 3, clockSquare + inverse);
                    Carry(near + 2, pulls, 3);
                }
                Add(near + 2, 1, 3);
                Carry(near + 3, depth, 1);
            }
            int output = 0, steady = 0;
            for (int i = 0; i < _d; i++)
            {
                Reciprocal own = _reciprocals[covariance.Variances[i]];
                int along = 2 * across + signal + bias, meanTerms = 2 * (_k - 1) + 1;
                if (differs[i])
                {
                    // a/λ: a itself, which along has too, or a product, or 1/λ.
                    Add(pulls, 4, along + (own.IsConstant ? 0 : _isSignalMoving ? 3 : own.Layer < near ? 1 : 2));
                    Add(depth, 3, (own.IsConstant ? 1 + (_hasSignalBias ? 1 : 0) : 1) + meanTerms);
                }
                if (!own.IsConstant) Add(depth, 4, 1 + along);
                else steady++;
                // Of the affine part: the rate, once a variance.
                int affine = own.IsConstant ? along : differs[i] ? 1 : 0;
                output += (differs[i] ? 3 : 0) + (own.IsConstant ? 0 : 4) + affine;
            }
            if (steady > 0) Carry(depth, depth, 2 * (isAligned ? steady : _d));
            if (isAligned) _weights += output;
            else
            {
                int rates = _reciprocals.Values.Count(own => !own.IsConstant);
                _weights += _d * (3 * differing + 4 * (_d - steady) + rates + (steady > 0 ? 2 * _d + signal + bias : 0));
            }
            return depth;

            bool IsRead(double variance) => Enumerable.Range(0, _d).Any(i => differs[i] && covariance.Variances[i] == variance);
        }

        // Whether a component's mean is the least along all axes: the means are measured from the least, so that its share does not count.
        private bool HasLeast(Covariance covariance, bool[] differs)
        {
            double Along(ImmutableArray<double> mean, int axis) => Enumerable.Range(0, _d).Sum(j => covariance.Basis!.Value[j * _d + axis] * mean[j]);
            double[][] along =
                [.. _mixture.Means.Select(mean => IsAligned ? [.. mean] : (double[])[.. Enumerable.Range(0, _d).Select(axis => Along(mean, axis))])];
            return along.Any(own => Enumerable.Range(0, _d).All(i => !differs[i] || along.All(other => own[i] <= other[i])));
        }

        private int Unequal()
        {
            bool isAligned = IsAligned;
            static Dictionary<double, int> Counts(Covariance covariance)
                => covariance.Variances.GroupBy(variance => variance).ToDictionary(own => own.Key, own => own.Count());
            Dictionary<double, int>[] groups = [.. _mixture.Covariances.Select(Counts)];
            int[] across = [.. _mixture.Covariances.Select(covariance => covariance.IsIsotropic || covariance.Basis is null ? 1 : _d)];
            int signal = _isSignalMoving ? 1 : 0, bias = _isSignalMoving && !_hasSignalBias ? 0 : 1;
            bool isByMatrix = isAligned || _k > _d;
            bool[] differs = [.. Enumerable.Range(0, _d).Select(i => _mixture.Means.Any(mean => mean[i] != _mixture.Means[0][i]))];
            int responsibilities, depth;
            if (!_isTimed)
            {
                if (isAligned)
                {
                    Add(1, 2 * _d, 2);
                    int Unlike(int left, int right)
                        => Enumerable.Range(0, _d).Count(i => _mixture.Covariances[left].Variances[i] != _mixture.Covariances[right].Variances[i]);
                    responsibilities = Softmax(1, 1, _ => 4 * _d + 1, (left, right) => 2 * _d + 1 + 2 * Unlike(left, right), _k, hasCommon: true);
                }
                else if (_k > 2 * _d)
                {
                    Add(1, 2 * _d, 2);
                    Add(1, _d * (_d - 1), 3);
                    int Squares(int k) => across[k] == 1 ? 2 * _d : _d * (_d + 1);
                    int SquaresOfBoth(int left, int right) => Math.Max(Squares(left), Squares(right));
                    responsibilities = Softmax(
                        1, 1, k => Squares(k) + 2 * _d + 1, (left, right) => SquaresOfBoth(left, right) + 2 * _d + 1,
                        _k, hasCommon: true);
                }
                else
                {
                    for (int k = 0; k < _k; k++) Add(1, 2 * _d, across[k] + 1);
                    responsibilities = Softmax(1, 1, _ => 2 * _d + 1, (_, _) => 4 * _d + 1, _k, hasCommon: true);
                }
                depth = responsibilities + 1;
                Carry(1, depth - 1, 2 * _d);
            }
            else
            {
                int squares = Math.Max(_clockLayer, _logarithmLayer - 1), logits = squares + 1;
                int[] terms = new int[_k];
                for (int k = 0; k < _k; k++)
                    foreach (KeyValuePair<double, int> group in groups[k])
                    {
                        Reciprocal own = _reciprocals[group.Key];
                        Add(own.IsConstant ? logits : squares, 2 * group.Value, 2 * across[k] + signal + bias);
                        if (!own.IsConstant) Add(logits, 3, 2 * group.Value + (own.Layer < squares ? 1 : 2));
                        terms[k] += own.IsConstant ? 2 * group.Value : 3;
                    }
                int Logarithm(double variance)
                    => _reciprocals[variance] is { IsConstant: false } own ? own.LogarithmLayer < logits ? 1 : own.LogarithmTerms : 0;
                IEnumerable<double> Unlike(int left, int right)
                    => groups[left].Keys.Union(groups[right].Keys).Where(variance => Count(left, variance) != Count(right, variance));
                responsibilities = Softmax(
                    logits,
                    1,
                    k => terms[k] + groups[k].Keys.Sum(Logarithm) + 1,
                    (left, right) => terms[left] + terms[right] + 1 + Unlike(left, right).Sum(Logarithm),
                    _k, hasCommon: true);
                depth = responsibilities + 2;
                Clock(depth, 0, _logarithmLayer);
                Logarithms(logits + 1);
                Reciprocals(_ => responsibilities + 1);
                Carry(1, depth - 1, 2 * _d);
                for (int k = 0; k < _k; k++)
                {
                    Add(responsibilities + 1, 3 * groups[k].Keys.Count(variance => !_reciprocals[variance].IsConstant), 4);
                    if (groups[k].Keys.Any(variance => _reciprocals[variance].IsConstant)) Add(responsibilities + 1, 1, 3);
                }

                int Count(int k, double variance) => groups[k].TryGetValue(variance, out int count) ? count : 0;
            }

            // Of r/λ: at one time the share itself and what all shares have in common.
            int Share(double variance) => !_isTimed ? 2 : _reciprocals[variance].IsConstant ? 1 : 3;
            int common = _isTimed ? 0 : 1;
            if (!isByMatrix)
            {
                for (int k = 0; k < _k; k++)
                {
                    foreach (KeyValuePair<double, int> group in groups[k])
                        Add(depth, 4 * group.Value, Share(group.Key) + common + 2 * across[k] + signal + bias);
                    _weights += 4 * _d * across[k];
                }
                return depth;
            }
            int all = common + Enumerable.Range(0, _k).Sum(OfAll);
            int pulls = isAligned ? differs.Count(differ => differ) : _d;
            bool isKept = !_isSignalMoving && 2 * pulls <= all;
            for (int i = 0; i < _d; i++)
            {
                int diagonal = common + Enumerable.Range(0, _k).Sum(k => OfAxis(k, i)),
                    aside = common + Enumerable.Range(0, _k).Sum(k => across[k] == 1 ? 0 : OfAll(k));
                Add(depth, 4, diagonal + 2 + signal + bias);
                if (!isAligned) Add(depth, 4 * (_d - 1), aside + 2 + signal + bias);
                _weights += isAligned ? 4 : 4 * _d;
                if (isAligned && !differs[i]) continue;
                if (_isSignalMoving) Add(depth, 4, diagonal + 1 + (_hasSignalBias ? 1 : 0));
                else if (isKept) Add(depth, 2, diagonal);
                _weights += _isSignalMoving ? 4 : isKept ? 2 : diagonal;
            }
            if (!_isSignalMoving && !isKept) Carry(depth, depth, all);
            return depth;

            int OfAll(int k)
            {
                if (!_isTimed) return 2;
                ImmutableArray<double> variances = _mixture.Covariances[k].Variances;
                double[] read =
                    [.. groups[k].Keys.Where(variance => across[k] > 1 || Enumerable.Range(0, _d).Any(i => differs[i] && variances[i] == variance))];
                bool hasConstant = read.Any(variance => _reciprocals[variance].IsConstant);
                return read.Where(variance => !_reciprocals[variance].IsConstant).Sum(Share) + (hasConstant ? 1 : 0);
            }

            int OfAxis(int k, int i) => across[k] == 1 ? Share(_mixture.Covariances[k].Variances[i]) : OfAll(k);
        }
    }

    // The reciprocal of a variance, or its logarithm: the layer after which it is known, and the terms it has.
    private sealed record Reciprocal(bool IsConstant, int Place, int Layer, int LogarithmLayer, int LogarithmTerms)
    {
        public int Knots { get; init; }
    }
}
