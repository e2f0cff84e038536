using System.Globalization;
using System.Text;
using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning.Networks;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.ScoreNetworks;

namespace FlowDsl.Generators.Emission;

/// <summary>Prints a score network: the nested type users see, and its arithmetic.</summary>
internal static class ScoreNetworkEmitter
{
    // What reads as one expression.
    private const int ExpressionTerms = 2;

    /// <summary>The nested type.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="plan">The network.</param>
    /// <param name="space">The namespace of the file's own types, ending in a dot.</param>
    public static void WriteType(SourceWriter writer, ScoreNetworkPlan plan, string space)
    {
        string name = plan.Spec.Name, program = space + TypeName(plan);
        writer.Line($"/// <summary>{Summarize(plan)}</summary>");
        writer.Line("/// <remarks>");
        foreach (string line in Explain(plan)) writer.Line($"/// <para>{line}</para>");
        writer.Line("/// </remarks>");
        writer.Line(ModelEmitter.GeneratedCode);
        using (writer.Open($"public readonly struct {name} : global::FlowDsl.IScoreNetwork<{name}>"))
        {
            writer.Line("/// <inheritdoc/>");
            writer.Line($"public static global::FlowDsl.ScoreNetworkDescriptor Descriptor => {program}.Descriptor;\n");
            writer.Line("/// <inheritdoc/>");
            writer.Line("public static void Score(double t, global::System.ReadOnlySpan<double> x, global::System.Span<double> score)");
            using (writer.Indent()) writer.Line($"=> {KnownTypes.InFull("ScoreDriver")}.Score({Instance(plan, Precision.Double, space)}, "
                + $"{program}.Descriptor, t, x, score);");
        }
    }

    /// <summary>The arithmetic, a file-local type.</summary>
    public static void WriteProgram(SourceWriter writer, ScoreNetworkPlan plan, IReadOnlyCollection<Precision> precisions)
    {
        ScoreNetworkOptions options = plan.Network.Options;
        string time = options.Time is { } only ? Literals.Number(only) : "null";
        string descriptor = $"public static readonly ScoreNetworkDescriptor Descriptor = new(\"{plan.Spec.Name}\", Tables.Model, new "
            + $"ScoreNetworkOptions(Accuracy: {Literals.Number(options.Accuracy)}, P: {Norm(options.P)}, Time: {time}));";
        writer.Line();
        if (plan.Program is not { } program)
        {
            writer.Line($"/// <summary>{plan.Spec.Name}: its weights are tables, because straight-line code would be too long.</summary>");
            writer.Line(ModelEmitter.GeneratedCode);
            using (writer.Open($"file static class {TypeName(plan)}"))
            {
                writer.Line(descriptor);
                foreach (Precision precision in precisions)
                    writer.Line($"\npublic static readonly {KnownTypes.InFull("TableProgram")}<{Value(precision)}> {precision} = "
                        + $"new(Descriptor.Network, {plan.Dimension});");
            }
            return;
        }
        writer.Line($"/// <summary>{plan.Spec.Name}: "
            + $"{(program.ClockUnits.Count == 0 ? "" : $"{program.ClockUnits.Count} units of t, and ")}{program.Units.Count} units of x with "
            + $"{program.Operations} multiply-adds; units that only carry a value to a later layer are left out.</summary>");
        writer.Line(ModelEmitter.GeneratedCode);
        using (writer.Open($"file readonly struct {TypeName(plan)} : "
            + $"{string.Join(", ", precisions.Select(precision => $"{KnownTypes.InFull("IScoreProgram")}<{Value(precision)}>"))}"))
        {
            writer.Line(descriptor);
            writer.Line($"\npublic int Dimension => {plan.Dimension};\n");
            writer.Line($"public int BiasCount => {program.Biases.Count};\n");
            writer.Line("public int ScratchRows => 0;\n");
            WriteClock(writer, program);
            foreach (Precision precision in precisions)
            {
                writer.Line();
                WriteScore(writer, program, precision);
            }
        }
    }

