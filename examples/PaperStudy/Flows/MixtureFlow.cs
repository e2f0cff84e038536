using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Examples.Arithmetic;

namespace FlowDsl.Examples.Flows;

/// <summary>The flow of a study's mixture, for some samples at a time: rows are coordinates, lanes are samples. For one thread.</summary>
/// <remarks>
/// In t: dx/dt = -β(x + (a Σ r_k μ_k - x)/s²). With y = x/a and its deviation ς, ς² = σ0² + exp(2βt) - 1: dy/d(log ς) = y - Σ r_k μ_k. In both, r is
/// the softmax of (μ_k·x a - a²|μ_k|²/2)/s², in y with a = 1 and s = ς.
/// </remarks>
internal sealed class MixtureFlow<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of samples that are followed together.</summary>
    public const int Lanes = 64;

    private readonly StudyMixture _mixture;
    private readonly int _count, _d;
    private readonly T[] _means, _halfSquares, _shares, _expected, _x, _stage, _slope, _sum;

    /// <summary>A flow whose numbers of means and of coordinates are multiples of four.</summary>
    public MixtureFlow(StudyMixture mixture)
    {
        (_mixture, _count, _d) = (mixture, mixture.Means.Count, mixture.Dimension);
        if (_count % RowProducts.Height != 0 || _d % RowProducts.Height != 0)
            throw new ArgumentException($"There are {_count} means of {_d} coordinates; both must be multiples of {RowProducts.Height}.", nameof(mixture));
        _means = [.. mixture.Means.SelectMany(mean => mean).Select(T.CreateChecked)];
        _halfSquares = [.. mixture.Means.Select(mean => T.CreateChecked(mean.Sum(value => value * value) / 2))];
        _shares = new T[_count * Lanes];
        (_expected, _x, _stage) = (new T[_d * Lanes], new T[_d * Lanes], new T[_d * Lanes]);
        (_slope, _sum) = (new T[_d * Lanes], new T[_d * Lanes]);
    }

    /// <summary>Takes samples along a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="states">x, row-major: from the path's start to its end.</param>
    /// <param name="token">Stops within a group of samples.</param>
    public void Follow(FlowPath path, Span<T> states, CancellationToken token = default)
    {
        for (int first = 0; first < states.Length; first += Lanes * _d)
        {
            token.ThrowIfCancellationRequested();
            Span<T> own = states.Slice(first, Math.Min(Lanes * _d, states.Length - first));
            ToRows(own);
            if (path.IsConverged) FollowLogNoise(path);
            else FollowTime(path);
            FromRows(own);
        }
    }

    /// <summary>The score of samples at a time.</summary>
    public void Score(double t, ReadOnlySpan<T> states, Span<T> scores)
    {
        double a = StudyMixture.Signal(t), variance = _mixture.Variance(t);
        for (int first = 0; first < states.Length; first += Lanes * _d)
        {
            int length = Math.Min(Lanes * _d, states.Length - first);
            ToRows(states.Slice(first, length));
            SetExpected(_x, a, variance);
            Combine(_x, a / variance, -1 / variance);
            _slope.CopyTo(_x, 0);
            FromRows(scores.Slice(first, length));
        }
    }

    // As in the published runs, t is advanced by repeated addition; the last stage is at 0 (or within rounding of it) with s² = σ0².
    private void FollowTime(FlowPath path)
    {
        double h = (path.To - path.From) / path.Steps, t = path.From;
        for (int i = 0; i < path.Steps; i++, t += h) Step(h, t, t + h / 2, t + h, VelocityAt);
    }

    private void FollowLogNoise(FlowPath path)
    {
        double from = LogNoise(path.From), h = (LogNoise(path.To) - from) / path.Steps;
        Scale(_x, 1 / StudyMixture.Signal(path.From));
        for (int i = 0; i < path.Steps; i++) Step(h, from + i * h, from + (i + 0.5) * h, from + (i + 1) * h, SlopeAt);
        Scale(_x, StudyMixture.Signal(path.To));

        double LogNoise(double t) => 0.5 * Math.Log(_mixture.Sigma0 * _mixture.Sigma0 + (Math.Exp(2 * StudyMixture.Beta * t) - 1));
    }

    private void Step(double h, double first, double middle, double last, Action<double, T[]> slope)
    {
        slope(first, _x);
        _slope.CopyTo(_sum, 0);
        AddScaled(_x, _slope, h / 2, _stage);
        slope(middle, _stage);
        AddScaled(_sum, _slope, 2, _sum);
        AddScaled(_x, _slope, h / 2, _stage);
        slope(middle, _stage);
        AddScaled(_sum, _slope, 2, _sum);
        AddScaled(_x, _slope, h, _stage);
        slope(last, _stage);
        AddScaled(_sum, _slope, 1, _sum);
        AddScaled(_x, _sum, h / 6, _x);
    }

    private void VelocityAt(double t, T[] x)
    {
        // Repeated addition ends within rounding of 0.
        t = Math.Abs(t) <= 1e-14 ? 0 : t;
        double a = StudyMixture.Signal(t), variance = _mixture.Variance(t);
        SetExpected(x, a, variance);
        Combine(x, -StudyMixture.Beta * a / variance, -StudyMixture.Beta * (1 - 1 / variance));
    }

    private void SlopeAt(double logNoise, T[] y)
    {
        SetExpected(y, 1, Math.Exp(2 * logNoise));
        Combine(y, -1, 1);
    }

    // slope ← expected · mean + own · x.
    private void Combine(T[] x, double expected, double own)
    {
        Vector<T> first = new(T.CreateChecked(expected)), second = new(T.CreateChecked(own));
        for (int i = 0; i < x.Length; i += Vector<T>.Count)
            RowProducts.MultiplyAdd(first, new Vector<T>(_expected, i), second * new Vector<T>(x, i)).CopyTo(_slope, i);
    }

    // The mean of the μ_k under the responsibilities at x, which has the law Σ N(a μ_k, variance)/K.
    private void SetExpected(T[] x, double a, double variance)
    {
        nuint d = (nuint)_d;
        RowProducts.Multiply(ref _means[0], d, 1, (nuint)_count, d, ref x[0], Lanes, ref _shares[0], Lanes, Lanes);
        ToShares(T.CreateChecked(a), T.CreateChecked(a / variance * Math.Log2(Math.E)));
        RowProducts.Multiply(ref _means[0], 1, d, d, (nuint)_count, ref _shares[0], Lanes, ref _expected[0], Lanes, Lanes);
    }

    // From products μ_k·x to responsibilities.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ToShares(T a, T scale)
    {
        for (int i = 0; i < Lanes; i += Vector<T>.Count)
        {
            Vector<T> most = new(T.NegativeInfinity), sum = Vector<T>.Zero, factor = new(scale);
            for (int k = 0; k < _count; k++)
            {
                Vector<T> logit = new Vector<T>(_shares, k * Lanes + i) - new Vector<T>(a * _halfSquares[k]);
                logit.CopyTo(_shares, k * Lanes + i);
                most = Vector.Max(most, logit);
            }
            for (int k = 0; k < _count; k++)
            {
                Vector<T> power = RowProducts.Exp2((new Vector<T>(_shares, k * Lanes + i) - most) * factor);
                power.CopyTo(_shares, k * Lanes + i);
                sum += power;
            }
            sum = Vector<T>.One / sum;
            for (int k = 0; k < _count; k++) (new Vector<T>(_shares, k * Lanes + i) * sum).CopyTo(_shares, k * Lanes + i);
        }
    }

    private static void AddScaled(T[] x, T[] slope, double factor, T[] target)
    {
        Vector<T> scale = new(T.CreateChecked(factor));
        for (int i = 0; i < x.Length; i += Vector<T>.Count)
            RowProducts.MultiplyAdd(scale, new Vector<T>(slope, i), new Vector<T>(x, i)).CopyTo(target, i);
    }

    private static void Scale(T[] x, double factor)
    {
        Vector<T> scale = new(T.CreateChecked(factor));
        for (int i = 0; i < x.Length; i += Vector<T>.Count) (scale * new Vector<T>(x, i)).CopyTo(x, i);
    }

    // Lanes without a sample follow the flow from the origin.
    private void ToRows(ReadOnlySpan<T> states)
    {
        int n = states.Length / _d;
        for (int j = 0; j < _d; j++)
        {
            for (int i = 0; i < n; i++) _x[j * Lanes + i] = states[i * _d + j];
            _x.AsSpan(j * Lanes + n, Lanes - n).Clear();
        }
    }

    private void FromRows(Span<T> states)
    {
        for (int i = 0; i < states.Length / _d; i++)
            for (int j = 0; j < _d; j++) states[i * _d + j] = _x[j * Lanes + i];
    }
}
