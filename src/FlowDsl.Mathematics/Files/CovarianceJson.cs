using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Files;

/// <summary>Reads the covariances of a mixture's JSON, which may be given as precisions, in scikit-learn's shapes.</summary>
internal sealed class CovarianceJson
{
    // In order of priority if a file has several: each later one is computed from an earlier one.
    private static readonly (string Name, Form Form)[] s_properties =
        [("covariances", Form.Covariance), ("precisions_cholesky", Form.PrecisionCholesky), ("precisions", Form.Precision)];

    private readonly Form _form;
    private readonly string _path;
    private readonly string _type;
    private readonly int _count;
    private readonly int _dimension;

    private readonly CancellationToken _cancellationToken;

    // The square of a larger dimension exceeds the length of an array.
    private const int MaxDimension = 46_340;

    private CovarianceJson(Form form, string path, string type, int count, int dimension, CancellationToken cancellationToken)
        => (_form, _path, _type, _count, _dimension, _cancellationToken) = (form, path, type, count, dimension, cancellationToken);

    /// <summary>The meaning of the numbers.</summary>
    private enum Form
    {
        /// <summary>Σ, or variances.</summary>
        Covariance,

        /// <summary>Σ⁻¹, or inverses of variances.</summary>
        Precision,

        /// <summary>U of Σ⁻¹ = U Uᵀ, upper triangular, or inverses of standard deviations.</summary>
        PrecisionCholesky,
    }

    /// <summary>Reads the covariances.</summary>
    /// <param name="root">The mixture.</param>
    /// <param name="type">The covariance type.</param>
    /// <param name="count">K.</param>
    /// <param name="dimension">d.</param>
    /// <param name="cancellationToken">Stops the decomposition of large covariances.</param>
    public static Covariance[] Read(JsonValue root, string type, int count, int dimension, CancellationToken cancellationToken)
    {
        foreach ((string name, Form form) in s_properties)
            if (MixtureJson.FindOptional(root, name, name + "_") is { } member)
                return new CovarianceJson(form, member.Name, type, count, dimension, cancellationToken).Read(member.Value);
        throw root.Error("The property \"covariances\" is missing, and so are \"precisions_cholesky\" and \"precisions\"; a mixture has one of them.");
    }

    private Covariance[] Read(JsonValue value)
    {
        CheckShape(value);
        var covariances = new Covariance[_count];
        if (_type == MixtureJson.Tied)
        {
            Covariance shared = ReadMatrix(value, _path, ExpectedOfMatrix);
            for (int k = 0; k < _count; k++) covariances[k] = shared;
            return covariances;
        }
        IReadOnlyList<JsonValue> items = MixtureJson.ReadArray(value, _path, _count, Expected);
        for (int k = 0; k < _count; k++)
        {
            string path = $"{_path}[{k}]";
            covariances[k] = _type switch
            {
                MixtureJson.Spherical => Covariance.Isotropic(_dimension, ToVariance(MixtureJson.ReadNumber(items[k], path), items[k], path)),
                MixtureJson.Diagonal => ReadDiagonal(items[k], path),
                _ => ReadMatrix(items[k], path, ExpectedOfMatrix),
            };
        }
        return covariances;
    }

    private string Expected => _type switch
    {
        MixtureJson.Spherical => ExpectedOf("numbers"),
        MixtureJson.Diagonal => ExpectedOf($"arrays of {_dimension} numbers"),
        MixtureJson.Full => ExpectedOf($"matrices of {_dimension}×{_dimension} numbers"),
        _ => ExpectedOfMatrix,
    };

    private string ExpectedOfMatrix => $"an array of {_dimension} arrays of {_dimension} numbers, {Reason}";

    private string Reason => $"as covariance_type is \"{_type}\" and the means have {_dimension} coordinates";

    private string ExpectedOf(string items) => $"an array of {_count} {items}, as there are {_count} weights and covariance_type is \"{_type}\"";

    /// <summary>A value with the shape of another covariance type gets a message that says so, not one about its first number.</summary>
    private void CheckShape(JsonValue value)
    {
        string[] fitting = [.. new[] { MixtureJson.Spherical, MixtureJson.Diagonal, MixtureJson.Tied, MixtureJson.Full }.Where(type => Fits(value, type))];
        if (fitting.Length == 0 || fitting.Contains(_type)) return;
        string lookalikes = string.Join(" or ", fitting.Select(type => $"\"{type}\""));
        throw value.Error($"{_path} looks like {lookalikes}, but covariance_type is \"{_type}\"; it must be {lookalikes}, or {_path} {Expected}.");
    }

    private bool Fits(JsonValue value, string type) => type switch
    {
        MixtureJson.Spherical => HasShape(value, _count),
        MixtureJson.Diagonal => HasShape(value, _count, _dimension),
        MixtureJson.Tied => HasShape(value, _dimension, _dimension),
        _ => HasShape(value, _count, _dimension, _dimension),
    };

    // Looks only at first elements, so that a large file is not walked twice.
    private static bool HasShape(JsonValue value, params int[] lengths)
    {
        foreach (int length in lengths)
        {
            if (value.Kind != JsonKind.Array || value.Items.Count != length) return false;
            value = value.Items[0];
        }
        return value.Kind == JsonKind.Number;
    }

