using System.Globalization;
using System.Text.Json;
using FlowDsl.Generators.Tests;

namespace FlowDsl.Benchmarks;

/// <summary>Mixtures of any size, and their generated samplers: equal weights, means that are uniform in a cube, one variance.</summary>
internal static class BlobsModel
{
    private const string Model = "Blobs", Sampler = "Heun", File = "Blobs.mixture.json";

    /// <summary>Heun's method, generated from a file of the mixture.</summary>
    /// <param name="components">K.</param>
    /// <param name="dimension">d.</param>
    /// <param name="steps">N.</param>
    /// <param name="halfWidth">Half the width of the cube.</param>
    /// <param name="variance">The variance.</param>
    public static CompiledSampler Compile(int components, int dimension, int steps, double halfWidth = 2, double variance = 0.05)
    {
        var random = new Random(1);
        string mixture = JsonSerializer.Serialize(new
        {
            covariance_type = "spherical",
            weights = Enumerable.Repeat(1.0 / components, components),
            means = Enumerable.Range(0, components).Select(_ => Enumerable.Range(0, dimension).Select(_ => Coordinate()).ToArray()).ToArray(),
            covariances = Enumerable.Repeat(variance, components),
        });
        string source = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            using FlowDsl;
            [GaussianMixture({dimension}, File = "{File}")]
            [Sampler("{Sampler}", Steps = {steps}, Grid = Grid.LogVariance)]
            public partial class {Model};
            """);
        return CompiledSampler.Of(new GeneratedProject(source, new MemoryText("/project/" + File, mixture)), Model, Sampler).Single();

        double Coordinate() => Math.Round(2 * halfWidth * random.NextDouble() - halfWidth, 3);
    }
}
