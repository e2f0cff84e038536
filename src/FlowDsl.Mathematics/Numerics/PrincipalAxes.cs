namespace FlowDsl.Mathematics.Numerics;

/// <summary>The eigenvalues of a large symmetric matrix, and a vector's coordinates along its axes, without the axes: O(n³) with a small constant.</summary>
/// <remarks>Householder's reduction to three diagonals and the QL method with implicit shifts (Golub and Van Loan, sections 8.3.1 and 8.3.3).</remarks>
internal static class PrincipalAxes
{
    private const int MostSweeps = 60;

    /// <summary>Decomposes.</summary>
    /// <param name="matrix">Row-major n×n, symmetric; overwritten.</param>
    /// <param name="vector">n values; replaced by the coordinates along the axes, in the order of the eigenvalues.</param>
    /// <param name="cancellationToken">Checked once per column.</param>
    /// <returns>The n eigenvalues, ascending.</returns>
    public static double[] Decompose(double[] matrix, double[] vector, CancellationToken cancellationToken = default)
    {
        int n = vector.Length;
        double[] diagonal = new double[n], below = new double[n];
        Reduce(matrix, n, vector, below, cancellationToken);
        for (int i = 0; i < n; i++) diagonal[i] = matrix[i * n + i];
        Iterate(diagonal, below, vector);
        int[] order = [.. Enumerable.Range(0, n)];
        Array.Sort((double[])diagonal.Clone(), order);
        double[] along = (double[])vector.Clone();
        for (int i = 0; i < n; i++) vector[i] = along[order[i]];
        Array.Sort(diagonal);
        return diagonal;
    }

    // below[i] couples i and i + 1 at the end.
    private static void Reduce(double[] a, int n, double[] vector, double[] below, CancellationToken cancellationToken)
    {
        double[] v = new double[n], p = new double[n];
        for (int k = 0; k < n - 1; k++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double square = 0;
            for (int i = k + 1; i < n; i++) square += a[i * n + k] * a[i * n + k];
            double first = a[(k + 1) * n + k], length = Math.Sqrt(square);
            below[k] = first;
            if (k == n - 2 || square == first * first) continue;
            double end = first > 0 ? -length : length;
            for (int i = k + 1; i < n; i++) v[i] = a[i * n + k];
            v[k + 1] -= end;
            below[k] = end;
            double norm = 0;
            for (int i = k + 1; i < n; i++) norm += v[i] * v[i];
            double factor = 2 / norm, dot = 0;
            for (int i = k + 1; i < n; i++)
            {
                double sum = 0;
                for (int j = k + 1; j < n; j++) sum += a[i * n + j] * v[j];
                p[i] = factor * sum;
                dot += p[i] * v[i];
            }
            for (int i = k + 1; i < n; i++) p[i] -= 0.5 * factor * dot * v[i];
            for (int i = k + 1; i < n; i++)
                for (int j = k + 1; j < n; j++) a[i * n + j] -= v[i] * p[j] + p[i] * v[j];
            double along = 0;
            for (int i = k + 1; i < n; i++) along += v[i] * vector[i];
            for (int i = k + 1; i < n; i++) vector[i] -= factor * along * v[i];
        }
    }

    private static void Iterate(double[] d, double[] e, double[] vector)
    {
        int n = d.Length;
        for (int l = 0; l < n; l++)
        {
            for (int sweep = 0; sweep < MostSweeps; sweep++)
            {
                int m = l;
                while (m < n - 1 && Math.Abs(e[m]) > 1e-16 * (Math.Abs(d[m]) + Math.Abs(d[m + 1]))) m++;
                if (m == l) break;
                double g = (d[l + 1] - d[l]) / (2 * e[l]), r = Math.Sqrt(g * g + 1);
                g = d[m] - d[l] + e[l] / (g + (g >= 0 ? r : -r));
                double sine = 1, cosine = 1, p = 0;
                int i = m - 1;
                for (; i >= l; i--)
                {
                    double f = sine * e[i], b = cosine * e[i];
                    r = Math.Sqrt(f * f + g * g);
                    e[i + 1] = r;
                    if (r == 0)
                    {
                        d[i + 1] -= p;
                        e[m] = 0;
                        break;
                    }
                    (sine, cosine) = (f / r, g / r);
                    g = d[i + 1] - p;
                    r = (d[i] - g) * sine + 2 * cosine * b;
                    p = sine * r;
                    d[i + 1] = g + p;
                    g = cosine * r - b;
                    (vector[i + 1], vector[i]) = (sine * vector[i] + cosine * vector[i + 1], cosine * vector[i] - sine * vector[i + 1]);
                }
                if (r == 0 && i >= l) continue;
                d[l] -= p;
                e[l] = g;
                e[m] = 0;
            }
        }
    }
}
