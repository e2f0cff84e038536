using System.Text.Json;
using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

/// <summary>
/// Point functions where direct formulas lose their digits, against 60-digit values: far tails and the surfaces between
/// components there, variances of 1e-8 and 0, times down to 0, pure noise, nearly equal and identical components.
/// </summary>
public class HostilePointTests
{
    // Relative to a vector's greatest entry.
    private const double Tolerance = 1e-12;

    // Roundings of the inputs: each output may move by this many times what half a unit in the last place of every input
    // moves it by (stored with the value). Fewer than ten operations touch an input before its error is amplified.
    private const double Roundings = 8;

    private static readonly JsonElement[] s_cases = [.. ReferenceCase.Read("hostile-points").GetProperty("cases").EnumerateArray()];

    public static TheoryData<string> Cases => new(s_cases.Select(c => c.GetProperty("name").GetString()!));

    [Theory]
    [MemberData(nameof(Cases))]
    public void AgreesWithTheReference(string name)
    {
        JsonElement element = s_cases.Single(c => c.GetProperty("name").GetString() == name);
        GaussianMixtureModel model = Read(element);
        int d = model.Dimension;
        double[] direction = [.. new[] { 1.0, -0.5, 0.75 }.Take(d)], vector = new double[d], responsibilities = new double[model.ComponentCount];
        foreach (JsonElement point in element.GetProperty("points").EnumerateArray())
        {
            double t = ReferenceCase.Number(point.GetProperty("t"));
            double[] x = ReferenceCase.Numbers(point.GetProperty("x"));

            double logDensity = model.LogDensity(t, x);
            Check("logp", [logDensity], scale: 1);
            model.Responsibilities(t, x, responsibilities);
            // Responsibilities are relative each: the least one is as accurate as the greatest.
            Check("responsibilities", responsibilities, scale: 0);
            model.Score(t, x, vector);
            Check("score", vector);
            model.Velocity(t, x, vector);
            Check("velocity", vector);
            model.PosteriorMean(t, x, vector);
            // It is formed from the mean of the dominant component, so its error is relative to that where the two differ.
            Check("mean", vector, scale: model.Mixture.Means.Max(mean => Compare.MaxNorm(mean.AsSpan())));
            model.JacobianVectorProduct(t, x, direction, vector);
            Check("jvp", vector);

            void Check(string what, double[] actual, double? scale = null)
            {
                (double Value, double Conditioning)[] expected = [.. point.GetProperty(what).EnumerateArray()
                    .Select(ReferenceCase.Numbers).Select(pair => (pair[0], pair[1]))];
                if (scale is not 0) scale = Math.Max(scale ?? 0, expected.Max(e => Math.Abs(e.Value)));
                for (int i = 0; i < expected.Length; i++)
                {
                    // The least normal number stands for underflow.
                    double allowed = Tolerance * Math.Max(scale!.Value, Math.Abs(expected[i].Value)) + Roundings * expected[i].Conditioning + 2.3e-308;
                    Assert.True(Math.Abs(actual[i] - expected[i].Value) <= allowed,
                        $"{name}, t = {t:R}, x = ({string.Join(", ", x)}): {what}[{i}] is {actual[i]:R}, not {expected[i].Value:R}; "
                        + $"off by {Math.Abs(actual[i] - expected[i].Value):E2}, allowed {allowed:E2}");
                }
            }
        }
    }

    private static GaussianMixtureModel Read(JsonElement element)
    {
        double[] weights = ReferenceCase.Numbers(element.GetProperty("weights"));
        double[][] means = [.. element.GetProperty("means").EnumerateArray().Select(ReferenceCase.Numbers)];
        int d = means[0].Length;
        Covariance[] covariances = [.. element.GetProperty("covariances").EnumerateArray().Select(c => c.GetProperty("kind").GetString() switch
        {
            "iso" => Covariance.Isotropic(d, ReferenceCase.Number(c.GetProperty("value"))),
            "diag" => Covariance.Diagonal(ReferenceCase.Numbers(c.GetProperty("value"))),
            _ => Covariance.Full(d, ReferenceCase.Numbers(c.GetProperty("value"))),
        })];
        JsonElement process = element.GetProperty("process");
        // Times below the early stop are legal for point functions; a positive one admits singular covariances.
        return new GaussianMixtureModel(new Mixture(weights, means, covariances), process.GetProperty("kind").GetString() switch
        {
            "ou" => Models.Ou(beta: process.GetProperty("beta").GetDouble(), sigma: process.GetProperty("sigma").GetDouble()),
            "ve" => new VarianceExplodingProcess(),
            _ => new LinearInterpolantProcess(),
        });
    }
}
