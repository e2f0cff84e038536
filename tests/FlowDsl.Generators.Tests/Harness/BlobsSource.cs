using System.Globalization;

namespace FlowDsl.Generators.Tests;

/// <summary>Models of any size to take times with.</summary>
internal static class BlobsSource
{
    /// <summary>A file with a class Blobs: equal weights, means that are uniform in [-2, 2]^d, one variance.</summary>
    /// <param name="d">The dimension.</param>
    /// <param name="count">The number of components.</param>
    /// <param name="samplers">The attributes that declare samplers.</param>
    public static string Of(int d, int count, string samplers)
    {
        Random random = new(1);
        string components = string.Join("\n", Enumerable.Range(0, count).Select(_ => string.Create(
            CultureInfo.InvariantCulture,
            $"[Component({1.0 / count:r}, {string.Join(", ", Enumerable.Range(0, d).Select(_ => $"{4 * random.NextDouble() - 2:f3}"))}, Variance = 0.05)]")));
        return $"using FlowDsl;\n[GaussianMixture({d})]\n{components}\n{samplers}\npublic partial class Blobs;\n";
    }
}
