using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using FlowDsl.Errors.Budget;
using FlowDsl.Errors.Comparison;
using FlowDsl.Flows;
using FlowDsl.Mathematics;
using FlowDsl.Metrics;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Sampling;

namespace FlowDsl;

/// <summary>Samplers of one model side by side: each from the same starts, against the same exact flow.</summary>
/// <remarks>
/// The exact flow runs once, when the comparison starts; each sampler that is added costs one run of its own. A comparison does not change: adding a
/// sampler gives a new one, which shares the starts and the exact ends.
/// </remarks>
public sealed class FlowComparison
{
    private readonly float[] _starts;
    private readonly double[] _ends;
    private readonly double _flipDistance;
    private readonly ulong _seed;
    private readonly SamplingOptions _options;

    private FlowComparison(
        GaussianMixtureModel model, float[] starts, double[] ends, double flipDistance, ulong seed, SamplingOptions options,
        ImmutableArray<ComparedSampler> samplers)
    {
        (Model, _starts, _ends, _flipDistance, _seed, _options, Samplers) = (model, starts, ends, flipDistance, seed, options, samplers);
    }

    /// <summary>The model.</summary>
    public GaussianMixtureModel Model { get; }

    /// <summary>n, the number of samples.</summary>
    public int SampleCount => _starts.Length / Model.Dimension;

    /// <summary>The starts, n×d values, row-major: states at the horizon.</summary>
    public ReadOnlySpan<float> Starts => _starts;

    /// <summary>Where the exact flow takes each start, n×d values, row-major.</summary>
    public ReadOnlySpan<double> ExactEnds => _ends;

    /// <summary>The samplers compared so far, in the order in which they were added.</summary>
    public ImmutableArray<ComparedSampler> Samplers { get; }

