using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Flows;

/// <summary>
/// Integrates many points at a time, each with its own steps: a lane that reaches the end takes the next point. Lanes do not affect each other, so a
/// point's bits depend only on the point. Holds working memory; not thread-safe.
/// </summary>
internal sealed class LaneFlow
{
    // A derivative needs fewer digits than a point: it must not shorten steps.
    private const double TangentTolerance = 1e-9;

    // Shortening a step of a billionth of the way is useless: the rest is rounding.
    private const double MinStep = 1e-9;

    // The number of values that the second-level cache holds, and the maximum number of lanes.
    private const int RowsInCache = 65536, MaxLanes = 64;

    private readonly LaneField _field;
    private readonly bool _tangent;
    private readonly int _stride, _size;
    private readonly AlignedNumbers<double> _state, _next, _stage, _slopes, _clock, _scratch, _u, _h, _error, _taken;
    private readonly int[] _point;
    private readonly bool[] _rejected, _ended;
    private double _end, _least;

    /// <summary>Allocates the working memory.</summary>
    /// <param name="field">The field.</param>
    /// <param name="tangent">Whether a direction is carried with each point.</param>
    public LaneFlow(LaneField field, bool tangent)
    {
        (_field, _tangent) = (field, tangent);
        _size = (tangent ? 2 : 1) * field.Dimension;
        _stride = Lanes(field, tangent);
        (_state, _next, _stage) = (Rows(_size), Rows(_size), Rows(_size));
        _slopes = Rows(DormandPrince853.Stages * _size);
        (_clock, _scratch) = (Rows(LaneField.ClockRows), Rows(field.ScratchRows(tangent)));
        (_u, _h, _error, _taken) = (Rows(1), Rows(1), Rows(1), Rows(1));
        (_point, _rejected, _ended) = (new int[_stride], new bool[_stride], new bool[_stride]);

        AlignedNumbers<double> Rows(int count) => new(count * _stride);
    }

    /// <summary>Field evaluations, per lane.</summary>
    public long Evaluations { get; private set; }

    /// <summary>The number of points that are integrated together.</summary>
    /// <param name="field">The field.</param>
    /// <param name="tangent">Whether a direction is carried with each point.</param>
    public static int Lanes(LaneField field, bool tangent)
    {
        int pair = 2 * WideVectors<double>.MaxLanes, rows = (DormandPrince853.Stages + 3) * (tangent ? 2 : 1) * field.Dimension + field.ScratchRows(tangent);
        return Math.Clamp(RowsInCache / rows / pair * pair, pair, Math.Max(pair, MaxLanes));
    }

