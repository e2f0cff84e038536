namespace FlowDsl;

/// <summary>The parameters of grids that have some, all positive and finite; other grids ignore them.</summary>
/// <param name="Rho">ρ of <see cref="Grid.Edm"/> and <see cref="Grid.Karras"/>.</param>
/// <param name="Alpha">α of <see cref="Grid.Beta"/>, of the end at the early stop: below 1 the steps are dense there.</param>
/// <param name="Beta">β of <see cref="Grid.Beta"/>, of the end at the horizon.</param>
/// <param name="Shift">The factor of the noise level of <see cref="Grid.Shift"/>: above 1 more steps go to the noise.</param>
/// <param name="Gamma">γ of <see cref="Grid.SharpEuler"/>; 1/2 minimises the sum of the errors of Euler's steps.</param>
public sealed record GridOptions(double Rho = 7, double Alpha = 0.6, double Beta = 0.6, double Shift = 3, double Gamma = 0.5)
{
    /// <summary>The parameters that are not positive and finite.</summary>
    internal IEnumerable<(string Name, double Value)> Problems
        => new[] { (nameof(Rho), Rho), (nameof(Alpha), Alpha), (nameof(Beta), Beta), (nameof(Shift), Shift), (nameof(Gamma), Gamma) }
            .Where(parameter => !(parameter.Item2 > 0) || double.IsInfinity(parameter.Item2));
}
