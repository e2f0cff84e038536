namespace FlowDsl;

/// <summary>
/// Declares a step schedule and solver on a <see cref="GaussianMixtureAttribute"/>; the generator emits it as a nested type
/// of this name that implements <see cref="IFlowSampler{TSelf, T}"/>.
/// </summary>
/// <param name="name">The name of the nested type, a C# identifier.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class SamplerAttribute(string name) : Attribute
{
    /// <summary>The name of the nested type.</summary>
    public string Name { get; } = name;

    /// <summary>The number of steps, 1 to 10000; not needed if <see cref="Times"/>, <see cref="Evaluations"/> or <see cref="Error"/> is set.</summary>
    public int Steps { get; set; }

    /// <summary>The solver; Heun by default, and <see cref="Solver.Auto"/> with <see cref="Evaluations"/> or <see cref="Error"/>.</summary>
    public Solver Solver { get; set; } = Solver.Heun;

    /// <summary>
    /// Instead of solver, steps, chart and grid: the most evaluations per sample, 1 to 128. The generator chooses all of them by their errors on exact
    /// trajectories.
    /// </summary>
    public int Evaluations { get; set; }

    /// <summary>
    /// Instead of solver, steps, chart and grid: the relative mean squared error E|x̂ - x|²/E|x|² to stay below, between 0 and 1. The generator chooses
    /// all of them, with as few evaluations as it finds to suffice on exact trajectories.
    /// </summary>
    public double Error { get; set; }

    /// <summary>The coordinates of the integration; chosen for the solver by default.</summary>
    public Chart Chart { get; set; }

    /// <summary>The placement of the step times; chosen for the solver by default.</summary>
    public Grid Grid { get; set; }

    /// <summary>ρ of <see cref="Grid.Edm"/> and <see cref="Grid.Karras"/>, positive; 7 by default.</summary>
    public double Rho { get; set; } = 7;

    /// <summary>α of <see cref="Grid.Beta"/>, positive; 0.6 by default. Below 1 the steps are dense at the early stop.</summary>
    public double Alpha { get; set; } = 0.6;

    /// <summary>β of <see cref="Grid.Beta"/>, positive; 0.6 by default. Below 1 the steps are dense at the horizon.</summary>
    public double Beta { get; set; } = 0.6;

    /// <summary>The factor of the noise level of <see cref="Grid.Shift"/>, positive; 3 by default. Above 1 more steps go to the noise.</summary>
    public double Shift { get; set; } = 3;

    /// <summary>γ of <see cref="Grid.SharpEuler"/>, positive; 1/2 by default.</summary>
    public double Gamma { get; set; } = 0.5;

    /// <summary>Explicit step times instead of a grid: decreasing, the process's horizon first, its early stop last.</summary>
    public double[]? Times { get; set; }

    /// <summary>float or double arithmetic; single by default.</summary>
    public Precision Precision { get; set; }

    /// <summary>
    /// How errors are estimated when a call asks for them; by default with a companion run in shared loops.
    /// </summary>
    public Tracking Tracking { get; set; }

    /// <summary>
    /// The name of another sampler of the type to use as this one's reference (the teacher of a student, or a fine run to compare a coarse one with).
    /// The generator warns if the reference's predicted error is not small compared with this sampler's.
    /// </summary>
    public string? Reference { get; set; }

    /// <summary>
    /// The name of a score network of the type that replaces the exact score. The errors that the sampler reports include the network's error,
    /// because the companion uses the exact score.
    /// </summary>
    public string? Score { get; set; }

    /// <summary>
    /// The name of a <see cref="NetworkAttribute"/> of the type. The sampler then also takes an <see cref="INetworkField"/> of that kind in place of the
    /// mixture's own field, see <see cref="IFieldSampler{TSelf}"/>; times, solver and chart come from the mixture all the same.
    /// </summary>
    public string? Field { get; set; }

    /// <summary>
    /// The file of the profile whose times <see cref="Grid.Profile"/> takes: one of the project's AdditionalFiles whose name ends in <c>.profile.json</c>,
    /// which <see cref="NetworkProfile.Save"/> or the host's command <c>profile</c> wrote, for this process, solver and chart.
    /// </summary>
    public string? Profile { get; set; }

    /// <summary>
    /// The file of the tuned solver that <see cref="Solver.Bespoke"/> takes instead of a search while the project is built: one of the project's
    /// AdditionalFiles whose name ends in <c>.solver.json</c>, which the host's command <c>tune</c> wrote for this mixture, process and number of steps.
    /// Without it a file called <c>Model.Sampler.solver.json</c> is taken, if there is one.
    /// </summary>
    public string? SolverFile { get; set; }
}
