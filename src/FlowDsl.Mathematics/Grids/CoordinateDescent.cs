namespace FlowDsl.Mathematics.Grids;

/// <summary>
/// Coordinate descent on the inner times of a grid: each in turn moves a part of the way to a neighbour, a longer one after a gain and a shorter one after
/// a failure.
/// </summary>
/// <param name="error">The error of a grid.</param>
/// <param name="moved">A time after a move: of some times the i-th, towards the one of the third number, by a part of the way.</param>
/// <param name="minMove">The least part of the way.</param>
/// <param name="minGain">The least relative gain.</param>
/// <param name="enough">The error below which the search ends.</param>
internal sealed class CoordinateDescent(
    Func<double[], double> error, Func<double[], int, int, double, double> moved, double minMove, double minGain = 0, double enough = double.NegativeInfinity)
{
    private const double FirstMove = 0.25, Growth = 1.5, Decay = 0.5, MaxMove = 0.75;

    /// <summary>The times at which the search ends, and their error.</summary>
    /// <param name="start">The times at which it starts.</param>
    /// <param name="startError">Their error.</param>
    /// <param name="trials">The evaluations of the error that are left.</param>
    public (double[] Times, double Error) Find(double[] start, double startError, ref int trials)
    {
        double[] times = [.. start];
        double least = startError;
        int inner = times.Length - 2;
        double[] moves = [.. Enumerable.Repeat(FirstMove, inner)];
        while (moves.Any(move => move >= minMove) && trials > 0 && least > enough)
        {
            for (int i = 1; i <= inner && trials > 0; i++)
            {
                double move = moves[i - 1];
                if (move < minMove) continue;
                bool improved = false;
                foreach (int neighbour in new[] { i - 1, i + 1 })
                {
                    double old = times[i], time = moved(times, i, neighbour, move);
                    if (!(time < times[i - 1]) || !(time > times[i + 1]) || time == old) continue;
                    trials--;
                    times[i] = time;
                    double trial = error(times);
                    if (trial < least * (1 - minGain))
                    {
                        (least, improved) = (trial, true);
                        break;
                    }
                    times[i] = old;
                }
                moves[i - 1] = improved ? Math.Min(move * Growth, MaxMove) : move * Decay;
            }
        }
        return (times, least);
    }
}
