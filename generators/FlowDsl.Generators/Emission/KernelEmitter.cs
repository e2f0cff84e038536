using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning.Arithmetic;
using FlowDsl.Generators.Planning.Networks;
using FlowDsl.Generators.Planning.Samplers;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Structure;

namespace FlowDsl.Generators.Emission;

/// <summary>What a kernel is printed from.</summary>
/// <param name="Program">The solver on its times.</param>
/// <param name="Form">Its form.</param>
/// <param name="Expression">The program in C#.</param>
/// <param name="Precision">The precision.</param>
/// <param name="Dimension">The number of coordinates.</param>
/// <param name="Methods">The bodies that its methods share with others.</param>
internal sealed record KernelText(FlowProgram Program, FormPlan Form, string Expression, Precision Precision, int Dimension, MethodGroups Methods)
{
    public string Value => Literals.Type(Precision);

    /// <summary>Whether the kernel is a type of its own; else it is one of the library's, made from tables.</summary>
    public bool IsStraightLine => Form.Kernel is not null && Form.Span is null;
}

/// <summary>Prints a kernel: straight-line methods, or the tables that the library's loops read.</summary>
internal static class KernelEmitter
{
    /// <summary>How the declaration of the type begins behind its accessibility.</summary>
    public static string TypeHead(KernelText text, string name)
        => text.IsStraightLine ? $"readonly struct {name} : {Library("IBlockKernel", text)}" : $"static class {name}";

    /// <summary>The type of the kernel, for code outside.</summary>
    /// <param name="text">The kernel.</param>
    /// <param name="space">The namespace of the file's own types, ending in a dot.</param>
    /// <param name="name">The kernel's own type.</param>
    public static string KernelType(KernelText text, string space, string name) => text.Form switch
    {
        { Score: { } network } => $"{KnownTypes.InFull("ScoreKernel")}<{ScoreNetworkEmitter.InstanceType(network, text.Precision, space)}, "
            + $"{text.Value}>",
        { Kernel: not null, Span: null } => space + name,
        { Kernel: not null } => $"{KnownTypes.InFull("RotatedKernel")}<{space}{name}.AlongAxes, {text.Value}>",
        { Span: not null } => $"{KnownTypes.InFull("RotatedKernel")}<{LoopType(text)}, {text.Value}>",
        _ => LoopType(text),
    };

    /// <summary>What the type holds besides a sampler's descriptor.</summary>
    public static void WriteBody(SourceWriter writer, KernelText text, string name)
    {
        if (text.IsStraightLine)
        {
            writer.Line($"public static {name} Kernel => default;\n");
            WriteStraightLine(writer, text, text.Form.Kernel!, text.Dimension, "Descriptor.Points");
        }
        else if (text.Form.Score is { } network) WriteScore(writer, text, network);
        else if (text.Form.Span is { } span) WriteRotation(writer, text, span);
        else writer.Line($"public static readonly {LoopType(text)} Kernel = {LoopKernel(text)};");
    }

    private static void WriteScore(SourceWriter writer, KernelText text, ScoreNetworkPlan network)
        => writer.Line($"public static readonly {KnownTypes.InFull("ScoreKernel")}<{ScoreNetworkEmitter.InstanceType(network, text.Precision)}, "
            + $"{text.Value}> Kernel = new(\n    {ScoreNetworkEmitter.Instance(network, text.Precision)},\n    {text.Expression});");

    /// <summary>The members of a kernel with tangents.</summary>
    public static void WriteTangents(SourceWriter writer, KernelText text, TangentPlan plan)
    {
        (KernelPlan kernel, RowLayout layout) = (plan.Kernel, plan.Layout);
        MethodPlan[] methods = [.. kernel.Steps.SelectMany(step => step), .. plan.End is null ? [] : (MethodPlan[])[plan.End]];
        var numbers = new NumberLayout(methods, text.Methods);
        WriteEquations(writer, kernel);
        AdvanceEmitter.Write(writer, text, kernel, numbers, text.Dimension, hasTangents: true);
        writer.Line();
        using (writer.Open($"public void Finish(ref {text.Value} rows, nuint count)"))
        {
            if (plan.End is not null) writer.Line(AdvanceEmitter.Call(text, plan.End, numbers));
        }
        if (kernel.Advances.Length > 0)
        {
            writer.Line();
            writer.Line("// Tangents are combined as states are.");
            using (writer.Open($"private static void Combine(ref {text.Value} rows, nuint count, int segment, global::System.ReadOnlySpan<{text.Value}> "
                + "factors)"))
            {
                string call = $", Stride, count, d: {text.Dimension}, historyLength: {text.Program.HistoryLength}, segment, factors);";
                writer.Line("LinearCombination.Advance(ref rows" + call);
                writer.Line($"for (nuint first = {layout.Tangents} * Stride; first < {layout.Tangents + plan.Count * layout.Differentiated} * Stride; "
                    + $"first += {layout.Differentiated} * Stride)");
                using (writer.Indent()) writer.Line("LinearCombination.Advance(ref Unsafe.Add(ref rows, first)" + call);
            }
        }
        WriteMethods(writer, text, methods, numbers, new MethodOwner(text.Precision, kernel.Stride, kernel.IsTabled, plan));
        writer.Line();
        WriteMembers(writer, text, kernel, text.Dimension, "null", "null");
        writer.Line($"public int TangentCount => {plan.Count};");
        writer.Line($"public int LengthRow => {layout.Length};");
        writer.Line($"public int TangentRow(int tangent) => {layout.Tangents} + tangent * {layout.Differentiated};");
    }

