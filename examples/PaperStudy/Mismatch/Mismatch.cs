using FlowDsl.Mathematics.Students;

namespace FlowDsl.Examples;

/// <summary>Lipschitz mismatch of the one-step maps: lower bounds of the error against Λ, and networks trained under that bound.</summary>
internal static class Mismatch
{
    // The paper's network.
    private const int Width = 512, Depth = 4;

    private static readonly double[] s_sigmas = [0.1, 0.01, 0.001, 0.0001];

    private static readonly double[] s_trained = [0.1, 0.3, 0.6, 0.8, 1, 1.2, 1.4, 1.6, 2, 4, 8];

    /// <summary>Measures all four maps.</summary>
    /// <param name="budget">How much each network is trained.</param>
    /// <param name="threads">The most threads; -1 for one a processor.</param>
    /// <param name="token">Stops.</param>
    public static IReadOnlyList<MismatchFigure> Run(SpectralBudget budget, int threads, CancellationToken token)
    {
        (HalfLifeMap Map, MismatchFloor Floor)[] maps = [.. s_sigmas.Select(sigma => new HalfLifeMap(sigma)).Select(map => (map, new MismatchFloor(map)))];
        var figures = new TrainedFigure[maps.Length * s_trained.Length];
        Parallel.For(0, figures.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = token }, i =>
        {
            (HalfLifeMap map, MismatchFloor floor) = maps[i / s_trained.Length];
            figures[i] = Train(map, floor, s_trained[i % s_trained.Length], budget, token);
        });
        return [.. maps.Select((map, i) => Figure(map.Map, map.Floor, figures.AsSpan(i * s_trained.Length, s_trained.Length).ToArray()))];
    }

    /// <summary>Trains one network.</summary>
    public static TrainedFigure Train(HalfLifeMap map, MismatchFloor floor, double lipschitz, SpectralBudget budget, CancellationToken token)
    {
        (double error, double product) = new SpectralTraining(map, lipschitz, budget).Run<SpectralStudents.Width128>(token);
        return new TrainedFigure(lipschitz, product, error, floor.At(lipschitz), map.LinearError(lipschitz));
    }

    private static MismatchFigure Figure(HalfLifeMap map, MismatchFloor floor, TrainedFigure[] trained)
    {
        // From where all maps are constants to where no bound is left.
        double[] constants = [.. Enumerable.Range(0, 61).Select(i => Math.Pow(10, -2 + i * 0.04))];
        return new MismatchFigure(
            map.Sigma, map.Inside, map.Across, floor.BindsUntil(1e-2), floor.BindsUntil(1e-6),
            [.. constants.Select(lipschitz => new FloorFigure(lipschitz, floor.At(lipschitz), floor.OnLines(lipschitz)))],
            trained,
            [.. Published.Results.Of("onestep").Where(cell => cell.Sigma == map.Sigma).Select(cell => Bound(map, floor, cell))]);
    }

    private static BoundFigure Bound(HalfLifeMap map, MismatchFloor floor, Published.Cell cell)
    {
        double bound = cell.Bound!.Value;
        double capacity = LipschitzCapacity.Of(map.Dimension, Width, Depth, Activation.ReLU, bound, linearPart: 0);
        double[] x = [.. map.Draw(seed: 3, first: 0, count: 1).Select(value => (double)value)];
        return new BoundFigure(
            bound, capacity, floor.At(capacity),
            SquareNetwork.LocalLipschitz(x, Width, bound, 1), SquareNetwork.LocalLipschitz(x, Width, bound, 100), cell.Mean);
    }
}
