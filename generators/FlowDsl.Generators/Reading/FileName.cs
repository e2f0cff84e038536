using FlowDsl.Generators.Model;

namespace FlowDsl.Generators.Reading;

/// <summary>A file as a model names it.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Text">The name, with slashes and without a leading <c>./</c>.</param>
internal sealed record FileName(FileKind Kind, string Text)
{
    /// <summary>A file as an attribute writes it.</summary>
    public static FileName Of(FileKind kind, string written)
    {
        string text = ProjectFile.Normalize(written);
        return new FileName(kind, text.StartsWith("./", StringComparison.Ordinal) ? text.Substring(2) : text);
    }

    /// <summary>The files that a model names.</summary>
    public static IEnumerable<FileName> AllOf(ModelSpec spec)
    {
        if (spec.File is not null) yield return Of(FileKind.Mixture, spec.File);
        if (spec.Data?.Plan is { } plan) yield return Of(FileKind.Plan, plan);
        foreach (StudentSpec student in spec.Students)
            if (student.Weights is not null) yield return Of(FileKind.Weights, student.Weights);
        foreach (SamplerSpec sampler in spec.Samplers)
        {
            if (sampler.Profile is not null) yield return Of(FileKind.Profile, sampler.Profile);
            foreach (FileName name in OfSolver(spec, sampler)) yield return name;
        }
    }

    /// <summary>
    /// The files of a sampler's tuned solver: the one that it names, or those that are found by their names, <c>Model.Sampler.solver.json</c> with all of the
    /// model's name or without what is before it, the longest first.
    /// </summary>
    public static IEnumerable<FileName> OfSolver(ModelSpec spec, SamplerSpec sampler)
    {
        if (sampler.SolverFile is not null)
        {
            yield return Of(FileKind.Solver, sampler.SolverFile);
        }
        else if (sampler.Solver is Solver.Bespoke or Solver.Auto)
        {
            string model = spec.Type.DisplayName;
            for (int start = 0; start >= 0; start = Dot(model, start))
                yield return Of(FileKind.Solver, $"{model.Substring(start)}.{sampler.Name}{ProjectFile.SuffixOf(FileKind.Solver)}");
        }

        static int Dot(string text, int start) => text.IndexOf('.', start) is >= 0 and var dot ? dot + 1 : -1;
    }

    /// <summary>The files that the name can mean: one, unless there is none or the name is ambiguous.</summary>
    public ProjectFile[] Find(EquatableArray<ProjectFile> files)
    {
        if (Text.Length == 0) return [];
        // All of a name counts before the end of a longer one: a file of the project's own folder before a copy below it.
        ProjectFile[] called = files.Where(file => file.Kind == Kind && file.IsCalled(Text)).ToArray();
        return called.Length > 0 ? called : files.Where(file => file.Kind == Kind && file.EndsWith(Text)).ToArray();
    }

    /// <summary>The paths of the files that names mean, each once: those that are opened.</summary>
    public static EquatableArray<string> Paths(EquatableArray<FileName> names, EquatableArray<ProjectFile> files)
        => new(names.Select(name => name.Find(files)).Where(found => found.Length == 1).Select(found => found[0].Path)
            .Distinct().OrderBy(path => path, StringComparer.Ordinal).ToArray());
}
