using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Trajectories;

/// <summary>Measures a <see cref="SamplerForecast"/>.</summary>
/// <remarks>
/// The trajectories pass through the step times and are not those used to choose grids. The relative mean squared error is measured on others, dense where
/// samples end in another mode: <see cref="BorderPoints"/>. For up to three coordinates (axes of the means' span if the
/// covariance is isotropic) the Jacobians are full matrices. Beyond that their norms come from one and a half steps of the power method, which
/// estimates from below, and propagated errors are taken along one random direction per trajectory.
/// </remarks>
internal static class PilotForecast
{
    // Half the nodes of measured grids: this keeps the Jacobians accurate to a hundredth. With three fifth-order steps per segment, a solver's own
    // error stays visible.
    private const int Intervals = 24, MinSubsteps = 3;

    // Each sampler has a forecast, so it may take a third of a grid's budget.
    private const double BudgetShare = 1.0 / 3;

    private const int MaxExactDimension = 3;

    // Trajectories from borders do not pass through a sampler's step times: they are shared by all samplers, and show errors down to about this.
    private const int BorderIntervals = 48;
    private const double LeastSeen = 1e-9;

    // Rounding is measured at 24 bits, where it is visible, and is proportional to the unit: double precision has 29 more bits.
    private const double DoubleOverSingle = 1.0 / (1 << 29);

    // The power 2^8 of a matrix resolves a gap of a few thousandths; a smaller gap is harmless.
    private const int Squarings = 8;

    /// <summary>The forecast; null if the mixture is too large or there are too many steps for the budget.</summary>
    /// <param name="model">The model.</param>
    /// <param name="program">The sampler.</param>
    /// <param name="precision">Its precision.</param>
    public static SamplerForecast? Measure(PilotModel model, FlowProgram program, Precision precision)
    {
        Process process = model.Process;
        (double[] times, int[] ends) = Nodes(model, program);
        int r = model.Mixture.Dimension, directions = r <= MaxExactDimension ? r : 1;
        double evaluations = times.Length * (7.0 + 2 * directions + (r <= MaxExactDimension ? 2 * r : 8)) + 2.0 * program.FunctionEvaluations;
        int samples = PilotBudget.Samples(model.Mixture, evaluations, SamplerForecast.MaxSamples, BudgetShare);
        if (samples == 0) return null;

        PilotPath path = PilotPath.Follow(model, times, Batch.Of(model.ForecastPoints(samples)));
        var jacobian = new FlowJacobian(model.Mixture, process, path);
        var run = new BatchRun(model.Mixture);
        Batch[] exact = [.. ends.Select(node => path.States[node])];
        Batch[] reached = run.StepEach(program, exact);
        double[][] propagated = Propagate(jacobian, ends, exact, reached, directions, out Batch[] adjoints);
        double[][] amplifications = r <= MaxExactDimension ? Norms(jacobian, ends, samples, r) : PowerNorms(jacobian, ends, samples, r, adjoints[0]);

        var segments = new SegmentForecast[reached.Length];
        for (int i = 0; i < segments.Length; i++)
        {
            double rest = model.RestError2(program, i), gain = model.RestGain2(program.Steps[i].To);
            (double median, double high) = Quantiles(amplifications[i], model.RestStretch(program.Steps[i].From, program.Steps[i].To));
            segments[i] = new SegmentForecast(
                median, high, Finite(Math.Sqrt(reached[i].MeanSquaredDistance(exact[i + 1]) + rest)),
                    Finite(Math.Sqrt(propagated[i].Sum() / samples + rest * gain)));
        }
        Batch end = exact[0].Copy();
        run.Run(program, end);
        (double whole, double wholeHigh) = Quantiles(amplifications[segments.Length], model.RestStretch(process.Horizon, process.EarlyStop));
        double error = AtBorders(model, program)
            ?? (end.MeanSquaredDistance(exact[segments.Length]) + model.RestError2(program)) / model.MeanSquare(path);
        var units = new StandardUnits(model.Mixture, process.At(process.EarlyStop));
        double standardized2 = Math.Max(units.MeanSquare(end, exact[segments.Length]), model.RestStandardizedError2(program));
        Batch rounded = exact[0].Copy();
        new BatchRun(model.Mixture, roundsToSingle: true).Run(program, rounded);
        double rounding = Math.Sqrt(units.MeanSquare(rounded, end)) * (precision == Precision.Single ? 1 : DoubleOverSingle);
        return new SamplerForecast(samples, Finite(error), Finite(Math.Sqrt(standardized2)), Finite(rounding), whole, wholeHigh, segments);
    }

