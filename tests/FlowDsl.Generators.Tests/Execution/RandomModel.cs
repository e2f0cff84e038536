using System.Globalization;
using System.Text;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Processes;

namespace FlowDsl.Generators.Tests;

/// <summary>A valid model drawn at random, as the text of its attributes.</summary>
internal sealed record RandomModel(string Name, string Source, IReadOnlyList<(string Name, Precision Precision)> Samplers)
{
    /// <summary>Draws a model: any number of components up to 12 in up to 8 dimensions, of any classes of covariance.</summary>
    public static RandomModel Draw(Random random, string name)
    {
        // Cubed, so that small ones prevail: a large one costs the compiler as much as twenty small ones.
        int count = 1 + (int)(12 * Math.Pow(random.NextDouble(), 3)), d = 1 + (int)(8 * Math.Pow(random.NextDouble(), 3));
        var text = new StringBuilder();
        if (random.Next(4) == 0) AppendStructure(text, random, ref d);
        else AppendComponents(text, random, count, d);
        text.Insert(0, $"[GaussianMixture({d})]\n");
        ProcessDefinition process = ProcessDefinition.All[random.Next(ProcessDefinition.All.Count)];
        (double horizon, double earlyStop) = AppendProcess(text, random, process);
        List<(string, Precision)> samplers = [];
        int samplerCount = random.Next(4) == 0 ? 2 : 1;
        for (int i = 0; i < samplerCount; i++)
        {
            Precision precision = (Precision)random.Next(2);
            AppendSampler(text, random, $"S{i}", process, horizon, earlyStop, precision);
            samplers.Add(($"S{i}", precision));
        }
        return new RandomModel(name, $"{text}public partial class {name};\n", samplers);
    }

    private static void AppendComponents(StringBuilder text, Random random, int count, int d)
    {
        double[] weights = [.. Enumerable.Range(0, count).Select(_ => 0.05 + random.NextDouble())];
        double total = weights.Sum(), scale = random.Next(3) switch { 0 => 0.3, 1 => 1, _ => 4 };
        int kind = random.Next(5);
        bool tied = random.Next(4) == 0;
        string shared = Covariance(random, kind == 4 ? 2 : kind, d);
        for (int k = 0; k < count; k++)
        {
            string mean = string.Join(", ", Enumerable.Range(0, d).Select(_ => random.Next(6) == 0 ? "0" : Text(scale * Normal(random))));
            // Kinds 0 to 2 are the same for all, 3 and 4 mix them.
            string covariance = tied ? shared : Covariance(random, kind < 3 ? kind : random.Next(3), d);
            text.Append(CultureInfo.InvariantCulture, $"[Component({Text(weights[k] / total)}, {mean}, {covariance})]\n");
        }
    }

    /// <summary>Opposite pairs, or a product of equally spaced modes along one or two coordinates.</summary>
    private static void AppendStructure(StringBuilder text, Random random, ref int d)
    {
        double scale = Pick(random, 0.5, 1, 3);
        if (random.Next(2) == 0)
        {
            int pairs = 1 + random.Next(4);
            double[] centre = [.. Enumerable.Range(0, d).Select(_ => random.Next(2) == 0 ? 0 : Math.Round(4 * Normal(random)))];
            string covariance = Covariance(random, random.Next(3), d);
            for (int pair = 0; pair < pairs; pair++)
            {
                // In eighths, so that sums with the centre are exact and the means opposite.
                double[] mean = [.. centre.Select(_ => Math.Round(8 * scale * Normal(random)) / 8)];
                foreach (int side in (int[])[1, -1])
                {
                    string place = string.Join(", ", centre.Select((value, j) => Text(value + side * mean[j])));
                    text.Append(CultureInfo.InvariantCulture, $"[Component({Text(0.5 / pairs)}, {place}, {covariance})]\n");
                }
            }
            return;
        }
        d = 1 + random.Next(2);
        int first = 3 + random.Next(3), second = d == 1 ? 1 : 2 + random.Next(3);
        string variance = $"Variance = {Text(Variance(random))}";
        for (int k = 0; k < first * second; k++)
        {
            string place = Text(scale * (k % first - 1)) + (d == 1 ? "" : ", " + Text(0.75 * scale * (k / first)));
            text.Append(CultureInfo.InvariantCulture, $"[Component({Text(1.0 / (first * second))}, {place}, {variance})]\n");
        }
    }

    private static string Covariance(Random random, int kind, int d)
    {
        switch (kind)
        {
            case 0:
                return $"Variance = {Text(Variance(random))}";
            case 1:
                return $"Variances = new double[] {{ {string.Join(", ", Enumerable.Range(0, d).Select(_ => Text(Variance(random))))} }}";
            default:
                double variance = Variance(random);
                double[] root = [.. Enumerable.Range(0, d * d).Select(_ => Normal(random))], matrix = new double[d * d];
                for (int i = 0; i < d; i++)
                {
                    for (int j = 0; j <= i; j++)
                    {
                        double sum = i == j ? 0.2 * d : 0;
                        for (int l = 0; l < d; l++) sum += root[i * d + l] * root[j * d + l];
                        matrix[i * d + j] = matrix[j * d + i] = variance * sum / d;
                    }
                }
                return $"Covariance = new double[] {{ {string.Join(", ", matrix.Select(Text))} }}";
        }
    }

