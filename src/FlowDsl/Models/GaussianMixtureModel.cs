using FlowDsl.Data;
using FlowDsl.Flows;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Mathematics.Trajectories;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Points;

namespace FlowDsl;

/// <summary>
/// A Gaussian mixture under a process that is known only at run time. It computes the same functions as a generated model, with generic code, in
/// double precision.
/// </summary>
public sealed class GaussianMixtureModel
{
    private readonly Lazy<Mixture> _mixture;
    private readonly Lazy<BatchFlow> _batchFlow;
    private readonly Lazy<ModelAnalysis> _analysis;
    private readonly Lazy<ModelAnalysis>? _moments;

    /// <summary>Makes a model.</summary>
    /// <param name="mixture">The data law.</param>
    /// <param name="process">The noising process.</param>
    /// <exception cref="ArgumentException">
    /// A covariance is singular and the process stops at t = 0, or the process has coefficients that double precision cannot hold
    /// (<see cref="Process.Unresolved"/>).
    /// </exception>
    public GaussianMixtureModel(Mixture mixture, Process process)
    {
        ArgumentNullException.ThrowIfNull(mixture);
        ArgumentNullException.ThrowIfNull(process);
        if (process.StopsAtData && mixture.MinVariance == 0)
            throw new ArgumentException("A covariance is singular, so the early stop must be positive.", nameof(process));
        CheckResolved(process);
        (Process, Dimension, ComponentCount, MeanVariance) = (process, mixture.Dimension, mixture.Count, mixture.MeanVariance);
        _mixture = new(mixture);
        _batchFlow = new(() => new BatchFlow(mixture, process));
        _analysis = new(new ModelAnalysis(mixture, process));
    }

