namespace FlowDsl.Mathematics.Trajectories;

/// <summary>
/// Points of the law at the horizon with weights, dense near the borders: where the flow to one component ends and that to another begins. There few
/// samples make most of a sampler's error, because they end in another mode, and among equally likely points they are rare or missing.
/// </summary>
/// <remarks>
/// Stratified sampling on lines. Through each of n points runs a line that is cut into cells of equal probability. Where a border crosses the cell of the
/// point, halving finds it, and one random point in each of several strata takes the place of the point, with the stratum's share of the cell as its weight;
/// the strata shrink towards the border. Cells and strata do not depend on where in its cell the point lies, so averages are unbiased whatever is found.
/// </remarks>
internal sealed class BorderPoints
{
    private const int Cells = 8;

    // Each stratum on the way to a border has a quarter of the width that is left, which takes two halvings.
    private const int Levels = 8;
    private const double Ratio = 0.25;

    // Borders may be a little off: coarser trajectories than those that errors are measured on find them.
    private const int Intervals = 16;

    // The outermost cells reach to infinity; their borders are looked for from here on, in units of a cell.
    private const double Tail = 1.0 / 16;

    private BorderPoints(double[][] points, double[] weights) => (Points, Weights) = (points, weights);

    /// <summary>The points.</summary>
    public double[][] Points { get; }

    /// <summary>Their weights, whose sum is 1.</summary>
    public double[] Weights { get; }

    /// <summary>What it costs to draw points from half as many lines and to follow them, in trajectories per point.</summary>
    /// <param name="intervals">The steps of a trajectory.</param>
    public static double Cost(int intervals)
    {
        // Both ends of each line's cell, and the halvings for as many points as a border has.
        const double scouts = 1 + 2.0 * Levels / (2 * Levels + 1);
        return 1 + scouts * Intervals / intervals;
    }

    /// <summary>Draws points.</summary>
    /// <param name="model">The model.</param>
    /// <param name="lines">Points of the law with their lines.</param>
    /// <param name="most">About how many points there may be: where there would be more, every second line or fewer are used.</param>
    public static BorderPoints Draw(PilotModel model, PriorLine[] lines, int most)
    {
        var scout = new Scout(model);
        Cell[] cells = [.. lines.Select(line => new Cell(line))];
        scout.Visit(cells, cell => cell.From, (cell, owner) => cell.First = owner);
        scout.Visit(cells, cell => cell.To, (cell, owner) => cell.Last = owner);
        int total = cells.Sum(cell => cell.Strata), stride = (total + most - 1) / most;
        if (stride > 1) cells = [.. cells.Where((_, i) => i % stride == 0)];
        Cell[] crossed = [.. cells.Where(cell => cell.IsCrossed)];
        for (int halving = 0; halving < 2 * Levels; halving++) scout.Visit(crossed, cell => cell.Middle, (cell, owner) => cell.Halve(owner));
        (double[] Point, double Share)[] points = [.. cells.SelectMany(cell => cell.Draw())];
        return new BorderPoints([.. points.Select(one => one.Point)], [.. points.Select(one => one.Share / cells.Length)]);
    }

    /// <summary>The part of a line in which its point lies.</summary>
    private sealed class Cell
    {
        private readonly PriorLine _line;
        private readonly double _low, _high;

        public Cell(PriorLine line)
        {
            _line = line;
            _low = Math.Floor(line.Place * Cells) / Cells;
            _high = _low + 1.0 / Cells;
            (From, To) = (Math.Max(_low, Tail / Cells), Math.Min(_high, 1 - Tail / Cells));
        }

        /// <summary>The places between which there is a border, if the owners of their ends differ.</summary>
        public double From { get; private set; }

        public double To { get; private set; }

        public double Middle => 0.5 * (From + To);

        public int First { get; set; }

        public int Last { get; set; }

        public bool IsCrossed => First != Last;

        public int Strata => IsCrossed ? 2 * Levels + 1 : 1;

        public double[] Point(double place) => _line.Point(place);

        public void Halve(int owner)
        {
            if (owner == First) From = Middle;
            else To = Middle;
        }

        /// <summary>One point of each stratum, and its share of the cell.</summary>
        public IEnumerable<(double[] Point, double Share)> Draw()
        {
            if (!IsCrossed)
            {
                yield return (_line.Point(), 1);
                yield break;
            }
            double[] bounds = Bounds();
            for (int i = 0; i + 1 < bounds.Length; i++)
                yield return (_line.Point(_line.Between(bounds[i], bounds[i + 1], i)), (bounds[i + 1] - bounds[i]) * Cells);
        }

        private double[] Bounds()
        {
            double[] before = new double[Levels], after = new double[Levels];
            double share = 1;
            for (int level = 0; level < Levels; level++, share *= Ratio)
                (before[level], after[Levels - 1 - level]) = (From - share * (From - _low), To + share * (_high - To));
            return [.. before, From, To, .. after];
        }
    }

    /// <summary>Finds which components points end in.</summary>
    private sealed class Scout(PilotModel model)
    {
        private readonly PilotFlow _flow = new(model, PilotTimes.Create(model.Mixture, model.Process, Intervals));
        private readonly ComponentOwners _owners = new(model.Mixture, model.Process.At(model.Process.EarlyStop));

        public void Visit(Cell[] cells, Func<Cell, double> place, Action<Cell, int> report)
        {
            if (cells.Length == 0) return;
            int[] owners = _owners.Of(_flow.Ends(Batch.Of([.. cells.Select(cell => cell.Point(place(cell)))])));
            for (int i = 0; i < cells.Length; i++) report(cells[i], owners[i]);
        }
    }
}
