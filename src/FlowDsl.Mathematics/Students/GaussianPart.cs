namespace FlowDsl.Mathematics.Students;

/// <summary>The flow map of one isotropic Gaussian: a stretch.</summary>
/// <param name="dimension">The number of coordinates.</param>
/// <param name="start">The standard deviation along each at the start.</param>
/// <param name="end">The standard deviation along each at the end.</param>
internal sealed class GaussianPart(int dimension, double start, double end) : IMapPart
{
    /// <inheritdoc/>
    public double Lipschitz => end / start;

    /// <inheritdoc/>
    public double Floor(double slope) => dimension * (end - slope * start) * (end - slope * start);
}
