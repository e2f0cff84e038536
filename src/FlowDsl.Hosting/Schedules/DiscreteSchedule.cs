namespace FlowDsl.Hosting.Schedules;

/// <summary>
/// A variance-preserving schedule of 1000 training steps, as diffusers defines them: α̅_i = Π_{j≤i} (1 - β_j), and the noise level
/// σ_i = √((1 - α̅_i)/α̅_i) at training step i.
/// </summary>
internal sealed class DiscreteSchedule
{
    /// <summary>The number of training steps.</summary>
    public const int TrainingSteps = 1000;

    private readonly double[] _logSigmas;

    private DiscreteSchedule(IEnumerable<double> betas)
    {
        double product = 1;
        Sigmas = [.. betas.Select(beta =>
        {
            product *= 1 - beta;
            return Math.Sqrt((1 - product) / product);
        })];
        _logSigmas = [.. Sigmas.Select(Math.Log)];
    }

    /// <summary>The noise level of each training step, increasing.</summary>
    public ImmutableArray<double> Sigmas { get; }

    /// <summary>β in equal steps; the defaults are those of diffusers and of DDPM (Ho, Jain and Abbeel 2020).</summary>
    public static DiscreteSchedule Linear(double betaStart = 1e-4, double betaEnd = 0.02) => new(Even(betaStart, betaEnd));

    /// <summary>√β in equal steps; the defaults are those of Stable Diffusion.</summary>
    public static DiscreteSchedule ScaledLinear(double betaStart = 0.00085, double betaEnd = 0.012)
        => new(Even(Math.Sqrt(betaStart), Math.Sqrt(betaEnd)).Select(root => root * root));

    /// <summary>α̅ as a squared cosine, no β above 0.999 (Nichol and Dhariwal 2021).</summary>
    public static DiscreteSchedule SquaredCosine()
    {
        return new(Enumerable.Range(0, TrainingSteps).Select(i => Math.Min(1 - Signal(i + 1) / Signal(i), 0.999)));

        static double Signal(int step)
        {
            double cosine = Math.Cos(((double)step / TrainingSteps + 0.008) / 1.008 * Math.PI / 2);
            return cosine * cosine;
        }
    }

    /// <summary>The training step of a noise level, between steps by log σ as diffusers interpolates; the first or last beyond their levels.</summary>
    /// <param name="sigma">s/a.</param>
    public double StepAt(double sigma)
    {
        double level = Math.Log(sigma);
        if (level <= _logSigmas[0]) return 0;
        if (level >= _logSigmas[^1]) return TrainingSteps - 1;
        int found = Array.BinarySearch(_logSigmas, level);
        if (found >= 0) return found;
        int above = ~found;
        return above - 1 + (level - _logSigmas[above - 1]) / (_logSigmas[above] - _logSigmas[above - 1]);
    }

    private static IEnumerable<double> Even(double first, double last)
        => Enumerable.Range(0, TrainingSteps).Select(i => first + (last - first) * i / (TrainingSteps - 1));
}
