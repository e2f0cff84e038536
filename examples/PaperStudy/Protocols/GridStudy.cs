using FlowDsl.Hosting;
using FlowDsl.Training;

namespace FlowDsl.Examples.Protocols;

/// <summary>Experiment 4: compositions of plain perceptrons on grids. Those on two further grids have no published figures.</summary>
internal sealed class GridStudy : Study
{
    /// <summary>The published table.</summary>
    public const string Table = "grids";

    private static readonly (string Grid, Trainee Trainee)[] s_compositions =
    [
        ("stability", Trainee.Of<FullStudents.Stability4>()),
        ("uniform", Trainee.Of<FullStudents.Uniform4>()),
        ("stability", Trainee.Of<FullStudents.Stability8>()),
        ("uniform", Trainee.Of<FullStudents.Uniform8>()),
        ("stability", Trainee.Of<FullStudents.Stability16>()),
        ("uniform", Trainee.Of<FullStudents.Uniform16>()),
        ("expected", Trainee.Of<FullStudents.Expected4>()),
        ("balanced", Trainee.Of<FullStudents.Balanced4>()),
        ("expected", Trainee.Of<FullStudents.Expected8>()),
        ("balanced", Trainee.Of<FullStudents.Balanced8>()),
        ("expected", Trainee.Of<FullStudents.Expected16>()),
        ("balanced", Trainee.Of<FullStudents.Balanced16>()),
    ];

    /// <inheritdoc/>
    public override string Name => Table;

    /// <inheritdoc/>
    public override string Description => "experiment 4: compositions of perceptrons on the stability-balanced and the uniform grid, and on two of ours";

    /// <inheritdoc/>
    public override IReadOnlyList<StudyTask> CreateTasks(StudyBudget budget)
        => CellTask.All(budget, s_compositions, (composition, trial) => Task(composition.Grid, composition.Trainee, trial, budget));

    private static CellTask Task(string grid, Trainee trainee, int trial, StudyBudget budget)
    {
        int segments = trainee.Student().SegmentCount, steps = budget.Share(Protocol.CompositionSteps) / segments;
        // Runge-Kutta 4 in 64 steps over all segments.
        double teacher = 64 * 2.5e4 * Protocol.Batch * steps;
        double operations = segments * Protocol.Operations(Protocol.Weights(512), steps) + teacher;
        return new CellTask($"{grid}-{segments}", trial, steps, operations, (run, token) =>
        {
            // A segment's first weights and samples do not depend on the grid, as published.
            (StudentFlow flow, TrainingResult result) = trainee.Train(Protocol.Options(steps, (ulong)trial + 1, run), Protocol.Progress(run), token);
            return Protocol.Judge(flow, result);
        });
    }
}
