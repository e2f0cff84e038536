namespace FlowDsl.Mathematics.Structure;

/// <summary>Removes the rounding of a rotation if that makes coordinates equal, opposite, zero or equally spaced.</summary>
/// <remarks>The search for structure in a mixture compares numbers exactly, to their last bits.</remarks>
internal static class CoordinateRounding
{
    private const double MinTolerance = 1e-300;

    /// <summary>Rounds coordinates in place to multiples of one number, so sums and differences of a few of them are exact.</summary>
    /// <param name="middles">Their centre along each axis.</param>
    /// <param name="offsets">For each axis the coordinates of all means along it, relative to their centre.</param>
    /// <param name="tolerance">The maximum change of a coordinate.</param>
    public static void Apply(double[] middles, double[][] offsets, double tolerance)
    {
        // Means whose distances are subnormal have no digits to round.
        if (tolerance < MinTolerance) return;
        double quantum = PowerOfTwoBelow(0.25 * tolerance);
        MakeEqual(offsets, tolerance);
        foreach (double[] along in offsets)
        {
            MakeEquallySpaced(along, tolerance, quantum);
            Round(along, quantum);
        }
        Round(middles, quantum);
        for (int i = 0; i < middles.Length; i++)
            if (Math.Abs(middles[i]) <= tolerance) middles[i] = 0;
    }

    private static double PowerOfTwoBelow(double value)
    {
        double power = 1;
        while (power > value) power *= 0.5;
        while (2 * power <= value) power *= 2;
        return power;
    }

    private static void Round(double[] values, double quantum)
    {
        for (int i = 0; i < values.Length; i++) values[i] = Math.Round(values[i] / quantum) * quantum;
    }

    /// <summary>Numbers of nearly the same size are set to the smallest of these sizes.</summary>
    private static void MakeEqual(double[][] offsets, double tolerance)
    {
        var size = new Dictionary<double, double>();
        double group = 0;
        foreach (double value in offsets.SelectMany(along => along).Select(Math.Abs).OrderBy(value => value))
        {
            if (value - group > tolerance) group = value;
            size[value] = group;
        }
        foreach (double[] along in offsets)
            for (int k = 0; k < along.Length; k++) along[k] = along[k] < 0 ? -size[-along[k]] : size[Math.Abs(along[k])];
    }

    private static void MakeEquallySpaced(double[] along, double tolerance, double quantum)
    {
        double[] places = [.. along.Distinct().OrderBy(value => value)];
        int last = places.Length - 1;
        if (last < 2) return;
        double centre = 0.5 * (places[0] + places[last]), half = 0.5 * (places[last] - places[0]) / last;
        if (Math.Abs(centre) <= tolerance) centre = 0;
        half = Math.Round(half / quantum) * quantum;
        double[] spaced = [.. Enumerable.Range(0, places.Length).Select(i => centre + (2 * i - last) * half)];
        for (int i = 0; i < places.Length; i++)
            if (!(Math.Abs(places[i] - spaced[i]) <= tolerance)) return;
        for (int k = 0; k < along.Length; k++) along[k] = spaced[Array.IndexOf(places, along[k])];
    }
}
