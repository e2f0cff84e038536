namespace FlowDsl.Mathematics.Processes;

/// <summary>The training steps of a diffusion model, where nothing else is said.</summary>
internal static class UsualBetas
{
    /// <summary>Their number.</summary>
    public const int Steps = 1000;

    /// <summary>β in equal steps: DDPM (Ho, Jain and Abbeel, arXiv:2006.11239).</summary>
    public const double LinearStart = 1e-4, LinearEnd = 0.02;

    /// <summary>√β in equal steps: Stable Diffusion (arXiv:2112.10752).</summary>
    public const double ScaledLinearStart = 0.00085, ScaledLinearEnd = 0.012;

    /// <summary>The first β of a named schedule.</summary>
    public static double First(NoiseSchedule schedule) => schedule == NoiseSchedule.ScaledLinear ? ScaledLinearStart : LinearStart;

    /// <summary>The last one.</summary>
    public static double Last(NoiseSchedule schedule) => schedule == NoiseSchedule.ScaledLinear ? ScaledLinearEnd : LinearEnd;
}
