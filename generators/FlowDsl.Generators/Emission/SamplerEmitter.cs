using FlowDsl.Analysis;
using FlowDsl.Generators.Planning;

namespace FlowDsl.Generators.Emission;

/// <summary>Prints a sampler: the nested type users see, and the kernel behind it.</summary>
internal static class SamplerEmitter
{
    /// <summary>The nested type.</summary>
    public static void WriteType(SourceWriter writer, SamplerPlan plan)
    {
        string name = plan.Spec.Name, value = ValueType(plan);
        string span = $"global::System.Span<{value}>", driver = "global::FlowDsl.Kernels.BlockDriver", kernel = $"{Qualified(plan)}.Kernel";
        writer.Line($"/// <summary>{Summarize(plan)}</summary>");
        writer.Line("/// <remarks>");
        foreach (string line in Explain(plan)) writer.Line("/// " + line);
        writer.Line("/// </remarks>");
        writer.Line(ModelEmitter.GeneratedCode);
        using (writer.Open($"public readonly struct {name} : global::FlowDsl.IFlowSampler<{name}, {value}>"))
        {
            writer.Line("/// <inheritdoc/>");
            writer.Line($"public static global::FlowDsl.SamplerDescriptor Descriptor => {Qualified(plan)}.Descriptor;\n");
            writer.Line("/// <inheritdoc/>");
            writer.Line($"public static void Integrate({span} states) => {driver}.Integrate({kernel}, states);\n");
            writer.Line("/// <inheritdoc/>");
            writer.Line($"public static void Integrate({span} states, int firstSegment, int segmentCount)\n    => {driver}.Integrate({kernel}, states, firstSegment, segmentCount);\n");
            writer.Line("/// <inheritdoc/>");
            writer.Line($"public static void Integrate({span} states, {span} history, int firstSegment, int segmentCount)\n    => {driver}.Integrate({kernel}, states, history, firstSegment, segmentCount);\n");
            writer.Line("/// <inheritdoc/>");
            writer.Line($"public static void Integrate({span} states, global::System.Span<global::FlowDsl.FlowError> errors)\n    => global::FlowDsl.Kernels.ErrorTracking.Integrate<{name}, {value}>(states, errors);");
        }
    }

    /// <summary>The kernel, a file-local type.</summary>
    public static void WriteKernel(SourceWriter writer, ModelPlan model, SamplerPlan plan)
    {
        string value = ValueType(plan);
        writer.Line();
        writer.Line($"/// <summary>{plan.Spec.Name}: {plan.Form.Reason}.</summary>");
        writer.Line(ModelEmitter.FileGeneratedCode);
        if (plan.Kernel is not { } kernel || plan.Form.Span is not null)
        {
            using (writer.Open($"file static class {TypeName(plan)}"))
            {
                WriteDescriptor(writer, plan);
                if (plan.Form.Span is { } span) WriteRotation(writer, plan, span);
                else writer.Line($"\npublic static readonly {(plan.Form.InCoefficients ? "Coefficient" : "Table")}Kernel<{value}> Kernel = {LoopKernel(plan)};");
            }
            return;
        }

        using (writer.Open($"file readonly struct {TypeName(plan)} : IBlockKernel<{value}>"))
        {
            WriteDescriptor(writer, plan);
            writer.Line($"\npublic static {TypeName(plan)} Kernel => default;\n");
            WriteStraightLine(writer, plan, kernel, model.Model.Mixture.Dimension);
        }
    }

    /// <summary>The kernel that rotates, and the one that it runs on the coordinates along the axes.</summary>
    private static void WriteRotation(SourceWriter writer, SamplerPlan plan, MeansSpan span)
    {
        string value = ValueType(plan);
        writer.Line($"\nprivate static readonly FlowProgram Program = {ProgramExpression(plan)};");
        if (plan.Kernel is not { } kernel)
        {
            writer.Line($"\npublic static readonly RotatedKernel<TableKernel<{value}>, {value}> Kernel = new(\n    new(Tables.Rotation.Reduced, Program), Tables.Mixture, Tables.Rotation, Program);");
            return;
        }
        writer.Line($"\npublic static readonly RotatedKernel<AlongAxes, {value}> Kernel = new(default, Tables.Mixture, Tables.Rotation, Program);\n");
        writer.Line($"/// <summary>In the coordinate{(span.Axes.Length == 1 ? " x0 along the axis" : $"s x0 to x{span.Axes.Length - 1} along the axes")} of <see cref=\"Tables.Rotation\"/>, in which the components are:</summary>");
        writer.Line("/// <remarks>");
        foreach (string line in ModelEmitter.List(span.Reduced)) writer.Line("/// " + line);
        writer.Line("/// </remarks>");
        using (writer.Open($"public readonly struct AlongAxes : IBlockKernel<{value}>"))
            WriteStraightLine(writer, plan, kernel, span.Axes.Length);
    }

