using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning.Samplers;
using FlowDsl.Generators.Planning.Students;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Students;

namespace FlowDsl.Generators.Emission;

/// <summary>Prints a student: the nested type users see, its descriptor and its weights. <see cref="StudentProgramEmitter"/> prints its arithmetic.</summary>
internal static class StudentEmitter
{
    /// <summary>The nested type.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="plan">The student.</param>
    /// <param name="space">The namespace of the file's own types, ending in a dot.</param>
    public static void WriteType(SourceWriter writer, StudentPlan plan, string space)
    {
        string span = "global::System.Span<float>", driver = KnownTypes.InFull("StudentDriver");
        string name = plan.Spec.Name, program = space + ProgramName(plan);
        writer.Line($"/// <summary>{Summarize(plan)}</summary>");
        writer.Line("/// <remarks>");
        foreach (string line in Explain(plan)) writer.Line($"/// <para>{line}</para>");
        writer.Line("/// </remarks>");
        writer.Line(ModelEmitter.GeneratedCode);
        using (writer.Open($"public readonly struct {name} : global::FlowDsl.IFlowStudent<{name}>"))
        {
            Member($"public static void Integrate({span} states) => {driver}.Integrate({program}.Kernel, states, default, 0, "
                + $"{Invariant.Text(plan.Spec.Segments)});");
            Member($"public static void Integrate({span} states, int firstSegment, int segmentCount)\n    => {driver}.Integrate({program}.Kernel, states, "
                + "default, firstSegment, segmentCount);");
            Member($"public static void Integrate({span} states, {span} history, int firstSegment, int segmentCount)\n    => "
                + $"{driver}.Integrate({program}.Kernel, states, history, firstSegment, segmentCount);");
            Member($"public static void Integrate({span} states, global::System.Span<global::FlowDsl.FlowError> errors)\n"
                + $"    => {program}.Errors.Integrate(states, errors);");
            Member($"public static void IntegrateWithMargins({span} states, global::System.Span<global::FlowDsl.FlowError> errors)\n"
                + $"    => {program}.Errors.IntegrateWithMargins(states, errors);");
            Member($"public static int Integrate({span} states, global::System.Span<double> logDensities)\n"
                + $"    => {KnownTypes.InFull("SamplerLaw")}.Integrate({program}.Kernel, states, logDensities);");
            Member($"public static void JacobianVectorProduct({span} states, {span} directions, int firstSegment, int segmentCount)\n    => "
                + $"{driver}.JacobianVectorProduct({program}.Kernel, states, directions, firstSegment, segmentCount);");
            Member($"public static {KnownTypes.InFull("StudentKernel")} CreateKernel(global::FlowDsl.StudentWeights weights)\n    => new "
                + $"{KnownTypes.InFull("StudentKernel")}<{program}>(Student, weights);");
            SamplerEmitter.WriteSample(writer, name, "float");
            Member($"public static global::FlowDsl.SamplerDescriptor Descriptor => {program}.Descriptor;");
            Member($"public static global::FlowDsl.StudentDescriptor Student => {program}.Student;", last: true);
        }

        void Member(string text, bool last = false)
        {
            writer.Line("/// <inheritdoc/>");
            writer.Line(last ? text : text + "\n");
        }
    }

    /// <summary>The descriptor, the weights and the arithmetic, in a file-local type.</summary>
    public static void WriteProgram(SourceWriter writer, StudentPlan plan)
    {
        writer.Line();
        writer.Line($"/// <summary>{plan.Spec.Name}: a segment's arithmetic, its derivative along a direction, and its gradient with respect to the "
            + "parameters.</summary>");
        writer.Line(ModelEmitter.GeneratedCode);
        using (writer.Open($"file readonly struct {ProgramName(plan)} : IStudentProgram"))
        {
            WriteDescriptor(writer, plan);
            writer.Line();
            StudentProgramEmitter.Write(writer, plan.Program);
            if (plan.Weights is not null) WriteWeights(writer, plan.Weights);
        }
    }

