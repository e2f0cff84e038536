namespace FlowDsl.Mathematics.Maps;

/// <summary>The exact map of a mixture on the line, point by point: what tables stand for.</summary>
internal sealed class LineExact
{
    private readonly LineAnchor[] _anchors;
    private readonly HalfMap[] _above, _below;

    /// <summary>Prepares the map between two times.</summary>
    public LineExact(Mixture mixture, ProcessPoint from, ProcessPoint to)
    {
        _anchors = [.. new LineAnchors(mixture, from, to, 0).Valleys()];
        LineComponents source = LineComponents.At(mixture, from), target = LineComponents.At(mixture, to);
        _above = [.. _anchors.Select((own, k) => new HalfMap(source.From(own.Source), target.From(own.Target), k == _anchors.Length - 1))];
        _below = [.. _anchors.Select((own, k) => new HalfMap(source.From(own.Source).Mirrored(), target.From(own.Target).Mirrored(), k == 0))];
    }

    /// <summary>The image of a point.</summary>
    /// <param name="x">The point.</param>
    /// <param name="guess">A guess of the image.</param>
    public double At(double x, double guess)
    {
        int nearest = 0;
        for (int k = 1; k < _anchors.Length; k++)
            if (Math.Abs(x - _anchors[k].Source) < Math.Abs(x - _anchors[nearest].Source)) nearest = k;
        LineAnchor own = _anchors[nearest];
        double distance = x - own.Source;
        return distance >= 0
            ? own.Target + _above[nearest].At(distance, guess - own.Target).Image
            : own.Target - _below[nearest].At(-distance, own.Target - guess).Image;
    }
}