    /// <summary>What finds the errors of samplers from points dense at borders; null without borders, or if the mixture is too large.</summary>
    /// <param name="model">The model.</param>
    public static EndErrors? BorderErrors(PilotModel model)
    {
        double evaluations = 2 * BorderPoints.Cost(BorderIntervals) * 6 * BorderIntervals;
        int lines = model.Mixture.Count == 1 ? 0 : PilotBudget.Samples(model.Mixture, evaluations, SamplerForecast.MaxSamples, BudgetShare);
        if (lines == 0) return null;
        PriorLine[] held = PriorPoints.DrawLines(model.Mixture, model.Process.At(model.Process.Horizon), lines).HeldOut;
        return new EndErrors(model, PilotTimes.Create(model.Mixture, model.Process, BorderIntervals), BorderPoints.Draw(model, held, 2 * lines));
    }

    /// <summary>The relative mean squared error with all samples that end in another mode; null if it is too small to be seen, or costs too much.</summary>
    private static double? AtBorders(PilotModel model, FlowProgram program)
    {
        if (model.BorderErrors is not { } errors) return null;
        if (program.FunctionEvaluations > BudgetShare * PilotBudget.Evaluations(model.Mixture, errors.Samples)) return null;
        double error = errors.Of(program);
        return error < LeastSeen ? null : error;
    }

    /// <summary>The step times with nodes between them, and the indices of the step times.</summary>
    private static (double[] Times, int[] Ends) Nodes(PilotModel model, FlowProgram program)
    {
        double[] fine = PilotTimes.Create(model.Mixture, model.Process, Intervals);
        var times = new List<double> { program.Steps[0].From };
        var ends = new List<int> { 0 };
        int next = 0;
        foreach (FlowStep step in program.Steps)
        {
            // A node this close to a step time is that time.
            double near = 1e-6 * (step.From - step.To);
            while (next < fine.Length && fine[next] >= step.From - near) next++;
            var inner = new List<double> { step.From };
            for (; next < fine.Length && fine[next] > step.To + near; next++) inner.Add(fine[next]);
            inner.Add(step.To);
            int parts = (MinSubsteps + inner.Count - 2) / (inner.Count - 1);
            for (int i = 1; i < inner.Count; i++)
            {
                for (int part = 1; part < parts; part++)
                {
                    double time = inner[i - 1] + (inner[i] - inner[i - 1]) * part / parts;
                    if (time < times[times.Count - 1] && time > inner[i]) times.Add(time);
                }
                times.Add(inner[i]);
            }
            ends.Add(times.Count - 1);
        }
        return ([.. times], [.. ends]);
    }

    /// <summary>|A e|² for each segment's error e and each sample, A the Jacobian from the segment's end on.</summary>
    [MethodImpl(Lanes.AggressiveOptimization)]
    private static double[][] Propagate(FlowJacobian jacobian, int[] ends, Batch[] exact, Batch[] reached, int directions, out Batch[] adjoints)
    {
        int samples = exact[0].Samples, d = exact[0].Dimension;
        var sums = new Vector<double>[reached.Length * exact[0].Blocks];
        adjoints = [.. ErrorProfile.Directions(samples, d).Take(directions)];
        foreach (Batch adjoint in adjoints)
        {
            for (int block = 0; block < adjoint.Blocks; block++)
            {
                Span<Vector<double>> w = adjoint.Block(block);
                for (int i = reached.Length - 1; i >= 0; i--)
                {
                    Span<Vector<double>> x = reached[i].Block(block), y = exact[i + 1].Block(block);
                    Vector<double> product = Vector<double>.Zero;
                    for (int j = 0; j < d; j++) product += w[j] * (x[j] - y[j]);
                    sums[i * adjoint.Blocks + block] += product * product;
                    jacobian.ApplyTransposed(block, ends[i], ends[i + 1], w);
                }
            }
        }
        return [.. Enumerable.Range(0, reached.Length).Select(i => Lanes.Values(sums.AsSpan(i * exact[0].Blocks, exact[0].Blocks), samples))];
    }

    /// <summary>The norms of the Jacobians over each segment, and over all of them, from the matrices.</summary>
    [MethodImpl(Lanes.AggressiveOptimization)]
    private static double[][] Norms(FlowJacobian jacobian, int[] ends, int samples, int d)
    {
        int segments = ends.Length - 1, blocks = Lanes.Blocks(samples);
        var norms = new Vector<double>[(segments + 1) * blocks];
        Vector<double>[] column = new Vector<double>[d], matrix = new Vector<double>[d * d], whole = new Vector<double>[d * d],
            product = new Vector<double>[d * d];
        for (int block = 0; block < blocks; block++)
        {
            for (int i = 0; i < d * d; i++) whole[i] = i % (d + 1) == 0 ? Vector<double>.One : Vector<double>.Zero;
            for (int segment = 0; segment < segments; segment++)
            {
                for (int c = 0; c < d; c++)
                {
                    for (int j = 0; j < d; j++) column[j] = j == c ? Vector<double>.One : Vector<double>.Zero;
                    jacobian.Apply(block, ends[segment], ends[segment + 1], column);
                    for (int j = 0; j < d; j++) matrix[j * d + c] = column[j];
                }
                norms[segment * blocks + block] = Norm(matrix, d);
                Multiply(matrix, whole, product, d);
                (whole, product) = (product, whole);
            }
            norms[segments * blocks + block] = Norm(whole, d);
        }
        return [.. Enumerable.Range(0, segments + 1).Select(i => Lanes.Values(norms.AsSpan(i * blocks, blocks), samples))];
    }

