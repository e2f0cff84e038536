using System.Numerics;
using FlowDsl.Hosting.Registry;

namespace FlowDsl.Hosting.Files;

/// <summary>Passes samples on in the units of the data that their mixture was fitted to.</summary>
/// <param name="scaling">Of the columns.</param>
/// <param name="sink">Takes the samples.</param>
internal sealed class RescaledSamples(Standardization scaling, ISampleSink sink) : ISampleSink
{
    /// <inheritdoc/>
    public void Write<T>(ReadOnlySpan<T> states, ReadOnlySpan<FlowError> errors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int d = scaling.Means.Length;
        T[] scaled = new T[states.Length];
        // In double precision, and rounded once.
        for (int i = 0; i < scaled.Length; i++)
            scaled[i] = T.CreateTruncating(scaling.Means[i % d] + scaling.Deviations[i % d] * double.CreateTruncating(states[i]));
        sink.Write<T>(scaled, errors);
    }
}
