namespace FlowDsl.Benchmarks;

/// <summary>A sampler for an accuracy.</summary>
/// <param name="Method">By what it is made.</param>
/// <param name="Sampler">What it is, as a table says it.</param>
/// <param name="Target">The accuracy asked for.</param>
/// <param name="Steps">N.</param>
/// <param name="Evaluations">Of the velocity, for a sample.</param>
/// <param name="Error">Its relative mean squared error.</param>
/// <param name="Contestant">The sampler, from the contest's starts.</param>
internal sealed record AccuracyEntry(string Method, string Sampler, double Target, int Steps, int Evaluations, double Error, Contestant Contestant)
{
    /// <summary>Whether it is as exact as asked for.</summary>
    public bool Suffices => Error <= Target;

    /// <summary>The entry of a declared sampler.</summary>
    public static AccuracyEntry Of(string method, SamplerDescriptor descriptor, double target, double error, Contestant contestant)
        => new(method, DeclaredSampler.Describe(descriptor), target, descriptor.SegmentCount, descriptor.FunctionEvaluations, error, contestant);
}
