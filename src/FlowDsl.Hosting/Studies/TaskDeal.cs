using FlowDsl.Hosting.Shards;

namespace FlowDsl.Hosting.Studies;

/// <summary>Deals tasks out to processes, so that each gets about as many operations. It is the same deal in all of them.</summary>
internal static class TaskDeal
{
    /// <summary>The tasks of a process, in the order of the study.</summary>
    public static IReadOnlyList<StudyTask> Of(IReadOnlyList<StudyTask> tasks, ShardShare share)
    {
        double[] loads = new double[share.Count];
        bool[] isOwn = new bool[tasks.Count];
        // The largest first, each to whom has least; the earlier one where two are alike.
        foreach (int task in Enumerable.Range(0, tasks.Count).OrderByDescending(task => tasks[task].Operations).ThenBy(task => task))
        {
            int least = Array.IndexOf(loads, loads.Min());
            loads[least] += tasks[task].Operations;
            isOwn[task] = least == share.Index;
        }
        return [.. tasks.Where((_, task) => isOwn[task])];
    }
}
