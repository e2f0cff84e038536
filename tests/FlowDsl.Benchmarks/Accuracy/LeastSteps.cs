namespace FlowDsl.Benchmarks;

/// <summary>The least number of steps with which a method is as exact as asked for, by doubling and bisection.</summary>
/// <param name="error">The method's error, by steps.</param>
/// <param name="most">The greatest number of steps to try.</param>
internal sealed class LeastSteps(Func<int, double> error, int most)
{
    private readonly Dictionary<int, double> _errors = [];

    /// <summary>The number of steps; null if even the most are not enough.</summary>
    /// <param name="bound">The greatest error allowed.</param>
    public int? For(double bound)
    {
        int enough = 1, few = 0;
        while (!(Error(enough) <= bound))
        {
            if (enough == most) return null;
            (few, enough) = (enough, Math.Min(2 * enough, most));
        }
        while (enough - few > 1)
        {
            int middle = (few + enough) / 2;
            if (Error(middle) <= bound) enough = middle;
            else few = middle;
        }
        return enough;
    }

    private double Error(int steps) => _errors.TryGetValue(steps, out double known) ? known : _errors[steps] = error(steps);
}
