using System.Text;

namespace FlowDsl.Analysis;

/// <summary>
/// Mixtures as JSON with the names and shapes of scikit-learn's GaussianMixture: <c>weights</c> [K], <c>means</c> [K][d],
/// <c>covariance_type</c> and <c>covariances</c>, of shape [K] for "spherical", [K][d] for "diag", [d][d] for "tied" and
/// [K][d][d] for "full".
/// </summary>
public static class MixtureJson
{
    private const string Spherical = "spherical";
    private const string Diagonal = "diag";
    private const string Tied = "tied";
    private const string Full = "full";

    /// <summary>Reads a mixture.</summary>
    /// <param name="json">
    /// One JSON object. The arrays may carry the trailing underscore of scikit-learn's attributes (<c>weights_</c>); other
    /// properties are ignored. Nothing is normalised: the weights must sum to 1 within <see cref="Mixture.WeightSumTolerance"/>.
    /// </param>
    /// <returns>
    /// The mixture, its covariances of the kind of the file: isotropic for "spherical", diagonal for "diag", else full; one
    /// shared instance for "tied".
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    /// <exception cref="MixtureFormatException">
    /// The text is not JSON, a property is missing, repeated or of another shape, a value is not finite, a weight is not
    /// positive, or a covariance is not symmetric and positive semidefinite.
    /// </exception>
    public static Mixture Parse(string json)
    {
        if (json is null) throw new ArgumentNullException(nameof(json));
        JsonValue root = JsonReader.Read(json);
        if (root.Kind != JsonKind.Object)
            throw root.Error($"The file is {root.Description}; it must be an object with the properties weights, means, covariance_type and covariances.");

        double[] weights = ReadWeights(Find(root, "weights", "weights_"));
        double[][] means = ReadMeans(Find(root, "means", "means_"), weights.Length);
        string type = ReadType(Find(root, "covariance_type", null).Value);
        Covariance[] covariances = ReadCovariances(Find(root, "covariances", "covariances_"), type, weights.Length, means[0].Length);
        return new Mixture(weights, means, covariances);
    }

