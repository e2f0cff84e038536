using System.Collections.Immutable;
using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

/// <summary>Steps to, from and between nodes at which the log signal-to-noise ratio is infinite.</summary>
public class InfiniteLogSnrTests
{
    // One Gaussian in the canonical chart of its own variance: the slope is its mean, and every solver is exact.
    private const double Mean = 0.75, Variance = 0.25;
    private static readonly Mixture s_gaussian = Models.Isotropic([1], [[Mean]], Variance);

    public static TheoryData<Solver> Solvers => new(Models.Solvers.Where(solver => SolverMethod.Of(solver).NativeChart != NativeChart.DataPredictionAlone));

    /// <summary>e^-800 and e^-760 are 0: the first two nodes are pure noise, and the third all but.</summary>
    [Theory]
    [MemberData(nameof(Solvers))]
    public void TwoNodesOfPureNoiseAreTheExactFlow(Solver solver)
        => AssertExact(
            new OrnsteinUhlenbeckProcess(horizon: 800), solver, [.. Enumerable.Range(0, 21).Select(i => i == 20 ? 1e-3 : 800 - i * (800 - 1e-3) / 20)]);

    [Theory]
    [MemberData(nameof(Solvers))]
    public void NoisingUpToPureNoiseIsTheExactFlow(Solver solver) => AssertExact(new LinearInterpolantProcess(), solver, [0.1, 0.3, 0.6, 0.85, 1]);

    [Theory]
    [MemberData(nameof(Solvers))]
    public void NoisingPastTheLastSignalIsTheExactFlow(Solver solver)
        => AssertExact(new OrnsteinUhlenbeckProcess(horizon: 900), solver, [0.01, 1, 700, 744, 760, 900]);

    [Theory]
    [MemberData(nameof(Solvers))]
    public void FromPureNoiseToTheDataIsTheExactFlow(Solver solver) => AssertExact(new LinearInterpolantProcess(0), solver, [1, 0.9, 0.5, 0.1, 0]);

    /// <summary>Times so early that double precision cannot tell their clocks apart.</summary>
    [Theory]
    [MemberData(nameof(Solvers))]
    public void NodesWithOneClockAreTheExactFlow(Solver solver) => AssertExact(Models.Ou(1e-40), solver, [3, 1, 0.1, 1e-25, 1e-30, 1e-35, 1e-40]);

    /// <summary>A node at infinity is the limit of far ones: an earlier difference over a distance of Δ in log ζ has a weight of h/Δ.</summary>
    [Theory]
    [InlineData(Solver.DpmSolverPlusPlus2M)]
    [InlineData(Solver.DpmSolverPlusPlus3M)]
    public void CoefficientsAfterPureNoiseAreLimits(Solver solver)
    {
        var process = new OrnsteinUhlenbeckProcess(horizon: 800);
        ChartFrame frame = ChartFrame.Canonical(0);
        ImmutableArray<FlowStep> far = FlowProgram.Create(process, frame, solver, [700, 2, 1, 0.5]).Steps;
        ImmutableArray<FlowStep> infinite = FlowProgram.Create(process, frame, solver, [800, 2, 1, 0.5]).Steps;
        for (int i = 0; i < 3; i++)
        {
            Combination expected = far[i].Results[^1], actual = infinite[i].Results[^1];
            Assert.Equal(expected.State, actual.State, 1e-14);
            for (int l = 0; l < expected.Slopes.Length; l++)
                Assert.Equal(expected.Slopes[l], l < actual.Slopes.Length ? actual.Slopes[l] : 0, 1.0 / 690);
        }
        Assert.Single(infinite[0].Results[^1].Slopes);
        Assert.Single(infinite[1].Results[^1].Slopes);
    }

    /// <summary>Without signal DEIS takes DDIM's step, and goes on as if it had started there.</summary>
    [Theory]
    [InlineData(Solver.Deis2)]
    [InlineData(Solver.Deis3)]
    public void DeisStartsFromPureNoiseLikeDdim(Solver solver)
    {
        var process = new LinearInterpolantProcess(0);
        ChartFrame frame = ChartFrame.Canonical(0);
        double[] times = [1, 0.8, 0.5, 0.2, 0];
        ImmutableArray<FlowStep> steps = FlowProgram.Create(process, frame, solver, times).Steps;
        FlowStep first = FlowProgram.Create(process, frame, Solver.Ddim, times).Steps[0];
        Assert.Equal(first.Results[0], steps[0].Results[^1]);
        Assert.Equal(first.Stages[0].Input, steps[0].Stages[0].Input);
        Assert.Equal(1, steps[0].Stages[0].Field.MeanFactor);
        ImmutableArray<FlowStep> later = FlowProgram.Create(process, frame, solver, times[1..]).Steps;
        for (int i = 0; i < 3; i++) Assert.Equal(later[i].Results[^1], steps[i + 1].Results[^1]);
    }

