using System.Text;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Numerics;
namespace FlowDsl.Mathematics.Files;

/// <summary>Profiles of networks as JSON.</summary>
internal static class ProfileJson
{
    /// <summary>The only version so far. Where windows lie is part of it: <see cref="ErrorWindows"/>.</summary>
    public const int Version = 1;

    // Trajectories follow a few dozen nodes; a file of millions is none of ours.
    private const int MinNodes = 3, MaxNodes = 10_000, MaxSamples = 100_000_000;

    // Beyond this double precision has no whole numbers.
    private const long MaxEvaluations = 1L << 53;

    private static readonly string[] s_properties =
    [
        "version", "process", "solver", "chart", "scale", "rounding", "samples", "evaluations", "doubt", "times", "expected_norms", "expected_growths",
        "local_errors", "propagated_errors",
    ];

    /// <summary>Reads a profile.</summary>
    /// <param name="json">One JSON object; properties of other names are ignored.</param>
    /// <exception cref="ProfileFormatException">The text is not JSON, or a property is missing, or has a value that no profile has.</exception>
    public static ProfileData Parse(string json)
    {
        if (FileSignature.OfText(json) is { } other) throw new ProfileFormatException($"The file is {other}; it must be the JSON of a profile.", 1, 1);
        try
        {
            JsonValue root = JsonReader.Read(json);
            if (root.Kind != JsonKind.Object) throw root.Error($"The file is {root.Description}; it must be an object with the properties of a profile.");
            return Read(root);
        }
        // The reader's own exception is named after the other kind of file.
        catch (MixtureFormatException exception)
        {
            throw new ProfileFormatException(exception.Problem, exception.Line, exception.Column);
        }
    }

    /// <summary>Writes a profile. <see cref="Parse"/> restores the same numbers bit for bit.</summary>
    /// <param name="profile">The profile.</param>
    /// <returns>JSON text whose lines end in '\n', ready for a file.</returns>
    public static string Write(ProfileData profile)
    {
        var text = new StringBuilder("{\n");
        Add("version", Text(Version));
        Add("process", ProcessJson.Write(profile.Process));
        Add("solver", $"\"{profile.Solver}\"");
        Add("chart", $"\"{profile.Chart}\"");
        Add("scale", PortableNumber.Format(profile.Scale));
        Add("rounding", PortableNumber.Format(profile.Rounding));
        Add("samples", Text(profile.Samples));
        Add("evaluations", Text(profile.FunctionEvaluations));
        Add("doubt", PortableNumber.Format(profile.Doubt));
        Add("times", Array(profile.Times));
        Add("expected_norms", Array(profile.ExpectedNorms));
        Add("expected_growths", Array(profile.ExpectedGrowths));
        Add("local_errors", Array(profile.LocalErrors));
        Add("propagated_errors", Array(profile.PropagatedErrors));
        text.Length -= 2;
        return text.Append("\n}\n").ToString();

        void Add(string name, string value) => text.Append("  \"").Append(name).Append("\": ").Append(value).Append(",\n");
        static string Array(IReadOnlyList<double> values) => $"[{string.Join(", ", values.Select(value => PortableNumber.Format(value)))}]";
        static string Text(long value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static ProfileData Read(JsonValue root)
    {
        var members = root.Members.ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);
        // The version first: what else there is depends on it.
        foreach (string name in s_properties)
        {
            if (!members.ContainsKey(name)) throw root.Error($"The property \"{name}\" is missing; a profile has {string.Join(", ", s_properties)}.");
            if (name == "version" && Number("version") is not Version and var version)
                throw members["version"].Error($"version is {PortableNumber.Format(version)}; this release reads {Version}. Measure the network again.");
        }
        Process process = ProcessJson.Read(members["process"]);
        Solver solver = Word<Solver>("solver");
        if (solver is Solver.Bespoke or Solver.Auto) throw members["solver"].Error($"solver is \"{solver}\", which has times of its own.");
        Chart chart = Word<Chart>("chart");
        // The canonical chart of variance 0, as it is called then, is one of all solvers.
        if (chart is Chart.Auto || (chart != Chart.DataPrediction && !ChartFrame.Exists(chart, solver)))
            throw members["chart"].Error($"chart is \"{chart}\"; {solver} integrates in {ChartFrame.ChartsOf(solver)}.");

        ImmutableArray<double> times = ProcessJson.ReadTimes(members["times"], process, MinNodes, MaxNodes);
        int windows = new ErrorWindows(solver, times.Length - 1).Measured.Length;
        string perNode = $"an array of {times.Length} numbers, as there are {times.Length} times";
        string perWindow = $"an array of {windows} numbers, as {solver} has {windows} windows in {times.Length - 1} intervals";
        return new ProfileData(
            process, solver, chart, Positive("scale"), AtLeast("rounding", 0), (int)Count("samples", MaxSamples), Count("evaluations", MaxEvaluations),
            AtLeast("doubt", 0), times, Sizes("expected_norms", times.Length, perNode), Sizes("expected_growths", times.Length, perNode),
            Sizes("local_errors", windows, perWindow), Sizes("propagated_errors", windows, perWindow));

        double Number(string name) => MixtureJson.ReadNumber(members[name], name);

        double Positive(string name) => Number(name) is > 0 and var value
            ? value
            : throw members[name].Error($"{name} is {members[name].Text}; it must be positive.");

        double AtLeast(string name, double least) => Number(name) is var value && value >= least
            ? value
            : throw members[name].Error($"{name} is {members[name].Text}; it must be at least {PortableNumber.Format(least)}.");

        long Count(string name, long most) => Number(name) is >= 1 and var value && value <= most && Math.Floor(value) == value
            ? (long)value
            : throw members[name].Error($"{name} is {members[name].Text}; it must be a whole number of at least 1.");

        T Word<T>(string name)
            where T : struct, Enum
        {
            JsonValue value = members[name];
            // Enum.TryParse takes numbers too.
            if (value.Kind == JsonKind.String && Enum.GetNames(typeof(T)).Contains(value.Text)) return (T)Enum.Parse(typeof(T), value.Text);
            string found = value.Kind == JsonKind.String ? $"\"{value.Text}\"" : value.Description;
            throw value.Error($"{name} is {found}; it must be one of {string.Join(", ", Enum.GetNames(typeof(T)))}.");
        }

        ImmutableArray<double> Sizes(string name, int length, string expected)
        {
            double[] values = MixtureJson.ReadVector(members[name], name, length, expected);
            for (int i = 0; i < values.Length; i++)
                if (!(values[i] >= 0)) throw members[name].Items[i].Error($"{name}[{i}] is {PortableNumber.Format(values[i])}; it must be at least 0.");
            return [.. values];
        }
    }
}
