using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Examples;

/// <summary>Measures compositions of one mixture on the same starts.</summary>
/// <param name="model">The mixture and its process.</param>
/// <param name="exact">The starts and the exact flow.</param>
/// <param name="threads">The most threads; -1 for one a processor.</param>
/// <param name="token">Stops.</param>
internal sealed class DeepMeasurement(GaussianMixtureModel model, ExactNodes exact, int threads, CancellationToken token)
{
    private const int Chunk = 32;

    private readonly Amplification _amplification = new(model);
    private readonly int _d = model.Dimension;

    /// <summary>The error of a composition and its bound.</summary>
    /// <param name="composition">The composition.</param>
    /// <param name="score">Its network.</param>
    /// <param name="accuracy">The network's accuracy.</param>
    public DeepError Of(DeepComposition composition, ScoreFunction score, double accuracy)
    {
        double[][] nodes = exact.At(composition.Times);
        double[] states = [.. nodes[0]];
        double[] own = new double[composition.Count], network = new double[composition.Count];
        double greatest = 0;
        DeepComposition euler = DeepComposition.Of(model.Process, composition.Times, _d, model.Score);
        for (int j = 0; j < composition.Count; j++)
        {
            own[j] = RootMeanSquare(Distances(Apply(euler, nodes[j], j), nodes[j + 1]));
            network[j] = ResidualCoefficients.Of(model.Process, composition.Times[j], composition.Times[j + 1]).Score * accuracy;
            greatest = Math.Max(greatest, RootMeanSquare(ScoreErrors(score, composition.Times[j], states)));
            states = Apply(composition, states, j);
        }
        double[] distances = Distances(states, exact.Ends);
        double error = RootMeanSquare(distances);
        return new DeepError(
            composition.Count, accuracy, error * error / (SumOfSquares(exact.Ends) / distances.Length), error, distances.Average(), distances.Max(),
            own.Sum(), network.Sum(), greatest / accuracy,
            LogSum(j => _amplification.Integral(composition.Times[^1], composition.Times[j + 1])),
            LogSum(j => Enumerable.Range(j + 1, composition.Count - j - 1).Sum(i => _amplification.Step(composition.Times[i], composition.Times[i + 1]))),
            LogSum(j => _amplification.Expected(composition.Times[^1], composition.Times[j + 1])));

        // log10 Σ exp(log amplification of what follows) (error of the block); the factors themselves would overflow.
        double LogSum(Func<int, double> logarithm)
        {
            double[] terms = [.. Enumerable.Range(0, composition.Count).Select(j => logarithm(j) + Math.Log(own[j] + network[j]))];
            double most = terms.Max();
            return (most + Math.Log(terms.Sum(term => Math.Exp(term - most)))) / Math.Log(10);
        }
    }

    /// <summary>What the exact flow makes of the error of each block.</summary>
    public BlockGrowth[] Places(DeepComposition composition)
    {
        double[][] nodes = exact.At(composition.Times);
        double end = composition.Times[^1];
        return [.. Enumerable.Range(0, composition.Count).Select(j =>
        {
            double to = composition.Times[j + 1];
            double[] reached = Apply(composition, nodes[j], j), local = Distances(reached, nodes[j + 1]);
            if (to > end) model.FlowMaps(to, end, reached, reached, maxThreads: threads, cancellationToken: token);
            double[] final = Distances(reached, exact.Ends);
            return new BlockGrowth(
                composition.Times[j], to, RootMeanSquare(local),
                _amplification.Integral(end, to) / Math.Log(10), _amplification.Expected(end, to) / Math.Log(10),
                RootMeanSquare(final) / RootMeanSquare(local), final.Zip(local, (after, before) => after / before).Max());
        })];
    }

    private double[] Apply(DeepComposition composition, double[] states, int block)
    {
        double[] moved = [.. states];
        Each(moved.Length / _d, (first, count) => composition.Block(moved.AsSpan(first * _d, count * _d), block));
        return moved;
    }

    private double[] ScoreErrors(ScoreFunction score, double t, double[] states)
    {
        double[] errors = new double[states.Length / _d];
        Each(errors.Length, (first, count) =>
        {
            double[] approximate = new double[_d], right = new double[_d];
            for (int i = first; i < first + count; i++)
            {
                ReadOnlySpan<double> x = states.AsSpan(i * _d, _d);
                score(t, x, approximate);
                model.Score(t, x, right);
                errors[i] = Vectors.Distance(approximate, right);
            }
        });
        return errors;
    }

    private double[] Distances(double[] left, double[] right)
    {
        double[] distances = new double[left.Length / _d];
        for (int i = 0; i < distances.Length; i++) distances[i] = Vectors.Distance(left.AsSpan(i * _d, _d), right.AsSpan(i * _d, _d));
        return distances;
    }

    private void Each(int samples, Action<int, int> work)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = token };
        Parallel.For(0, (samples + Chunk - 1) / Chunk, options, i => work(i * Chunk, Math.Min(Chunk, samples - i * Chunk)));
    }

    private static double RootMeanSquare(double[] values) => Math.Sqrt(SumOfSquares(values) / values.Length);

    private static double SumOfSquares(double[] values) => values.Sum(value => value * value);
}
