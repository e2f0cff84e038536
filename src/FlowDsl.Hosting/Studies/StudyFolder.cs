using System.Globalization;
using FlowDsl.Hosting.Files;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Shards;

namespace FlowDsl.Hosting.Studies;

/// <summary>
/// A folder of the results of one study: a file for each finished task, whole or not at all, and the states of those that were stopped. Several processes
/// may work in it, each on its own tasks.
/// </summary>
internal sealed class StudyFolder
{
    /// <summary>The names of the results, and of states.</summary>
    public const string Records = "*.json", States = "*" + StateEnding;

    private const string StateEnding = ".checkpoint", RecordEnding = ".json";

    private readonly Study _study;

    /// <summary>Names the folder; nothing is made or read.</summary>
    /// <param name="root">The folder of all studies.</param>
    /// <param name="study">The study.</param>
    public StudyFolder(string root, Study study) => (_study, Path) = (study, System.IO.Path.Combine(root, study.Name));

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Makes the folder if there is none.</summary>
    /// <exception cref="HostException">It cannot be made.</exception>
    public void Make()
    {
        try
        {
            Directory.CreateDirectory(Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new HostException($"The folder '{Path}' cannot be made: {exception.Message}");
        }
    }

    /// <summary>The path of a task's result.</summary>
    public string RecordPath(StudyTask task) => System.IO.Path.Combine(Path, task.Name + RecordEnding);

    /// <summary>The path of a task's state, which is of one share alone: another one's is no use to it.</summary>
    public string StatePath(StudyTask task, double share)
        => System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"{task.Name}.share{share:R}{StateEnding}"));

    /// <summary>Whether a task has been begun.</summary>
    public bool IsBegun(StudyTask task, double share) => System.IO.Path.Exists(StatePath(task, share));

    /// <summary>The result of a task, of whatever share; null if there is none.</summary>
    /// <exception cref="HostException">The file is no result of the task.</exception>
    public StudyRecord? Read(StudyTask task)
    {
        string path = RecordPath(task);
        try
        {
            if (JsonFile.Read(path) is not { } content) return null;
            StudyRecord record = StudyRecord.Parse(content);
            return record.Study == _study.Name && record.Task == task.Name ? record
                : throw new FormatException($"it is of {record.Study}, {record.Task}");
        }
        catch (FormatException exception)
        {
            throw new HostException($"'{path}' is no result of this task: {exception.Message}. Remove it, or take another folder.");
        }
    }

    /// <summary>The result of a task of a share; null if there is none.</summary>
    /// <exception cref="HostException">It is of another share.</exception>
    public StudyRecord? Read(StudyTask task, double share)
    {
        StudyRecord? record = Read(task);
        if (record is null || record.Share == share) return record;
        throw new HostException(string.Create(
            CultureInfo.InvariantCulture,
            $"'{RecordPath(task)}' is of {record.Share:R} of the published steps, and the budget is {share:R}: take another folder, or remove it."));
    }

    /// <summary>The results that there are of some tasks.</summary>
    /// <exception cref="HostException">One is of another share.</exception>
    public Dictionary<StudyTask, StudyRecord> Read(IEnumerable<StudyTask> tasks, double share)
    {
        Dictionary<StudyTask, StudyRecord> records = [];
        foreach (StudyTask task in tasks)
            if (Read(task, share) is { } record) records[task] = record;
        return records;
    }

    /// <summary>The share of the tasks that were begun or finished; null if there are none.</summary>
    public double? KnownShare(IEnumerable<StudyTask> tasks)
    {
        if (!Directory.Exists(Path)) return null;
        foreach (StudyTask task in tasks)
        {
            if (Read(task) is { } record) return record.Share;
            string before = task.Name + ".share";
            foreach (string path in Directory.EnumerateFileSystemEntries(Path, before + States))
            {
                string text = System.IO.Path.GetFileName(path)[before.Length..^StateEnding.Length];
                if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double share) && share is > 0 and <= 1) return share;
            }
        }
        return null;
    }

    /// <summary>Keeps the result of a task, and removes its state.</summary>
    /// <exception cref="HostException">It cannot be written.</exception>
    public void Finish(StudyTask task, StudyRecord record)
    {
        // Another process may have done the same task: its result is the same.
        JsonFile.Write(RecordPath(task), record.ToJson(), replaces: true);
        string state = StatePath(task, record.Share);
        if (Directory.Exists(state)) Directory.Delete(state, recursive: true);
        else File.Delete(state);
    }

    /// <summary>Removes what killed processes left of some tasks' results.</summary>
    public void Clean(IEnumerable<StudyTask> tasks)
    {
        HashSet<string> names = [.. tasks.Select(task => task.Name + RecordEnding)];
        foreach (string path in Directory.EnumerateFiles(Path, "*" + RecordEnding + ".*" + OutputFile.TemporaryEnding))
        {
            string name = System.IO.Path.GetFileName(path);
            if (names.Contains(name[..(name.IndexOf(RecordEnding + ".", StringComparison.Ordinal) + RecordEnding.Length)])) OutputFile.RemoveDead(path);
        }
    }
}