    /// <summary>Writes a mixture, one component a line, so that <see cref="Parse"/> gives the same numbers bit for bit.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="covarianceType">
    /// "spherical", "diag", "tied" or "full". By default the narrowest that holds every covariance exactly in the shape it was
    /// declared with: isotropic ones as "spherical", these and diagonal ones as "diag", any with full ones as "tied" where all
    /// components share the same one, else as "full".
    /// </param>
    /// <returns>JSON text of lines that end in '\n', ready for a file.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="mixture"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="covarianceType"/> is none of the four, or does not hold a covariance exactly.</exception>
    public static string Write(Mixture mixture, string? covarianceType = null)
    {
        if (mixture is null) throw new ArgumentNullException(nameof(mixture));
        string type = covarianceType ?? NarrowestType(mixture);
        CheckHolds(mixture, type);

        var text = new StringBuilder();
        text.Append("{\n  \"covariance_type\": \"").Append(type).Append("\",\n");
        WriteLines(text, "weights", mixture.Weights.Select(w => PortableNumber.Format(w)));
        text.Append(",\n");
        WriteLines(text, "means", mixture.Means.Select(Vector));
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

    private static JsonMember Find(JsonValue root, string name, string? alternative)
    {
        JsonMember? found = null;
        foreach (JsonMember member in root.Members)
        {
            if (member.Name != name && member.Name != alternative) continue;
            if (found is not null) throw member.Error($"There are both \"{found.Name}\" and \"{member.Name}\"; one of them must go.");
            found = member;
        }
        return found ?? throw root.Error($"The property \"{name}\" is missing; a mixture has weights, means, covariance_type and covariances.");
    }

    private static double[] ReadWeights(JsonMember member)
    {
        double[] weights = ReadVector(member.Value, member.Name, -1, "an array of one number a component");
        if (weights.Length == 0) throw member.Value.Error($"{member.Name} is empty; a mixture needs at least one component.");
        double sum = 0;
        for (int k = 0; k < weights.Length; k++)
        {
            if (!(weights[k] > 0))
                throw member.Value.Items[k].Error($"{member.Name}[{k}] is {PortableNumber.Format(weights[k])}; a weight must be positive.");
            sum += weights[k];
        }
        if (!(Math.Abs(sum - 1) <= Mixture.WeightSumTolerance))
            throw member.Value.Error($"{member.Name} sum to {PortableNumber.Format(sum)}; they must sum to 1 within {PortableNumber.Format(Mixture.WeightSumTolerance)}.");
        return weights;
    }

    private static double[][] ReadMeans(JsonMember member, int count)
    {
        IReadOnlyList<JsonValue> rows = ReadArray(member.Value, member.Name, count, $"an array of {count} arrays, as there are {count} weights");
        double[][] means = new double[count][];
        int dimension = -1;
        for (int k = 0; k < count; k++)
        {
            string expected = k == 0 ? "an array of one number a coordinate" : $"an array of {dimension} numbers, as {member.Name}[0] is";
            means[k] = ReadVector(rows[k], $"{member.Name}[{k}]", dimension, expected);
            dimension = means[k].Length;
            if (dimension == 0) throw rows[k].Error($"{member.Name}[{k}] is empty; a mean needs at least one coordinate.");
        }
        return means;
    }

    private static string ReadType(JsonValue value)
    {
        if (value.Kind == JsonKind.String && value.Text is Spherical or Diagonal or Tied or Full) return value.Text;
        string found = value.Kind == JsonKind.String ? $"\"{value.Text}\"" : value.Description;
        throw value.Error($"covariance_type is {found}; it must be \"spherical\", \"diag\", \"tied\" or \"full\".");
    }

    private static Covariance[] ReadCovariances(JsonMember member, string type, int count, int dimension)
    {
        (JsonValue value, string path) = (member.Value, member.Name);
        Covariance[] covariances = new Covariance[count];
        if (type == Tied)
        {
            Covariance shared = ReadMatrix(value, path, dimension, $"an array of {dimension} arrays of {dimension} numbers, as covariance_type is \"tied\" and the means have {dimension} coordinates");
            CheckTrace(shared, value, path);
            for (int k = 0; k < count; k++) covariances[k] = shared;
            return covariances;
        }
        string each = type switch { Spherical => "numbers", Diagonal => $"arrays of {dimension} numbers", _ => $"matrices of {dimension}×{dimension} numbers" };
        IReadOnlyList<JsonValue> items = ReadArray(value, path, count, $"an array of {count} {each}, as there are {count} weights and covariance_type is \"{type}\"");
        for (int k = 0; k < count; k++)
        {
            string itemPath = $"{path}[{k}]";
            covariances[k] = type switch
            {
                Spherical => Covariance.Isotropic(dimension, ReadVariance(items[k], itemPath)),
                Diagonal => ReadDiagonal(items[k], itemPath, dimension),
                _ => ReadMatrix(items[k], itemPath, dimension, $"an array of {dimension} arrays of {dimension} numbers, as covariance_type is \"full\" and the means have {dimension} coordinates"),
            };
            CheckTrace(covariances[k], items[k], itemPath);
        }
        return covariances;
    }

    private static Covariance ReadDiagonal(JsonValue value, string path, int dimension)
    {
        double[] variances = ReadVector(value, path, dimension, $"an array of {dimension} numbers, as covariance_type is \"diag\" and the means have {dimension} coordinates");
        for (int j = 0; j < dimension; j++) CheckVariance(variances[j], value.Items[j], $"{path}[{j}]");
        return Covariance.Diagonal(variances);
    }

    private static Covariance ReadMatrix(JsonValue value, string path, int dimension, string expected)
    {
        int d = dimension;
        IReadOnlyList<JsonValue> rows = ReadArray(value, path, d, expected);
        double[] matrix = new double[d * d];
        double largest = 0;
        for (int i = 0; i < d; i++)
        {
            double[] row = ReadVector(rows[i], $"{path}[{i}]", d, $"an array of {d} numbers, a row of a matrix of {d}×{d}");
            row.CopyTo(matrix, i * d);
            CheckVariance(row[i], rows[i].Items[i], $"{path}[{i}][{i}]");
            foreach (double entry in row) largest = Math.Max(largest, Math.Abs(entry));
        }
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double lower = matrix[i * d + j], upper = matrix[j * d + i];
                if (Math.Abs(lower - upper) > 1e-9 * largest)
                    throw rows[i].Items[j].Error($"{path}[{i}][{j}] is {PortableNumber.Format(lower)} but {path}[{j}][{i}] is {PortableNumber.Format(upper)}; a covariance must be symmetric.");
            }
        }
        try
        {
            return Covariance.Full(d, matrix);
        }
        catch (ArgumentException)
        {
            double least = SymmetricMatrix.Eigen(matrix, d, out _)[0];
            throw value.Error($"{path} is not positive semidefinite: its least eigenvalue is {PortableNumber.Format(least, 6)}; it must be at least 0.");
        }
    }

    private static double ReadVariance(JsonValue value, string path)
    {
        double variance = ReadNumber(value, path);
        CheckVariance(variance, value, path);
        return variance;
    }

    private static void CheckVariance(double variance, JsonValue value, string path)
    {
        if (variance < 0) throw value.Error($"{path} is {PortableNumber.Format(variance)}; a variance must be at least 0.");
    }

    private static void CheckTrace(Covariance covariance, JsonValue value, string path)
    {
        if (!(covariance.Trace <= double.MaxValue)) throw value.Error($"{path} is too large: the sum of its variances is beyond the range of double.");
    }

    private static double[] ReadVector(JsonValue value, string path, int length, string expected)
    {
        IReadOnlyList<JsonValue> items = ReadArray(value, path, length, expected);
        double[] numbers = new double[items.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            // The path of an element is only spelled out for an error: a large file has many elements.
            if (items[i].Kind != JsonKind.Number || !TryReadFinite(items[i], out numbers[i])) ReadNumber(items[i], $"{path}[{i}]");
        }
        return numbers;
    }

    private static double ReadNumber(JsonValue value, string path)
    {
        if (value.Kind != JsonKind.Number) throw value.Error($"{path} is {value.Description}; it must be a number.");
        if (!TryReadFinite(value, out double number)) throw value.Error($"{path} is {value.Text}, beyond the range of double; it must be finite.");
        return number;
    }

    private static bool TryReadFinite(JsonValue value, out double number)
        => PortableNumber.TryParse(value.Text, out number) && !double.IsInfinity(number) && !double.IsNaN(number);

    private static IReadOnlyList<JsonValue> ReadArray(JsonValue value, string path, int length, string expected)
    {
        if (value.Kind != JsonKind.Array) throw value.Error($"{path} is {value.Description}; it must be {expected}.");
        if (length >= 0 && value.Items.Count != length)
            throw value.Error($"{path} has {value.Items.Count} {(value.Items.Count == 1 ? "item" : "items")}; it must be {expected}.");
        return value.Items;
    }

    // By declared kind, not by value: a mixture of full matrices that happen to be diagonal stays one of full matrices.
    private static string NarrowestType(Mixture mixture)
    {
        if (mixture.Covariances.All(c => c.Kind == CovarianceKind.Isotropic)) return Spherical;
        if (mixture.Covariances.All(c => c.Kind != CovarianceKind.Full)) return Diagonal;
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

    // Stricter than Equals, for which 0 and -0 are the same.
    private static bool SameBits(double[] left, double[] right)
    {
        for (int i = 0; i < left.Length; i++)
            if (BitConverter.DoubleToInt64Bits(left[i]) != BitConverter.DoubleToInt64Bits(right[i])) return false;
        return true;
    }

    private static IEnumerable<string> Rows(Covariance covariance)
    {
        int d = covariance.Dimension;
        double[] matrix = covariance.Matrix;
        for (int i = 0; i < d; i++) yield return Vector(new ArraySegment<double>(matrix, i * d, d));
    }

    private static string Vector(IEnumerable<double> values) => "[" + string.Join(", ", values.Select(v => PortableNumber.Format(v))) + "]";

    private static void WriteLines(StringBuilder text, string name, IEnumerable<string> lines)
        => text.Append("  \"").Append(name).Append("\": [\n    ").Append(string.Join(",\n    ", lines)).Append("\n  ]");
}
