namespace FlowDsl.Benchmarks;

/// <summary>A square of a tree and its interpolant.</summary>
/// <param name="level">How often the domain was halved.</param>
/// <param name="i">Its column.</param>
/// <param name="j">Its row.</param>
internal sealed class Box(int level, int i, int j)
{
    public int Level => level;

    public int I => i;

    public int J => j;

    /// <summary>The first of its four parts; negative where there are none.</summary>
    public int FirstChild { get; set; } = -1;

    /// <summary>What it adds to the mean squared error at the end of the whole flow.</summary>
    public double Error { get; private set; }

    public float[] Coefficients { get; private set; } = [];

    // So large that its points may miss a mode.
    private bool _isCoarse;

    public bool MustDivide(double allowed) => _isCoarse || Error > allowed;

    /// <summary>Interpolates the flow and sees how well.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="starts">The rule's points in the box.</param>
    /// <param name="images">Their images at the segment's end.</param>
    /// <param name="ends">Where the flow ends from the images of the points of comparison.</param>
    public void Fit(BoxTree tree, ReadOnlySpan<double> starts, ReadOnlySpan<double> images, ReadOnlySpan<double> ends)
    {
        BoxRule rule = tree.Rule;
        Coefficients = new float[rule.Length];
        rule.Fit(images, Coefficients);
        int count = rule.Points.Length, nodes = rule.NodeCount;
        (double density, double squares) = (0, 0);
        for (int p = 0; p < count; p++)
        {
            density += Math.Exp(tree.Flow.Model.LogDensity(tree.Flow.Times[tree.From], starts.Slice(2 * p, 2))) / count;
            if (p < nodes) continue;
            (double x, double y) = rule.At(Coefficients, rule.Points[p].U, rule.Points[p].V);
            squares += ((x - images[2 * p]) * (x - images[2 * p]) + (y - images[2 * p + 1]) * (y - images[2 * p + 1])) / (count - nodes);
        }
        double side = tree.Domain.Side(this);
        Error = density * side * side * Downstream.Of(images[(2 * nodes)..], ends).Square(squares);
        _isCoarse = tree.Domain.IsCoarse(this);
    }
}
