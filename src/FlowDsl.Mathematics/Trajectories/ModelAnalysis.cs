namespace FlowDsl.Mathematics.Trajectories;

/// <summary>The parts of a model's analysis that its grids and forecasts share: its stability profile and its exact trajectories.</summary>
internal sealed class ModelAnalysis
{
    private readonly Lazy<PilotModel> _pilot;

    /// <summary>Makes the analysis; costly parts are computed on first use.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="process">The process.</param>
    /// <param name="cancellationToken">Stops all computations. Do not use an analysis after it was stopped.</param>
    public ModelAnalysis(Mixture mixture, Process process, CancellationToken cancellationToken = default)
    {
        (Mixture, Process) = (mixture, process);
        Stability = new StabilityProfile(mixture, process, cancellationToken);
        _pilot = new(() => new PilotModel(mixture, process, cancellationToken));
    }

    /// <summary>The mixture.</summary>
    public Mixture Mixture { get; }

    /// <summary>The process.</summary>
    public Process Process { get; }

    /// <summary>Bounds and expectations of the velocity's Jacobian.</summary>
    public StabilityProfile Stability { get; }

    /// <summary>The model in the form used to follow trajectories.</summary>
    public PilotModel Pilot => _pilot.Value;

    /// <summary>
    /// Trajectories that the grids of several solvers can share. They are large, so they are kept only while nothing else needs the memory.
    /// </summary>
    public WeakReference<ErrorProfile>? Trajectories { get; set; }
}
