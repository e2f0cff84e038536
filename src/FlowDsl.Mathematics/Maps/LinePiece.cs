using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Maps;

/// <summary>A polynomial that stands for the exact map between two distances from an anchor, with its proof.</summary>
/// <param name="Coefficients">In t, which goes from 0 to 1, of the image's distance from the target's anchor.</param>
/// <param name="Error">A bound on its distance from the exact map.</param>
/// <param name="Slope">A bound on the exact map's slope.</param>
/// <param name="IsMonotone">Whether it increases.</param>
internal sealed record LinePiece(double[] Coefficients, double Error, double Slope, bool IsMonotone);

/// <summary>Fits and proves the pieces of one side of an anchor.</summary>
/// <remarks>
/// Interpolation at n + 1 Chebyshev-Lobatto nodes misses the map by its (n + 1)-th Taylor coefficient, in units of the piece, times 2^(-2n) at most. Interval
/// arithmetic bounds the coefficient over the piece, in as many parts as that takes. The values at the nodes have certified errors of their own, and what the
/// polynomial misses of them is multiplied by the Lebesgue constant.
/// </remarks>
/// <param name="map">The exact map.</param>
/// <param name="degree">n.</param>
internal sealed class LinePieces(HalfMap map, int degree)
{
    // 1 + (2/π) ln(n + 1) bounds the constant of these nodes, up to n = 12.
    private const double Lebesgue = 2.7;

    private const int MaxDepth = 8;

    private readonly double[] _nodes = [.. Enumerable.Range(0, degree + 1).Select(i => i == degree ? 1 : 0.5 - 0.5 * PortableMath.Cos(Math.PI * i / degree))];

    // The last image, where the next search begins.
    private double _last;

    /// <summary>Fits a piece; null where the error is greater than allowed.</summary>
    /// <param name="first">The distance at which it starts.</param>
    /// <param name="width">Its width.</param>
    /// <param name="allowed">The allowed error of interpolation.</param>
    public LinePiece? Fit(double first, double width, double allowed)
    {
        double[] images = new double[degree + 1];
        double uncertain = 0;
        for (int i = 0; i <= degree; i++)
        {
            (images[i], double radius) = At(first + width * _nodes[i]);
            uncertain = Math.Max(uncertain, radius);
        }
        double factor = PowerOfTwo(-2 * degree), limit = allowed / factor;
        (double slope, double coefficient) = (0, 0);
        double middle = first + 0.5 * width;
        (double image, double error) = At(middle);
        // Where a single point breaks the limit, no division into parts helps.
        if (!(map.Coefficients(middle, middle, Interval.Around(image, error), width, degree + 1).Last <= limit)) return null;
        if (!Bound(first, first + width, images[0], images[degree], uncertain, width, limit, MaxDepth, ref slope, ref coefficient)) return null;

        double[] coefficients = Interpolate(images);
        double missed = 0, size = 0;
        for (int i = 0; i <= degree; i++) missed = Math.Max(missed, Math.Abs(Value(coefficients, _nodes[i]) - images[i]));
        for (int j = 0; j <= degree; j++) size += Math.Abs(coefficients[j]);
        // The values were computed with rounding of their own, and so were the nodes.
        double rounding = 8 * degree * 1.2e-16 * size;
        double bound = coefficient * factor + Lebesgue * (missed + uncertain + rounding) + rounding;
        return new LinePiece(coefficients, bound, slope / width, Increases(coefficients));
    }

    /// <summary>A line between the ends of a piece of which nothing is proved.</summary>
    public LinePiece Chord(double first, double width)
    {
        double low = At(first).Image, high = At(first + width).Image;
        double[] coefficients = new double[degree + 1];
        (coefficients[0], coefficients[1]) = (low, high - low);
        return new LinePiece(coefficients, double.PositiveInfinity, double.PositiveInfinity, high > low);
    }

    private (double Image, double Radius) At(double distance)
    {
        (double image, double radius) = map.At(distance, _last);
        if (image > 0) _last = image;
        return (image, radius);
    }

    private bool Bound(
        double first, double last, double firstImage, double lastImage, double uncertain, double width, double limit, int depth, ref double slope,
        ref double coefficient)
    {
        var images = new Interval(Math.Max(0, firstImage - 2 * uncertain), lastImage + 2 * uncertain);
        // Places are rounded.
        double low = first - 4e-16 * first, high = last + 4e-16 * last;
        (double own, double highest) = map.Coefficients(low, high, images, width, degree + 1);
        if (highest <= limit)
        {
            (slope, coefficient) = (Math.Max(slope, own), Math.Max(coefficient, highest));
            return true;
        }
        if (depth == 0) return false;
        double middle = 0.5 * (first + last);
        _last = 0.5 * (firstImage + lastImage);
        (double image, double radius) = At(middle);
        uncertain = Math.Max(uncertain, radius);
        return Bound(first, middle, firstImage, image, uncertain, width, limit, depth - 1, ref slope, ref coefficient)
            && Bound(middle, last, image, lastImage, uncertain, width, limit, depth - 1, ref slope, ref coefficient);
    }

    /// <summary>The coefficients in t of the polynomial through the nodes, by divided differences.</summary>
    private double[] Interpolate(double[] images)
    {
        double[] differences = [.. images.Select(image => image - images[0])];
        for (int order = 1; order <= degree; order++)
            for (int i = degree; i >= order; i--) differences[i] = (differences[i] - differences[i - 1]) / (_nodes[i] - _nodes[i - order]);
        double[] coefficients = new double[degree + 1];
        for (int i = degree; i >= 0; i--)
        {
            for (int j = degree; j > 0; j--) coefficients[j] = coefficients[j - 1] - _nodes[i] * coefficients[j];
            coefficients[0] = differences[i] - _nodes[i] * coefficients[0];
        }
        coefficients[0] += images[0];
        return coefficients;
    }

    private static double Value(double[] coefficients, double t)
    {
        double value = 0;
        for (int j = coefficients.Length - 1; j >= 0; j--) value = value * t + coefficients[j];
        return value;
    }

    /// <summary>Whether all Bernstein coefficients of the derivative are positive.</summary>
    private static bool Increases(double[] coefficients)
    {
        int n = coefficients.Length - 2;
        for (int i = 0; i <= n; i++)
        {
            // Σ_j C(i, j)/C(n, j) (j + 1) c_(j+1).
            double sum = 0, size = 0, share = 1;
            for (int j = 0; j <= i; j++)
            {
                sum += share * (j + 1) * coefficients[j + 1];
                size += share * (j + 1) * Math.Abs(coefficients[j + 1]);
                share *= (double)(i - j) / (n - j);
                if (j == n) break;
            }
            if (!(sum > 1e-13 * size)) return false;
        }
        return true;
    }

    private static double PowerOfTwo(int exponent) => BitConverter.Int64BitsToDouble((long)(1023 + exponent) << 52);
}
