using FlowDsl.Generators.Planning.Arithmetic;
using FlowDsl.Generators.Planning.Forms;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Structure;

namespace FlowDsl.Generators.Tests;

/// <summary>Every form that applies gives the slope that the difference form of <see cref="PointMath"/> gives.</summary>
public class EvaluationFormTests
{
    // Of the slope's size. The arithmetic is double precision's: what a form leaves out is what floats cannot hold.
    private const double DoubleTolerance = 1e-11, SingleTolerance = 3e-8;

    public static TheoryData<string> Cases => [.. Mixtures.Keys];

    private static Dictionary<string, Mixture> Mixtures { get; } = new()
    {
        ["one"] = Of([[1, -2]], Covariance.Isotropic(2, 0.3)),
        ["ring"] = Ring(8, 0, 0, Covariance.Isotropic(2, 0.09)),
        ["ring elsewhere, tied"] = Ring(6, 3, -7, Covariance.Full(2, [0.2, 0.05, 0.05, 0.1])),
        ["ring of five"] = Ring(5, 0, 0, Covariance.Isotropic(2, 0.2)),
        ["cross with a middle"] = new(
            [0.1, 0.1, 0.15, 0.15, 0.5], [[2, 0], [-2, 0], [0, 3], [0, -3], [0, 0]], [.. Enumerable.Repeat(Covariance.Diagonal([0.1, 0.2]), 5)]),
        ["pair"] = Of([[1], [-1]], Covariance.Isotropic(1, 0.01)),
        ["line of five"] = Line(5, 0, 2, 0.04),
        ["line of three elsewhere"] = Line(3, 10, 1.5, 0.3),
        ["line of four"] = Line(4, 0, 2, 0.09),
        ["line of ten"] = Line(10, -1, 0.7, 0.05),
        ["line of fifteen"] = Line(15, 0, 1, 0.1),
        ["two full"] = new([0.3, 0.7], [[-1.3, -1.2], [0.7, 0.6]], [Covariance.Full(2, [0.05, 0.03, 0.03, 0.18]), Covariance.Full(2, [0.13, 0.06, 0.06, 0.2])]),
        ["two concentric far off"] = new([0.4, 0.6], [[50, 20], [50, 20]], [Covariance.Isotropic(2, 0.5), Covariance.Isotropic(2, 2)]),
        ["two of a kind"] = Of([[0, 1, 2], [1, 1, 0]], Covariance.Diagonal([0.1, 0.2, 0.3])),
        ["three kinds"] = new(
            [0.2, 0.3, 0.5], [[0, 0], [1, 1], [-1, 2]],
            [Covariance.Isotropic(2, 0.1), Covariance.Diagonal([0.2, 0.4]), Covariance.Full(2, [0.3, 0.1, 0.1, 0.2])]),
        ["two far apart"] = Of([[-3], [3]], Covariance.Isotropic(1, 1e-3)),
        ["ring far apart"] = Ring(6, 1, 0, Covariance.Isotropic(2, 1e-3)),
        ["line far apart"] = Line(4, 2, 5, 1e-3),
        ["three kinds far apart"] = new(
            [0.2, 0.3, 0.5], [[0, 0], [4, 4], [-4, 8]],
            [Covariance.Isotropic(2, 1e-3), Covariance.Diagonal([2e-3, 4e-3]), Covariance.Full(2, [3e-3, 1e-3, 1e-3, 2e-3])]),
        ["improbable"] = new([0.4, 0.6, 1e-40], [[-1, 0], [1, 0], [0, 1]], [.. Enumerable.Repeat(Covariance.Isotropic(2, 0.3), 3)]),
        ["improbable and far away"] = new(
            [0.4, 0.6, 1e-11], [[-1, 0], [1, 0], [9, 9]],
            [Covariance.Diagonal([0.1, 0.3]), Covariance.Diagonal([0.2, 0.4]), Covariance.Isotropic(2, 0.3)]),
        ["diagonal"] = new(
            [0.25, 0.35, 0.4], [[0, 0], [1, 1], [-1, 2]],
            [Covariance.Diagonal([0.1, 0.3]), Covariance.Diagonal([0.2, 0.4]), Covariance.Diagonal([0.15, 0.1])]),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryFormAgreesWithTheDifferenceForm(string name)
    {
        Mixture mixture = Mixtures[name];
        var block = new EvaluationBlock(new MixtureBlock([.. Enumerable.Range(0, mixture.Dimension)], mixture));
        Random random = new(1);
        HashSet<string> seen = [];
        Process[] processes =
            [new OrnsteinUhlenbeckProcess(), new VarianceExplodingProcess(), new LinearInterpolantProcess(), new OrnsteinUhlenbeckProcess(horizon: 16)];
        foreach (Process process in processes)
        {
            foreach (double share in (double[])[1, 0.6, 0.3, 0.1, 0.03, 0.01, 0])
            {
                ProcessPoint point = process.At(process.EarlyStop + share * share * (process.Horizon - process.EarlyStop));
                MixtureField[] fields = [MixtureField.Velocity(point), MixtureField.Canonical(point, mixture.MeanVariance), MixtureField.Noise(point)];
                foreach (MixtureField field in fields)
                {
                    foreach (IEvaluationForm form in EvaluationForms.All)
                    {
                        if (Check(form, new Evaluation(block, field, Precision.Double), random, DoubleTolerance)) seen.Add(form.Name);
                        if (Check(form, new Evaluation(block, field, Precision.Single), random, SingleTolerance)) seen.Add(form.Name);
                    }
                }
            }
        }
        string[] early = mixture.HasSharedCovariance && mixture.Count > 1 ? ["one Gaussian of the mixture's moments"] : [];
        Assert.Equal(Expected(name).Concat(early).Order(), seen.Where(form => form is not "direct").Order());
    }

    /// <summary>Which forms a mixture must have met, besides the direct one and, with one covariance, that of its moments.</summary>
    private static string[] Expected(string name) => name switch
    {
        "one" => ["one Gaussian"],
        "ring" or "ring elsewhere, tied" => ["affine energies", "mirrored pairs", "one-sided pairs"],
        "ring of five" => ["affine energies"],
        "ring far apart" =>
        [
            "affine energies", "affine energies, one owner", "direct, one owner", "mirrored pairs", "one-sided pairs", "one-sided pairs, one owner",
        ],
        "cross with a middle" => ["affine energies", "mirrored pairs", "one-sided pairs"],
        "pair" or "two far apart" =>
        [
            "affine energies", "affine energies, one owner", "direct, one owner", "logistic", "logistic, one owner", "mirrored pairs", "one-sided pairs",
            "one-sided pairs, one owner",
        ],
        "line of five" => ["affine energies", "mirrored pairs", "nearest neighbours", "one-sided pairs", "powers of one exponential"],
        "line of four" or "line of ten" or "line of three elsewhere" or "line of fifteen" =>
            ["affine energies", "mirrored pairs", "nearest neighbours", "powers of one exponential"],
        "line far apart" =>
        [
            "affine energies", "affine energies, one owner", "direct, one owner", "mirrored pairs", "nearest mean", "nearest neighbours", "one-sided pairs",
            "one-sided pairs, one owner", "powers of one exponential",
        ],
        "two of a kind" => ["affine energies", "logistic", "mirrored pairs"],
        "two full" or "two concentric far off" => ["logistic"],
        "three kinds far apart" => ["direct, one owner"],
        "improbable" => ["affine energies", "fewer components"],
        "improbable and far away" => ["fewer components"],
        _ => [],
    };

    private static bool Check(IEvaluationForm form, Evaluation evaluation, Random random, double tolerance)
    {
        Mixture mixture = evaluation.Block.Mixture;
        int d = mixture.Dimension;
        var graph = new Graph();
        Node[] x = [.. Enumerable.Range(0, d).Select(j => graph.Load(j, "x" + j))];
        if (form.Build(graph, evaluation, x) is not { } slope) return false;
        Node[] outputs = slope.AddTo(graph, [.. Enumerable.Repeat(LinearSum.Zero, d)], 1);
        var tangents = new Tangents(graph, load => graph.LoadTangent((int)load.Value, load.Name!));
        Node[] derivatives = [.. outputs.Select(tangents.Of)];
        int inside = 0;
        const int samples = 120;
        for (int i = 0; i < samples; i++)
        {
            int k;
            do k = random.Next(mixture.Count);
            while (mixture.Weights[k] < 1e-9);
            double[] state = [.. Enumerable.Range(0, d).Select(j => evaluation.Field.Point.A * mixture.Means[k][j])];
            for (int axis = 0; axis < d; axis++)
            {
                double length = Math.Sqrt(evaluation.Field.Point.Spread(mixture.Covariances[k].Variances[axis])) * (9 * random.NextDouble() - 4.5);
                for (int j = 0; j < d; j++) state[j] += length * (mixture.Covariances[k].Basis is { } basis ? basis[j * d + axis] : j == axis ? 1 : 0);
            }
            // Every other sample goes some of the way to another component, where a form may not apply but must say so.
            bool isTypical = i % 2 == 0;
            if (!isTypical)
            {
                double part = random.NextDouble();
                double[] other = [.. mixture.Means[random.Next(mixture.Count)]];
                for (int j = 0; j < d; j++) state[j] += part * (evaluation.Field.Point.A * other[j] - state[j]);
            }
            double[] direction = [.. Enumerable.Range(0, d).Select(_ => 2 * random.NextDouble() - 1)];
            double[] values = GraphInterpreter.Evaluate(graph, state, direction);
            if (slope.Excess is { } excess && values[excess.Index] > 0) continue;
            if (isTypical) inside++;
            double[] expected = new double[d];
            PointMath.Field(new TableComponents(mixture), evaluation.Field, state, expected);
            double size = expected.Max(Math.Abs) + mixture.Means.Max(mean => mean.Max(Math.Abs)) / Math.Sqrt(mixture.MinVariance);
            for (int j = 0; j < d; j++)
            {
                double value = values[outputs[j].Index];
                Assert.True(
                    Math.Abs(value - expected[j]) <= tolerance * size,
                    $"{form.Name} at t = {evaluation.Field.Point.Time}, x = ({string.Join(", ", state)}): {value:r} instead of {expected[j]:r}");
            }
            double[] slopes = Differences(mixture, evaluation.Field, state, direction);
            // What a form leaves out has a derivative as many times greater as weights change fast.
            double steepness = slopes.Max(Math.Abs) + size / Math.Sqrt(evaluation.Field.Point.Spread(mixture.MinVariance));
            for (int j = 0; j < d; j++)
                Assert.True(
                    Math.Abs(values[derivatives[j].Index] - slopes[j]) <= Math.Max(1000 * tolerance, 1e-7) * steepness,
                    $"{form.Name}, derivative at t = {evaluation.Field.Point.Time}, x = ({string.Join(", ", state)}): "
                        + $"{values[derivatives[j].Index]:r} instead of {slopes[j]:r}");
        }
        // A form that leaves more than a few of these samples to the loop form should not have applied.
        Assert.InRange(inside, samples / 2 - 2, samples / 2);
        return true;
    }

    /// <summary>The field's derivative along a direction by central differences of fourth order.</summary>
    private static double[] Differences(Mixture mixture, MixtureField field, double[] x, double[] direction)
    {
        double step = 2e-4 * Math.Sqrt(field.Point.Spread(mixture.MinVariance));
        double[] result = new double[x.Length];
        foreach ((double at, double weight) in ((double, double)[])[(1, 8.0 / 12), (-1, -8.0 / 12), (2, -1.0 / 12), (-2, 1.0 / 12)])
        {
            double[] value = new double[x.Length];
            PointMath.Field(new TableComponents(mixture), field, [.. x.Select((own, j) => own + at * step * direction[j])], value);
            for (int j = 0; j < x.Length; j++) result[j] += weight * value[j] / step;
        }
        return result;
    }

    private static Mixture Of(double[][] means, Covariance covariance)
        => new([.. Enumerable.Repeat(1.0 / means.Length, means.Length)], means, [.. Enumerable.Repeat(covariance, means.Length)]);

    private static Mixture Ring(int count, double x, double y, Covariance covariance)
    {
        IEnumerable<double> angles = Enumerable.Range(0, count).Select(k => 2 * Math.PI * k / count);
        return Of([.. angles.Select(angle => (double[])[x + 4 * Math.Cos(angle), y + 4 * Math.Sin(angle)])], covariance);
    }

    private static Mixture Line(int count, double centre, double spacing, double variance)
        => Of([.. Enumerable.Range(0, count).Select(k => (double[])[centre + (k - 0.5 * (count - 1)) * spacing])], Covariance.Isotropic(1, variance));
}
