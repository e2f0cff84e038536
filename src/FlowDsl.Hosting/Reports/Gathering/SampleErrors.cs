using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Hosting.Reports.Gathering;

/// <summary>Some samples of a sampler, each with its distance from where the exact flow takes its start.</summary>
/// <param name="Points">n rows of one or two coordinates along the axes of a view.</param>
/// <param name="Errors">n distances in the whole space; infinite where a sample is not finite.</param>
/// <param name="FlipDistance">The distance beyond which a sample counts as in another mode.</param>
internal sealed record SampleErrors(ImmutableArray<double> Points, ImmutableArray<double> Errors, double FlipDistance)
{
    /// <summary>Compares samples with exact ends.</summary>
    /// <param name="view">The axes.</param>
    /// <param name="samples">n×d values.</param>
    /// <param name="ends">The exact ends, n×d values.</param>
    /// <param name="flipDistance">Half the smallest distance of two means.</param>
    public static SampleErrors Of(PictureView view, double[] samples, double[] ends, double flipDistance)
    {
        int d = view.Axes[0].Length, n = samples.Length / d;
        double[] errors = new double[n];
        for (int i = 0; i < n; i++)
        {
            double distance = Vectors.Distance(samples.AsSpan(i * d, d), ends.AsSpan(i * d, d));
            errors[i] = double.IsFinite(distance) ? distance : double.PositiveInfinity;
        }
        return new([.. view.Project(samples)], [.. errors], flipDistance);
    }
}
