using System.Text.Json.Nodes;
using FlowDsl.Examples.Baselines;
using FlowDsl.Hosting;

namespace FlowDsl.Examples.Protocols;

/// <summary>
/// What every cell of the published tables is to be compared with: constants, multiples of x and affine maps in the published metric, and what the published
/// teachers and perfect students score in it. Nothing is trained: the budget changes the number of samples.
/// </summary>
internal sealed class BaselineStudy : Study
{
    /// <summary>The study's name.</summary>
    public const string Table = "baselines";

    // Fewer do not determine an affine map of 64 coordinates well.
    private const int LeastSamples = 2000;

    /// <inheritdoc/>
    public override string Name => Table;

    /// <inheritdoc/>
    public override string Description => "maps without a network, teachers and perfect students, in the metric of each published cell";

    /// <summary>The name of a cell of experiment 1.</summary>
    public static string ScoreCell(double sigma, double time) => FormattableString.Invariant($"score-sigma{sigma}-t{time}");

    /// <summary>The name of a cell of experiment 2.</summary>
    public static string OneStepCell(double sigma) => FormattableString.Invariant($"onestep-sigma{sigma:0.####}");

    /// <summary>The name of the cell of experiment 3.</summary>
    public static string BlocksCell => BlocksStudy.Table;

    /// <summary>The name of the cell of experiment 4.</summary>
    public static string GridCell => GridStudy.Table;

    /// <inheritdoc/>
    public override IReadOnlyList<StudyTask> CreateTasks(StudyBudget budget)
    {
        int samples = Math.Max(LeastSamples, budget.Share(Protocol.EvaluationSamples));
        double[] sigmas = [.. Published.Results.Of(OneStepStudy.Table).Select(cell => cell.Sigma).Distinct()];
        Func<int, CellTask>[] cells =
        [
            .. Published.Results.Of(ScoreStudy.BySigma).Select(cell => (Func<int, CellTask>)(trial => Score(cell.Sigma, cell.Time!.Value, trial, samples))),
            .. sigmas.Select(sigma => (Func<int, CellTask>)(trial => OneStep(sigma, trial, samples))),
            trial => Blocks(trial, samples),
            trial => Grids(trial, samples),
        ];
        return CellTask.All(budget, cells, (create, trial) => create(trial));
    }

    // Twice the samples, each a velocity of 5.9e3 operations; affine fits are small beside.
    private static CellTask Task(string cell, int trial, int samples, double velocities, Func<BaselineOptions, CancellationToken, JsonObject> measure)
        => new(cell, trial, samples, 2.0 * samples * (velocities * 5.9e3 + 3e4), (run, token)
            => measure(new BaselineOptions { FitSamples = samples, EvaluationSamples = samples, Seed = (ulong)trial, MaxThreads = run.MaxThreads }, token));

    private static CellTask Score(double sigma, double time, int trial, int samples)
        => Task(ScoreCell(sigma, time), trial, samples, velocities: 1, (options, token) =>
        {
            ScoreBaselines found = ScoreBaselines.Measure(trial, sigma, time, options, token);
            JsonObject figures = Figures(found.Trivial);
            figures["nearestMean"] = found.NearestMean;
            return figures;
        });

    private static CellTask OneStep(double sigma, int trial, int samples)
        => Task(OneStepCell(sigma), trial, samples, velocities: 4 * (10 + 40 + 10), (options, token) =>
        {
            OneStepBaselines found = OneStepBaselines.Measure(sigma, options, token);
            JsonObject figures = Figures(found.Published);
            figures["constant"] = found.BestConstant;
            figures["nearestMean"] = found.NearestMean;
            figures["piecewiseAffine"] = found.PiecewiseAffine;
            figures["closedForm"] = found.ClosedForm;
            figures["convergedMultiple"] = found.Converged.Multiple;
            figures["convergedAffine"] = found.Converged.Affine;
            figures["convergedNearestMean"] = found.NearestMeanConverged;
            figures["convergedTeacher"] = found.ConvergedTeacher;
            return With(figures, found.Teacher);
        });

    private static CellTask Blocks(int trial, int samples)
        => Task(BlocksCell, trial, samples, velocities: 4 * (100 + 60 + 40), (options, token) =>
        {
            FullMapBaselines found = FullMapBaselines.Measure(options, token);
            JsonObject figures = Figures(found.Published);
            figures["constant"] = found.BestConstant;
            figures["exactOffset"] = found.ExactOffset;
            figures["convergedMultiple"] = found.Converged.Multiple;
            figures["convergedAffine"] = found.Converged.Affine;
            figures["convergedTeacher"] = found.ConvergedTeacher;
            return With(figures, found.Teacher);
        });

    private static CellTask Grids(int trial, int samples)
        => Task(GridCell, trial, samples, velocities: 4 * (100 + 200 + 6 * 100), (options, token) =>
        {
            GridBaselines found = GridBaselines.Measure(options, token);
            JsonObject figures = Figures(found.Whole);
            figures["identity"] = found.Identity;
            figures["exactNll"] = found.ExactNegativeLogLikelihood;
            foreach (int segments in (int[])[4, 8, 16])
            {
                figures[$"uniform{segments}Identity"] = GridBaselines.MeasureIdentity(GridBaselines.UniformNodes(segments), options, token).Max();
                figures[$"stability{segments}Identity"] = GridBaselines.MeasureIdentity(GridBaselines.StabilityNodes(segments), options, token).Max();
            }
            return With(figures, found.Teacher);
        });

    private static JsonObject Figures(TrivialMaps maps) => new()
    {
        ["constant"] = maps.Constant,
        ["multiple"] = maps.Multiple,
        ["factor"] = maps.Factor,
        ["affine"] = maps.Affine,
    };

    private static JsonObject With(JsonObject figures, TeacherFigures teacher)
    {
        figures["teacherError"] = teacher.Error;
        figures["perfectStudent"] = teacher.PerfectStudent;
        figures["gain"] = teacher.Gain;
        figures["exactGain"] = teacher.ExactGain;
        figures["lastStep"] = teacher.LastStep;
        figures["exactLastStep"] = teacher.ExactLastStep;
        figures["size"] = teacher.Size;
        figures["exactSize"] = teacher.ExactSize;
        return figures;
    }
}
