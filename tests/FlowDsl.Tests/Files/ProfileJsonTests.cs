using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Files;
using FlowDsl.Mathematics.Grids;

namespace FlowDsl.Tests;

/// <summary>Files of profiles: what is read is what was written, and what is wrong is said where it is.</summary>
public class ProfileJsonTests
{
    // Euler in 6 intervals has 2 measured windows of 4.
    private const string Valid = """
        {
          "version": 1,
          "process": { "kind": "LinearInterpolant", "EarlyStop": 0.1, "Horizon": 0.9 },
          "solver": "Euler",
          "chart": "State",
          "scale": 0.5,
          "rounding": 1e-07,
          "samples": 16,
          "evaluations": 1234,
          "doubt": 2.5e-05,
          "times": [0.9, 0.7, 0.6, 0.5, 0.4, 0.3, 0.1],
          "expected_norms": [1, 2, 3, 4, 5, 6, 7],
          "expected_growths": [0, 1, 2, 3, 2, 1, 0],
          "local_errors": [0.25, 0.125],
          "propagated_errors": [0.5, 0.0625]
        }
        """;

    [Fact]
    public void ReadsWhatIsThere()
    {
        ProfileData data = ProfileJson.Parse(Valid);
        Assert.Equal((Solver.Euler, Chart.State, 0.5, 1e-7, 16, 1234L, 2.5e-5), (
            data.Solver, data.Chart, data.Scale, data.Rounding, data.Samples, data.FunctionEvaluations, data.Doubt));
        var process = Assert.IsType<LinearInterpolantProcess>(data.Process);
        Assert.Equal((0.9, 0.1), (process.Horizon, process.EarlyStop));
        Assert.Equal<double>([0.9, 0.7, 0.6, 0.5, 0.4, 0.3, 0.1], data.Times.AsSpan());
        Assert.Equal<double>([1, 2, 3, 4, 5, 6, 7], data.ExpectedNorms.AsSpan());
        Assert.Equal<double>([0, 1, 2, 3, 2, 1, 0], data.ExpectedGrowths.AsSpan());
        Assert.Equal<double>([0.25, 0.125], data.LocalErrors.AsSpan());
        Assert.Equal<double>([0.5, 0.0625], data.PropagatedErrors.AsSpan());
        Assert.Equal<(int, int)>([(0, 4), (2, 6)], data.Windows.Measured.AsSpan());
    }

    /// <summary>Shares by hand: √ψ/2 per half, so 0.5·0.7071, the mean of that and of 0.5·0.25, and 0.5·0.25, with the ends 0.9, 0.6, 0.4, 0.1.</summary>
    [Fact]
    public void TimesAreEqualSharesOfTheDensity()
    {
        double first = 0.5 * Math.Sqrt(Math.Sqrt(0.25 + 1e-14)), last = 0.5 * Math.Sqrt(Math.Sqrt(0.0625 * 0.0625 + 1e-14)), middle = 0.5 * (first + last);
        double half = 0.5 * (first + middle + last);
        // Half of all lies in the second half of a window, at s/a between 1.5 and 2/3, in the coordinate r/(r + 1/2).
        Assert.InRange(half, first, first + middle);
        double from = 1.5 / 2, to = 2.0 / 3 / (2.0 / 3 + 0.5), place = from + (half - first) / middle * (to - from);
        double ratio = 0.5 * place / (1 - place);
        Assert.Equal(ratio / (1 + ratio), ProfileJson.Parse(Valid).CreateTimes(2)![1], 12);
    }

    [Fact]
    public void NumbersSurviveToTheBit()
    {
        ProfileData data = ProfileJson.Parse(Valid) with { Doubt = 1.0 / 3, Rounding = double.Epsilon, LocalErrors = [Math.PI, 1e300] };
        ProfileData read = ProfileJson.Parse(ProfileJson.Write(data));
        Assert.Equal((data.Doubt, data.Rounding), (read.Doubt, read.Rounding));
        Assert.Equal<double>(data.LocalErrors.AsSpan(), read.LocalErrors.AsSpan());
        Assert.Equal(ProfileJson.Write(data), ProfileJson.Write(read));
    }

    [Fact]
    public void OtherPropertiesAreIgnored()
        => Assert.Equal(16, ProfileJson.Parse(Valid.Replace("\"version\": 1", "\"note\": { \"by\": [] }, \"version\": 1", StringComparison.Ordinal)).Samples);