    private static void WriteDescriptor(SourceWriter writer, StudentPlan plan)
    {
        SamplerPlan? reference = plan.Reference;
        StudentShape shape = plan.Shape;
        writer.Numbers("private static readonly double[] Times = ", plan.Times, ";\n");
        DescriptorEmitter.Write(writer, plan);
        writer.Line();
        writer.Line("public static readonly StudentDescriptor Student = new(");
        using (writer.Indent())
        {
            writer.Line("Descriptor,");
            writer.Line($"new StudentShape(StudentForm.{shape.Form}, Activation.{shape.Activation}, Coordinates: {shape.Coordinates}, Components: "
                + $"{shape.Components}, Width: {shape.Width}, Depth: {shape.Depth}),");
            ParameterBound bound = plan.Spec.Bound;
            writer.Line($"weightBound: {(bound.IsNone ? "double.PositiveInfinity" : Literals.Number(bound.Size))}, "
                + $"boundBiases: {(bound.IncludesBiases ? "true" : "false")},");
            writer.Line($"reference: {(reference is null ? "null" : $"{SamplerEmitter.TypeName(reference)}.Descriptor")});\n");
        }
        string weights = plan.Weights is null ? "weights: null" : "StudentDriver.Weights(Student, Weights)";
        writer.Line($"public static readonly {KnownTypes.InFull("StudentKernel")}<{ProgramName(plan)}> Kernel = new(Student, {weights});\n");
        writer.Line($"public static readonly {KnownTypes.InFull("SamplerErrors")}<float> Errors = ErrorTracking.OfStudent(Descriptor, Kernel);");
    }

    private static void WriteWeights(SourceWriter writer, float[][] weights)
    {
        byte[] content = new byte[weights.Sum(segment => segment.Length) * sizeof(float)];
        int at = 0;
        foreach (float[] segment in weights)
        {
            Buffer.BlockCopy(segment, 0, content, at, segment.Length * sizeof(float));
            at += segment.Length * sizeof(float);
        }
        writer.Line("\n// Base64 of the little-endian parameters, segment by segment and layer by layer: weights row by row, then biases.");
        writer.Base64("Weights", content, sizeof(float));
    }

    private static string Summarize(StudentPlan plan)
    {
        StudentSpec spec = plan.Spec;
        string count = spec.Segments == 1 ? "1 segment" : $"{spec.Segments} segments";
        return $"A learned flow map in {count} on the {plan.Grid} grid: {Describe(spec.Form)}, {spec.Depth} hidden layer{(spec.Depth == 1 ? "" : "s")} of "
            + $"{spec.Width} units ({spec.Activation}), {plan.Shape.ParameterCount} parameters per segment, float.";
    }

    private static IEnumerable<string> Explain(StudentPlan plan)
    {
        yield return plan.Weights is null
            ? "No weights are compiled in: its calls throw until it is trained."
            : "Its weights are compiled in.";
        yield return plan.Reference is { } reference
            ? $"It learns from {reference.Spec.Name}: {reference.Spec.Solver} on that sampler's times and the ends of the segments."
            : "It learns from Runge-Kutta 4 on the angle grid.";
        yield return $"The segments start at t = {Literals.Short(plan.Times[0])} and end at {string.Join(", ", plan.Times.Skip(1).Select(Literals.Short))}.";
        int coordinates = plan.Shape.Coordinates;
        if (coordinates < plan.Dimension) yield return $"It maps {(coordinates == 1 ? "one coordinate" : $"{coordinates} coordinates")} in the span of "
            + "the means; the rest is in closed form.";
    }

    private static string Describe(StudentForm form) => form switch
    {
        StudentForm.Plain => "x ← f(x)",
        StudentForm.Residual => "x ← x + f(x)",
        StudentForm.ClosedFormPlusResidual => "x ← Gx + g + f(x), G and g the map of one Gaussian",
        StudentForm.ResponsibilityCorrected => "x ← αx + c Σ softmax(ℓ + f(x, r)) μ, ℓ and r the exact logits and responsibilities",
        _ => "x ← αx + c Σ softmax(½(ℓ + ℓ') + f(x, r, r')) μ, ℓ and r the exact logits and responsibilities, ℓ' and r' those at the end",
    };

    // What samplers and score networks are called ends otherwise, so no two names make one.
    private static string ProgramName(StudentPlan plan) => plan.Spec.Name + "StudentNetwork";
}
