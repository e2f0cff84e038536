namespace FlowDsl;

/// <summary>The noise levels that a declared network was trained on; see <c>TrainingSchedule</c>.</summary>
public enum NoiseSchedule
{
    /// <summary>Those of the model's own process.</summary>
    Process,

    /// <summary>Training steps with β in equal steps.</summary>
    Linear,

    /// <summary>Training steps with √β in equal steps, as Stable Diffusion's.</summary>
    ScaledLinear,

    /// <summary>Training steps with α̅ as a squared cosine: diffusers' squaredcos_cap_v2.</summary>
    SquaredCosine,

    /// <summary>Flow matching, x = (1 - t) x_0 + t ε.</summary>
    Flow,
}
