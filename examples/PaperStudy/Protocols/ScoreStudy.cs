using System.Text.Json.Nodes;
using FlowDsl.Hosting;
using FlowDsl.Mathematics;
using FlowDsl.Training;

namespace FlowDsl.Examples.Protocols;

/// <summary>Experiment 1: networks for the score at fixed times. Each trial has means of its own, the same in both tables.</summary>
/// <param name="table">"static-sigma" or "static-width".</param>
/// <param name="description">What it is.</param>
internal sealed class ScoreStudy(string table, string description) : Study
{
    private delegate TrainingResult Fit(GaussianMixtureModel law, double time, TargetFunction score, TrainingOptions options, StudyRun run, CancellationToken token);

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
        // Trial after trial, so that a budget that ends early has every cell.
        return
        [
            .. from trial in Enumerable.Range(0, budget.Trials)
               from entry in Published.Results.Of(table).Select((cell, index) => (cell, index))
               select Task(entry.cell, entry.index, trial, steps),
        ];
    }

    private static CellTask Task(Published.Cell cell, int index, int trial, int steps)
    {
        int width = cell.Width!.Value;
        double operations = Protocol.Operations(Protocol.Weights(width), steps);
        // Cells of a trial have networks and samples of their own.
        ulong seed = (ulong)(1000 * trial + index + 1);
        return new CellTask(cell.Name, trial, steps, operations, (run, token) =>
        {
            GaussianMixtureModel law = Law(trial, cell.Sigma);
            double time = cell.Time!.Value;
            TrainingResult result = s_networks[width](law, time, Score(law, time), Protocol.Options(steps, seed, run), run, token);
            return new JsonObject { [Published.RelativeMse] = result.SegmentErrors[0] };
        });
    }

    /// <summary>The mixture of a trial under the process of all experiments.</summary>
    public static GaussianMixtureModel Law(int seed, double sigma)
    {
        double[][] means = PublishedMeans.Draw(seed);
        var mixture = new Mixture(
            [.. Enumerable.Repeat(1.0 / means.Length, means.Length)], means,
            [.. Enumerable.Repeat(Covariance.Isotropic(PublishedMeans.Dimension, sigma * sigma), means.Length)]);
        return new GaussianMixtureModel(mixture, new OrnsteinUhlenbeckProcess(beta: 5, sigma: 1, horizon: 1, earlyStop: 0));
    }

    private static TargetFunction Score(GaussianMixtureModel law, double time) => (x, y) =>
    {
        int d = law.Dimension;
        Span<double> point = stackalloc double[d], score = stackalloc double[d];
        for (int i = 0; i < x.Length; i += d)
        {
            for (int j = 0; j < d; j++) point[j] = x[i + j];
            law.Score(time, point, score);
            for (int j = 0; j < d; j++) y[i + j] = (float)score[j];
        }
    };

    private static Fit Of<TStudent>()
        where TStudent : IFlowStudent<TStudent>
        => (law, time, score, options, run, token) => StudentTraining.Fit<TStudent>(time, score, "score", law, options, Protocol.Progress(run), token);
}
