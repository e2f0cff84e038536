namespace FlowDsl.Benchmarks;

/// <summary>The map of a segment over squares, each divided in four where its interpolant would add too much to the samples' error.</summary>
internal sealed class BoxTree
{
    private const int LastLevel = 18;

    private readonly List<Box> _boxes = [new(0, 0, 0)];

    /// <summary>Begins with one box.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="from">The index of the time at which the segment begins.</param>
    /// <param name="to">The index of the time at which it ends.</param>
    /// <param name="rule">The interpolation.</param>
    public BoxTree(BoxFlow flow, int from, int to, BoxRule rule)
    {
        (Flow, From, To, Rule) = (flow, from, to, rule);
        (Domain, Image) = (new BoxDomain(flow.Model, flow.Times[from]), new BoxDomain(flow.Model, flow.Times[to]));
        Fit([0]);
    }

    public BoxFlow Flow { get; }

    public int From { get; }

    public int To { get; }

    public BoxRule Rule { get; }

    public BoxDomain Domain { get; }

    /// <summary>The square that holds the samples at the segment's end.</summary>
    public BoxDomain Image { get; }

    /// <summary>All boxes so far, the divided ones included: what it took to find the others.</summary>
    public int Tried => _boxes.Count;

    /// <summary>Divides until no box adds more than allowed.</summary>
    /// <param name="allowed">What a box may add to the mean squared error at the end of the whole flow.</param>
    /// <param name="most">Before it tries more boxes it gives up.</param>
    /// <returns>Whether there were boxes enough.</returns>
    public bool Refine(double allowed, int most)
    {
        int[] open = [.. Enumerable.Range(0, Tried)];
        while (true)
        {
            open = [.. open.Where(i => _boxes[i].FirstChild < 0 && _boxes[i].MustDivide(allowed) && _boxes[i].Level < LastLevel)];
            if (open.Length == 0) return true;
            if (Tried + 4 * open.Length > most) return false;
            open = [.. open.SelectMany(Divide)];
            Fit(open);
        }
    }

    /// <summary>The boxes that remain if only those are divided that add more than allowed.</summary>
    public IEnumerable<Box> Leaves(double allowed)
    {
        var open = new Stack<Box>([_boxes[0]]);
        while (open.TryPop(out Box? box))
        {
            if (box.FirstChild < 0 || !box.MustDivide(allowed)) yield return box;
            else for (int child = 0; child < 4; child++) open.Push(_boxes[box.FirstChild + child]);
        }
    }

    private IEnumerable<int> Divide(int i)
    {
        Box box = _boxes[i];
        box.FirstChild = Tried;
        for (int child = 0; child < 4; child++) _boxes.Add(new Box(box.Level + 1, 2 * box.I + child % 2, 2 * box.J + child / 2));
        return Enumerable.Range(box.FirstChild, 4);
    }

    private void Fit(int[] boxes)
    {
        (double U, double V)[] points = Rule.Points;
        int length = 2 * points.Length, nodes = 2 * Rule.NodeCount;
        double[] starts = new double[boxes.Length * length];
        for (int b = 0; b < boxes.Length; b++)
            for (int p = 0; p < points.Length; p++)
                (starts[b * length + 2 * p], starts[b * length + 2 * p + 1]) = Domain.At(_boxes[boxes[b]], points[p]);
        double[] images = [.. starts];
        Flow.Map(From, To, images);
        // What the rest of the flow makes of errors is asked at the points of comparison alone.
        double[] ends = [.. Enumerable.Range(0, boxes.Length).SelectMany(b => images[(b * length + nodes)..((b + 1) * length)])];
        Flow.Map(To, Flow.End, ends);
        Parallel.For(0, boxes.Length, b => _boxes[boxes[b]].Fit(
            this, starts.AsSpan(b * length, length), images.AsSpan(b * length, length), ends.AsSpan(b * (length - nodes), length - nodes)));
    }
}
