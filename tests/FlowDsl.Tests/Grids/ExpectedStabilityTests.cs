using System.Text.Json;
using FlowDsl.Mathematics;
using Xunit.Abstractions;

namespace FlowDsl.Tests;

/// <summary>ExpectedStability grids against converged ones: the rule of few points and times is good enough.</summary>
public class ExpectedStabilityTests(ITestOutputHelper output)
{
    private static readonly JsonElement[] s_grids = [.. ReferenceCase.Read("expected-stability-nodes").GetProperty("grids").EnumerateArray()];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (JsonElement grid in s_grids) data.Add(grid.GetProperty("mixture").GetString()!, grid.GetProperty("process").GetString()!);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void NodesAreNearTheConvergedOnes(string mixture, string key)
    {
        JsonElement grid = s_grids.Single(g => g.GetProperty("mixture").GetString() == mixture && g.GetProperty("process").GetString() == key);
        Process process = key switch
        {
            "ou" => Models.Ou(),
            "ou from data" => Models.Ou(0),
            "exploding" => new VarianceExplodingProcess(),
            _ => new LinearInterpolantProcess(),
        };
        double[] expected = ReferenceCase.Numbers(grid.GetProperty("times"));
        var model = new GaussianMixtureModel(ReferenceCase.Load(mixture).Mixture, process);
        double[] times = model.CreateTimes(Grid.ExpectedStability, 8);
        double worst = 0;
        for (int i = 1; i < 8; i++) worst = Math.Max(worst, Math.Abs(Math.Log(times[i] / expected[i])));
        double integral = ReferenceCase.Number(grid.GetProperty("integral"));
        double ratio = model.Stability.ExpectedIntegral(process.EarlyStop, process.Horizon) / integral;
        output.WriteLine($"{mixture} {key}: nodes {worst:F4}, integral {ratio - 1:+0.0000;-0.0000}");
        // 5 % of a node's time moves an eighth of the integral by less than 5 %, which no solver notices.
        Assert.True(worst <= 0.05, $"max |Δ log t| = {worst:F4}: {string.Join(", ", times)} for {string.Join(", ", expected)}");
        Assert.InRange(ratio, 0.95, 1.05);
    }
}
