using System.Text.Json.Nodes;
using FlowDsl.Hosting;
using FlowDsl.Training;

namespace FlowDsl.Examples.Protocols;

/// <summary>
/// Experiment 2: one network for a map from where a² is 1/2 to the data, its weights within a bound. "onestep" learns from the published teacher and is
/// judged by it, "onestep-converged" by one that integrates the flow.
/// </summary>
/// <param name="isConverged">Whether the teacher is the one that has converged.</param>
internal sealed class OneStepStudy(bool isConverged) : Study
{
    /// <summary>The published table.</summary>
    public const string Table = "onestep";

    private delegate void Flow(Span<float> states);

    private delegate TrainingResult Fit(
        GaussianMixtureModel law, TargetFunction target, string name, TrainingOptions options, StudyRun run, CancellationToken token);

    private static readonly Dictionary<double, Fit> s_networks = new()
    {
        [0.001] = Of<OneStepNetworks.Bound0001>(),
        [0.01] = Of<OneStepNetworks.Bound001>(),
        [0.1] = Of<OneStepNetworks.Bound01>(),
        [0.25] = Of<OneStepNetworks.Bound025>(),
    };

    private static readonly Dictionary<double, (Func<GaussianMixtureModel> Law, Flow Published, Flow Converged)> s_maps = new()
    {
        [0.1] = (GaussianMixtureModel.From<Modes01>, Modes01.Published.Integrate, Modes01.Converged.Integrate),
        [0.01] = (GaussianMixtureModel.From<Modes001>, Modes001.Published.Integrate, Modes001.Converged.Integrate),
        [0.001] = (GaussianMixtureModel.From<Modes0001>, Modes0001.Published.Integrate, Modes0001.Converged.Integrate),
        [0.0001] = (GaussianMixtureModel.From<Modes00001>, Modes00001.Published.Integrate, Modes00001.Converged.Integrate),
    };

    /// <inheritdoc/>
    public override string Name => isConverged ? "onestep-converged" : Table;

    /// <inheritdoc/>
    public override string Description => isConverged
        ? "experiment 2 again, taught and judged by a converged flow; no published figures"
        : "experiment 2: one-step maps whose weights are bounded, by the published teacher of ten steps";

    /// <inheritdoc/>
    public override IReadOnlyList<StudyTask> CreateTasks(StudyBudget budget)
    {
        int steps = budget.Share(Protocol.Steps);
        return CellTask.All(budget, Published.Results.Of(Table), (cell, trial) => Task(cell, trial, steps));
    }

    private CellTask Task(Published.Cell cell, int trial, int steps)
    {
        // A step of the teacher evaluates the velocity four times.
        double teacher = 10 * 2.5e4 * Protocol.Batch * steps;
        return new CellTask(cell.Name, trial, steps, Protocol.Operations(Protocol.Weights(512), steps) + teacher, (run, token) =>
        {
            (Func<GaussianMixtureModel> law, Flow published, Flow converged) = s_maps[cell.Sigma];
            Flow flow = isConverged ? converged : published;
            // All cells of a trial begin with the same weights and draw the same noise, as published.
            TrainingResult result = s_networks[cell.Bound!.Value](law(), Target, Name, Protocol.Options(steps, (ulong)trial + 1, run), run, token);
            return new JsonObject { [Published.RelativeMse] = result.SegmentErrors[0] };

            void Target(ReadOnlySpan<float> x, Span<float> y)
            {
                x.CopyTo(y);
                flow(y);
            }
        });
    }

    private static Fit Of<TStudent>()
        where TStudent : IFlowStudent<TStudent>
        => (law, target, name, options, run, token)
            => StudentTraining.Fit<TStudent>(law.Process.Horizon, target, name, law, options, Protocol.Progress(run), token);
}
