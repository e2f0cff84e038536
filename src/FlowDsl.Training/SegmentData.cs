using FlowDsl.Mathematics;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;
using FlowDsl.Sampling;

namespace FlowDsl.Training;

/// <summary>The starts and targets of a segment: x from the process's own law, and the reference's image of it.</summary>
internal sealed class SegmentData
{
    // Batches, the finishing batch and the evaluation use separate streams.
    private const ulong StreamStep = 0x9E3779B97F4A7C15;

    private readonly PriorDraws _draws;
    private readonly Action<float[], float[]> _target;
    private readonly ulong _seed;

    private SegmentData(PriorDraws draws, Action<float[], float[]> target, ulong seed, int segment)
    {
        (_draws, _target) = (draws, target);
        _seed = unchecked(seed + (ulong)(segment + 1) * StreamStep);
    }

    /// <summary>The data of a student's segment.</summary>
    public static SegmentData Of(StudentDescriptor student, int segment, ulong seed)
    {
        Process process = student.Sampler.Model.Process;
        (double from, double to) = (student.Sampler.Times[segment], student.Sampler.Times[segment + 1]);
        Integration<float> teacher = LoopFlow.Create<float>(student.Mapped, student.Teacher(from, to));
        return new SegmentData(PriorDraws.Of(student.Mapped, process.At(from)), (starts, targets) =>
        {
            starts.CopyTo(targets, 0);
            teacher(targets);
        }, seed, segment);
    }

    /// <summary>The data of another function of x, from a law at a time.</summary>
    public static SegmentData Of(GaussianMixtureModel law, double time, Action<float[], float[]> target, ulong seed)
        => new(PriorDraws.Of(law.Mixture, law.Process.At(time)), target, seed, 0);

    /// <summary>Fills starts and targets with samples of a stream from an index on.</summary>
    public void Fill(DataStream stream, long firstIndex, float[] starts, float[] targets)
    {
        _draws.Fill(unchecked(_seed + (ulong)stream), firstIndex, starts.AsSpan());
        _target(starts, targets);
    }
}

/// <summary>The purpose of samples: no sample serves two purposes.</summary>
internal enum DataStream
{
    Steps,
    Finish,
    Evaluation,
}
