using CsCheck;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Tests;

public class MixtureJsonTests
{
    private const string ValidFull = """
        {
          "covariance_type": "full",
          "weights": [0.25, 0.75],
          "means": [[0, -1.5], [2e0, 3]],
          "covariances": [
            [[1, 0.5], [0.5, 2]],
            [[1, 0], [0, 1]]
          ]
        }
        """;

    [Fact]
    public void ParseSpherical()
    {
        Mixture mixture = MixtureJson.Parse("""{"weights":[1],"means":[[1,2,3]],"covariance_type":"spherical","covariances":[0.5]}""");
        Assert.Equal<double>([1], mixture.Weights);
        Assert.Equal<double>([1, 2, 3], mixture.Means[0]);
        Assert.Equal(CovarianceType.Isotropic, mixture.Covariances[0].Type);
        Assert.Equal<double>([0.5, 0.5, 0.5], mixture.Covariances[0].Variances);
    }

    [Fact]
    public void ParseDiagonal()
    {
        Mixture mixture = MixtureJson.Parse("""{"weights":[0.5,0.5],"means":[[1,2],[3,4]],"covariance_type":"diag","covariances":[[1,2],[3,0]]}""");
        Assert.All(mixture.Covariances, c => Assert.Equal(CovarianceType.Diagonal, c.Type));
        Assert.Equal<double>([3, 0], mixture.Covariances[1].Variances);
    }

    [Fact]
    public void ParseTiedSharesOneInstance()
    {
        Mixture mixture = MixtureJson.Parse("""{"weights":[0.5,0.5],"means":[[1,2],[3,4]],"covariance_type":"tied","covariances":[[2,1],[1,2]]}""");
        Assert.Same(mixture.Covariances[0], mixture.Covariances[1]);
        Assert.Equal<double>([2, 1, 1, 2], mixture.Covariances[0].Matrix);
        Assert.Equal(CovarianceType.Full, mixture.Covariances[0].Type);
    }

    [Fact]
    public void ParseFull()
    {
        Mixture mixture = MixtureJson.Parse(ValidFull);
        Assert.Equal<double>([0.25, 0.75], mixture.Weights);
        Assert.Equal<double>([0, -1.5], mixture.Means[0]);
        Assert.Equal<double>([2, 3], mixture.Means[1]);
        Assert.Equal<double>([1, 0.5, 0.5, 2], mixture.Covariances[0].Matrix);
        Assert.Equal<double>([1, 0, 0, 1], mixture.Covariances[1].Matrix);
        Assert.Equal(CovarianceType.Full, mixture.Covariances[1].Type);
    }

    [Fact]
    public void ParseTakesAttributeNamesAndIgnoresTheRest()
    {
        Mixture mixture = MixtureJson.Parse("""
            {"n_iter_": 7, "weights_": [1.0], "source": {"by": ["someone", null, true, {"x": "\u00e9\n\"\\\/"}]}, "means_": [[-0]],
             "covariance_type": "full", "covariances_": [[[4E-1]]], "converged_": false, "log_likelihood": -1.5e+3}
            """);
        Assert.Equal(0.4, mixture.Covariances[0].Variances[0]);
        Assert.True(double.IsNegative(mixture.Means[0][0]));
    }

    [Theory]
    [InlineData("\uFEFF")]
    [InlineData("\r\n\t ")]
    public void ParseTakesAMarkAndSpaceBeforeTheText(string before) => Assert.Equal(2, MixtureJson.Parse(before + ValidFull).Count);

    [Fact]
    public void ParseNullThrows() => Assert.Throws<ArgumentNullException>(() => MixtureJson.Parse(null!));

