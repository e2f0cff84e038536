using System.Text.Json.Nodes;

namespace FlowDsl.Hosting;

/// <summary>One trial of one cell of a study: independent of all others, a pure function of its name and the budget.</summary>
public abstract class StudyTask
{
    /// <summary>Its name, of letters, digits, '-', '_' and '.', for it is a file's too: "sigma0.1-t0.3-trial0".</summary>
    public abstract string Name { get; }

    /// <summary>The floating-point operations that it takes, from which the time is estimated.</summary>
    public abstract double Operations { get; }

    /// <summary>Does it, or goes on from its checkpoint.</summary>
    /// <param name="run">What it works with.</param>
    /// <param name="cancellationToken">Stops soon; the checkpoint keeps the state.</param>
    /// <returns>The result. Numbers that are not finite become texts, as everywhere in the host.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public abstract JsonObject Run(StudyRun run, CancellationToken cancellationToken);
}
