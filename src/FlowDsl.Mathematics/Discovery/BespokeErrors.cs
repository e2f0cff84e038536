using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Discovery;

/// <summary>The end points of methods on trajectories whose exact ends are known, and their derivatives by all parameters.</summary>
/// <remarks>
/// One sweep back from a direction at the end gives the derivatives by all parameters, since the field's Jacobian is symmetric. Up to three coordinates are
/// their own directions; in more, every trajectory has two random ones, along which squares are right on average.
/// <para>
/// A search sees squares that saturate: e²/(1 + e²/κ). The few trajectories that end in another mode have errors, but no derivatives that would lead them
/// back. They follow by themselves when the rest becomes exact.
/// </para>
/// </remarks>
internal sealed class BespokeErrors
{
    private const int MaxExactDimension = 3, Probes = 2;

    // An evaluation costs small mixtures more than their own operations, and a sum of the matrix less.
    private const double Overhead = 60, SumCost = 0.5;

    private readonly PilotModel _model;
    private readonly ChartFrame _frame;
    private readonly Batch _starts, _ends;
    private readonly Batch[] _directions;
    private readonly BatchRun _run;
    private readonly int _d, _steps;
    private readonly double _meanSquare, _evaluation;
    private readonly Vector<double>[] _x, _slopes, _means, _shifts, _responsibilities, _adjoint, _gradients, _derivatives, _product;

    /// <summary>Prepares measurements.</summary>
    /// <param name="model">The model.</param>
    /// <param name="frame">The chart, a canonical one.</param>
    /// <param name="steps">N.</param>
    /// <param name="path">The trajectories.</param>
    public BespokeErrors(PilotModel model, ChartFrame frame, int steps, PilotPath path)
    {
        (_model, _frame, _steps, _d, _run) = (model, frame, steps, model.Mixture.Dimension, new BatchRun(model.Mixture));
        (_starts, _ends, _meanSquare) = (path.States[0], path.States[path.States.Length - 1], model.MeanSquare(path));
        _directions = Directions(_starts.Samples, _d);
        _evaluation = EvaluationCost(model.Mixture);
        _x = new Vector<double>[(steps + 1) * _d];
        (_slopes, _means) = (new Vector<double>[steps * _d], new Vector<double>[steps * _d]);
        (_shifts, _gradients) = (new Vector<double>[steps * _d], new Vector<double>[steps * _d]);
        (_adjoint, _product) = (new Vector<double>[_d], new Vector<double>[_d]);
        _responsibilities = new Vector<double>[steps * model.Mixture.Count];
        _derivatives = new Vector<double>[_directions.Length * (steps - 1 + Solvers.DiscoveredSteps.Count(steps))];
    }

    /// <summary>κ, relative to the mean square of the ends; nothing saturates where it is infinite.</summary>
    public double Saturation { get; set; } = double.PositiveInfinity;

    /// <summary>Multiply-adds of all measurements so far.</summary>
    public double Operations { get; private set; }

    /// <summary>E|x̂ - x|²/E|x|² at the early stop; infinite if it is not finite.</summary>
    /// <param name="method">The method.</param>
    public double Of(BespokeMethod method)
        => Reached(method) is not { } reached ? double.PositiveInfinity : Finite((reached.End.MeanSquaredDistance(_ends) + reached.RestSquare) / _meanSquare);

    /// <summary>The same with squares that saturate.</summary>
    /// <param name="method">The method.</param>
    public double Saturated(BespokeMethod method)
    {
        if (Reached(method) is not { } reached) return double.PositiveInfinity;
        double sum = 0;
        foreach (double square in reached.End.SquaredDistances(_ends)) sum += square / (1 + square / (Saturation * _meanSquare));
        return Finite((sum / _starts.Samples + reached.RestSquare) / _meanSquare);
    }

