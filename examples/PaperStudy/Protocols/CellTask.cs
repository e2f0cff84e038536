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
    public override string Name => $"{cell}-trial{trial}";

    /// <inheritdoc/>
    public override double Operations => operations;

    /// <inheritdoc/>
    public override JsonObject Run(StudyRun run, CancellationToken cancellationToken)
    {
        var result = new JsonObject { ["cell"] = cell, ["trial"] = trial, ["steps"] = steps };
        foreach ((string name, JsonNode? figure) in measure(run, cancellationToken).ToArray()) result[name] = figure?.DeepClone();
        return result;
    }
}
