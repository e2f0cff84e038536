using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using FlowDsl.Probe;

namespace FlowDsl.Tests;

/// <summary>
/// The same samples whatever the hardware: the probe runs in processes that see other vectors than this one. Between widths
/// the bits are the same; with and without fused multiply-add they differ by rounding.
/// </summary>
public class HardwareTests
{
    private const string Width = "DOTNET_MaxVectorTBitWidth", Avx2 = "DOTNET_EnableAVX2", Intrinsics = "DOTNET_EnableHWIntrinsic";

    // How the probe's lines of values start.
    private const string Values = "values ";

    private static readonly ConcurrentDictionary<string, Lazy<Dictionary<string, string>>> s_runs = new();

    /// <summary>In every environment that these tests themselves are run in.</summary>
    [Fact]
    public void WideAndNarrowVectorsGiveTheSameBits()
    {
        (string? avx2, string? intrinsics) = (Environment.GetEnvironmentVariable(Avx2), Environment.GetEnvironmentVariable(Intrinsics));
        AssertSameDigests(Run(null, avx2, intrinsics), Run("128", avx2, intrinsics));
    }

    [Fact]
    public void WideAndNarrowVectorsGiveTheSameBitsOnThisHardware()
    {
        Dictionary<string, string> wide = Run(null, null, null), narrow = Run("128", null, null);
        // Else the comparison would be of a thing with itself. Hardware of 128 bits (Arm64) has nothing wider.
        Assert.Equal("16", narrow["vector"].Split(' ')[0]);
        if (System.Runtime.Intrinsics.X86.Avx2.IsSupported) Assert.Equal("32", wide["vector"].Split(' ')[0]);
        AssertSameDigests(wide, narrow);
    }

    [Theory]
    [InlineData("0", null)]
    [InlineData(null, "0")]
    public void LessHardwareChangesSamplesByRoundingOnly(string? avx2, string? intrinsics)
    {
        Dictionary<string, string> full = Run(null, null, null), less = Run(null, avx2, intrinsics);
        Assert.Equal("16 separate", less["vector"]);
        Assert.Equal(full.Keys, less.Keys);
        string[] printed = [.. full.Keys.Where(key => key.StartsWith(Values, StringComparison.Ordinal)).Select(key => key[Values.Length..])];
        // Every sampler of the probe, and no other one, has printed its values.
        Assert.Equal(ProbeSamplers().Order(StringComparer.Ordinal), printed.Order(StringComparer.Ordinal));
        foreach (string name in printed.Intersect(SamplerUnderTest<float>.Names)) CompareValues(SamplerUnderTest<float>.Get(name), full, less, 2e-6);
        foreach (string name in printed.Intersect(SamplerUnderTest<double>.Names))
            CompareValues(SamplerUnderTest<double>.Get(name), full, less, 1e-12 / SamplerUnderTest<double>.Get(name).Descriptor.FunctionEvaluations);
    }

    /// <summary>Start points are made of portable arithmetic: no hardware changes a bit of them.</summary>
    [Theory]
    [InlineData("0", null)]
    [InlineData(null, "0")]
    public void StartPointsAreTheSameBitsOnAnyHardware(string? avx2, string? intrinsics)
    {
        Dictionary<string, string> full = Run(null, null, null), less = Run(null, avx2, intrinsics);
        string[] priors = [.. full.Keys.Where(key => key.StartsWith("prior ", StringComparison.Ordinal))];
        Assert.NotEmpty(priors);
        foreach (string prior in priors) Assert.Equal(full[prior], less[prior]);
    }

    private static IEnumerable<string> ProbeSamplers()
    {
        string[] models = [.. typeof(Program).Assembly.GetTypes().Where(type => type.DeclaringType is null).Select(type => type.Name)];
        return SamplerUnderTest<float>.Names.Concat(SamplerUnderTest<double>.Names).Where(name => models.Contains(name.Split('.')[0]));
    }

    private static void AssertSameDigests(Dictionary<string, string> expected, Dictionary<string, string> actual)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        Assert.True(expected.Count > 100, "The probe has more samplers than that.");
        Assert.Equal([], expected.Keys.Where(key => key != "vector" && expected[key] != actual[key]));
    }

    // Either run may err by what SamplerAccuracyTests allows against the same program, so the two may differ by twice that.
    private static void CompareValues<T>(SamplerUnderTest<T> sampler, Dictionary<string, string> full, Dictionary<string, string> less, double unit)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int d = sampler.Dimension;
        const int samples = Program.Printed;
        double[] left = Parse(full[Values + sampler.Name]), right = Parse(less[Values + sampler.Name]);
        Assert.Equal(samples * d, left.Length);
        double[] starts = [.. FlowSampling.DrawPrior<T>(sampler.Model, samples, Program.Seed).Select(double.CreateTruncating)];
        var sensitivity = new Sensitivity(sampler.Model, i => sampler.Program(i, 1), sampler.Descriptor.SegmentCount);
        for (int row = 0; row < starts.Length; row += d)
            Compare.Within(
                left.AsSpan(row, d), right.AsSpan(row, d), 2 * sensitivity.Allowance(unit, starts.AsSpan(row, d)),
                $"{sampler.Name}, sample {row / d}");

        static double[] Parse(string line) => [.. line.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
    }

    /// <summary>What the probe prints in a process of its own, by the words before the last; the variables unset where null.</summary>
    private static Dictionary<string, string> Run(string? width, string? avx2, string? intrinsics)
        => s_runs.GetOrAdd($"{width} {avx2} {intrinsics}", _ => new(() => Start(width, avx2, intrinsics))).Value;

    private static Dictionary<string, string> Start(string? width, string? avx2, string? intrinsics)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
        var start = new ProcessStartInfo(host, ["exec", typeof(Program).Assembly.Location, "--values"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in new[] { (Width, width), (Avx2, avx2), (Intrinsics, intrinsics) })
        {
            start.Environment.Remove(name);
            if (value is not null) start.Environment[name] = value;
        }
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        var lines = new Dictionary<string, string>();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            // "vector …", or "kind name …".
            int words = line.StartsWith("vector ", StringComparison.Ordinal) ? line.IndexOf(' ') : line.IndexOf(' ', line.IndexOf(' ') + 1);
            lines.Add(line[..words], line[(words + 1)..]);
        }
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return lines;
    }
}
