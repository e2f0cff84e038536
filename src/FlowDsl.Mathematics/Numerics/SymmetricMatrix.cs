namespace FlowDsl.Mathematics.Numerics;

/// <summary>Decompositions of small symmetric matrices, by arithmetic that gives the same bits on every host.</summary>
internal static class SymmetricMatrix
{
    /// <summary>
    /// Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan, section 8.5),
    /// which keeps small eigenvalues of a graded matrix accurate.
    /// </summary>
    /// <param name="matrix">Row-major n×n, symmetric; not changed.</param>
    /// <param name="n">The number of rows.</param>
    /// <param name="vectors">Row-major n×n; column j is the unit eigenvector of eigenvalue j.</param>
    /// <param name="cancellationToken">Checked once per row of rotations.</param>
    /// <returns>The n eigenvalues, ascending.</returns>
    public static double[] Eigen(double[] matrix, int n, out double[] vectors, CancellationToken cancellationToken = default)
    {
        double[] a = (double[])matrix.Clone();
        double[] q = new double[n * n];
        for (int i = 0; i < n; i++) q[i * n + i] = 1;

        for (int sweep = 0; sweep < 60; sweep++)
        {
            bool rotated = false;
            for (int i = 0; i < n - 1; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                for (int j = i + 1; j < n; j++) rotated |= Rotate(a, q, n, i, j);
            }
            if (!rotated) break;
        }

        int[] order = new int[n];
        double[] diagonal = new double[n];
        for (int i = 0; i < n; i++) (order[i], diagonal[i]) = (i, a[i * n + i]);
        Array.Sort((double[])diagonal.Clone(), order);
        double[] values = new double[n];
        vectors = new double[n * n];
        for (int j = 0; j < n; j++)
        {
            int source = order[j];
            values[j] = diagonal[source];

            // An eigenvector's sign is arbitrary; the first entry that is not small decides, so the output is stable.
            double sign = 1;
            for (int i = 0; i < n; i++)
            {
                if (Math.Abs(q[i * n + source]) < 0.1 / Math.Sqrt(n)) continue;
                sign = q[i * n + source] < 0 ? -1 : 1;
                break;
            }
            for (int i = 0; i < n; i++) vectors[i * n + j] = sign * q[i * n + source];
        }
        return values;
    }

    /// <summary>The lower triangular L with L Lᵀ equal to a symmetric positive definite matrix.</summary>
    /// <param name="matrix">Row-major n×n, positive definite.</param>
    /// <param name="n">The number of rows.</param>
    /// <returns>Row-major n×n, zero above the diagonal.</returns>
    /// <exception cref="ArgumentException">The matrix is not positive definite up to rounding.</exception>
    public static double[] Cholesky(double[] matrix, int n)
        => TryCholesky(matrix, n) ?? throw new ArgumentException("The matrix is not positive definite.", nameof(matrix));

