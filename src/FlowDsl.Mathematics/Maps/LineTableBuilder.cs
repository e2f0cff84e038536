using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Maps;

/// <summary>Tabulates the map of a mixture on the line, and proves the table's error.</summary>
/// <param name="mixture">A mixture of one dimension, of more than one component.</param>
/// <param name="from">The process at the start.</param>
/// <param name="to">The process at the end.</param>
/// <param name="accuracy">The error that is asked for.</param>
/// <param name="precision">The precision of coefficients and arithmetic.</param>
/// <param name="placeError">By how much the places of points are uncertain.</param>
internal sealed class LineTableBuilder(Mixture mixture, ProcessPoint from, ProcessPoint to, double accuracy, Precision precision, double placeError = 0)
{
    /// <summary>Standard deviations of the outermost components within which the table holds.</summary>
    private const double Reach = 40;

    // Standard deviations to which an error is meant.
    private const double Usual = 8;

    private const int MinBits = 2, MaxBits = 4, MinDegree = 3, MaxAnchors = 16;

    // About a second.
    private const long Budget = 500_000;

    private readonly ProofBudget _budget = new(Budget);

    private readonly LineComponents _source = LineComponents.At(mixture, from), _target = LineComponents.At(mixture, to);

    private readonly double _unit = RoundingUnit.Of(precision);

    // Degrees whose coefficients fill whole vectors.
    private readonly int _maxDegree = precision == Precision.Single ? 6 : 10;

    /// <summary>The table; null where no error could be proved.</summary>
    public LineTable? Build()
    {
        var anchors = new LineAnchors(mixture, from, to, placeError);
        List<LineAnchor> own = anchors.Valleys();
        // After all degrees and widths fail, something narrow is left that no valley shows: an anchor there makes the pieces narrow too.
        int degree = Guess(), bits = MinBits;
        while (true)
        {
            if (TryBuild(own, degree, bits, out double failed) is { } table) return table;
            if (_budget.IsSpent || double.IsNaN(failed)) return null;
            if (degree < _maxDegree) degree++;
            else if (bits < MaxBits) bits++;
            else if (own.Count < MaxAnchors) own = [.. own.Append(anchors.At(failed)).OrderBy(anchor => anchor.Source)];
            else return null;
        }
    }

    private int Guess()
    {
        double size = _target.Deviations.Max();
        int degree = MinDegree;
        while (degree < _maxDegree && size * Power(1.0 / 7, degree + 1) * Power(0.5, degree - 1) > Allowed) degree++;
        return degree;
    }

    // Rounding takes most of an accuracy that single precision can just reach.
    private double Allowed => (precision == Precision.Single ? 0.1 : 0.4) * accuracy;

    private LineTable? TryBuild(List<LineAnchor> anchors, int degree, int bits, out double failed)
    {
        double centre = 0.5 * (_target.Means.Min() + _target.Means.Max());
        double extent = _target.Means.Zip(_target.Deviations, (mean, deviation) => Math.Abs(mean - centre) + Usual * deviation).Max();
        double low = Rounded(_source.Means.Zip(_source.Deviations, (mean, deviation) => mean - Reach * deviation).Min());
        double high = Rounded(_source.Means.Zip(_source.Deviations, (mean, deviation) => mean + Reach * deviation).Max());
        int count = anchors.Count;
        double[] borders = [.. Enumerable.Range(1, count - 1).Select(k => Rounded(0.5 * (anchors[k - 1].Source + anchors[k].Source)))];
        double[] heads = [.. anchors.Select(anchor => Rounded(anchor.Source))];
        double[] rests = [.. anchors.Select((anchor, k) => Rounded(anchor.Source - heads[k]))];
        double[] offsets = [.. anchors.Select(Offset)];
        int[] firsts = new int[2 * count];
        double[] guards = new double[count];
        var coefficients = new List<double>();
        double error = 0, undecided = 0;
        failed = 0;
        for (int k = 0; k < count; k++)
        {
            for (int side = 0; side < 2; side++)
            {
                bool isOuter = side == 0 ? k == count - 1 : k == 0;
                LineComponents source = _source.From(anchors[k].Source), target = _target.From(anchors[k].Target);
                var map = side == 0 ? new HalfMap(source, target, isOuter, _budget)
                    : new HalfMap(source.Mirrored(), target.Mirrored(), isOuter, _budget);
                double usual = Farthest(source, side == 0 ? 1 : -1, Usual + 2);
                double end = Math.Abs((side == 0 ? (isOuter ? high : borders[k]) : (isOuter ? low : borders[k - 1])) - anchors[k].Source);
                var pieces = new LineSide(map, anchors[k], degree, bits, offsets[k], end, _unit, rests[k] == 0 ? 2 : Math.Abs(rests[k]) < offsets[k] ? 3 : 4);
                if (pieces.Build(Allowed, accuracy, Nearest(anchors[k]), usual, centre, extent, side == 1) is { } stop)
                {
                    failed = stop;
                    return null;
                }
                if (isOuter && side == 0) high = Rounded(anchors[k].Source + pieces.End);
                else if (isOuter) low = Rounded(anchors[k].Source - pieces.End);
                firsts[2 * k + side] = coefficients.Count / (degree + 2) - pieces.FirstKey;
                coefficients.AddRange(pieces.Coefficients);
                guards[k] = Math.Max(guards[k], pieces.Guard);
                (error, undecided) = (Math.Max(error, pieces.Error), undecided + pieces.Undecided);
            }
        }
        double slope = LineTails.Slope(_source, _target);
        double tail = Math.Max(
            LineTails.Error(_source, _target, Math.Abs(high)), LineTails.Error(_source.Mirrored(), _target.Mirrored(), Math.Abs(low)));
        double reach = _source.Means.Zip(_source.Deviations, (mean, deviation) => Math.Min(high - mean, mean - low) / deviation).Min();
        // Beyond the reach, the slope and a product are rounded too.
        return new LineTable
        {
            Precision = precision,
            Degree = degree,
            Bits = bits,
            Low = low,
            High = high,
            Slope = Rounded(slope),
            Borders = borders,
            Anchors = heads,
            Rests = rests,
            Offsets = offsets,
            Firsts = firsts,
            Guards = guards,
            Coefficients = [.. coefficients],
            PieceCount = coefficients.Count / (degree + 2),
            Error = error,
            Centre = centre,
            Extent = extent,
            TailError = error + tail + 8 * _unit * (extent + Math.Abs(centre)),
            Undecided = undecided,
            Reach = reach,
        };
    }

    /// <summary>The distance from the anchor of the farthest point within some standard deviations of a component.</summary>
    private static double Farthest(LineComponents law, double sign, double deviations)
        => law.Means.Zip(law.Deviations, (mean, deviation) => sign * (mean - law.Anchor) + deviations * deviation).Max();

    /// <summary>u_0: a power of two, so that pieces begin with it.</summary>
    private double Offset(LineAnchor anchor)
    {
        double size = Math.Max(Math.Max(0.5 * anchor.Scale, anchor.Uncertainty), 1e-18 * _source.Deviations.Max());
        return BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(size) & 0x7FF0000000000000);
    }

    /// <summary>A distance from the anchor that no number of the precision is nearer to.</summary>
    private double Nearest(LineAnchor anchor) => Math.Max(0, 0.999 * Math.Abs(Rounded(anchor.Source) - anchor.Source) - anchor.Uncertainty);

    private double Rounded(double value) => precision == Precision.Single ? (float)value : value;

    private static double Power(double value, int exponent)
    {
        double power = 1;
        for (int i = 0; i < exponent; i++) power *= value;
        return power;
    }
}
