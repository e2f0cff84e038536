using FlowDsl.Analysis;

namespace FlowDsl;

/// <summary>A Gaussian mixture under a process, known only at run time: generic and unspecialised.</summary>
public sealed class GaussianMixtureModel
{
    /// <summary>Makes a model.</summary>
    /// <param name="mixture">The data law.</param>
    /// <param name="process">The noising process.</param>
    public GaussianMixtureModel(Mixture mixture, Process process) => (Mixture, Process) = (mixture, process);

    /// <summary>The data law.</summary>
    public Mixture Mixture { get; }

    /// <summary>The noising process.</summary>
    public Process Process { get; }
}
