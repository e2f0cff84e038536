using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Runtime.Laws;

/// <summary>The determinants of a solver on a mixture in the plane that has one isotropic covariance, a vector of samples from start to end.</summary>
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
    public override int Subtract(ReadOnlySpan<T> starts, Span<double> logDensities)
    {
        int width = Vector<T>.Count, n = logDensities.Length, reversals = 0;
        Vector<T>[] weights = ArrayPool<Vector<T>>.Shared.Rent(_means.Count);
        Derivative[] slopes = ArrayPool<Derivative>.Shared.Rent(_slopes);
        Span<T> lanes = stackalloc T[2 * width];
        for (int first = 0; first < n; first += width)
        {
            int own = Math.Min(width, n - first);
            lanes.Clear();
            for (int i = 0; i < own; i++)
                for (int j = 0; j < _d; j++) lanes[j * width + i] = starts[(first + i) * _d + j];
            Vector<T> least = Follow(new(lanes), new(lanes[width..]), weights, slopes, out Vector<T> logs);
            for (int i = 0; i < own; i++)
            {
                logDensities[first + i] -= double.CreateTruncating(logs[i]);
                if (least[i] <= T.Zero) reversals++;
            }
        }
        ArrayPool<Derivative>.Shared.Return(slopes);
        ArrayPool<Vector<T>>.Shared.Return(weights);
        return reversals;
    }

    /// <summary>The logarithms of the determinants.</summary>
    /// <returns>The least determinant of a step.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector<T> Follow(Vector<T> x, Vector<T> y, Span<Vector<T>> weights, Span<Derivative> slopes, out Vector<T> log)
    {
        Vector<T> least = new(T.PositiveInfinity), product = Vector<T>.One;
        log = Vector<T>.Zero;
        Derivative start = default, end = default;
        for (int segment = 0; segment < _evaluations.Length; segment++)
        {
            (start.X, start.Y, start.XX, start.XY, start.YX, start.YY) = (x, y, Vector<T>.One, Vector<T>.Zero, Vector<T>.Zero, Vector<T>.One);
            PlaneEvaluation<T>[] evaluations = _evaluations[segment];
            if (_history > 0)
            {
                for (int age = _history; age > 0; age--) slopes[age] = slopes[age - 1];
                Evaluate(evaluations[0], start, weights, ref slopes[0]);
                T[][] results = _results[segment];
                Combine(results[Math.Min(Math.Min(segment, _history), results.Length - 1)], start, slopes, ref end);
            }
            else
            {
                Evaluate(evaluations[0], start, weights, ref slopes[0]);
                for (int s = 1; s < evaluations.Length; s++)
                {
                    Combine(_inputs[segment][s], start, slopes, ref end);
                    Evaluate(evaluations[s], end, weights, ref slopes[s]);
                }
                Combine(_results[segment][0], start, slopes, ref end);
            }
            (x, y) = (end.X, end.Y);
            Vector<T> determinant = _d == 1 ? end.XX : end.XX * end.YY - end.XY * end.YX;
            least = Vector.Min(least, determinant);
            product *= determinant;
            bool isLast = segment == _evaluations.Length - 1;
            if (isLast || segment % Product == Product - 1)
            {
                log += Log(Vector.Abs(product));
                product = Vector<T>.One;
            }
            for (int age = 0; age < _history && !isLast; age++) slopes[age].Divide(end);
        }
        return least;
    }

    private static Vector<T> Log(Vector<T> x)
        => typeof(T) == typeof(float) ? Vector.Log(x.As<T, float>()).As<float, T>() : Vector.Log(x.As<T, double>()).As<double, T>();

    private static void Evaluate(PlaneEvaluation<T> evaluation, in Derivative at, Span<Vector<T>> weights, ref Derivative result)
    {
        PlaneSlope<T> slope = default;
        evaluation.Evaluate(at.X, at.Y, weights, ref slope);
        (result.X, result.Y) = (slope.X, slope.Y);
        result.XX = SimdMath.MultiplyAdd(slope.XX, at.XX, slope.XY * at.YX);
        result.XY = SimdMath.MultiplyAdd(slope.XX, at.XY, slope.XY * at.YY);
        result.YX = SimdMath.MultiplyAdd(slope.XY, at.XX, slope.YY * at.YX);
        result.YY = SimdMath.MultiplyAdd(slope.XY, at.XY, slope.YY * at.YY);
    }

    private static void Combine(T[] factors, in Derivative start, Span<Derivative> slopes, ref Derivative sum)
    {
        Vector<T> state = new(factors[0]);
        (sum.X, sum.Y, sum.XX, sum.XY, sum.YX, sum.YY) = (state * start.X, state * start.Y, state, Vector<T>.Zero, Vector<T>.Zero, state);
        for (int l = 1; l < factors.Length; l++) sum.Add(new(factors[l]), slopes[l - 1]);
    }

    /// <summary>A state or a slope, and its derivative with respect to the state at the start of the step.</summary>
    private struct Derivative
    {
        public Vector<T> X, Y, XX, XY, YX, YY;

        public void Add(Vector<T> factor, in Derivative other)
        {
            X = SimdMath.MultiplyAdd(factor, other.X, X);
            Y = SimdMath.MultiplyAdd(factor, other.Y, Y);
            XX = SimdMath.MultiplyAdd(factor, other.XX, XX);
            XY = SimdMath.MultiplyAdd(factor, other.XY, XY);
            YX = SimdMath.MultiplyAdd(factor, other.YX, YX);
            YY = SimdMath.MultiplyAdd(factor, other.YY, YY);
        }

        /// <summary>Derivative times the inverse of the end's: with respect to the end.</summary>
        public void Divide(in Derivative end)
        {
            Vector<T> inverse = Vector<T>.One / (end.XX * end.YY - end.XY * end.YX), xx = XX, yx = YX;
            XX = (xx * end.YY - XY * end.YX) * inverse;
            XY = (XY * end.XX - xx * end.XY) * inverse;
            YX = (yx * end.YY - YY * end.YX) * inverse;
            YY = (YY * end.XX - yx * end.XY) * inverse;
        }
    }
}
