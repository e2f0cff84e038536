using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning.Samplers;
using FlowDsl.Mathematics;

namespace FlowDsl.Generators.Emission;

/// <summary>Prints a sampler: the nested type users see, and the kernel behind it.</summary>
internal static class SamplerEmitter
{
    /// <summary>The nested type.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="plan">The sampler.</param>
    /// <param name="space">The namespace of the file's own types, ending in a dot.</param>
    /// <param name="type">The user's type.</param>
    public static void WriteType(SourceWriter writer, SamplerPlan plan, string space, string type)
    {
        string name = plan.Spec.Name, value = ValueType(plan), own = space + TypeName(plan);
        string span = $"global::System.Span<{value}>", driver = KnownTypes.InFull("BlockDriver"), kernel = $"{own}.Kernel";
        writer.Line($"/// <summary>{Summarize(plan)}</summary>");
        writer.Line("/// <remarks>");
        foreach (string line in Explain(plan)) writer.Line("/// " + line);
        writer.Line("/// </remarks>");
        writer.Line(ModelEmitter.GeneratedCode);
        string contracts = $"global::FlowDsl.IFlowSampler<{name}, {value}>" + (plan.Network is null ? "" : $", {KnownTypes.InFull("IFieldSampler")}<{name}>");
        using (writer.Open($"public readonly struct {name} : {contracts}"))
        {
            writer.Line("/// <inheritdoc/>");
            writer.Line($"public static void Integrate({span} states) => {driver}.Integrate({kernel}, states);\n");
            writer.Line("/// <inheritdoc/>");
            writer.Line($"public static void Integrate({span} states, int firstSegment, int segmentCount)\n    => {driver}.Integrate({kernel}, states, "
                + "firstSegment, segmentCount);\n");
            writer.Line("/// <inheritdoc/>");
            writer.Line($"public static void Integrate({span} states, {span} history, int firstSegment, int segmentCount)\n    => "
                + $"{driver}.Integrate({kernel}, states, history, firstSegment, segmentCount);\n");
            writer.Line("/// <inheritdoc/>");
            writer.Line($"public static void Integrate({span} states, global::System.Span<global::FlowDsl.FlowError> errors)\n"
                + $"    => {own}.Errors.Integrate(states, errors);\n");
            writer.Line("/// <inheritdoc/>");
            writer.Line($"public static void IntegrateWithMargins({span} states, global::System.Span<global::FlowDsl.FlowError> errors)\n"
                + $"    => {own}.Errors.IntegrateWithMargins(states, errors);\n");
            writer.Line("/// <inheritdoc/>");
            writer.Line($"public static int Integrate({span} states, global::System.Span<double> logDensities)\n"
                + $"    => {KnownTypes.InFull("SamplerLaw")}.Integrate<{name}, {value}>(states, logDensities);\n");
            WriteSample(writer, name, value);
            if (plan.Network is { } network) NetworkEmitter.WriteMembers(writer, $"{type}.{network.Name}", own);
            writer.Line("/// <inheritdoc/>");
            writer.Line($"public static global::FlowDsl.SamplerDescriptor Descriptor => {own}.Descriptor;");
        }
    }

    /// <summary>The calls that draw samples, of a sampler, a student or a flow map.</summary>
    public static void WriteSample(SourceWriter writer, string name, string value)
    {
        Draw("Sample", $"{value}[]");
        Draw("SampleWithLogDensities", $"global::FlowDsl.DensitySamples<{value}>");

        void Draw(string method, string result)
        {
            writer.Line($"/// <inheritdoc cref=\"global::FlowDsl.FlowSampling.{method}{{TSampler, T}}\"/>");
            writer.Line($"public static {result} {method}(");
            using var _ = writer.Indent();
            writer.Line("long count, ulong seed, global::FlowDsl.SamplingOptions? options = null,");
            writer.Line("global::System.IProgress<long>? progress = null, global::System.Threading.CancellationToken cancellationToken = default)");
            writer.Line($"=> global::FlowDsl.FlowSampling.{method}<{name}, {value}>(count, seed, options, progress, cancellationToken);\n");
        }
    }

    /// <summary>The kernel, a file-local type.</summary>
    public static void WriteKernel(SourceWriter writer, SamplerPlan plan, MethodGroups methods)
    {
        writer.Line();
        writer.Line($"/// <summary>{plan.Spec.Name}: {plan.Form.Reason}.</summary>");
        writer.Line(ModelEmitter.GeneratedCode);
        KernelText kernel = Kernel(plan, methods);
        KernelText? companion = plan.Companion is null ? null : Companion(plan, methods);
        using (writer.Open($"file {KernelEmitter.TypeHead(kernel, TypeName(plan))}"))
        {
            // The times come first: other static fields are made from them.
            writer.Numbers("private static readonly double[] Times = ", plan.Times, ";\n");
            if (plan.Discovery is { } discovery)
            {
                writer.Line("// Of earlier slopes, step by step, newest first; a step's own slope has what is missing to 1.");
                writer.Numbers("private static readonly double[] Weights = ", [.. discovery.Method.Weights], ";\n");
            }
            KernelEmitter.WriteBody(writer, kernel, TypeName(plan));
            if (companion is not null)
            {
                writer.Line();
                writer.Line($"/// <summary>The companion, whose distance from the sampler estimates its error: {companion.Form.Reason}.</summary>");
                using (writer.Open($"public {KernelEmitter.TypeHead(companion, "Companion")}")) KernelEmitter.WriteBody(writer, companion, "Companion");
            }
            if (plan.Tangents is { } tangents)
            {
                writer.Line();
                writer.Line(tangents.Count == 0
                    ? "/// <summary>The sampler, with the length of each step's own error.</summary>"
                    : "/// <summary>The sampler, with tangents: its error, and directions at the start, carried along each trajectory.</summary>");
                using (writer.Open($"public readonly struct Tangents : {KnownTypes.InFull("ITangentKernel")}<{ValueType(plan)}>"))
                    KernelEmitter.WriteTangents(writer, kernel, tangents);
            }
            writer.Line();
            DescriptorEmitter.Write(writer, plan);
            writer.Line();
            WriteErrors(writer, plan, kernel, companion);
        }
    }