    private static (double Horizon, double EarlyStop) AppendProcess(StringBuilder text, Random random, ProcessDefinition process)
    {
        double early = random.Next(3) switch { 0 => 0, 1 => 1e-3, _ => 0.05 };
        switch (process.Name)
        {
            case "OrnsteinUhlenbeck":
                double horizon = Pick(random, 1, 3, 5.5);
                string rate = Text(Pick(random, 0.5, 1, 1.75)), sigma = Text(Pick(random, 0.7, 1, 2));
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"[OrnsteinUhlenbeck(Beta = {rate}, Horizon = {Text(horizon)}, EarlyStop = {Text(early)}, Sigma = {sigma})]\n");
                return (horizon, early);
            case "VarianceExploding":
                double greatest = Pick(random, 3, 20, 80);
                text.Append(CultureInfo.InvariantCulture, $"[VarianceExploding(SigmaMin = {Text(early)}, SigmaMax = {Text(greatest)})]\n");
                return (greatest, early);
            case "VariancePreserving":
                string schedule = random.Next(3) switch
                {
                    0 => "Schedule = NoiseSchedule.ScaledLinear",
                    1 => "Schedule = NoiseSchedule.SquaredCosine, Steps = 80",
                    _ => "Betas = new[] { 0.001, 0.01, 0.3, 0.02, 0.5, 0.7 }",
                };
                double latest = schedule.Contains("Betas", StringComparison.Ordinal) ? 5 : 70;
                text.Append(CultureInfo.InvariantCulture, $"[VariancePreserving({schedule}, EarlyStop = {Text(early)}, Horizon = {Text(latest)})]\n");
                return (latest, early);
            default:
                double end = Pick(random, 0.9, 1, 1);
                text.Append(CultureInfo.InvariantCulture, $"[LinearInterpolant(EarlyStop = {Text(early)}, Horizon = {Text(end)})]\n");
                return (end, early);
        }
    }

    private static void AppendSampler(
        StringBuilder text, Random random, string name, ProcessDefinition process, double horizon, double earlyStop, Precision precision)
    {
        bool pureNoise = process.Name == "LinearInterpolant" && horizon == 1;
        Solver[] solvers = [.. SolverMethod.Named];
        Solver solver = solvers[random.Next(solvers.Length)];
        bool dataPrediction = SolverMethod.Of(solver).NativeChart != NativeChart.Any;
        Chart[] charts = dataPrediction ? [Chart.Auto, Chart.Canonical]
            : pureNoise ? [Chart.Auto, Chart.State, Chart.Canonical]
            : [Chart.Auto, Chart.State, Chart.Edm, Chart.Canonical];
        int stages = SolverMethod.Of(solver).Nodes.Length;
        int steps = 1 + random.Next(Math.Max(2, 6 / stages));
        Chart chart = charts[random.Next(charts.Length)];
        text.Append(
            CultureInfo.InvariantCulture, $"[Sampler(\"{name}\", Solver = Solver.{solver}, Chart = Chart.{chart}, Precision = Precision.{precision}, ");
        if (random.Next(5) == 0)
        {
            double Between(int i) => earlyStop + (horizon - earlyStop) * Square(1 - (i + 0.5 * random.NextDouble()) / (steps + 1));
            double[] times = [.. Enumerable.Range(0, steps + 1).Select(i => i == 0 ? horizon : i == steps ? earlyStop : Between(i))];
            text.Append(CultureInfo.InvariantCulture, $"Times = new double[] {{ {string.Join(", ", times.Select(Text))} }})]\n");
            return;
        }
        Grid[] grids = [.. Enum.GetValues<Grid>().Where(grid => grid switch
        {
            Grid.LogTime => earlyStop > 0,
            Grid.UniformLogSnr or Grid.Exponential or Grid.AlignYourSteps or Grid.AlignYourStepsXL => earlyStop > 0 && !pureNoise,
            Grid.Edm or Grid.Karras or Grid.LogVariance => !pureNoise,
            Grid.Profile => false,
            _ => true,
        })];
        text.Append(CultureInfo.InvariantCulture, $"Steps = {steps}, Grid = Grid.{grids[random.Next(grids.Length)]})]\n");
    }

    private static double Pick(Random random, params double[] values) => values[random.Next(values.Length)];

    private static double Variance(Random random) => 0.02 * Math.Pow(100, random.NextDouble());

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double Square(double x) => x * x;

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