    /// <summary>Integrates points.</summary>
    /// <param name="from">u at the start.</param>
    /// <param name="to">u at the end.</param>
    /// <param name="tolerance">
    /// The accepted error of a step: the Euclidean norm of the coordinates' errors, each relative to the larger of its size and the smallest standard
    /// deviation of a component.
    /// </param>
    /// <param name="points">Which points.</param>
    /// <param name="starts">The values of each point, followed by those of its direction if there is one.</param>
    /// <param name="ends">Receives the same at the end; NaN if they are not finite.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    public void Run(
        double from, double to, double tolerance, ReadOnlySpan<int> points, ReadOnlySpan<double> starts, Span<double> ends, CancellationToken cancellationToken)
    {
        (_end, _least) = (to, MinStep * Math.Abs(to - from));
        // About as long as steps of order 8 will be: if too long it costs a rejection, if too short an extra step.
        double first = (to - from) * Math.Min(0.25, 0.75 * EighthRoot(tolerance));
        int active = 0, next = 0, pair = 2 * Vector<double>.Count;
        while (true)
        {
            for (; active < _stride && next < points.Length; active++, next++) Load(active, points[next], starts, from, first);
            if (active == 0) return;
            cancellationToken.ThrowIfCancellationRequested();
            nuint lanes = (nuint)((active + pair - 1) / pair * pair);
            Attempt(lanes, 1 / tolerance);
            Evaluations += DormandPrince853.Stages * active;
            for (int lane = 0; lane < active; lane++) _ended[lane] = Advance(lane);
            Take(lanes);
            for (int lane = active - 1; lane >= 0; lane--)
            {
                if (!_ended[lane]) continue;
                for (int j = 0; j < _size; j++) ends[_point[lane] * _size + j] = _state[j * _stride + lane];
                if (next < points.Length) Load(lane, points[next++], starts, from, first);
                else Move(--active, lane);
            }
        }
    }

    private void Load(int lane, int point, ReadOnlySpan<double> starts, double from, double step)
    {
        for (int j = 0; j < _size; j++) _state[j * _stride + lane] = starts[point * _size + j];
        (_point[lane], _u[lane], _h[lane], _rejected[lane]) = (point, from, step, false);
    }

    private void Move(int from, int to)
    {
        for (int j = 0; j < _size; j++) _state[j * _stride + to] = _state[j * _stride + from];
        (_point[to], _u[to], _h[to], _rejected[to]) = (_point[from], _u[from], _h[from], _rejected[from]);
    }

    /// <summary>Accepts or rejects a lane's step and chooses the next; returns whether the lane is at the end.</summary>
    private bool Advance(int lane)
    {
        double error = _error[lane], step = _h[lane];
        bool accepted = error <= 1 || Math.Abs(step) <= _least;
        _taken[lane] = accepted ? 1 : 0;
        if (!accepted)
        {
            _h[lane] = step * (double.IsNaN(error) ? 0.2 : Math.Clamp(0.9 / EighthRoot(error), 0.2, 0.9));
            _rejected[lane] = true;
            return false;
        }
        // No step is short enough.
        if (double.IsNaN(error))
        {
            for (int j = 0; j < _size; j++) _next[j * _stride + lane] = double.NaN;
            return true;
        }
        double u = _u[lane] + step, left = _end - u;
        // The last step covered all that was left, up to rounding.
        if (!(Math.Abs(left) > 1e-14 * Math.Abs(_end - _u[lane]))) return true;
        _u[lane] = u;
        step *= Math.Clamp(0.9 / EighthRoot(error), 0.2, _rejected[lane] ? 1 : 6);
        _rejected[lane] = false;
        // Two steps of half the way instead of one and a small rest.
        _h[lane] = Math.Abs(left) <= Math.Abs(step) ? left : Math.Abs(left) < 2 * Math.Abs(step) ? 0.5 * left : step;
        return false;
    }

    // state ← next in the lanes whose steps were accepted
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Take(nuint lanes)
    {
        nuint stride = (nuint)_stride, end = (nuint)_size * stride;
        ref double state = ref _state.First, next = ref _next.First, taken = ref _taken.First;
        for (nuint i = 0; i < lanes; i += (nuint)Vector<double>.Count)
        {
            Vector<double> mask = Vector.GreaterThan(Vector.LoadUnsafe(ref taken, i), Vector<double>.Zero).As<long, double>();
            for (nuint at = i; at < end; at += stride)
                Vector.ConditionalSelect(mask, Vector.LoadUnsafe(ref next, at), Vector.LoadUnsafe(ref state, at)).StoreUnsafe(ref state, at);
        }
    }

    private static double EighthRoot(double value) => Math.Sqrt(Math.Sqrt(Math.Sqrt(value)));

    /// <summary>A step of all lanes, with its error divided by the tolerance.</summary>
    private void Attempt(nuint lanes, double inverseTolerance)
    {
        nuint stride = (nuint)_stride, group = (nuint)_size * stride;
        ref double slopes = ref _slopes.First;
        for (int stage = 0; stage < DormandPrince853.Stages; stage++)
        {
            LaneField.SetClock(ref _u.First, ref _h.First, DormandPrince853.Nodes[stage], ref _clock.First, stride, lanes);
            ref double input = ref (stage == 0 ? _state : _stage).First;
            if (stage > 0) Combine(DormandPrince853.Inputs[stage].Slopes, DormandPrince853.Inputs[stage].Factors, ref input, lanes);
            _field.Evaluate(ref _clock.First, ref input, ref Unsafe.Add(ref slopes, (nuint)stage * group), _tangent, ref _scratch.First, stride, lanes);
        }
        Combine(DormandPrince853.ResultSlopes, DormandPrince853.Weights, ref _next.First, lanes);
        Errors(inverseTolerance, lanes);
    }

    // result ← state + h Σ factors slopes
    private void Combine(ReadOnlySpan<int> slopes, ReadOnlySpan<double> factors, ref double result, nuint lanes)
    {
        nuint wide = WideVectors<double>.Lanes(lanes);
        if (wide > 0) Combine<Vector512<double>, WideVectors<double>>(slopes, factors, ref result, 0, wide);
        if (wide < lanes) Combine<Vector<double>, UsualVectors<double>>(slopes, factors, ref result, wide, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Combine<TVector, TOps>(ReadOnlySpan<int> slopes, ReadOnlySpan<double> factors, ref double result, nuint from, nuint to)
        where TVector : struct
        where TOps : IVectors<TVector, double>
    {
        nuint width = TOps.Count, stride = (nuint)_stride, group = (nuint)_size * stride;
        ref double state = ref _state.First, slope = ref _slopes.First, h = ref _h.First;
        for (nuint row = 0; row < group; row += stride)
        {
            for (nuint i = from; i < to; i += 2 * width)
            {
                TVector a = default, b = a;
                for (int l = 0; l < factors.Length; l++)
                {
                    TVector factor = TOps.Create(factors[l]);
                    ref double own = ref Unsafe.Add(ref slope, (nuint)slopes[l] * group + row + i);
                    a = TOps.MultiplyAdd(factor, TOps.Load(ref own, 0), a);
                    b = TOps.MultiplyAdd(factor, TOps.Load(ref own, width), b);
                }
                nuint at = row + i;
                TOps.Store(TOps.MultiplyAdd(TOps.Load(ref h, i), a, TOps.Load(ref state, at)), ref result, at);
                TOps.Store(TOps.MultiplyAdd(TOps.Load(ref h, i + width), b, TOps.Load(ref state, at + width)), ref result, at + width);
            }
        }
    }

    // h e5²/√(e5² + e3²/100), with norms of the estimates of orders 5 and 3 in units of the tolerance: Hairer, Nørsett and Wanner, (10.17).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Errors(double inverseTolerance, nuint lanes)
    {
        nuint width = (nuint)Vector<double>.Count, stride = (nuint)_stride, group = (nuint)_size * stride;
        int r = _field.Dimension;
        double[] least = _field.MinVariances, shares = _field.Shares;
        ref double state = ref _state.First, next = ref _next.First, slope = ref _slopes.First, clock = ref _clock.First;
        for (nuint i = 0; i < lanes; i += width)
        {
            Vector<double> fifth = Vector<double>.Zero, third = fifth, length = Vector.Create(1e-6);
            for (int j = r; j < _size; j++)
            {
                Vector<double> value = Vector.LoadUnsafe(ref next, (nuint)j * stride + i);
                length = SimdMath.MultiplyAdd(value, value, length);
            }
            for (int j = 0; j < _size; j++)
            {
                nuint at = (nuint)j * stride + i;
                Vector<double> five = Vector<double>.Zero, three = five;
                for (int l = 0; l < DormandPrince853.ResultSlopes.Length; l++)
                {
                    Vector<double> own = Vector.LoadUnsafe(ref slope, (nuint)DormandPrince853.ResultSlopes[l] * group + at);
                    five = SimdMath.MultiplyAdd(Vector.Create(DormandPrince853.FifthOrderError[l]), own, five);
                    three = SimdMath.MultiplyAdd(Vector.Create(DormandPrince853.ThirdOrderError[l]), own, three);
                }
                Vector<double> scale;
                if (j < r)
                {
                    Vector<double> before = Vector.LoadUnsafe(ref state, at), after = Vector.LoadUnsafe(ref next, at);
                    Vector<double> square = Vector.LoadUnsafe(ref clock, stride + i), noise = Vector.LoadUnsafe(ref clock, 2 * stride + i);
                    scale = SimdMath.MultiplyAdd(square, Vector.Create(least[j]), noise);
                    scale = Vector.Max(scale, Vector.Create(shares[j]) * Vector.Max(before * before, after * after));
                    scale = Vector.Create(inverseTolerance * inverseTolerance) / scale;
                }
                else
                {
                    scale = Vector.Create(1 / (TangentTolerance * TangentTolerance)) / length;
                }
                fifth = SimdMath.MultiplyAdd(five * scale, five, fifth);
                third = SimdMath.MultiplyAdd(three * scale, three, third);
            }
            Vector<double> both = SimdMath.MultiplyAdd(Vector.Create(0.01), third, fifth);
            // If both vanish, so does the error.
            Vector<double> error = Vector.Abs(Vector.LoadUnsafe(ref _h.First, i)) * fifth / Vector.SquareRoot(Vector.Max(both, Vector.Create(double.Epsilon)));
            error.StoreUnsafe(ref _error.First, i);
        }
    }
}
