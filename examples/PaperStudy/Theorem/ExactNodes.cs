namespace FlowDsl.Examples;

/// <summary>Samples of the prior, and where the exact flow takes them by each of some times.</summary>
internal sealed class ExactNodes
{
    private readonly IReadOnlyList<double> _times;
    private readonly double[][] _states;

    /// <summary>Follows samples.</summary>
    /// <param name="model">The mixture and its process.</param>
    /// <param name="times">The times, the horizon first.</param>
    /// <param name="samples">How many samples.</param>
    /// <param name="threads">The most threads; -1 for one a processor.</param>
    /// <param name="token">Stops.</param>
    public ExactNodes(GaussianMixtureModel model, IReadOnlyList<double> times, int samples, int threads, CancellationToken token)
    {
        _times = times;
        _states = new double[times.Count][];
        _states[0] = FlowSampling.DrawPrior<double>(model, samples, Seed, cancellationToken: token);
        for (int j = 1; j < times.Count; j++)
        {
            _states[j] = new double[_states[0].Length];
            model.FlowMaps(times[j - 1], times[j], _states[j - 1], _states[j], maxThreads: threads, cancellationToken: token);
        }
    }

    private const ulong Seed = 20_260_603;

    /// <summary>The samples at the end.</summary>
    public double[] Ends => _states[^1];

    /// <summary>The samples at each of fewer times, which are all among the times of this path.</summary>
    public double[][] At(IReadOnlyList<double> times)
    {
        int stride = (_times.Count - 1) / (times.Count - 1);
        for (int j = 0; j < times.Count; j++)
            if (Math.Abs(times[j] - _times[j * stride]) > 1e-12)
                throw new ArgumentException($"Time {times[j]} is none of the path's.", nameof(times));
        return [.. Enumerable.Range(0, times.Count).Select(j => _states[j * stride])];
    }
}
