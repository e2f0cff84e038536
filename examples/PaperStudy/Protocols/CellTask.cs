using System.Text.Json.Nodes;
using FlowDsl.Hosting;

namespace FlowDsl.Examples.Protocols;

/// <summary>A trial of a cell.</summary>
/// <param name="cell">The cell's name.</param>
/// <param name="trial">Which, from 0, as published.</param>
/// <param name="steps">The steps of training.</param>
/// <param name="operations">The operations that it takes.</param>
/// <param name="measure">Trains and judges; gives figures by the metric's name.</param>
internal sealed class CellTask(string cell, int trial, int steps, double operations, Func<StudyRun, CancellationToken, JsonObject> measure) : StudyTask
{
    /// <inheritdoc/>
    public override string Name => NameOf(cell, trial);

    /// <inheritdoc/>
    public override double Operations => operations;

    /// <summary>A task for each trial of each cell: trial after trial, so that a budget that ends early has every cell.</summary>
    public static IReadOnlyList<StudyTask> All<T>(StudyBudget budget, IEnumerable<T> cells, Func<T, int, CellTask> create)
        => [.. from trial in Enumerable.Range(0, budget.Trials) from cell in cells select create(cell, trial)];

    /// <summary>The name of a cell's trial.</summary>
    public static string NameOf(string cell, int trial) => $"{cell}-trial{trial}";

    /// <inheritdoc/>
    public override JsonObject Run(StudyRun run, CancellationToken cancellationToken)
    {
        var result = new JsonObject { ["cell"] = cell, ["trial"] = trial, ["steps"] = steps };
        foreach ((string name, JsonNode? figure) in measure(run, cancellationToken).ToArray()) result[name] = figure?.DeepClone();
        return result;
    }
}
