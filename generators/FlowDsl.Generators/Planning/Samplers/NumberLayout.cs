namespace FlowDsl.Generators.Planning.Samplers;

/// <summary>The table that the methods of a kernel read their numbers from: one row for each method, one after the other.</summary>
internal sealed class NumberLayout
{
    private readonly MethodGroups _groups;
    private readonly List<(MethodPlan Method, double[] Numbers)> _rows = [];
    private readonly Dictionary<MethodPlan, (int First, int Count)> _places = [];

    /// <param name="methods">The methods of the kernel, in order.</param>
    /// <param name="groups">The bodies that they share.</param>
    public NumberLayout(IEnumerable<MethodPlan> methods, MethodGroups groups)
    {
        _groups = groups;
        int next = 0;
        foreach (MethodPlan method in methods)
        {
            if (groups.Find(method) is not var (group, numbers) || !group.Owner.IsTabled) continue;
            _rows.Add((method, numbers));
            _places[method] = (next, numbers.Length);
            next += numbers.Length;
        }
    }

    /// <summary>The rows, in order.</summary>
    public IReadOnlyList<(MethodPlan Method, double[] Numbers)> Rows => _rows;

    /// <summary>Where a method's numbers are; null where it has them as constants.</summary>
    public (int First, int Count)? Find(MethodPlan method) => _places.TryGetValue(method, out var place) ? place : null;

    /// <summary>How many segments from the first on run the same bodies, one row for each of their methods.</summary>
    public int AlikeFrom(MethodPlan[][] segments, int first)
    {
        int count = 1;
        while (first + count < segments.Length && AreAlike(segments[first], segments[first + count])) count++;
        return count;
    }

    /// <summary>Where the numbers of a method begin in segments that are alike: the origin plus the period times the segment.</summary>
    public (int Origin, int Period) Find(MethodPlan[][] segments, int first, int method)
    {
        int own = _places[segments[first][method]].First, period = _places[segments[first + 1][method]].First - own;
        return (own - first * period, period);
    }

    private bool AreAlike(MethodPlan[] segment, MethodPlan[] other)
        => segment.Length == other.Length && segment.Zip(other, (own, theirs) => Find(own) is not null && Find(theirs) is not null
            && _groups.Find(own)!.Value.Group == _groups.Find(theirs)!.Value.Group).All(isAlike => isAlike);
}
