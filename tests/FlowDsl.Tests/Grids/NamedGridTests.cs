using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;

namespace FlowDsl.Tests;

/// <summary>Grids known by their names elsewhere, against the published formulas.</summary>
[Trait("Hardware", "Any")]
public class NamedGridTests
{
    private static readonly GaussianMixtureModel s_exploding = new(Models.Two(0.04), new VarianceExplodingProcess(0.03, 40));
    private static readonly GaussianMixtureModel s_flow = new(Models.Two(0.04), new LinearInterpolantProcess(0));

    [Theory]
    [InlineData(7)]
    [InlineData(3)]
    public void KarrasIsThePowerOfALine(double rho)
    {
        double first = Math.Pow(40, 1 / rho), last = Math.Pow(0.03, 1 / rho);
        double[] expected = [.. Enumerable.Range(0, 9).Select(i => Math.Pow(first + i / 8.0 * (last - first), rho))];
        GridTimes times = s_exploding.CreateSchedule(Grid.Karras, 8, Solver.Heun, Chart.Auto, new GridOptions(Rho: rho));
        Assert.Equal(Grid.Karras, times.Grid);
        Compare.Close(expected, times.Times.AsSpan(), 1e-13);
        Assert.Equal(s_exploding.CreateTimes(Grid.Edm, 8, rho: rho), times.Times);
    }

    [Fact]
    public void ExponentialIsGeometricInTheNoiseLevel()
    {
        double[] times = s_exploding.CreateTimes(Grid.Exponential, 8);
        Compare.Close([.. Enumerable.Range(0, 9).Select(i => 40 * Math.Pow(0.03 / 40, i / 8.0))], times, 1e-13);
        Assert.Equal(s_exploding.CreateTimes(Grid.UniformLogSnr, 8), times);
    }

    /// <summary>The probability up to each time, by the midpoint rule, after a substitution that removes a pole of the density.</summary>
    [Theory]
    [InlineData(0.6, 0.6)]
    [InlineData(0.5, 0.7)]
    [InlineData(1, 1)]
    [InlineData(3, 0.4)]
    [InlineData(20, 35)]
    [InlineData(2000, 1000)]
    public void BetaTakesEqualStepsOfProbability(double alpha, double beta)
    {
        const int steps = 12;
        var process = new OrnsteinUhlenbeckProcess(horizon: 3, earlyStop: 0.01);
        double[] times = [.. new GaussianMixtureModel(Models.Two(0.04), process)
            .CreateSchedule(Grid.Beta, steps, Solver.Heun, Chart.Auto, new GridOptions(Alpha: alpha, Beta: beta)).Times];
        double total = Integral(0, 0.5, alpha, beta) + Integral(0, 0.5, beta, alpha);
        for (int i = 1; i < steps; i++)
        {
            double x = (times[i] - 0.01) / 2.99;
            double below = x < 0.5 ? Integral(0, x, alpha, beta) : total - Integral(0, 1 - x, beta, alpha);
            Assert.Equal(1 - (double)i / steps, below / total, 1e-7);
        }
        static double Integral(double from, double to, double a, double b)
        {
            const int n = 200_000;
            // Relative to the density's peak, since great parameters would make it underflow.
            double peak = (a - 1) / (a + b - 2), scale = a > 1 && b > 1 ? (a - 1) * Math.Log(peak) + (b - 1) * Math.Log(1 - peak) : 0;
            // Below 1, x = u^(1/a): x^(a - 1) dx = du/a.
            double power = Math.Min(a, 1), first = Math.Pow(from, power), last = Math.Pow(to, power), sum = 0;
            for (int i = 0; i < n; i++)
            {
                double x = Math.Pow(first + (i + 0.5) / n * (last - first), 1 / power);
                sum += Math.Exp((a < 1 ? 0 : (a - 1) * Math.Log(x)) + (b - 1) * Math.Log(1 - x) - scale);
            }
            return sum * (last - first) / n / power;
        }
    }

