using FlowDsl.Mathematics;
using FlowDsl.Training;

namespace FlowDsl.Examples;

/// <summary>Students on four grids: the paper's, each segment a multilayer perceptron of four hidden layers, and those that correct responsibilities.</summary>
internal static class Grids
{
    // All of a composition's steps together, as in the paper: more segments get fewer each.
    private const int ReducedSteps = 4_000, FullSteps = 100_000;

    // Of a segment: as many as a student of this form needs to be far better than without training.
    private const int CorrectedSteps = 2_500;

    private static readonly (string Grid, Trainee Reduced, Trainee Full)[] s_trainees =
    [
        ("uniform", Trainee.Of<ReducedStudents.Uniform4>(), Trainee.Of<FullStudents.Uniform4>()),
        ("stability", Trainee.Of<ReducedStudents.Stability4>(), Trainee.Of<FullStudents.Stability4>()),
        ("expected", Trainee.Of<ReducedStudents.Expected4>(), Trainee.Of<FullStudents.Expected4>()),
        ("error-balanced", Trainee.Of<ReducedStudents.Balanced4>(), Trainee.Of<FullStudents.Balanced4>()),
        ("uniform", Trainee.Of<ReducedStudents.Uniform8>(), Trainee.Of<FullStudents.Uniform8>()),
        ("stability", Trainee.Of<ReducedStudents.Stability8>(), Trainee.Of<FullStudents.Stability8>()),
        ("expected", Trainee.Of<ReducedStudents.Expected8>(), Trainee.Of<FullStudents.Expected8>()),
        ("error-balanced", Trainee.Of<ReducedStudents.Balanced8>(), Trainee.Of<FullStudents.Balanced8>()),
        ("uniform", Trainee.Of<ReducedStudents.Uniform16>(), Trainee.Of<FullStudents.Uniform16>()),
        ("stability", Trainee.Of<ReducedStudents.Stability16>(), Trainee.Of<FullStudents.Stability16>()),
        ("expected", Trainee.Of<ReducedStudents.Expected16>(), Trainee.Of<FullStudents.Expected16>()),
        ("error-balanced", Trainee.Of<ReducedStudents.Balanced16>(), Trainee.Of<FullStudents.Balanced16>()),
    ];

    private static readonly (string Grid, Trainee Trainee)[] s_corrected =
    [
        ("uniform", Trainee.Of<CorrectedStudents.Uniform>()),
        ("stability", Trainee.Of<CorrectedStudents.Stability>()),
        ("expected", Trainee.Of<CorrectedStudents.Expected>()),
        ("error-balanced", Trainee.Of<CorrectedStudents.Balanced>()),
    ];

    /// <summary>The paper's students.</summary>
    public static IEnumerable<GridFigure> Run(StudyOptions study, CancellationToken token)
    {
        var truth = new Truth(study.Samples);
        foreach ((string grid, Trainee reduced, Trainee full) in s_trainees)
        {
            Trainee trainee = study.Full ? full : reduced;
            int segments = trainee.Student().SegmentCount;
            if (study.Segments is { } only && only != segments) continue;
            int steps = (study.Steps ?? (study.Full ? FullSteps : ReducedSteps)) / segments;
            // The paper's constant rate of 2E-4 needs its number of steps.
            TrainingOptions options = study.Full
                ? new TrainingOptions { Steps = steps, LearningRate = 2e-4, Decay = LearningRateDecay.None }
                : new TrainingOptions { Steps = steps, LearningRate = 2e-3 };
            yield return Train(study, truth, grid, trainee, options, token);
        }
    }

    /// <summary>Students that correct responsibilities.</summary>
    public static IEnumerable<GridFigure> RunCorrected(StudyOptions study, CancellationToken token)
    {
        var truth = new Truth(study.Samples);
        var options = new TrainingOptions { Steps = study.Steps ?? CorrectedSteps, LearningRate = 2e-3 };
        foreach ((string grid, Trainee trainee) in s_corrected) yield return Train(study, truth, grid, trainee, options, token);
    }

    private static GridFigure Train(StudyOptions study, Truth truth, string grid, Trainee trainee, TrainingOptions options, CancellationToken token)
    {
        Judgement[] judgements = new Judgement[study.Seeds ?? 3];
        double seconds = 0;
        for (int seed = 0; seed < judgements.Length; seed++)
        {
            (StudentFlow flow, TrainingResult result) = trainee.Run(study, options with { Seed = (ulong)seed + 1 }, token);
            judgements[seed] = truth.Judge(flow, result.SegmentErrors);
            seconds += result.Elapsed.TotalSeconds;
        }
        StudentShape shape = trainee.Student().Shape;
        return new GridFigure(grid, trainee.Student().SegmentCount, $"{shape.Form}", shape.Width, shape.Depth, options.Steps, judgements, seconds, Published.Results.Find(grid, trainee.Student().SegmentCount));
    }

