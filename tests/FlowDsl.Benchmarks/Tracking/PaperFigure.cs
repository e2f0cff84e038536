using FlowDsl.Errors.Budget;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Benchmarks;

/// <summary>The paper's mixture: the automatic grid, and samples near a border found and integrated again.</summary>
internal sealed class PaperFigure
{
    private const int Steps = 256;
    private const double FlaggedShare = 0.03;

    /// <summary>How many.</summary>
    public required int Samples { get; init; }

    /// <summary>The relative mean squared error of Runge-Kutta's method in 4 steps.</summary>
    public required double RelativeError4 { get; init; }

    /// <summary>In 8 steps.</summary>
    public required double RelativeError8 { get; init; }

    /// <summary>Samples of the 8 steps that end in another mode: farther off than half the least distance of two means.</summary>
    public required int Flips { get; init; }

    /// <summary>The margin below which three per cent of the samples are.</summary>
    public required double Margin { get; init; }

    /// <summary>Flips among these.</summary>
    public required int FlipsCaught { get; init; }

    /// <summary>Flips that are left when these have been integrated again.</summary>
    public required int FlipsAfter { get; init; }

    /// <summary>The relative mean squared error then.</summary>
    public required double RelativeErrorAfter { get; init; }

    /// <summary>Velocity evaluations of the sampler.</summary>
    public required int Evaluations { get; init; }

    /// <summary>Velocity evaluations of the repair for each sample, flagged or not.</summary>
    public required double ExtraEvaluations { get; init; }

    /// <summary>The greatest uncertainty of the truth.</summary>
    public required double MaxUncertainty { get; init; }

    public static PaperFigure Measure(int samples)
    {
        Subject in4 = Of(typeof(In4)), in8 = Of(typeof(In8));
        GaussianMixtureModel model = in8.Model;
        int d = model.Dimension;
        double[] starts = FlowSampling.DrawPrior<double>(model, samples, Subject.Seed);
        (double[] exact, double[] uncertainties) = new ConvergedFlow(model, Steps).MapAll(starts);
        double half = 0.5 * MeanDistances.Of(model.Mixture).Min, size = Vectors.Dot(exact, exact);

        double[] margins = [.. in8.Run(0, samples).Errors.Select(error => error.BranchMargin)], before = Errors(in8, null);
        double margin = Quantiles.Of(margins, FlaggedShare);
        double[] after = Errors(in8, margin);
        // The repair's solver has four stages, and steps as many as the sampler has evaluations.
        int evaluations = in8.Descriptor.FunctionEvaluations, flagged = margins.Count(value => value < margin);
        return new PaperFigure
        {
            Samples = samples,
            RelativeError4 = Relative(Errors(in4, null)),
            RelativeError8 = Relative(before),
            Flips = before.Count(error => error > half),
            Margin = margin,
            FlipsCaught = before.Where((error, i) => error > half && margins[i] < margin).Count(),
            FlipsAfter = after.Count(error => error > half),
            RelativeErrorAfter = Relative(after),
            Evaluations = evaluations,
            ExtraEvaluations = 4.0 * evaluations * flagged / samples,
            MaxUncertainty = uncertainties.Max(),
        };

        double[] Errors(Subject subject, double? repairMargin) => ConvergedFlow.Distances(subject.Sample(samples, repairMargin), exact, d);

        double Relative(double[] errors) => Vectors.Dot(errors, errors) / size;

        static Subject Of(Type steps) => Subject.Of(typeof(PaperMixture), typeof(ByRungeKutta4), steps, typeof(WithCompanion), typeof(double));
    }
}