    // Columns: the text, the line and column of the error, a part of the message.
    public static TheoryData<string, int, int, string> Malformed => new()
    {
        // Not JSON.
        { "", 1, 1, "the end of the text where a JSON value must stand" },
        { "  \n ", 2, 2, "the end of the text" },
        { "{", 1, 2, "the end of the text where the name of a property" },
        { "{\"weights\"}", 1, 11, "a colon must stand there" },
        { "{\"weights\": [1,]}", 1, 16, "']' where a JSON value must stand" },
        { "{\"weights\": [1 2]}", 1, 16, "'2' in an array where a comma or ] must stand" },
        { "{\"weights\": [1],}", 1, 17, "'}' where the name of a property, in double quotes, must stand" },
        { "{\"weights\": [1] \"means\": 1}", 1, 17, "in an object where a comma or } must stand" },
        { "{weights: [1]}", 1, 2, "'weights' where the name of a property, in double quotes, must stand" },
        { "{'weights': [1]}", 1, 2, "''' where the name of a property" },
        { "// a mixture\n{}", 1, 1, "'/' where a JSON value must stand" },
        { "{\"a\": 01}", 1, 8, "leading zero" },
        { "{\"a\": 1.}", 1, 9, "in a number where a digit must stand" },
        { "{\"a\": .5}", 1, 7, "'.' where a JSON value must stand" },
        { "{\"a\": +5}", 1, 7, "'+' where a JSON value must stand" },
        { "{\"a\": 1e}", 1, 9, "in a number where a digit must stand" },
        { "{\"a\": -}", 1, 8, "in a number where a digit must stand" },
        { "{\"a\": 0x1}", 1, 8, "'x1' in an object where a comma" },
        { "{\"a\": True}", 1, 7, "'True' where a JSON value must stand" },
        { "{\"a\": \"b}", 1, 7, "A string has no closing quote" },
        { "{\"a\": \"b\nc\"}", 1, 9, "U+000A in a string; control characters must be escaped" },
        { "{\"a\": \"\\x\"}", 1, 8, "A backslash in a string must be followed by" },
        { "{\"a\": \"\\u12g4\"}", 1, 8, "four hexadecimal digits" },
        { "{\"a\": 1}\r\n{}", 2, 1, "after the end of the JSON value" },
        { "{\"a\": 1,\n \"a\": 2}", 2, 2, "The property \"a\" appears twice" },
        { "{\"weights\": [NaN]}", 1, 14, "NaN is no JSON number; every value must be finite" },
        { "{\"weights\": [Infinity]}", 1, 14, "Infinity is no JSON number" },
        { "{\"weights\": [\r-Infinity]}", 2, 1, "-Infinity is no JSON number" },
        { new string('[', 65), 1, 65, "nested deeper than 64 levels" },
        { new string('[', 1_000_000), 1, 65, "nested deeper than 64 levels" },

        // JSON, but of another shape.
        { "[]", 1, 1, "The file is an array; it must be an object" },
        { "null", 1, 1, "The file is null" },
        { "{}", 1, 1, "The property \"weights\" is missing" },
        { "{\"Weights\": [1]}", 1, 1, "The property \"weights\" is missing" },
        { "{\"weights\": [1]}", 1, 1, "The property \"means\" is missing" },
        { "{\"weights\": [1], \"means\": [[0]]}", 1, 1, "The property \"covariance_type\" is missing" },
        { "{\"weights\": [1], \"means\": [[0]], \"covariance_type\": \"diag\"}", 1, 1, "The property \"covariances\" is missing" },
        { "{\"weights\": [1], \"weights_\": [1]}", 1, 18, "There are both \"weights\" and \"weights_\"" },
        { "{\"weights\": 1}", 1, 13, "weights is a number; it must be an array of one number per component" },
        { "{\"weights\": []}", 1, 13, "weights is empty" },
        { "{\"weights\": [0.5, \"0.5\"]}", 1, 19, "weights[1] is a string; it must be a number" },
        { "{\"weights\": [0.5, null]}", 1, 19, "weights[1] is null; it must be a number" },
        { "{\"weights\": [1e999]}", 1, 14, "weights[0] is 1e999, beyond the range of double; it must be finite" },
        { "{\"weights\": [1, 0]}", 1, 17, "weights[1] is 0; a weight must be positive" },
        { "{\"weights\": [1.5, -0.5]}", 1, 19, "weights[1] is -0.5; a weight must be positive" },
        { "{\"weights\": [0.5, 0.25]}", 1, 13, "weights sum to 0.75; divide each by the sum: they must sum to 1 within " + PortableNumber.Format(1e-6) },
        { "{\"weights_\": [0.5, 0.5078125]}", 1, 14, "weights_ sum to 1.0078125" },
        { "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", 1, 1,
            "The file is a pointer of Git LFS, which stands for the file until 'git lfs pull' brings it" },
        { "{\"weights\": [1], \"means\": [0]}", 1, 28, "means[0] is a number; it must be an array of one number per coordinate" },
        { "{\"weights\": [1], \"means\": [[]]}", 1, 28, "means[0] is empty" },
        { "{\"weights\": [1], \"means\": [[1],[2]]}", 1, 27, "means has 2 items; it must be an array of 1 arrays, as there are 1 weights" },
        { "{\"weights\": [0.5, 0.5], \"means\": [[1, 2],[2]]}", 1, 42, "means[1] has 1 item; it must be an array of 2 numbers, as means[0] is" },
        { "{\"weights\": [1], \"means\": [[1, [2]]]}", 1, 32, "means[0][1] is an array; it must be a number" },
        { With("spherical", "[1]", "Diag"), 3, 21, "covariance_type is \"Diag\"; it must be \"spherical\", \"diag\", \"tied\" or \"full\"" },
        { "{\"weights\": [1], \"means\": [[1]], \"covariance_type\": 3}", 1, 53, "covariance_type is a number" },
        { With("spherical", "[[1, 1], [1, 1]]"), 4, 17, "covariances looks like \"diag\" or \"tied\", but covariance_type is \"spherical\"" },
        { With("spherical", "[1, [1]]"), 4, 21, "covariances[1] is an array; it must be a number" },
        { With("spherical", "[1]"), 4, 17,
            "covariances has 1 item; it must be an array of 2 numbers, as there are 2 weights and covariance_type is \"spherical\"" },
        { With("spherical", "[1, -2]"), 4, 21, "covariances[1] is -2; a variance must be at least 0" },
        { With("diag", "[1, 1]"), 4, 17, "covariances looks like \"spherical\", but covariance_type is \"diag\"" },
        { With("diag", "[[1, 1], 1]"), 4, 26, "covariances[1] is a number; it must be an array of 2 numbers, as covariance_type is \"diag\"" },
        { With("diag", "[[1, 2], [3, -1e-300]]"), 4, 30, "covariances[1][1] is " + PortableNumber.Format(-1e-300) + "; a variance must be at least 0" },
        { With("diag", "[[1, 2], [3, 4, 5]]"), 4, 26, "covariances[1] has 3 items" },
        { With("diag", "[[1, 2], [1e308, 1e308]]"), 4, 27, "covariances[1][0] is 1E+308; it must be 0 or from 1e-100 to 1e100: use other units" },
        { With("tied", "[[[1, 0], [0, 1]], [[1, 0], [0, 1]]]"), 4, 17,
            "covariances looks like \"full\", but covariance_type is \"tied\"; "
            + "it must be \"full\", or covariances an array of 2 arrays of 2 numbers" },
        { With("tied", "[[1, [0]], [0, 1]]"), 4, 22, "covariances[0][1] is an array; it must be a number" },
        { With("tied", "[[1, 0]]"), 4, 17, "covariances has 1 item; it must be an array of 2 arrays of 2 numbers" },
        { With("tied", "[[1, 0], [0, 1e999]]"), 4, 30, "covariances[1][1] is 1e999, beyond the range of double" },
        { With("tied", "[[1e308, 0], [0, 1e308]]"), 4, 17, "covariances has 1E+308 at (0, 0); it must be 0 or from 1e-100 to 1e100: use other units" },
        { With("tied", "[[1, 1e101], [1e101, 1]]"), 4, 17, "covariances has 1E+101 at (0, 1); it must be at most 1e100 in size: use other units" },
        { With("spherical", "[1, 1e-101]"), 4, 21, "covariances[1] is 1E-101; it must be 0 or from 1e-100 to 1e100: use other units" },
        { "{\"weights\": [1], \"means\": [[1, -1e156]]}", 1, 28, "means[0] has the coordinate -1E+156; its length must be at most 1e50: use other units" },
        { With("full", "[[[1, 0], [0, 1]], [[1, 2], [1, 1]]]"), 4, 46,
            "covariances[1][1][0] is 1 but covariances[1][0][1] is 2; a covariance must be symmetric" },
        { With("full", "[[[1, 0], [0, 1]], [[1, 2], [2, 1]]]"), 4, 36,
            "covariances[1] is not positive semidefinite: its smallest eigenvalue is -1; it must be at least 0" },
        { With("full", "[[[1, 0], [0, 1]], [[1, 0], [0, -1]]]"), 4, 49, "covariances[1][1][1] is -1; a variance must be at least 0" },
        { With("full", "[[[1, 0], [0, 1]], [[0, 1], [1, 0]]]"), 4, 36, "covariances[1] is not positive semidefinite" },
        { With("full", "[[[1, 0], [0, 1]], [[1, 0], [0]]]"), 4, 45,
            "covariances[1][1] has 1 item; it must be an array of 2 numbers, a row of a matrix of 2×2" },
        { With("full", "[[1, 0], [0, 1]]"), 4, 17, "covariances looks like \"diag\" or \"tied\", but covariance_type is \"full\"" },
        { With("full", "[[[1, 0], [0, 1]], [1, 0]]"), 4, 37, "covariances[1][0] is a number; it must be an array of 2 numbers" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void ParseMalformedNamesTheProblemAndItsPlace(string json, int line, int column, string problem)
    {
        var exception = Assert.Throws<MixtureFormatException>(() => MixtureJson.Parse(json));
        Assert.Contains(problem, exception.Problem);
        Assert.Equal((line, column), (exception.Line, exception.Column));
        Assert.Equal($"Line {line}, column {column}: {exception.Problem}", exception.Message);
    }

    [Fact]
    public void ParseTruncatedThrowsNothingElse()
    {
        for (int length = 0; length < ValidFull.Length; length++)
            Assert.Throws<MixtureFormatException>(() => MixtureJson.Parse(ValidFull[..length]));
    }

    [Fact]
    public void ParseOneCharacterChangedThrowsNothingElse()
    {
        Gen.Select(Gen.Int[0, ValidFull.Length - 1], Gen.OneOf<char>(Gen.Char, Gen.OneOf("{}[],:\"\\-+.eE019nNItu\0\n".ToCharArray()))).Sample(
            (position, c) =>
            {
                try
                {
                    MixtureJson.Parse(ValidFull.Remove(position, 1).Insert(position, c.ToString()));
                }
                catch (MixtureFormatException)
                {
                }
            });
    }

    [Fact]
    public void WriteIsReadable()
    {
        Assert.Equal("""
            {
              "covariance_type": "full",
              "weights": [
                0.25,
                0.75
              ],
              "means": [
                [0, -1.5],
                [2, 3]
              ],
              "covariances": [
                [[1, 0.5], [0.5, 2]],
                [[1, 0], [0, 1]]
              ]
            }

            """.ReplaceLineEndings("\n"), MixtureJson.Write(MixtureJson.Parse(ValidFull)));
    }

    [Fact]
    public void WriteChoosesTheNarrowestType()
    {
        Covariance isotropic = Covariance.Isotropic(2, 1), diagonal = Covariance.Diagonal([1, 2]), full = Covariance.Full(2, [2, 1, 1, 2]);
        Assert.Contains("\"spherical\"", MixtureJson.Write(Two(isotropic, Covariance.Isotropic(2, 3))));
        Assert.Contains("\"diag\"", MixtureJson.Write(Two(isotropic, diagonal)));
        Assert.Contains("\"full\"", MixtureJson.Write(Two(isotropic, full)));
        Assert.Contains("\"full\"", MixtureJson.Write(Two(diagonal, full)));
        Assert.Contains("\"tied\"", MixtureJson.Write(Two(full, full)));
        Assert.Contains("\"tied\"", MixtureJson.Write(Two(full, Covariance.Full(2, [2, 1, 1, 2]))));
        Assert.Contains("\"full\"", MixtureJson.Write(new Mixture([1], [[0, 0]], [full])));
    }

    [Fact]
    public void WriteAGivenTypeWidens()
    {
        Mixture mixture = Two(Covariance.Isotropic(2, 1), Covariance.Isotropic(2, 1));
        foreach (string type in new[] { "spherical", "diag", "tied", "full" })
        {
            string json = MixtureJson.Write(mixture, type);
            Assert.Contains($"\"covariance_type\": \"{type}\"", json);
            AssertSame(mixture, MixtureJson.Parse(json));
        }
    }

    [Theory]
    [InlineData("spherical", "Covariance 0 has different variances")]
    [InlineData("diag", "Covariance 1 is not diagonal")]
    [InlineData("tied", "different covariances")]
    [InlineData("Full", "The covariance type is \"Full\"; it must be")]
    public void WriteATypeThatDoesNotHoldTheMixtureThrows(string type, string problem)
    {
        var exception = Assert.Throws<ArgumentException>(() => MixtureJson.Write(Two(Covariance.Diagonal([1, 2]), Covariance.Full(2, [2, 1, 1, 2])), type));
        Assert.Contains(problem, exception.Message);
        Assert.Equal("covarianceType", exception.ParamName);
    }

    [Fact]
    public void RoundTripKeepsEveryBit()
    {
        Mixtures.Sample(mixture =>
        {
            string json = MixtureJson.Write(mixture);
            Assert.DoesNotContain('\r', json);
            Mixture read = MixtureJson.Parse(json);
            AssertSame(mixture, read);
            Assert.Equal(json, MixtureJson.Write(read));

            // A file of one kind keeps the kind.
            if (mixture.Covariances.Select(c => c.Type).Distinct().Count() == 1)
                Assert.Equal(mixture.Covariances.Select(c => c.Type), read.Covariances.Select(c => c.Type));
        }, iter: 2000);
    }

    [Fact]
    public void ParseRowsOfAHugeMatrixAreReadBeforeItIsMade()
    {
        // 46,341² is beyond an int.
        string ones = string.Join(", ", Enumerable.Repeat("1", 46_341));
        string json = $"{{\"weights\": [1], \"means\": [[{ones}]], \"covariance_type\": \"tied\", \"covariances\": [{ones}]}}";
        Assert.Contains(
            "covariances[0] is a number; it must be an array of 46341 numbers",
            Assert.Throws<MixtureFormatException>(() => MixtureJson.Parse(json)).Problem,
            StringComparison.Ordinal);
    }

    private static string With(string type, string covariances, string? shownType = null)
        => $"{{\"weights\": [0.5, 0.5],\n \"means\": [[0, 0], [1, 1]],\n \"covariance_type\": \"{shownType ?? type}\",\n \"covariances\": {covariances}}}";

    private static Mixture Two(Covariance first, Covariance second) => new([0.5, 0.5], [[0, 0], [1, 1]], [first, second]);

    private static readonly Gen<double> Values = Gen.OneOf<double>(
        Gen.Double[-10, 10], Gen.Double[-1e9, 1e9], Gen.OneOf(0.0, -0.0, 5e-324, -1.7e49, 0.1, 1e22, 1e23));

    private static readonly Gen<double> Variances = Gen.OneOf<double>(Gen.Double[0, 10].Select(Supported), Gen.OneOf(0.0, -0.0, 1e-100, 1e-9, 1e100));

    // Neither it nor its square is too small.
    private static double Supported(double value) => Math.Abs(value) < 1e-45 ? 0 : value;

    private static readonly Gen<Mixture> Mixtures =
        from shape in Gen.Select(Gen.Int[1, 5], Gen.Int[1, 4], Gen.Int[0, 4])
        let count = shape.Item1
        let dimension = shape.Item2
        from shares in Gen.Double[0.01, 1].Array[count]
        from means in Values.Array[dimension].Array[count]
        from covariances in Covariances(dimension, shape.Item3).Array[count]
        select new Mixture([.. shares.Select(s => s / shares.Sum())], means, shape.Item3 == 4 ? [.. covariances.Select(_ => covariances[0])] : covariances);

    // Kind 0 to 2: all isotropic, diagonal, full; 3: mixed; 4: full, to be shared.
    private static Gen<Covariance> Covariances(int dimension, int kind)
    {
        Gen<Covariance> isotropic = Variances.Select(v => Covariance.Isotropic(dimension, v));
        Gen<Covariance> diagonal = Variances.Array[dimension].Select(variances => Covariance.Diagonal(variances));
        Gen<Covariance> full = Gen.Double[-3, 3].Select(Supported).Array[dimension * dimension].Select(factor =>
        {
            double[] matrix = new double[dimension * dimension];
            for (int i = 0; i < dimension; i++)
                for (int j = 0; j < dimension; j++)
                    for (int m = 0; m < dimension; m++) matrix[i * dimension + j] += factor[i * dimension + m] * factor[j * dimension + m];
            return Covariance.Full(dimension, matrix);
        });
        return kind switch { 0 => isotropic, 1 => diagonal, 3 => Gen.OneOf<Covariance>(isotropic, diagonal, full), _ => full };
    }

    private static void AssertSame(Mixture expected, Mixture actual)
    {
        AssertSameBits([.. expected.Weights], [.. actual.Weights]);
        for (int k = 0; k < expected.Count; k++)
        {
            AssertSameBits([.. expected.Means[k]], [.. actual.Means[k]]);
            AssertSameBits([.. expected.Covariances[k].Matrix], [.. actual.Covariances[k].Matrix]);
        }
    }

    private static void AssertSameBits(double[] expected, double[] actual)
        => Assert.Equal(expected.Select(BitConverter.DoubleToInt64Bits), actual.Select(BitConverter.DoubleToInt64Bits));
}
