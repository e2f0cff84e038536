using System.Text;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Processes;

namespace FlowDsl.Mathematics.Files;

/// <summary>Profiles of networks as JSON.</summary>
internal static class ProfileJson
{
    /// <summary>The only version so far. Where windows lie is part of it: <see cref="ErrorWindows"/>.</summary>
    public const int Version = 1;

    // Trajectories follow a few dozen nodes; a file of millions is none of ours.
    private const int MaxNodes = 10_000, MaxSamples = 100_000_000;

    // Beyond this double precision has no whole numbers.
    private const long MaxEvaluations = 1L << 53;

    // The training steps of a process, beside its parameters.
    private const string Betas = "Betas";

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
        Process process = profile.Process;
        string parameters = string.Concat(process.Definition.Parameters.Zip(
            process.Values, (parameter, value) => $", \"{parameter.Name}\": {PortableNumber.Format(value)}"));
        var text = new StringBuilder("{\n");
        Add("version", Text(Version));
        string training = process.Training is { } schedule ? $", \"{Betas}\": {Array(schedule.Betas)}" : "";
        Add("process", $"{{ \"kind\": \"{process.Definition.Name}\"{parameters}{training} }}");
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
        Process process = ReadProcess(members["process"]);
        Solver solver = Word<Solver>("solver");
        if (solver is Solver.Bespoke or Solver.Auto) throw members["solver"].Error($"solver is \"{solver}\", which has times of its own.");
        Chart chart = Word<Chart>("chart");
        // The canonical chart of variance 0, as it is called then, is one of all solvers.
        if (chart is Chart.Auto || (chart != Chart.DataPrediction && !ChartFrame.Exists(chart, solver)))
            throw members["chart"].Error($"chart is \"{chart}\"; {solver} integrates in {ChartFrame.ChartsOf(solver)}.");

        ImmutableArray<double> times = ReadTimes(members["times"], process);
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

    private static ImmutableArray<double> ReadTimes(JsonValue value, Process process)
    {
        double[] times = MixtureJson.ReadVector(value, "times", -1, "an array of the nodes' times");
        if (times.Length is < 3 or > MaxNodes) throw value.Error($"times has {times.Length} items; there must be from 3 to {MaxNodes}.");
        for (int i = 1; i < times.Length; i++)
        {
            if (times[i] < times[i - 1]) continue;
            throw value.Items[i].Error(
                $"times[{i}] is {PortableNumber.Format(times[i])}; it must be less than the time before it, {PortableNumber.Format(times[i - 1])}.");
        }
        Check(0, process.Horizon, process.Definition.Horizon);
        Check(times.Length - 1, process.EarlyStop, process.Definition.EarlyStop);
        return [.. times];

        void Check(int i, double end, ProcessParameter parameter)
        {
            if (times[i] != end)
                throw value.Items[i].Error(
                    $"times[{i}] is {PortableNumber.Format(times[i])}; it must be the process's {parameter.Name}, {PortableNumber.Format(end)}.");
        }
    }

    private static Process ReadProcess(JsonValue value)
    {
        string names = string.Join(", ", ProcessDefinition.All.Select(definition => definition.Name));
        if (value.Kind != JsonKind.Object) throw value.Error($"process is {value.Description}; it must be an object with the kind and its parameters.");
        JsonValue kind = value.Members.FirstOrDefault(member => member.Name == "kind")?.Value
            ?? throw value.Error($"process has no \"kind\"; it must be one of {names}.");
        ProcessDefinition definition = ProcessDefinition.All.FirstOrDefault(own => kind.Kind == JsonKind.String && own.Name == kind.Text)
            ?? throw kind.Error($"The kind of process is {(kind.Kind == JsonKind.String ? $"\"{kind.Text}\"" : kind.Description)}; it must be one of {names}.");
        if (definition.HasSchedule) definition = definition.On(ReadSchedule(value));
        double[] values = [.. definition.Parameters.Select(parameter => MixtureJson.ReadNumber(
            value.Members.FirstOrDefault(member => member.Name == parameter.Name)?.Value
                ?? throw value.Error($"process has no \"{parameter.Name}\", a parameter of {definition.Name}."), parameter.Name))];
        if (definition.Check(values) is [var problem, ..])
            throw value.Error($"{problem.Parameter.Name} is {PortableNumber.Format(problem.Value)}; it must be {problem.Rule}.");
        return definition.Create(values);
    }

    private static TrainingSchedule ReadSchedule(JsonValue process)
    {
        JsonValue value = process.Members.FirstOrDefault(member => member.Name == Betas)?.Value
            ?? throw process.Error($"process has no \"{Betas}\", the betas of its training steps.");
        double[] betas = MixtureJson.ReadVector(value, Betas, -1, "an array of the betas");
        if (TrainingRules.CheckBetas(betas).FirstOrDefault() is { } problem)
            throw (problem.Element < 0 ? value : value.Items[problem.Element]).Error(
                $"{(problem.Element < 0 ? Betas : $"{Betas}[{problem.Element}]")} is {problem.Value}; it must be {problem.Rule}.");
        var schedule = TrainingSchedule.FromBetas(betas);
        return VariancePreservingProcess.Problem(schedule) is { } unresolved ? throw value.Error($"{Betas} cannot be used: {unresolved}.") : schedule;
    }
}
