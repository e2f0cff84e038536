namespace FlowDsl.Benchmarks;

/// <summary>Interpolation in a box, the square [-1, 1]²: Chebyshev's nodes, and what turns values there into powers of both coordinates.</summary>
internal sealed class BoxRule
{
    /// <summary>The rules that are tried: a row of the third degree fills a vector with both outputs, of the seventh with one.</summary>
    public static readonly BoxRule[] All = [new(3), new(7)];

    // Points at which an interpolant is compared with the flow.
    private const int CheckCount = 12;

    private readonly double[,] _powers;

    private BoxRule(int degree)
    {
        Degree = degree;
        int n = degree + 1;
        double[] nodes = [.. Enumerable.Range(0, n).Select(i => Math.Cos(Math.PI * (i + 0.5) / n))];
        Points = [.. from v in nodes from u in nodes select (u, v), .. Enumerable.Range(1, CheckCount).Select(Check)];
        _powers = Powers(nodes);
    }

    /// <summary>The greatest power of each coordinate.</summary>
    public int Degree { get; }

    /// <summary>The coefficients of a box.</summary>
    public int Length => 2 * NodeCount;

    /// <summary>The nodes, row by row, and after them the points of comparison.</summary>
    public (double U, double V)[] Points { get; }

    public int NodeCount => (Degree + 1) * (Degree + 1);

    /// <summary>The coefficients of the two outputs: for each power of v a row of those of u for the first output, then for the second.</summary>
    /// <param name="values">Both outputs at the nodes.</param>
    /// <param name="coefficients">Receives the coefficients.</param>
    public void Fit(ReadOnlySpan<double> values, Span<float> coefficients)
    {
        int n = Degree + 1;
        Span<double> half = stackalloc double[n * n];
        for (int output = 0; output < 2; output++)
        {
            for (int row = 0; row < n; row++)
            {
                for (int power = 0; power < n; power++)
                {
                    double sum = 0;
                    for (int i = 0; i < n; i++) sum += _powers[power, i] * values[2 * (row * n + i) + output];
                    half[row * n + power] = sum;
                }
            }
            for (int row = 0; row < n; row++)
            {
                for (int power = 0; power < n; power++)
                {
                    double sum = 0;
                    for (int i = 0; i < n; i++) sum += _powers[row, i] * half[i * n + power];
                    coefficients[(2 * row + output) * n + power] = (float)sum;
                }
            }
        }
    }

    /// <summary>The interpolant.</summary>
    public (double X, double Y) At(ReadOnlySpan<float> coefficients, double u, double v)
    {
        (double x, double y) = (0, 0);
        int n = Degree + 1;
        for (int row = Degree; row >= 0; row--)
        {
            (double inX, double inY) = (0, 0);
            for (int power = Degree; power >= 0; power--)
            {
                inX = inX * u + coefficients[2 * row * n + power];
                inY = inY * u + coefficients[(2 * row + 1) * n + power];
            }
            (x, y) = (x * v + inX, y * v + inY);
        }
        return (x, y);
    }

    // Points that fill the square evenly: multiples of the powers of the plastic number.
    private static (double U, double V) Check(int i) => (2 * (0.7548776662466927 * i % 1) - 1, 2 * (0.5698402909980532 * i % 1) - 1);

    // Row k has the coefficients of u^k in Lagrange's polynomials.
    private static double[,] Powers(double[] nodes)
    {
        int n = nodes.Length;
        var powers = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            double[] product = new double[n + 1];
            (product[0], int degree) = (1, 0);
            foreach (double other in nodes.Where((_, j) => j != i))
            {
                double scale = 1 / (nodes[i] - other);
                for (int k = ++degree; k > 0; k--) product[k] = scale * (product[k - 1] - other * product[k]);
                product[0] *= -scale * other;
            }
            for (int k = 0; k < n; k++) powers[k, i] = product[k];
        }
        return powers;
    }
}
