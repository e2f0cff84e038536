namespace FlowDsl.Benchmarks;

/// <summary>A sampler of tables alone, one a segment.</summary>
internal sealed class BoxSampler
{
    // So many samples go through a segment before the next.
    private const int Block = 1024;

    // The search begins coarse and goes on by such factors; between two of them it halves.
    private const double First = 1e-3, Factor = 4;
    private const int Halvings = 3;

    private readonly BoxTable[] _tables;

    private BoxSampler(BoxTree[] trees, double allowed)
    {
        _tables = [.. trees.Select(tree => new BoxTable(tree, allowed))];
        (Degree, Tried, Times) = (trees[0].Rule.Degree, trees.Sum(tree => tree.Tried), [.. trees.Select(tree => tree.Flow.Times[tree.From])]);
        Points = trees.Sum(tree => (long)tree.Tried * tree.Rule.Points.Length);
    }

    public int Degree { get; }

    /// <summary>The times at which the segments begin.</summary>
    public double[] Times { get; }

    public int Segments => _tables.Length;

    public int Boxes => _tables.Sum(table => table.BoxCount);

    /// <summary>The boxes that it took to find these.</summary>
    public int Tried { get; }

    /// <summary>The points at which the flow was asked.</summary>
    public long Points { get; }

    public long Bytes => _tables.Sum(table => table.Bytes);

    /// <summary>The samplers with the fewest boxes for some accuracies, as many as there are boxes for.</summary>
    /// <param name="trees">The segments.</param>
    /// <param name="targets">The relative mean squared errors, decreasing.</param>
    /// <param name="size">The mean square of the flow's ends.</param>
    /// <param name="most">The greatest number of boxes to try in all segments.</param>
    /// <param name="error">A sampler's error.</param>
    public static IEnumerable<(double Target, BoxSampler Sampler)> Reaching(
        BoxTree[] trees, double[] targets, double size, int most, Func<BoxSampler, double> error)
    {
        double allowed = First * size;
        foreach (double target in targets)
        {
            BoxSampler? least = null;
            while (least is null)
            {
                if (!trees.All(tree => tree.Refine(allowed, most - trees.Sum(other => other.Tried) + tree.Tried))) yield break;
                var sampler = new BoxSampler(trees, allowed);
                if (error(sampler) <= target) least = sampler;
                else allowed /= Factor;
            }
            double good = allowed, bad = Factor * allowed;
            for (int i = 0; i < Halvings; i++)
            {
                double middle = Math.Sqrt(good * bad);
                var sampler = new BoxSampler(trees, middle);
                if (error(sampler) <= target) (good, least) = (middle, sampler);
                else bad = middle;
            }
            yield return (target, least);
        }
    }

    public void Integrate(Span<float> states)
    {
        while (states.Length > 0)
        {
            Span<float> block = states[..Math.Min(2 * Block, states.Length)];
            foreach (BoxTable table in _tables) table.Map(block);
            states = states[block.Length..];
        }
    }
}
