using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

/// <summary>Schedules that networks are trained on, against their definitions.</summary>
public class TrainingScheduleTests
{
    [Fact]
    public void LevelsOfGivenBetasFollowTheDefinition()
    {
        // α̅ = 0.9, 0.72, 0.432.
        var schedule = TrainingSchedule.FromBetas([0.1, 0.2, 0.4]);
        Assert.Equal([Math.Sqrt(0.1 / 0.9), Math.Sqrt(0.28 / 0.72), Math.Sqrt(0.568 / 0.432)], schedule.Sigmas, (x, y) => Math.Abs(x - y) < 1e-14);
        Assert.Equal(schedule, TrainingSchedule.FromBetas([0.1, 0.2, 0.4]));
        Assert.NotEqual(schedule, TrainingSchedule.FromBetas([0.1, 0.2, 0.3]));
    }

    /// <summary>β are the increments of log α̅, whatever named schedule they come from.</summary>
    [Fact]
    public void NamedSchedulesHaveTheirBetas()
    {
        Same(TrainingSchedule.Linear(5, 0.1, 0.3), [0.1, 0.15, 0.2, 0.25, 0.3]);
        Same(TrainingSchedule.ScaledLinear(3, 0.04, 0.16), [0.04, 0.09, 0.16]);
        // cos² of π/2 times (i/2 + .008)/1.008, the last one capped.
        double Signal(double share) => Math.Pow(Math.Cos((share + 0.008) / 1.008 * Math.PI / 2), 2);
        Same(TrainingSchedule.SquaredCosine(2), [1 - Signal(0.5) / Signal(0), 0.999]);

        static void Same(TrainingSchedule schedule, double[] betas)
        {
            double[] signals = [1, .. schedule.Sigmas.Select(sigma => 1 / (1 + sigma * sigma))];
            Assert.Equal(betas, [.. signals.Zip(signals.Skip(1), (before, after) => 1 - after / before)], (x, y) => Math.Abs(x - y) < 1e-12);
        }
    }

    [Fact]
    public void TimesAndLevelsAreInverse()
    {
        foreach (TrainingSchedule schedule in (TrainingSchedule[])
            [TrainingSchedule.Linear(), TrainingSchedule.ScaledLinear(), TrainingSchedule.SquaredCosine(), TrainingSchedule.Flow])
        {
            double last = schedule == TrainingSchedule.Flow ? 0.999 : 999;
            for (int i = 0; i <= 300; i++)
            {
                double time = last * i / 300;
                Assert.Equal(time, schedule.TimeOf(schedule.SigmaOf(time)), 1e-8 * last);
            }
        }
        // Flow matching: x = (1 - t) x_0 + t ε.
        Assert.Equal(
            (0.25, 1.0, 1.0 / 3),
            (TrainingSchedule.Flow.TimeOf(1.0 / 3), TrainingSchedule.Flow.TimeOf(double.PositiveInfinity), TrainingSchedule.Flow.SigmaOf(0.25)));
        // Half way between two steps is half way in log σ.
        TrainingSchedule linear = TrainingSchedule.Linear();
        Assert.Equal(Math.Sqrt(linear.Sigmas[100] * linear.Sigmas[101]), linear.SigmaOf(100.5), 1e-12);
        Assert.Equal((0, 999), (linear.TimeOf(0), linear.TimeOf(1e9)));
    }

    [Fact]
    public void WhatIsOutOfRangeIsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TrainingSchedule.Linear(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => TrainingSchedule.Linear(betaStart: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => TrainingSchedule.ScaledLinear(betaEnd: 1e-5));
        Assert.Throws<ArgumentOutOfRangeException>(() => TrainingSchedule.SquaredCosine(0));
        Assert.Contains("Beta 1", Assert.Throws<ArgumentException>(() => TrainingSchedule.FromBetas([0.1, 1])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => TrainingSchedule.FromBetas([0.1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => TrainingSchedule.Flow.TimeOf(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => TrainingSchedule.Linear().SigmaOf(1000));
    }
}
