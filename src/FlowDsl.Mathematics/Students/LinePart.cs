using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Students;

/// <summary>The flow map of a mixture on the line: the increasing map from one law to the other.</summary>
/// <remarks>
/// The line is cut into cells. By Jensen's inequality E|f - g|² is at least the sum over the cells of their mass times the square of the difference of the
/// means of f and g over them, and the means of f over two cells differ by at most its Lipschitz constant times the difference of their means of x.
/// So the best fit of the cells' means bounds E|f - g|² from below, however wide the cells. g maps one law to the other, so all means have closed forms.
/// </remarks>
internal sealed class LinePart : IMapPart
{
    // Cells: the slope varies by at most e^0.1 in each, so they narrow towards steep places in proportion to the distance, with at most 1/256 of the
    // mass each.
    private const double LogSlopeStep = 0.1, MaxMass = 1.0 / 256;

    // Cells with less mass are not split: they change a bound by at most this share of the squared size of the data.
    private const double NegligibleMass = 1e-6;

    private const int UniformNodes = 128, NodesBetweenMeans = 16;
    private const double Reach = 9;

    private readonly LineLaw _source, _target;
    private readonly double[] _x, _y, _masses;

    /// <summary>Maps one law to another.</summary>
    /// <param name="mixture">A mixture of one dimension.</param>
    /// <param name="from">The process at the start.</param>
    /// <param name="to">The process at the end.</param>
    public LinePart(Mixture mixture, ProcessPoint from, ProcessPoint to)
    {
        (_source, _target) = (new LineLaw(mixture, from), new LineLaw(mixture, to));
        List<Node> nodes = Nodes();
        Lipschitz = Steepest(nodes);

        List<double> x = [], y = [], masses = [];
        for (int i = 0; i <= nodes.Count; i++)
        {
            Node first = i == 0 ? new(double.NegativeInfinity, double.NegativeInfinity, 0, 0) : nodes[i - 1];
            Node last = i == nodes.Count ? new(double.PositiveInfinity, double.PositiveInfinity, 0, 1) : nodes[i];
            (double mass, double moment) = _source.Between(first.X, last.X);
            if (!(mass > 1e-300)) continue;
            // Means lie within the cell; quotients with little mass may miss it.
            x.Add(Math.Min(Math.Max(moment / mass, first.X), last.X));
            y.Add(Math.Min(Math.Max(_target.Between(first.Y, last.Y).Moment / mass, first.Y), last.Y));
            masses.Add(mass);
        }
        (_x, _y, _masses) = ([.. x], [.. y], [.. masses]);
    }

    /// <summary>sup p_from(x)/p_to(g(x)), infinite beyond the range of double.</summary>
    public double Lipschitz { get; }

    /// <inheritdoc/>
    public double Floor(double slope) => BoundedSlopeFit.Residual(_x, _y, _masses, slope);

    private List<Node> Nodes()
    {
        (double low, double high) = _source.Range(Reach);
        var starts = new List<Node>();
        for (int i = 0; i <= UniformNodes; i++) starts.Add(At(low + (high - low) * i / UniformNodes, double.NegativeInfinity, double.PositiveInfinity));
        // Steep places map almost nothing to everything between two modes.
        for (int k = 1; k < _target.Means.Count; k++)
        {
            double first = _target.Means[k - 1], last = _target.Means[k];
            for (int i = 0; i <= NodesBetweenMeans && first < last; i++)
                starts.Add(Onto(first + (last - first) * i / NodesBetweenMeans, double.NegativeInfinity, double.PositiveInfinity));
        }
        starts = [.. starts.OrderBy(node => node.X).ThenBy(node => node.Y)];
        List<Node> nodes = [starts[0]];
        foreach (Node next in starts.Skip(1)) Refine(nodes, next);
        return nodes;
    }

    /// <summary>Adds nodes between the last one and the next.</summary>
    private void Refine(List<Node> nodes, Node next)
    {
        Node last = nodes[nodes.Count - 1];
        double middle = 0.5 * (last.X + next.X), mass = next.Below - last.Below;
        if (mass > NegligibleMass && middle > last.X && middle < next.X)
        {
            Node between = At(middle, last.Y, next.Y);
            if (mass > MaxMass || Math.Abs(between.LogSlope - last.LogSlope) > LogSlopeStep || Math.Abs(between.LogSlope - next.LogSlope) > LogSlopeStep)
            {
                Refine(nodes, between);
                Refine(nodes, next);
                return;
            }
        }
        if (next.X > last.X || next.Y > last.Y) nodes.Add(next);
    }

    /// <summary>
    /// The largest slope, by golden-section search around the steep nodes; the tails, where only the widest component counts, have their limit.
    /// </summary>
    private double Steepest(List<Node> nodes)
    {
        double greatest = nodes.Max(node => node.LogSlope), threshold = greatest - 1;
        for (int i = 1; i + 1 < nodes.Count; i++)
        {
            double slope = nodes[i].LogSlope, before = slope - nodes[i - 1].LogSlope, after = slope - nodes[i + 1].LogSlope;
            // A node is not refined if its neighbours are equally steep to this many digits.
            if (slope < threshold || before < 0 || after < 0 || Math.Max(before, after) < 1e-8) continue;
            greatest = Math.Max(greatest, Peak(nodes[i - 1], nodes[i + 1]));
        }
        return Math.Max(PortableMath.Exp(greatest), _target.MaxDeviation / _source.MaxDeviation);
    }

    // By the values, not the positions: a steep place is wide in them.
    private double Peak(Node first, Node last)
    {
        const double Golden = 0.6180339887498949;
        double low = first.Y, high = last.Y;
        double left = high - Golden * (high - low), right = low + Golden * (high - low), leftSlope = Slope(left), rightSlope = Slope(right);
        for (int i = 0; i < 40; i++)
        {
            if (leftSlope > rightSlope)
            {
                (high, right, rightSlope) = (right, left, leftSlope);
                leftSlope = Slope(left = high - Golden * (high - low));
            }
            else
            {
                (low, left, leftSlope) = (left, right, rightSlope);
                rightSlope = Slope(right = low + Golden * (high - low));
            }
        }
        return Math.Max(leftSlope, rightSlope);

        double Slope(double y) => Onto(y, first.X, last.X).LogSlope;
    }

    private Node At(double x, double low, double high)
    {
        (int split, double value, double below) = _source.Locate(x);
        double y = _target.Solve(split, value, low, high);
        return new(x, y, _source.LogDensity(x) - _target.LogDensity(y), below);
    }

    private Node Onto(double y, double low, double high)
    {
        (int split, double value, double below) = _target.Locate(y);
        double x = _source.Solve(split, value, low, high);
        return new(x, y, _source.LogDensity(x) - _target.LogDensity(y), below);
    }

    /// <summary>A point, its image, the logarithm of the slope and the mass below.</summary>
    private readonly record struct Node(double X, double Y, double LogSlope, double Below);
}
