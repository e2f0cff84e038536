namespace FlowDsl.Benchmarks;

/// <summary>Where to divide the flow so that its segments have the fewest boxes together: the shortest paths through all segments that there may be.</summary>
internal sealed class BoxPlan
{
    // A coarse look at each segment is enough to compare them.
    private const double Allowed = 4e-6;
    private const int Most = 4000;

    private readonly double[,] _boxes;
    private readonly int _end;

    /// <summary>Counts the boxes of all segments.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="size">The mean square of its ends.</param>
    public BoxPlan(BoxFlow flow, double size)
    {
        _end = flow.End;
        _boxes = new double[_end, _end + 1];
        for (int from = 0; from < _end; from++)
        {
            bool isEnough = true;
            for (int to = from + 1; to <= _end; to++)
            {
                var tree = new BoxTree(flow, from, to, BoxRule.All[0]);
                // A longer segment takes more.
                isEnough = isEnough && tree.Refine(Allowed * size, Most);
                _boxes[from, to] = isEnough ? tree.Leaves(Allowed * size).Count() : double.PositiveInfinity;
            }
        }
    }

    /// <summary>
    /// The indices of the times at which a number of segments begin and end, the first and the last included; null if one takes too many boxes.
    /// </summary>
    public int[]? Divide(int segments)
    {
        if (segments == 1) return [0, _end];
        var paths = new Dictionary<int, (double Boxes, int[] Path)> { [0] = (0, [0]) };
        for (int segment = 0; segment < segments; segment++)
        {
            paths = (
                from path in paths
                from to in Enumerable.Range(path.Key + 1, _end - path.Key)
                let longer = (Boxes: path.Value.Boxes + _boxes[path.Key, to], Path: (int[])[.. path.Value.Path, to])
                where double.IsFinite(longer.Boxes)
                group longer by to).ToDictionary(group => group.Key, group => group.MinBy(path => path.Boxes));
        }
        return paths.TryGetValue(_end, out var shortest) ? shortest.Path : null;
    }
}
