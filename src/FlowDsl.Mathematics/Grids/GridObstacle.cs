namespace FlowDsl.Mathematics.Grids;

/// <summary>Why a grid does not exist for a process.</summary>
internal enum GridObstacle
{
    /// <summary>It needs log t or log-SNR at an early stop of 0.</summary>
    EarlyStopIsZero,

    /// <summary>It needs s/a at a horizon where a is 0, or so small that s/a overflows double precision.</summary>
    HorizonIsPureNoise,

    /// <summary>Its times are those of a network's profile, which is not here.</summary>
    ProfileIsMissing,
}

/// <summary>Texts of <see cref="GridObstacle"/> and <see cref="GridStandIn"/>.</summary>
internal static class GridObstacles
{
    /// <summary>The reason as text.</summary>
    /// <param name="standIn">The reason.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value names no reason.</exception>
    public static string Description(this GridStandIn standIn) => standIn switch
    {
        GridStandIn.TooManySteps => "a search over so many times would take too long",
        GridStandIn.MixtureTooLarge => "the mixture is so large that too few trajectories could be followed",
        GridStandIn.ErrorsNotFinite => "the steps' errors on the trajectories are not finite, or are all 0",
        _ => throw new ArgumentOutOfRangeException(nameof(standIn), standIn, "The value is not a reason."),
    };

    /// <summary>The obstacle as text.</summary>
    /// <param name="obstacle">The obstacle.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value names no obstacle.</exception>
    public static string Description(this GridObstacle obstacle) => obstacle switch
    {
        GridObstacle.EarlyStopIsZero => "it needs a positive early stop, since its coordinate is infinite at t = 0",
        GridObstacle.HorizonIsPureNoise => "it needs signal at the horizon, since s/a is infinite there",
        GridObstacle.ProfileIsMissing => "it needs a profile, which is measured on a network: NetworkProfile.CreateTimes has its times",
        _ => throw new ArgumentOutOfRangeException(nameof(obstacle), obstacle, "The value is not an obstacle."),
    };
}
