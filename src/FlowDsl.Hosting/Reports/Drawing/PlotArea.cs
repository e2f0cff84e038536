namespace FlowDsl.Hosting.Reports.Drawing;

/// <summary>A rectangle with two axes.</summary>
/// <param name="Canvas">Where it is drawn.</param>
/// <param name="X">The horizontal axis, from left to right.</param>
/// <param name="Y">The vertical axis, from the bottom up.</param>
internal sealed record PlotArea(Canvas Canvas, Scale X, Scale Y)
{
    private const double Mark = 4, SmallMark = 2.5;

    /// <summary>The left end.</summary>
    public double Left => X.Start;

    /// <summary>The right end.</summary>
    public double Right => X.End;

    /// <summary>The upper end.</summary>
    public double Top => Y.End;

    /// <summary>The lower end.</summary>
    public double Bottom => Y.Start;

    /// <summary>The horizontal axis: marks, labels, and a title below the labels.</summary>
    public PlotArea Below(IEnumerable<Tick> ticks, string title = "", bool hasGrid = false)
    {
        foreach (Tick tick in ticks)
        {
            double x = X[tick.Value];
            if (hasGrid && tick.Label.Length > 0) Canvas.Line("grid", x, Top, x, Bottom);
            Canvas.Line("mark", x, Bottom, x, Bottom + (tick.Label.Length > 0 ? Mark : SmallMark));
            if (tick.Label.Length > 0) Canvas.Words("tick", x, Bottom + 18, tick.Label, "middle");
        }
        Canvas.Line("rule", Left, Bottom, Right, Bottom);
        if (title.Length > 0) Canvas.Words("axis", 0.5 * (Left + Right), Bottom + 38, title, "middle");
        return this;
    }

    /// <summary>The vertical axis: marks and labels to the left, and the title above, where it can be read without turning one's head.</summary>
    public PlotArea Beside(IEnumerable<Tick> ticks, string title = "", bool hasGrid = false)
    {
        foreach (Tick tick in ticks)
        {
            double y = Y[tick.Value];
            if (hasGrid && tick.Label.Length > 0) Canvas.Line("grid", Left, y, Right, y);
            Canvas.Line("mark", Left - (tick.Label.Length > 0 ? Mark : SmallMark), y, Left, y);
            if (tick.Label.Length > 0) Canvas.Words("tick", Left - 8, y + 4, tick.Label, "end");
        }
        Canvas.Line("rule", Left, Top, Left, Bottom);
        if (title.Length > 0) Canvas.Words("axis", Left - 46, Top - 12, title);
        return this;
    }
}