    /// <summary>Prints the table, and what each grid makes of the error on the uniform one.</summary>
    public static void Write(IReadOnlyList<GridFigure> figures)
    {
        Console.WriteLine($"{figures[0].Form} students of {figures[0].Depth} hidden layers of {figures[0].Width} units, {figures[0].Judgements.Length} seeds; published: Plain, 4 of 512 units, 10 seeds.\n");
        Console.WriteLine($"{"segments",8} {"grid",-15} {"relative MSE",13} {"± s.d.",9} {"flips",8} {"NLL",7} {"worst segment",14} {"to uniform, 95 %",22} {"published",11} {"NLL",7} {"to uniform",11}");
        foreach (GridFigure figure in figures)
        {
            GridFigure uniform = figures.First(other => other.Segments == figure.Segments && other.Grid == "uniform");
            (double mean, double low, double high) = figure.Compare(uniform);
            string own = figure == uniform ? "" : $"{mean - 1:+0.0 %;-0.0 %} ({low - 1:+0 %;-0 %}, {high - 1:+0 %;-0 %})";
            string published = figure.Published is { } there ? $"{there.RelativeMse,11:e2} {there.NegativeLogLikelihood,7:f1}" : $"{"",19}";
            string reduction = figure.Published is { } row && figure != uniform ? $"{row.RelativeMse / uniform.Published!.RelativeMse - 1,11:+0.0 %;-0.0 %}" : "";
            Console.WriteLine($"{figure.Segments,8} {figure.Grid,-15} {figure.RelativeMse,13:e2} {figure.Deviation,9:e1} {figure.FlipShare,8:p2} {figure.NegativeLogLikelihood,7:f1} {figure.WorstSegment,14:e2} {own,22} {published} {reduction}");
        }
    }
}

/// <summary>A student on a grid.</summary>
/// <param name="Grid">The grid.</param>
/// <param name="Segments">The number of segments.</param>
/// <param name="Form">The form of the students.</param>
/// <param name="Width">The units of a hidden layer.</param>
/// <param name="Depth">The number of hidden layers.</param>
/// <param name="StepsPerSegment">The steps of training for each.</param>
/// <param name="Judgements">One a seed.</param>
/// <param name="Seconds">The time all trainings took.</param>
/// <param name="Published">The published figures; null where there are none.</param>
internal sealed record GridFigure(string Grid, int Segments, string Form, int Width, int Depth, int StepsPerSegment, Judgement[] Judgements, double Seconds, Published.Composition? Published)
{
    public double RelativeMse => Judgements.Average(own => own.RelativeMse);

    public double Deviation => Math.Sqrt(Judgements.Sum(own => Square(own.RelativeMse - RelativeMse)) / Math.Max(1, Judgements.Length - 1));

    public double FlipShare => Judgements.Average(own => own.FlipShare);

    public double NegativeLogLikelihood => Judgements.Average(own => own.NegativeLogLikelihood);

    public double WorstSegment => Judgements.Average(own => own.WorstSegment);

    /// <summary>The geometric mean over seeds of the error over another's, and the ends of its 95 % interval (Student's t on the logarithms).</summary>
    public (double Mean, double Low, double High) Compare(GridFigure other)
    {
        double[] logarithms = [.. Judgements.Zip(other.Judgements, (own, theirs) => Math.Log(own.RelativeMse / theirs.RelativeMse))];
        int n = logarithms.Length;
        double mean = logarithms.Average();
        if (n == 1) return (Math.Exp(mean), 0, double.PositiveInfinity);
        double half = StudentQuantile(n - 1) * Math.Sqrt(logarithms.Sum(value => Square(value - mean)) / (n - 1) / n);
        return (Math.Exp(mean), Math.Exp(mean - half), Math.Exp(mean + half));
    }

    // The 97.5 % quantiles of Student's t.
    private static double StudentQuantile(int degrees) => degrees switch
    {
        1 => 12.706,
        2 => 4.303,
        3 => 3.182,
        4 => 2.776,
        5 => 2.571,
        6 => 2.447,
        7 => 2.365,
        8 => 2.306,
        9 => 2.262,
        < 20 => 2.23,
        < 40 => 2.09,
        _ => 2.02,
    };

    private static double Square(double value) => value * value;
}
