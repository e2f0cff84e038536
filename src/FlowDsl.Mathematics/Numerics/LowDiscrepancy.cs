namespace FlowDsl.Mathematics.Numerics;

/// <summary>Evenly spread points (Richtmyer's sequence: multiples of square roots of primes, mod 1).</summary>
internal static class LowDiscrepancy
{
    /// <summary>n points of d standard normal coordinates; symmetric quantiles in one dimension.</summary>
    public static double[][] Normals(int n, int d)
    {
        double[][] points = Uniforms(n, d);
        foreach (double[] point in points)
            for (int j = 0; j < d; j++) point[j] = PortableMath.NormalQuantile(point[j]);
        return points;
    }

    /// <summary>n points of the unit cube of d coordinates; the first one increases.</summary>
    public static double[][] Uniforms(int n, int d)
    {
        double[] steps = new double[d];
        int prime = 1;
        for (int j = 0; j < d; j++)
        {
            prime = NextPrime(prime);
            double root = Math.Sqrt(prime);
            steps[j] = root - Math.Floor(root);
        }
        double[][] points = new double[n][];
        for (int i = 0; i < n; i++)
        {
            points[i] = new double[d];
            for (int j = 0; j < d; j++)
            {
                // The first coordinate takes the midpoints of n equal cells, so the set as a whole is balanced.
                double multiple = j == 0 ? (i + 0.5) / n : 0.5 + i * steps[j - 1];
                points[i][j] = multiple - Math.Floor(multiple);
            }
        }
        return points;
    }

    private static int NextPrime(int after)
    {
        for (int candidate = after + 1; ; candidate++)
        {
            bool prime = true;
            for (int divisor = 2; divisor * divisor <= candidate && prime; divisor++) prime = candidate % divisor != 0;
            if (prime) return candidate;
        }
    }
}
