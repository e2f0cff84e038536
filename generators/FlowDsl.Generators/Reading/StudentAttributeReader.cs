using FlowDsl.Generators.Model;
using FlowDsl.Mathematics.Students;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Reading;

/// <summary>Reads <c>[Student]</c>.</summary>
internal static class StudentAttributeReader
{
    /// <summary>The students that can be read, under names that can be declared.</summary>
    public static EquatableArray<StudentSpec> Read(List<AttributeData> attributes, NestedNames names, List<Issue> issues, CancellationToken cancellationToken)
    {
        List<StudentSpec> students = [];
        for (int i = 0; i < attributes.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            AttributeValues values = new(attributes[i], cancellationToken);
            string? name = SyntaxNames.Normalize(values.String("name"));
            StudentSpec student = new(
                i,
                name ?? "",
                values.Int32("Segments", 8),
                (Grid)values.Enum("Grid", (int)Grid.Auto),
                values.Int32("Width", 128),
                values.Int32("Depth", 2),
                (Activation)values.Enum("Activation", (int)Activation.ReLU),
                (StudentForm)values.Enum("Form", (int)StudentForm.Plain),
                new ParameterBound(values.Double("WeightBound", double.PositiveInfinity), values.Boolean("BoundBiases", false)),
                SyntaxNames.Normalize(values.String("Reference")),
                values.String("Weights"));
            if (!values.IsReadable) continue;

            Issue? issue = names.Add(name, new Site(SitePart.Student, i, "name"), "student");
            if (issue is null) students.Add(student);
            else issues.Add(issue);
        }
        return new EquatableArray<StudentSpec>(students.ToArray());
    }
}
