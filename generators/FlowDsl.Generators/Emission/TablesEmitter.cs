using System.Collections.Immutable;
using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Files;

namespace FlowDsl.Generators.Emission;

/// <summary>Prints the mixture and its process as objects: as expressions, or as data where there are many numbers.</summary>
internal static class TablesEmitter
{
    public static void Write(SourceWriter writer, ModelPlan plan)
    {
        Mixture mixture = plan.Model.Mixture;
        writer.Line("/// <summary>The mixture and its process as objects.</summary>");
        writer.Line(ModelEmitter.GeneratedCode);
        using (writer.Open("file static class Tables"))
        {
            WriteProcess(writer, plan.Model.Process, plan.Model.Spec.Process.Training);
            writer.Line();
            if (plan.Model.Data is { } data)
            {
                WriteData(writer, plan.Model.Spec.Data!, data);
                return;
            }
            bool repeats = plan.ListMixture && mixture.HasSharedCovariance && mixture.Count > 1;
            if (plan.ListMixture) WriteMixture(writer, mixture, repeats);
            else WriteMixtureData(writer, mixture);
            writer.Line("\npublic static readonly GaussianMixtureModel Model = new(Mixture, Process);");
            if (plan.HasRotation)
            {
                writer.Line("\n// The axes of the means, along which some samplers integrate; found when one of these is first called.");
                writer.Line("public static MeansSpan Rotation => Axes.Rotation;\n");
                using (writer.Open("private static class Axes")) writer.Line("public static readonly MeansSpan Rotation = MeansSpan.Find(Mixture);");
            }
            if (!plan.UnrollPoints) writer.Line("\npublic static TableComponents Components => new(Mixture);");
            if (repeats)
            {
                writer.Line();
                using (writer.Open("private static Covariance[] Repeated(Covariance covariance, int count)"))
                    writer.Line("var covariances = new Covariance[count];\nArray.Fill(covariances, covariance);\nreturn covariances;");
            }
        }
    }

    // The rows stay in their file, which is opened when they are first needed.
    private static void WriteData(SourceWriter writer, DataSpec spec, DataPlan plan)
    {
        string name = Literals.Text(spec.File!.Replace('\\', '/'));
        writer.Line($"public static readonly EmpiricalMixture Data = EmpiricalMixture.Declared(\n    {name}, {plan.Moments.Count}, {plan.Moments.Dimension}, "
            + $"{Literals.Number(spec.Variance)},\n    \"{plan.Sha256}\");\n");
        writer.Line("public static readonly GaussianMixtureModel Model = new(Data, Process);");
    }

    private static void WriteMixture(SourceWriter writer, Mixture mixture, bool repeats)
    {
        writer.Line("public static readonly Mixture Mixture = new(");
        using (writer.Indent())
        {
            writer.Numbers("", mixture.Weights, ",");
            writer.Line("[");
            using (writer.Indent())
                foreach (ImmutableArray<double> mean in mixture.Means) writer.Numbers("", mean, ",");
            writer.Line("],");
            if (repeats)
            {
                WriteCovariance(writer, "Repeated(", mixture.Covariances[0], $", {mixture.Count}));");
            }
            else
            {
                writer.Line("[");
                using (writer.Indent())
                    foreach (Covariance covariance in mixture.Covariances) WriteCovariance(writer, "", covariance, ",");
                writer.Line("]);");
            }
        }
    }

    /// <summary>The mixture as data: K weights, K means, and covariances by their kinds, -1 for one like that before.</summary>
    private static void WriteMixtureData(SourceWriter writer, Mixture mixture)
    {
        var numbers = new List<double>(mixture.Weights);
        foreach (ImmutableArray<double> mean in mixture.Means) numbers.AddRange(mean);
        for (int k = 0; k < mixture.Count; k++)
        {
            Covariance covariance = mixture.Covariances[k];
            if (k > 0 && ReferenceEquals(covariance, mixture.Covariances[k - 1]))
            {
                numbers.Add(-1);
                continue;
            }
            numbers.Add((int)covariance.Type);
            if (covariance.Type == CovarianceType.Isotropic) numbers.Add(covariance.Variances[0]);
            else numbers.AddRange(covariance.Type == CovarianceType.Diagonal ? covariance.Variances : covariance.Matrix);
        }
        byte[] content = new byte[numbers.Count * sizeof(double)];
        Buffer.BlockCopy(numbers.ToArray(), 0, content, 0, content.Length);
        writer.Line($"public static readonly Mixture Mixture = MixtureData.Read({mixture.Dimension}, {mixture.Count}, Numbers);\n");
        writer.Base64("Numbers", content, sizeof(double));
    }

    private static void WriteCovariance(SourceWriter writer, string before, Covariance covariance, string after)
    {
        switch (covariance.Type)
        {
            case CovarianceType.Isotropic:
                writer.Line($"{before}Covariance.Isotropic({covariance.Dimension}, {Literals.Number(covariance.Variances[0])}){after}");
                break;
            case CovarianceType.Diagonal:
                writer.Numbers($"{before}Covariance.Diagonal(", covariance.Variances, ")" + after);
                break;
            default:
                writer.Numbers($"{before}Covariance.Full({covariance.Dimension}, ", covariance.Matrix, ")" + after, covariance.Dimension);
                break;
        }
    }

    private static void WriteProcess(SourceWriter writer, Process process, TrainingSpec? training)
    {
        string head = $"public static readonly Process Process = new {process.GetType().Name}(";
        IEnumerable<string> values = process.Definition.Parameters.Zip(process.Values, (own, value) => $"{own.Argument}: {Literals.Number(value)}");
        string arguments = string.Join(", ", values);
        if (training is null) writer.Line($"{head}{arguments});");
        else TrainingEmitter.Write(writer, head, training, $", {arguments});");
    }
}
