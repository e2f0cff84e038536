namespace FlowDsl.Hosting.Reports.Gathering;

/// <summary>The logarithm of a density on a grid of lines.</summary>
/// <param name="Time">The time of the law.</param>
/// <param name="X">The lines along the first axis, increasing.</param>
/// <param name="Y">The lines along the second axis, increasing.</param>
/// <param name="LogDensity">X.Length × Y.Length values; that of line i of X and line j of Y is at i·Y.Length + j.</param>
internal sealed record DensityGrid(double Time, ImmutableArray<double> X, ImmutableArray<double> Y, ImmutableArray<double> LogDensity)
{
    /// <summary>The log densities above which the density holds given shares of the probability on the grid: borders of highest-density regions.</summary>
    /// <param name="shares">Shares between 0 and 1.</param>
    public double[] Levels(IEnumerable<double> shares)
    {
        double[] masses = new double[LogDensity.Length];
        for (int i = 0; i < X.Length; i++)
            for (int j = 0; j < Y.Length; j++)
                masses[i * Y.Length + j] = GridLines.Width(X, i) * GridLines.Width(Y, j) * Math.Exp(LogDensity[i * Y.Length + j]);
        return HighDensity.Levels(LogDensity.AsSpan(), masses, shares);
    }
}
