namespace FlowDsl.Tests;

/// <summary>Seeded points for tests of fits.</summary>
internal static class FitData
{
    /// <summary>Standard normal numbers, by Box and Muller.</summary>
    public static double[] Normals(int count)
    {
        var random = new System.Random(5);
        return [.. Enumerable.Range(0, count).Select(_ => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];
    }

    /// <summary>Points of the plane in three groups that overlap a little.</summary>
    public static double[] ThreeGroups(int count)
        => [.. Normals(2 * count).Select((x, i) => (i / 2 % 3, i % 2) switch
        {
            (0, 0) => x,
            (0, 1) => 0.5 * x,
            (1, 0) => 4 + 0.7 * x,
            (1, 1) => 3 + x,
            (_, 0) => -3 + 0.5 * x,
            _ => 4 + 0.6 * x,
        })];
}