    [Fact]
    public void BetaOfEqualParametersIsSymmetricAndOfOneUniform()
    {
        double[] times = s_flow.CreateTimes(Grid.Beta, 10);
        for (int i = 0; i <= 10; i++) Assert.Equal(1, times[i] + times[10 - i], 1e-14);
        // Of α = β = 1/2 it is the arcsine law.
        double[] arcsine = [.. s_flow.CreateSchedule(Grid.Beta, 10, Solver.Heun, Chart.Auto, new GridOptions(Alpha: 0.5, Beta: 0.5)).Times];
        Compare.Close([.. Enumerable.Range(0, 11).Select(i => Math.Pow(Math.Cos(Math.PI * i / 20), 2))], arcsine, 1e-12, 1e-3);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void ShiftIsTheFormulaOfFlowMatching(double shift)
    {
        double[] expected = [.. Enumerable.Range(0, 9).Select(i => 1 - i / 8.0).Select(t => shift * t / (1 + (shift - 1) * t))];
        Compare.Close(expected, Shifted(s_flow, shift), 1e-14);
    }

    /// <summary>The noise levels of two shifts multiply, in every process; and a shift of a process's own times is that of the interpolant's.</summary>
    [Fact]
    public void ShiftsCompose()
    {
        Process[] processes =
            [new LinearInterpolantProcess(0), new LinearInterpolantProcess(1e-3, 0.98), Models.Ou(), new VarianceExplodingProcess(0.03, 40)];
        foreach (Process process in processes)
        {
            var model = new GaussianMixtureModel(Models.Two(0.04), process);
            // Ends wherever s/a has a finite range: the fraction of the way of r/(r + shift) at the times of another shift, by hand.
            double[] ratios = [.. Shifted(model, 3 * 1.7).Select(t => process.At(t).NoiseToSignal)];
            double[] base3 = [.. ratios.Select(r => double.IsInfinity(r) ? 1 : r / 1.7 / (r / 1.7 + 3))];
            double step = base3[0] - base3[1];
            for (int i = 0; i < 8; i++) Assert.Equal(step, base3[i] - base3[i + 1], 1e-13);
        }
    }

    [Fact]
    public void AlignYourStepsIsThePublishedTable()
    {
        double[] table = [14.615, 6.475, 3.861, 2.697, 1.886, 1.396, 0.963, 0.652, 0.399, 0.152, 0.029];
        double[] tableXL = [14.615, 6.315, 3.771, 2.181, 1.342, 0.862, 0.555, 0.380, 0.234, 0.113, 0.029];
        var model = new GaussianMixtureModel(Models.Two(0.04), new VarianceExplodingProcess(0.029, 14.615));
        Compare.Close(table, model.CreateTimes(Grid.AlignYourSteps, 10), 1e-13);
        Compare.Close(tableXL, model.CreateTimes(Grid.AlignYourStepsXL, 10), 1e-13);
        double[] twice = model.CreateTimes(Grid.AlignYourSteps, 20);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(table[i], twice[2 * i], 1e-12);
            Assert.Equal(Math.Sqrt(table[i] * table[i + 1]), twice[2 * i + 1], 1e-12);
        }
        // NVIDIA's interpolation to five steps keeps every other level.
        Compare.Close([14.615, 3.861, 1.886, 0.963, 0.399, 0.029], model.CreateTimes(Grid.AlignYourSteps, 5), 1e-13);
        // Other ends: an affine map of the logarithm.
        double[] scaled = s_exploding.CreateTimes(Grid.AlignYourSteps, 10);
        for (int i = 0; i <= 10; i++)
        {
            double share = Math.Log(table[i] / 14.615) / Math.Log(0.029 / 14.615);
            Assert.Equal(Math.Log(40) + share * Math.Log(0.03 / 40), Math.Log(scaled[i]), 1e-13);
        }
    }

