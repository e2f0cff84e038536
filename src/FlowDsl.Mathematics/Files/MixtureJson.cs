using System.Text;
using FlowDsl.Mathematics.Files;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics;

/// <summary>
/// Mixtures as JSON with the names and shapes of scikit-learn's GaussianMixture: <c>weights</c> [K], <c>means</c> [K][d],
/// <c>covariance_type</c> and <c>covariances</c>, of shape [K] for "spherical", [K][d] for "diag", [d][d] for "tied" and
/// [K][d][d] for "full". Instead of covariances a file may give <c>precisions_cholesky</c> or <c>precisions</c>, of the same shapes.
/// </summary>
public static class MixtureJson
{
    internal const string Spherical = "spherical";
    internal const string Diagonal = "diag";
    internal const string Tied = "tied";
    internal const string Full = "full";

    /// <summary>Reads a mixture.</summary>
    /// <param name="json">
    /// One JSON object. The arrays may carry the trailing underscore of scikit-learn's attributes (<c>weights_</c>); other
    /// properties are ignored. If there are several, <c>covariances</c> take priority over <c>precisions_cholesky</c> (U of the precision matrix U
    /// Uᵀ, upper triangular; 1/σ if it is not a matrix), and these over <c>precisions</c>.
    /// </param>
    /// <param name="cancellationToken">Stops the decomposition of large covariances.</param>
    /// <returns>
    /// The mixture, with covariances of the file's type: isotropic for "spherical", diagonal for "diag", else full; one shared instance for "tied".
    /// Numbers that form a mixture up to single-precision rounding are adjusted; see <see cref="Mixture.Adjustment"/>.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    /// <exception cref="MixtureFormatException">
    /// The text is not JSON, a property is missing, repeated or of another shape, a value is not finite, a weight is not
    /// positive, a number is out of <see cref="SupportedRange"/>, or a covariance is not symmetric and positive semidefinite.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Mixture Parse(string json, CancellationToken cancellationToken = default)
    {
        if (json is null) throw new ArgumentNullException(nameof(json));
        if (FileSignature.OfText(json) is { } other) throw new MixtureFormatException($"The file is {other}; it must be the JSON of a mixture.", 1, 1);
        JsonValue root = JsonReader.Read(json);
        if (root.Kind != JsonKind.Object)
            throw root.Error($"The file is {root.Description}; it must be an object with the properties weights, means, covariance_type and covariances.");

        double[] weights = ReadWeights(Find(root, "weights", "weights_"));
        double[][] means = ReadMeans(Find(root, "means", "means_"), weights.Length);
        string type = ReadType(Find(root, "covariance_type", null).Value);
        Covariance[] covariances = CovarianceJson.Read(root, type, weights.Length, means[0].Length, cancellationToken);
        return new Mixture(weights, means, covariances);
    }

    /// <summary>Writes a mixture, one component per line. <see cref="Parse"/> restores the same numbers bit for bit.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="covarianceType">
    /// "spherical", "diag", "tied" or "full". The default is the narrowest type that holds every covariance exactly in its declared shape:
    /// "spherical" if all are isotropic, "diag" if all are isotropic or diagonal; with full ones "tied" if all components share the same one, else "full".
    /// </param>
    /// <returns>JSON text whose lines end in '\n', ready for a file.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="mixture"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="covarianceType"/> is not one of the four, or cannot hold a covariance exactly.</exception>
    public static string Write(Mixture mixture, string? covarianceType = null)
    {
        if (mixture is null) throw new ArgumentNullException(nameof(mixture));
        string type = covarianceType ?? NarrowestType(mixture);
        CheckHolds(mixture, type);

        var text = new StringBuilder();
        text.Append("{\n  \"covariance_type\": \"").Append(type).Append("\",\n");
        WriteLines(text, "weights", mixture.Weights.Select(w => PortableNumber.Format(w)));
        text.Append(",\n");
        WriteLines(text, "means", mixture.Means.Select(mean => Vector(mean)));
        text.Append(",\n");
        WriteLines(text, "covariances", type switch
        {
            Spherical => mixture.Covariances.Select(c => PortableNumber.Format(c.Variances[0])),
            Diagonal => mixture.Covariances.Select(c => Vector(c.Variances)),
            Tied => Rows(mixture.Covariances[0]),
            _ => mixture.Covariances.Select(c => "[" + string.Join(", ", Rows(c)) + "]"),
        });
        return text.Append("\n}\n").ToString();
    }

    internal static JsonMember Find(JsonValue root, string name, string? alternative)
        => FindOptional(root, name, alternative)
            ?? throw root.Error($"The property \"{name}\" is missing; a mixture has weights, means, covariance_type and covariances.");

    internal static JsonMember? FindOptional(JsonValue root, string name, string? alternative)
    {
        JsonMember? found = null;
        foreach (JsonMember member in root.Members)
        {
            if (member.Name != name && member.Name != alternative) continue;
            if (found is not null) throw member.Error($"There are both \"{found.Name}\" and \"{member.Name}\"; one of them must go.");
            found = member;
        }
        return found;
    }

    private static double[] ReadWeights(JsonMember member)
    {
        double[] weights = ReadVector(member.Value, member.Name, -1, "an array of one number per component");
        if (weights.Length == 0) throw member.Value.Error($"{member.Name} is empty; a mixture needs at least one component.");
        for (int k = 0; k < weights.Length; k++)
        {
            if (!(weights[k] > 0))
                throw member.Value.Items[k].Error($"{member.Name}[{k}] is {PortableNumber.Format(weights[k])}; a weight must be positive.");
        }
        return Mixture.TryNormalize(weights, out double sum) is null ? throw member.Value.Error($"{member.Name} {Mixture.SumProblem(sum)}.") : weights;
    }

