using System.Buffers;
using System.Collections.Concurrent;
using System.Numerics;
using FlowDsl.Errors.Certification;

namespace FlowDsl.Runtime.Trackers;

/// <summary>A companion's estimate, plus the <see cref="FlowCertificate"/> of each sample's end.</summary>
internal sealed class CertifiedTracker<T>(SamplerDescriptor descriptor, MarginFlow<T> flow) : ErrorTracker<T>(descriptor)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly CompanionTracker<T> _companion = new(descriptor, flow);

    // A certificate serves one thread at a time.
    private readonly ConcurrentBag<FlowCertificate> _certificates = [];
    private readonly GaussianMixtureModel _model = descriptor.Model;

    protected override void Track(Span<T> states, Span<T> copy, Span<FlowError> errors)
    {
        T[] pooled = ArrayPool<T>.Shared.Rent(states.Length);
        Span<T> starts = pooled.AsSpan(0, states.Length);
        states.CopyTo(starts);
        _companion.Follow(states, copy, errors);

        if (!_certificates.TryTake(out FlowCertificate? certificate)) certificate = new FlowCertificate(_model);
        int d = _model.Dimension;
        double[] start = new double[d], end = new double[d];
        for (int i = 0; i < errors.Length; i++)
        {
            for (int j = 0; j < d; j++) (start[j], end[j]) = (double.CreateTruncating(starts[i * d + j]), double.CreateTruncating(states[i * d + j]));
            errors[i] = errors[i] with { Bound = certificate.Bound(start, end) };
        }
        _certificates.Add(certificate);
        ArrayPool<T>.Shared.Return(pooled);
    }
}