    private static void WriteErrors(SourceWriter writer, SamplerPlan plan, KernelText kernel, KernelText? companion)
    {
        string own = KernelEmitter.KernelType(kernel, "", TypeName(plan)), value = ValueType(plan);
        string call = (companion, plan.Tangents) switch
        {
            (not null, _) => $"WithCompanion<{own}, {KernelEmitter.KernelType(companion, "", "Companion")}, {value}>(Descriptor, Kernel, Companion.Kernel)",
            (_, not null) => $"WithTangents<{own}, Tangents, {value}>(Descriptor, Kernel)",
            _ => $"Of<{own}, {value}>(Descriptor, Kernel)",
        };
        writer.Line($"public static readonly {KnownTypes.InFull("SamplerErrors")}<{value}> Errors\n    = ErrorTracking.{call};");
    }

    private static KernelText Kernel(SamplerPlan plan, MethodGroups methods)
        => new(
            plan.Program, plan.Form,
            plan.Discovery is null
                ? $"FlowProgram.Create({Arguments(plan)})"
                : $"FlowProgram.Create(Tables.Process, {FrameExpression(plan.Frame)}, Times, Weights)",
            plan.Spec.Precision, plan.Dimension, methods);

    private static KernelText Companion(SamplerPlan plan, MethodGroups methods)
        => new(plan.Companion!.Program, plan.Companion.Form, $"CompanionProgram.Create({Arguments(plan)})", plan.Spec.Precision, plan.Dimension, methods);

    private static string Arguments(SamplerPlan plan) => $"Tables.Process, {FrameExpression(plan.Frame)}, Solver.{plan.Spec.Solver}, Times";

    private static string Summarize(SamplerPlan plan)
    {
        string grid = plan.Grid is { } named ? $"the {named} grid" : plan.Discovery is null ? "explicit times" : "times of its own";
        return $"{plan.Spec.Solver} in {plan.Program.Steps.Length} step{(plan.Program.Steps.Length == 1 ? "" : "s")} on {grid}: "
            + $"{plan.Program.FunctionEvaluations} function evaluation{(plan.Program.FunctionEvaluations == 1 ? "" : "s")} per sample, {ValueType(plan)}.";
    }

    private static IEnumerable<string> Explain(SamplerPlan plan)
    {
        yield return $"<para>Chart: {Describe(plan.Frame)}.</para>";
        if (plan.GridReason is { } reason) yield return $"<para>Grid: {plan.Grid}, {reason}.</para>";
        if (plan.Ranking is { } ranking)
        {
            string asked = plan.Spec.Evaluations is { } most
                ? $"at most {Invariant.Text(most)} evaluation{(most == 1 ? "" : "s")}"
                : $"a relative MSE of at most {Literals.Short(plan.Spec.Error!.Value)}";
            yield return $"<para>Chosen for {asked}, by the errors on exact trajectories that nothing was searched by. The best of each solver:</para>";
            yield return "<code>";
            foreach (string line in PlanText.Ranking(ranking)) yield return line;
            yield return "</code>";
        }
        if (plan.Discovery is { } discovery)
            yield return $"<para>Method: {PlanText.Method(discovery)}. Its slopes have weights of their own in every step.</para>";
        yield return $"<para>Form: {plan.Form.Reason}.</para>";
        if (plan.Network is { } network)
            yield return $"<para>Times, solver and chart are also those of runs on a network of the kind {network.Name}; the forecast is of the mixture's own "
                + "field.</para>";
        if (plan.ScoreError is { } error and not 0)
            yield return $"<para>The network's error moves a sample by at most about {Literals.Short(error)} (r.m.s.): its accuracy times ∫½g² over each "
                + "segment, "
                + "amplified by the rest of the flow. The forecast assumes the exact score.</para>";
        if (plan.Kernel is { } kernel)
        {
            foreach (string line in PlanText.Forms(kernel.Evaluations)) yield return $"<para>{line}</para>";
        }
        foreach (string line in ForecastEmitter.Explain(plan)) yield return line;
    }

    private static string Describe(ChartFrame frame) => frame.Chart switch
    {
        Chart.State => "x against t",
        Chart.Edm => "x/a against s/a",
        _ when frame.Variance == 0 => "x/s against a/s (data prediction)",
        _ => $"x/√λ against a/√λ, λ = {(frame.Variance == 1 ? "" : Literals.Short(frame.Variance) + " ")}a² + s²",
    };

    private static string FrameExpression(ChartFrame frame) => frame.IsCanonical
        ? $"ChartFrame.Canonical({Literals.Number(frame.Variance)})"
        : $"ChartFrame.{frame.Chart}";

    private static string ValueType(SamplerPlan plan) => Literals.Type(plan.Spec.Precision);

    /// <summary>The name of the file's own type behind a sampler.</summary>
    internal static string TypeName(SamplerPlan plan) => plan.Spec.Name + "Kernel";
}