    private static void WriteStraightLine(SourceWriter writer, SamplerPlan plan, KernelPlan kernel, int dimension)
    {
        string value = ValueType(plan);
        writer.Line($"private const nuint Stride = {kernel.Stride};\n");
        writer.Line($"int IBlockKernel<{value}>.Dimension => {dimension};\n");
        writer.Line($"int IBlockKernel<{value}>.SegmentCount => {plan.Program.Steps.Length};\n");
        writer.Line($"int IBlockKernel<{value}>.HistoryLength => {plan.Program.HistoryLength};\n");
        writer.Line($"int IBlockKernel<{value}>.RowCount => {kernel.RowCount};\n");
        writer.Line($"int IBlockKernel<{value}>.Stride => (int)Stride;\n");
        writer.Line($"int IBlockKernel<{value}>.ExcessRow => {kernel.ExcessRow};\n");
        writer.Line($"TableKernel<{value}>? IBlockKernel<{value}>.Fallback => {(kernel.ExcessRow < 0 ? "null" : "Loops.Kernel")};\n");
        WriteAdvance(writer, plan, kernel, dimension);
        foreach (MethodPlan method in kernel.Steps.SelectMany(step => step))
        {
            writer.Line();
            MethodEmitter.Write(writer, method, plan.Spec.Precision);
        }
        if (kernel.ExcessRow < 0) return;
        writer.Line();
        writer.Line("// Made when a sample first needs it.");
        using (writer.Open("private static class Loops"))
            writer.Line($"public static readonly TableKernel<{value}> Kernel = {(plan.Form.Span is null ? LoopKernel(plan) : "new(Tables.Rotation.Reduced, Program)")};");
    }

    private static string LoopKernel(SamplerPlan plan) => $"new(\n    Tables.Mixture,\n    {ProgramExpression(plan)})";

    private static string ProgramExpression(SamplerPlan plan)
        => $"FlowProgram.Create(Tables.Process, {FrameExpression(plan.Frame)}, Solver.{plan.Spec.Solver}, Times)";

    private static void WriteAdvance(SourceWriter writer, SamplerPlan plan, KernelPlan kernel, int dimension)
    {
        string value = ValueType(plan);
        using (writer.Open($"void IBlockKernel<{value}>.Advance(ref {value} rows, nuint count, int segment, int history)"))
        {
            if (kernel.Advances.Length > 0) writer.Line("// The factor of the state, then those of the slopes, newest first; at first there are fewer of these.");
            WriteSegments(writer, plan, kernel, dimension);
        }
    }

    private static void WriteSegments(SourceWriter writer, SamplerPlan plan, KernelPlan kernel, int dimension)
    {
        using (writer.Open("switch (segment)"))
        {
            for (int i = 0; i < kernel.Steps.Length; i++)
            {
                writer.Line($"case {i}:");
                using (writer.Indent())
                {
                    foreach (MethodPlan method in kernel.Steps[i]) writer.Line($"{method.Name}(ref rows, count);");
                    if (kernel.Advances.Length > 0)
                        WriteCombination(writer, plan, $"LinearCombination.Advance(ref rows, Stride, count, d: {dimension}, historyLength: {plan.Program.HistoryLength}, segment: {i}, ", kernel.Advances[i]);
                    writer.Line("break;");
                }
            }
        }
    }

