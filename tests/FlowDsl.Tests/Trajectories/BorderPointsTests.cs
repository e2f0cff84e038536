using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Discovery;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Trajectories;
using Xunit.Abstractions;

namespace FlowDsl.Tests;

/// <summary>
/// Points that are dense at borders, against closed forms: the moments of the law at the horizon, and errors on the line, where the flow is the quantile map.
/// </summary>
[Trait("Hardware", "Any")]
public class BorderPointsTests(ITestOutputHelper output)
{
    private const int Lines = 256;
    private static readonly double[] s_weights = [0.3, 0.7], s_means = [-1, 1], s_variances = [0.002, 0.002];

    /// <summary>Weighted means and covariances are those of the law, wherever the points lie.</summary>
    [Fact]
    public void WeightsMakeUpForTheDensityAtBorders()
    {
        double[] weights = [0.2, 0.3, 0.5];
        double[][] means = [[3, 0, 1], [-2, 1, 0], [0, -3, -1]], variances = [[0.1, 0.2, 0.05], [0.02, 0.3, 0.1], [0.5, 0.04, 0.2]];
        PilotModel model = Model(new Mixture(weights, means, [.. variances.Select(own => Covariance.Diagonal(own))]));
        ProcessPoint at = model.Process.At(model.Process.Horizon);
        BorderPoints points = BorderPoints.Draw(model, PriorPoints.DrawLines(model.Mixture, at, 2000).Pilot, 1_000_000);
        Assert.Equal(1, points.Weights.Sum(), 1e-12);
        // Every third cell has a border.
        Assert.InRange(points.Points.Length, 6000, 20_000);
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double own = points.Points.Select((x, n) => points.Weights[n] * x[i] * x[j]).Sum(),
                    truth = weights.Select((w, k) => w * (at.A * at.A * means[k][i] * means[k][j] + (i == j ? at.Spread(variances[k][i]) : 0))).Sum();
                // About four standard deviations of 2000 independent points.
                Assert.Equal(truth, own, i == j ? 0.13 : 0.09);
            }
        }
    }

    /// <summary>
    /// A solver moves the border a little. Few samples end in the other mode for it, but these make most of its error.
    /// </summary>
    [Theory]
    [InlineData(Solver.DpmSolverPlusPlus3M, 16)]
    [InlineData(Solver.UniPC2, 20)]
    [InlineData(Solver.RungeKutta4, 6)]
    public void ErrorsOfRareSamplesAreSeen(Solver solver, int steps)
    {
        PilotModel model = Model(Line());
        FlowProgram program = Program(solver, steps);
        (double truth, double flips) = Truth(program);
        double[] measured = [.. Enumerable.Range(0, 4).Select(set => Errors(model, Lines, set).Of(program))];
        output.WriteLine($"{truth:E3}, {flips:E1} of it by samples in the other mode; measured {string.Join(", ", measured.Select(error => $"{error:E3}"))}");
        Assert.All(measured, error => Assert.InRange(error / truth, 0.6, 1.6));
        Assert.InRange(measured.Average() / truth, 0.8, 1.25);
    }

    /// <summary>Where more strata would be needed than may be, fewer lines have them.</summary>
    [Fact]
    public void NumbersOfPointsAreBounded()
    {
        PilotModel model = Model(Ring());
        PriorLine[] lines = PriorPoints.DrawLines(model.Mixture, model.Process.At(model.Process.Horizon), 400).Pilot;
        Assert.True(BorderPoints.Draw(model, lines, 100_000).Points.Length > 1200);
        BorderPoints fewer = BorderPoints.Draw(model, lines, 600);
        Assert.InRange(fewer.Points.Length, 200, 800);
        Assert.Equal(1, fewer.Weights.Sum(), 1e-12);
    }

    /// <summary>What is chosen for an error has this error, by closed forms.</summary>
    [Theory]
    [InlineData(1e-2)]
    [InlineData(1e-4)]
    [InlineData(1e-5)]
    public void ChosenSamplersAreAsExactAsAsked(double error)
    {
        var analysis = new ModelAnalysis(Line(), Models.Ou());
        SamplerChoice chosen = SamplerSearch.Create(analysis)!.RankForError(error)[0];
        (double truth, double flips) = Truth(chosen.Program(analysis.Process)!);
        output.WriteLine($"{chosen.Solver} on {chosen.Grid}, {chosen.Evaluations} evaluations: said {chosen.Error:E2}, {truth:E2}, by flips {flips:E2}");
        Assert.True(truth <= 1.1 * error);
    }

    private static Mixture Ring()
        => Models.Isotropic(
            [.. Enumerable.Repeat(0.125, 8)],
            [.. Enumerable.Range(0, 8).Select(k => (double[])[4 * Math.Cos(k * Math.PI / 4), 4 * Math.Sin(k * Math.PI / 4)])], 0.09);

    private static Mixture Line() => Models.Isotropic(s_weights, [[-1], [1]], s_variances[0]);

    private static PilotModel Model(Mixture mixture) => new(mixture, Models.Ou(), CancellationToken.None);

    private static EndErrors Errors(PilotModel model, int lines, int set)
    {
        PriorLine[] all = PriorPoints.DrawLines(model.Mixture, model.Process.At(model.Process.Horizon), 4 * lines).HeldOut;
        return new EndErrors(
            model, PilotTimes.Create(model.Mixture, model.Process, 48), BorderPoints.Draw(model, [.. all.Where((_, i) => i % 4 == set)], 1_000_000));
    }

    private static FlowProgram Program(Solver solver, int steps)
    {
        var analysis = new ModelAnalysis(Line(), Models.Ou());
        ChartFrame frame = ChartFrame.For(Chart.Auto, solver, s_variances[0]);
        return FlowProgram.Create(analysis.Process, frame, solver, TimeGrid.TryCreate(new GridRequest(Grid.Angle, steps, solver, frame), analysis)!.Times);
    }

    /// <summary>The relative mean squared error and the part of samples that end in the other mode, by trapezoids that shrink towards the border.</summary>
    private static (double Error, double Flips) Truth(FlowProgram program)
    {
        const int count = 1500;
        const double reach = 8, smallest = 1e-9;
        Process process = Models.Ou();
        ProcessPoint from = process.At(process.Horizon), to = process.At(process.EarlyStop);
        var map = new QuantileMap(s_weights, s_means, s_variances);
        double low = -reach, high = reach;
        for (int i = 0; i < 60; i++) (low, high) = Exact(0.5 * (low + high)) < 0 ? (0.5 * (low + high), high) : (low, 0.5 * (low + high));
        double[] distances = [.. Enumerable.Range(0, count).Select(i => smallest * Math.Pow(reach / smallest, i / (count - 1.0)))];
        double[] places = [.. distances.Reverse().Select(own => low - own), .. distances.Select(own => low + own)];
        Batch states = Batch.Of([.. places.Select(x => (double[])[x])]);
        new BatchRun(Line()).Run(program, states);
        double[][] ends = states.Points();
        double error = 0, size = 0, flips = 0;
        for (int i = 0; i < places.Length; i++)
        {
            double width = 0.5 * (places[Math.Min(i + 1, places.Length - 1)] - places[Math.Max(i - 1, 0)]), weight = width * Density(places[i]);
            double exact = Exact(places[i]), square = (ends[i][0] - exact) * (ends[i][0] - exact);
            (error, size) = (error + weight * square, size + weight * exact * exact);
            if (exact * ends[i][0] < 0) flips += weight * square;
        }
        return (error / size, flips / size);

        double Exact(double x) => map.Map(from.A, from.S2, to.A, to.S2, x);

        double Density(double x)
            => s_weights.Select((w, k) => w * Math.Exp(-0.5 * Math.Pow(x - from.A * s_means[k], 2) / from.Spread(s_variances[k]))
                / Math.Sqrt(2 * Math.PI * from.Spread(s_variances[k]))).Sum();
    }
}
