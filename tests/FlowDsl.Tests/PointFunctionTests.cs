using System.Text.Json;

namespace FlowDsl.Tests;

/// <summary>The point functions of the run-time model against high-precision values.</summary>
public class PointFunctionTests
{
    private const double Tolerance = 1e-12;

    public static TheoryData<string> Cases => new(ReferenceCase.Names);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Agree_with_the_reference(string name)
    {
        var reference = ReferenceCase.Load(name);
        GaussianMixtureModel model = reference.Model;
        int d = model.Dimension;
        foreach (JsonElement point in reference.Points)
        {
            double t = ReferenceCase.Number(point.GetProperty("t"));
            double[] x = ReferenceCase.Numbers(point.GetProperty("x")), actual = new double[d];
            double[] expected = Expected(point, "score");
            // Where an output cancels by symmetry only rounding of the terms that cancel is left: 1e-14 of them.
            double terms = (Compare.MaxNorm(x) + reference.Mixture.Means.Max(mean => Compare.MaxNorm(mean)))
                / model.Process.At(t).Spread(reference.Mixture.LeastVariance);

            Compare.Close([ReferenceCase.Number(point.GetProperty("logp"))], [model.LogDensity(t, x)], Tolerance, 1, "log density");
            model.Score(t, x, actual);
            Compare.Close(expected, actual, Tolerance, Compare.MaxNorm(expected) + 0.01 * terms, "score");
            model.Velocity(t, x, actual);
            expected = Expected(point, "velocity");
            Compare.Close(expected, actual, Tolerance, Compare.MaxNorm(expected) + 0.01 * terms, "velocity");
            model.PosteriorMean(t, x, actual);
            Compare.Close(Expected(point, "denoiser"), actual, Tolerance, 1, "posterior mean");
            double[] responsibilities = new double[model.ComponentCount];
            model.Responsibilities(t, x, responsibilities);
            Compare.Close(Expected(point, "responsibilities"), responsibilities, Tolerance, 1e-3, "responsibilities");
            model.JacobianVectorProduct(t, x, Expected(point, "jvp_direction"), actual);
            expected = Expected(point, "velocity_jvp");
            Compare.Close(expected, actual, Tolerance, Compare.MaxNorm(expected), "jvp");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Flow_map_agrees_with_the_reference(string name)
    {
        var reference = ReferenceCase.Load(name);
        foreach (JsonElement flow in reference.FlowMaps)
        {
            double[] x = ReferenceCase.Numbers(flow.GetProperty("x")), expected = ReferenceCase.Numbers(flow.GetProperty("y"));
            double[] actual = new double[x.Length];
            reference.Model.FlowMap(ReferenceCase.Number(flow.GetProperty("s")), ReferenceCase.Number(flow.GetProperty("t")), x, actual, 1e-13);
            Compare.Close(expected, actual, 1e-10, 1, "flow map");
        }
    }

    private static double[] Expected(JsonElement point, string property) => ReferenceCase.Numbers(point.GetProperty(property));
}
