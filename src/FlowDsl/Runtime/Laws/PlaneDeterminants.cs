using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Runtime.Laws;

/// <summary>The determinants of a solver on a mixture in the plane that has one isotropic covariance, two vectors of samples from start to end.</summary>
/// <remarks>
/// The 2×2 derivative of a state follows from the solver's own linear combinations. After each step it is divided out of what earlier slopes depend on, so
/// every step, of a multistep method too, begins with the identity: determinants multiply, and rounding does not grow with the number of steps.
/// </remarks>
internal sealed class PlaneDeterminants<T> : MapDeterminants<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Determinants of so many steps are multiplied before their logarithm is taken.
    private const int Product = 4;

    private readonly int _d, _history, _slopes;
    private readonly PlaneMeans<T> _means;
    private readonly PlaneEvaluation<T>[][] _evaluations;
    private readonly T[][][] _inputs, _results;

    /// <summary>Tabulates a program.</summary>
    /// <param name="mixture">A mixture in one or two dimensions with one isotropic covariance.</param>
    /// <param name="program">The program.</param>
    public PlaneDeterminants(Mixture mixture, FlowProgram program)
    {
        (_d, _history) = (mixture.Dimension, program.HistoryLength);
        _means = new PlaneMeans<T>(mixture);
        _evaluations = [.. program.Steps.Select(step => step.Stages.Select(stage => new PlaneEvaluation<T>(_means, stage.Field)).ToArray())];
        (_inputs, _results) = (StageLoop<T>.Inputs(program), StageLoop<T>.Results(program));
        _slopes = Math.Max(_history + 1, _evaluations.Max(step => step.Length));
    }

    /// <inheritdoc/>
    public override void Subtract(ReadOnlySpan<T> starts, Span<double> logDensities, Span<bool> reversed)
    {
        int width = Vector<T>.Count, n = logDensities.Length;
        Vector<T>[] weights = ArrayPool<Vector<T>>.Shared.Rent(2 * _means.Count);
        Derivative[] slopes = ArrayPool<Derivative>.Shared.Rent(2 * _slopes);
        Span<T> lanes = stackalloc T[4 * width], logs = stackalloc T[2 * width], least = stackalloc T[2 * width];
        lanes.Clear();
        for (int first = 0; first < n; first += 2 * width)
        {
            int own = Math.Min(2 * width, n - first);
            Transposition.ToRows(starts.Slice(first * _d, own * _d), _d, lanes, 2 * width, own, 2 * width);
            Follow(lanes, ref weights[0], slopes, logs, least);
            for (int i = 0; i < own; i++)
            {
                logDensities[first + i] -= double.CreateTruncating(logs[i]);
                reversed[first + i] |= least[i] <= T.Zero;
            }
        }
        ArrayPool<Derivative>.Shared.Return(slopes);
        ArrayPool<Vector<T>>.Shared.Return(weights);
    }

    /// <summary>The logarithms of the determinants, and the least determinant of a step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Follow(ReadOnlySpan<T> lanes, ref Vector<T> weights, Span<Derivative> slopes, Span<T> logs, Span<T> least)
    {
        int width = Vector<T>.Count;
        Progress first = new(new(lanes), new(lanes[(2 * width)..])), second = new(new(lanes[width..]), new(lanes[(3 * width)..]));
        Span<Derivative> slopes0 = slopes[.._slopes], slopes1 = slopes.Slice(_slopes, _slopes);
        for (int segment = 0; segment < _evaluations.Length; segment++)
        {
            PlaneEvaluation<T>[] evaluations = _evaluations[segment];
            T[] result = _results[segment][0];
            if (_history > 0)
            {
                for (int age = _history; age > 0; age--) (slopes0[age], slopes1[age]) = (slopes0[age - 1], slopes1[age - 1]);
                T[][] results = _results[segment];
                result = results[Math.Min(Math.Min(segment, _history), results.Length - 1)];
            }
            PlaneSlope<T> a = default, b = default;
            (a.X, a.Y, b.X, b.Y) = (first.X, first.Y, second.X, second.Y);
            evaluations[0].Evaluate(ref a, ref b, ref weights);
            slopes0[0].Begin(a);
            slopes1[0].Begin(b);
            for (int s = 1; s < evaluations.Length; s++)
            {
                Combine(_inputs[segment][s], first, slopes0, out Derivative input0);
                Combine(_inputs[segment][s], second, slopes1, out Derivative input1);
                (a.X, a.Y, b.X, b.Y) = (input0.X, input0.Y, input1.X, input1.Y);
                evaluations[s].Evaluate(ref a, ref b, ref weights);
                slopes0[s].Chain(a, input0);
                slopes1[s].Chain(b, input1);
            }
            Combine(result, first, slopes0, out Derivative end0);
            Combine(result, second, slopes1, out Derivative end1);
            bool isLast = segment == _evaluations.Length - 1, takesLog = isLast || segment % Product == Product - 1;
            first.Advance(end0, _d, takesLog);
            second.Advance(end1, _d, takesLog);
            for (int age = 0; age < _history && !isLast; age++)
            {
                slopes0[age].Divide(end0);
                slopes1[age].Divide(end1);
            }
        }
        first.Log.CopyTo(logs);
        second.Log.CopyTo(logs[width..]);
        first.Least.CopyTo(least);
        second.Least.CopyTo(least[width..]);
    }

    private static Vector<T> LogOf(Vector<T> x)
        => typeof(T) == typeof(float) ? Vector.Log(x.As<T, float>()).As<float, T>() : Vector.Log(x.As<T, double>()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Combine(T[] factors, in Progress start, ReadOnlySpan<Derivative> slopes, out Derivative sum)
    {
        Vector<T> state = new(factors[0]);
        Vector<T> x = state * start.X, y = state * start.Y, xx = state, xy = Vector<T>.Zero, yx = xy, yy = state;
        for (int l = 1; l < factors.Length; l++)
        {
            Vector<T> factor = new(factors[l]);
            ref readonly Derivative slope = ref slopes[l - 1];
            x = SimdMath.MultiplyAdd(factor, slope.X, x);
            y = SimdMath.MultiplyAdd(factor, slope.Y, y);
            xx = SimdMath.MultiplyAdd(factor, slope.XX, xx);
            xy = SimdMath.MultiplyAdd(factor, slope.XY, xy);
            yx = SimdMath.MultiplyAdd(factor, slope.YX, yx);
            yy = SimdMath.MultiplyAdd(factor, slope.YY, yy);
        }
        (sum.X, sum.Y, sum.XX, sum.XY, sum.YX, sum.YY) = (x, y, xx, xy, yx, yy);
    }

    /// <summary>Where a vector of samples is, and the determinants so far.</summary>
    private struct Progress(Vector<T> x, Vector<T> y)
    {
        public Vector<T> X = x, Y = y, Product = Vector<T>.One, Log = Vector<T>.Zero, Least = new(T.PositiveInfinity);

        public void Advance(in Derivative end, int d, bool takesLog)
        {
            (X, Y) = (end.X, end.Y);
            Vector<T> determinant = d == 1 ? end.XX : SimdMath.MultiplyAdd(-end.XY, end.YX, end.XX * end.YY);
            Least = Vector.Min(Least, determinant);
            Product *= determinant;
            if (!takesLog) return;
            Log += LogOf(Vector.Abs(Product));
            Product = Vector<T>.One;
        }
    }

    /// <summary>A state or a slope, and its derivative with respect to the state at the start of the step.</summary>
    private struct Derivative
    {
        public Vector<T> X, Y, XX, XY, YX, YY;

        /// <summary>The slope at the start of the step.</summary>
        public void Begin(in PlaneSlope<T> slope) => (X, Y, XX, XY, YX, YY) = (slope.X, slope.Y, slope.XX, slope.XY, slope.XY, slope.YY);

        /// <summary>The slope at a later input, whose own derivative is known.</summary>
        public void Chain(in PlaneSlope<T> slope, in Derivative at)
        {
            (X, Y) = (slope.X, slope.Y);
            // Products of what may both be tiny are not rounded by themselves: subnormal numbers take long.
            XX = SimdMath.MultiplyAdd(slope.XY, at.YX, slope.XX * at.XX);
            XY = SimdMath.MultiplyAdd(slope.XX, at.XY, slope.XY * at.YY);
            YX = SimdMath.MultiplyAdd(slope.XY, at.XX, slope.YY * at.YX);
            YY = SimdMath.MultiplyAdd(slope.XY, at.XY, slope.YY * at.YY);
        }

        /// <summary>Derivative times the inverse of the end's: with respect to the end.</summary>
        public void Divide(in Derivative end)
        {
            Vector<T> inverse = Vector<T>.One / SimdMath.MultiplyAdd(-end.XY, end.YX, end.XX * end.YY), xx = XX, yx = YX;
            XX = SimdMath.MultiplyAdd(-XY, end.YX, xx * end.YY) * inverse;
            XY = (XY * end.XX - xx * end.XY) * inverse;
            YX = (yx * end.YY - YY * end.YX) * inverse;
            YY = SimdMath.MultiplyAdd(-yx, end.XY, YY * end.XX) * inverse;
        }
    }
}
