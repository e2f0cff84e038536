using FlowDsl.Training;

namespace FlowDsl.Examples;

/// <summary>Our best composition of 8 segments, and the same student on the uniform grid.</summary>
internal static class Compose
{
    // An iteration of L-BFGS costs as much as 64 steps.
    private const int Steps = 6_000, StepsPerIteration = 60;

    public static IEnumerable<ComposeFigure> Run(StudyOptions study, CancellationToken token)
    {
        var truth = new Truth(study.Samples);
        int steps = study.Steps ?? Steps;
        var options = new TrainingOptions { Steps = steps, LearningRate = 2e-3, FinishIterations = steps / StepsPerIteration, FinishSamples = 65_536 };
        foreach (Trainee trainee in new[] { Trainee.Of<PaperMixture.Composed>(), Trainee.Of<PaperMixture.OnUniform>() })
        {
            for (int seed = 1; seed <= (study.Seeds ?? 1); seed++)
            {
                (StudentFlow flow, TrainingResult result) = trainee.Run(study, options with { Seed = (ulong)seed }, token);
                Judgement judgement = truth.Judge(flow, result.SegmentErrors);
                ErrorBudget budget = Budget(flow, study);
                yield return new ComposeFigure(trainee.Name, seed, trainee.Student().Sampler.Grid.ToString()!, judgement, budget.SampleCount,
                    budget.RelativeMeanSquaredError, budget.FlipShare, result.SegmentErrors, result.Elapsed.TotalSeconds, budget.ToString());
            }
        }
    }

    public static void Write(IReadOnlyList<ComposeFigure> figures)
    {
        foreach (ComposeFigure figure in figures)
        {
            Console.WriteLine($"{figure.Name} ({figure.Grid} grid), seed {figure.Seed}: relative MSE {figure.Judgement.RelativeMse:e2}, flips {figure.Judgement.FlipShare:p3}, median error {figure.Judgement.MedianError:g3}, trained in {figure.Seconds:f0} s");
            Console.WriteLine($"published for 8 segments: {Published.Results.Find("stability", 8)!.RelativeMse:e2} stability-balanced, {Published.Results.Find("uniform", 8)!.RelativeMse:e2} uniform\n");
            Console.WriteLine(
                $"Its budget is of {figure.BudgetSamples} other samples, {figure.BudgetFlipShare:p3} of them in another mode. The few samples in another\n"
                + $"mode carry nearly all of the mean squared error, so its relative MSE of {figure.BudgetRelativeMse:e2} is less sure than the one above;\n"
                + "the errors of the other samples it tells well.");
            Console.WriteLine(figure.Budget);
        }
    }

    // Exact flows from every node of some samples: the budget of the composition.
    private static ErrorBudget Budget(StudentFlow flow, StudyOptions study)
    {
        const int SamplesPerFlow = 10;
        SamplerDescriptor sampler = flow.Student.Sampler;
        double[] starts = FlowSampling.DrawPrior<double>(sampler.Model, study.Samples / SamplesPerFlow, seed: 7);
        return ErrorBudget.Measure(sampler.Model, sampler.Times, flow.Maps, starts);
    }
}

/// <summary>A trained composition.</summary>
/// <param name="Name">The student.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Grid">Its grid.</param>
/// <param name="Judgement">How wrong it is.</param>
/// <param name="BudgetSamples">The number of samples of the budget.</param>
/// <param name="BudgetRelativeMse">Their relative MSE.</param>
/// <param name="BudgetFlipShare">The share of them that end in another mode.</param>
/// <param name="SegmentErrors">The relative MSE of each segment from exact starts, in the coordinates that are mapped.</param>
/// <param name="Seconds">The time of training.</param>
/// <param name="Budget">The budget as a table.</param>
internal sealed record ComposeFigure(
    string Name, int Seed, string Grid, Judgement Judgement, int BudgetSamples, double BudgetRelativeMse, double BudgetFlipShare,
    IReadOnlyList<double> SegmentErrors, double Seconds, string Budget);
