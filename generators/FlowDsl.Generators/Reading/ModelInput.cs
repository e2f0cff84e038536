using FlowDsl.Generators.Model;

namespace FlowDsl.Generators.Reading;

/// <summary>A model with the files that it names, and with no others: these may change without a new run.</summary>
/// <param name="Spec">The model.</param>
/// <param name="Mixture">The mixture's file, or the plan of its data; null where none is named or it is not found.</param>
/// <param name="Weights">The files of weights that students name and that are there.</param>
/// <param name="Profiles">The profiles that samplers name and that are there.</param>
/// <param name="Solvers">The tuned solvers that samplers name and that are there.</param>
/// <param name="Issues">Why files are not found.</param>
internal sealed record ModelInput(
    ModelSpec Spec, FileText? Mixture, EquatableArray<NamedWeights> Weights, EquatableArray<NamedProfile> Profiles, EquatableArray<NamedSolver> Solvers,
    EquatableArray<Issue> Issues)
{
    private const int ListedFiles = 10;

    /// <summary>Looks up the files of a model.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="files">All files that can be named.</param>
    /// <param name="texts">Those that are, of mixtures, profiles and solvers.</param>
    /// <param name="weights">Those that are, of weights.</param>
    public static ModelInput Find(ModelSpec spec, EquatableArray<ProjectFile> files, EquatableArray<TextFile> texts, EquatableArray<WeightsFile> weights)
    {
        List<Issue> issues = [];
        FileText? text = null;
        if (spec.File is not null)
        {
            var name = FileName.Of(FileKind.Mixture, spec.File);
            ProjectFile[] matches = name.Find(files);
            text = TextOf(matches, texts);
            if (Problem(name, matches, text is not null, files) is { } reason)
                issues.Add(new Issue(DiagnosticIds.FileNotFound, new Site(SitePart.Mixture, 0, "File"), spec.Type.DisplayName, spec.File, reason));
        }
        else if (spec.Data?.Plan is { } plan)
        {
            var name = FileName.Of(FileKind.Plan, plan);
            ProjectFile[] matches = name.Find(files);
            text = TextOf(matches, texts);
            if (Problem(name, matches, text is not null, files) is { } reason)
                issues.Add(new Issue(
                    DiagnosticIds.DataNotMeasured, new Site(SitePart.Mixture, 0, "Data"), spec.Type.DisplayName, spec.Data.File!, plan, reason));
        }
        List<NamedWeights> found = [];
        foreach (StudentSpec student in spec.Students)
        {
            if (student.Weights is null) continue;
            var name = FileName.Of(FileKind.Weights, student.Weights);
            ProjectFile[] matches = name.Find(files);
            // Where none is there yet, the student is not trained: that is said elsewhere, and how it is done.
            if (matches.Length == 0) continue;
            WeightsFile? file = matches.Length != 1 ? null
                : weights.FirstOrDefault(file => ProjectFile.Normalize(file.Path) == matches[0].Path && file.Hash is not null);
            found.Add(new NamedWeights(student.Name, file));
            if (Problem(name, matches, file is not null, files) is not { } reason) continue;
            Site site = new(SitePart.Student, student.Index, "Weights");
            issues.Add(new Issue(DiagnosticIds.WeightsInvalid, site, spec.Type.DisplayName, student.Name, student.Weights, reason));
        }
        List<NamedProfile> profiles = [];
        foreach (SamplerSpec sampler in spec.Samplers)
        {
            // On another grid it is the grid or the name that is wrong, and not the file.
            if (sampler.Profile is null || sampler.Grid != Grid.Profile) continue;
            var name = FileName.Of(FileKind.Profile, sampler.Profile);
            ProjectFile[] matches = name.Find(files);
            if (TextOf(matches, texts) is { } profile) profiles.Add(new NamedProfile(sampler.Name, profile));
            else
                issues.Add(new Issue(
                    DiagnosticIds.ProfileInvalid, new Site(SitePart.Sampler, sampler.Index, "Profile"), spec.Type.DisplayName, sampler.Name, "Profile",
                    $"\"{sampler.Profile}\"", "the file " + Problem(name, matches, isRead: false, files)!));
        }
        return new ModelInput(
            spec, text, new EquatableArray<NamedWeights>(found.ToArray()), new EquatableArray<NamedProfile>(profiles.ToArray()),
            new EquatableArray<NamedSolver>([.. spec.Samplers.Select(sampler => FindSolver(spec, sampler, files, texts, issues)).OfType<NamedSolver>()]),
            new EquatableArray<Issue>(issues.ToArray()));
    }

    private static NamedSolver? FindSolver(
        ModelSpec spec, SamplerSpec sampler, EquatableArray<ProjectFile> files, EquatableArray<TextFile> texts, List<Issue> issues)
    {
        // With another solver it is the solver or the name that is wrong, and not the file.
        if (sampler.SolverFile is not null && sampler.Solver != Solver.Bespoke) return null;
        foreach (FileName name in FileName.OfSolver(spec, sampler))
        {
            ProjectFile[] matches = name.Find(files);
            if (TextOf(matches, texts) is { } text) return new NamedSolver(sampler.Name, name.Text, text);
            if (matches.Length == 0 && sampler.SolverFile is null) continue;
            // Where there is none yet, the build does what it can.
            string id = matches.Length == 0 ? DiagnosticIds.NotTuned : DiagnosticIds.SolverFileInvalid;
            issues.Add(new Issue(
                id, new Site(SitePart.Sampler, sampler.Index, sampler.SolverArgument), spec.Type.DisplayName, sampler.Name, name.Text,
                "the file " + Problem(name, matches, isRead: false, files)!));
            return null;
        }
        return null;
    }

    private static FileText? TextOf(ProjectFile[] matches, EquatableArray<TextFile> texts)
        => matches.Length == 1 ? texts.FirstOrDefault(file => file.Path == matches[0].Path)?.Text : null;

    private static string? Problem(FileName name, ProjectFile[] matches, bool isRead, EquatableArray<ProjectFile> files) => matches.Length switch
    {
        1 when isRead => null,
        1 => "cannot be opened; is it still at " + matches[0].Path,
        0 => "is not among the AdditionalFiles; " + Describe("visible", files.Where(file => file.Kind == name.Kind).Select(file => file.Name), name.Kind),
        _ => "is the name of several AdditionalFiles; write more of the path; " + Describe("matching", matches.Select(file => file.Path), name.Kind),
    };

    private static string Describe(string which, IEnumerable<string> names, FileKind kind)
    {
        string[] sorted = names.Distinct().OrderBy(name => name, StringComparer.Ordinal).ToArray();
        if (sorted.Length == 0) return $"no file whose name ends in {ProjectFile.SuffixOf(kind)} is {which}";
        string rest = sorted.Length > ListedFiles ? $" and {sorted.Length - ListedFiles} more" : "";
        return $"{which}: {string.Join(", ", sorted.Take(ListedFiles))}{rest}";
    }
}

