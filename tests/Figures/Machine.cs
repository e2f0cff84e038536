using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace FlowDsl.Figures;

/// <summary>What measurements were taken on.</summary>
internal static class Machine
{
    private const string CpuInfo = "/proc/cpuinfo";

    /// <summary>The processor and the number of its cores.</summary>
    public static string Name { get; } = $"{Processor()} ({Environment.ProcessorCount} cores)";

    /// <summary>The processor, its vectors, the system and the runtime.</summary>
    public static string Description { get; } =
        $"{Name}, {Vector<byte>.Count * 8}-bit vectors{(Fma.IsSupported ? " with FMA" : "")}, "
        + $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";

    private static string Processor() => File.Exists(CpuInfo)
        ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "processor unknown"
        : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "processor unknown";
}
