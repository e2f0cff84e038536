namespace FlowDsl.Benchmarks;

/// <summary>Integrates row-major samples in place.</summary>
internal delegate void Integration<T>(Span<T> states);

/// <summary>One of the mixtures of Workloads.cs with its generated sampler.</summary>
/// <param name="Key">Its short name.</param>
/// <param name="Title">Its name in the table.</param>
/// <param name="Samples">Samples of a call.</param>
/// <param name="Sampler">What the sampler is.</param>
/// <param name="Integrate">The sampler.</param>
/// <param name="Model">The class that declares it.</param>
/// <param name="MeasureFirstCall">Calls the sampler and says what the JIT did for it.</param>
/// <param name="IntegrateDouble">The sampler in double precision, where there is one.</param>
internal sealed record Workload(
    string Key, string Title, int Samples, SamplerDescriptor Sampler, Integration<float> Integrate, Type Model,
    Func<FirstCall> MeasureFirstCall, Integration<double>? IntegrateDouble = null)
{
    /// <summary>All workloads, each made when it is its turn: the tables of the large ones take their time.</summary>
    public static IReadOnlyList<(string Key, Func<Workload> Create)> All { get; } =
    [
        Of<Ring8.Heun8>("W1", "8 modes on a circle", 12_288),
        Of<Grid25.Heun8>("W2", "5×5 modes on a grid", 12_288),
        Of<TwoFull.Heun8>("W3", "2 full covariances", 12_288),
        Of<Scattered40.Heun8>("W4", "40 scattered modes", 12_288),
        Of<Diagonal16.Heun8>("W5", "10 diagonal covariances, d = 16", 4_096),
        Of<Isotropic64.Heun8>("W6", "32 modes, d = 64", 2_048),
        Of<Isotropic784.Heun8>("W7", "256 modes, d = 784", 512),
        ("paper", () => Of<Paper64.Heun8>("paper", "20 modes, d = 64", 2_048).Create() with { IntegrateDouble = Paper64.Heun8Double.Integrate }),
    ];

    private static (string Key, Func<Workload> Create) Of<TSampler>(string key, string title, int samples)
        where TSampler : IFlowSampler<TSampler, float>
        => (key, () => new Workload(key, title, samples, TSampler.Descriptor, TSampler.Integrate, typeof(TSampler).DeclaringType!, FirstCall.Of<TSampler>));
}
