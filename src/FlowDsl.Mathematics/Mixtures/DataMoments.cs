namespace FlowDsl.Mathematics.Mixtures;

/// <summary>What is known of a data set without its rows, and the mixtures that stand in for it where that is enough.</summary>
/// <param name="Count">n.</param>
/// <param name="Mean">The mean, along the principal axes.</param>
/// <param name="Variances">The variances along the principal axes (divisor n), ascending.</param>
/// <param name="Radius">The greatest distance of a row from the mean.</param>
internal sealed record DataMoments(int Count, ImmutableArray<double> Mean, ImmutableArray<double> Variances, double Radius)
{
    /// <summary>d.</summary>
    public int Dimension => Mean.Length;

    /// <summary>One Gaussian with the mean and covariance of the mixture, in the coordinates along its axes.</summary>
    /// <param name="variance">The variance of a component.</param>
    public Mixture Gaussian(double variance)
        => new([1], [[.. Mean]], [Covariance.Diagonal([.. Variances.Select(own => own + variance)])]);

    /// <summary>
    /// Two components at the ends of a diameter of the ball that holds all rows. No law within the ball has more variance in any direction than these two have
    /// along the diameter, so bounds of their field's Jacobian hold for the data.
    /// </summary>
    /// <param name="variance">The variance of a component.</param>
    public Mixture Bounding(double variance) => Bounding([.. Mean], Radius, variance);

    /// <summary>The same, from a mean in any coordinates.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="radius">The greatest distance of a row from it.</param>
    /// <param name="variance">The variance of a component.</param>
    public static Mixture Bounding(double[] mean, double radius, double variance)
    {
        double[] first = (double[])mean.Clone(), second = (double[])mean.Clone();
        first[0] -= radius;
        second[0] += radius;
        var covariance = Covariance.Isotropic(mean.Length, variance);
        return new Mixture([0.5, 0.5], [first, second], [covariance, covariance]);
    }
}
