namespace FlowDsl.Mathematics.Structure;

/// <summary>Some coordinates of a mixture and their marginal law.</summary>
/// <param name="Coordinates">The coordinates, ascending.</param>
/// <param name="Marginal">Their mixture.</param>
internal sealed record MixtureBlock(int[] Coordinates, Mixture Marginal);

/// <summary>Splits a mixture into blocks of coordinates that are independent of each other.</summary>
/// <remarks>
/// A mixture is a product if every combination of the blocks' components occurs once, with the product of their weights. All fields of the process
/// then act on each block separately: 25 modes on a grid are 5 along each axis.
/// </remarks>
internal static class IndependentBlocks
{
    // A few roundings of a product of weights.
    private const double WeightTolerance = 1e-14;

    /// <summary>The blocks, ordered by their first coordinates; one block if nothing is independent.</summary>
    /// <param name="mixture">The mixture.</param>
    public static MixtureBlock[] Split(Mixture mixture)
    {
        var blocks = new List<MixtureBlock>();
        int[] rest = [.. Enumerable.Range(0, mixture.Dimension)];
        Mixture remainder = mixture;
        foreach (int[] atom in CorrelatedGroups(mixture))
        {
            if (atom.Length == rest.Length) break;
            int[] inside = [.. atom.Select(coordinate => Array.IndexOf(rest, coordinate))], outside = [.. Enumerable.Range(0, rest.Length).Except(inside)];
            if (Factor(remainder, inside, outside) is not var (block, others)) continue;
            blocks.Add(new MixtureBlock(atom, block));
            (remainder, rest) = (others, [.. outside.Select(index => rest[index])]);
        }
        blocks.Add(new MixtureBlock(rest, remainder));
        return [.. blocks.OrderBy(block => block.Coordinates[0])];
    }

    /// <summary>Coordinates that are correlated in some covariance.</summary>
    private static IEnumerable<int[]> CorrelatedGroups(Mixture mixture)
    {
        int d = mixture.Dimension;
        int[] group = [.. Enumerable.Range(0, d)];
        foreach (Covariance covariance in mixture.Covariances.Distinct())
        {
            if (covariance.Basis is null) continue;
            for (int i = 0; i < d; i++)
                for (int j = 0; j < i; j++)
                    if (covariance.Matrix[i * d + j] != 0 && group[i] != group[j]) Merge(group[i], group[j]);
        }
        return Enumerable.Range(0, d).GroupBy(coordinate => group[coordinate]).Select(coordinates => coordinates.ToArray());

        void Merge(int from, int to)
        {
            for (int i = 0; i < d; i++)
                if (group[i] == from) group[i] = to;
        }
    }

    private static (Mixture Block, Mixture Others)? Factor(Mixture mixture, int[] inside, int[] outside)
    {
        (int[] first, int[] firstOf) = Parts(mixture, inside);
        if (mixture.Count % first.Length != 0) return null;
        // The usual case, decided at once: all components differ here, so none may differ elsewhere.
        if (first.Length == mixture.Count && mixture.Count > 1 && !outside.All(j => mixture.Means[0][j] == mixture.Means[1][j])) return null;
        (int[] second, int[] secondOf) = Parts(mixture, outside);
        if ((long)first.Length * second.Length != mixture.Count) return null;

        double[] firstWeights = new double[first.Length], secondWeights = new double[second.Length];
        var seen = new HashSet<(int, int)>();
        for (int k = 0; k < mixture.Count; k++)
        {
            if (!seen.Add((firstOf[k], secondOf[k]))) return null;
            firstWeights[firstOf[k]] += mixture.Weights[k];
            secondWeights[secondOf[k]] += mixture.Weights[k];
        }
        for (int k = 0; k < mixture.Count; k++)
            if (!(Math.Abs(mixture.Weights[k] - firstWeights[firstOf[k]] * secondWeights[secondOf[k]]) <= WeightTolerance * mixture.Weights[k])) return null;
        return (Marginal(mixture, inside, first, firstWeights), Marginal(mixture, outside, second, secondWeights));
    }

    /// <summary>The first component of each distinct law on some coordinates, and the index of each component's law.</summary>
    private static (int[] Representatives, int[] Indices) Parts(Mixture mixture, int[] coordinates)
    {
        var known = new Dictionary<double[], int>(SequenceComparer.Instance);
        var representatives = new List<int>();
        int[] indices = new int[mixture.Count];
        for (int k = 0; k < indices.Length; k++)
        {
            double[] part = [.. coordinates.Select(j => mixture.Means[k][j]), .. Shape(mixture.Covariances[k], coordinates)];
            if (!known.TryGetValue(part, out indices[k]))
            {
                known.Add(part, indices[k] = representatives.Count);
                representatives.Add(k);
            }
        }
        return ([.. representatives], indices);
    }

    private static Mixture Marginal(Mixture mixture, int[] coordinates, int[] components, double[] weights) => new(
        weights,
        [.. components.Select(k => coordinates.Select(j => mixture.Means[k][j]).ToArray())],
        [.. components.Select(k => Marginal(mixture.Covariances[k], coordinates))]);

    private static Covariance Marginal(Covariance covariance, int[] coordinates)
        => covariance.Basis is null
            ? Covariance.Diagonal([.. Shape(covariance, coordinates)])
            : Covariance.Full(coordinates.Length, [.. Shape(covariance, coordinates)]);

    /// <summary>The variances of an axis-aligned covariance, or the matrix, restricted to some coordinates.</summary>
    private static IEnumerable<double> Shape(Covariance covariance, int[] coordinates) => covariance.Basis is null
        ? coordinates.Select(j => covariance.Variances[j])
        : coordinates.SelectMany(i => coordinates.Select(j => covariance.Matrix[i * covariance.Dimension + j]));

    private sealed class SequenceComparer : IEqualityComparer<double[]>
    {
        public static readonly SequenceComparer Instance = new();

        public bool Equals(double[]? x, double[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(double[] values)
        {
            int hash = values.Length;
            foreach (double value in values) hash = (hash * 397) ^ value.GetHashCode();
            return hash;
        }
    }
}
