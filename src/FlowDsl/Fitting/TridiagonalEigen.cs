using System.Numerics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Fitting;

/// <summary>
/// Eigenvalues and eigenvectors of a symmetric matrix by Householder's reduction and the implicit QL iteration (Golub and Van Loan, section
/// 8.3; the procedures tred2 and tql2 of Wilkinson and Reinsch, Handbook for Automatic Computation II (1971), 202-248). Errors are of the order of
/// rounding in the largest eigenvalue. In 64 dimensions it is ten times faster than Jacobi rotations, which are more accurate for small eigenvalues.
/// </summary>
internal static class TridiagonalEigen
{
    /// <summary>Decomposes a matrix.</summary>
    /// <param name="matrix">Row-major n×n, symmetric and finite; not changed.</param>
    /// <param name="n">The number of rows.</param>
    /// <param name="vectors">Row-major n×n; row j is the unit eigenvector of eigenvalue j.</param>
    /// <returns>The n eigenvalues in no particular order; null if the iteration does not converge.</returns>
    public static double[]? TryDecompose(double[] matrix, int n, out double[] vectors)
    {
        double[] a = (double[])matrix.Clone();
        double[] diagonal = new double[n], off = new double[n];
        vectors = new double[n * n];
        for (int i = 0; i < n; i++) vectors[i * n + i] = 1;
        Reduce(a, n, diagonal, off, vectors);
        return Iterate(diagonal, off, vectors, n) ? diagonal : null;
    }

    // H_{n-3} … H_0 A H_0 … H_{n-3} is tridiagonal, with H_k = I - β v vᵀ; vectors becomes their product, whose rows are T's coordinates.
    private static void Reduce(double[] a, int n, double[] diagonal, double[] off, double[] vectors)
    {
        double[] product = new double[n];
        var reflectors = new (double[] V, double Beta)[Math.Max(0, n - 2)];
        for (int k = 0; k < n - 2; k++)
        {
            int size = n - k - 1;
            double[] v = new double[size];
            double greatest = 0;
            for (int i = 0; i < size; i++) greatest = Math.Max(greatest, Math.Abs(v[i] = a[(k + 1 + i) * n + k]));
            double tail = 0;
            for (int i = 1; i < size; i++) tail += greatest > 0 ? v[i] / greatest * (v[i] / greatest) : 0;
            if (tail == 0)
            {
                off[k] = v[0];
                continue;
            }
            double first = v[0] / greatest;
            double norm = Math.Sqrt(first * first + tail);
            double alpha = first > 0 ? -norm : norm;
            off[k] = alpha * greatest;
            for (int i = 0; i < size; i++) v[i] /= greatest;
            v[0] = first - alpha;
            double beta = 2 / (v[0] * v[0] + tail);
            reflectors[k] = (v, beta);

            // p = β A v by rows of the symmetric A, w = p - (β pᵀv / 2) v, A - v wᵀ - w vᵀ.
            Span<double> p = product.AsSpan(0, size);
            p.Clear();
            for (int i = 0; i < size; i++) Vectors.AddScaled(v[i], a.AsSpan((k + 1 + i) * n + k + 1, size), p);
            double dot = 0;
            for (int i = 0; i < size; i++) dot += (p[i] *= beta) * v[i];
            Vectors.AddScaled(-0.5 * beta * dot, v, p);
            for (int i = 0; i < size; i++)
            {
                Span<double> row = a.AsSpan((k + 1 + i) * n + k + 1, size);
                Vectors.AddScaled(-v[i], p, row);
                Vectors.AddScaled(-p[i], v, row);
            }
        }
        for (int i = 0; i < n; i++) diagonal[i] = a[i * n + i];
        if (n > 1) off[n - 2] = a[(n - 1) * n + n - 2];

        // Start with the last, which acts on the last two coordinates only: outside them the product is still the identity.
        for (int k = n - 3; k >= 0; k--)
        {
            if (reflectors[k].V is not { } v) continue;
            // Rows of the product times H_k: x - β (xᵀv) v.
            for (int i = k + 1; i < n; i++)
            {
                Span<double> row = vectors.AsSpan(i * n + k + 1, v.Length);
                double dot = 0;
                for (int j = 0; j < v.Length; j++) dot += row[j] * v[j];
                Vectors.AddScaled(-reflectors[k].Beta * dot, v, row);
            }
        }
    }

    private static bool Iterate(double[] diagonal, double[] off, double[] vectors, int n)
    {
        double norm = 0;
        for (int j = 0; j < n; j++) norm = Math.Max(norm, Math.Max(Math.Abs(diagonal[j]), Math.Abs(off[j])));
        for (int l = 0; l < n; l++)
        {
            for (int iteration = 0; ; iteration++)
            {
                int m = l;
                for (; m < n - 1; m++)
                {
                    double scale = Math.Abs(diagonal[m]) + Math.Abs(diagonal[m + 1]);
                    if (Math.Abs(off[m]) + scale == scale || Math.Abs(off[m]) <= 1e-17 * norm) break;
                }
                if (m == l) break;
                if (iteration == 60) return false;

                double g = (diagonal[l + 1] - diagonal[l]) / (2 * off[l]);
                double r = Hypotenuse(g, 1);
                g = diagonal[m] - diagonal[l] + off[l] / (g + (g >= 0 ? r : -r));
                double s = 1, c = 1, p = 0;
                int i = m - 1;
                for (; i >= l; i--)
                {
                    double f = s * off[i], b = c * off[i];
                    off[i + 1] = r = Hypotenuse(f, g);
                    if (r == 0)
                    {
                        diagonal[i + 1] -= p;
                        off[m] = 0;
                        break;
                    }
                    (s, c) = (f / r, g / r);
                    g = diagonal[i + 1] - p;
                    r = (diagonal[i] - g) * s + 2 * c * b;
                    diagonal[i + 1] = g + (p = s * r);
                    g = c * r - b;
                    Rotate(vectors.AsSpan(i * n, n), vectors.AsSpan((i + 1) * n, n), c, s);
                }
                if (r == 0 && i >= l) continue;
                diagonal[l] -= p;
                off[l] = g;
                off[m] = 0;
            }
        }
        return true;
    }

    private static double Hypotenuse(double a, double b)
    {
        double greater = Math.Max(Math.Abs(a), Math.Abs(b));
        if (greater == 0) return 0;
        (a, b) = (a / greater, b / greater);
        return greater * Math.Sqrt(a * a + b * b);
    }

    private static void Rotate(Span<double> x, Span<double> y, double c, double s)
    {
        int j = 0;
        var (cosine, sine) = (new Vector<double>(c), new Vector<double>(s));
        for (; j <= x.Length - Vector<double>.Count; j += Vector<double>.Count)
        {
            Vector<double> u = new(x[j..]), w = new(y[j..]);
            (sine * u + cosine * w).CopyTo(y[j..]);
            (cosine * u - sine * w).CopyTo(x[j..]);
        }
        for (; j < x.Length; j++) (x[j], y[j]) = (c * x[j] - s * y[j], s * x[j] + c * y[j]);
    }
}
