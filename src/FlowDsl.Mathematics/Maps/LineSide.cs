using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Maps;

/// <summary>The pieces above one anchor, or below it in the mirror.</summary>
/// <param name="map">The exact map.</param>
/// <param name="anchor">The anchor.</param>
/// <param name="degree">The degree of the polynomials.</param>
/// <param name="bits">An octave has 2^bits pieces.</param>
/// <param name="offset">u_0, a power of two.</param>
/// <param name="end">The distance from the anchor up to which there are pieces.</param>
/// <param name="unit">Half the distance from 1 to the next number of the arithmetic.</param>
/// <param name="placeUnits">How many roundings v is the result of.</param>
internal sealed class LineSide(HalfMap map, LineAnchor anchor, int degree, int bits, double offset, double end, double unit, int placeUnits)
{
    /// <summary>The number of the first piece.</summary>
    public int FirstKey => Key(offset);

    /// <summary>All coefficients, in units of x.</summary>
    public List<double> Coefficients { get; } = [];

    /// <summary>The error.</summary>
    public double Error { get; private set; }

    /// <summary>The probability of points of which nothing is proved.</summary>
    public double Undecided { get; private set; }

    /// <summary>The distance from the anchor within which they lie.</summary>
    public double Guard { get; private set; }

    /// <summary>The distance from the anchor up to which there are pieces.</summary>
    public double End { get; private set; }

    /// <summary>Makes the pieces.</summary>
    /// <param name="allowed">The allowed error of interpolation.</param>
    /// <param name="accuracy">The error that is asked for.</param>
    /// <param name="nearest">The least distance of a point from the anchor.</param>
    /// <param name="usual">The distance up to which there must be pieces: farther out they may end.</param>
    /// <param name="centre">The target's centre.</param>
    /// <param name="extent">How far from the centre an error is meant as it is; farther out it grows in proportion.</param>
    /// <param name="isMirrored">Whether this is the mirror image.</param>
    /// <returns>The image of the middle of a piece that fails, NaN if it decreases; null if none fails.</returns>
    public double? Build(double allowed, double accuracy, double nearest, double usual, double centre, double extent, bool isMirrored)
    {
        End = end;
        var pieces = new LinePieces(map, degree);
        double sign = isMirrored ? -1 : 1, before = 0, last = double.NaN;
        // One more than the end needs, because rounding may carry a point across a border.
        for (int key = FirstKey; key <= Key((end + offset) * (1 + 1e-6)); key++)
        {
            double start = Start(key), width = Start(key + 1) - start, first = start - offset;
            bool isVisited = first + width >= nearest;
            LinePiece? piece = pieces.Fit(first, width, allowed);
            bool isDecided = piece is not null && 4 * anchor.Uncertainty * piece.Slope <= accuracy;
            if (piece is null)
            {
                // What is wrong near an anchor may be its own uncertainty, which no other pieces mend.
                double slope = PortableMath.Exp(map.Source.LogDensity(first).Log - map.Target.LogDensity(map.At(first, 0).Image).Log);
                bool isUndecided = 4 * anchor.Uncertainty * slope > accuracy;
                if (!isUndecided && first > usual)
                {
                    End = start * (1 - 1e-5) - offset;
                    return null;
                }
                if (!isUndecided) return anchor.Target + sign * map.At(first + 0.5 * width, 0).Image;
                piece = pieces.Chord(first, width);
            }
            double[] own = Rounded(piece.Coefficients, sign, ref last);
            Coefficients.AddRange(own);
            if (!isVisited) continue;
            if (!piece.IsMonotone) return double.NaN;
            if (!isDecided)
            {
                double mass = PortableMath.Exp(map.Source.LogMass(first + width, out _)) - (first > 0 ? PortableMath.Exp(map.Source.LogMass(first, out _)) : 0);
                Guard = first + width + 4 * anchor.Uncertainty;
                Undecided += mass * (1 + 1e-9);
                before = 0;
                continue;
            }
            Add(piece, own, start, Math.Max(before, piece.Slope), sign, centre, extent);
            before = piece.Slope;
        }
        return null;
    }

