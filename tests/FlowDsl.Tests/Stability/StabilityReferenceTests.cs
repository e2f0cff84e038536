using System.Text.Json;
using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

/// <summary>Rates, integrals and expectations against 22-digit values for shared isotropic mixtures.</summary>
public class StabilityReferenceTests
{
    public static TheoryData<string> Names => ["iso_two_1d", "ring8_iso_2d"];

    [Theory]
    [MemberData(nameof(Names))]
    public void RatesAgree(string name)
    {
        var reference = ReferenceCase.Load(name);
        StabilityProfile stability = reference.Model.Stability;
        foreach (JsonElement rate in reference.Json.GetProperty("stability").GetProperty("rates").EnumerateArray())
        {
            double t = Number(rate, "t");
            Compare.Close([Number(rate, "mu_bound")], [stability.OneSidedBound(t)], 1e-13, what: $"μ({t})");
            Compare.Close([Number(rate, "L_bound")], [stability.LipschitzBound(t)], 1e-13, what: $"L({t})");
            Assert.Equal(stability.LipschitzBound(t), reference.Model.StabilityBound(t));
            // Bounds of the true suprema, and for two modes equal to them.
            Assert.True(stability.OneSidedBound(t) >= Number(rate, "true_sup_mu") * (1 - 1e-13));
            Assert.True(stability.LipschitzBound(t) >= Number(rate, "true_sup_L") * (1 - 1e-13));
            if (name == "iso_two_1d") Compare.Close([Number(rate, "true_sup_mu")], [stability.OneSidedBound(t)], 1e-13);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void IntegralsAgree(string name)
    {
        var reference = ReferenceCase.Load(name);
        StabilityProfile stability = reference.Model.Stability;
        JsonElement integrals = reference.Json.GetProperty("stability").GetProperty("integrals");
        double s = Number(integrals, "s"), t = Number(integrals, "t");
        Assert.True(stability.IsClosedForm);
        Compare.Close([Number(integrals, "Lambda_mu")], [stability.OneSidedIntegral(s, t)], 1e-13, what: "Λ_μ");
        Compare.Close([Number(integrals, "Lambda_L")], [stability.LipschitzIntegral(s, t)], 1e-13, what: "Λ_L");
        Compare.Close([Number(integrals, "Lambda_mu_positive_part")], [stability.PositiveOneSidedIntegral(s, t)], 1e-13, what: "Λ_μ⁺");
    }

    /// <summary>For two equal modes the greatest derivative of the flow from T to t0 is exp(Λ_μ) exactly.</summary>
    [Fact]
    public void MaxAmplificationIsTheExponentialOfTheIntegral()
    {
        var reference = ReferenceCase.Load("iso_two_1d");
        JsonElement greatest = reference.Json.GetProperty("stability").GetProperty("exact_sup_flow_derivative_T_to_t0");
        double integral = reference.Model.Stability.OneSidedIntegral(Number(greatest, "t"), Number(greatest, "s"));
        Assert.Equal(1, Math.Exp(integral) / Number(greatest, "value"), 1e-12);
    }

    /// <summary>
    /// The rule has 128 equally likely points a component. |∇v| peaks within σ²/4 of the ridge, in the far tail at early times and
    /// as wide as a few cells later on: 2.5 % is what the step times need.
    /// </summary>
    [Fact]
    public void ExpectationsAgree()
    {
        var reference = ReferenceCase.Load("iso_two_1d");
        foreach (JsonElement expected in reference.Json.GetProperty("stability").GetProperty("expected").EnumerateArray())
        {
            double t = Number(expected, "t");
            Compare.Close([Number(expected, "expected_abs_jacobian")], [reference.Model.Stability.ExpectedNorm(t)], 0.025, what: $"E|∇v|({t})");
            Assert.Equal(reference.Model.Stability.ExpectedNorm(t), reference.Model.ExpectedStability(t));
        }
    }

    private static double Number(JsonElement element, string property) => ReferenceCase.Number(element.GetProperty(property));
}