    /// <summary>JᵀJ, the lower triangle, and Jᵀr of the errors r in units of <see cref="Saturated"/>, each with its weight.</summary>
    /// <param name="method">The method, with finite errors.</param>
    public (double[] Matrix, double[] Gradient) Normal(BespokeMethod method)
    {
        int parameters = method.Parameters, lanes = Lanes.Count;
        double[] matrix = new double[parameters * parameters], gradient = new double[parameters], row = new double[parameters];
        var map = new StepMap(_model.Process, _frame, method);
        BatchField[] fields = [.. map.Fields.Select(field => BatchField.Create(_model.Mixture, field))];
        BatchField[] moved = [.. map.MovedFields.Select(field => BatchField.Create(_model.Mixture, field))];
        double[] rows = new double[_derivatives.Length * lanes];
        for (int block = 0; block < _starts.Blocks; block++)
        {
            _model.CancellationToken.ThrowIfCancellationRequested();
            Forward(map, fields, moved, _starts.Block(block));
            for (int i = 0; i < _directions.Length; i++) Backward(map, fields, _directions[i].Block(block), _derivatives.AsSpan(i * parameters, parameters));
            for (int i = 0; i < _derivatives.Length; i++) _derivatives[i].CopyTo(rows, i * lanes);
            ReadOnlySpan<Vector<double>> exact = _ends.Block(block), reached = _x.AsSpan(_steps * _d, _d);
            for (int lane = 0; lane < lanes && block * lanes + lane < _starts.Samples; lane++)
            {
                double square = 0;
                for (int j = 0; j < _d; j++) square += (reached[j][lane] - exact[j][lane]) * (reached[j][lane] - exact[j][lane]);
                // The root of the derivative of the saturating square.
                double weight = 1 / (1 + square / (Saturation * _meanSquare));
                for (int i = 0; i < _directions.Length; i++)
                {
                    ReadOnlySpan<Vector<double>> direction = _directions[i].Block(block);
                    double residual = 0;
                    for (int j = 0; j < _d; j++) residual += direction[j][lane] * (reached[j][lane] - exact[j][lane]);
                    for (int p = 0; p < row.Length; p++) row[p] = weight * rows[(i * parameters + p) * lanes + lane];
                    Add(row, weight * residual, matrix, gradient);
                }
            }
        }
        double scale = 1 / (_meanSquare * _starts.Samples);
        for (int i = 0; i < matrix.Length; i++) matrix[i] *= scale;
        for (int i = 0; i < gradient.Length; i++) gradient[i] *= scale;
        Operations += _starts.Samples * NormalCost(_steps, _d, _directions.Length, _evaluation);
        return (matrix, gradient);
    }

    /// <summary>The multiply-adds of a round for one trajectory: <see cref="Normal"/>, and one <see cref="Of"/>.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="steps">N.</param>
    public static double RoundCost(Mixture mixture, int steps)
    {
        double evaluation = EvaluationCost(mixture);
        return NormalCost(steps, mixture.Dimension, mixture.Dimension <= MaxExactDimension ? mixture.Dimension : Probes, evaluation) + steps * evaluation;
    }

    /// <summary>The multiply-adds of one evaluation.</summary>
    /// <param name="mixture">The mixture.</param>
    public static double EvaluationCost(Mixture mixture) => BatchField.Operations(mixture) + Overhead;

    private static double NormalCost(int steps, int dimension, int directions, double evaluation)
    {
        int parameters = steps - 1 + Solvers.DiscoveredSteps.Count(steps);
        return steps * (2 + directions) * evaluation + directions * parameters * (0.5 * parameters * SumCost + 2 * dimension);
    }

    private static Batch[] Directions(int samples, int dimension)
    {
        bool isExact = dimension <= MaxExactDimension;
        int count = isExact ? dimension : Probes;
        double size = 1 / Math.Sqrt(count);
        return
        [
            .. Enumerable.Range(0, count).Select(probe => Batch.Of(
                [.. Enumerable.Range(0, samples).Select(i => Enumerable.Range(0, dimension).Select(j => Value(i, j, probe)).ToArray())])),
        ];

        double Value(int i, int j, int probe) => isExact ? (j == probe ? 1 : 0) : size * SplitMix.Sign(i, probe * dimension + j);
    }

    private (Batch End, double RestSquare)? Reached(BespokeMethod method)
    {
        _model.CancellationToken.ThrowIfCancellationRequested();
        if (method.Program(_model.Process, _frame) is not { } program) return null;
        Batch states = _starts.Copy();
        _run.Run(program, states);
        Operations += _starts.Samples * _steps * _evaluation;
        return (states, _model.RestError2(program));
    }

    private static double Finite(double value) => double.IsNaN(value) ? double.PositiveInfinity : value;