    /// <summary>A call with the factors of the state and of the slopes, newest first, by the number of earlier slopes at hand.</summary>
    private static void WriteCombination(SourceWriter writer, SamplerPlan plan, string call, double[][] byHistory)
    {
        if (byHistory.Length == 1)
        {
            writer.Line($"{call}{Row(byHistory[0])});");
            return;
        }
        writer.Line($"{call}history switch");
        writer.Line("{");
        using (writer.Indent())
        {
            for (int h = 0; h < byHistory.Length; h++)
                writer.Line($"{(h == byHistory.Length - 1 ? "_" : ModelEmitter.Text(h))} => {Row(byHistory[h])},");
        }
        writer.Line("});");

        string Row(double[] row) => $"(ReadOnlySpan<{ValueType(plan)}>)[" + string.Join(", ", row.Select(number => plan.Spec.Precision == Precision.Single
            ? PortableNumber.CSharpLiteral((float)number)
            : PortableNumber.CSharpLiteral(number))) + "]";
    }

    private static void WriteDescriptor(SourceWriter writer, SamplerPlan plan)
    {
        writer.Numbers("private static readonly double[] Times = ", plan.Times, ";\n");
        writer.Line("public static readonly SamplerDescriptor Descriptor = new()");
        writer.Line("{");
        using (writer.Indent())
        {
            writer.Line($"Name = \"{plan.Spec.Name}\",");
            writer.Line("Dimension = Tables.Mixture.Dimension,");
            writer.Line($"Solver = Solver.{plan.Spec.Solver},");
            writer.Line($"Chart = Chart.{plan.Frame.Chart},");
            writer.Line($"ChartVariance = {ModelEmitter.Number(plan.Frame.Variance)},");
            writer.Line($"Grid = {(plan.Grid is { } grid ? $"Grid.{grid}" : "null")},");
            if (plan.Pilot is { } pilot)
                writer.Line($"Pilot = new({ModelEmitter.Text(pilot.Samples)}, {ModelEmitter.Number(pilot.Pilot)}, {ModelEmitter.Number(pilot.HeldOut)}, Grid.{pilot.Other}, {ModelEmitter.Number(pilot.OtherHeldOut)}),");
            writer.Line($"Precision = Precision.{plan.Spec.Precision},");
            if (plan.Spec.Tracking != Tracking.Companion) writer.Line($"Tracking = Tracking.{plan.Spec.Tracking},");
            writer.Line("Times = Array.AsReadOnly(Times),");
            writer.Line($"FunctionEvaluations = {plan.Program.FunctionEvaluations},");
            writer.Line($"HistoryLength = {plan.Program.HistoryLength},");
            if (!plan.Form.ComposesExactly) writer.Line("ComposesExactly = false,");
            if (plan.Spec.Reference is { } reference) writer.Line($"Reference = \"{reference}\",");
            ForecastEmitter.Write(writer, plan);
            writer.Line("Model = Tables.Model,");
        }
        writer.Line("};");
    }

    private static string Summarize(SamplerPlan plan)
    {
        string grid = plan.Grid is { } named ? $"the {named} grid" : "explicit times";
        return $"{plan.Spec.Solver} in {plan.Program.Steps.Length} step{(plan.Program.Steps.Length == 1 ? "" : "s")} on {grid}: {plan.Program.FunctionEvaluations} function evaluation{(plan.Program.FunctionEvaluations == 1 ? "" : "s")} a sample, {ValueType(plan)}.";
    }

    private static IEnumerable<string> Explain(SamplerPlan plan)
    {
        yield return $"<para>Chart: {Describe(plan.Frame)}.</para>";
        if (plan.GridReason is { } reason) yield return $"<para>Grid: {plan.Grid}, {reason}.</para>";
        yield return $"<para>Form: {plan.Form.Reason}.</para>";
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
        _ => $"x/√λ against a/√λ, λ = {(frame.Variance == 1 ? "" : ModelEmitter.Short(frame.Variance) + " ")}a² + s²",
    };

    private static string FrameExpression(ChartFrame frame) => frame.Chart == Chart.Canonical
        ? $"ChartFrame.Canonical({ModelEmitter.Number(frame.Variance)})"
        : $"ChartFrame.{frame.Chart}";

    private static string ValueType(SamplerPlan plan) => plan.Spec.Precision == Precision.Single ? "float" : "double";

    private static string Qualified(SamplerPlan plan) => $"global::FlowDsl.Generated.{TypeName(plan)}";

    private static string TypeName(SamplerPlan plan) => plan.Spec.Name + "Kernel";
}
