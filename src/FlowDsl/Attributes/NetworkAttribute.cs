using FlowDsl.Mathematics.Processes;

namespace FlowDsl;

/// <summary>
/// Declares what a trained network gives and in which time it counts; the network itself, an <see cref="INetworkField"/>, comes at run time. Each becomes a
/// nested type of this name with its <see cref="NetworkConvention"/>, and samplers can run on such a network.
/// </summary>
/// <param name="name">The name of the nested type.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class NetworkAttribute(string name) : Attribute
{
    /// <summary>The name of the nested type.</summary>
    public string Name { get; } = name;

    /// <summary>What the network's output is; the velocity in the process's time by default.</summary>
    public Prediction Prediction { get; set; }

    /// <summary>In which time it counts; the process's own by default.</summary>
    public NetworkTime Time { get; set; }

    /// <summary>The factor of that time, finite and not 0: 1000 for a network of flow matching that counts from 0 to 1000.</summary>
    public double TimeScale { get; set; } = 1;

    /// <summary>
    /// The noise levels that it was trained on, if these are not those of the model's own process: it then counts in the schedule's time, and sees states in
    /// its scale.
    /// </summary>
    public NoiseSchedule Training { get; set; }

    /// <summary>The number of training steps, from 2 to 1000000.</summary>
    public int TrainingSteps { get; set; } = UsualBetas.Steps;

    /// <summary>The first β, positive and less than 1; by default the usual one of the schedule.</summary>
    public double BetaStart { get; set; } = double.NaN;

    /// <summary>The last β, from <see cref="BetaStart"/> to less than 1; by default the usual one of the schedule.</summary>
    public double BetaEnd { get; set; } = double.NaN;

    /// <summary>All of them instead of a named schedule, each positive and less than 1.</summary>
    public double[]? Betas { get; set; }

    /// <summary>σ_d of <see cref="Prediction.Preconditioned"/>, positive.</summary>
    public double DataDeviation { get; set; } = 0.5;
}
