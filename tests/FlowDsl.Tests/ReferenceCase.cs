using System.Globalization;
using System.Text.Json;
using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

/// <summary>A high-precision case from reference/ (see its README).</summary>
public sealed class ReferenceCase
{
    private ReferenceCase(string name)
    {
        Name = name;
        Json = Read(name);
        double[] weights = Numbers(Json.GetProperty("weights"));
        double[][] means = Json.GetProperty("means").EnumerateArray().Select(Numbers).ToArray();
        int d = Json.GetProperty("dim").GetInt32();
        Covariance[] covariances = Json.GetProperty("covariances").EnumerateArray().Select(c => c.GetProperty("kind").GetString() switch
        {
            "iso" => Covariance.Isotropic(d, Number(c.GetProperty("value"))),
            "diag" => Covariance.Diagonal(Numbers(c.GetProperty("value"))),
            _ => Covariance.Full(d, c.GetProperty("value").EnumerateArray().SelectMany(Numbers).ToArray()),
        }).ToArray();
        Mixture = new Mixture(weights, means, covariances);
        Model = new GaussianMixtureModel(Mixture, new OrnsteinUhlenbeckProcess());
    }

    public static IReadOnlyList<string> Names { get; } =
    [
        "iso_two_1d", "iso_unequal_1d", "single_full_2d", "product_diag_2d",
        "ring8_iso_2d", "faithful_full_2d", "shared_full_3d", "iso_d16",
    ];

    public string Name { get; }

    public JsonElement Json { get; }

    public Mixture Mixture { get; }

    public GaussianMixtureModel Model { get; }

    public IEnumerable<JsonElement> Points => Json.GetProperty("points").EnumerateArray();

    public IEnumerable<JsonElement> FlowMaps => Json.GetProperty("flow_maps").EnumerateArray();

    public static ReferenceCase Load(string name) => new(name);

    public static JsonElement Read(string name)
        => JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "reference", name + ".json"))).RootElement;

    public static double Number(JsonElement element) => element.ValueKind == JsonValueKind.String
        ? double.Parse(element.GetString()!, CultureInfo.InvariantCulture)
        : element.GetDouble();

    public static double[] Numbers(JsonElement element) => element.EnumerateArray().Select(Number).ToArray();

    public override string ToString() => Name;
}
