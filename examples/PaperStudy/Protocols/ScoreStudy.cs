using System.Text.Json.Nodes;
using FlowDsl.Examples.Flows;
using FlowDsl.Hosting;
using FlowDsl.Training;

namespace FlowDsl.Examples.Protocols;

/// <summary>Experiment 1: networks for the score at fixed times. Each trial has means of its own, the same in both tables.</summary>
/// <param name="table"><see cref="BySigma"/> or <see cref="ByWidth"/>.</param>
/// <param name="description">What it is.</param>
internal sealed class ScoreStudy(string table, string description) : Study
{
    /// <summary>Experiment 1A.</summary>
    public const string BySigma = "static-sigma";

    /// <summary>Experiment 1B.</summary>
    public const string ByWidth = "static-width";

    private delegate TrainingResult Fit(
        GaussianMixtureModel law, double time, TargetFunction score, TrainingOptions options, StudyRun run, CancellationToken token);

    private static readonly Dictionary<int, Fit> s_networks = new()
    {
        [128] = Of<ScoreNetworks.Width128>(),
        [256] = Of<ScoreNetworks.Width256>(),
        [512] = Of<ScoreNetworks.Width512>(),
        [1024] = Of<ScoreNetworks.Width1024>(),
        [2048] = Of<ScoreNetworks.Width2048>(),
    };

    /// <inheritdoc/>
    public override string Name => table;

    /// <inheritdoc/>
    public override string Description => description;

    /// <inheritdoc/>
    public override IReadOnlyList<StudyTask> CreateTasks(StudyBudget budget)
    {
        int steps = budget.Share(Protocol.Steps);
        return CellTask.All(budget, Published.Results.Of(table).Index(), (entry, trial) => Task(entry.Item, entry.Index, trial, steps));
    }

    private static CellTask Task(Published.Cell cell, int index, int trial, int steps)
    {
        int width = cell.Width!.Value;
        double operations = Protocol.Operations(Protocol.Weights(width), steps);
        // Cells of a trial have networks and samples of their own.
        ulong seed = (ulong)(1000 * trial + index + 1);
        return new CellTask(cell.Name, trial, steps, operations, (run, token) =>
        {
            double time = cell.Time!.Value;
            var mixture = new StudyMixture(PublishedMeans.Draw(trial), cell.Sigma);
            // Batches are learned in two parts at the same time; a flow is for one of them.
            using var flows = new ThreadLocal<MixtureFlow<float>>(() => new MixtureFlow<float>(mixture));
            TrainingResult result = s_networks[width](
                mixture.At(StudyMixture.Horizon), time, (x, y) => flows.Value!.Score(time, x, y), Protocol.Options(steps, seed, run), run, token);
            return new JsonObject { [Published.RelativeMse] = result.SegmentErrors[0] };
        });
    }

    private static Fit Of<TStudent>()
        where TStudent : IFlowStudent<TStudent>
        => (law, time, score, options, run, token) => StudentTraining.Fit<TStudent>(time, score, "score", law, options, Protocol.Progress(run), token);
}
