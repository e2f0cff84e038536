using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning.Maps;

namespace FlowDsl.Generators.Emission;

/// <summary>Prints a flow map: the nested type users see, its descriptor and its tables.</summary>
internal static class FlowMapEmitter
{
    /// <summary>The nested type.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="plan">The flow map.</param>
    /// <param name="space">The namespace of the file's own types, ending in a dot.</param>
    public static void WriteType(SourceWriter writer, FlowMapPlan plan, string space)
    {
        string name = plan.Spec.Name, own = space + TypeName(plan), value = Literals.Type(plan.Spec.Precision), span = $"global::System.Span<{value}>";
        writer.Line($"/// <summary>{Summarize(plan)}</summary>");
        writer.Line("/// <remarks>");
        foreach (string line in Explain(plan)) writer.Line($"/// <para>{line}</para>");
        writer.Line("/// </remarks>");
        writer.Line(ModelEmitter.GeneratedCode);
        using (writer.Open($"public readonly struct {name} : global::FlowDsl.IFlowSampler<{name}, {value}>"))
        {
            Member($"public static void Integrate({span} states) => {own}.Map.Integrate(states);");
            Member($"public static void Integrate({span} states, int firstSegment, int segmentCount)\n"
                + $"    => {own}.Map.Integrate(states, default, firstSegment, segmentCount);");
            Member($"public static void Integrate({span} states, {span} history, int firstSegment, int segmentCount)\n"
                + $"    => {own}.Map.Integrate(states, history, firstSegment, segmentCount);");
            Member($"public static void Integrate({span} states, global::System.Span<global::FlowDsl.FlowError> errors)\n"
                + $"    => {own}.Errors.Integrate(states, errors);");
            Member($"public static void IntegrateWithMargins({span} states, global::System.Span<global::FlowDsl.FlowError> errors)\n"
                + $"    => {own}.Errors.IntegrateWithMargins(states, errors);");
            Member($"public static int Integrate({span} states, global::System.Span<double> logDensities)\n"
                + $"    => {KnownTypes.InFull("SamplerLaw")}.Integrate<{name}, {value}>(states, logDensities);");
            SamplerEmitter.WriteSample(writer, name, value);
            Member($"public static global::FlowDsl.SamplerDescriptor Descriptor => {own}.Descriptor;", last: true);
        }

        void Member(string text, bool last = false)
        {
            writer.Line("/// <inheritdoc/>");
            writer.Line(last ? text : text + "\n");
        }
    }

    /// <summary>The descriptor and the tables, in a file-local type.</summary>
    public static void WriteTables(SourceWriter writer, FlowMapPlan plan)
    {
        string value = Literals.Type(plan.Spec.Precision);
        writer.Line();
        writer.Line($"/// <summary>{plan.Spec.Name}: {plan.Form}</summary>");
        writer.Line(ModelEmitter.GeneratedCode);
        using (writer.Open($"file static class {TypeName(plan)}"))
        {
            writer.Numbers("private static readonly double[] Times = ", plan.Times, ";\n");
            DescriptorEmitter.Write(writer, plan);
            writer.Line();
            writer.Line($"public static readonly {KnownTypes.InFull("TabulatedMap")}<{value}> Map = new(Descriptor, Data);\n");
            writer.Line($"public static readonly {KnownTypes.InFull("SamplerErrors")}<{value}> Errors = ErrorTracking.OfMap(Map);");
            if (plan.Axes.Lines.Length == 0)
            {
                writer.Line("\n// All axes are straight: there is no table.");
                writer.Line("private static global::System.ReadOnlySpan<byte> Data => default;");
            }
            else
            {
                writer.Line("\n// Base64 of the tables, segment by segment and line by line.");
                writer.Base64("Data", plan.Data(), size: 1);
            }
        }
    }

    private static string Summarize(FlowMapPlan plan)
    {
        string count = plan.Spec.Segments == 1 ? "1 segment" : $"{plan.Spec.Segments} segments on the {plan.Grid} grid";
        return $"The exact flow map in {count}, tabulated: proved error {Literals.Short(plan.Segments.Max(segment => segment.Error))} a segment, "
            + $"{Literals.Type(plan.Spec.Precision)}.";
    }

    private static IEnumerable<string> Explain(FlowMapPlan plan)
    {
        yield return $"Form: {plan.Form}";
        yield return $"The segments start at t = {Literals.Short(plan.Times[0])} and end at {string.Join(", ", plan.Times.Skip(1).Select(Literals.Short))}.";
        yield return "Errors are distances in units of x, rounding included, within eight standard deviations of a component; farther out they are twice as "
            + "great and grow in proportion.";
        if (plan.Undecided > 0)
            yield return $"Of starts so near a separatrix that rounding decides, a share of {Literals.Short(plan.Undecided)} at most, nothing is proved.";
    }

    // What samplers, students and score networks are called ends otherwise, so no two names make one.
    private static string TypeName(FlowMapPlan plan) => plan.Spec.Name + "FlowMap";
}
