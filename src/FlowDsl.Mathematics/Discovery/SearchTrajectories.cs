using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Discovery;

/// <summary>The exact trajectories of a search: equally likely ones that it moves methods by, and two sets to choose by and to report.</summary>
/// <remarks>
/// A method adapts to the trajectories that move it. How it does on rare ones shows on others alone, best where these are dense: see
/// <see cref="BorderPoints"/>.
/// </remarks>
/// <param name="Path">To search by.</param>
/// <param name="Part">A part of them, for starts.</param>
/// <param name="Choosing">To choose by.</param>
/// <param name="HeldOut">To report.</param>
internal sealed record SearchTrajectories(PilotPath Path, PilotPath Part, EndErrors Choosing, EndErrors HeldOut)
{
    /// <summary>Fewer trajectories than this are useless.</summary>
    public const int MinSamples = 64;

    private const int Intervals = 48;

    // Numbers of a set that are in memory at once while it is followed.
    private const double MaxNumbers = 3e7;

    /// <summary>The number of trajectories to search by.</summary>
    public int Searching => Path.States[0].Samples;

    /// <summary>The number of trajectories that report; about as many choose.</summary>
    public int Reporting => HeldOut.Samples;

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
        (PriorLine[] own, PriorLine[] others) = PriorPoints.DrawLines(model.Mixture, model.Process.At(model.Process.Horizon), 2 * samples);
        // Of the states only the first and the last are needed.
        PilotPath path = PilotPath.Follow(model, nodes, Batch.Of([.. own.Where((_, i) => i % 2 == 0).Select(line => line.Point())])).Ends(1);
        return new SearchTrajectories(path, path, Errors(own, 1), Errors(others, 0));

        EndErrors Errors(PriorLine[] lines, int first)
            => new(model, nodes, BorderPoints.Draw(model, [.. lines.Where((_, i) => i % 4 == first)], samples));
    }

    /// <summary>The same with fewer trajectories to search by: every n-th, and for starts every m-th of all.</summary>
    /// <param name="stride">n.</param>
    /// <param name="part">m.</param>
    public SearchTrajectories Every(int stride, int part) => this with { Path = Path.Ends(stride), Part = Path.Ends(part) };

    /// <summary>The multiply-adds of one trajectory of each set: 48 steps of six slopes.</summary>
    /// <param name="mixture">The mixture.</param>
    public static double Cost(Mixture mixture) => (1 + 2 * BorderPoints.Cost(Intervals)) * 6 * Intervals * BatchField.Operations(mixture);
}
