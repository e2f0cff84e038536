using System.Collections.Concurrent;
using System.Numerics;
using FlowDsl.Examples.Flows;

namespace FlowDsl.Examples.Transformers;

/// <summary>A network's errors on batches of fresh samples, and their gradient.</summary>
/// <remarks>
/// A batch is divided into parts, as many as its length says and not the threads; a part's numbers are summed by one thread and the parts in their order.
/// So no bit depends on the threads.
/// </remarks>
internal sealed class BatchWork
{
    private const int MaxParts = 16, LeastPart = MixtureFlow<float>.Lanes;

    private readonly IStudyNetwork _network;
    private readonly StudyMixture _mixture;
    private readonly GaussianMixtureModel _starts;
    private readonly FlowPath _teacher;
    private readonly int _maxThreads, _d;
    private readonly ConcurrentBag<Worker> _workers = [];
    private readonly float[][] _gradients = new float[MaxParts][];

    public BatchWork(IStudyNetwork network, StudyMixture mixture, FlowPath teacher, int maxThreads)
    {
        (_network, _mixture, _teacher, _maxThreads, _d) = (network, mixture, teacher, maxThreads, network.Dimension);
        _starts = mixture.At(teacher.From);
    }

    /// <summary>The errors on samples of the law at the path's start.</summary>
    /// <param name="seed">The stream of the samples.</param>
    /// <param name="firstIndex">The index of the first sample.</param>
    /// <param name="count">The number of samples.</param>
    /// <param name="gradient">Receives the gradient of the mean over samples and coordinates of (ŷ - y)²; null for the errors only.</param>
    /// <param name="token">Stops within a part.</param>
    /// <returns>Σ|ŷ - y|² and Σ|y|².</returns>
    public (double Error, double Scale) Measure(ulong seed, long firstIndex, int count, float[]? gradient, CancellationToken token)
    {
        int parts = Math.Clamp(count / LeastPart, 1, MaxParts);
        double[] errors = new double[parts], scales = new double[parts];
        var options = new ParallelOptions { MaxDegreeOfParallelism = _maxThreads, CancellationToken = token };
        Parallel.For(0, parts, options, part =>
        {
            int first = (int)((long)count * part / parts), end = (int)((long)count * (part + 1) / parts);
            if (!_workers.TryTake(out Worker? worker)) worker = new Worker(_network.CreatePass(), new MixtureFlow<float>(_mixture));
            if (gradient is not null) (_gradients[part] ??= new float[_network.ParameterCount]).AsSpan().Clear();
            (errors[part], scales[part]) = Run(
                worker, seed, firstIndex + first, end - first, 2f / ((float)count * _d), gradient is null ? default : _gradients[part].AsMemory(), token);
            _workers.Add(worker);
        });
        if (gradient is not null) Sum(gradient, parts);
        return (errors.Sum(), scales.Sum());
    }

    private (double Error, double Scale) Run(
        Worker worker, ulong seed, long firstIndex, int count, float factor, Memory<float> gradient, CancellationToken token)
    {
        float[] starts = FlowSampling.DrawPrior<float>(_starts, count, seed, new SamplingOptions { FirstIndex = firstIndex, MaxThreads = 1 }, null, token);
        float[] ends = [.. starts];
        worker.Flow.Follow(_teacher, ends, token);
        double error = 0, scale = 0;
        int most = worker.Pass.MaxSamples * _d;
        float[] results = new float[most];
        for (int first = 0; first < starts.Length; first += most)
        {
            token.ThrowIfCancellationRequested();
            int length = Math.Min(most, starts.Length - first);
            Span<float> own = results.AsSpan(0, length);
            worker.Pass.Apply(starts.AsSpan(first, length), own);
            for (int i = 0; i < length; i++)
            {
                float end = ends[first + i], difference = own[i] - end;
                error += (double)difference * difference;
                scale += (double)end * end;
                own[i] = factor * difference;
            }
            if (!gradient.IsEmpty) worker.Pass.Backpropagate(own, gradient.Span);
        }
        return (error, scale);
    }

    private void Sum(float[] gradient, int parts)
    {
        _gradients[0].CopyTo(gradient, 0);
        for (int part = 1; part < parts; part++)
        {
            float[] own = _gradients[part];
            int i = 0;
            for (; i <= gradient.Length - Vector<float>.Count; i += Vector<float>.Count)
                (new Vector<float>(gradient, i) + new Vector<float>(own, i)).CopyTo(gradient, i);
            for (; i < gradient.Length; i++) gradient[i] += own[i];
        }
    }

    private sealed record Worker(INetworkPass Pass, MixtureFlow<float> Flow);
}
