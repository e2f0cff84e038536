using System.Collections.Immutable;
using System.Text;
using FlowDsl.Generators.Validation;
using FlowDsl.Mathematics;

namespace FlowDsl.Generators.Emission;

/// <summary>Prints the component arithmetic behind the point functions with every number folded.</summary>
internal static class PointEmitter
{
    public static void Write(SourceWriter writer, ResolvedModel model)
    {
        Mixture mixture = model.Mixture;
        int d = mixture.Dimension;
        writer.Line();
        writer.Line("/// <summary>The components one after the other; what the library makes of them is the same for every mixture.</summary>");
        writer.Line(ModelEmitter.GeneratedCode);
        using (writer.Open("file readonly struct Components : IComponentArithmetic"))
        {
            writer.Numbers("private static global::System.ReadOnlySpan<double> Means => ", [.. mixture.Means.SelectMany(mean => mean)], ";\n", d);
            writer.Line($"public int Dimension => {d};\n");
            writer.Line($"public int Count => {mixture.Count};\n");
            writer.Line($"public global::System.ReadOnlySpan<double> Mean(int component) => Means.Slice(component{(d == 1 ? "" : $" * {d}")}, {d});\n");
            using (writer.Open("public void Evaluate(in ProcessPoint point, global::System.ReadOnlySpan<double> x, global::System.Span<double> "
                + "logNormalizers, global::System.Span<double> energies)"))
            {
                writer.Line("double a = point.A;");
                for (int k = 0; k < mixture.Count; k++) WriteComponent(writer, mixture, k);
            }
            writer.Line();
            writer.Line("public void Apply(int component, in AxisFunction axis, global::System.ReadOnlySpan<double> vector, global::System.Span<double> "
                + "result)");
            using (writer.Indent()) writer.Line("=> new TableComponents(Tables.Mixture).Apply(component, axis, vector, result);\n");
            writer.Line("public bool ApplyDifference(int component, int other, global::System.ReadOnlySpan<double> vector, global::System.Span<double> "
                + "result)");
            using (writer.Indent())
                writer.Line(mixture.HasSharedCovariance ? "=> false;"
                    : "=> new TableComponents(Tables.Mixture).ApplyDifference(component, other, vector, result);");
        }
    }

    private static void WriteComponent(SourceWriter writer, Mixture mixture, int k)
    {
        int d = mixture.Dimension;
        Covariance covariance = mixture.Covariances[k];
        ImmutableArray<double> variances = covariance.Variances;
        writer.Line($"\n// {MixtureText.Describe(mixture, k)}");
        using SourceWriter.Block block = writer.Open();
        string[] y = new string[d];
        for (int j = 0; j < d; j++)
        {
            double mean = mixture.Means[k][j];
            y[j] = $"y{j}";
            writer.Line(mean == 0
                ? $"double y{j} = x[{j}];"
                : $"double y{j} = x[{j}] {(mean < 0 ? "+" : "-")} a{(Math.Abs(mean) == 1 ? "" : $" * {Literals.Number(Math.Abs(mean))}")};");
        }
        string energy, halfLogDeterminant;
        if (covariance.IsIsotropic)
        {
            writer.Line($"double spread = point.Spread({Literals.Number(variances[0])});");
            energy = $"({string.Join(" + ", y.Select(v => $"{v} * {v}"))}) / spread";
            halfLogDeterminant = (d == 2 ? "" : $"{Literals.Number(0.5 * d)} * ") + "PortableMath.Log(spread)";
        }
        else
        {
            string[] coordinates = y;
            if (covariance.Basis is { } basis)
            {
                coordinates = new string[d];
                for (int axis = 0; axis < d; axis++)
                {
                    coordinates[axis] = $"p{axis}";
                    writer.Line($"double p{axis} = {Sum(Enumerable.Range(0, d).Select(j => (basis[j * d + axis], y[j])))};");
                }
            }
            for (int j = 0; j < d; j++) writer.Line($"double spread{j} = point.Spread({Literals.Number(variances[j])});");
            energy = d == 1
                ? $"{coordinates[0]} * {coordinates[0]} / spread0"
                : $"({string.Join(" + ", coordinates.Select((v, j) => $"{v} * {v} / spread{j}"))})";
            halfLogDeterminant = d == 1
                ? "0.5 * PortableMath.Log(spread0)"
                : $"0.5 * ({string.Join(" + ", Enumerable.Range(0, d).Select(j => $"PortableMath.Log(spread{j})"))})";
        }
        writer.Line($"energies[{k}] = 0.5 * {energy};");
        string logWeight = mixture.LogWeights[k] == 0 ? "-" : Literals.Number(mixture.LogWeights[k]) + " - ";
        writer.Line($"logNormalizers[{k}] = {logWeight}{halfLogDeterminant};");
    }

    /// <summary>A linear combination as one writes it: no factors of 1, no terms of 0, signs as operators.</summary>
    private static string Sum(IEnumerable<(double Factor, string Value)> terms)
    {
        var text = new StringBuilder();
        foreach ((double factor, string value) in terms)
        {
            if (factor == 0) continue;
            text.Append(text.Length == 0 ? factor < 0 ? "-" : "" : factor < 0 ? " - " : " + ");
            if (Math.Abs(factor) != 1) text.Append(Literals.Number(Math.Abs(factor))).Append(" * ");
            text.Append(value);
        }
        return text.ToString();
    }
}
