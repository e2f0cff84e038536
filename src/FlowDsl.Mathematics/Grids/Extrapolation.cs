using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Grids;

/// <summary>How much a multistep solver's steps amplify errors of the slopes, from rounding or of a network.</summary>
/// <remarks>
/// A long step after a short one extrapolates far: its factors are large and of both signs. On exact slopes that may well be the best grid, but what is
/// planned on a mixture should also bear slopes that are not exact.
/// </remarks>
internal static class Extrapolation
{
    // Half as much again as the methods of Adams and Bashforth of order 2 and 3, which have equal steps: Σ|w| is 4/2 and 44/12. For two slopes this is
    // a step twice as long as the one before.
    private const double MaxGainOf2 = 3, MaxGainOf3 = 5.5;

    /// <summary>The logarithms by which the steps' gains Σ|w|/|Σw|, w the factors of the slopes, exceed what costs nothing; 0 where they do not.</summary>
    /// <param name="program">The solver on a grid.</param>
    /// <param name="excess">Receives one value per step.</param>
    public static void Excess(FlowProgram program, double[] excess)
    {
        double most = program.HistoryLength > 1 ? MaxGainOf3 : MaxGainOf2;
        for (int i = 0; i < excess.Length; i++)
        {
            ImmutableArray<Combination> results = program.Steps[i].Results;
            (double sum, double size) = (0, 0);
            foreach (double factor in results[Math.Min(i, results.Length - 1)].Slopes) (sum, size) = (sum + factor, size + Math.Abs(factor));
            double gain = size / Math.Abs(sum);
            // A step without slopes, between two nodes at infinity, is NaN.
            excess[i] = gain > most ? PortableMath.Log(Math.Min(gain, double.MaxValue) / most) : 0;
        }
    }
}
