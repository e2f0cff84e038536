using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Maps;

/// <summary>The map far above all means: a line, up to an error that decreases.</summary>
/// <remarks>
/// Far out one component K counts: the widest, and of equally wide ones the farthest. Let ρ(x) be the mass of the others above x in units of its own, which
/// decreases in x. If z is the standardised place of x in K at the start, and z' that of its image at the end, then Q(z')(1 + ρ') = Q(z)(1 + ρ). The
/// logarithm of Q falls by more than z per unit of z, so |z' - z| ≤ log(1 + max(ρ, ρ'))/min(z, z').
/// </remarks>
internal static class LineTails
{
    /// <summary>The line's slope.</summary>
    public static double Slope(LineComponents source, LineComponents target)
    {
        int widest = source.Outermost;
        return target.Deviations[widest] / source.Deviations[widest];
    }

    /// <summary>A bound on the error beyond a point of a line through its image; infinite where none is found.</summary>
    public static double Error(LineComponents source, LineComponents target, double start)
    {
        int own = source.Outermost;
        double z = source.Place(own, start), least = z - 1, image = target.Means[own] + target.Deviations[own] * least;
        double excess = Math.Max(Excess(source, own, start), Excess(target, own, image));
        double distance = PortableMath.Log1p(excess) / least;
        // Both the image of the start and that of the point are off by this much.
        return least > 0 && distance <= 1 ? 2 * target.Deviations[own] * distance : double.PositiveInfinity;
    }

    /// <summary>ρ at a point from which on it decreases; infinite where that is not sure.</summary>
    private static double Excess(LineComponents law, int own, double x)
    {
        double z = law.Place(own, x), sum = 0;
        for (int k = 0; k < law.Count; k++)
        {
            if (k == own) continue;
            double place = law.Place(k, x);
            bool isEqual = law.Deviations[k] == law.Deviations[own];
            // The hazard of a normal law lies between z and z + 1/z.
            if (!(z > 1 && place > 0 && (isEqual || place / law.Deviations[k] >= (z + 1 / z) / law.Deviations[own]))) return double.PositiveInfinity;
            sum += law.Weights[k] / law.Weights[own] * NormalTail.Scaled(place) / NormalTail.Scaled(z)
                * PortableMath.Exp(0.5 * (z - place) * (z + place)) * (1 + 1e-9);
        }
        return sum;
    }
}
