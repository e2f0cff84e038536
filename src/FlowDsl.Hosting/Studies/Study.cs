namespace FlowDsl.Hosting;

/// <summary>A table of an experiment whose cells and trials run apart, each into a file of its own.</summary>
public abstract class Study
{
    /// <summary>The word on the command line: "static-sigma". Letters, digits, '-', '_' and '.'.</summary>
    public abstract string Name { get; }

    /// <summary>What it is, in one line.</summary>
    public abstract string Description { get; }

    /// <summary>The tasks, in the order in which they should run. Names and order are the same at every call.</summary>
    /// <param name="budget">What part of the published protocol is run.</param>
    public abstract IReadOnlyList<StudyTask> CreateTasks(StudyBudget budget);
}
