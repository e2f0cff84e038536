using System.Security.Cryptography;

namespace FlowDsl.Generators.Tests;

/// <summary>Data sets as mixtures, as users get them: generated, compiled and run beside their file.</summary>
public sealed class DataModelTests : IDisposable
{
    private const int Count = 50, Dimension = 6;

    private readonly string _path = Path.Combine(AppContext.BaseDirectory, $"data-{Path.GetRandomFileName()}.npy");

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(Solver.Heun)]
    [InlineData(Solver.DpmSolverPlusPlus2M)]
    public void SamplersAreThoseOfTheRunTimeModel(Solver solver)
    {
        byte[] values = new byte[Count * Dimension];
        new Random(1).NextBytes(values);
        string shape = $"{{'descr': '|u1', 'fortran_order': False, 'shape': ({Count}, {Dimension}), }}";
        byte[] header = System.Text.Encoding.ASCII.GetBytes(shape.PadRight(117) + "\n");
        File.WriteAllBytes(_path, [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, .. values]);
        string name = Path.GetFileName(_path), hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_path)));
        using CompiledModels compiled = new(GeneratorHarness.Run(
            $"""
            using FlowDsl;
            [GaussianMixture({Dimension}, Data = "{name}", Variance = 100)]
            [OrnsteinUhlenbeck(EarlyStop = 0.01)]
            [Sampler("Fast", Steps = 6, Solver = Solver.{solver})]
            public partial class Points;
            """,
            ("/project/" + Path.ChangeExtension(name, ".plan.json"), DataFiles.Plan(Count, Dimension, hash, radius: 600))).AssertClean());
        ModelHandle model = compiled.Model("Points");
        Assert.Equal((Dimension, Count), model.Size);
        double[] x = [1, 2, 3, 4, 5, 6];
        foreach (((string function, double[] expected), (_, double[] actual)) in ModelHandle.Evaluate(model.Model, 0.5, x, x).Zip(model.Evaluate(0.5, x, x)))
            Assert.True(expected.AsSpan().SequenceEqual(actual), function);

        var descriptor = (SamplerDescriptor)compiled.Type("Points+Fast").GetProperty("Descriptor")!.GetValue(null)!;
        Assert.Equal(Grid.GaussianOptimal, descriptor.Grid);
        var sampler = new EmpiricalSampler(descriptor);
        object?[] arguments = [40L, 3UL, null, null, default(CancellationToken)];
        var samples = (float[])compiled.Type("Points+Fast").GetMethod("Sample")!.Invoke(null, arguments)!;
        Assert.Equal(sampler.Sample(40, 3), samples);
        Assert.All(samples, value => Assert.True(float.IsFinite(value)));
        Assert.Equal(Precision.Single, descriptor.Precision);
        Assert.Contains("50 Gaussians in 6 dimensions", descriptor.ToString(), StringComparison.Ordinal);
    }
}
