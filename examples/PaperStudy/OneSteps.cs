using FlowDsl.Training;

namespace FlowDsl.Examples;

/// <summary>One network for all of the flow, its weights within a bound.</summary>
internal static class OneSteps
{
    private static readonly (double Sigma, double Bound, Trainee Trainee)[] s_trainees =
    [
        (0.1, 0.01, Trainee.Of<WideModes.Bound001>()),
        (0.1, 0.1, Trainee.Of<WideModes.Bound01>()),
        (0.1, 0.25, Trainee.Of<WideModes.Bound025>()),
        (0.01, 0.01, Trainee.Of<NarrowModes.Bound001>()),
        (0.01, 0.1, Trainee.Of<NarrowModes.Bound01>()),
        (0.01, 0.25, Trainee.Of<NarrowModes.Bound025>()),
    ];

    public static IEnumerable<OneStepFigure> Run(StudyOptions study, CancellationToken token)
    {
        foreach ((double sigma, double bound, Trainee trainee) in s_trainees)
        {
            var options = new TrainingOptions { Steps = study.Steps ?? (study.Full ? 20_000 : 300), LearningRate = 1e-3 };
            double[] errors = [.. Enumerable.Range(1, study.Seeds ?? 1).Select(seed => trainee.Run(study, options with { Seed = (ulong)seed }, token).Result.SegmentErrors[0])];
            double published = Published.Results.OneSteps.First(row => row.Sigma == sigma && row.WeightBound == bound).RelativeMse;
            yield return new OneStepFigure(sigma, bound, errors, published);
        }
    }

    public static void Write(IReadOnlyList<OneStepFigure> figures)
    {
        Console.WriteLine(
            """
            One-step maps, four hidden layers of 512 units. The published figures are of other networks, trained otherwise:
            - ours are ReLU in all layers, theirs ReLU and ReQU alternating;
            - our bound holds for weights and biases, theirs for weights alone;
            - our reference is converged, theirs takes ten steps of Runge-Kutta 4;
            - theirs are means of ten trials of 20,000 steps each.

            """);
        Console.WriteLine($"{"σ0",6} {"bound",6} {"relative MSE",13} {"published",11}");
        foreach (OneStepFigure figure in figures) Console.WriteLine($"{figure.Sigma,6} {figure.WeightBound,6} {figure.RelativeMse.Average(),13:e2} {figure.Published,11:e2}");
    }
}

/// <summary>A one-step map.</summary>
/// <param name="Sigma">The deviation of the modes.</param>
/// <param name="WeightBound">The bound of each weight.</param>
/// <param name="RelativeMse">One a seed, on samples it was not trained with.</param>
/// <param name="Published">The published figure.</param>
internal sealed record OneStepFigure(double Sigma, double WeightBound, double[] RelativeMse, double Published);
