using FlowDsl.Runtime.Students;

namespace FlowDsl.Training;

/// <summary>A part of each batch: its samples, its loss and its gradient; used by one thread at a time.</summary>
internal sealed class BatchPart(StudentKernel kernel)
{
    // The number of samples that are drawn, mapped by the reference and learned from while they are in the cache.
    private const int ChunkSize = 1024;

    private readonly BatchGradient _batch = new(kernel);
    private readonly int _r = kernel.Student.Shape.Coordinates;
    private Dictionary<long, (float[] Starts, float[] Targets)>? _kept;

    /// <summary>Σ|f(x) - y|² of the last run.</summary>
    public double Loss { get; private set; }

    /// <summary>Σ|y|² of the last run.</summary>
    public double Scale { get; private set; }

    /// <summary>The gradient of the last run.</summary>
    public float[] Gradient { get; } = new float[kernel.Student.Shape.ParameterCount];

    /// <summary>Keeps samples from now on, instead of drawing them again.</summary>
    public void Keep() => _kept = [];

    /// <summary>Discards the kept samples and draws all again.</summary>
    public void Forget() => _kept = null;

    /// <summary>Runs over samples.</summary>
    /// <param name="segment">The segment with its parameters.</param>
    /// <param name="data">The samples to learn from.</param>
    /// <param name="stream">The stream of the samples.</param>
    /// <param name="firstIndex">The first one.</param>
    /// <param name="count">How many.</param>
    /// <param name="factor">The factor of the gradient; 0 for the loss only.</param>
    public void Run(StudentSegment segment, SegmentData data, DataStream stream, long firstIndex, int count, float factor)
    {
        (Loss, Scale) = (0, 0);
        Gradient.AsSpan().Clear();
        for (int first = 0; first < count; first += ChunkSize)
        {
            (float[] starts, float[] targets) = Chunk(data, stream, firstIndex + first, Math.Min(ChunkSize, count - first));
            Loss += _batch.Add(segment, starts, targets, factor, factor == 0 ? [] : Gradient);
            double scale = 0;
            foreach (float value in targets) scale += (double)value * value;
            Scale += scale;
        }
    }

    private (float[] Starts, float[] Targets) Chunk(SegmentData data, DataStream stream, long firstIndex, int count)
    {
        if (_kept is not null && _kept.TryGetValue(firstIndex, out (float[], float[]) known)) return known;
        float[] starts = new float[count * _r], targets = new float[count * _r];
        data.Fill(stream, firstIndex, starts, targets);
        if (_kept is not null) _kept[firstIndex] = (starts, targets);
        return (starts, targets);
    }
}
