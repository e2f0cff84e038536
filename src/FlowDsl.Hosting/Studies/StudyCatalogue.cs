using FlowDsl.Hosting.Names;
using FlowDsl.Hosting.Output;

namespace FlowDsl.Hosting.Studies;

/// <summary>The studies that a program declares.</summary>
internal static class StudyCatalogue
{
    /// <summary>The study of a name.</summary>
    /// <exception cref="HostException">There is none, or more than one.</exception>
    public static Study Find(IReadOnlyList<Study> studies, string text)
    {
        if (studies.Count == 0) throw HostException.Usage($"There is no study '{text}': this program declares none.");
        Study study = NameMatch.Find("study", text, studies, study => [study.Name]);
        return IsName(study.Name) ? study
            : throw new InvalidOperationException(
                $"The study's name '{study.Name}' must be of letters, digits, '-', '_' and '.', "
                + "and begin with one of the former two.");
    }

    /// <summary>The tasks of a study whose names contain one of some texts; all, if there are no texts.</summary>
    /// <exception cref="HostException">There are no such tasks.</exception>
    /// <exception cref="InvalidOperationException">Tasks have names that cannot be files, or the same.</exception>
    public static IReadOnlyList<StudyTask> Tasks(Study study, StudyBudget budget, IReadOnlyList<string> only)
    {
        IReadOnlyList<StudyTask> tasks = study.CreateTasks(budget);
        if (tasks.FirstOrDefault(task => !IsName(task.Name)) is { } wrong)
            throw new InvalidOperationException(
                $"The task's name '{wrong.Name}' must be of letters, digits, '-', '_' and '.', "
                + "and begin with one of the former two.");
        // Some file systems do not tell cases apart.
        if (tasks.GroupBy(task => task.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new InvalidOperationException($"Two tasks of {study.Name} are called '{twice.Key}'; names must differ.");
        if (only.Count == 0) return tasks;
        StudyTask[] asked = [.. tasks.Where(task => only.Any(text => task.Name.Contains(text, StringComparison.OrdinalIgnoreCase)))];
        if (asked.Length > 0) return asked;
        throw HostException.Usage(
            $"No task of {study.Name} has a name with {string.Join(" or ", only.Select(text => $"'{text}'"))}: "
                + $"they are like '{tasks.FirstOrDefault()?.Name}'.");
    }

    private static bool IsName(string name)
        => name.Length > 0 && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
