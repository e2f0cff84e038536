namespace FlowDsl.Mathematics.Students;

/// <summary>The exact flow map on some coordinates that it maps independently of the others.</summary>
internal interface IMapPart
{
    /// <summary>A lower bound on its Lipschitz constant.</summary>
    double Lipschitz { get; }

    /// <summary>A lower bound on E|f(x) - g(x)|² over these coordinates, g the exact map, for all f.</summary>
    /// <param name="slope">The Lipschitz constant of f, less than <see cref="Lipschitz"/>.</param>
    double Floor(double slope);
}
