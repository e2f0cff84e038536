using FlowDsl.Generators.Model;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Generators.Validation;

/// <summary>The rules of students, FLOW05xx.</summary>
internal static class StudentValidator
{
    private const int MaximumSegments = 1000, MaximumWidth = 4096, MaximumDepth = 16;

    /// <summary>Whether a student is valid.</summary>
    /// <param name="spec">Its model.</param>
    /// <param name="student">The student.</param>
    /// <param name="mixture">The mixture; null where it is not valid.</param>
    /// <param name="issues">Receives what is wrong.</param>
    public static bool Check(ModelSpec spec, StudentSpec student, Mixture? mixture, List<Issue> issues)
    {
        int before = issues.Count;
        CheckRange("Segments", student.Segments, MaximumSegments);
        CheckRange("Width", student.Width, MaximumWidth);
        CheckRange("Depth", student.Depth, MaximumDepth);
        CheckDefined("Grid", student.Grid);
        CheckDefined("Activation", student.Activation);
        CheckDefined("Form", student.Form);
        if (!(student.Bound.Size > 0)) Report("WeightBound", PortableNumber.Format(student.Bound.Size), "it must be positive");
        if (student.Reference is { } reference)
        {
            SamplerSpec? sampler = spec.Samplers.FirstOrDefault(other => other.Name == reference);
            if (sampler is null)
                Report("Reference", $"\"{reference}\"", spec.Samplers.Count == 0 ? "the type has no sampler"
                    : $"it must be a sampler of the type: {string.Join(", ", spec.Samplers.Select(other => other.Name))}");
            else if (Enum.IsDefined(typeof(Solver), sampler.Solver) && (sampler.Solver == Solver.Auto || SolverMethod.Of(sampler.Solver).IsMultistep))
                Report("Reference", $"\"{reference}\"", "a student learns each segment by itself, and its reference must be a one-step solver");
        }
        if (StudentShape.Corrects(student.Form) && mixture is { } known && !(known.HasSharedIsotropicCovariance && known.Count > 1))
            Report("Form", $"{student.Form}", "it needs at least two components that share one isotropic covariance; use ClosedFormPlusResidual");
        return issues.Count == before;

        void CheckRange(string argument, int value, int max)
        {
            if (value < 1 || value > max) Report(argument, $"{value}", $"it must be from 1 to {max}");
        }

        void CheckDefined<T>(string argument, T value)
            where T : struct, Enum
        {
            if (!Enum.IsDefined(typeof(T), value)) Report(argument, $"{value}", $"use one of {string.Join(", ", Enum.GetNames(typeof(T)))}");
        }

        void Report(string argument, string value, string rule)
            => issues.Add(new Issue(DiagnosticIds.StudentInvalid, new Site(SitePart.Student, student.Index, argument), spec.Type.DisplayName, student.Name,
                argument, value, rule));
    }
}