    /// <summary>The kernel that rotates, and the one that it runs on the coordinates along the axes.</summary>
    private static void WriteRotation(SourceWriter writer, KernelText text, MeansSpan span)
    {
        writer.Line($"private static readonly FlowProgram Program = {text.Expression};");
        if (text.Form.Kernel is not { } kernel)
        {
            writer.Line($"\npublic static readonly {KernelType(text, "", "")} Kernel = new(\n    new(Tables.Rotation.Reduced, Program), Tables.Mixture, "
                + "Tables.Rotation, Program);");
            return;
        }
        writer.Line($"\npublic static readonly {KnownTypes.InFull("RotatedKernel")}<AlongAxes, {text.Value}> Kernel = new(default, Tables.Mixture, "
            + "Tables.Rotation, Program);\n");
        writer.Line($"/// <summary>In the coordinate{(span.Axes.Length == 1 ? " x0 along the axis" : $"s x0 to x{span.Axes.Length - 1} along the axes")} "
            + "of <see cref=\"Tables.Rotation\"/>, in which the components are:</summary>");
        writer.Line("/// <remarks>");
        foreach (string line in MixtureText.List(span.Reduced)) writer.Line("/// " + line);
        writer.Line("/// </remarks>");
        using (writer.Open($"public readonly struct AlongAxes : {Library("IBlockKernel", text)}"))
            WriteStraightLine(writer, text, kernel, span.Axes.Length, "null");
    }

    private static void WriteStraightLine(SourceWriter writer, KernelText text, KernelPlan kernel, int dimension, string points)
    {
        MethodPlan[] methods = [.. kernel.Steps.SelectMany(step => step)];
        var numbers = new NumberLayout(methods, text.Methods);
        WriteEquations(writer, kernel);
        AdvanceEmitter.Write(writer, text, kernel, numbers, dimension, hasTangents: false);
        WriteMethods(writer, text, methods, numbers, new MethodOwner(text.Precision, kernel.Stride, kernel.IsTabled, null));
        writer.Line();
        WriteMembers(writer, text, kernel, dimension, kernel.ExcessRow < 0 ? "null" : "Loops.Kernel", points);
        if (kernel.ExcessRow < 0) return;
        writer.Line();
        writer.Line("// Created when a sample first needs it.");
        using (writer.Open("private static class Loops"))
            writer.Line($"public static readonly {Library("TableKernel", text)} Kernel = "
                + $"{(text.Form.Span is null ? LoopKernel(text) : "new(Tables.Rotation.Reduced, Program)")};");
    }

    private static void WriteEquations(SourceWriter writer, KernelPlan kernel)
    {
        foreach (string line in PlanText.Equations(kernel)) writer.Line($"// {line}");
    }

    /// <summary>The methods, or their numbers where a body is printed once for several.</summary>
    private static void WriteMethods(SourceWriter writer, KernelText text, MethodPlan[] methods, NumberLayout numbers, MethodOwner owner)
    {
        if (numbers.Rows.Count > 0) WriteTable(writer, text, numbers);
        foreach (MethodPlan method in methods)
        {
            if (numbers.Find(method) is not null) continue;
            writer.Line();
            if (text.Methods.Find(method) is var (_, constants)) MethodEmitter.WriteNumbers(writer, method, text.Precision, constants);
            else MethodEmitter.Write(writer, method, owner);
        }
    }

    private static void WriteTable(SourceWriter writer, KernelText text, NumberLayout numbers)
    {
        writer.Line($"\nprivate static readonly {Library("NumberTable", text)} Numbers = new([");
        using (writer.Indent())
        {
            foreach ((MethodPlan method, double[] row) in numbers.Rows)
            {
                writer.Line($"// {method.Summary}");
                writer.Rows([.. row.Select(number => Literals.Number(number, text.Precision))]);
            }
        }
        writer.Line("]);");
    }

    private static void WriteMembers(SourceWriter writer, KernelText text, KernelPlan kernel, int dimension, string fallback, string points)
    {
        writer.Line("// The shape of a block, for the driver.");
        writer.Line($"private const nuint Stride = {kernel.Stride};");
        writer.Line($"int {Library("IBlockKernel", text)}.Stride => (int)Stride;");
        writer.Line($"public int Dimension => {dimension};");
        writer.Line($"public int SegmentCount => {text.Program.Steps.Length};");
        writer.Line($"public int HistoryLength => {text.Program.HistoryLength};");
        writer.Line($"public int RowCount => {kernel.RowCount};");
        writer.Line($"public int ExcessRow => {kernel.ExcessRow};");
        writer.Line($"public {Library("IBlockKernel", text)} Fallback => {fallback};");
        writer.Line($"public {KnownTypes.InFull("PointProgram")} Points => {points};");
    }

    private static string LoopType(KernelText text) => text.Form.Loops switch
    {
        LoopForm.Coefficients => Library("CoefficientKernel", text),
        LoopForm.Active => Library("ActiveKernel", text),
        LoopForm.Data => KnownTypes.InFull("DataKernel"),
        _ => Library("TableKernel", text),
    };

    // In full: generic types have no alias, and a file's own types are called anything that ends in Kernel.
    private static string Library(string name, KernelText text) => $"{KnownTypes.InFull(name)}<{text.Value}>";

    private static string LoopKernel(KernelText text) => $"new(\n    Tables.{(text.Form.Loops == LoopForm.Data ? "Data" : "Mixture")},\n    {text.Expression})";
}
