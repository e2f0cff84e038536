using System.Text.Json.Nodes;
using FlowDsl.Examples.Transformers;
using FlowDsl.Hosting;

namespace FlowDsl.Examples.Protocols;

/// <summary>
/// Experiment 3: one network for the whole map, of a growing number of blocks. "blocks" trains the published transformer; "blocks-residual" the residual
/// blocks of the paper's Definition 10, of which nothing is published.
/// </summary>
/// <param name="isResidual">Whether the blocks are residual ones.</param>
internal sealed class BlocksStudy(bool isResidual) : Study
{
    /// <summary>The published table.</summary>
    public const string Table = "blocks";

    // Of a sample forward and backward, for each block, by the published shapes; and of the teacher's 100 steps.
    private const double TransformerBlock = 8.2e7, ResidualBlock = 2e5, Teacher = 100 * 2.5e4;

    /// <inheritdoc/>
    public override string Name => isResidual ? "blocks-residual" : Table;

    /// <inheritdoc/>
    public override string Description => isResidual
        ? "experiment 3 with the residual blocks of the paper's Definition 10; no published figures"
        : "experiment 3: one transformer for the whole map, of 1 to 16 blocks";

    /// <inheritdoc/>
    public override IReadOnlyList<StudyTask> CreateTasks(StudyBudget budget)
    {
        int steps = budget.Share(Protocol.Steps);
        return CellTask.All(budget, Published.Results.Of(Table), (cell, trial) => Task(cell, trial, steps));
    }

    private CellTask Task(Published.Cell cell, int trial, int steps)
    {
        int blocks = cell.Blocks!.Value;
        double sample = (isResidual ? ResidualBlock : TransformerBlock) * blocks;
        double operations = (sample + Teacher) * Protocol.Batch * steps + (sample / 3 + Teacher) * Protocol.EvaluationSamples;
        return new CellTask(cell.Name, trial, steps, operations, (run, token) =>
        {
            var options = new NetworkTrainingOptions
            {
                Blocks = blocks,
                Steps = steps,
                Seed = trial,
                EvaluationSamples = Protocol.EvaluationSamples,
                MaxThreads = run.MaxThreads,
                Checkpoint = run.Checkpoint,
            };
            NetworkTrainingResult result = isResidual
                ? ResidualBlocksTraining.Run(options, new Bar(run), token)
                : TransformerTraining.Run(options, new Bar(run), token);
            return new JsonObject { [Published.RelativeMse] = result.RelativeMse };
        });
    }

    private sealed class Bar(StudyRun run) : IProgress<NetworkTrainingProgress>
    {
        public void Report(NetworkTrainingProgress value) => run.Report((double)value.Step / value.Steps);
    }
}