    private Covariance ReadDiagonal(JsonValue value, string path)
    {
        double[] numbers = MixtureJson.ReadVector(value, path, _dimension, $"an array of {_dimension} numbers, {Reason}");
        for (int j = 0; j < _dimension; j++) numbers[j] = ToVariance(numbers[j], value.Items[j], $"{path}[{j}]");
        return Covariance.Diagonal(numbers);
    }

    private double ToVariance(double number, JsonValue value, string path)
    {
        CheckDiagonal(number, value, path);
        double variance = _form switch
        {
            Form.Covariance => number,
            Form.Precision => 1 / number,
            Form.PrecisionCholesky => 1 / number / number,
            _ => throw new InvalidOperationException($"{_form} is not a form of a covariance."),
        };
        // The inverse of a nonzero number may underflow; the result is then not a variance of 0.
        if (SupportedRange.OfVariance(variance) is null && (_form == Form.Covariance || variance > 0)) return variance;
        if (_form == Form.Covariance) throw value.Error($"{path} {SupportedRange.OfVariance(variance)}.");
        string inverted = _form == Form.Precision ? "variance" : "standard deviation";
        throw value.Error(
            $"{path} is {PortableNumber.Format(number)}, the inverse of a {inverted} beyond the supported range: a variance must be from 1e-100 to 1e100.");
    }

    // The path is built only for errors: a large file has many elements.
    private void CheckDiagonal(double number, JsonValue value, string path)
    {
        if (_form == Form.Covariance ? number >= 0 : number > 0) return;
        throw value.Error($"{path} is {PortableNumber.Format(number)}; " + _form switch
        {
            Form.Covariance => "a variance must be at least 0.",
            Form.Precision => "a precision must be positive.",
            _ => "the inverse of a standard deviation, or what stands on the diagonal of U, must be positive.",
        });
    }

    private Covariance ReadMatrix(JsonValue value, string path, string expected)
    {
        int d = _dimension;
        IReadOnlyList<JsonValue> rows = MixtureJson.ReadArray(value, path, d, expected);
        double[][] numbers = new double[d][];
        for (int i = 0; i < d; i++)
        {
            numbers[i] = MixtureJson.ReadVector(rows[i], $"{path}[{i}]", d, $"an array of {d} numbers, a row of a matrix of {d}×{d}");
            CheckDiagonal(numbers[i][i], rows[i].Items[i], $"{path}[{i}][{i}]");
            if (_form == Form.PrecisionCholesky) CheckBelowDiagonal(numbers[i], i, rows[i], path);
        }
        if (d > MaxDimension) throw value.Error($"{path} has {d} rows; a matrix of at most {MaxDimension} can be held.");
        double[] matrix = new double[d * d];
        for (int i = 0; i < d; i++) numbers[i].CopyTo(matrix, i * d);
        CovarianceProblem? problem;
        Covariance? covariance = _form switch
        {
            Form.Covariance => Covariance.TryFull(d, matrix, out problem, _cancellationToken),
            Form.Precision => Covariance.TryFromPrecision(d, matrix, out problem, _cancellationToken),
            Form.PrecisionCholesky => Covariance.TryFromPrecisionCholesky(d, matrix, out problem, _cancellationToken),
            _ => throw new InvalidOperationException($"{_form} is not a form of a covariance."),
        };
        if (covariance is not null) return covariance;

        (int row, int column, string found) = (problem!.Row, problem.Column, PortableNumber.Format(problem.Value));
        throw problem.Fault switch
        {
            CovarianceFault.NotSymmetric => rows[column].Items[row].Error(
                $"{path}[{column}][{row}] is {PortableNumber.Format(problem.Mirrored)} but {path}[{row}][{column}] is {found}; a {Noun} must be symmetric."),
            CovarianceFault.OutOfRange => value.Error($"{path} {(_form == Form.Covariance ? problem.Size : $"has an inverse that {problem.Size}")}."),
            CovarianceFault.NotPositiveSemidefinite when _form == Form.Precision => value.Error(
                $"{path} is not positive definite: its smallest eigenvalue is {PortableNumber.Format(problem.Value, 6)}; " +
                "it must be greater than 0, by more than double precision can lose."),
            CovarianceFault.NotPositiveSemidefinite => value.Error(
                $"{path} is not positive semidefinite: its smallest eigenvalue is {PortableNumber.Format(problem.Value, 6)}; it must be at least 0."),
            // The numbers of the file are finite, so this is the inverse.
            _ => value.Error($"{path} has an inverse beyond the range of double: entry ({row}, {column}) is {found}; the covariance must be finite."),
        };
    }

    private string Noun => _form == Form.Covariance ? "covariance" : "precision matrix";

    private static void CheckBelowDiagonal(double[] row, int i, JsonValue value, string path)
    {
        int j = Array.FindIndex(row, 0, i, entry => entry != 0);
        if (j < 0) return;
        string found = PortableNumber.Format(row[j]);
        throw value.Items[j].Error($"{path}[{i}][{j}] is {found}; U of the precision matrix U Uᵀ is upper triangular, and must be 0 below its diagonal.");
    }
}