    private static double[][] ReadMeans(JsonMember member, int count)
    {
        IReadOnlyList<JsonValue> rows = ReadArray(member.Value, member.Name, count, $"an array of {count} arrays, as there are {count} weights");
        double[][] means = new double[count][];
        int dimension = -1;
        for (int k = 0; k < count; k++)
        {
            string expected = k == 0 ? "an array of one number per coordinate" : $"an array of {dimension} numbers, as {member.Name}[0] is";
            means[k] = ReadVector(rows[k], $"{member.Name}[{k}]", dimension, expected);
            dimension = means[k].Length;
            if (dimension == 0) throw rows[k].Error($"{member.Name}[{k}] is empty; a mean needs at least one coordinate.");
            if (SupportedRange.OfMean(means[k]) is { } size) throw rows[k].Error($"{member.Name}[{k}] {size}.");
        }
        return means;
    }

    private static string ReadType(JsonValue value)
    {
        if (value.Kind == JsonKind.String && value.Text is Spherical or Diagonal or Tied or Full) return value.Text;
        string found = value.Kind == JsonKind.String ? $"\"{value.Text}\"" : value.Description;
        throw value.Error($"covariance_type is {found}; it must be \"spherical\", \"diag\", \"tied\" or \"full\".");
    }

    internal static double[] ReadVector(JsonValue value, string path, int length, string expected)
    {
        IReadOnlyList<JsonValue> items = ReadArray(value, path, length, expected);
        double[] numbers = new double[items.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            // The path of an element is built only for errors: a large file has many elements.
            if (items[i].Kind != JsonKind.Number || !TryReadFinite(items[i], out numbers[i])) ReadNumber(items[i], $"{path}[{i}]");
        }
        return numbers;
    }

    internal static double ReadNumber(JsonValue value, string path)
    {
        if (value.Kind != JsonKind.Number) throw value.Error($"{path} is {value.Description}; it must be a number.");
        if (!TryReadFinite(value, out double number)) throw value.Error($"{path} is {value.Text}, beyond the range of double; it must be finite.");
        return number;
    }

    private static bool TryReadFinite(JsonValue value, out double number)
        => PortableNumber.TryParse(value.Text, out number) && !double.IsInfinity(number) && !double.IsNaN(number);

    internal static IReadOnlyList<JsonValue> ReadArray(JsonValue value, string path, int length, string expected)
    {
        if (value.Kind != JsonKind.Array) throw value.Error($"{path} is {value.Description}; it must be {expected}.");
        if (length >= 0 && value.Items.Count != length)
            throw value.Error($"{path} has {value.Items.Count} {(value.Items.Count == 1 ? "item" : "items")}; it must be {expected}.");
        return value.Items;
    }

    // By declared kind, not by value: full matrices that happen to be diagonal stay full.
    private static string NarrowestType(Mixture mixture)
    {
        if (mixture.Covariances.All(c => c.Type == CovarianceType.Isotropic)) return Spherical;
        if (mixture.Covariances.All(c => c.Type != CovarianceType.Full)) return Diagonal;
        return mixture.Count > 1 && IsShared(mixture) ? Tied : Full;
    }

    private static void CheckHolds(Mixture mixture, string type)
    {
        if (type is not (Spherical or Diagonal or Tied or Full))
            throw new ArgumentException($"The covariance type is \"{type}\"; it must be \"spherical\", \"diag\", \"tied\" or \"full\".", "covarianceType");
        if (type == Tied && !IsShared(mixture))
            throw new ArgumentException("The components have different covariances, which \"tied\" does not hold; \"full\" does.", "covarianceType");
        for (int k = 0; k < mixture.Count; k++)
        {
            Covariance covariance = mixture.Covariances[k];
            if (type is Spherical or Diagonal && covariance.Basis is not null)
                throw new ArgumentException($"Covariance {k} is not diagonal, which \"{type}\" does not hold; \"full\" does.", "covarianceType");
            if (type == Spherical && !SameBits(covariance.Variances, [.. Enumerable.Repeat(covariance.Variances[0], mixture.Dimension)]))
                throw new ArgumentException($"Covariance {k} has different variances, which \"spherical\" does not hold; \"diag\" does.", "covarianceType");
        }
    }

    private static bool IsShared(Mixture mixture)
    {
        Covariance first = mixture.Covariances[0];
        return mixture.Covariances.All(c => ReferenceEquals(c, first) || SameBits(c.Matrix, first.Matrix));
    }

    // Stricter than Equals, which treats 0 and -0 as the same.
    private static bool SameBits(ImmutableArray<double> left, ImmutableArray<double> right)
    {
        for (int i = 0; i < left.Length; i++)
            if (BitConverter.DoubleToInt64Bits(left[i]) != BitConverter.DoubleToInt64Bits(right[i])) return false;
        return true;
    }

    private static IEnumerable<string> Rows(Covariance covariance)
    {
        int d = covariance.Dimension;
        double[] matrix = [.. covariance.Matrix];
        for (int i = 0; i < d; i++) yield return Vector(new ArraySegment<double>(matrix, i * d, d));
    }

    private static string Vector(IEnumerable<double> values) => "[" + string.Join(", ", values.Select(v => PortableNumber.Format(v))) + "]";

    private static void WriteLines(StringBuilder text, string name, IEnumerable<string> lines)
        => text.Append("  \"").Append(name).Append("\": [\n    ").Append(string.Join(",\n    ", lines)).Append("\n  ]");
}
