namespace FlowDsl.Examples;

/// <summary>The one-step map of one σ0: what its Lipschitz constant makes of networks.</summary>
/// <param name="Sigma">σ0.</param>
/// <param name="Inside">The exact map's Lipschitz constant inside a mode, σ0/s.</param>
/// <param name="Across">That of the modes' centres, 1/a.</param>
/// <param name="BindsUntil">The greatest Λ at which every map is wrong by a relative MSE of 1E-2.</param>
/// <param name="VanishesAt">The greatest Λ at which every map is wrong by a relative MSE of 1E-6.</param>
/// <param name="Floors">Lower bounds for growing Λ.</param>
/// <param name="Trained">Networks whose layers' norms have the product Λ.</param>
/// <param name="Published">The published networks under bounds of their weights.</param>
internal sealed record MismatchFigure(
    double Sigma, double Inside, double Across, double BindsUntil, double VanishesAt, IReadOnlyList<FloorFigure> Floors, IReadOnlyList<TrainedFigure> Trained,
    IReadOnlyList<BoundFigure> Published);

/// <summary>Lower bounds of the relative MSE of every map of Lipschitz constant at most Λ.</summary>
/// <param name="Lipschitz">Λ.</param>
/// <param name="Floor">The best of the bounds.</param>
/// <param name="OnLines">What FLOW0503 reports.</param>
internal sealed record FloorFigure(double Lipschitz, double Floor, double OnLines);

/// <summary>A trained network.</summary>
/// <param name="Lipschitz">Λ.</param>
/// <param name="Product">The product of its layers' spectral norms.</param>
/// <param name="RelativeMse">Its relative MSE on samples it was not trained with.</param>
/// <param name="Floor">The lower bound of every map with that Λ.</param>
/// <param name="Linear">The error of the best linear map with that Λ: the best of all maps is between the floor and this.</param>
internal sealed record TrainedFigure(double Lipschitz, double Product, double RelativeMse, double Floor, double Linear);

/// <summary>What a bound of the weights says.</summary>
/// <param name="WeightBound">B.</param>
/// <param name="Capacity">The greatest Lipschitz constant that ReLU units alone could have with it.</param>
/// <param name="Floor">The lower bound of the relative MSE that follows for ReLU units.</param>
/// <param name="LocalWithBias">The local Lipschitz constant of a network with squares within it, its biases 1.</param>
/// <param name="LocalWithBiasOf100">The same with biases of 100.</param>
/// <param name="Published">The published relative MSE, of ReLU and ReQU units: no Lipschitz constant bounds these.</param>
internal sealed record BoundFigure(double WeightBound, double Capacity, double Floor, double LocalWithBias, double LocalWithBiasOf100, double Published);