    /// <summary>Makes a model of a data set.</summary>
    /// <remarks>
    /// Point functions, starts, samplers and the grids that need no more than moments read the data where they are. Whatever else needs components takes
    /// <see cref="Mixture"/>, which has all of them in memory in double precision: for small data.
    /// </remarks>
    /// <param name="data">The data law.</param>
    /// <param name="process">The noising process.</param>
    /// <exception cref="ArgumentException">The process has coefficients that double precision cannot hold (<see cref="Process.Unresolved"/>).</exception>
    public GaussianMixtureModel(EmpiricalMixture data, Process process)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(process);
        CheckResolved(process);
        (Data, Process, Dimension, ComponentCount, MeanVariance) = (data, process, data.Dimension, data.Count, data.Variance);
        _mixture = new(data.ToMixture);
        _batchFlow = new(() => new BatchFlow(Mixture, process));
        _analysis = new(() => new ModelAnalysis(data.Bounding(), process));
        _moments = new(() => new ModelAnalysis(data.Measured.Gaussian(data.Variance), process));
    }

    /// <summary>The data law. Of a data set, all components are made when this is first asked for.</summary>
    public Mixture Mixture => _mixture.Value;

    /// <summary>The data set whose rows are the components; null for other mixtures.</summary>
    public EmpiricalMixture? Data { get; }

    /// <summary>The noising process.</summary>
    public Process Process { get; }

    /// <summary>Bounds and expectations of the velocity's Jacobian.</summary>
    public StabilityProfile Stability => Analysis.Stability;

    /// <summary>d, the number of coordinates.</summary>
    public int Dimension { get; }

    /// <summary>K, the number of components.</summary>
    public int ComponentCount { get; }

    /// <summary>The variance of the canonical chart.</summary>
    internal double MeanVariance { get; }

    /// <summary>The run-time model of an annotated type.</summary>
    /// <typeparam name="TMixture">The annotated type.</typeparam>
    public static GaussianMixtureModel From<TMixture>()
        where TMixture : IGaussianMixture<TMixture> => TMixture.Model;

    /// <inheritdoc cref="IGaussianMixture{TSelf}.LogDensity"/>
    public double LogDensity(double t, ReadOnlySpan<double> x)
        => Data is null ? PointFunctions.LogDensity(Components, Process, t, x) : DataFunctions.LogDensity(Data, Process, t, x);

    /// <inheritdoc cref="IGaussianMixture{TSelf}.Score"/>
    public void Score(double t, ReadOnlySpan<double> x, Span<double> score)
    {
        if (Data is null) PointFunctions.Score(Components, Process, t, x, score);
        else DataFunctions.Score(Data, Process, t, x, score);
    }

    /// <inheritdoc cref="IGaussianMixture{TSelf}.Velocity"/>
    public void Velocity(double t, ReadOnlySpan<double> x, Span<double> velocity)
    {
        if (Data is null) PointFunctions.Velocity(Components, Process, t, x, velocity);
        else DataFunctions.Velocity(Data, Process, t, x, velocity);
    }

    /// <inheritdoc cref="IGaussianMixture{TSelf}.Responsibilities"/>
    public void Responsibilities(double t, ReadOnlySpan<double> x, Span<double> responsibilities)
    {
        if (Data is null) PointFunctions.Responsibilities(Components, Process, t, x, responsibilities);
        else DataFunctions.Responsibilities(Data, Process, t, x, responsibilities);
    }

    /// <inheritdoc cref="IGaussianMixture{TSelf}.PosteriorMean"/>
    public void PosteriorMean(double t, ReadOnlySpan<double> x, Span<double> mean)
    {
        if (Data is null) PointFunctions.PosteriorMean(Components, Process, t, x, mean);
        else DataFunctions.PosteriorMean(Data, Process, t, x, mean);
    }

    /// <inheritdoc cref="IGaussianMixture{TSelf}.JacobianVectorProduct"/>
    public void JacobianVectorProduct(double t, ReadOnlySpan<double> x, ReadOnlySpan<double> direction, Span<double> product)
    {
        if (Data is null) PointFunctions.JacobianVectorProduct(Components, Process, t, x, direction, product);
        else DataFunctions.JacobianVectorProduct(Data, Process, t, x, direction, product);
    }

    /// <inheritdoc cref="IGaussianMixture{TSelf}.StabilityBound"/>
    public double StabilityBound(double t) => Stability.LipschitzBound(t);

    /// <inheritdoc cref="IGaussianMixture{TSelf}.ExpectedStability"/>
    public double ExpectedStability(double t)
    {
        if (Data is null) return Stability.ExpectedNorm(t);
        CheckTime(t, nameof(t));
        return double.NaN;
    }

    /// <summary>The step times of a grid.</summary>
    /// <param name="grid">The grid; <see cref="Grid.Auto"/> chooses for the solver.</param>
    /// <param name="steps">N, 1 to 10000.</param>
    /// <param name="solver">The solver that will use them.</param>
    /// <param name="rho">ρ of <see cref="Grid.Edm"/>.</param>
    /// <returns>N + 1 strictly decreasing times from the horizon to the early stop.</returns>
    /// <exception cref="ArgumentException">The grid does not exist for this process.</exception>
    public double[] CreateTimes(Grid grid, int steps, Solver solver = Solver.Heun, double rho = 7)
        => [.. CreateSchedule(grid, steps, solver, Chart.Auto, rho).Times];

    /// <summary>The step times of a grid for a solver in a chart, and what was measured to choose them.</summary>
    /// <param name="grid">The grid; <see cref="Grid.Auto"/> chooses for the solver.</param>
    /// <param name="steps">N, 1 to 10000.</param>
    /// <param name="solver">The solver that will use them.</param>
    /// <param name="chart">The chart it integrates in.</param>
    /// <param name="rho">ρ of <see cref="Grid.Edm"/>.</param>
    /// <exception cref="ArgumentException">The grid does not exist for this process, or the solver does not integrate in that chart.</exception>
    public GridTimes CreateSchedule(Grid grid, int steps, Solver solver, Chart chart = Chart.Auto, double rho = 7)
        => CreateSchedule(grid, steps, solver, chart, new GridOptions(Rho: rho));

    /// <summary>The step times of a grid with its parameters, for a solver in a chart, and what was measured to choose them.</summary>
    /// <param name="grid">The grid; <see cref="Grid.Auto"/> chooses for the solver.</param>
    /// <param name="steps">N, 1 to 10000.</param>
    /// <param name="solver">The solver that will use them.</param>
    /// <param name="chart">The chart it integrates in.</param>
    /// <param name="options">The parameters of grids that have some.</param>
    /// <exception cref="ArgumentException">
    /// The grid does not exist for this process, the solver does not integrate in that chart, or a parameter is not positive and finite.
    /// </exception>
    public GridTimes CreateSchedule(Grid grid, int steps, Solver solver, Chart chart, GridOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Grid resolved = Data is null ? TimeGrid.Resolve(grid, solver) : TimeGrid.ResolveForData(grid);
        if (Data is not null && TimeGrid.NeedsComponents(resolved))
            throw new ArgumentException(
                $"The grid {grid} follows trajectories of the components, which are too many in a data set; {TimeGrid.ForData} need the moments at most.",
                nameof(grid));
        // The best grid of one Gaussian needs the moments; the others need the process and a component's variance.
        ModelAnalysis analysis = resolved == Grid.GaussianOptimal && _moments is not null ? _moments.Value : Analysis;
        return TimeGrid.Create(new GridRequest(resolved, steps, solver, ChartFrame.For(chart, solver, MeanVariance), options), analysis);
    }

    /// <summary>A solver on given times, reduced to evaluations and linear combinations.</summary>
    /// <param name="solver">The solver.</param>
    /// <param name="times">N + 1 times at which the process is defined, decreasing for sampling, increasing for noising.</param>
    /// <param name="chart">The chart; chosen for the solver by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The process is not defined at a time.</exception>
    /// <exception cref="ArgumentException">
    /// The solver does not integrate in that chart, the chart is singular at a time, or one of the sampler's coefficients is not finite in double precision.
    /// </exception>
    public FlowProgram CreateProgram(Solver solver, IReadOnlyList<double> times, Chart chart = Chart.Auto)
    {
        ArgumentNullException.ThrowIfNull(times);
        var program = FlowProgram.Create(Process, ChartFrame.For(chart, solver, MeanVariance), solver, times);
        if (program.Fault(Data is null ? Mixture : Analysis.Mixture) is { } fault)
            throw new ArgumentException($"The sampler has a number that is not finite: {fault}.", nameof(times));
        return program;
    }

    /// <summary>A forecast of a sampler's errors, measured on trajectories; null if the mixture is too large or there are too many steps.</summary>
    /// <param name="program">The sampler, from the process's horizon to its early stop.</param>
    /// <exception cref="ArgumentException">The sampler starts or ends at another time.</exception>
    public SamplerForecast? MeasureForecast(FlowProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        return Data is null ? SamplerForecast.Measure(Analysis, program) : null;
    }

    /// <summary>Runs a program on samples, one after another: the plain reference for generated samplers.</summary>
    /// <param name="program">The program.</param>
    /// <param name="states">n×d values, row-major, in place. A sample with a value that is not finite, before or after, becomes all NaN.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of d.</exception>
    public void Integrate(FlowProgram program, Span<double> states)
    {
        int d = Dimension;
        PointFunctions.CheckRows(states.Length, d);
        PointProgram points = PointsOf(() => program);
        PointProgram.Scratch scratch = points.CreateScratch(d);
        for (int row = 0; row < states.Length; row += d)
        {
            Span<double> x = states.Slice(row, d);
            bool isFinite = Vectors.AreFinite(x);
            for (int segment = 0; segment < points.SegmentCount; segment++) points.Advance(x, scratch, segment, segment);
            if (!isFinite || !Vectors.AreFinite(x)) x.Fill(double.NaN);
        }
    }

    /// <summary>
    /// The exact flow map of the probability-flow ODE between two times, to a tolerance, by extrapolation in the canonical
    /// chart with adaptive steps.
    /// </summary>
    /// <param name="from">The time of <paramref name="x"/>.</param>
    /// <param name="to">The time of <paramref name="y"/>; smaller for sampling, greater for noising.</param>
    /// <param name="x">The point, d values.</param>
    /// <param name="y">Receives d values; may be the same memory as <paramref name="x"/>.</param>
    /// <param name="tolerance">The accepted local error relative to the size of the scaled state, at least 1e-14.</param>
    /// <exception cref="ArgumentException">The length of a span is not d.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is too small, or the process is not defined at a time.</exception>
    public void FlowMap(double from, double to, ReadOnlySpan<double> x, Span<double> y, double tolerance = 1e-12)
    {
        CheckTime(from, nameof(from));
        CheckTime(to, nameof(to));
        PointFunctions.Check(x.Length, Dimension, nameof(x));
        PointFunctions.Check(y.Length, Dimension, nameof(y));
        PointFlow(tolerance).Map(from, to, x, y);
    }

    /// <summary>
    /// The exact flow map, as <see cref="FlowMap(double, double, ReadOnlySpan{double}, Span{double}, double)"/>, and its derivative along a
    /// direction, DΦ(x)ξ (a JVP): what a small error ξ of x becomes. The variational equation is integrated together with the point.
    /// </summary>
    /// <param name="from">The time of <paramref name="x"/>.</param>
    /// <param name="to">The time of <paramref name="y"/>.</param>
    /// <param name="x">The point, d values.</param>
    /// <param name="direction">ξ, d values.</param>
    /// <param name="y">Receives d values; may be the same memory as <paramref name="x"/>.</param>
    /// <param name="product">Receives d values, exact to about nine digits; may be the same memory as <paramref name="direction"/>.</param>
    /// <param name="tolerance">The accepted local error of the point relative to the size of the scaled state, at least 1e-14.</param>
    /// <exception cref="ArgumentException">The length of a span is not d.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is too small, or the process is not defined at a time.</exception>
    public void FlowMap(
        double from, double to, ReadOnlySpan<double> x, ReadOnlySpan<double> direction, Span<double> y, Span<double> product, double tolerance = 1e-12)
    {
        CheckTime(from, nameof(from));
        CheckTime(to, nameof(to));
        PointFunctions.Check(x.Length, Dimension, nameof(x));
        PointFunctions.Check(direction.Length, Dimension, nameof(direction));
        PointFunctions.Check(y.Length, Dimension, nameof(y));
        PointFunctions.Check(product.Length, Dimension, nameof(product));
        PointFlow(tolerance).Map(from, to, x, direction, y, product);
    }

    /// <summary>
    /// The exact flow map of many points, in place, with threads and SIMD. If the covariances allow it, only the coordinates in which components
    /// differ are integrated; the others have a closed form.
    /// </summary>
    /// <remarks>
    /// Uses the Dormand-Prince method of order 8 in the canonical chart, with step sizes chosen per point. Each point is integrated twice, at two
    /// tolerances, and again if the results differ too much. The tolerance therefore limits the error at the end, however much the flow amplifies
    /// errors on the way. The bits of a point depend neither on the number of threads nor on the other points.
    /// </remarks>
    /// <param name="from">The time of the points; 0 or more.</param>
    /// <param name="to">The time they are mapped to; smaller for sampling, greater for noising.</param>
    /// <param name="states">n×d values, row-major; any n. A point that is not finite becomes NaN in all coordinates.</param>
    /// <param name="tolerance">
    /// The accepted error at the end, at least 1e-13 and less than 1: the Euclidean norm of the coordinates' errors. Each is relative to the larger
    /// of two lengths: its distance from the centre of the means, and the smallest standard deviation of a component there.
    /// </param>
    /// <param name="maxThreads">The maximum number of threads; -1 for one per processor.</param>
    /// <param name="progress">Receives the number of finished points after each batch, in increasing order.</param>
    /// <param name="cancellationToken">Stops between steps; the points are then unchanged.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of d, or a covariance is singular and a time is 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A time, the tolerance or the number of threads is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void FlowMaps(
        double from, double to, Span<double> states, double tolerance = 1e-10, int maxThreads = -1, IProgress<long>? progress = null,
        CancellationToken cancellationToken = default)
        => FlowMaps(from, to, states, states, [], tolerance, maxThreads, progress, cancellationToken);

    /// <summary>
    /// The exact flow map of many points as
    /// <see cref="FlowMaps(double, double, Span{double}, double, int, IProgress{long}, CancellationToken)"/>, with an error estimate for each point.
    /// </summary>
    /// <param name="from">The time of the starts; 0 or more.</param>
    /// <param name="to">The time of the ends; smaller for sampling, greater for noising.</param>
    /// <param name="starts">n×d values, row-major; any n.</param>
    /// <param name="ends">Receives n×d values; may be the same memory.</param>
    /// <param name="errors">
    /// Receives n estimates of the error at the end, in the units of the tolerance, or empty. An estimate exceeds the tolerance only where rounding
    /// allows no less, because the flow amplifies it near the border between two modes. It is NaN for points that are not finite, and for points so
    /// far out (1e100) that they were mapped by <see cref="FlowMap(double, double, ReadOnlySpan{double}, Span{double}, double)"/>.
    /// </param>
    /// <param name="tolerance">The accepted error at the end, at least 1e-13 and less than 1.</param>
    /// <param name="maxThreads">The maximum number of threads; -1 for one per processor.</param>
    /// <param name="progress">Receives the number of finished points after each batch, in increasing order.</param>
    /// <param name="cancellationToken">Stops between steps; the ends are then unchanged.</param>
    /// <exception cref="ArgumentException">A length does not fit, or a covariance is singular and a time is 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A time, the tolerance or the number of threads is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void FlowMaps(
        double from, double to, ReadOnlySpan<double> starts, Span<double> ends, Span<double> errors = default, double tolerance = 1e-10, int maxThreads = -1,
        IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        int d = Dimension;
        PointFunctions.CheckRows(starts.Length, d);
        PointFunctions.Check(ends.Length, starts.Length, nameof(ends));
        if (!errors.IsEmpty) PointFunctions.Check(errors.Length, starts.Length / d, nameof(errors));
        CheckTime(from, nameof(from));
        CheckTime(to, nameof(to));
        BatchFlow.CheckTolerance(tolerance);
        // Spans cannot go to other threads, and a cancelled call must leave the points unchanged.
        double[] points = starts.ToArray(), estimates = new double[errors.Length];
        BatchFlow.ForEachBatch(
            points.Length / d, tangent: false, maxThreads,
            (worker, first, n) =>
            {
                Span<double> rows = points.AsSpan(first * d, n * d);
                worker.Map(from, to, rows, rows, estimates.Length == 0 ? [] : estimates.AsSpan(first, n), tolerance, cancellationToken);
            },
            progress, cancellationToken);
        points.CopyTo(ends);
        estimates.CopyTo(errors);
    }

    /// <summary>Describes the mixture and the process.</summary>
    public override string ToString() => $"{(Data is null ? Mixture : Data)}\nProcess x_t = a x_0 + s ε: {Process}.";

    /// <summary>The analysis that grids and forecasts share.</summary>
    internal ModelAnalysis Analysis => _analysis.Value;

    /// <summary>The exact flow of many points, with the data that its runs share.</summary>
    internal BatchFlow BatchFlow => _batchFlow.Value;

    /// <summary>The exact flow with its working memory; not thread-safe.</summary>
    internal ExtrapolatedFlow PointFlow(double tolerance) => BatchFlow.ByPoints(Mixture, Process, tolerance);

    /// <summary>A program of this model for one sample at a time.</summary>
    internal PointProgram PointsOf(Func<FlowProgram> program) => new(program, Field);

    private TableComponents Components => new(Mixture);

    private static void CheckResolved(Process process)
    {
        if (process.Unresolved is { } unresolved) throw new ArgumentException($"{unresolved.Description}.", nameof(process));
    }

    private void CheckTime(double time, string name)
    {
        Process.CheckTime(time, name);
        if (Process.At(time).S2 == 0 && Data is null && Mixture.MinVariance == 0)
            throw new ArgumentException($"A covariance is singular, so {name} must be positive.", name);
    }

    private void Field(in MixtureField field, ReadOnlySpan<double> x, Span<double> value)
    {
        if (Data is null) PointMath.Field(Components, field, x, value);
        else DataFunctions.Field(Data, field, x, value);
    }
}