    [Theory]
    [InlineData("\"version\": 1", "\"version\": 2", 2, 14, "version is 2; this release reads 1")]
    [InlineData("\"version\": 1,", "", 1, 1, "The property \"version\" is missing; a profile has version, process")]
    [InlineData("\"doubt\": 2.5e-05,", "", 1, 1, "The property \"doubt\" is missing")]
    [InlineData("\"solver\": \"Euler\"", "\"solver\": \"euler\"", 4, 13, "solver is \"euler\"; it must be one of Euler, Ddim")]
    [InlineData("\"solver\": \"Euler\"", "\"solver\": 0", 4, 13, "solver is a number")]
    [InlineData("\"solver\": \"Euler\"", "\"solver\": \"0\"", 4, 13, "solver is \"0\"")]
    [InlineData("\"solver\": \"Euler\"", "\"solver\": \"Ddim\"", 5, 12, "chart is \"State\"; Ddim integrates in")]
    [InlineData("\"chart\": \"State\"", "\"chart\": \"Auto\"", 5, 12, "chart is \"Auto\"; Euler integrates in Chart.Canonical")]
    [InlineData("\"scale\": 0.5", "\"scale\": 0", 6, 12, "scale is 0; it must be positive")]
    [InlineData("\"scale\": 0.5", "\"scale\": NaN", 6, 12, "NaN is no JSON number")]
    [InlineData("\"rounding\": 1e-07", "\"rounding\": -1", 7, 15, "rounding is -1; it must be at least 0")]
    [InlineData("\"samples\": 16", "\"samples\": 1.5", 8, 14, "samples is 1.5; it must be a whole number of at least 1")]
    [InlineData("\"evaluations\": 1234", "\"evaluations\": 0", 9, 18, "evaluations is 0")]
    [InlineData("\"doubt\": 2.5e-05", "\"doubt\": 1e999", 10, 12, "doubt is 1e999, beyond the range of double")]
    [InlineData("[0.9, 0.7,", "[0.9, 0.9,", 11, 18, "times[1] is 0.9; it must be less than the time before it, 0.9")]
    [InlineData("[0.9, 0.7,", "[0.8, 0.7,", 11, 13, "times[0] is 0.8; it must be the process's Horizon, 0.9")]
    [InlineData("0.3, 0.1]", "0.3, 0.2]", 11, 43, "times[6] is 0.2; it must be the process's EarlyStop, 0.1")]
    [InlineData("[1, 2, 3, 4, 5, 6, 7]", "[1, 2]", 12, 21, "expected_norms has 2 items; it must be an array of 7 numbers")]
    [InlineData("[1, 2, 3, 4, 5, 6, 7]", "[1, 2, -3, 4, 5, 6, 7]", 12, 28, "expected_norms[2] is -3; it must be at least 0")]
    [InlineData("[0.5, 0.0625]", "[0.5]", 15, 24, "propagated_errors has 1 item; it must be an array of 2 numbers, as Euler has 2 windows in 6 intervals")]
    [InlineData("[0.25, 0.125]", "[0.25, \"a\"]", 14, 26, "local_errors[1] is a string")]
    [InlineData("\"LinearInterpolant\"", "\"Linear\"", 3, 24,
        "The kind of process is \"Linear\"; it must be one of OrnsteinUhlenbeck, VarianceExploding, LinearInterpolant")]
    [InlineData("\"EarlyStop\": 0.1, ", "", 3, 14, "process has no \"EarlyStop\"")]
    [InlineData("\"Horizon\": 0.9", "\"Horizon\": 2", 3, 14, "Horizon is 2; it must be positive and at most 1")]
    [InlineData("{ \"kind\": \"LinearInterpolant\", \"EarlyStop\": 0.1, \"Horizon\": 0.9 }", "[]", 3, 14, "process is an array")]
    [InlineData("\"kind\": \"LinearInterpolant\", ", "", 3, 14, "process has no \"kind\"")]
    public void WhatIsWrongIsSaidWhereItIs(string valid, string invalid, int line, int column, string words)
    {
        Assert.Contains(valid, Valid, StringComparison.Ordinal);
        var exception = Assert.Throws<ProfileFormatException>(() => ProfileJson.Parse(Valid.Replace(valid, invalid, StringComparison.Ordinal)));
        Assert.Contains(words, exception.Problem, StringComparison.Ordinal);
        Assert.Equal((line, column), (exception.Line, exception.Column));
        Assert.Contains($"Line {line}, column {column}: ", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "the end of the text")]
    [InlineData("7", "The file is a number")]
    [InlineData("version https://git-lfs.github.com/spec/v1", "a pointer of Git LFS")]
    public void OtherTextsAreNoProfiles(string text, string words)
        => Assert.Contains(words, Assert.Throws<ProfileFormatException>(() => ProfileJson.Parse(text)).Message, StringComparison.Ordinal);
}
