namespace FlowDsl.Hosting.Reports.Gathering;

/// <summary>The densities that a report draws: of a line or of a plane, never both.</summary>
/// <param name="View">The axes.</param>
/// <param name="Unit">The unit of states that share a picture.</param>
/// <param name="Curves">On a line: the density at some times from the horizon to the early stop.</param>
/// <param name="OverTime">The law of the first coordinate at all times.</param>
/// <param name="Data">In a plane: the density at the early stop.</param>
/// <param name="Stages">In a plane: the density at some times from the horizon to the early stop.</param>
internal sealed record DensityPictures(
    PictureView View, StateScale Unit, ImmutableArray<DensityCurve> Curves, DensityOverTime OverTime, DensityGrid? Data, ImmutableArray<DensityGrid> Stages);
