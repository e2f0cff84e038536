using System.Collections.Immutable;
using FlowDsl.Mathematics.Files;
using FlowDsl.Mathematics.Mixtures;

namespace FlowDsl.Generators.Tests;

/// <summary>Plans of data sets.</summary>
internal static class DataFiles
{
    /// <summary>The plan of so many rows in so many dimensions.</summary>
    public static string Plan(int count, int dimension, string? sha256 = null, double radius = 2)
    {
        ImmutableArray<double> mean = [.. Enumerable.Range(0, dimension).Select(j => 0.1 * j)];
        ImmutableArray<double> variances = [.. Enumerable.Range(1, dimension).Select(j => 0.25 * j)];
        return new DataPlan(sha256 ?? new string('a', 64), new DataMoments(count, mean, variances, radius), [0.5, 1, 1.5]).Write();
    }
}
