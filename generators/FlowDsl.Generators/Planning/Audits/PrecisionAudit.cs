using System.Collections.Immutable;
using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning.Samplers;
using FlowDsl.Generators.Validation;
using FlowDsl.Mathematics;

namespace FlowDsl.Generators.Planning.Audits;

/// <summary>Whether single precision holds a model's samples: its range, and its resolution where the components lie.</summary>
/// <param name="model">The model.</param>
/// <param name="issues">Receives what the user must know.</param>
internal sealed class PrecisionAudit(ResolvedModel model, List<Issue> issues)
{
    // Distances and their inverses are squared: with a margin of a hundred, float's 1.2e-38 to 3.4e38.
    private const double MaxLength = 1e18, MinLength = 1e-18;

    // Beyond so many standard deviations no sample is drawn in single precision.
    private const double Deviations = 7;

    // 2^-23, the distance of neighbouring floats relative to their size, at most; and the part of a width that it may be.
    private const double Spacing = 1.0 / (1 << 23), MaxShare = 0.01;

    /// <summary>Why a sampler cannot be in single precision, in words; null where it can be or is in double.</summary>
    /// <param name="spec">The sampler.</param>
    /// <param name="program">Its program, all numbers of which are finite in its precision.</param>
    public string? Obstacle(SamplerSpec spec, FlowProgram program)
    {
        if (spec.Precision != Precision.Single) return null;
        foreach (FlowStage stage in program.Steps.SelectMany(step => step.Stages))
        {
            ProcessPoint point = stage.Field.Point;
            (double reach, double width) = Extent(point);
            if (!(reach <= MaxLength))
                return $"its states reach {Number(reach)} at t = {Number(point.Time)}, and squares of more than {Number(MaxLength)} are beyond float";
            if (!(width >= MinLength))
                return $"a component is {Number(width)} wide at t = {Number(point.Time)}, and inverse squares of less than {Number(MinLength)} are beyond "
                    + "float";
        }
        return null;
    }

    /// <summary>Tells of the component that float resolves worst, where some sampler is in single precision.</summary>
    /// <param name="samplers">The samplers.</param>
    public void Check(IReadOnlyList<SamplerPlan> samplers)
    {
        if (samplers.FirstOrDefault(sampler => sampler.Spec.Precision == Precision.Single) is not { } sampler) return;
        Mixture mixture = model.Mixture;
        ProcessPoint end = model.Process.At(model.Process.EarlyStop);
        (int component, double share, double spacing, double width) worst = (-1, MaxShare, 0, 0);
        for (int k = 0; k < mixture.Count; k++)
        {
            double[] spacings = Spacings(mixture.Means[k], mixture.Covariances[k], end);
            for (int axis = 0; axis < mixture.Dimension; axis++)
            {
                double width = Math.Sqrt(end.Spread(mixture.Covariances[k].Variances[axis])), spacing = Along(mixture.Covariances[k].Basis, axis, spacings);
                // A point that has no width is as exact as its mean.
                if (width > 0 && spacing / width > worst.share) worst = (k, spacing / width, spacing, width);
            }
        }
        if (worst.component < 0) return;
        Site site = model.Spec.File is null ? new Site(SitePart.Component, worst.component, "mean") : new Site(SitePart.Mixture, 0, "File");
        issues.Add(new Issue(
            DiagnosticIds.MeanUnresolved, site,
            model.Spec.Type.DisplayName, Invariant.Text(worst.component), Number(worst.width), Number(worst.spacing), sampler.Spec.Name));
    }

    /// <summary>How far typical numbers of each coordinate are apart in float.</summary>
    private static double[] Spacings(ImmutableArray<double> mean, Covariance covariance, in ProcessPoint end)
    {
        int d = mean.Length;
        double[] spacings = new double[d];
        for (int j = 0; j < d; j++)
        {
            double variance = 0;
            if (covariance.Basis is not { } basis) variance = covariance.Variances[j];
            else
                for (int axis = 0; axis < d; axis++) variance += basis[j * d + axis] * basis[j * d + axis] * covariance.Variances[axis];
            double size = Math.Max(Math.Abs(end.A * mean[j]), Math.Sqrt(end.Spread(variance)));
            spacings[j] = Spacing * size;
        }
        return spacings;
    }

    /// <summary>The same along a principal axis.</summary>
    private static double Along(ImmutableArray<double>? basis, int axis, double[] spacings)
    {
        if (basis is not { } axes) return spacings[axis];
        double sum = 0;
        for (int j = 0; j < spacings.Length; j++) sum += Square(axes[j * spacings.Length + axis] * spacings[j]);
        return Math.Sqrt(sum);
    }

    /// <summary>The largest coordinate of samples at a time, and the smallest width of a component.</summary>
    private (double Reach, double Width) Extent(ProcessPoint point)
    {
        Mixture mixture = model.Mixture;
        double reach = 0;
        for (int k = 0; k < mixture.Count; k++)
        {
            double distance = Math.Abs(point.A) * mixture.Means[k].Max(Math.Abs);
            reach = Math.Max(reach, distance + Deviations * Math.Sqrt(point.Spread(mixture.Covariances[k].MaxVariance)));
        }
        return (reach, Math.Sqrt(point.Spread(mixture.MinVariance)));
    }

    private static double Square(double value) => value * value;

    private static string Number(double value) => Invariant.Measured(value);
}
