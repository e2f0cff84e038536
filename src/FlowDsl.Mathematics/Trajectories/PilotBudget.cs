namespace FlowDsl.Mathematics.Trajectories;

/// <summary>How many trajectories a grid may follow: a count of operations, since a time would differ from host to host.</summary>
internal static class PilotBudget
{
    // Multiply-adds in vectors of four lanes: a quarter of a second, half of it on slow hosts.
    private const double Operations = 1.5e9;

    /// <summary>Fewer trajectories than this measure nothing.</summary>
    public const int MinSamples = 32;

    /// <summary>The affordable number of trajectories, at most what is wanted; 0 where too few are affordable.</summary>
    /// <param name="mixture">The mixture they are of.</param>
    /// <param name="evaluations">Velocity evaluations for one.</param>
    /// <param name="wanted">How many are wanted.</param>
    /// <param name="share">The part of the budget that they may take.</param>
    public static int Samples(Mixture mixture, double evaluations, int wanted, double share = 1)
    {
        double affordable = share * Operations / (evaluations * BatchField.Operations(mixture));
        return affordable >= wanted ? wanted : affordable < MinSamples ? 0 : (int)affordable;
    }

    /// <summary>How many evaluations of all trajectories are affordable.</summary>
    /// <param name="mixture">The mixture they are of.</param>
    /// <param name="samples">The number of trajectories.</param>
    public static double Evaluations(Mixture mixture, int samples) => Operations / (samples * BatchField.Operations(mixture));
}
