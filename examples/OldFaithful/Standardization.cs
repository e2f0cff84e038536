using System.Globalization;
using FlowDsl.Mathematics;

namespace FlowDsl.Examples;

/// <summary>
/// Columns brought to mean 0 and variance 1. The default process forgets towards a standard deviation of 1 and stops at 0.001,
/// so that data of this scale are neither still correlated with the start at the horizon nor blurred at the early stop.
/// </summary>
/// <param name="Columns">The names of the d columns.</param>
/// <param name="Means">Their means, in their own units.</param>
/// <param name="Deviations">Their standard deviations (divisor n), in their own units.</param>
internal sealed record Standardization(string[] Columns, double[] Means, double[] Deviations)
{
    public static Standardization Of(string[] columns, double[] rows)
    {
        int d = columns.Length, n = rows.Length / d;
        double[] means = new double[d], variances = new double[d];
        for (int i = 0; i < rows.Length; i++) means[i % d] += rows[i] / n;
        for (int i = 0; i < rows.Length; i++) variances[i % d] += (rows[i] - means[i % d]) * (rows[i] - means[i % d]) / n;
        return new Standardization(columns, means, [.. variances.Select(Math.Sqrt)]);
    }

    public double[] Apply(double[] rows) => [.. rows.Select((value, i) => (value - Means[i % Means.Length]) / Deviations[i % Means.Length])];

    public double[] Invert(double[] rows) => [.. rows.Select((value, i) => Means[i % Means.Length] + Deviations[i % Means.Length] * value)];

    /// <summary>A mixture of standardised points in the units of the columns.</summary>
    public Mixture Invert(Mixture mixture)
    {
        int d = Means.Length;
        return new Mixture(
            [.. mixture.Weights],
            [.. mixture.Means.Select(mean => Invert([.. mean]))],
            [.. mixture.Covariances.Select(c => Covariance.Full(d, [.. c.Matrix.Select((value, i) => value * Deviations[i / d] * Deviations[i % d])]))]);
    }

    /// <summary>What a log-likelihood of n standardised points becomes for the points in the units of the columns.</summary>
    public double InvertLogLikelihood(double logLikelihood, int pointCount)
        => logLikelihood - pointCount * Deviations.Sum(Math.Log);

    /// <summary>The text of a mixture file with the scaling as further properties, which FlowDsl ignores.</summary>
    public string Write(Mixture mixture)
    {
        string[] properties =
        [
            $"\"standardized_columns\": [{string.Join(", ", Columns.Select(name => $"\"{name}\""))}]",
            $"\"column_means\": [{string.Join(", ", Means.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}]",
            $"\"column_deviations\": [{string.Join(", ", Deviations.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}]",
        ];
        string json = MixtureJson.Write(mixture);
        return "{\n" + string.Concat(properties.Select(property => $"  {property},\n")) + json["{\n".Length..];
    }
}
