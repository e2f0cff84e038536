using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace FlowDsl.Tests;

/// <summary>A project that is published as native code: without a warning, and with the bits that the JIT gives.</summary>
[Collection(PackageCollection.Name)]
public class NativeAotTests(PackageFixture package)
{
    private const string Program =
        """
        using System.Diagnostics;
        using System.Numerics;
        using System.Runtime.InteropServices;
        using System.Security.Cryptography;
        using FlowDsl;

        Console.WriteLine(SamplingArithmetic.Current);
        Digest<Compass.Heun, float>();
        Digest<Compass.Precise, double>();
        Digest<Grid.Multistep, float>();
        Digest<Leaves.Heun, float>();
        Digest<Leaves.Many, float>();

        void Digest<TSampler, T>()
            where TSampler : IFlowSampler<TSampler, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            T[] samples = FlowSampling.Sample<TSampler, T>(1001, seed: 3);
            Console.WriteLine($"{typeof(TSampler).Name} {Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(samples.AsSpan())))}");
            if (args is not ["speed"]) return;
            T[] starts = FlowSampling.DrawPrior<T>(TSampler.Descriptor.Model, 12288, 1), states = new T[starts.Length];
            double best = double.PositiveInfinity;
            for (int i = 0; i < 500; i++)
            {
                starts.CopyTo(states, 0);
                long start = Stopwatch.GetTimestamp();
                TSampler.Integrate(states);
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
            Console.WriteLine($"speed {typeof(TSampler).Name} {12288e-6 / best:F2} million samples a second");
        }

        /// <summary>Opposite modes.</summary>
        [GaussianMixture(2)]
        [Component(0.25, 3, 0, Variance = 0.05)]
        [Component(0.25, -3, 0, Variance = 0.05)]
        [Component(0.25, 0, 3, Variance = 0.05)]
        [Component(0.25, 0, -3, Variance = 0.05)]
        [Sampler("Heun", Steps = 8)]
        [Sampler("Precise", Steps = 6, Solver = Solver.RungeKutta4, Precision = Precision.Double)]
        public partial class Compass;

        /// <summary>Modes on a line.</summary>
        [GaussianMixture(1)]
        [Component(0.25, -3, Variance = 0.04)]
        [Component(0.25, -1, Variance = 0.04)]
        [Component(0.25, 1, Variance = 0.04)]
        [Component(0.25, 3, Variance = 0.04)]
        [Sampler("Multistep", Steps = 8, Solver = Solver.DpmSolverPlusPlus3M)]
        public partial class Grid;

        /// <summary>Two full covariances, straight-line and by loops.</summary>
        [GaussianMixture(2)]
        [Component(0.36, -1.3, -1.2, Covariance = new[] { 0.05, 0.03, 0.03, 0.18 })]
        [Component(0.64, 0.7, 0.6, Covariance = new[] { 0.13, 0.06, 0.06, 0.2 })]
        [Sampler("Heun", Steps = 8)]
        [Sampler("Many", Steps = 100)]
        public partial class Leaves;
        """;

    private static readonly string s_runtime = RuntimeInformation.RuntimeIdentifier.Contains("linux", StringComparison.Ordinal)
        ? "linux-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()
        : RuntimeInformation.RuntimeIdentifier;

    [NativeAotFact]
    public async Task PublishedForEveryProcessorSaysWhatItLacks()
    {
        Consumer consumer = package.CreatePublicConsumer(
            "Baseline", "<PublishAot>true</PublishAot>", ("Program.cs", "System.Console.Write(FlowDsl.SamplingArithmetic.Current);"));
        CommandResult published = await consumer.Publish(s_runtime);
        Assert.True(published.ExitCode == 0, published.ToString());
        Assert.DoesNotContain("warning", published.Output, StringComparison.OrdinalIgnoreCase);
        // Arm64 has fused multiply-add from the start, and vectors of 128 bits only.
        bool isX64 = RuntimeInformation.ProcessArchitecture == Architecture.X64;
        Assert.Equal(isX64, published.Output.Contains("Set <IlcInstructionSet>x86-64-v3</IlcInstructionSet> in the project file", StringComparison.Ordinal));
        Assert.Equal(isX64 ? "no fused multiply-add, 128-bit vectors" : "fused multiply-add, 128-bit vectors", (await consumer.RunNative()).Output);
    }

    [NativeAotFact]
    public async Task PublishedSameBitsAsJitted()
    {
        Consumer consumer = package.CreatePublicConsumer(
            "Native",
            Avx2.IsSupported && Fma.IsSupported
                ? "<PublishAot>true</PublishAot><IlcInstructionSet>x86-64-v3</IlcInstructionSet>"
                : "<PublishAot>true</PublishAot>",
            ("Program.cs", Program));
        CommandResult published = await consumer.Publish(s_runtime);
        Assert.True(published.ExitCode == 0, published.ToString());
        Assert.DoesNotContain("warning", published.Output, StringComparison.OrdinalIgnoreCase);

        CommandResult native = await consumer.RunNative();
        Assert.True(native.ExitCode == 0, native.ToString());
        CommandResult built = await consumer.Build();
        Assert.True(built.ExitCode == 0, built.ToString());
        CommandResult jitted = await consumer.Run();
        Assert.Equal(6, jitted.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.DoesNotContain("IlcInstructionSet", published.Output, StringComparison.Ordinal);
        // Without an instruction set, native code has no fused multiply-add where the JIT has: then only its running is compared.
        if (Avx2.IsSupported && Fma.IsSupported) Assert.Equal(jitted.Output, native.Output);
    }
}

/// <summary>Skipped where there is no linker for native code.</summary>
internal sealed class NativeAotFactAttribute : FactAttribute
{
    public NativeAotFactAttribute()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        bool Has(string compiler) => folders.Any(folder => File.Exists(Path.Combine(folder, compiler)));
        if (!Has("clang") && !Has("gcc")) Skip = "Needs clang or gcc, with which native code is linked.";
    }
}
