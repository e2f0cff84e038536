namespace FlowDsl.Hosting.Output;

/// <summary>How many of something are finished; reported by some threads, read by another.</summary>
internal sealed class FinishedCount : IProgress<long>
{
    private long _value;

    /// <summary>The greatest number reported so far.</summary>
    public long Value => Interlocked.Read(ref _value);

    /// <inheritdoc/>
    public void Report(long value)
    {
        // Two threads may report in the other order.
        for (long known = Value; value > known; known = Value)
            if (Interlocked.CompareExchange(ref _value, value, known) == known) return;
    }
}
