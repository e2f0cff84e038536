namespace FlowDsl.Mathematics.Trajectories;

/// <summary>What is computed of a model once and shared by its grids and forecasts: its stability profile and its exact trajectories.</summary>
internal sealed class ModelAnalysis
{
    private readonly Lazy<PilotModel> _pilot;

    /// <summary>Makes the analysis; what is costly is computed when asked for.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="process">The process.</param>
    /// <param name="cancellationToken">Stops whatever is asked for. An analysis that was stopped is of no further use.</param>
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

    /// <summary>The model as all that follow trajectories see it.</summary>
    public PilotModel Pilot => _pilot.Value;

    /// <summary>Trajectories that the grids of several solvers can share. They are large, so they are kept only while nothing else needs the memory.</summary>
    public WeakReference<ErrorProfile>? Trajectories { get; set; }
}