    /// <summary>Draws the starts from the model's law at the horizon, rounded to single precision, and runs the exact flow from them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="count">n, positive.</param>
    /// <param name="seed">The seed of the starts, as of <see cref="FlowSampling.DrawPrior"/>.</param>
    /// <param name="options">Prior, first index and threads.</param>
    /// <param name="tolerance">The tolerance of the exact flow, as of
    /// <see cref="GaussianMixtureModel.FlowMaps(double, double, Span{double}, double, int, IProgress{long}, CancellationToken)"/>.</param>
    /// <param name="progress">Receives the number of samples whose exact end is known, in increasing order.</param>
    /// <param name="cancellationToken">Stops the exact flow between steps.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The count is not positive or more than an array holds, or an option or the tolerance is out of its range.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static FlowComparison Create(
        GaussianMixtureModel model, long count, ulong seed, SamplingOptions? options = null, double tolerance = 1e-10, IProgress<long>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        BatchFlow.CheckTolerance(tolerance);
        float[] starts = FlowSampling.DrawPrior<float>(model, count, seed, options, cancellationToken: cancellationToken);
        double[] ends = Array.ConvertAll(starts, static value => (double)value);
        options ??= new SamplingOptions();
        model.FlowMaps(model.Process.Horizon, model.Process.EarlyStop, ends, tolerance, options.MaxThreads, progress, cancellationToken);
        return new FlowComparison(model, starts, ends, 0.5 * MeanDistances.Of(model.Mixture).Min, seed, options, []);
    }

    /// <summary>Adds a sampler.</summary>
    /// <typeparam name="TSampler">The sampler.</typeparam>
    /// <typeparam name="T">float or double, as the sampler's precision.</typeparam>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>A comparison with one sampler more.</returns>
    /// <exception cref="ArgumentException">The sampler is of another model.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public FlowComparison Add<TSampler, T>(CancellationToken cancellationToken = default)
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] states = Run<TSampler, T>((own, _) => TSampler.Integrate(own), cancellationToken);
        return Add(TSampler.Descriptor, states, law: null);
    }

    /// <summary>Adds a sampler, and compares the law of the sampler itself with the true one: its <see cref="ComparedSampler.Law"/>.</summary>
    /// <typeparam name="TSampler">The sampler.</typeparam>
    /// <typeparam name="T">float or double, as the sampler's precision.</typeparam>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>A comparison with one sampler more.</returns>
    /// <exception cref="ArgumentException">The sampler is of another model, or there are fewer than two samples.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public FlowComparison AddWithLaw<TSampler, T>(CancellationToken cancellationToken = default)
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] logDensities = new double[SampleCount];
        var prior = new PriorLaw<T>(Model, _options.Prior);
        long folds = 0;
        T[] states = Run<TSampler, T>(Integrate, cancellationToken);
        var weights = ImportanceWeights.Measure<T>(
            Model, states, logDensities, folds, new MetricOptions { MaxThreads = _options.MaxThreads }, cancellationToken: cancellationToken);
        return Add(TSampler.Descriptor, states, new ComparedLaw(weights.Divergence, weights.EffectiveSampleSize, folds, SampleCount));

        void Integrate(Span<T> own, int first)
        {
            Span<double> logs = logDensities.AsSpan(first, own.Length / Model.Dimension);
            prior.Evaluate(own, logs);
            Interlocked.Add(ref folds, TSampler.Integrate(own, logs));
        }
    }

    /// <summary>
    /// Adds a sampler, and compares the law of the sampler itself with the true one to an accuracy: on as many samples of its own as that takes, however few
    /// the comparison has.
    /// </summary>
    /// <typeparam name="TSampler">The sampler.</typeparam>
    /// <typeparam name="T">float or double, as the sampler's precision.</typeparam>
    /// <param name="accuracy">Half the length of the 95 % interval over KL, positive; see <see cref="ComparedLaw.Measure{TSampler, T}"/>.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>A comparison with one sampler more.</returns>
    /// <exception cref="ArgumentException">The sampler is of another model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The accuracy is not positive.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public FlowComparison AddWithLaw<TSampler, T>(double accuracy, CancellationToken cancellationToken = default)
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] states = Run<TSampler, T>((own, _) => TSampler.Integrate(own), cancellationToken);
        var law = ComparedLaw.Measure<TSampler, T>(accuracy, _seed, options: _options with { Repair = Repair.None }, cancellationToken: cancellationToken);
        return Add(TSampler.Descriptor, states, law);
    }

    /// <summary>Adds any map from the horizon to the early stop: a learned one, or a program made at run time.</summary>
    /// <param name="name">What the table calls it.</param>
    /// <param name="functionEvaluations">Its velocity evaluations per sample.</param>
    /// <param name="map">The map; called once, with all samples, by the calling thread.</param>
    /// <returns>A comparison with one sampler more.</returns>
    public FlowComparison Add(string name, int functionEvaluations, SegmentMap map)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(map);
        double[] states = Array.ConvertAll(_starts, static value => (double)value);
        map(states);
        return Add(name, functionEvaluations, states, forecast: null, law: null);
    }

    /// <summary>The comparison as a table, a line per sampler; the same in every culture.</summary>
    public override string ToString()
    {
        bool hasLaws = Samplers.Any(sampler => sampler.Law is not null);
        int width = Math.Max(7, Samplers.IsEmpty ? 0 : Samplers.Max(sampler => sampler.Name.Length));
        List<string> lines =
        [
            $"{"sampler".PadRight(width)} {"NFE",5} {"relative MSE",12} {"95 % interval",21} {"forecast",10} {"median",10} {"99 %",10} {"flips",8}"
                + (hasLaws ? $" {"KL",10} {"± half",9} {"ESS",8}" : ""),
        ];
        foreach (ComparedSampler sampler in Samplers)
        {
            string interval = string.Create(CultureInfo.InvariantCulture, $"{sampler.Low:0.00E+0} - {sampler.High:0.00E+0}");
            string whole = string.Create(CultureInfo.InvariantCulture, $"{sampler.FunctionEvaluations,5} {sampler.RelativeMeanSquaredError,12:0.00E+0}");
            string forecast = sampler.Forecast is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known.RelativeMeanSquaredError:0.00E+0}") : "";
            string single = string.Create(
                CultureInfo.InvariantCulture, $"{sampler.MedianError,10:0.00E+0} {sampler.HighError,10:0.00E+0} {sampler.FlipShare,8:P2}");
            string law = sampler.Law is not { } own ? "" : string.Create(
                CultureInfo.InvariantCulture,
                $" {own.Divergence.Value,10:0.00E+0} {(own.Divergence.High - own.Divergence.Low) / 2,9:0.0E+0} {own.EffectiveSampleSize,8:0}");
            lines.Add($"{sampler.Name.PadRight(width)} {whole} {interval,21} {forecast,10} {single}{law}");
        }
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"{SampleCount} samples, each against the exact flow from the same start."));
        return string.Join("\n", lines);
    }

    private delegate void PlacedRows<T>(Span<T> states, int first);

    /// <summary>Runs a sampler's call from all starts, on some at a time.</summary>
    private T[] Run<TSampler, T>(PlacedRows<T> call, CancellationToken cancellationToken)
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SamplerDescriptor sampler = TSampler.Descriptor;
        if (sampler.Model != Model)
            throw new ArgumentException($"{sampler.Name} samples another model than the one that the comparison started with.", nameof(TSampler));
        T[] states = Array.ConvertAll(_starts, T.CreateTruncating);
        const int size = FlowSampling.DefaultBatchSize;
        int d = Model.Dimension, batches = (SampleCount + size - 1) / size;
        ParallelLoop.For(batches, _options.MaxThreads, Integrate, cancellationToken);
        return states;

        void Integrate(int batch)
        {
            int first = batch * size, n = Math.Min(size, SampleCount - first);
            call(states.AsSpan(first * d, n * d), first);
        }
    }

    private FlowComparison Add<T>(SamplerDescriptor sampler, T[] states, ComparedLaw? law)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Add(sampler.Name, sampler.FunctionEvaluations, Array.ConvertAll(states, double.CreateTruncating), sampler.Forecast, law);

    private FlowComparison Add(string name, int functionEvaluations, double[] states, SamplerForecast? forecast, ComparedLaw? law)
    {
        ErrorSummary errors = ErrorSummary.Of(states, _ends, Model.Dimension, _flipDistance);
        var sampler = new ComparedSampler(
            name, functionEvaluations, errors.RelativeMeanSquaredError, errors.Low, errors.High, errors.Median, errors.High99, errors.FlipShare,
            errors.SameBranch, forecast)
        { Law = law };
        return new FlowComparison(Model, _starts, _ends, _flipDistance, _seed, _options, Samplers.Add(sampler));
    }
}
