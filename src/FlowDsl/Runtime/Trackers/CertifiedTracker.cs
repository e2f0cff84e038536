using System.Buffers;
using System.Collections.Concurrent;
using System.Numerics;
using FlowDsl.Errors.Certification;

namespace FlowDsl.Runtime.Trackers;

/// <summary>A companion's estimate, plus the <see cref="FlowCertificate"/> of each sample's end.</summary>
internal sealed class CertifiedTracker<T>(SamplerDescriptor descriptor, SamplerPath<T> path) : BlockTracker<T>(descriptor.Dimension)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Twin<T> _companion = Twin<T>.Of(descriptor);

    // A certificate serves one thread at a time.
    private readonly ConcurrentBag<FlowCertificate> _certificates = [];
    private readonly GaussianMixtureModel _model = descriptor.Model;

    protected override void Track(Span<T> states, Span<T> starts, Span<FlowError> errors)
    {
        double[] before = ArrayPool<double>.Shared.Rent(states.Length), ends = ArrayPool<double>.Shared.Rent(states.Length);
        double[] bounds = ArrayPool<double>.Shared.Rent(errors.Length);
        Widen(starts, before);
        path.Integrate(states, errors, _companion);
        Widen(states, ends);

        if (!_certificates.TryTake(out FlowCertificate? certificate)) certificate = new FlowCertificate(_model);
        certificate.Bounds(before.AsSpan(0, states.Length), ends.AsSpan(0, states.Length), bounds.AsSpan(0, errors.Length));
        _certificates.Add(certificate);
        for (int i = 0; i < errors.Length; i++) errors[i] = errors[i] with { Bound = bounds[i] };
        ArrayPool<double>.Shared.Return(bounds);
        ArrayPool<double>.Shared.Return(ends);
        ArrayPool<double>.Shared.Return(before);
    }

    private static void Widen(ReadOnlySpan<T> states, Span<double> wide)
    {
        for (int i = 0; i < states.Length; i++) wide[i] = double.CreateTruncating(states[i]);
    }
}
