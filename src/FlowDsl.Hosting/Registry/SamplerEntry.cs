using System.ComponentModel;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Metrics;
using FlowDsl.Runtime.Blocks;

namespace FlowDsl.Hosting.Registry;

/// <summary>A generated sampler or student, by its name, whatever its type.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class SamplerEntry
{
    private readonly Func<FieldSampler>? _field;

    private protected SamplerEntry(string name, string form, bool isTrained, StudentTrainer? trainer, Func<FieldSampler>? field)
        => (Name, Form, IsTrained, Trainer, _field) = (name, form, isTrained, trainer, field);

    /// <summary>The nested type's name.</summary>
    internal string Name { get; }

    /// <summary>How it was compiled, and why so.</summary>
    internal string Form { get; }

    /// <summary>False for a student without weights, which cannot run.</summary>
    internal bool IsTrained { get; }

    /// <summary>Trains it; null if it is no student.</summary>
    internal StudentTrainer? Trainer { get; }

    /// <summary>The sampler on networks; null if it has no Field.</summary>
    internal FieldSampler? Field => _field?.Invoke();

    /// <summary>Describes the sampler.</summary>
    internal abstract SamplerDescriptor Descriptor { get; }

    /// <summary>Draws samples in parts of bounded size and hands them on, while the next part is drawn.</summary>
    /// <param name="request">Which samples.</param>
    /// <param name="sink">Where to.</param>
    /// <param name="progress">Receives the number of samples drawn so far.</param>
    /// <param name="cancellationToken">Stops within a batch.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled; the sink has taken what was handed on before.</exception>
    internal abstract void Stream(SampleRequest request, ISampleSink sink, IProgress<long> progress, CancellationToken cancellationToken);

    /// <summary>Adds the sampler to a comparison.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="withLaw">Whether to compare the sampler's own law too.</param>
    /// <param name="accuracy">To what accuracy of KL, from samples of its own; null for the comparison's samples.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    internal abstract FlowComparison AddTo(FlowComparison comparison, bool withLaw, double? accuracy, CancellationToken cancellationToken);

    /// <summary>Where the sampler takes given starts.</summary>
    /// <param name="starts">n×d states at the horizon, row-major.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>n×d states at the early stop.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal abstract double[] Ends(ReadOnlySpan<float> starts, CancellationToken cancellationToken);

    /// <summary>Weighs where the sampler takes starts of the prior, by the density of its own law.</summary>
    /// <param name="starts">n×d states at the horizon, row-major; n at least 2.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal abstract ImportanceWeights Law(ReadOnlySpan<float> starts, CancellationToken cancellationToken);

    /// <summary>The exact 2-Wasserstein distance of the sampler's law from its target, in units of x; the model must be one Gaussian.</summary>
    internal abstract double ExactWasserstein();

    /// <summary>Measures where the sampler makes its error.</summary>
    internal abstract ErrorBudget Budget(long count, ulong seed, IProgress<long>? progress, CancellationToken cancellationToken);

    /// <summary>Prepares to time the integration of samples.</summary>
    /// <param name="samples">How many.</param>
    /// <returns>Times one integration of all of them on a number of threads, in seconds.</returns>
    internal abstract Func<int, double> Timer(int samples);
}