    /// <summary>The arithmetic, for a kernel or a call.</summary>
    public static string Instance(ScoreNetworkPlan plan, Precision precision, string space = "")
        => plan.Program is null ? $"{space}{TypeName(plan)}.{precision}" : $"default({space}{TypeName(plan)})";

    /// <summary>The type of <see cref="Instance"/>.</summary>
    public static string InstanceType(ScoreNetworkPlan plan, Precision precision, string space = "")
        => plan.Program is null ? $"{KnownTypes.InFull("TableProgram")}<{Value(precision)}>" : space + TypeName(plan);

    /// <summary>Names the units by what they are a part of.</summary>
    private static string[] Names(IReadOnlyList<ProgramUnit> units)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. units.Select(unit => unit.Purpose + Invariant.Text(counts[unit.Purpose] = counts.TryGetValue(unit.Purpose, out int count) ? count + 1 : 1))];
    }

    /// <summary>What a layer computes.</summary>
    private static string Heading(IReadOnlyList<ProgramUnit> units, int level)
        => $"// Layer {level}: {string.Join(", ", units.Where(unit => unit.Level == level).Select(unit => Plural(unit.Purpose)).Distinct())}.";

    private static string Plural(string purpose) => purpose switch
    {
        "responsibility" => "responsibilities",
        "term" => "terms of the score",
        "noise" or "decay" => purpose,
        _ => purpose + "s",
    };

    private static void WriteClock(SourceWriter writer, ScoreProgram program)
    {
        string[] names = Names(program.ClockUnits);
        using (writer.Open("public void Clock(double t, global::System.Span<double> biases)"))
        {
            int level = -1;
            for (int i = 0; i < program.ClockUnits.Count; i++)
            {
                ProgramUnit unit = program.ClockUnits[i];
                if (unit.Level != level)
                {
                    if (level >= 0) writer.Line();
                    writer.Line(Heading(program.ClockUnits, level = unit.Level));
                }
                writer.Line($"double {names[i]} = NetworkMath.{unit.Kind}({Sum(unit)});");
            }
            if (program.Biases.Count > 0 && program.ClockUnits.Count > 0) writer.Line();
            for (int i = 0; i < program.Biases.Count; i++) writer.Line($"biases[{i}] = {Sum(program.Biases[i])};");
        }

        string Sum(ProgramUnit unit)
        {
            var text = new StringBuilder(unit.Constant == 0 ? "" : Literals.Number(unit.Constant));
            foreach ((int operand, double factor) in unit.Terms)
            {
                text.Append(text.Length == 0 ? factor < 0 ? "-" : "" : factor < 0 ? " - " : " + ");
                if (Math.Abs(factor) != 1) text.Append(Literals.Number(Math.Abs(factor))).Append(" * ");
                text.Append(operand == 0 ? "t" : names[operand - 1]);
            }
            return text.ToString();
        }
    }

    private static void WriteScore(SourceWriter writer, ScoreProgram program, Precision precision)
    {
        string value = Value(precision);
        int d = program.Dimension;
        string[] names = Names(program.Units);
        writer.Line("[@MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        using (writer.Open($"public void Score(ref {value} x, ref {value} score, nuint stride, nuint count, ref {value} biases, ref {value} scratch, "
            + "nuint pitch)"))
        using (writer.Open($"for (nuint i = 0; i < count; i += (nuint)Vector<{value}>.Count)"))
        {
            for (int j = 0; j < d; j++) writer.Line($"var x{j} = Vector.LoadUnsafe(ref x, i{Row(j)});");
            int level = -1;
            for (int i = 0; i < program.Units.Count; i++)
            {
                ProgramUnit unit = program.Units[i];
                if (unit.Level != level)
                {
                    writer.Line();
                    writer.Line(Heading(program.Units, level = unit.Level));
                }
                WriteUnit(names[i], unit);
            }
            writer.Line("\n// The score.");
            for (int j = 0; j < d; j++) WriteUnit($"score{j}", program.Outputs[j]);
            writer.Line();
            for (int j = 0; j < d; j++) writer.Line($"Vector.StoreUnsafe(score{j}, ref score, i{Row(j)});");
        }

        void WriteUnit(string name, ProgramUnit unit)
        {
            string sum = unit.Bias >= 0 ? $"Vector.Create(Unsafe.Add(ref biases, {unit.Bias}))" : unit.Constant != 0 || unit.Terms.Count == 0
                ? $"Vector.Create({Literal(unit.Constant)})" : "";
            if (unit.Terms.Count <= ExpressionTerms)
            {
                foreach ((int operand, double factor) in unit.Terms) sum = Add(sum, operand, factor);
                writer.Line($"var {name} = {Kind(unit, sum)};");
                return;
            }
            for (int i = 0; i < unit.Terms.Count; i++)
            {
                sum = Add(sum, unit.Terms[i].Operand, unit.Terms[i].Factor);
                bool isFirst = i == 0, isLast = i == unit.Terms.Count - 1;
                writer.Line($"{(isFirst ? "var " : "")}{name} = {(isLast ? Kind(unit, sum) : sum)};");
                sum = name;
            }
        }

        string Add(string sum, int operand, double factor)
        {
            string operandName = operand < d ? $"x{operand}" : names[operand - d];
            if (sum.Length == 0) return factor == 1 ? operandName : factor == -1 ? "-" + operandName : $"{operandName} * Vector.Create({Literal(factor)})";
            return factor == 1 ? $"{sum} + {operandName}" : factor == -1 ? $"{sum} - {operandName}"
                : $"Vector.MultiplyAddEstimate({operandName}, Vector.Create({Literal(factor)}), {sum})";
        }

        static string Kind(ProgramUnit unit, string sum) => unit.Kind is { } kind ? $"NetworkMath.{kind}({sum})" : sum;

        string Literal(double number) => Literals.Number(number, precision);

        static string Row(int j) => j switch { 0 => "", 1 => " + stride", _ => $" + {j} * stride" };
    }

    private static string Summarize(ScoreNetworkPlan plan)
    {
        LayeredNetwork layers = plan.Network.Layers;
        return $"A network of ReLU and ReQU units for the score, built without training: {layers.Depth} hidden layers of at most {layers.Width} units, "
            + $"{layers.NonZeros.ToString(CultureInfo.InvariantCulture)} nonzero weights and biases.";
    }

    private static IEnumerable<string> Explain(ScoreNetworkPlan plan)
    {
        ScoreNetwork network = plan.Network;
        ScoreNetworkPrecision precision = network.Precision;
        string norm = double.IsPositiveInfinity(network.Options.P) ? "for every x" : $"in L^{Literals.Short(network.Options.P)}(p_t)";
        string times = network.Options.Time is { } time ? $"at t = {Literals.Short(time)}" : "at every time";
        yield return $"Its error is at most {Literals.Short(network.Guarantee)} {norm} {times} (asked: {Literals.Short(network.Options.Accuracy)}); "
            + $"rounding adds about {Literals.Short(network.Rounding)}.";
        var parts = new List<string>();
        if (precision.TimeDoublings > 0) parts.Add($"e^-βt by {precision.TimeDoublings} doublings of its argument");
        if (precision.InverseFactors.Count > 0) parts.Add($"1/λ as a product of {precision.InverseFactors.Max()} factors");
        if (precision.LogarithmDoublings.Count > 0) parts.Add($"log λ by {precision.LogarithmDoublings.Max(steps => steps.Length)} steps of Newton's method");
        if (precision.SoftmaxDoublings > 0) parts.Add($"the softmax of logits no further apart than {Literals.Short(precision.Clip)}, by "
            + $"{precision.SoftmaxDoublings} doublings and {precision.SoftmaxFactors} factors of the reciprocal of the sum");
        if (parts.Count > 0) yield return $"Its parts: {string.Join("; ", parts)}.";
    }

    private static string Norm(double p) => double.IsPositiveInfinity(p) ? "double.PositiveInfinity" : Literals.Number(p);

    private static string Value(Precision precision) => Literals.Type(precision);

    private static string TypeName(ScoreNetworkPlan plan) => plan.Spec.Name + "ScoreNetwork";
}
