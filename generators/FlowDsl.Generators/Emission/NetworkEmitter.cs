using FlowDsl.Generators.Model;

namespace FlowDsl.Generators.Emission;

/// <summary>Prints a network that comes at run time: the nested type with its convention.</summary>
internal static class NetworkEmitter
{
    /// <summary>The nested type.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="network">The network.</param>
    public static void WriteType(SourceWriter writer, NetworkSpec network)
    {
        writer.Line($"/// <summary>Networks that predict {Words(network)}; they come at run time.</summary>");
        writer.Line(ModelEmitter.GeneratedCode);
        using (writer.Open($"public static class {network.Name}"))
        {
            writer.Line("/// <summary>What the network's output is and in which time it counts.</summary>");
            string head = $"public static {KnownTypes.InFull("NetworkConvention")} Convention {{ get; }} = new() {{ Prediction = "
                + $"{KnownTypes.InFull("Prediction")}.{network.Prediction}, Time = {KnownTypes.InFull("NetworkTime")}.{network.Time}, "
                + $"TimeScale = {Literals.Number(network.TimeScale)}";
            if (network.Prediction == Prediction.Preconditioned) head += $", DataDeviation = {Literals.Number(network.DataDeviation)}";
            if (network.Training.IsOther) TrainingEmitter.Write(writer, $"{head}, Training = ", network.Training, " };");
            else writer.Line($"{head} }};");
        }
    }

    /// <summary>The members by which a sampler runs on such a network.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="network">The network's nested type, in full.</param>
    /// <param name="kernel">The file's own type behind the sampler, in full.</param>
    public static void WriteMembers(SourceWriter writer, string network, string kernel)
    {
        string span = "global::System.Span<float>", field = KnownTypes.InFull("INetworkField"), sampler = KnownTypes.InFull("FieldSampler");
        writer.Line("/// <inheritdoc/>");
        writer.Line($"public static {sampler} FieldSampler {{ get; }} = new({kernel}.Descriptor, {network}.Convention);\n");
        Member($"public static void Integrate({span} states, {field} field) => FieldSampler.Integrate(states, field);");
        Member($"public static void Integrate({span} states, {field} field, int firstSegment, int segmentCount)\n"
            + "    => FieldSampler.Integrate(states, field, firstSegment, segmentCount);");
        Member($"public static void Integrate({span} states, {field} field, {span} history, int firstSegment, int segmentCount)\n"
            + "    => FieldSampler.Integrate(states, field, history, firstSegment, segmentCount);");
        Member($"public static void Integrate({span} states, global::System.Span<global::FlowDsl.FlowError> errors, {field} field)\n"
            + "    => FieldSampler.Integrate(states, errors, field);");
        writer.Line($"/// <inheritdoc cref=\"{sampler}.Sample\"/>");
        writer.Line("public static float[] Sample(");
        using (writer.Indent())
        {
            writer.Line($"long count, ulong seed, {field} field, global::FlowDsl.SamplingOptions? options = null,");
            writer.Line("global::System.IProgress<long>? progress = null, global::System.Threading.CancellationToken cancellationToken = default)");
            writer.Line("=> FieldSampler.Sample(count, seed, field, options, progress, cancellationToken);\n");
        }

        void Member(string text)
        {
            writer.Line("/// <inheritdoc/>");
            writer.Line(text + "\n");
        }
    }

    private static string Words(NetworkSpec network) => (network.Prediction switch
    {
        Prediction.Velocity => "the velocity",
        Prediction.Noise => "the noise",
        Prediction.Data => "the data",
        Prediction.Score => "the score",
        Prediction.VPrediction => "v",
        _ => "EDM's F",
    }) + " at " + (network.TimeScale == 1 ? "" : $"{Literals.Short(network.TimeScale)} times ") + (network.Time switch
    {
        NetworkTime.Process => $"the {Clock(network)}'s time",
        NetworkTime.Timestep => $"the {Clock(network)}'s time, rounded",
        NetworkTime.LogSnr => "log(a²/s²)",
        _ => "s/a",
    });

    private static string Clock(NetworkSpec network) => network.Training.IsOther ? "training" : "process";
}