/// <summary>A generated sampler or student; made by generated code.</summary>
/// <typeparam name="TSampler">The nested type.</typeparam>
/// <typeparam name="T">float or double, its precision.</typeparam>
/// <param name="name">The nested type's name.</param>
/// <param name="form">How it was compiled, and why so.</param>
/// <param name="isTrained">False for a student without weights.</param>
/// <param name="trainer">Trains it, if it is a student.</param>
/// <param name="field">The sampler on networks, if it has a Field.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class SamplerEntry<TSampler, T>(
    string name, string form, bool isTrained = true, StudentTrainer? trainer = null, Func<FieldSampler>? field = null)
    : SamplerEntry(name, form, isTrained, trainer, field)
    where TSampler : IFlowSampler<TSampler, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Of one part. A few parts are alive at a time, so that memory stays far below 200 MB whatever the number of samples.
    private const int PartBytes = 4 << 20;

    // The samples that a thread takes at a time.
    private const int BatchSize = FlowSampling.DefaultBatchSize;

    /// <inheritdoc/>
    internal override SamplerDescriptor Descriptor => TSampler.Descriptor;

    /// <inheritdoc/>
    internal override void Stream(SampleRequest request, ISampleSink sink, IProgress<long> progress, CancellationToken cancellationToken)
    {
        int bytes = TSampler.Descriptor.Dimension * Unsafe.SizeOf<T>() + (request.WithErrors ? Unsafe.SizeOf<FlowError>() : 0);
        // Whole batches, so that no part ends with a thread that has little to do.
        long part = Math.Max(1, PartBytes / bytes / BatchSize) * BatchSize;
        int length = (int)Math.Min(part, Math.Min(request.Count, request.Stride)), errorLength = request.WithErrors ? length : 0;
        // One is written while the other is filled. New ones for each part would cost the system as many fresh pages as there are samples.
        (T[] filled, T[] spare) = (NewStates(length), request.Count > length ? NewStates(length) : []);
        (FlowError[] filledErrors, FlowError[] spareErrors) = (new FlowError[errorLength], new FlowError[errorLength]);
        Task writing = Task.CompletedTask;
        try
        {
            for (long first = 0, count; first < request.Count; first += count)
            {
                count = Math.Min(Math.Min(part, request.Count - first), request.Stride - first % request.Stride);
                SamplingOptions options = request.Options with { FirstIndex = request.Options.FirstIndex + first };
                var drawn = new Offset(progress, first);
                T[] states = filled;
                Memory<FlowError> errors = filledErrors.AsMemory(0, request.WithErrors ? (int)count : 0);
                if (request.WithErrors) Track(states, (int)count, request.Seed, options, errors, drawn, cancellationToken);
                else FlowSampling.SampleInto<TSampler, T>(states, count, request.Seed, options, drawn, cancellationToken);
                writing.GetAwaiter().GetResult();
                int values = (int)count * TSampler.Descriptor.Dimension;
                writing = Task.Run(() => sink.Write<T>(states.AsSpan(0, values), errors.Span), CancellationToken.None);
                (filled, spare, filledErrors, spareErrors) = (spare, filled, spareErrors, filledErrors);
            }
        }
        finally
        {
            // Whoever closes the file next must not do so below a write.
            ((IAsyncResult)writing).AsyncWaitHandle.WaitOne();
        }
        writing.GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    internal override FlowComparison AddTo(FlowComparison comparison, bool withLaw, double? accuracy, CancellationToken cancellationToken)
        => accuracy is { } asked ? comparison.AddWithLaw<TSampler, T>(asked, cancellationToken)
            : withLaw ? comparison.AddWithLaw<TSampler, T>(cancellationToken)
            : comparison.Add<TSampler, T>(cancellationToken);

    /// <inheritdoc/>
    internal override double[] Ends(ReadOnlySpan<float> starts, CancellationToken cancellationToken)
    {
        T[] states = Converted(starts);
        int d = TSampler.Descriptor.Dimension, samples = states.Length / d;
        ParallelLoop.For((samples + BatchSize - 1) / BatchSize, -1, batch => TSampler.Integrate(Rows(states, d, samples, batch)), cancellationToken);
        return Array.ConvertAll(states, double.CreateTruncating);
    }

    /// <inheritdoc/>
    internal override ImportanceWeights Law(ReadOnlySpan<float> starts, CancellationToken cancellationToken)
    {
        GaussianMixtureModel model = TSampler.Descriptor.Model;
        T[] states = Converted(starts);
        int d = model.Dimension, samples = states.Length / d;
        double[] logDensities = new double[samples];
        FlowSampling.PriorLogDensities<T>(model, states, logDensities);
        long folds = 0;
        // A sample with its density takes many times as long as one without: small batches, to stop soon.
        const int size = BatchSize / 16;
        ParallelLoop.For((samples + size - 1) / size, -1, Integrate, cancellationToken);
        return ImportanceWeights.Measure<T>(model, states, logDensities, folds, cancellationToken: cancellationToken);

        void Integrate(int batch)
        {
            int first = batch * size, n = Math.Min(size, samples - first);
            Interlocked.Add(ref folds, TSampler.Integrate(states.AsSpan(first * d, n * d), logDensities.AsSpan(first, n)));
        }
    }

    /// <inheritdoc/>
    internal override double ExactWasserstein() => GaussianWasserstein.OfSampler<TSampler, T>();

    /// <inheritdoc/>
    internal override ErrorBudget Budget(long count, ulong seed, IProgress<long>? progress, CancellationToken cancellationToken)
        => ErrorBudget.Measure<TSampler, T>(count, seed, progress: progress, cancellationToken: cancellationToken);

    /// <inheritdoc/>
    internal override Func<int, double> Timer(int samples)
    {
        int d = TSampler.Descriptor.Dimension, batches = (samples + BatchSize - 1) / BatchSize;
        T[] starts = FlowSampling.DrawPrior<T>(TSampler.Descriptor.Model, samples, seed: 1), states = new T[starts.Length];
        return threads =>
        {
            starts.CopyTo(states, 0);
            long began = Stopwatch.GetTimestamp();
            if (threads == 1) TSampler.Integrate(states);
            else ParallelLoop.For(batches, threads, Integrate, CancellationToken.None);
            return Stopwatch.GetElapsedTime(began).TotalSeconds;
        };

        void Integrate(int batch) => TSampler.Integrate(Rows(states, d, samples, batch));
    }

    /// <summary>The same samples as without errors, bit for bit, and the error of each.</summary>
    private static void Track(
        T[] states, int count, ulong seed, SamplingOptions options, Memory<FlowError> errors, IProgress<long> progress,
        CancellationToken cancellationToken)
    {
        GaussianMixtureModel model = TSampler.Descriptor.Model;
        FlowSampling.DrawPriorInto(model, states, count, seed, options, cancellationToken);
        int batches = (count + BatchSize - 1) / BatchSize;
        long finished = 0;
        ParallelLoop.For(batches, options.MaxThreads, Integrate, cancellationToken);

        void Integrate(int batch)
        {
            Span<FlowError> own = errors.Span.Slice(batch * BatchSize, Math.Min(BatchSize, count - batch * BatchSize));
            TSampler.Integrate(Rows(states, model.Dimension, count, batch), own);
            progress.Report(Interlocked.Add(ref finished, own.Length));
        }
    }

    private static T[] Converted(ReadOnlySpan<float> starts)
    {
        T[] states = new T[starts.Length];
        for (int i = 0; i < states.Length; i++) states[i] = T.CreateTruncating(starts[i]);
        return states;
    }

    private static T[] NewStates(int samples) => GC.AllocateUninitializedArray<T>(samples * TSampler.Descriptor.Dimension);

    private static Span<T> Rows(T[] states, int d, int samples, int batch)
        => states.AsSpan(batch * BatchSize * d, Math.Min(BatchSize, samples - batch * BatchSize) * d);

    private sealed class Offset(IProgress<long> progress, long first) : IProgress<long>
    {
        public void Report(long value) => progress.Report(first + value);
    }
}
