namespace FlowDsl.Examples;

/// <summary>The exact flow map of some starts, and how far from it a sampler ends.</summary>
internal sealed class ExactFlow
{
    private const double Tolerance = 1e-11;
    private readonly GaussianMixtureModel _model;
    private readonly double[] _ends;
    private readonly int[] _modes;

    /// <summary>Maps the starts, in parallel. They are the float numbers that the samplers start from, so both take the same way.</summary>
    public ExactFlow(GaussianMixtureModel model, float[] starts, CancellationToken cancellation)
    {
        int d = model.Dimension, n = starts.Length / d;
        (_model, _ends) = (model, Array.ConvertAll(starts, value => (double)value));
        model.FlowMaps(model.Process.Horizon, model.Process.EarlyStop, _ends, Tolerance, progress: new Mapped(n), cancellationToken: cancellation);
        _modes = [.. Enumerable.Range(0, n).Select(i => Mode(_ends.AsSpan(i * d, d)))];
    }

    /// <summary>Compares the ends that a sampler reached from the same starts.</summary>
    public Accuracy Compare(float[] ends)
    {
        int d = _model.Dimension, n = _modes.Length, otherMode = 0;
        double squaredError = 0, squaredSize = 0;
        double[] errors = new double[n], end = new double[d];
        for (int i = 0; i < n; i++)
        {
            double squared = 0;
            for (int j = 0; j < d; j++)
            {
                end[j] = ends[i * d + j];
                double difference = end[j] - _ends[i * d + j];
                squared += difference * difference;
                squaredSize += _ends[i * d + j] * _ends[i * d + j];
            }
            squaredError += squared;
            errors[i] = Math.Sqrt(squared);
            if (Mode(end) != _modes[i]) otherMode++;
        }
        Array.Sort(errors);
        return new Accuracy(squaredError / squaredSize, errors[n / 2], errors[n - 1 - n / 100], (double)otherMode / n);
    }

    /// <summary>The most responsible component at the early stop.</summary>
    private int Mode(ReadOnlySpan<double> x)
    {
        Span<double> responsibilities = stackalloc double[_model.ComponentCount];
        _model.Responsibilities(_model.Process.EarlyStop, x, responsibilities);
        int most = 0;
        for (int k = 1; k < responsibilities.Length; k++)
            if (responsibilities[k] > responsibilities[most]) most = k;
        return most;
    }

    private sealed class Mapped(int total) : IProgress<long>
    {
        public void Report(long value) => Progress.Report("exact flow maps", value, total);
    }
}

/// <summary>How far a sampler ends from the exact flow map of the same starts.</summary>
/// <param name="RelativeSquaredError">E|x̂ - x|² / E|x|².</param>
/// <param name="Median">The median of |x̂ - x|.</param>
/// <param name="Percentile99">The 99th percentile of |x̂ - x|.</param>
/// <param name="OtherMode">The share of samples that end in another mode.</param>
internal readonly record struct Accuracy(double RelativeSquaredError, double Median, double Percentile99, double OtherMode);
