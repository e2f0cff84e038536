using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Discovery;

/// <summary>The exact trajectories of a search: those it moves methods by, more of them to choose among methods by, and as many to report.</summary>
/// <remarks>A method adapts to the trajectories that move it. How it does on rare ones shows on others alone, and to measure it there costs little.</remarks>
/// <param name="Path">To search by.</param>
/// <param name="Part">A part of them, for starts.</param>
/// <param name="Choosing">To choose by.</param>
/// <param name="HeldOut">To report.</param>
internal sealed record SearchTrajectories(PilotPath Path, PilotPath Part, PilotPath Choosing, PilotPath HeldOut)
{
    /// <summary>Fewer trajectories than this are useless.</summary>
    public const int MinSamples = 64;

    private const int Intervals = 48;

    // Numbers of a set that are in memory at once while it is followed.
    private const double MaxNumbers = 3e7;

    /// <summary>The number of trajectories that choose, and of those that report.</summary>
    public int Samples => HeldOut.States[0].Samples;

    /// <summary>Follows trajectories; null where too few are affordable.</summary>
    /// <param name="model">The model.</param>
    /// <param name="wanted">The wanted number of each set.</param>
    /// <param name="operations">The multiply-adds that they may take.</param>
    public static SearchTrajectories? TryFollow(PilotModel model, int wanted, double operations)
    {
        double affordable = Math.Min(operations / Cost(model.Mixture), MaxNumbers / (Intervals * model.Mixture.Dimension));
        int samples = (int)Math.Min(wanted, affordable);
        if (samples < MinSamples) return null;
        double[] nodes = PilotTimes.Create(model.Mixture, model.Process, Intervals);
        (double[][] own, double[][] others) = PriorPoints.Draw(model.Mixture, model.Process, 2 * samples);
        PilotPath path = Follow(own, 0);
        return new SearchTrajectories(path, path, Follow(own, 1), Follow(others, 0));

        // Of the states only the first and the last are needed.
        PilotPath Follow(double[][] points, int first) => PilotPath.Follow(model, nodes, Batch.Of([.. points.Where((_, i) => i % 2 == first)])).Ends(1);
    }

    /// <summary>The same with fewer trajectories to search by: every n-th, and for starts every m-th of all.</summary>
    /// <param name="stride">n.</param>
    /// <param name="part">m.</param>
    public SearchTrajectories Every(int stride, int part) => this with { Path = Path.Ends(stride), Part = Path.Ends(part) };

    /// <summary>The multiply-adds of one trajectory of each set: 48 steps of six slopes.</summary>
    /// <param name="mixture">The mixture.</param>
    public static double Cost(Mixture mixture) => 3 * 6 * Intervals * BatchField.Operations(mixture);
}
