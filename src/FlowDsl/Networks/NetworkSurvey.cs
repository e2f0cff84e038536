using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Networks;

/// <summary>The measurement of a <see cref="NetworkProfile"/>.</summary>
/// <remarks>
/// Trajectories are followed in x against t, where the slope is the velocity itself: the canonical chart divides what a network errs near the data by the
/// noise. Nodes in equal ratios of the noise level keep the contraction of x within a few tenths per interval, so nothing is stiff.
/// <para>
/// Errors are carried to the end as tangents, by central differences of the network's flow from node to node. Every difference starts from the stored
/// trajectory and is as small as single precision likes best, whatever the flow has made of the error before: a perturbation that is followed all the way
/// would sink below rounding where the flow contracts, or leave the linear range where it stretches. A central difference of half the substeps costs as
/// much as a forward one of all of them, and its error is of second order, so that the perturbation can be thirty times greater than rounding would need.
/// </para>
/// </remarks>
/// <param name="field">The network.</param>
/// <param name="model">The mixture and the process.</param>
/// <param name="solver">The solver.</param>
/// <param name="frame">Its chart.</param>
/// <param name="convention">What the network's output is and in which time it counts.</param>
/// <param name="options">How much is measured.</param>
/// <param name="progress">Receives the finished share.</param>
/// <param name="cancellationToken">Stops between intervals.</param>
internal sealed class NetworkSurvey(
    INetworkField field, GaussianMixtureModel model, Solver solver, ChartFrame frame, NetworkConvention convention, NetworkProfileOptions options,
    IProgress<double>? progress, CancellationToken cancellationToken)
{
    // A difference's length, relative to the width of a component at its time; and at least so much of a state that rounding does not matter.
    private const double Perturbation = 1.0 / 128, LeastPerturbation = 1.0 / 2048;

    // Four units of the last place of single precision, relative to the data: about what the roundings of a solver's step add up to.
    private const double Rounding = 1.0 / (1 << 22);

    // As many directions find the norm of a mixture's Jacobian within a few percent in any dimension.
    private const int MaxDirections = 12;

    private const Solver Fine = Solver.RungeKutta4;

    private readonly CountedField _field = new(field);
    private readonly int _d = model.Dimension, _samples = options.Samples;
    private readonly double[] _times = PilotTimes.Create(model.Mixture, model.Process, ErrorWindows.Intervals);
    private readonly float[] _mean = FieldProgram.MeanOf(model);
    private readonly Dictionary<int, float[]> _slopes = [];
    private double _planned;

    private Process Process => model.Process;

    private int Intervals => _times.Length - 1;

    /// <summary>Whether errors are carried by the flow's whole Jacobians; null to choose what takes fewer evaluations.</summary>
    public bool? UsesJacobians { get; init; }

    /// <summary>Measures the network.</summary>
    /// <exception cref="ArgumentException">The network gives values that are not finite, or a factor is not finite in single precision.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ProfileData Measure()
    {
        var windows = new ErrorWindows(solver, Intervals);
        if (windows.Measured.IsEmpty)
            throw new ArgumentException(
                $"Between t = {PortableNumber.Format(_times[0])} and {PortableNumber.Format(_times[^1])} double precision has too few times.", nameof(model));
        // Tangents through intervals: one per coordinate, or one per window from its end on.
        long byJacobians = (long)_d * (Intervals - windows.Measured[0].To), byTangents = windows.Measured.Sum(window => (long)Intervals - window.To);
        bool usesJacobians = UsesJacobians ?? byJacobians <= byTangents;
        // The bar is for people; the steps of windows are few.
        _planned = _samples * (
            options.Substeps * 4.0 * (1.5 * Intervals + (usesJacobians ? byJacobians : byTangents)) + 2.0 * Math.Min(_d, MaxDirections) * (Intervals + 1)
                + windows.Measured.Length);

        FieldProgram fine = FlowOf(options.Substeps), coarse = FlowOf(options.Substeps / 2);
        float[][] path = new float[Intervals + 1][];
        path[0] = FlowSampling.DrawPrior<float>(model, _samples, options.Seed, null, null, cancellationToken);
        float[] check = [.. path[0]];
        for (int i = 0; i < Intervals; i++)
        {
            path[i + 1] = [.. path[i]];
            Run(fine, options.Substeps, path[i + 1], i);
            Run(coarse, options.Substeps / 2, check, i);
            CheckFinite(path[i + 1], i + 1);
        }
        double size = Math.Sqrt(MeanSquare(path[^1], null)), doubt = Math.Sqrt(MeanSquare(path[^1], check));
        if (!double.IsFinite(doubt))
            throw new ArgumentException(
                "With half the substeps trajectories of the network are not finite; "
                    + $"{nameof(NetworkProfileOptions.Substeps)} must be more than {options.Substeps}.",
                nameof(options));

        double[][] errors = [.. windows.Measured.Select(window => StepError(path, window.From, window.To))];
        double[] local = [.. errors.Select(error => Math.Sqrt(MeanSquare(error)))];
        double[] propagated = usesJacobians ? ByJacobians(coarse, path, windows, errors) : ByTangents(coarse, path, windows, errors);
        (double Norm, double Growth)[] rates = [.. path.Select((states, node) => Rates(states, node))];
        for (int node = 0; node < rates.Length; node++)
        {
            if (!double.IsFinite(rates[node].Norm) || !double.IsFinite(rates[node].Growth))
                throw new ArgumentException($"The Jacobian of the network at t = {NumberText.Brief(_times[node])} is not finite.", nameof(field));
        }
        for (int w = 0; w < local.Length; w++)
        {
            if (double.IsFinite(propagated[w])) continue;
            (int from, int to) = windows.Measured[w];
            throw new ArgumentException(
                $"The error of {solver} from t = {NumberText.Brief(_times[from])} to {NumberText.Brief(_times[to])} is not finite on the network.",
                nameof(field));
        }
        progress?.Report(1);
        return new ProfileData(
            Process, solver, frame.Chart, GridPlaces.ScaleOf(Process, model.Mixture), Rounding * size, _samples, _field.Evaluations / _samples,
            size == 0 ? 0 : doubt / size, [.. _times], [.. rates.Select(rate => rate.Norm)], [.. rates.Select(rate => rate.Growth)],
            [.. local], [.. propagated]);
    }

    /// <summary>The network's flow, with some substeps from node to node.</summary>
    private FieldProgram FlowOf(int substeps)
    {
        var places = new GridPlaces(Process, GridPlaces.ScaleOf(Process, model.Mixture));
        List<double> times = [_times[0]];
        for (int i = 0; i < Intervals; i++)
        {
            double from = Process.At(_times[i]).NoiseToSignal, to = Process.At(_times[i + 1]).NoiseToSignal;
            for (int step = 1; step < substeps; step++)
            {
                double share = (double)step / substeps;
                times.Add(to > 0 && double.IsFinite(from)
                    ? Process.TimeAt(from * Math.Pow(to / from, share))
                    : places.TimeAt((1 - share) * places.Of(_times[i]) + share * places.Of(_times[i + 1])));
            }
            times.Add(_times[i + 1]);
        }
        return new FieldProgram(model, FlowProgram.Create(Process, ChartFrame.State, Fine, times), convention, options.BatchSize);
    }

    private void Run(FieldProgram program, int substeps, Span<float> states, int interval)
    {
        cancellationToken.ThrowIfCancellationRequested();
        program.Run(states, _field, [], interval * substeps, substeps);
        // The end is reported when all is done.
        progress?.Report(Math.Min(_field.Evaluations / _planned, 0.999));
    }

    /// <summary>S(x) - Φ(x) of each sample. Earlier steps that the solver uses are exact, and of as many nodes.</summary>
    private double[] StepError(float[][] path, int from, int to)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int length = to - from, memory = SolverMethod.Of(solver).HistoryLength, earlier = Math.Min(memory, from / length), first = from - earlier * length;
        double[] times = [.. Enumerable.Range(0, earlier + 2).Select(i => _times[first + i * length])];
        var program = new FieldProgram(model, FlowProgram.Create(Process, frame, solver, times), convention, options.BatchSize);
        float[] states = [.. path[from]], history = earlier == 0 ? [] : new float[_samples * memory * _d];
        for (int age = 0; age < earlier; age++)
        {
            int node = from - (age + 1) * length;
            // Windows overlap, and meet the same nodes.
            if (!_slopes.TryGetValue(node, out float[]? slopes))
                _slopes[node] = slopes = Evaluate(frame.Slope(Process.At(_times[node])), path[node]);
            for (int i = 0; i < _samples; i++) slopes.AsSpan(i * _d, _d).CopyTo(history.AsSpan((i * memory + age) * _d, _d));
        }
        program.Run(states, _field, history, earlier, 1);
        double[] error = new double[states.Length];
        for (int i = 0; i < error.Length; i++) error[i] = (double)states[i] - path[to][i];
        return error;
    }

    /// <summary>ψ of each window by the Jacobians of the flow from its end, of which the columns are tangents along each coordinate.</summary>
    private double[] ByJacobians(FieldProgram flow, float[][] path, ErrorWindows windows, double[][] errors)
    {
        double[] result = new double[errors.Length], rest = new double[_samples * _d * _d], product = new double[_d];
        for (int i = 0; i < rest.Length; i++) rest[i] = i % (_d * _d) % (_d + 1) == 0 ? 1 : 0;
        for (int node = Intervals; node >= windows.Measured[0].To; node--)
        {
            if (node < Intervals) rest = Advance(node);
            for (int w = 0; w < errors.Length; w++)
            {
                if (windows.Measured[w].To != node) continue;
                double total = 0;
                for (int i = 0; i < _samples; i++)
                {
                    Multiply(rest.AsSpan(i * _d * _d, _d * _d), errors[w].AsSpan(i * _d, _d), product);
                    foreach (double value in product) total += value * value;
                }
                result[w] = Math.Sqrt(total / _samples);
            }
        }
        return result;

        // The rest's Jacobian from one node earlier on.
        double[] Advance(int node)
        {
            double[] longer = new double[rest.Length], column = new double[_samples * _d];
            for (int j = 0; j < _d; j++)
            {
                Array.Clear(column);
                for (int i = 0; i < _samples; i++) column[i * _d + j] = 1;
                this.Advance(flow, path[node], node, column);
                for (int i = 0; i < _samples; i++)
                {
                    Multiply(rest.AsSpan(i * _d * _d, _d * _d), column.AsSpan(i * _d, _d), product);
                    for (int k = 0; k < _d; k++) longer[(i * _d + k) * _d + j] = product[k];
                }
            }
            return longer;
        }
    }

    /// <summary>ψ of each window by following its errors to the end.</summary>
    private double[] ByTangents(FieldProgram flow, float[][] path, ErrorWindows windows, double[][] errors)
    {
        double[][] tangents = [.. errors.Select(error => (double[])error.Clone())];
        for (int node = windows.Measured[0].To; node < Intervals; node++)
            for (int w = 0; w < tangents.Length && windows.Measured[w].To <= node; w++) Advance(flow, path[node], node, tangents[w]);
        return [.. tangents.Select(tangent => Math.Sqrt(MeanSquare(tangent)))];
    }

    /// <summary>Takes one tangent of each trajectory from a node to the next.</summary>
    private void Advance(FieldProgram flow, float[] states, int node, double[] tangents)
        => Differentiate(states, node, tangents, moved =>
        {
            Run(flow, options.Substeps / 2, moved, node);
            return moved;
        });

    /// <summary>The mean over trajectories of ‖∇v‖₂ and of the positive part of the largest eigenvalue of the symmetric part of -∇v.</summary>
    /// <remarks>
    /// With W = ∇v Q for orthonormal directions Q, the norm is at least that of W, and the growth at least the largest eigenvalue of -Qᵀ W. Up to as many
    /// coordinates as directions, Q is everything, and both are exact. Beyond that Q is a Krylov space (Arnoldi), which the largest eigenvalues enter first.
    /// </remarks>
    private (double Norm, double Growth) Rates(float[] states, int node)
    {
        int count = Math.Min(_d, MaxDirections);
        MixtureField velocity = MixtureField.Velocity(Process.At(_times[node]));
        double[][] directions = new double[count][], products = new double[count][];
        for (int c = 0; c < count; c++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            directions[c] = count == _d ? Coordinate(c) : c == 0 ? Start() : Orthogonalized(products[c - 1], directions, c);
            products[c] = [.. directions[c]];
            Differentiate(states, node, products[c], moved => Evaluate(velocity, moved));
            progress?.Report(Math.Min(_field.Evaluations / _planned, 0.999));
        }
        double norm = 0, growth = 0;
        double[] squares = new double[count * count], symmetric = new double[count * count];
        for (int i = 0; i < _samples; i++)
        {
            for (int row = 0; row < count; row++)
            {
                for (int column = 0; column <= row; column++)
                {
                    squares[row * count + column] = squares[column * count + row] = Dot(products[row], products[column], i);
                    symmetric[row * count + column] = symmetric[column * count + row] =
                        -0.5 * (Dot(directions[row], products[column], i) + Dot(directions[column], products[row], i));
                }
            }
            norm += Math.Sqrt(Math.Max(0, SymmetricMatrix.Eigen(squares, count, out _)[^1]));
            growth += Math.Max(0, SymmetricMatrix.Eigen(symmetric, count, out _)[^1]);
        }
        return (norm / _samples, growth / _samples);

        double[] Coordinate(int j)
        {
            double[] result = new double[_samples * _d];
            for (int i = j; i < result.Length; i += _d) result[i] = 1;
            return result;
        }

        double[] Start()
        {
            double[] result = new double[_samples * _d];
            for (int i = 0; i < result.Length; i++) result[i] = SplitMix.Sign(i / _d, i % _d) / Math.Sqrt(_d);
            return result;
        }
    }

    /// <summary>The parts of vectors that are orthogonal to some directions, of length 1; 0 where nothing is left.</summary>
    private double[] Orthogonalized(double[] vectors, double[][] directions, int count)
    {
        double[] result = [.. vectors];
        for (int i = 0; i < _samples; i++)
        {
            double before = Math.Sqrt(Dot(result, result, i));
            // Twice is enough (Kahan): once leaves rounding of the size of what was taken away.
            for (int pass = 0; pass < 2; pass++)
            {
                for (int c = 0; c < count; c++)
                {
                    double along = Dot(result, directions[c], i);
                    for (int j = i * _d; j < (i + 1) * _d; j++) result[j] -= along * directions[c][j];
                }
            }
            double length = Math.Sqrt(Dot(result, result, i));
            // A difference in single precision has no more digits.
            double factor = length > 1e-3 * before ? 1 / length : 0;
            for (int j = i * _d; j < (i + 1) * _d; j++) result[j] *= factor;
        }
        return result;
    }

    /// <summary>The derivative of a function of states along one vector per state, by central differences, in place.</summary>
    private void Differentiate(float[] states, int node, double[] vectors, Func<float[], float[]> function)
    {
        double width = Math.Sqrt(Process.At(_times[node]).Spread(model.Mixture.MinVariance));
        double step = Math.Max(Perturbation * width, LeastPerturbation * Math.Sqrt(MeanSquare(states, null)));
        double[] lengths = new double[_samples];
        float[] ahead = new float[states.Length], behind = new float[states.Length];
        for (int i = 0; i < _samples; i++)
        {
            lengths[i] = Math.Sqrt(Dot(vectors, vectors, i));
            double factor = lengths[i] > 0 ? step / lengths[i] : 0;
            for (int j = i * _d; j < (i + 1) * _d; j++)
                (ahead[j], behind[j]) = ((float)(states[j] + factor * vectors[j]), (float)(states[j] - factor * vectors[j]));
        }
        ahead = function(ahead);
        behind = function(behind);
        for (int j = 0; j < vectors.Length; j++) vectors[j] = lengths[j / _d] * (((double)ahead[j] - behind[j]) / (2 * step));
    }

    /// <summary>A field at states.</summary>
    private float[] Evaluate(in MixtureField slope, float[] states)
    {
        var evaluation = FieldEvaluation.Of(slope, convention, model, _mean);
        float[] result = new float[states.Length];
        int batch = Math.Min(options.BatchSize, _samples) * _d, padded = FieldProgram.Padded(batch);
        float[] x = new float[padded], slopes = new float[padded], scaled = evaluation.ScalesInput ? new float[padded] : [];
        for (int first = 0; first < states.Length; first += batch)
        {
            int length = Math.Min(batch, states.Length - first);
            states.AsSpan(first, length).CopyTo(x);
            evaluation.Evaluate(_field, x, slopes, scaled, length);
            slopes.AsSpan(0, length).CopyTo(result.AsSpan(first));
        }
        return result;
    }

    private void CheckFinite(float[] states, int node)
    {
        int lost = 0;
        // A state with one value that is not finite is NaN in all coordinates.
        for (int i = 0; i < states.Length; i += _d)
            if (!float.IsFinite(states[i])) lost++;
        if (lost > 0)
            throw new ArgumentException(
                $"{lost} of {_samples} trajectories of the network are not finite at t = {NumberText.Brief(_times[node])}.", nameof(field));
    }

    private double Dot(double[] left, double[] right, int sample)
    {
        double sum = 0;
        for (int j = sample * _d; j < (sample + 1) * _d; j++) sum += left[j] * right[j];
        return sum;
    }

    private double MeanSquare(double[] values)
    {
        double sum = 0;
        foreach (double value in values) sum += value * value;
        return sum / _samples;
    }

    private double MeanSquare(float[] values, float[]? others)
    {
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double difference = others is null ? values[i] : (double)values[i] - others[i];
            sum += difference * difference;
        }
        return sum / _samples;
    }

    private static void Multiply(ReadOnlySpan<double> matrix, ReadOnlySpan<double> vector, Span<double> product)
    {
        int d = vector.Length;
        for (int i = 0; i < d; i++)
        {
            double sum = 0;
            for (int j = 0; j < d; j++) sum += matrix[i * d + j] * vector[j];
            product[i] = sum;
        }
    }
}
