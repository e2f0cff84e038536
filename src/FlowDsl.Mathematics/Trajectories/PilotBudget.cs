namespace FlowDsl.Mathematics.Trajectories;

/// <summary>The number of trajectories that a grid may follow. The budget counts operations, because a time would differ between hosts.</summary>
internal static class PilotBudget
{
    // Multiply-adds in vectors of four lanes: a quarter of a second, half of it on slow hosts.
    private const double Operations = 1.5e9;

    /// <summary>Fewer trajectories than this are useless.</summary>
    public const int MinSamples = 32;

    /// <summary>The affordable number of trajectories, at most the wanted number; 0 if too few are affordable.</summary>
    /// <param name="mixture">The mixture of the trajectories.</param>
    /// <param name="evaluations">Velocity evaluations per trajectory.</param>
    /// <param name="wanted">The wanted number.</param>
    /// <param name="share">The share of the budget that they may use.</param>
    public static int Samples(Mixture mixture, double evaluations, int wanted, double share = 1)
    {
        double affordable = share * Operations / (evaluations * BatchField.Operations(mixture));
        return affordable >= wanted ? wanted : affordable < MinSamples ? 0 : (int)affordable;
    }

    /// <summary>The affordable number of evaluations of all trajectories.</summary>
    /// <param name="mixture">The mixture of the trajectories.</param>
    /// <param name="samples">The number of trajectories.</param>
    public static double Evaluations(Mixture mixture, int samples) => Operations / (samples * BatchField.Operations(mixture));
}
