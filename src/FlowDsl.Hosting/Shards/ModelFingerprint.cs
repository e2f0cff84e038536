using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Hosting.Shards;

/// <summary>What decides the bits of a sampler's samples, besides seed and options. Each part is kept, so that a difference can be named.</summary>
/// <param name="Mixture">The SHA-256 of the bits of weights, means and covariances; for a data set of its file's hash and the variance.</param>
/// <param name="Process">The process with the exact values of its parameters.</param>
/// <param name="Declaration">The SHA-256 of what the sampler's descriptor says of its steps.</param>
/// <param name="Samples">The SHA-256 of a few samples: what no declaration shows, such as a student's weights, shows there.</param>
internal sealed record ModelFingerprint(string Mixture, string Process, string Declaration, string Samples)
{
    // Of a few batches of vectors, and of a remainder.
    private const int SampleCount = 75;

    /// <summary>The fingerprint of a model's sampler.</summary>
    public static ModelFingerprint Of(ModelEntry model, SamplerEntry sampler)
        => new(OfMixture(model.Model), OfProcess(model.Model.Process), OfDeclaration(sampler.Descriptor), OfSamples(sampler));

    private static string OfMixture(GaussianMixtureModel model)
    {
        using var hash = new Hash();
        if (model.Data is { Sha256: { } file } data)
        {
            hash.Add(file);
            hash.Add([data.Variance]);
            return hash.Text;
        }
        Mixture mixture = model.Mixture;
        hash.Add(mixture.Dimension, mixture.Count);
        hash.Add(mixture.Weights.AsSpan());
        foreach (ImmutableArray<double> mean in mixture.Means) hash.Add(mean.AsSpan());
        foreach (Covariance covariance in mixture.Covariances)
        {
            hash.Add(covariance.Type.ToString());
            hash.Add(covariance.Variances.AsSpan());
            if (covariance.Basis is { } basis) hash.Add(basis.AsSpan());
        }
        return hash.Text;
    }

    private static string OfProcess(Process process)
    {
        IEnumerable<string> values = process.Definition.Parameters.Zip(
            process.Values, (parameter, value) => $"{parameter.Name} = {PortableNumber.Format(value)}");
        return $"{process.Definition.Name}({string.Join(", ", [.. values, .. Schedule(process)])})";

        // The levels themselves: given betas have no short name.
        static IEnumerable<string> Schedule(Process process) => process.Match<IEnumerable<string>>(_ => [], _ => [], _ => [], preserving =>
        {
            using var hash = new Hash();
            hash.Add([.. preserving.Schedule.Sigmas]);
            return [$"Schedule = {preserving.Schedule.Words}", $"levels = {hash.Text}"];
        });
    }

    private static string OfDeclaration(SamplerDescriptor descriptor)
    {
        using var hash = new Hash();
        hash.Add(descriptor.Solver.ToString());
        hash.Add(descriptor.Chart.ToString());
        hash.Add([descriptor.ChartVariance]);
        hash.Add([.. descriptor.Times]);
        if (descriptor.Weights is { } weights) hash.Add([.. weights]);
        hash.Add(descriptor.Precision.ToString());
        hash.Add(descriptor.Tracking.ToString());
        hash.Add(descriptor.FunctionEvaluations, descriptor.HistoryLength);
        hash.Add(descriptor.Score ?? "");
        return hash.Text;
    }

    private static string OfSamples(SamplerEntry sampler)
    {
        using var hash = new Hash();
        var request = new SampleRequest(SampleCount, 1, new SamplingOptions { MaxThreads = 1 }, WithErrors: false);
        sampler.Stream(request, hash, new FinishedCount(), CancellationToken.None);
        return hash.Text;
    }

    /// <summary>A hash of numbers by their bits, the same on any machine.</summary>
    private sealed class Hash : ISampleSink, IDisposable
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public string Text => Convert.ToHexStringLower(_hash.GetCurrentHash());

        public void Add(string text) => _hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));

        public void Add(int first, int second) => Add(string.Create(CultureInfo.InvariantCulture, $"{first} {second}"));

        public void Add(ReadOnlySpan<double> values)
        {
            Span<byte> bytes = stackalloc byte[sizeof(double)];
            foreach (double value in values)
            {
                BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
                _hash.AppendData(bytes);
            }
        }

        public void Write<T>(ReadOnlySpan<T> states, ReadOnlySpan<FlowError> errors)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
            => Add([.. states.ToArray().Select(double.CreateTruncating)]);

        public void Dispose() => _hash.Dispose();
    }
}