    /// <summary>One Gaussian at 0: x = √λ ξ, so the acceleration is proportional to |(√λ)''|, λ = (1 - t)²σ² + t².</summary>
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.33)]
    [InlineData(1)]
    public void SharpEulerOfOneGaussianHasAClosedForm(double gamma)
    {
        const double variance = 0.04;
        var model = new GaussianMixtureModel(Models.Isotropic([1], [[0.0, 0.0]], variance), new LinearInterpolantProcess(0));
        double[] times = [.. model.CreateSchedule(Grid.SharpEuler, 8, Solver.Euler, Chart.State, new GridOptions(Gamma: gamma)).Times];
        // (√λ)'' = σ²/λ^(3/2) for this λ, whose discriminant is constant.
        const int n = 100_000;
        double[] cumulative = new double[n + 1];
        for (int i = 0; i < n; i++)
        {
            double t = 1 - (i + 0.5) / n, spread = (1 - t) * (1 - t) * variance + t * t;
            cumulative[i + 1] = cumulative[i] + Math.Pow(variance / Math.Pow(spread, 1.5), gamma);
        }
        for (int i = 1; i < 8; i++) Assert.Equal(i / 8.0, cumulative[(int)Math.Round((1 - times[i]) * n)] / cumulative[n], 1e-3);
    }

    /// <summary>The published recipe on other trajectories: velocities along a fine uniform grid, differences, mean norms.</summary>
    [Fact]
    public void SharpEulerIsThePublishedRecipeOnExactTrajectories()
    {
        var mixture = new Mixture(
            [0.3, 0.7], [[0.8, 0.6], [-0.8, -0.6]], [Covariance.Full(2, [0.04, 0.01, 0.01, 0.03]), Covariance.Diagonal([0.035, 0.05])]);
        var model = new GaussianMixtureModel(mixture, new LinearInterpolantProcess(0.001, 0.999));
        const int n = 150, paths = 2000;
        double[] states = FlowSampling.DrawPrior<double>(model, paths, seed: 5), accelerations = new double[n], next = new double[2], velocity = new double[2];
        for (int i = 0; i < n; i++)
        {
            double from = At(i), to = At(i + 1);
            double[] ends = [.. states];
            model.FlowMaps(from, to, ends, 1e-8);
            for (int row = 0; row < states.Length; row += 2)
            {
                model.Velocity(from, states.AsSpan(row, 2), velocity);
                model.Velocity(to, ends.AsSpan(row, 2), next);
                accelerations[i] += Math.Sqrt(Math.Pow(velocity[0] - next[0], 2) + Math.Pow(velocity[1] - next[1], 2)) / (from - to) / paths;
            }
            states = ends;
        }
        double[] times = model.CreateTimes(Grid.SharpEuler, 8, Solver.Euler);
        double total = accelerations.Sum(Math.Sqrt);
        for (int i = 1; i < 8; i++)
        {
            double position = (0.999 - times[i]) / 0.998 * n, below = 0;
            for (int j = 0; j < n; j++) below += Math.Sqrt(accelerations[j]) * Math.Clamp(position - j, 0, 1);
            // 2000 random paths against 1024 evenly spread ones.
            Assert.Equal(i / 8.0, below / total, 0.01);
        }
        static double At(int i) => 0.999 - 0.998 * i / n;
    }

    [Fact]
    public void SharpEulerOfStraightTrajectoriesIsUniform()
    {
        // The stationary law does not move.
        var model = new GaussianMixtureModel(Models.Isotropic([1], [[0.0]], 1), Models.Ou());
        Compare.Close(model.CreateTimes(Grid.Uniform, 10), model.CreateTimes(Grid.SharpEuler, 10, Solver.Euler), 1e-14);
    }

    /// <summary>Two steps have one time to choose: a scan finds no better one.</summary>
    [Theory]
    [InlineData(Solver.Euler)]
    [InlineData(Solver.Heun)]
    [InlineData(Solver.DpmSolverPlusPlus2M)]
    public void GaussianOptimalOfTwoStepsIsTheMinimumOfAScan(Solver solver)
    {
        var model = new GaussianMixtureModel(Models.Isotropic([1], [[0.7]], 0.09), new LinearInterpolantProcess(0.01, 0.98));
        Chart chart = SolverMethod.Of(solver).NativeChart == NativeChart.Any ? Chart.State : Chart.Auto;
        double found = Error(model, solver, chart, [.. model.CreateSchedule(Grid.GaussianOptimal, 2, solver, chart).Times]);
        double least = Enumerable.Range(1, 1999).Min(i => Error(model, solver, chart, [0.98, 0.01 * Math.Pow(98, 1 - i / 2000.0), 0.01]));
        Assert.InRange(found, 0, least * 1.001);
    }

    [Theory]
    [InlineData(Solver.Euler, 8)]
    [InlineData(Solver.Heun, 5)]
    [InlineData(Solver.DpmSolverPlusPlus3M, 12)]
    public void GaussianOptimalIsBetterThanAllOthersAndALocalMinimum(Solver solver, int steps)
    {
        var model = new GaussianMixtureModel(Models.Isotropic([1], [[0.7]], 0.09), new LinearInterpolantProcess(0.01, 0.98));
        Chart chart = SolverMethod.Of(solver).NativeChart == NativeChart.Any ? Chart.State : Chart.Auto;
        double[] times = [.. model.CreateSchedule(Grid.GaussianOptimal, steps, solver, chart).Times];
        double found = Error(model, solver, chart, times);
        // Those of multistep solvers that search whole samplers may end in another minimum.
        bool isMultistep = SolverMethod.Of(solver).IsMultistep;
        foreach (Grid grid in Enum.GetValues<Grid>().Where(grid => grid != Grid.Profile && !(isMultistep && grid is Grid.Auto or Grid.Optimal)))
            Assert.True(found <= 1.001 * Error(model, solver, chart, [.. model.CreateSchedule(grid, steps, solver, chart).Times]), $"{grid}");
        for (int i = 1; i < steps; i++)
        {
            foreach (int neighbour in new[] { i - 1, i + 1 })
            {
                double[] moved = [.. times];
                moved[i] += 0.05 * (moved[neighbour] - moved[i]);
                Assert.True(Error(model, solver, chart, moved) > 0.999 * found, $"{i} towards {neighbour}");
            }
        }
    }

    /// <summary>Of a mixture only the mean and the covariance count.</summary>
    [Fact]
    public void GaussianOptimalSeesMeanAndCovarianceOnly()
    {
        var mixture = new Mixture(
            [0.25, 0.75], [[1.0, 0.5], [-1.0, 0.0]], [Covariance.Full(2, [0.2, 0.1, 0.1, 0.3]), Covariance.Diagonal([0.35, 0.05])]);
        // Between: w₁w₂ΔΔᵀ with Δ = (2, ½).
        var gaussian = new Mixture(
            [1], [[-0.5, 0.125]], [Covariance.Full(2, [
                0.25 * 0.2 + 0.75 * 0.35 + 0.1875 * 4, 0.25 * 0.1 + 0.1875, 0.25 * 0.1 + 0.1875, 0.25 * 0.3 + 0.75 * 0.05 + 0.1875 * 0.25])]);
        var process = new LinearInterpolantProcess(0.001);
        Compare.Close(
            new GaussianMixtureModel(gaussian, process).CreateSchedule(Grid.GaussianOptimal, 6, Solver.Heun, Chart.State).Times.AsSpan(),
            new GaussianMixtureModel(mixture, process).CreateSchedule(Grid.GaussianOptimal, 6, Solver.Heun, Chart.State).Times.AsSpan(), 1e-6);
    }

    /// <summary>Above 64 steps, the density of the best 64: on the way the error falls as the method's order says.</summary>
    [Fact]
    public void GaussianOptimalOfManySteps()
    {
        var model = new GaussianMixtureModel(Models.Isotropic([1], [[0.7]], 0.09), new LinearInterpolantProcess(0.01, 0.98));
        double coarse = Error(model, Solver.Euler, Chart.State, [.. model.CreateSchedule(Grid.GaussianOptimal, 64, Solver.Euler, Chart.State).Times]);
        double fine = Error(model, Solver.Euler, Chart.State, [.. model.CreateSchedule(Grid.GaussianOptimal, 256, Solver.Euler, Chart.State).Times]);
        Assert.InRange(Math.Sqrt(coarse / fine), 3.3, 4.7);
    }

    [Fact]
    public void ParametersMustBePositiveAndFinite()
    {
        foreach (double value in new[] { 0, -1, double.NaN, double.PositiveInfinity })
        {
            foreach ((string name, GridOptions options) in new[]
            {
                ("Rho", new GridOptions(Rho: value)), ("Alpha", new(Alpha: value)), ("Beta", new(Beta: value)), ("Shift", new(Shift: value)),
                ("Gamma", new(Gamma: value)),
            })
            {
                var error = Assert.Throws<ArgumentOutOfRangeException>(() => s_flow.CreateSchedule(Grid.Uniform, 4, Solver.Heun, Chart.Auto, options));
                Assert.Contains(name, error.Message, StringComparison.Ordinal);
            }
        }
    }

    private static double[] Shifted(GaussianMixtureModel model, double shift)
        => [.. model.CreateSchedule(Grid.Shift, 8, Solver.Heun, Chart.Auto, new GridOptions(Shift: shift)).Times];

    /// <summary>E|S(x) - Φ(x)|² of one Gaussian in one dimension, where both maps are affine, from the images of two points.</summary>
    private static double Error(GaussianMixtureModel model, Solver solver, Chart chart, double[] times)
    {
        FlowProgram program = model.CreateProgram(solver, times, chart);
        double[] reached = [0, 1];
        model.Integrate(program, reached);
        ProcessPoint from = model.Process.At(times[0]), to = model.Process.At(times[^1]);
        double mean = model.Mixture.Means[0][0], variance = model.Mixture.Covariances[0].Variances[0], before = from.Spread(variance);
        double slope = reached[1] - reached[0], stretch = slope - Math.Sqrt(to.Spread(variance) / before);
        double shift = reached[0] + slope * from.A * mean - to.A * mean;
        return stretch * stretch * before + shift * shift;
    }
}
