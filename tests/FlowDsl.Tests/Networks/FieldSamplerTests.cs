using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Processes;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Tests;

/// <summary>Programs on fields that are functions of the mixture itself: what comes out is what the mixture's own field gives.</summary>
public class FieldSamplerTests
{
    private static readonly Mixture s_mixture = new(
        [0.3, 0.7], [[-1.1, 0.5], [0.7, 0.2]], [Covariance.Full(2, [0.4, 0.1, 0.1, 0.2]), Covariance.Diagonal([0.3, 0.5])]);

    public static TheoryData<Solver> Solvers => new(Models.Solvers);

    public static TheoryData<Prediction, NetworkTime> Conventions
    {
        get
        {
            var data = new TheoryData<Prediction, NetworkTime>();
            foreach (Prediction prediction in Enum.GetValues<Prediction>())
                foreach (NetworkTime time in Enum.GetValues<NetworkTime>()) data.Add(prediction, time);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Solvers))]
    public void ExactVelocitiesGiveTheSamplersStates(Solver solver)
    {
        foreach (Process process in Models.Processes(0.02))
        {
            var model = new GaussianMixtureModel(s_mixture, process);
            foreach (Chart chart in Enum.GetValues<Chart>().Where(chart => ChartFrame.Exists(chart, solver)))
            {
                double[] times = model.CreateTimes(Grid.Angle, 4);
                if (FlowProgram.Singularity(process, ChartFrame.For(chart, solver, s_mixture.MeanVariance), solver, times) is not null) times[0] = 0.95;
                // Four steps over sixty training steps are stiff in the chart of states: stages of opposite signs amplify single precision's rounding.
                AssertSame(SamplerDescriptor.Create(model, solver, times, chart), new NetworkConvention(), process is VariancePreservingProcess ? 2e-4 : 3e-5);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Conventions))]
    public void EveryConventionGivesTheSamplersStates(Prediction prediction, NetworkTime time)
    {
        foreach (Process process in Models.Processes(0.02))
        {
            var model = new GaussianMixtureModel(s_mixture, process);
            foreach (Solver solver in (Solver[])[Solver.Heun, Solver.DpmSolverPlusPlus3M])
            {
                SamplerDescriptor plan = SamplerDescriptor.Create(model, solver, model.CreateTimes(Grid.Angle, 4));
                AssertSame(plan, Convention(prediction, time), 1e-4);
            }
        }
    }

    public static TheoryData<TrainingSchedule, Prediction> Trainings
    {
        get
        {
            var data = new TheoryData<TrainingSchedule, Prediction>();
            double[] betas = [.. Enumerable.Range(0, 400).Select(i => 1e-4 + 0.03 * i / 400)];
            TrainingSchedule[] schedules =
            [
                TrainingSchedule.Linear(), TrainingSchedule.ScaledLinear(), TrainingSchedule.SquaredCosine(), TrainingSchedule.FromBetas(betas),
                TrainingSchedule.Flow,
            ];
            foreach (TrainingSchedule schedule in schedules)
            {
                foreach (Prediction prediction in Enum.GetValues<Prediction>())
                    if (prediction != Prediction.Preconditioned && (prediction != Prediction.Velocity || schedule == TrainingSchedule.Flow))
                        data.Add(schedule, prediction);
            }
            return data;
        }
    }

    /// <summary>A network of one process runs the sampler of another.</summary>
    [Theory]
    [MemberData(nameof(Trainings))]
    public void NetworksOfOtherSchedulesGiveTheSamplersStates(TrainingSchedule training, Prediction prediction)
    {
        foreach (Process process in Models.Processes(0.02))
        {
            var model = new GaussianMixtureModel(s_mixture, process);
            double[] times = [.. ((double[])[10, 4, 1.5, 0.6, 0.2, 0.05]).Select(process.TimeAt)];
            foreach (Solver solver in (Solver[])[Solver.Heun, Solver.DpmSolverPlusPlus3M])
            {
                foreach (Chart chart in (Chart[])[Chart.Auto, Chart.State])
                {
                    if (!ChartFrame.Exists(chart, solver)) continue;
                    // States of the variance exploding process are ten deviations wide.
                    AssertSame(
                        SamplerDescriptor.Create(model, solver, times, chart),
                        new NetworkConvention { Prediction = prediction, Training = training }, 3e-4);
                }
            }
        }
    }

    [Fact]
    public void PredictionsWithoutAMeaningAreRefused()
    {
        SamplerDescriptor plan = SamplerDescriptor.Create(new GaussianMixtureModel(s_mixture, new LinearInterpolantProcess()), Solver.Euler, [1, 0.5, 0.001]);
        Assert.Contains("Velocity", Refusal(Prediction.Velocity, TrainingSchedule.Linear()), StringComparison.Ordinal);
        Assert.Contains("Preconditioned", Refusal(Prediction.Preconditioned, TrainingSchedule.Flow), StringComparison.Ordinal);

        string Refusal(Prediction prediction, TrainingSchedule training)
            => Assert.Throws<ArgumentException>(() => new FieldSampler(plan, new NetworkConvention { Prediction = prediction, Training = training })).Message;
    }

    /// <summary>From pure noise to the data: no noise at the one end, no signal at the other, and an infinite log(a²/s²) at both.</summary>
    [Theory]
    [MemberData(nameof(Conventions))]
    public void WholeIntervalsAreTheSamplersToo(Prediction prediction, NetworkTime time)
    {
        var model = new GaussianMixtureModel(s_mixture, new LinearInterpolantProcess(0));
        double[] times = [1, 0.8, 0.6, 0.4, 0.2, 0];
        foreach (Solver solver in Models.Solvers)
        {
            foreach (Chart chart in (Chart[])[Chart.Auto, Chart.State])
            {
                if (!ChartFrame.Exists(chart, solver)) continue;
                AssertSame(SamplerDescriptor.Create(model, solver, times, chart), Convention(prediction, time), 1e-3);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Solvers))]
    public void PartsAndBatchesAreTheWhole(Solver solver)
    {
        var model = new GaussianMixtureModel(s_mixture, new LinearInterpolantProcess());
        SamplerDescriptor plan = SamplerDescriptor.Create(model, solver, model.CreateTimes(Grid.Angle, 6));
        INetworkField field = ExactField.Of(model, new NetworkConvention());
        var sampler = new FieldSampler(plan);
        foreach (int count in (int[])[0, 1, 2, 3, 7, 50, 257])
        {
            float[] starts = Starts(plan, count), whole = [.. starts];
            sampler.Integrate(whole, field);
            float[] parts = [.. starts], history = new float[starts.Length * plan.HistoryLength];
            foreach ((int first, int segments) in ((int, int)[])[(0, 1), (1, 0), (1, 3), (4, 2)]) sampler.Integrate(parts, field, history, first, segments);
            Compare.SameBits<float>(whole, parts, $"parts, {count}");
            float[] batches = [.. starts];
            new FieldSampler(plan, batchSize: 3).Integrate(batches, field);
            Compare.SameBits<float>(whole, batches, $"batches, {count}");
            if (plan.HistoryLength > 0) continue;
            float[] maps = [.. starts];
            sampler.Integrate(maps, field, 0, 2);
            sampler.Integrate(maps, field, 2, 4);
            Compare.SameBits<float>(whole, maps, $"flow maps, {count}");
        }
    }

    [Fact]
    public void NetworkSeesEveryStateOnceAnEvaluation()
    {
        var model = new GaussianMixtureModel(s_mixture, new LinearInterpolantProcess(0.02));
        SamplerDescriptor plan = SamplerDescriptor.Create(model, Solver.Heun, model.CreateTimes(Grid.Angle, 3));
        var calls = new List<(double Time, int States)>();
        var field = new DelegateField(2, (time, states, outputs) =>
        {
            calls.Add((time, states.Length / 2));
            outputs.Clear();
        });
        var sampler = new FieldSampler(plan, new NetworkConvention { TimeScale = 1000 }, batchSize: 4);
        sampler.Integrate(new float[2 * 10], field);
        Assert.Equal(10 * sampler.FunctionEvaluations, calls.Sum(call => call.States));
        Assert.Equal(4, calls.Max(call => call.States));
        Assert.Equal(
            model.CreateProgram(plan.Solver, plan.Times).Steps.SelectMany(step => step.Stages).Select(stage => 1000 * stage.Field.Point.Time),
            calls.Take(6).Select(call => call.Time));
    }

    [Fact]
    public void StatesThatAreNotFiniteAreNaNAndLeaveTheOthersAlone()
    {
        var model = new GaussianMixtureModel(s_mixture, new LinearInterpolantProcess());
        SamplerDescriptor plan = SamplerDescriptor.Create(model, Solver.DpmSolverPlusPlus2M, model.CreateTimes(Grid.Angle, 4));
        var sampler = new FieldSampler(plan);
        INetworkField field = ExactField.Of(model, new NetworkConvention());
        float[] expected = Starts(plan, 20), states = [.. expected];
        states[7] = float.NaN;
        states[30] = float.PositiveInfinity;
        sampler.Integrate(expected, field);
        sampler.Integrate(states, field);
        for (int i = 0; i < 20; i++)
        {
            if (i is 3 or 15) Assert.All(states[(2 * i)..(2 * i + 2)], value => Assert.True(float.IsNaN(value)));
            else Compare.SameBits<float>(expected.AsSpan(2 * i, 2), states.AsSpan(2 * i, 2), $"{i}");
        }
    }

    [Fact]
    public void NothingIsAllocatedInSteadyState()
    {
        var model = new GaussianMixtureModel(s_mixture, new LinearInterpolantProcess(0));
        var field = new DelegateField(2, (_, states, outputs) => states.CopyTo(outputs));
        foreach (Solver solver in (Solver[])[Solver.Heun, Solver.DpmSolverPlusPlus3M])
        {
            var sampler = new FieldSampler(SamplerDescriptor.Create(model, solver, [1, 0.6, 0.3, 0]), new NetworkConvention { Prediction = Prediction.Noise });
            float[] states = new float[100];
            long least = long.MaxValue;
            for (int attempt = 0; attempt < 5 && least > 0; attempt++)
            {
                sampler.Integrate(states, field);
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int i = 0; i < 10; i++) sampler.Integrate(states, field);
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }
            Assert.Equal(0, least);
        }
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        var model = new GaussianMixtureModel(s_mixture, new LinearInterpolantProcess());
        SamplerDescriptor plan = SamplerDescriptor.Create(model, Solver.DpmSolverPlusPlus2M, model.CreateTimes(Grid.Angle, 4));
        var sampler = new FieldSampler(plan);
        INetworkField field = ExactField.Of(model, new NetworkConvention());
        Assert.Contains("3 coordinates", Assert.Throws<ArgumentException>(
            () => sampler.Integrate(new float[2], new DelegateField(3, (_, _, _) => { }))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => sampler.Integrate(new float[3], field));
        Assert.Throws<ArgumentException>(() => sampler.Integrate(new float[4], field, new float[3], 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => sampler.Integrate(new float[4], field, 5, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => sampler.Integrate(new float[4], field, 1, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FieldSampler(plan, batchSize: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DelegateField(0, (_, _, _) => { }));
    }

    private static void AssertSame(SamplerDescriptor plan, NetworkConvention convention, double tolerance)
    {
        GaussianMixtureModel model = plan.Model;
        float[] states = Starts(plan, 40);
        double[] expected = Array.ConvertAll(states, value => (double)value);
        model.Integrate(model.CreateProgram(plan.Solver, plan.Times, plan.Chart), expected);
        new FieldSampler(plan, convention).Integrate(states, ExactField.Of(model, convention));
        Compare.Close(expected, Array.ConvertAll(states, value => (double)value), tolerance, 1, $"{plan.Title}, {model.Process}, {convention}");
    }

    // Steps are counted so finely that rounding them loses nothing.
    private static NetworkConvention Convention(Prediction prediction, NetworkTime time)
        => new() { Prediction = prediction, Time = time, TimeScale = time == NetworkTime.Timestep ? 1e9 : -0.75 };

    private static float[] Starts(SamplerDescriptor plan, int count)
        => [.. PriorPoints.Draw(plan.Model.Mixture, plan.Model.Process.At(plan.Times[0]), Math.Max(1, count)).Pilot
            .Take(count).SelectMany(x => x).Select(x => (float)x)];
}
