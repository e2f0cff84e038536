using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Solvers;

namespace FlowDsl.Tests;

/// <summary>A step of the companion is two half steps of the solver.</summary>
public class CompanionProgramTests
{
    private static readonly Mixture s_mixture =
        new([0.4, 0.6], [[-0.8, 0.3], [0.9, 0.1]], [Covariance.Isotropic(2, 0.5), Covariance.Full(2, [0.6, 0.2, 0.2, 0.4])]);

    public static TheoryData<Solver, Chart> OneStepSolvers
    {
        get
        {
            var data = new TheoryData<Solver, Chart>();
            foreach (Solver solver in Models.Solvers.Where(solver => !SolverMethod.Of(solver).IsMultistep))
                foreach (Chart chart in SolverMethod.Of(solver).NativeChart switch
                {
                    NativeChart.Any => new[] { Chart.State, Chart.Edm, Chart.Canonical },
                    NativeChart.DataPrediction => [Chart.Auto, Chart.Canonical],
                    _ => [Chart.Auto],
                })
                    data.Add(solver, chart);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(OneStepSolvers))]
    public void AStepIsTwoHalfSteps(Solver solver, Chart chart)
    {
        var model = new GaussianMixtureModel(s_mixture, new OrnsteinUhlenbeckProcess());
        ChartFrame frame = ChartFrame.For(chart, solver, s_mixture.MeanVariance);
        double[] times = [3, 1.2, 0.5, 0.1], halves = Bisection.Times(model.Process, frame, solver, times);
        FlowProgram companion = CompanionProgram.Create(model.Process, frame, solver, times);
        int stages = SolverMethod.Of(solver).Nodes.Length;
        Assert.Equal(3 * 2 * stages, companion.FunctionEvaluations);

        double[] start = [0.7, -1.1], expected = [.. start], actual = [.. start];
        for (int i = 0; i < 3; i++)
        {
            double[] whole = [.. expected];
            model.Integrate(FlowProgram.Create(model.Process, frame, solver, times[i..(i + 2)]), whole);
            model.Integrate(FlowProgram.Create(model.Process, frame, solver, halves[(2 * i)..(2 * i + 3)]), expected);
            // Methods of one stage are extrapolated step by step.
            for (int j = 0; j < 2 && stages == 1; j++) expected[j] += expected[j] - whole[j];
        }
        model.Integrate(companion, actual);
        Compare.Within(expected, actual, 1e-13, $"{solver} in {chart}");
    }

    /// <summary>What the distance is multiplied by leaves an order more: halving the steps divides the error of the estimate by 2^(p+1).</summary>
    [Theory]
    [InlineData(Solver.Euler)]
    [InlineData(Solver.Heun)]
    [InlineData(Solver.BogackiShampine32)]
    [InlineData(Solver.RungeKutta4)]
    [InlineData(Solver.DpmSolverPlusPlus2S)]
    [InlineData(Solver.DpmSolverPlusPlus3S)]
    public void TheEstimateIsAnOrderMoreExact(Solver solver)
    {
        var model = new GaussianMixtureModel(s_mixture, new OrnsteinUhlenbeckProcess(horizon: 1.5, earlyStop: 0.05));
        ChartFrame frame = ChartFrame.For(Chart.Auto, solver, s_mixture.MeanVariance);
        double[] start = [0.7, -1.1], exact = new double[2];
        model.FlowMap(1.5, 0.05, start, exact);
        double coarse = Error(16), fine = Error(32);
        double order = Math.Log2(coarse / fine);
        Assert.InRange(order, SolverMethod.Of(solver).Order + 0.7, SolverMethod.Of(solver).Order + 1.5);

        double Error(int steps)
        {
            double[] times = model.CreateTimes(Grid.Angle, steps), x = [.. start], own = [.. start];
            model.Integrate(CompanionProgram.Create(model.Process, frame, solver, times), x);
            model.Integrate(FlowProgram.Create(model.Process, frame, solver, times), own);
            for (int j = 0; j < 2; j++) x[j] = own[j] + CompanionProgram.Excess(solver) * (x[j] - own[j]);
            return Compare.Distance(exact, x);
        }
    }

    /// <summary>Down to the data, where the clock of data prediction ends at infinity.</summary>
    [Fact]
    public void ItReachesTheData()
    {
        var model = new GaussianMixtureModel(s_mixture, new OrnsteinUhlenbeckProcess(earlyStop: 0));
        double[] x = [0.7, -1.1], exact = new double[2];
        model.FlowMap(3, 0, x, exact);
        model.Integrate(CompanionProgram.Create(model.Process, ChartFrame.Canonical(0), Solver.Ddim, model.CreateTimes(Grid.Angle, 64)), x);
        Compare.Within(exact, x, 2e-2, "Ddim to t = 0");
    }
}
