using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace FlowDsl.Probe;

/// <summary>
/// Prints what the samplers of this assembly give, for comparison between processes that see different hardware: first the
/// vectors, then for each sampler a digest of its start points and of its samples, and with <c>--values</c> some of the samples.
/// </summary>
public static class Program
{
    /// <summary>Samples a sampler: no multiple of any vector.</summary>
    public const int Count = 75;

    /// <summary>Samples whose values are printed.</summary>
    public const int Printed = 40;

    /// <summary>The seed of all samples.</summary>
    public const ulong Seed = 20;

    private static void Main(string[] arguments)
    {
        bool values = arguments.Contains("--values");
        Console.WriteLine($"vector {Vector<byte>.Count} {(Fma.IsSupported || AdvSimd.IsSupported ? "fused" : "separate")}");
        MethodInfo print = typeof(Program).GetMethod(nameof(Print), BindingFlags.NonPublic | BindingFlags.Static)!;
        foreach (Type sampler in typeof(Program).Assembly.GetTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            Type? contract = sampler.GetInterfaces().FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IFlowSampler<,>));
            if (contract is not null) print.MakeGenericMethod(sampler, contract.GenericTypeArguments[1]).Invoke(null, [values]);
        }
    }

    private static void Print<TSampler, T>(bool values)
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string name = typeof(TSampler).DeclaringType!.Name + "." + typeof(TSampler).Name;
        T[] starts = FlowSampling.DrawPrior<T>(TSampler.Descriptor.Model, Count, Seed), samples = FlowSampling.Sample<TSampler, T>(Count, Seed);
        Console.WriteLine($"prior {name} {Digest(starts)}");
        Console.WriteLine($"samples {name} {Digest(samples)}");
        if (!values) return;
        IEnumerable<T> shown = samples.Take(Printed * TSampler.Descriptor.Dimension);
        Console.WriteLine($"values {name} " + string.Join(' ', shown.Select(x => x.ToString("R", CultureInfo.InvariantCulture))));
    }

    private static string Digest<T>(T[] values)
        where T : unmanaged => Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(values.AsSpan())));
}
