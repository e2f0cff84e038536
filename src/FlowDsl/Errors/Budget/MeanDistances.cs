using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Errors.Budget;

/// <summary>The smallest and the largest distance between two different means; both infinite if all means are equal.</summary>
internal readonly record struct MeanDistances(double Min, double Max)
{
    public static MeanDistances Of(Mixture mixture)
    {
        double min = double.PositiveInfinity, max = 0;
        for (int k = 0; k < mixture.Count; k++)
        {
            for (int l = 0; l < k; l++)
            {
                double distance = Vectors.Distance(mixture.Means[k].AsSpan(), mixture.Means[l].AsSpan());
                if (distance == 0) continue;
                (min, max) = (Math.Min(min, distance), Math.Max(max, distance));
            }
        }
        return new(min, max == 0 ? double.PositiveInfinity : max);
    }
}
