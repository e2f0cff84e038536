using FlowDsl.Mathematics;

namespace FlowDsl.Examples;

/// <summary>How wrong a composition is at its end.</summary>
/// <param name="RelativeMse">Σ|x̂ - x|²/Σ|x|², x the exact flow from the same start.</param>
/// <param name="MedianError">The median of |x̂ - x|.</param>
/// <param name="FlipShare">The share of samples that end farther from x than half the least distance of two means.</param>
/// <param name="NegativeLogLikelihood">The mean of -log p(x̂), p the data's law.</param>
/// <param name="WorstSegment">The greatest relative MSE of a segment from exact starts.</param>
internal sealed record Judgement(double RelativeMse, double MedianError, double FlipShare, double NegativeLogLikelihood, double WorstSegment);

/// <summary>Starts, and where the exact flow takes them: Runge-Kutta 4 in 192 steps, in double precision.</summary>
internal sealed class Truth
{
    private const ulong Seed = 20_260_603;
    private const int Chunk = 512;

    private readonly GaussianMixtureModel _model = GaussianMixtureModel.From<PaperMixture>();
    private readonly float[] _starts;
    private readonly double[] _ends;
    private readonly double _half;

    public Truth(int samples)
    {
        _starts = FlowSampling.DrawPrior<float>(_model, samples, Seed);
        _ends = Array.ConvertAll(_starts, value => (double)value);
        Each(_ends, PaperMixture.Exact.Integrate);
        _half = 0.5 * MinDistance(_model.Mixture);
    }

    private delegate void Map<T>(Span<T> states);

    /// <summary>Judges a trained student.</summary>
    public Judgement Judge(StudentFlow flow, IReadOnlyList<double> segmentErrors)
    {
        float[] states = [.. _starts];
        Each(states, flow.Integrate);
        int d = _model.Dimension, count = states.Length / d;
        double[] squares = new double[count];
        double scale = 0, likelihood = 0;
        double[] x = new double[d];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < d; j++)
            {
                x[j] = states[i * d + j];
                double difference = x[j] - _ends[i * d + j];
                squares[i] += difference * difference;
                scale += _ends[i * d + j] * _ends[i * d + j];
            }
            likelihood -= _model.LogDensity(_model.Process.EarlyStop, x);
        }
        double[] sorted = [.. squares.Order()];
        return new Judgement(
            sorted.Sum() / scale, Math.Sqrt(sorted[count / 2]), sorted.Count(square => square > _half * _half) / (double)count,
            likelihood / count, segmentErrors.Max());
    }

    private void Each<T>(T[] states, Map<T> map)
    {
        int length = Chunk * _model.Dimension;
        Parallel.For(0, (states.Length + length - 1) / length, i => map(states.AsSpan(i * length, Math.Min(length, states.Length - i * length))));
    }

    private static double MinDistance(Mixture mixture)
        => Math.Sqrt(mixture.Means.SelectMany((mean, k) => mixture.Means.Take(k).Select(other => mean.Zip(other, (a, b) => (a - b) * (a - b)).Sum())).Min());
}