/// <summary>The profile that a sampler names.</summary>
/// <param name="Sampler">The sampler's name.</param>
/// <param name="Text">What its file says.</param>
internal sealed record NamedProfile(string Sampler, FileText Text);

/// <summary>The tuned solver of a sampler.</summary>
/// <param name="Sampler">The sampler's name.</param>
/// <param name="File">The file's name, as the sampler gives it or as it is found by.</param>
/// <param name="Text">What it says.</param>
internal sealed record NamedSolver(string Sampler, string File, FileText Text);

/// <summary>The weights that a student names.</summary>
/// <param name="Student">The student's name.</param>
/// <param name="File">The file; null where an issue says what is wrong with it.</param>
internal sealed record NamedWeights(string Student, WeightsFile? File)
{
    /// <summary>Reads the file.</summary>
    /// <param name="spec">The model of the student.</param>
    /// <param name="issues">Receives that the file is not what it was when it was looked up.</param>
    public WeightsContent Open(ModelSpec spec, List<Issue> issues)
    {
        byte[]? bytes = File?.Bytes();
        if (File is not null && bytes is null)
        {
            StudentSpec student = spec.Students.First(student => student.Name == Student);
            issues.Add(new Issue(
                DiagnosticIds.WeightsInvalid, new Site(SitePart.Student, student.Index, "Weights"), spec.Type.DisplayName, Student, student.Weights!,
                "the file changed while it was compiled in, or has 2 GB or more; build again"));
        }
        return new WeightsContent(Student, bytes);
    }
}