    /// <summary>Adds the anchor and rounds. A piece begins where the one below it ends, and ends there or just below, so that the whole increases.</summary>
    private double[] Rounded(double[] coefficients, double sign, ref double last)
    {
        double[] own = new double[degree + 2];
        double start = double.IsNaN(last) ? Twice(anchor.Target + sign * coefficients[0]) : last;
        double end = Twice(anchor.Target + sign * coefficients.Sum()), others = 0;
        own[0] = Round(start);
        own[1] = start - own[0];
        for (int j = degree; j > 1; j--) others += own[j + 1] = Round(sign * coefficients[j]);
        // In double, sums round too.
        double slack = degree * 1.2e-16 * (Math.Abs(end) + Math.Abs(end - start) + Math.Abs(others));
        own[2] = Round(end - start - others - sign * slack);
        // Steps grow: what is too much may be far more than a unit in this coefficient's last place.
        for (double step = slack; sign * (start + own[2] + others - end) + 0.5 * slack > 0 && sign * own[2] > 0; step = Math.Max(2 * step, 1e-300))
            own[2] = Next(own[2], -sign, step);
        last = end;
        return own;
    }

    // As a sum of two numbers of the precision.
    private double Twice(double value) => Round(value) + Round(value - Round(value));

    private void Add(LinePiece piece, double[] own, double start, double slope, double sign, double centre, double extent)
    {
        // What rounding the coefficients took: c + d t lies between its ends, the others add up.
        double constant = own[0] + own[1], first = constant - (anchor.Target + sign * piece.Coefficients[0]);
        double both = first + own[2] - sign * piece.Coefficients[1];
        double error = piece.Error + Math.Max(Math.Abs(first), Math.Abs(both)) + 4.6e-16 * (Math.Abs(anchor.Target) + Math.Abs(constant));
        for (int j = 2; j <= degree; j++) error += Math.Abs(own[j + 1] - sign * piece.Coefficients[j]);

        // Horner's rule, within the range of each of its sums: a product and a sum are rounded each time.
        double low = own[degree + 1], high = low, units = 0;
        for (int j = degree; j > 0; j--)
        {
            double size = Math.Max(Math.Abs(low), Math.Abs(high));
            (low, high) = (own[j] + Math.Min(0, low), own[j] + Math.Max(0, high));
            units += size + Math.Max(Math.Abs(low), Math.Abs(high));
        }
        double largest = Math.Max(Math.Abs(constant), Math.Max(Math.Abs(own[0] + low), Math.Abs(own[0] + high)));
        error += unit * (units * (1 + 1e-6) + Binade(largest));
        // v and what it is computed from lie in the octave of the piece.
        error += slope * (placeUnits * (1 + 1e-6) * unit * Binade(start) + anchor.Uncertainty);
        double nearest = Math.Min(Math.Abs(constant - centre), Math.Abs(constant + own.Skip(2).Sum() - centre));
        Error = Math.Max(Error, error / LineTable.Growth(nearest, extent));
    }

    // The power of two at or below a number; in it, all numbers have the same rounding errors.
    private static double Binade(double value) => BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(value) & 0x7FF0000000000000);

    private double Round(double value) => unit > 1e-10 ? (float)value : value;

    private double Next(double value, double direction, double least)
    {
        double step = Math.Max(Math.Max(Math.Abs(value) * unit, least), 1e-300), next = Round(value + direction * step);
        return next == value ? Round(value + direction * 2 * step) : next;
    }

    private int Key(double v) => (int)(BitConverter.DoubleToInt64Bits(v) >> (52 - bits)) - (1023 << bits);

    private double Start(int key) => BitConverter.Int64BitsToDouble((long)(key + (1023 << bits)) << (52 - bits));
}
