using System.Diagnostics.Tracing;

namespace FlowDsl.Benchmarks;

/// <summary>Sums the machine code that the runtime reports for generated samplers and their kernels while it listens.</summary>
internal sealed class MachineCode : EventListener
{
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";
    private const EventKeywords Jit = (EventKeywords)0x10;
    private static readonly string[] s_namespaces = ["FlowDsl.Generated.", "FlowDsl.Runtime."];

    // The runtime hands its events over on a thread of its own.
    private static readonly TimeSpan s_delay = TimeSpan.FromMilliseconds(300);
    private long _bytes;

    /// <summary>The bytes so far.</summary>
    public long Take()
    {
        Thread.Sleep(s_delay);
        return Interlocked.Read(ref _bytes);
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Runtime) EnableEvents(eventSource, EventLevel.Verbose, Jit);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName?.StartsWith("MethodLoadVerbose", StringComparison.Ordinal) != true) return;
        string? owner = Value("MethodNamespace") as string;
        if (owner is not null && s_namespaces.Any(name => owner.StartsWith(name, StringComparison.Ordinal)))
            Interlocked.Add(ref _bytes, (uint)Value("MethodSize")!);

        object? Value(string name) => eventData.PayloadNames?.IndexOf(name) is { } index and >= 0 ? eventData.Payload![index] : null;
    }
}
