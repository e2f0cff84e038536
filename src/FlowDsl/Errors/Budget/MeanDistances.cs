using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Errors.Budget;

/// <summary>The smallest and the largest distance between two different means; both infinite if all means are equal.</summary>
internal readonly record struct MeanDistances(double Least, double Greatest)
{
    public static MeanDistances Of(Mixture mixture)
    {
        double least = double.PositiveInfinity, greatest = 0;
        for (int k = 0; k < mixture.Count; k++)
        {
            for (int l = 0; l < k; l++)
            {
                double distance = Vectors.Distance(mixture.Means[k].AsSpan(), mixture.Means[l].AsSpan());
                if (distance == 0) continue;
                (least, greatest) = (Math.Min(least, distance), Math.Max(greatest, distance));
            }
        }
        return new(least, greatest == 0 ? double.PositiveInfinity : greatest);
    }
}
