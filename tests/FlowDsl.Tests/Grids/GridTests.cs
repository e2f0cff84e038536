using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;

namespace FlowDsl.Tests;

[Trait("Hardware", "Any")]
public class GridTests
{
    private static readonly Mixture[] s_mixtures =
    [
        Models.Two(0.04),
        Models.OneGaussian(),
        Models.Isotropic([1], [[0.0]], 1),
        Models.Isotropic([0.5, 0.5], [[-1.0, 0], [1.0, 0.5]], 4),
        Models.OrderedFull(),
        Models.Crossing(),
        Models.Isotropic([0.5, 0.5], [[-1.0], [1.0]], 1e-8, 1),
    ];

    private static readonly Process[] s_processes =
    [
        .. Models.Processes(), Models.Ou(0), new VarianceExplodingProcess(0, 80), new LinearInterpolantProcess(0),
        new LinearInterpolantProcess(0, 0.9), Models.Ou(1e-12),
    ];

    public static TheoryData<Grid> Grids => new(Enum.GetValues<Grid>().Where(grid => grid is not (Grid.Auto or Grid.Profile)));

    [Theory]
    [MemberData(nameof(Grids))]
    public void IsStrictlyDecreasingBetweenExactEnds(Grid grid)
    {
        foreach (Process process in s_processes)
        {
            if (TimeGrid.Obstacle(grid, process) is not null) continue;
            // Expectations and searches take most of the time; they are the same code for all mixtures.
            Mixture[] mixtures = grid switch
            {
                Grid.ExpectedStability or Grid.ErrorBalanced => s_mixtures[^4..],
                Grid.SharpEuler or Grid.GaussianOptimal => s_mixtures[^2..],
                Grid.Optimal => s_mixtures[^1..],
                _ => s_mixtures,
            };
            foreach (Mixture mixture in mixtures)
            {
                var model = new GaussianMixtureModel(mixture, process);
                foreach (int steps in grid == Grid.Optimal ? [1, 3, 100] : new[] { 1, 2, 8, 100, 1000 })
                {
                    double[] times = model.CreateTimes(grid, steps);
                    string what = $"{grid} {steps} {process.Description} from {process.EarlyStop}, variance {mixture.MeanVariance}";
                    Assert.Equal(steps + 1, times.Length);
                    Assert.True(times[0] == process.Horizon && times[steps] == process.EarlyStop, what);
                    for (int i = 1; i <= steps; i++) Assert.True(times[i] < times[i - 1], $"{what}: {times[i - 1]:R} then {times[i]:R}");
                }
            }
        }
    }

    [Fact]
    public void ObstaclesAreInfiniteCoordinates()
    {
        Process[] fromData = [Models.Ou(0), new VarianceExplodingProcess(0, 80), new LinearInterpolantProcess(0, 0.9)];
        Process pureNoise = new LinearInterpolantProcess(), both = new LinearInterpolantProcess(0);
        Grid[] infiniteAtBoth = [Grid.UniformLogSnr, Grid.Exponential, Grid.AlignYourSteps, Grid.AlignYourStepsXL];
        Grid[] infiniteAtData = [Grid.LogTime, .. infiniteAtBoth], infiniteAtNoise = [Grid.Edm, Grid.Karras, Grid.LogVariance, .. infiniteAtBoth];
        foreach (Grid grid in Enum.GetValues<Grid>())
        {
            if (grid == Grid.Auto) continue;
            if (grid == Grid.Profile)
            {
                // On no process: the profile of a network has its times.
                foreach (Process process in s_processes) Assert.Equal(GridObstacle.ProfileIsMissing, TimeGrid.Obstacle(grid, process));
                continue;
            }
            foreach (Process process in fromData)
                Assert.Equal(infiniteAtData.Contains(grid) ? GridObstacle.EarlyStopIsZero : null, TimeGrid.Obstacle(grid, process));
            Assert.Equal(infiniteAtNoise.Contains(grid) ? GridObstacle.HorizonIsPureNoise : null, TimeGrid.Obstacle(grid, pureNoise));
            Assert.Equal(infiniteAtData.Concat(infiniteAtNoise).Contains(grid), TimeGrid.Obstacle(grid, both) is not null);
            Assert.Null(TimeGrid.Obstacle(grid, Models.Ou()));
            var model = new GaussianMixtureModel(Models.Two(0.04), both);
            if (TimeGrid.Obstacle(grid, both) is not null) Assert.Throws<ArgumentException>(() => model.CreateTimes(grid, 8));
        }
    }

