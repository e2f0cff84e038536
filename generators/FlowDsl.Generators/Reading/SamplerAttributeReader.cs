using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reading;

/// <summary>Reads <c>[Sampler]</c>.</summary>
internal static class SamplerAttributeReader
{
    private static readonly GridOptions s_usual = new();

    /// <summary>The samplers that can be read, under names that can be declared.</summary>
    public static EquatableArray<SamplerSpec> Read(
        List<AttributeData> attributes, NestedNames names, string typeName, List<Issue> issues, CancellationToken cancellationToken)
    {
        List<SamplerSpec> samplers = [];
        for (int i = 0; i < attributes.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            AttributeValues values = new(attributes[i], cancellationToken);
            string? name = SyntaxNames.Normalize(values.String("name"));
            EquatableArray<double> times = values.Doubles("Times");
            SamplerSpec sampler = new(
                i,
                name ?? "",
                // With explicit times their count says it, unless it is written all the same and can be wrong.
                values.Int32("Steps", Math.Max(times.Count - 1, 0)),
                (Solver)values.Enum("Solver", (int)(values.Has("Evaluations") || values.Has("Error") ? Solver.Auto : Solver.Heun)),
                (Chart)values.Enum("Chart", (int)Chart.Auto),
                (Grid)values.Enum("Grid", (int)Grid.Auto),
                new GridOptions(
                    values.Double("Rho", s_usual.Rho), values.Double("Alpha", s_usual.Alpha), values.Double("Beta", s_usual.Beta),
                    values.Double("Shift", s_usual.Shift), values.Double("Gamma", s_usual.Gamma)),
                times,
                (Precision)values.Enum("Precision", (int)Precision.Single),
                (Tracking)values.Enum("Tracking", (int)Tracking.Auto),
                SyntaxNames.Normalize(values.String("Reference")),
                SyntaxNames.Normalize(values.String("Score")),
                SyntaxNames.Normalize(values.String("Field")),
                values.String("Profile"),
                values.Has("Evaluations") ? values.Int32("Evaluations") : null,
                values.Has("Error") ? values.Double("Error") : null,
                values.String("SolverFile"));
            if (!values.IsReadable) continue;

            Issue? issue = names.Add(name, new Site(SitePart.Sampler, i, "name"), "sampler");
            if (issue is null && values.Has("Times") && times.Count < 2)
            {
                // Here and not with the other rules of times, because the spec says "no times" by an empty array.
                issue = new Issue(
                    DiagnosticIds.TimesInvalid, new Site(SitePart.Sampler, i, "Times"),
                    typeName, sampler.Name, "The number of Times", $"{times.Count}", "there must be at least 2, the horizon and the early stop");
            }
            if (issue is null) samplers.Add(sampler);
            else issues.Add(issue);
        }
        return new EquatableArray<SamplerSpec>(samplers.ToArray());
    }
}
