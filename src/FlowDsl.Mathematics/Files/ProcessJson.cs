using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Processes;

namespace FlowDsl.Mathematics.Files;

/// <summary>Processes as JSON, and times of theirs.</summary>
internal static class ProcessJson
{
    // The training steps of a process, beside its parameters.
    private const string Betas = "Betas";

    /// <summary>Writes a process. <see cref="Read"/> restores the same numbers bit for bit.</summary>
    /// <param name="process">The process.</param>
    public static string Write(Process process)
    {
        string parameters = string.Concat(process.Definition.Parameters.Zip(
            process.Values, (parameter, value) => $", \"{parameter.Name}\": {PortableNumber.Format(value)}"));
        string training = process.Training is { } schedule
            ? $", \"{Betas}\": [{string.Join(", ", schedule.Betas.Select(value => PortableNumber.Format(value)))}]" : "";
        return $"{{ \"kind\": \"{process.Definition.Name}\"{parameters}{training} }}";
    }

    /// <summary>Reads a process.</summary>
    /// <param name="value">The object.</param>
    /// <exception cref="MixtureFormatException">It is no process.</exception>
    public static Process Read(JsonValue value)
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

    /// <summary>Times from a process's horizon to its early stop.</summary>
    /// <param name="value">The array.</param>
    /// <param name="process">The process.</param>
    /// <param name="least">The least number of times.</param>
    /// <param name="most">The greatest number of times.</param>
    /// <exception cref="MixtureFormatException">It is something else.</exception>
    public static ImmutableArray<double> ReadTimes(JsonValue value, Process process, int least, int most)
    {
        double[] times = MixtureJson.ReadVector(value, "times", -1, "an array of times");
        if (times.Length < least || times.Length > most) throw value.Error($"times has {times.Length} items; there must be from {least} to {most}.");
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
