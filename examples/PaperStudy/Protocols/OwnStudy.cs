using FlowDsl.Hosting;
using FlowDsl.Training;

namespace FlowDsl.Examples.Protocols;

/// <summary>Students of ours on the paper's mixture, which have no published figures of their own.</summary>
/// <param name="name">The word on the command line.</param>
/// <param name="description">What it is.</param>
/// <param name="steps">The steps of each segment at full budget.</param>
/// <param name="finish">The iterations of L-BFGS after them.</param>
/// <param name="students">The students by their cell's name.</param>
internal sealed class OwnStudy(string name, string description, int steps, int finish, params (string Cell, Trainee Trainee)[] students) : Study
{
    private const int FinishSamples = 65_536;

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override string Description => description;

    /// <summary>Our best composition of 8 segments, and the same student on the uniform grid.</summary>
    public static OwnStudy Compose { get; } = new(
        "compose", "our best composition of 8 segments, and the same students on the uniform grid", steps: 6000, finish: 100,
        ("balanced", Trainee.Of<PaperMixture.Composed>()), ("uniform", Trainee.Of<PaperMixture.OnUniform>()));

    /// <summary>What the grid makes of students that correct responsibilities.</summary>
    public static OwnStudy Corrected { get; } = new(
        "corrected", "students that correct responsibilities, 8 segments on four grids", steps: 2500, finish: 0,
        ("uniform", Trainee.Of<CorrectedStudents.Uniform>()), ("stability", Trainee.Of<CorrectedStudents.Stability>()),
        ("expected", Trainee.Of<CorrectedStudents.Expected>()), ("balanced", Trainee.Of<CorrectedStudents.Balanced>()));

    /// <inheritdoc/>
    public override IReadOnlyList<StudyTask> CreateTasks(StudyBudget budget)
        => CellTask.All(budget, students, (student, trial) => Task(student.Cell, student.Trainee, trial, budget));

    private CellTask Task(string cell, Trainee trainee, int trial, StudyBudget budget)
    {
        StudentDescriptor student = trainee.Student();
        int own = budget.Share(steps), iterations = (int)Math.Round(budget.Share * finish);
        // An iteration of L-BFGS costs as much as steps of as many samples; the teacher and the exact logits cost as much again.
        double samples = (double)own * Protocol.Batch + (double)iterations * FinishSamples;
        double operations = 2 * 6.0 * student.Shape.ParameterCount * samples * student.SegmentCount;
        return new CellTask(cell, trial, own, operations, (run, token) =>
        {
            TrainingOptions options = new()
            {
                Steps = own,
                LearningRate = 2e-3,
                FinishIterations = iterations,
                FinishSamples = FinishSamples,
                Seed = (ulong)trial + 1,
                MaxThreads = run.MaxThreads,
                Checkpoint = run.Checkpoint,
            };
            (StudentFlow flow, TrainingResult result) = trainee.Train(options, Protocol.Progress(run), token);
            return Protocol.Judge(flow, result);
        });
    }
}