    /// <summary>The same estimated from below, by |J w|/|w| with w = JᵀJ u over a segment and w = Jᵀu over all.</summary>
    [MethodImpl(Lanes.AggressiveOptimization)]
    private static double[][] PowerNorms(FlowJacobian jacobian, int[] ends, int samples, int d, Batch adjoint)
    {
        int segments = ends.Length - 1, blocks = Lanes.Blocks(samples);
        var norms = new Vector<double>[(segments + 1) * blocks];
        Vector<double>[] w = new Vector<double>[d];
        Batch starts = ErrorProfile.Directions(samples, d).First();
        for (int block = 0; block < blocks; block++)
        {
            for (int segment = 0; segment < segments; segment++)
            {
                starts.Block(block).CopyTo(w);
                jacobian.Apply(block, ends[segment], ends[segment + 1], w);
                jacobian.ApplyTransposed(block, ends[segment], ends[segment + 1], w);
                norms[segment * blocks + block] = Stretch(block, ends[segment], ends[segment + 1], w);
            }
            adjoint.Block(block).CopyTo(w);
            norms[segments * blocks + block] = Stretch(block, 0, ends[segments], w);
        }
        return [.. Enumerable.Range(0, segments + 1).Select(i => Lanes.Values(norms.AsSpan(i * blocks, blocks), samples))];

        Vector<double> Stretch(int block, int first, int last, Vector<double>[] w)
        {
            Vector<double> before = Length(w);
            jacobian.Apply(block, first, last, w);
            return Length(w) / before;
        }

        static Vector<double> Length(Vector<double>[] w)
        {
            Vector<double> sum = Vector<double>.Zero;
            foreach (Vector<double> value in w) sum += value * value;
            return Vector.SquareRoot(sum);
        }
    }

    /// <summary>The largest singular value, from the mean of the eigenvalues of MᵀM weighted by a high power of themselves.</summary>
    [MethodImpl(Lanes.AggressiveOptimization)]
    private static Vector<double> Norm(Vector<double>[] matrix, int d)
    {
        if (d == 1) return Vector.Abs(matrix[0]);
        Vector<double>[] square = new Vector<double>[d * d], power = new Vector<double>[d * d], product = new Vector<double>[d * d];
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++)
                for (int l = 0; l < d; l++) square[i * d + j] += matrix[l * d + i] * matrix[l * d + j];
        Vector<double> size = Trace(square);
        for (int i = 0; i < d * d; i++) power[i] = square[i] = square[i] / size;
        for (int squaring = 0; squaring < Squarings; squaring++)
        {
            Multiply(power, power, product, d);
            Vector<double> trace = Trace(product);
            for (int i = 0; i < d * d; i++) power[i] = product[i] / trace;
        }
        Multiply(square, power, product, d);
        return Vector.SquareRoot(size * Trace(product));

        Vector<double> Trace(Vector<double>[] a)
        {
            Vector<double> sum = Vector<double>.Zero;
            for (int i = 0; i < d; i++) sum += a[i * (d + 1)];
            return sum;
        }
    }

    [MethodImpl(Lanes.AggressiveOptimization)]
    private static void Multiply(Vector<double>[] left, Vector<double>[] right, Vector<double>[] product, int d)
    {
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < d; j++)
            {
                Vector<double> sum = Vector<double>.Zero;
                for (int l = 0; l < d; l++) sum += left[i * d + l] * right[l * d + j];
                product[i * d + j] = sum;
            }
        }
    }

    /// <summary>The median and the 99 % quantile, linear between neighbours, of values that are at least a floor.</summary>
    private static (double Median, double High) Quantiles(double[] values, double floor)
    {
        double[] sorted = [.. values.Select(value => Math.Max(value, floor))];
        Array.Sort(sorted);
        return (At(0.5), At(0.99));

        double At(double quantile)
        {
            double place = quantile * (sorted.Length - 1);
            int low = Math.Min((int)place, sorted.Length - 2);
            return sorted[low] + (place - low) * (sorted[low + 1] - sorted[low]);
        }
    }

    private static double Finite(double value) => double.IsNaN(value) ? double.PositiveInfinity : value;
}