    [Fact]
    public void AutoDependsOnTheSolver()
    {
        foreach (Solver solver in Models.Solvers)
        {
            bool multistep = SolverMethod.Of(solver).IsMultistep;
            Assert.Equal(multistep ? Grid.Optimal : Grid.ErrorBalanced, TimeGrid.Resolve(Grid.Auto, solver));
            Assert.Equal(Grid.Zeta, TimeGrid.Resolve(Grid.Zeta, solver));
        }
    }

    [Fact]
    public void RhoOfOneIsUniformInTheNoiseRatio()
    {
        var model = new GaussianMixtureModel(Models.Two(0.04), new VarianceExplodingProcess(1, 5));
        Compare.Close([5, 4, 3, 2, 1], model.CreateTimes(Grid.Edm, 4, rho: 1), 1e-15);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.CreateTimes(Grid.Edm, 4, rho: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.CreateTimes(Grid.Edm, 4, rho: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.CreateTimes(Grid.Uniform, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.CreateTimes(Grid.Uniform, TimeGrid.MaxSteps + 1));
    }

    /// <summary>One component never stretches in sampling's direction where its variance is less than the noise's: w is 0.</summary>
    [Fact]
    public void AWeightOfZeroGivesUniformSteps()
    {
        var narrow = new GaussianMixtureModel(Models.Isotropic([1], [[0.5]], 0.25), Models.Ou());
        Assert.Equal(0, narrow.Stability.PositiveOneSidedIntegral(1e-3, 3));
        Compare.Close(narrow.CreateTimes(Grid.Uniform, 10), narrow.CreateTimes(Grid.OneSidedStability, 10), 1e-14);
        // The stationary law: the velocity itself is 0.
        var stationary = new GaussianMixtureModel(Models.Isotropic([1], [[0.0]], 1), Models.Ou());
        Assert.Equal(0, stationary.Stability.LipschitzIntegral(1e-3, 3));
        Compare.Close(stationary.CreateTimes(Grid.Uniform, 10), stationary.CreateTimes(Grid.StabilityBalanced, 10), 1e-14);
        // The same by a table: 33 nodes resolve uniform steps to about (log(3000)/32)²/12.
        Compare.Close(stationary.CreateTimes(Grid.Uniform, 10), stationary.CreateTimes(Grid.ExpectedStability, 10), 0.01, 3);
    }

    /// <summary>Two near modes stretch below t* only, where 4(1 - σ²)λ is below D²: all inner nodes are there.</summary>
    [Fact]
    public void AStretchOfZeroWeightIsOneStep()
    {
        var model = new GaussianMixtureModel(Models.Isotropic([0.5, 0.5], [[0.0], [0.9]], 0.25), Models.Ou());
        double threshold = 0.81 / (4 * 0.75), last = -0.5 * Math.Log((1 - threshold) / 0.75);
        Assert.InRange(last, 1e-3, 2);
        double[] times = model.CreateTimes(Grid.OneSidedStability, 16);
        Assert.All(times[1..], t => Assert.True(t < last));
        for (int i = 1; i < 16; i++)
            Assert.Equal(model.Stability.PositiveOneSidedIntegral(1e-3, 3) / 16, model.Stability.PositiveOneSidedIntegral(times[i + 1], times[i]), 1e-12);
    }

    [Fact]
    public void BalancedGridsShareTheIntegralEqually()
    {
        foreach (Process process in Models.Processes())
        {
            var model = new GaussianMixtureModel(Models.Isotropic([0.2, 0.3, 0.5], [[0.0, 1], [2.0, -1], [-1.0, 0]], 0.3), process);
            StabilityProfile stability = model.Stability;
            double end = process.EarlyStop, start = process.Horizon;
            double[] times = model.CreateTimes(Grid.StabilityBalanced, 10);
            for (int i = 0; i < 10; i++)
                Assert.Equal(0.1, stability.LipschitzIntegral(times[i + 1], times[i]) / stability.LipschitzIntegral(end, start), 1e-11);
            times = model.CreateTimes(Grid.ExpectedStability, 10);
            for (int i = 0; i < 10; i++)
                Assert.Equal(0.1, stability.ExpectedIntegral(times[i + 1], times[i]) / stability.ExpectedIntegral(end, start), 1e-11);
        }
    }
}
