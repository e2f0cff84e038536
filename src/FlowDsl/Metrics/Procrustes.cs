using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Metrics;

/// <summary>The orthogonal matrix nearest to a matrix.</summary>
internal static class Procrustes
{
    private const int MaxSweeps = 60;

    /// <summary>W Vᵀ of the singular value decomposition G = W S Vᵀ: the orthogonal U with the greatest tr UᵀG.</summary>
    /// <remarks>
    /// One-sided Jacobi rotations (Hestenes 1958; Golub and Van Loan, section 8.6.3) make the columns of GV orthogonal. A zero column, of a singular G, may
    /// become any unit vector orthogonal to the others.
    /// </remarks>
    /// <param name="matrix">G, row-major d×d, finite.</param>
    /// <param name="d">The number of rows.</param>
    /// <returns>U, row-major d×d.</returns>
    public static double[] OrthogonalFactor(double[] matrix, int d)
    {
        // Columns are rows here, so that they are contiguous.
        double[] columns = new double[d * d], v = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            v[i * d + i] = 1;
            for (int j = 0; j < d; j++) columns[j * d + i] = matrix[i * d + j];
        }
        bool rotated = true;
        for (int sweep = 0; sweep < MaxSweeps && rotated; sweep++)
        {
            rotated = false;
            for (int i = 0; i < d; i++)
                for (int j = 0; j < i; j++) rotated |= Rotate(columns.AsSpan(i * d, d), columns.AsSpan(j * d, d), v.AsSpan(i * d, d), v.AsSpan(j * d, d));
        }
        Normalize(columns, d);
        double[] factor = new double[d * d];
        for (int axis = 0; axis < d; axis++)
            for (int i = 0; i < d; i++)
                for (int j = 0; j < d; j++) factor[i * d + j] += columns[axis * d + i] * v[axis * d + j];
        return factor;
    }

    private static bool Rotate(Span<double> p, Span<double> q, Span<double> vp, Span<double> vq)
    {
        double pp = Vectors.Dot(p, p), qq = Vectors.Dot(q, q), pq = Vectors.Dot(p, q);
        if (Math.Abs(pq) <= 1e-16 * Math.Sqrt(pp) * Math.Sqrt(qq) || pq == 0) return false;
        double zeta = (qq - pp) / (2 * pq), t = (zeta >= 0 ? 1 : -1) / (Math.Abs(zeta) + Math.Sqrt(1 + zeta * zeta));
        double c = 1 / Math.Sqrt(1 + t * t), s = c * t;
        Turn(p, q, c, s);
        Turn(vp, vq, c, s);
        return true;
    }

    private static void Turn(Span<double> p, Span<double> q, double c, double s)
    {
        for (int i = 0; i < p.Length; i++) (p[i], q[i]) = (c * p[i] - s * q[i], s * p[i] + c * q[i]);
    }

    // Gram-Schmidt from the longest column down, twice each: what rotations left of a short one may still lean to a long one.
    private static void Normalize(double[] columns, int d)
    {
        int[] order = [.. Enumerable.Range(0, d).OrderByDescending(j => Vectors.Dot(columns.AsSpan(j * d, d), columns.AsSpan(j * d, d)))];
        double least = 1e-8;
        for (int place = 0, unit = 0; place < d;)
        {
            Span<double> column = columns.AsSpan(order[place] * d, d);
            double before = Vectors.Norm(column);
            for (int pass = 0; pass < 2; pass++)
                for (int other = 0; other < place; other++)
                {
                    ReadOnlySpan<double> done = columns.AsSpan(order[other] * d, d);
                    Vectors.AddScaled(-Vectors.Dot(done, column), done, column);
                }
            double norm = Vectors.Norm(column);
            if (norm > least * before && norm > 1e-150)
            {
                for (int i = 0; i < d; i++) column[i] /= norm;
                (place, least) = (place + 1, 1e-8);
                continue;
            }
            // The column says nothing: a unit vector takes its place. One of those not yet tried is at least this far from the span of the others.
            least = 0.5 / Math.Sqrt(d);
            column.Clear();
            column[unit++] = 1;
        }
    }
}
