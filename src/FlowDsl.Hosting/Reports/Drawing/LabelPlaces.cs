namespace FlowDsl.Hosting.Reports.Drawing;

/// <summary>Finds places for the names of points, so that none covers another.</summary>
/// <param name="area">Where they must stay.</param>
internal sealed class LabelPlaces(PlotArea area)
{
    // Wider than most letters of the larger type of small screens.
    private const double LetterWidth = 8.4, LineHeight = 16, Gap = 11;

    private readonly List<(double Left, double Top, double Right, double Bottom)> _taken = [];

    /// <summary>Keeps names away from a point.</summary>
    public void Block((double X, double Y) point, double radius)
        => _taken.Add((point.X - radius, point.Y - radius, point.X + radius, point.Y + radius));

    /// <summary>The place of a point's name: to its right if there is room, else around it, else a line lower or higher.</summary>
    /// <param name="text">The name.</param>
    /// <param name="point">The point.</param>
    /// <returns>The base line's start, end or middle, as the anchor says.</returns>
    public (double X, double Y, string Anchor) Find(string text, (double X, double Y) point)
    {
        double width = LetterWidth * text.Length;
        foreach (double down in new[] { 0, LineHeight, -LineHeight, 2 * LineHeight, -2 * LineHeight })
        {
            foreach (bool isRight in new[] { true, false })
            {
                double left = isRight ? point.X + Gap : point.X - Gap - width;
                var box = (Left: left, Top: point.Y + down - 0.5 * LineHeight, Right: left + width, Bottom: point.Y + down + 0.5 * LineHeight);
                if (box.Left < area.Left || box.Right > area.Right || box.Top < area.Top - LineHeight || box.Bottom > area.Bottom || IsTaken(box)) continue;
                _taken.Add(box);
                return (isRight ? box.Left : box.Right, point.Y + down + 4, isRight ? "start" : "end");
            }
        }
        return (point.X + Gap, point.Y + 4, "start");
    }

    private bool IsTaken((double Left, double Top, double Right, double Bottom) box)
        => _taken.Any(other => box.Left < other.Right && other.Left < box.Right && box.Top < other.Bottom && other.Top < box.Bottom);
}
