using System.Text;
using FlowDsl.Mathematics.Discovery;
using FlowDsl.Mathematics.Mixtures;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Solvers;

namespace FlowDsl.Mathematics.Files;

/// <summary>A method that was searched for longer than a build may: the file <c>Model.Sampler.solver.json</c>.</summary>
/// <param name="Process">The process it was found for.</param>
/// <param name="Components">K of the mixture.</param>
/// <param name="Dimension">d of the mixture.</param>
/// <param name="Mixture">The mixture's <see cref="MixtureHash"/>.</param>
/// <param name="Chart">Its chart, <see cref="Chart.DataPrediction"/> or <see cref="Chart.Canonical"/>.</param>
/// <param name="Method">Its times and weights.</param>
/// <param name="Errors">Its errors, those of a build's method beside them.</param>
internal sealed record TunedMethod(
    Process Process, int Components, int Dimension, string Mixture, Chart Chart, BespokeMethod Method, SearchErrors Errors)
{
    /// <summary>How the names of its files end.</summary>
    public const string Suffix = ".solver.json";

    /// <summary>The only version so far.</summary>
    public const int Version = 1;

    private const int HashDigits = 64;

    private static readonly string[] s_properties =
    [
        "version", "process", "components", "dimension", "mixture_sha256", "chart", "times", "weights", "budget", "samples", "searched_error",
        "held_out_error",
    ];

    // Left out where the mixture is too large for a build's search.
    private const string BuildError = "build_held_out_error";

    /// <summary>What was found for a mixture and a process.</summary>
    public static TunedMethod Of(Mixture mixture, Process process, Discovery.Discovery found)
        => new(process, mixture.Count, mixture.Dimension, MixtureHash.Of(mixture), found.Frame.Chart, found.Method, found.Errors!);

    /// <summary>Why it is not for a sampler; null if it is.</summary>
    /// <param name="mixture">The sampler's mixture.</param>
    /// <param name="process">Its process.</param>
    /// <param name="steps">Its number of steps.</param>
    /// <param name="chart">Its chart as declared.</param>
    public string? Difference(Mixture mixture, Process process, int steps, Chart chart)
    {
        if (Components != mixture.Count || Dimension != mixture.Dimension)
            return $"it was tuned for {Size(Components, Dimension)}, and the model has {Size(mixture.Count, mixture.Dimension)}";
        if (Mixture != MixtureHash.Of(mixture)) return "it was tuned for a mixture of other weights, means or covariances";
        if (!Process.IsSame(process)) return $"it was tuned for another process, {Process.Words}, and the model's is {process.Words}";
        if (Method.Steps != steps) return $"it has {NumberText.Count(Method.Steps, "step")}, and the sampler {NumberText.Count(steps, "step")}";
        return BespokeSearch.Frames(chart, mixture.MeanVariance).Any(frame => frame.Chart == Chart)
            ? null
            : $"it is in Chart.{Chart}, and the sampler integrates in Chart.{chart}";

        static string Size(int components, int dimension)
            => $"{NumberText.Count(components, "Gaussian")} in {NumberText.Count(dimension, "dimension")}";
    }

    /// <summary>The method in the chart of the mixture that it is for.</summary>
    public Discovery.Discovery In(Mixture mixture)
        => new(ChartFrame.Canonical(Chart == Chart.DataPrediction ? 0 : mixture.MeanVariance), Method, Errors);

    /// <summary>Reads a file.</summary>
    /// <param name="json">One JSON object; properties of other names are ignored.</param>
    /// <exception cref="MixtureFormatException">The text is not JSON, or a property is missing, or has a value that no method has.</exception>
    public static TunedMethod Parse(string json)
    {
        if (FileSignature.OfText(json) is { } other) throw new MixtureFormatException($"The file is {other}; it must be the JSON of a tuned solver.", 1, 1);
        JsonValue root = JsonReader.Read(json);
        if (root.Kind != JsonKind.Object) throw root.Error($"The file is {root.Description}; it must be an object with the properties of a tuned solver.");
        var members = root.Members.ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);
        // The version first: what else there is depends on it.
        foreach (string name in s_properties)
        {
            if (!members.TryGetValue(name, out JsonValue? member))
                throw root.Error($"The property \"{name}\" is missing; a tuned solver has {string.Join(", ", s_properties)}.");
            if (name == "version" && Number(name) is not Version and var version)
                throw member.Error($"version is {PortableNumber.Format(version)}; this release reads {Version}. Tune the sampler again.");
        }
        Process process = ProcessJson.Read(members["process"]);
        JsonValue hash = members["mixture_sha256"], chart = members["chart"];
        if (hash.Kind != JsonKind.String || hash.Text.Length != HashDigits || !hash.Text.All(digit => digit is (>= '0' and <= '9') or (>= 'a' and <= 'f')))
            throw hash.Error($"mixture_sha256 must be {HashDigits} hexadecimal digits in lower case.");
        if (chart.Kind != JsonKind.String || chart.Text is not (nameof(Chart.DataPrediction) or nameof(Chart.Canonical)))
            throw chart.Error(
                $"chart is {(chart.Kind == JsonKind.String ? $"\"{chart.Text}\"" : chart.Description)}; it must be \"DataPrediction\" or \"Canonical\".");
        ImmutableArray<double> times = ProcessJson.ReadTimes(members["times"], process, BespokeSearch.MinSteps + 1, BespokeSearch.MaxSteps + 1);
        int steps = times.Length - 1, count = DiscoveredSteps.Count(steps);
        double[] weights = MixtureJson.ReadVector(members["weights"], "weights", count, $"an array of {count} numbers, as there are {steps} steps");
        return new TunedMethod(
            process, Count("components", 1), Count("dimension", 1), hash.Text, chart.Text == nameof(Chart.Canonical) ? Chart.Canonical : Chart.DataPrediction,
            new BespokeMethod(times, [.. weights]),
            new SearchErrors(Count("samples", 1), Error("searched_error"), Error("held_out_error"))
            {
                Budget = Count("budget", BespokeTuning.MinBudget),
                Build = members.ContainsKey(BuildError) ? Error(BuildError) : null,
            });

        double Number(string name) => MixtureJson.ReadNumber(members[name], name);

        int Count(string name, int least) => Number(name) is var value && value >= least && value <= int.MaxValue && Math.Floor(value) == value
            ? (int)value
            : throw members[name].Error($"{name} is {members[name].Text}; it must be a whole number of at least {least}.");

        double Error(string name) => Number(name) is >= 0 and var value
            ? value
            : throw members[name].Error($"{name} is {members[name].Text}; it must be at least 0.");
    }

    /// <summary>Writes the file. <see cref="Parse"/> restores the same numbers bit for bit.</summary>
    /// <returns>JSON text whose lines end in '\n', ready for a file.</returns>
    public string Write()
    {
        var text = new StringBuilder("{\n");
        Add("version", Whole(Version));
        Add("process", ProcessJson.Write(Process));
        Add("components", Whole(Components));
        Add("dimension", Whole(Dimension));
        Add("mixture_sha256", $"\"{Mixture}\"");
        Add("chart", $"\"{Chart}\"");
        Add("times", Array(Method.Times));
        Add("weights", Array(Method.Weights));
        Add("budget", Whole(Errors.Budget));
        Add("samples", Whole(Errors.Samples));
        Add("searched_error", PortableNumber.Format(Errors.Pilot));
        Add("held_out_error", PortableNumber.Format(Errors.HeldOut));
        if (Errors.Build is { } build) Add(BuildError, PortableNumber.Format(build));
        text.Length -= 2;
        return text.Append("\n}\n").ToString();

        void Add(string name, string value) => text.Append("  \"").Append(name).Append("\": ").Append(value).Append(",\n");
        static string Array(IEnumerable<double> values) => $"[{string.Join(", ", values.Select(value => PortableNumber.Format(value)))}]";
        static string Whole(int value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
