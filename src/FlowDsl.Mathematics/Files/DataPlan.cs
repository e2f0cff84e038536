using System.Text;
using FlowDsl.Mathematics.Mixtures;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Files;

/// <summary>What the compiler knows of a data set: the file <c>name.plan.json</c> beside <c>name.npy</c>.</summary>
/// <param name="Sha256">The SHA-256 of the data file, in lower-case hexadecimal digits.</param>
/// <param name="Moments">The moments of the rows.</param>
/// <param name="Nearest">The least, the middle and the greatest distance from a row to its nearest other one, among those that were tried.</param>
internal sealed record DataPlan(string Sha256, DataMoments Moments, ImmutableArray<double> Nearest)
{
    /// <summary>How the names of plans end.</summary>
    public const string Suffix = ".plan.json";

    /// <summary>The only version so far.</summary>
    public const int Version = 1;

    private const int HashDigits = 64, MaxCount = int.MaxValue;

    private static readonly string[] s_properties = ["version", "sha256", "rows", "dimension", "radius", "nearest_distances", "mean", "variances"];

    /// <summary>Reads a plan.</summary>
    /// <param name="json">One JSON object; properties of other names are ignored.</param>
    /// <exception cref="MixtureFormatException">The text is not JSON, or a property is missing, or has a value that no plan has.</exception>
    public static DataPlan Parse(string json)
    {
        JsonValue root = JsonReader.Read(json);
        if (root.Kind != JsonKind.Object) throw root.Error($"The file is {root.Description}; it must be an object with the properties of a plan.");
        var members = root.Members.ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);
        foreach (string name in s_properties)
        {
            if (!members.TryGetValue(name, out JsonValue? member))
                throw root.Error($"The property \"{name}\" is missing; a plan has {string.Join(", ", s_properties)}.");
            if (name == "version" && Number(name) is not Version and var version)
                throw member.Error($"version is {PortableNumber.Format(version)}; this release reads {Version}. Measure the data again.");
        }
        JsonValue hash = members["sha256"];
        if (hash.Kind != JsonKind.String || hash.Text.Length != HashDigits || !hash.Text.All(digit => digit is (>= '0' and <= '9') or (>= 'a' and <= 'f')))
            throw hash.Error($"sha256 must be {HashDigits} hexadecimal digits in lower case.");
        int rows = Count("rows"), dimension = Count("dimension");
        string perAxis = $"an array of {dimension} numbers, as there are {dimension} dimensions";
        double[] mean = MixtureJson.ReadVector(members["mean"], "mean", dimension, perAxis);
        double[] variances = Sizes("variances", dimension, perAxis), nearest = Sizes("nearest_distances", 3, "an array of 3 numbers");
        double radius = Number("radius");
        if (!(radius >= 0)) throw members["radius"].Error($"radius is {PortableNumber.Format(radius)}; it must be at least 0.");
        if (SupportedRange.OfMean(mean) is { } size) throw members["mean"].Error($"The mean {size}.");
        if (!(radius <= SupportedRange.Max))
            throw members["radius"].Error($"radius is {PortableNumber.Format(radius)}; it must be at most 1e50: use other units.");
        return new DataPlan(hash.Text, new DataMoments(rows, [.. mean], [.. variances], radius), [.. nearest]);

        double Number(string name) => MixtureJson.ReadNumber(members[name], name);

        int Count(string name) => Number(name) is >= 1 and <= MaxCount and var value && Math.Floor(value) == value
            ? (int)value
            : throw members[name].Error($"{name} is {members[name].Text}; it must be a whole number of at least 1.");

        double[] Sizes(string name, int length, string expected)
        {
            double[] values = MixtureJson.ReadVector(members[name], name, length, expected);
            for (int i = 0; i < length; i++)
                if (!(values[i] >= 0) || SupportedRange.OfVariance(values[i]) is not null)
                    throw members[name].Items[i].Error($"{name}[{i}] is {PortableNumber.Format(values[i])}; it must be 0 or from 1e-100 to 1e100.");
            return values;
        }
    }

    /// <summary>Writes the plan. <see cref="Parse"/> restores the same numbers bit for bit.</summary>
    /// <returns>JSON text whose lines end in '\n', ready for a file.</returns>
    public string Write()
    {
        var text = new StringBuilder("{\n");
        Add("version", Whole(Version));
        Add("sha256", $"\"{Sha256}\"");
        Add("rows", Whole(Moments.Count));
        Add("dimension", Whole(Moments.Dimension));
        Add("radius", PortableNumber.Format(Moments.Radius));
        Add("nearest_distances", Array(Nearest));
        Add("mean", Array(Moments.Mean));
        Add("variances", Array(Moments.Variances));
        text.Length -= 2;
        return text.Append("\n}\n").ToString();

        void Add(string name, string value) => text.Append("  \"").Append(name).Append("\": ").Append(value).Append(",\n");
        static string Array(IEnumerable<double> values) => $"[{string.Join(", ", values.Select(value => PortableNumber.Format(value)))}]";
        static string Whole(int value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
