using System.Text.Json;

namespace FlowDsl.Tests;

/// <summary>The closed-form grids against 20-digit nodes.</summary>
public class GridReferenceTests
{
    // The nodes are doubles of a few dozen operations, some of which (s/a from t and back) amplify relative errors by up to 10.
    private const double Tolerance = 1e-13;

    public static TheoryData<int, string> Cases
    {
        get
        {
            var data = new TheoryData<int, string>();
            foreach (int n in new[] { 4, 8 })
                foreach (JsonProperty grid in Nodes(n).EnumerateObject()) data.Add(n, grid.Name);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AgreesWithTheReference(int steps, string key)
    {
        double[] expected = ReferenceCase.Numbers(Nodes(steps).GetProperty(key));
        double variance = 0.04;
        if (key.Contains("sigma2=", StringComparison.Ordinal))
        {
            // "name sigma2=…,D2=…": two modes at distance 2.
            string[] parts = key.Split("sigma2=")[1].Split(",D2=");
            variance = double.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal("4", parts[1]);
        }
        var model = new GaussianMixtureModel(Models.Two(variance), Models.Ou());
        Compare.Close(expected, model.CreateTimes(Parse(key.Split(' ')[0]), steps), Tolerance, what: key);
    }

    private static JsonElement Nodes(int steps) => ReferenceCase.Read("grids").GetProperty("grids").GetProperty($"N={steps}");

    private static Grid Parse(string name) => name switch
    {
        "uniform_t" => Grid.Uniform,
        "log_t" => Grid.LogTime,
        "log_snr" => Grid.UniformLogSnr,
        "edm_rho7" => Grid.Edm,
        "angle" => Grid.Angle,
        "zeta" => Grid.Zeta,
        "loglam" => Grid.LogVariance,
        "stability_L" => Grid.StabilityBalanced,
        "stability_mu_plus" => Grid.OneSidedStability,
        _ => throw new ArgumentException(name),
    };
}