    /// <summary>As <see cref="Cholesky"/>, or null if the matrix is not positive definite up to rounding.</summary>
    /// <param name="matrix">Row-major n×n, symmetric.</param>
    /// <param name="n">The number of rows.</param>
    public static double[]? TryCholesky(double[] matrix, int n)
    {
        double[] l = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = matrix[i * n + j];
                for (int k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k];
                if (i != j)
                    l[i * n + j] = sum / l[j * n + j];
                else if (sum > 0)
                    l[i * n + i] = Math.Sqrt(sum);
                else
                    return null;
            }
        }
        return l;
    }

    /// <summary>Replaces v by (LLᵀ)⁻¹v.</summary>
    /// <param name="lower">L, row-major.</param>
    /// <param name="v">The vector.</param>
    internal static void Solve(double[] lower, double[] v)
    {
        int n = v.Length;
        for (int r = 0; r < n; r++)
        {
            for (int c = 0; c < r; c++) v[r] -= lower[r * n + c] * v[c];
            v[r] /= lower[r * n + r];
        }
        for (int r = n - 1; r >= 0; r--)
        {
            for (int c = r + 1; c < n; c++) v[r] -= lower[c * n + r] * v[c];
            v[r] /= lower[r * n + r];
        }
    }

    /// <summary>The inverse L⁻ᵀ L⁻¹ of the matrix L Lᵀ.</summary>
    /// <param name="lower">L, row-major n×n: lower triangular, with a nonzero diagonal.</param>
    /// <param name="n">The number of rows.</param>
    /// <returns>Row-major n×n, symmetric.</returns>
    internal static double[] InverseFromCholesky(double[] lower, int n)
    {
        // L⁻¹ by forward substitution, column by column.
        double[] inverse = new double[n * n];
        for (int j = 0; j < n; j++)
        {
            inverse[j * n + j] = 1 / lower[j * n + j];
            for (int i = j + 1; i < n; i++)
            {
                double sum = 0;
                for (int k = j; k < i; k++) sum += lower[i * n + k] * inverse[k * n + j];
                inverse[i * n + j] = -sum / lower[i * n + i];
            }
        }
        double[] product = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = i; j < n; j++)
            {
                double sum = 0;
                for (int k = j; k < n; k++) sum += inverse[k * n + i] * inverse[k * n + j];
                product[i * n + j] = product[j * n + i] = sum;
            }
        }
        return product;
    }

    /// <summary>The transpose of a row-major n×n matrix.</summary>
    internal static double[] Transpose(double[] matrix, int n)
    {
        double[] transpose = new double[n * n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) transpose[j * n + i] = matrix[i * n + j];
        return transpose;
    }

    /// <summary>
    /// The upper triangular R with RᵀR = V diag(weights) Vᵀ, from the QR decomposition of diag(√weights) Vᵀ by Householder's reflections (Golub and
    /// Van Loan, section 5.2): this avoids the product, whose rounding hides weights far below the largest.
    /// </summary>
    /// <param name="weights">n positive weights, descending: rows of very different sizes keep their digits in this order.</param>
    /// <param name="vectors">V, row-major n×n, orthogonal.</param>
    /// <param name="n">The number of rows.</param>
    /// <returns>Row-major n×n, zero below the diagonal, nonnegative on it.</returns>
    internal static double[] TriangularRoot(double[] weights, double[] vectors, int n)
    {
        double[] r = new double[n * n], reflector = new double[n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) r[i * n + j] = Math.Sqrt(weights[i]) * vectors[j * n + i];
        for (int column = 0; column < n; column++)
        {
            double square = 0;
            for (int i = column; i < n; i++) square += r[i * n + column] * r[i * n + column];
            double norm = Math.Sqrt(square), head = r[column * n + column];
            if (norm > 0 && column < n - 1)
            {
                for (int i = column; i < n; i++) reflector[i] = r[i * n + column];
                reflector[column] += head < 0 ? -norm : norm;
                double scale = norm * (norm + Math.Abs(head));
                for (int j = column; j < n; j++)
                {
                    double product = 0;
                    for (int i = column; i < n; i++) product += reflector[i] * r[i * n + j];
                    for (int i = column; i < n; i++) r[i * n + j] -= product / scale * reflector[i];
                }
            }
            for (int i = column + 1; i < n; i++) r[i * n + column] = 0;
            if (r[column * n + column] >= 0) continue;
            for (int j = column; j < n; j++) r[column * n + j] = -r[column * n + j];
        }
        return r;
    }

    /// <summary>The spectral norm of a symmetric tridiagonal matrix, by bisection on Sturm counts (Golub and Van Loan, section 8.4).</summary>
    /// <param name="matrix">Row-major with the given stride.</param>
    /// <param name="stride">The length of a stored row.</param>
    /// <param name="n">The number of rows and columns to use.</param>
    internal static double TridiagonalNorm(ReadOnlySpan<double> matrix, int stride, int n)
    {
        if (n == 1) return Math.Abs(matrix[0]);
        double radius = 0;
        for (int i = 0; i < n; i++)
        {
            double left = i > 0 ? Math.Abs(matrix[i * stride + i - 1]) : 0, right = i < n - 1 ? Math.Abs(matrix[i * stride + i + 1]) : 0;
            radius = Math.Max(radius, Math.Abs(matrix[i * stride + i]) + left + right);
        }
        double low = 0, high = radius;
        while (high - low > 1e-7 * high)
        {
            double middle = 0.5 * (low + high);
            bool within = CountBelow(matrix, stride, n, middle) == n && CountBelow(matrix, stride, n, -middle) == 0;
            if (within) high = middle;
            else low = middle;
        }
        return high;
    }

    /// <summary>The smallest eigenvalue of a symmetric tridiagonal matrix if it is negative, else 0.</summary>
    /// <param name="matrix">Row-major with the given stride.</param>
    /// <param name="stride">The length of a stored row.</param>
    /// <param name="n">The number of rows and columns to use.</param>
    /// <param name="norm">Its spectral norm.</param>
    internal static double TridiagonalLeast(ReadOnlySpan<double> matrix, int stride, int n, double norm)
    {
        if (n == 1) return Math.Min(0, matrix[0]);
        if (CountBelow(matrix, stride, n, 0) == 0) return 0;
        double low = -norm, high = 0;
        while (high - low > 1e-7 * norm)
        {
            double middle = 0.5 * (low + high);
            if (CountBelow(matrix, stride, n, middle) > 0) high = middle;
            else low = middle;
        }
        return high;
    }

    private static int CountBelow(ReadOnlySpan<double> matrix, int stride, int n, double x)
    {
        int count = 0;
        double pivot = 1;
        for (int i = 0; i < n; i++)
        {
            double off = i > 0 ? matrix[i * stride + i - 1] : 0;
            pivot = matrix[i * stride + i] - x - (off == 0 ? 0 : off * off / pivot);
            if (pivot == 0) pivot = -1e-300;
            if (pivot < 0) count++;
        }
        return count;
    }

    private static bool Rotate(double[] a, double[] q, int n, int i, int j)
    {
        double aij = a[i * n + j], aii = a[i * n + i], ajj = a[j * n + j];
        // Relative to the two diagonal entries, not to the norm: small eigenvalues keep their digits.
        if (Math.Abs(aij) <= 1e-17 * Math.Sqrt(Math.Abs(aii)) * Math.Sqrt(Math.Abs(ajj)) || aij == 0) return false;

        double theta = (ajj - aii) / (2 * aij);
        double t = Math.Abs(theta) > 1e150
            ? 0.5 / theta
            : (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1));
        if (t == 0) return false;
        double c = 1 / Math.Sqrt(t * t + 1), s = t * c;
        for (int k = 0; k < n; k++)
        {
            double aki = a[k * n + i], akj = a[k * n + j];
            a[k * n + i] = c * aki - s * akj;
            a[k * n + j] = s * aki + c * akj;
        }
        for (int k = 0; k < n; k++)
        {
            double aik = a[i * n + k], ajk = a[j * n + k];
            a[i * n + k] = c * aik - s * ajk;
            a[j * n + k] = s * aik + c * ajk;
        }
        a[i * n + i] = aii - t * aij;
        a[j * n + j] = ajj + t * aij;
        a[i * n + j] = a[j * n + i] = 0;
        for (int k = 0; k < n; k++)
        {
            double qki = q[k * n + i], qkj = q[k * n + j];
            q[k * n + i] = c * qki - s * qkj;
            q[k * n + j] = s * qki + c * qkj;
        }
        return true;
    }
}