    /// <summary>The states and slopes of a block, and the differences of the slopes at moved times.</summary>
    [MethodImpl(Lanes.AggressiveOptimization)]
    private void Forward(StepMap map, BatchField[] fields, BatchField[] moved, ReadOnlySpan<Vector<double>> start)
    {
        int count = _model.Mixture.Count;
        var inverse = new Vector<double>(1 / StepMap.Difference);
        start.CopyTo(_x);
        for (int n = 0; n < _steps; n++)
        {
            Span<Vector<double>> x = _x.AsSpan(n * _d, _d), slope = _slopes.AsSpan(n * _d, _d), shift = _shifts.AsSpan(n * _d, _d),
                mean = _means.AsSpan(n * _d, _d), next = _x.AsSpan((n + 1) * _d, _d), responsibilities = _responsibilities.AsSpan(n * count, count);
            if (n > 0) moved[n].Evaluate(x, shift, responsibilities);
            fields[n].Evaluate(x, slope, responsibilities);
            if (n > 0)
            {
                for (int j = 0; j < _d; j++) shift[j] = (shift[j] - slope[j]) * inverse;
            }
            ReadOnlySpan<double> weights = map.Weights(n);
            mean.Clear();
            for (int age = 0; age <= n; age++)
            {
                var weight = new Vector<double>(weights[age]);
                for (int j = 0; j < _d; j++) mean[j] += weight * _slopes[(n - age) * _d + j];
            }
            Vector<double> state = new(map.Steps[n].State), factor = new(map.Steps[n].Slope);
            for (int j = 0; j < _d; j++) next[j] = state * x[j] + factor * mean[j];
        }
    }

    /// <summary>The derivatives of the end along a direction: by the inner times, then by the weights.</summary>
    [MethodImpl(Lanes.AggressiveOptimization)]
    private void Backward(StepMap map, BatchField[] fields, ReadOnlySpan<Vector<double>> direction, Span<Vector<double>> derivatives)
    {
        int count = _model.Mixture.Count, inner = _steps - 1;
        derivatives.Clear();
        _gradients.AsSpan().Clear();
        Vector<double>[] adjoint = _adjoint, product = _product;
        direction.CopyTo(adjoint);
        for (int n = inner; n >= 0; n--)
        {
            // The adjoint is that of the state after this step.
            ReadOnlySpan<double> weights = map.Weights(n);
            var factor = new Vector<double>(map.Steps[n].Slope);
            Vector<double> own = Along(_slopes, n), state = Along(_x, n), mean = Along(_means, n);
            for (int age = 1; age <= n; age++)
                derivatives[inner + Solvers.DiscoveredSteps.Count(n) + age - 1] = factor * (Along(_slopes, n - age) - own);
            if (n < inner) derivatives[n] += new Vector<double>(map.ByEnd[n].State) * state + new Vector<double>(map.ByEnd[n].Slope) * mean;
            for (int age = 0; age <= n; age++)
            {
                Vector<double> weight = factor * new Vector<double>(weights[age]);
                for (int j = 0; j < _d; j++) _gradients[(n - age) * _d + j] += weight * adjoint[j];
            }
            if (n == 0) return;
            // All later steps have added to the adjoint of this step's slope.
            Span<Vector<double>> slope = _gradients.AsSpan(n * _d, _d);
            Vector<double> byStart = new Vector<double>(map.ByStart[n].State) * state + new Vector<double>(map.ByStart[n].Slope) * mean;
            for (int j = 0; j < _d; j++) byStart += slope[j] * _shifts[n * _d + j];
            derivatives[n - 1] += byStart;
            fields[n].Multiply(_x.AsSpan(n * _d, _d), _responsibilities.AsSpan(n * count, count), slope, product);
            var kept = new Vector<double>(map.Steps[n].State);
            for (int j = 0; j < _d; j++) adjoint[j] = kept * adjoint[j] + product[j];
        }

        Vector<double> Along(Vector<double>[] vectors, int n)
        {
            Vector<double> sum = Vector<double>.Zero;
            for (int j = 0; j < _d; j++) sum += adjoint[j] * vectors[n * _d + j];
            return sum;
        }
    }

    /// <summary>Adds a row's part. Every sum has its own lane, so the width of vectors does not matter.</summary>
    [MethodImpl(Lanes.AggressiveOptimization)]
    private static void Add(double[] row, double residual, double[] matrix, double[] gradient)
    {
        int n = row.Length, width = Lanes.Count;
        for (int i = 0; i < n; i++)
        {
            double own = row[i];
            gradient[i] += own * residual;
            var factor = new Vector<double>(own);
            int j = 0;
            for (; j + width <= i + 1; j += width) (new Vector<double>(matrix, i * n + j) + factor * new Vector<double>(row, j)).CopyTo(matrix, i * n + j);
            for (; j <= i; j++) matrix[i * n + j] += own * row[j];
        }
    }
}
