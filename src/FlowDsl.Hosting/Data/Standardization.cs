using System.Globalization;
using System.Text.Json;
using FlowDsl.Mathematics;

namespace FlowDsl.Hosting;

/// <summary>
/// Columns brought to mean 0 and variance 1. The default process forgets towards a standard deviation of 1 and stops at 0.001, so that data of this
/// scale are neither still correlated with the start at the horizon nor blurred at the early stop.
/// </summary>
public sealed class Standardization
{
    private const string ColumnsName = "standardized_columns", MeansName = "column_means", DeviationsName = "column_deviations";

    private Standardization(ImmutableArray<string> columns, ImmutableArray<double> means, ImmutableArray<double> deviations)
        => (Columns, Means, Deviations) = (columns, means, deviations);

    /// <summary>The names of the d columns.</summary>
    public ImmutableArray<string> Columns { get; }

    /// <summary>Their means, in their own units.</summary>
    public ImmutableArray<double> Means { get; }

    /// <summary>Their standard deviations (divisor n), in their own units.</summary>
    public ImmutableArray<double> Deviations { get; }

    /// <summary>The scaling of points.</summary>
    /// <param name="columns">The names of the d columns.</param>
    /// <param name="rows">n×d values, row-major.</param>
    /// <exception cref="ArgumentException">There is no row, the number of values is not a multiple of d, or a column is constant.</exception>
    public static Standardization Of(IReadOnlyList<string> columns, ReadOnlySpan<double> rows)
    {
        ArgumentNullException.ThrowIfNull(columns);
        int d = columns.Count;
        if (d == 0 || rows.Length == 0 || rows.Length % d != 0)
            throw new ArgumentException($"There are {rows.Length} values for {d} columns; there must be whole rows, and at least one.", nameof(rows));
        int n = rows.Length / d;
        double[] means = new double[d], variances = new double[d];
        for (int i = 0; i < rows.Length; i++) means[i % d] += rows[i] / n;
        for (int i = 0; i < rows.Length; i++) variances[i % d] += (rows[i] - means[i % d]) * (rows[i] - means[i % d]) / n;
        int constant = Array.FindIndex(variances, variance => variance == 0);
        if (constant >= 0) throw new ArgumentException($"Column '{columns[constant]}' is constant, so that no scaling gives it a variance of 1.", nameof(rows));
        return new Standardization([.. columns], [.. means], [.. variances.Select(Math.Sqrt)]);
    }

    /// <summary>The scaling of a table's columns.</summary>
    /// <param name="table">The points.</param>
    /// <exception cref="ArgumentException">There is no row, or a column is constant.</exception>
    public static Standardization Of(DataTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return Of(table.Columns, table.Rows);
    }

    /// <summary>The scaling that a mixture file holds, as <see cref="Write"/> writes it.</summary>
    /// <param name="json">The text of the file.</param>
    /// <exception cref="FormatException">The text is no JSON object, or has no scaling, or a malformed one; the message names what is wrong.</exception>
    public static Standardization Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(ColumnsName, out JsonElement columns))
            {
                bool isScaled = root.ValueKind == JsonValueKind.Object && root.TryGetProperty(MeansName, out _);
                throw new FormatException(
                    $"there is no '{ColumnsName}': "
                    + (isScaled ? $"it must hold the names of the columns of '{MeansName}'" : "the mixture was fitted to columns in their own units"));
            }
            string[] names = [.. columns.EnumerateArray().Select(name => name.GetString() ?? "")];
            double[] means = Numbers(root, MeansName, names.Length), deviations = Numbers(root, DeviationsName, names.Length);
            int bad = Array.FindIndex(deviations, deviation => !(deviation > 0));
            if (bad >= 0) throw new FormatException($"'{DeviationsName}' has a {deviations[bad].ToString(CultureInfo.InvariantCulture)}; all must be positive");
            return new Standardization([.. names], [.. means], [.. deviations]);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FormatException(exception.Message, exception);
        }
    }

    /// <summary>Points in the units of the columns become standardised ones.</summary>
    /// <param name="rows">n×d values, row-major.</param>
    public double[] Apply(ReadOnlySpan<double> rows)
    {
        double[] scaled = rows.ToArray();
        for (int i = 0; i < scaled.Length; i++) scaled[i] = (scaled[i] - Means[i % Means.Length]) / Deviations[i % Means.Length];
        return scaled;
    }

    /// <summary>Standardised points become points in the units of the columns.</summary>
    /// <param name="rows">n×d values, row-major.</param>
    public double[] Invert(ReadOnlySpan<double> rows)
    {
        double[] back = rows.ToArray();
        for (int i = 0; i < back.Length; i++) back[i] = Means[i % Means.Length] + Deviations[i % Means.Length] * back[i];
        return back;
    }

    /// <summary>A mixture of standardised points becomes one in the units of the columns.</summary>
    /// <param name="mixture">The mixture, of d dimensions.</param>
    public Mixture Invert(Mixture mixture)
    {
        ArgumentNullException.ThrowIfNull(mixture);
        int d = Means.Length;
        return new Mixture(
            [.. mixture.Weights],
            [.. mixture.Means.Select(mean => Invert(mean.AsSpan()))],
            [.. mixture.Covariances.Select(c => Covariance.Full(d, [.. c.Matrix.Select((value, i) => value * Deviations[i / d] * Deviations[i % d])]))]);
    }

    /// <summary>What a log-likelihood of n standardised points becomes for the points in the units of the columns.</summary>
    /// <param name="logLikelihood">The sum over the standardised points, in nats.</param>
    /// <param name="pointCount">n.</param>
    public double InvertLogLikelihood(double logLikelihood, int pointCount) => logLikelihood - pointCount * Deviations.Sum(Math.Log);

    /// <summary>The text of a mixture file with the scaling as further properties, which FlowDsl ignores when it reads the mixture.</summary>
    /// <param name="mixture">A mixture of standardised points.</param>
    public string Write(Mixture mixture)
    {
        string[] properties =
        [
            $"\"{ColumnsName}\": [{string.Join(", ", Columns.Select(name => $"\"{JsonEncodedText.Encode(name)}\""))}]",
            $"\"{MeansName}\": [{string.Join(", ", Means.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}]",
            $"\"{DeviationsName}\": [{string.Join(", ", Deviations.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}]",
        ];
        string json = MixtureJson.Write(mixture);
        return "{\n" + string.Concat(properties.Select(property => $"  {property},\n")) + json["{\n".Length..];
    }

    private static double[] Numbers(JsonElement root, string name, int count)
    {
        double[] values = root.TryGetProperty(name, out JsonElement array) ? [.. array.EnumerateArray().Select(value => value.GetDouble())] : [];
        return values.Length == count ? values : throw new FormatException($"'{name}' has {values.Length} numbers for {count} columns");
    }
}