    /// <summary>Closed forms of the extrapolation of ε in t = r, the noise level of a process whose signal does not fade: Adams-Bashforth.</summary>
    [Fact]
    public void DeisOfAConstantSignalIsAdamsBashforth()
    {
        var process = new VarianceExplodingProcess(0.1, 5);
        double[] times = [5, 4.2, 2.9, 1.3, 0.1];
        ImmutableArray<FlowStep> expected = FlowProgram.Create(process, ChartFrame.Edm, Solver.AdamsBashforth3, times).Steps;
        ImmutableArray<FlowStep> actual = FlowProgram.Create(process, ChartFrame.Canonical(0), Solver.Deis3, times).Steps;
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(expected[i].Results.Length, actual[i].Results.Length);
            for (int known = 0; known < expected[i].Results.Length; known++)
            {
                Compare.Close(expected[i].Results[known].Slopes.AsSpan(), actual[i].Results[known].Slopes.AsSpan(), 1e-12);
                Assert.Equal(1, actual[i].Results[known].State, 1e-15);
            }
        }
    }

    [Fact]
    public void ARatioBeyondTheRangeOfSquaresHasItsTime()
    {
        var process = new OrnsteinUhlenbeckProcess(beta: 0.5, sigma: 2);
        foreach (double t in new[] { 0.5, 100, 600, 1000, 1380 })
            Assert.Equal(t, process.TimeAt(process.At(t).NoiseToSignal), 1e-12 * t);
        double last = process.TimeAt(double.PositiveInfinity);
        Assert.True(double.IsFinite(last) && process.At(last).A == 0);
        var frame = ChartFrame.Canonical(0.3);
        Assert.Equal(1380, frame.TimeAt(process, frame.Clock(process.At(1380))), 1e-9);
    }

    /// <summary>The squares of these are 0 or infinite, or so would be the products with them: out of the supported range.</summary>
    [Fact]
    public void NoiseWhoseVarianceIsNoNumberIsRefused()
    {
        Refuses(new VarianceExplodingProcess(1e-165), "SigmaMin is 1e-165; it must be from 1e-50");
        Refuses(new VarianceExplodingProcess(1, 1e155), "SigmaMax is 1e+155; it must be from 1e-50");
        Refuses(new OrnsteinUhlenbeckProcess(sigma: 1e200), "Sigma is 1e+200; it must be from 1e-50");
        Refuses(new OrnsteinUhlenbeckProcess(sigma: 1e-200), "Sigma is 1e-200; it must be from 1e-50");
        Refuses(new OrnsteinUhlenbeckProcess(horizon: 1e-308, earlyStop: 0), "Horizon is 1e-308");
        Assert.Null(new OrnsteinUhlenbeckProcess(earlyStop: 0).Unresolved);
        Assert.Null(new VarianceExplodingProcess(0, 1e50).Unresolved);

        static void Refuses(Process process, string words)
        {
            var exception = Assert.Throws<ArgumentException>(() => new GaussianMixtureModel(s_gaussian, process));
            Assert.Contains(words.ToUpperInvariant(), exception.Message.ToUpperInvariant(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ANumberThatIsNotFiniteIsRefusedWithIt()
    {
        var far = new GaussianMixtureModel(Models.Isotropic([1], [[1e45]], 1), new VarianceExplodingProcess(1e-5, 1e5));
        // s s' C⁻¹ = 1e-50/1e-100 at the data end of a point mass, times the mean: the greatest within the supported range.
        var dirac = new GaussianMixtureModel(Models.Isotropic([0.5, 0.5], [[1e50], [-1e50]], 0), new VarianceExplodingProcess(1e-50, 1));
        Assert.Null(dirac.CreateProgram(Solver.Heun, [1, 1e-50], Chart.State).Fault(dirac.Mixture));
        Assert.NotNull(far.CreateProgram(Solver.Heun, [1e5, 1e-5]).Fault(far.Mixture, Precision.Single));
        Assert.Null(far.CreateProgram(Solver.Heun, [1e5, 1e-5]).Fault(far.Mixture));
    }

    private static void AssertExact(Process process, Solver solver, double[] times)
    {
        var model = new GaussianMixtureModel(s_gaussian, process);
        ProcessPoint from = process.At(times[0]), to = process.At(times[^1]);
        double[] states = [-1.5, 0.2, 2.5];
        double stretch = Math.Sqrt(to.Spread(Variance) / from.Spread(Variance));
        double[] expected = [.. states.Select(x => to.A * Mean + stretch * (x - from.A * Mean))];
        model.Integrate(model.CreateProgram(solver, times, Chart.Canonical), states);
        Compare.Close(expected, states, 1e-12, 1);
    }
}
