using System.Text;

namespace FlowDsl.Hosting.Reports.Drawing;

/// <summary>The border of the region where a function on a grid of lines is above a level, by marching squares.</summary>
internal static class Contours
{
    // Beyond the grid the function is below every level, so that all borders are closed.
    private const double Outside = -1e9;

    /// <summary>The closed borders. The region is on the left of each, seen along it with y upwards; so holes run the other way.</summary>
    /// <param name="x">Increasing lines.</param>
    /// <param name="y">Increasing lines.</param>
    /// <param name="values">x.Count × y.Count values; that of line i of x and line j of y is at i·y.Count + j.</param>
    /// <param name="level">The level.</param>
    public static List<(double X, double Y)[]> Trace(IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<double> values, double level)
    {
        // One line more on each side, of no distance to the border.
        int columns = x.Count + 2, rows = y.Count + 2;
        // Edges have numbers: 2·node is the one to the right of a node, 2·node + 1 the one above it. The border leaves each edge once.
        Dictionary<int, int> next = [];
        for (int i = 0; i + 1 < columns; i++)
        {
            for (int j = 0; j + 1 < rows; j++)
            {
                double a = At(i, j), b = At(i + 1, j), c = At(i + 1, j + 1), d = At(i, j + 1);
                int below = 2 * (i * rows + j), left = below + 1, right = 2 * ((i + 1) * rows + j) + 1, above = 2 * (i * rows + j + 1);
                int shape = (a > level ? 1 : 0) | (b > level ? 2 : 0) | (c > level ? 4 : 0) | (d > level ? 8 : 0);
                switch (shape)
                {
                    case 1: next[below] = left; break;
                    case 2: next[right] = below; break;
                    case 3: next[right] = left; break;
                    case 4: next[above] = right; break;
                    case 6: next[above] = below; break;
                    case 7: next[above] = left; break;
                    case 8: next[left] = above; break;
                    case 9: next[below] = above; break;
                    case 11: next[right] = above; break;
                    case 12: next[left] = right; break;
                    case 13: next[below] = right; break;
                    case 14: next[left] = below; break;
                    // Two opposite corners: whether they belong together, the middle decides.
                    case 5 when a + b + c + d > 4 * level: (next[below], next[above]) = (right, left); break;
                    case 5: (next[below], next[above]) = (left, right); break;
                    case 10 when a + b + c + d > 4 * level: (next[right], next[left]) = (above, below); break;
                    case 10: (next[right], next[left]) = (below, above); break;
                    default: break;
                }
            }
        }

        List<(double, double)[]> borders = [];
        while (next.Count > 0)
        {
            List<(double, double)> border = [];
            int first = next.First().Key, edge = first;
            do
            {
                border.Add(Crossing(edge));
                next.Remove(edge, out edge);
            }
            while (edge != first);
            borders.Add([.. border]);
        }
        return borders;

        double At(int i, int j)
            => i == 0 || j == 0 || i == columns - 1 || j == rows - 1 ? Outside : Math.Max(Outside, values[(i - 1) * y.Count + j - 1]);

        (double, double) Crossing(int edge)
        {
            int node = edge / 2, i = node / rows, j = node % rows;
            bool isUp = edge % 2 == 1;
            double from = At(i, j), to = isUp ? At(i, j + 1) : At(i + 1, j), share = (level - from) / (to - from);
            double x0 = Line(x, i), y0 = Line(y, j);
            return isUp ? (x0, y0 + share * (Line(y, j + 1) - y0)) : (x0 + share * (Line(x, i + 1) - x0), y0);
        }

        static double Line(IReadOnlyList<double> lines, int i) => lines[Math.Clamp(i - 1, 0, lines.Count - 1)];
    }

    /// <summary>Path data of borders.</summary>
    /// <param name="borders">The borders.</param>
    /// <param name="area">The axes.</param>
    public static string Path(IEnumerable<(double X, double Y)[]> borders, PlotArea area)
    {
        var data = new StringBuilder();
        foreach ((double X, double Y)[] border in borders)
        {
            string line = Canvas.Polyline(Thinned([.. border.Select(point => (area.X[point.X], area.Y[point.Y]))]));
            // Less than a tenth of a unit: nothing to see.
            if (line.Contains('L', StringComparison.Ordinal)) data.Append(line).Append('Z');
        }
        return data.ToString();
    }

    /// <summary>Without points that hardly differ from the line between their neighbours.</summary>
    private static IEnumerable<(double X, double Y)> Thinned((double X, double Y)[] points)
    {
        const double tolerance = 0.06;
        (double X, double Y) last = points[0];
        yield return last;
        int from = 0;
        for (int i = 2; i < points.Length; i++)
        {
            bool isStraight = i - from < 12;
            for (int j = from + 1; j < i && isStraight; j++) isStraight = Distance(points[j], last, points[i]) <= tolerance;
            if (isStraight) continue;
            last = points[i - 1];
            from = i - 1;
            yield return last;
        }
        if (points.Length > 1) yield return points[^1];
    }

    private static double Distance((double X, double Y) point, (double X, double Y) from, (double X, double Y) to)
    {
        double dx = to.X - from.X, dy = to.Y - from.Y, length = Math.Sqrt(dx * dx + dy * dy);
        double px = point.X - from.X, py = point.Y - from.Y;
        return length > 0 ? Math.Abs(px * dy - py * dx) / length : Math.Sqrt(px * px + py * py);
    }
}
