namespace FlowDsl.Mathematics.Maps;

/// <summary>The map of a line as polynomials, with the error that was proved.</summary>
/// <remarks>
/// <para>
/// The line is cut into zones with an anchor c in each. A point of a zone has the distance u = x - c and v = |u| + u_0. The exponent and the first bits of the
/// significand of v are the number of its piece, and the other bits its place t in [0, 1) within. So pieces narrow towards the anchor in proportion to the
/// distance, as the map's features do where it throws points from one mode to the next, and they are found without a search. Outside of the reach the map is
/// continued by a line.
/// </para>
/// </remarks>
internal sealed class LineTable
{
    /// <summary>float or double: of the coefficients and of the arithmetic for which the error was proved.</summary>
    public required Precision Precision { get; init; }

    /// <summary>The degree of the polynomials.</summary>
    public required int Degree { get; init; }

    /// <summary>An octave of v has 2^this pieces.</summary>
    public required int Bits { get; init; }

    /// <summary>The lower end of the reach.</summary>
    public required double Low { get; init; }

    /// <summary>The upper end of the reach.</summary>
    public required double High { get; init; }

    /// <summary>The slope beyond.</summary>
    public required double Slope { get; init; }

    /// <summary>The border below each zone but the first: points above it are in the zone.</summary>
    public required double[] Borders { get; init; }

    /// <summary>c of each zone, rounded.</summary>
    public required double[] Anchors { get; init; }

    /// <summary>What rounding took from c.</summary>
    public required double[] Rests { get; init; }

    /// <summary>u_0 of each zone.</summary>
    public required double[] Offsets { get; init; }

    /// <summary>For each zone, above and below its anchor: the number to add to that of a piece.</summary>
    public required int[] Firsts { get; init; }

    /// <summary>For each piece: the constant as a sum of two numbers, and the coefficients of t and its powers.</summary>
    public required double[] Coefficients { get; init; }

    /// <summary>A bound on the error of an image y within the reach, in units of x: this times <see cref="Growth"/>.</summary>
    public required double Error { get; init; }

    /// <summary>The middle of the target's means.</summary>
    public required double Centre { get; init; }

    /// <summary>Eight standard deviations beyond the means.</summary>
    public required double Extent { get; init; }

    /// <summary>A bound on the error outside of the reach, on the same terms.</summary>
    public required double TailError { get; init; }

    /// <summary>The probability of points so near an anchor that its own rounding may matter; there, nothing is proved.</summary>
    public required double Undecided { get; init; }

    /// <summary>For each zone the distance from its anchor within which nothing is proved.</summary>
    public required double[] Guards { get; init; }

    /// <summary>The standard deviations beyond every component within which the table holds.</summary>
    public required double Reach { get; init; }

    /// <summary>The factor of errors: 1 up to an extent, then twice the distance in its units.</summary>
    public static double Growth(double distance, double extent) => distance <= extent ? 1 : 2 * distance / extent;

    /// <summary>Numbers between which the exact images of all points between two numbers lie, whether they are decided or not.</summary>
    public (double Low, double High) Enclose(double low, double high)
    {
        for (int k = 0; k < Anchors.Length; k++)
        {
            double anchor = Anchors[k] + Rests[k], guard = Guards[k] * (1 + 1e-9);
            if (guard == 0 || low > anchor + guard || high < anchor - guard) continue;
            (low, high) = (Math.Min(low, anchor - guard), Math.Max(high, anchor + guard));
        }
        double first = At(low), last = At(high);
        return (first - Bound(low, first), last + Bound(high, last));

        double Bound(double x, double y) => (x < Low || x > High ? TailError : Error) * Growth(Math.Abs(y - Centre), Extent);
    }

    /// <summary>The number of pieces.</summary>
    public required int PieceCount { get; init; }

    /// <summary>The image of a point, in double precision.</summary>
    public double At(double x)
    {
        int first = Find(x, out double inside, out long bits);
        double t = Place(bits), rest = Coefficients[first + Degree + 1];
        for (int j = Degree; j > 1; j--) rest = rest * t + Coefficients[first + j];
        return rest * t + Coefficients[first + 1] + Coefficients[first] + Slope * (x - inside);
    }

    /// <summary>The slope of the map at a point.</summary>
    public double SlopeAt(double x)
    {
        int first = Find(x, out double inside, out long bits);
        if (inside != x) return Slope;
        double t = Place(bits), rate = 0;
        for (int j = Degree; j > 0; j--) rate = rate * t + j * Coefficients[first + j + 1];
        // dt/dv: the pieces of an octave divide it evenly.
        return Math.Abs(rate) * (1 << Bits) / BitConverter.Int64BitsToDouble(bits & 0x7FF0000000000000);
    }

    /// <summary>Where a point's coefficients begin.</summary>
    private int Find(double x, out double inside, out long bits)
    {
        inside = x > Low ? x < High ? x : High : Low;
        int zone = 0;
        while (zone < Borders.Length && inside > Borders[zone]) zone++;
        double u = inside - Anchors[zone] - Rests[zone];
        bits = BitConverter.DoubleToInt64Bits(Math.Abs(u) + Offsets[zone]);
        int piece = (int)(bits >> (52 - Bits)) - (1023 << Bits) + Firsts[2 * zone + (u < 0 ? 1 : 0)];
        return Math.Min(Math.Max(piece, 0), PieceCount - 1) * (Degree + 2);
    }

    private double Place(long bits) => BitConverter.Int64BitsToDouble(((bits << Bits) & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000) - 1;
}
