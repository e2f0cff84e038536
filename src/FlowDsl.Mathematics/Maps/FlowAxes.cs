using FlowDsl.Mathematics.Structure;

namespace FlowDsl.Mathematics.Maps;

/// <summary>Axes along which a mixture's probability flow splits into flows on a line.</summary>
/// <remarks>The given coordinates if they are independent of each other; else the axes of the means' span, if the coordinates along these are.</remarks>
internal sealed class FlowAxes
{
    // Along given coordinates all are mapped; along the axes of a span few are, and the rest is one factor.
    private const int MaxDirectDimension = 8;

    private FlowAxes(MeansSpan? span, Mixture[] marginals)
    {
        (Span, Marginals) = (span, marginals);
        var lines = new List<Mixture>();
        LineOf = new int[marginals.Length];
        for (int j = 0; j < marginals.Length; j++)
        {
            Mixture own = marginals[j];
            int known = lines.FindIndex(line => IsSame(line, own));
            if (known < 0 && own.Count > 1) lines.Add(own);
            LineOf[j] = own.Count == 1 ? -1 : known < 0 ? lines.Count - 1 : known;
        }
        Lines = [.. lines];
    }

    /// <summary>The span whose axes these are; null for the given coordinates.</summary>
    public MeansSpan? Span { get; }

    /// <summary>The mixture along each axis.</summary>
    public Mixture[] Marginals { get; }

    /// <summary>The different mixtures of several components among them.</summary>
    public Mixture[] Lines { get; }

    /// <summary>For each axis its index among <see cref="Lines"/>; -1 where its flow is that of one Gaussian.</summary>
    public int[] LineOf { get; }

    /// <summary>The axes of a mixture; null where its flow does not split.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="reason">Receives why not.</param>
    public static FlowAxes? Find(Mixture mixture, out string reason)
    {
        reason = "";
        MeansSpan? span = MeansSpan.Find(mixture);
        bool isSmallSpan = span is { IsWhole: false } && mixture.Dimension > MaxDirectDimension;
        MixtureBlock[] blocks = IndependentBlocks.Split(mixture);
        bool areLines = blocks.All(block => block.Coordinates.Length == 1);
        if (areLines && !isSmallSpan) return new FlowAxes(null, [.. blocks.Select(block => block.Marginal)]);
        MixtureBlock[] spanned = span is null ? [] : IndependentBlocks.Split(span.Reduced);
        if (span is not null && spanned.All(block => block.Coordinates.Length == 1)) return new FlowAxes(span, [.. spanned.Select(block => block.Marginal)]);
        if (areLines) return new FlowAxes(null, [.. blocks.Select(block => block.Marginal)]);

        int[] largest = blocks.OrderByDescending(block => block.Coordinates.Length).First().Coordinates;
        string coordinates = $"coordinates {string.Join(", ", largest.Take(6))}{(largest.Length > 6 ? ", …" : "")} depend on each other";
        reason = span is null
            ? $"its {coordinates}, and its components do not share one isotropic covariance, which alone would allow other axes"
            : $"its {coordinates}, and so do the coordinates along the {span.Axes.Length} axes of its means' span; a grid of means along the axes, "
                + "with products of weights, or means on one straight line would split";
        return null;
    }

    private static bool IsSame(Mixture left, Mixture right)
        => left.Count == right.Count && left.Weights.SequenceEqual(right.Weights) && left.Means.Zip(right.Means, (a, b) => a[0] == b[0]).All(same => same)
            && left.Covariances.Zip(right.Covariances, (a, b) => a.MinVariance == b.MinVariance).All(same => same);
}
