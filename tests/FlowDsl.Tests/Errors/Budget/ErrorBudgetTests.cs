using System.Globalization;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;
using Xunit.Abstractions;

namespace FlowDsl.Tests;

/// <summary>The error of a composition, divided among its segments.</summary>
[Trait("Hardware", "Any")]
public class ErrorBudgetTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, Mixture> s_mixtures = new()
    {
        ["two on the line"] = Models.Two(0.25),
        ["two in the plane"] = Models.TwoPlanar(0.04),
        ["ordered full"] = Models.OrderedFull(),
        ["crossing"] = Models.Crossing(),
        ["ring"] = Models.Isotropic(
            [.. Enumerable.Repeat(0.125, 8)],
            [.. Enumerable.Range(0, 8).Select(k => new[] { 4 * Math.Cos(Math.PI * k / 4), 4 * Math.Sin(Math.PI * k / 4) })],
            0.09),
    };

    public static TheoryData<string> Mixtures => new(s_mixtures.Keys);

    /// <summary>The contributions sum to what the flow map from the starts to the end says, in one go and sample by sample.</summary>
    [Theory]
    [MemberData(nameof(Mixtures))]
    public void TheContributionsSumToTheError(string name)
    {
        const int count = 40;
        var model = new GaussianMixtureModel(s_mixtures[name], Models.Ou());
        int d = model.Dimension;
        double[] times = model.CreateTimes(Grid.Angle, 8), starts = FlowSampling.DrawPrior<double>(model, count, 5), ends = [.. starts], exact = new double[d];
        SegmentMap[] maps = Steps(model, Solver.Heun, times);
        ErrorBudget budget = ErrorBudget.Measure(model, times, maps, starts);
        foreach (SegmentMap map in maps) map(ends);
        double squares = 0, sizes = 0;
        List<double> errors = [];
        for (int i = 0; i < count; i++)
        {
            model.FlowMap(3, 1e-3, starts.AsSpan(i * d, d), exact);
            double[] error = [.. Enumerable.Range(0, d).Select(j => ends[i * d + j] - exact[j])];
            Compare.Within(error, budget.Errors.Slice(i * d, d), 1e-9, $"sample {i}");
            errors.Add(Vectors.Norm(error));
            squares += errors[i] * errors[i];
            sizes += Vectors.Dot(exact, exact);
        }
        Assert.Equal(squares / sizes, budget.RelativeMeanSquaredError, 1e-9);
        Assert.Equal(Math.Sqrt(squares / count), budget.Segments[^1].CumulativeError, 1e-9);
        Assert.Equal(1, budget.Segments.Sum(segment => segment.Share), 1e-9);
        errors.Sort();
        Assert.Equal(0.5 * (errors[19] + errors[20]), budget.MedianError, 1e-9);
        Assert.Equal(errors.Count(error => error > budget.FlipDistance) / (double)count, budget.FlipShare);
    }

    /// <summary>The figures of one sample are lengths, each from flow maps of its own.</summary>
    [Fact]
    public void ASegmentsFiguresAreWhatTheySay()
    {
        var model = new GaussianMixtureModel(Models.OrderedFull(), Models.Ou());
        double[] times = [3, 1, 0.2, 1e-3], x = [0.7, -1.2], exact = [.. x], there = new double[2], local = new double[2];
        SegmentMap[] maps = Steps(model, Solver.Heun, times);
        ErrorBudget budget = ErrorBudget.Measure(model, times, maps, x);
        model.FlowMap(3, 1e-3, exact, exact);
        for (int j = 0; j < 3; j++)
        {
            double[] next = [.. x], from = new double[2], to = new double[2], ahead = new double[2], product = new double[2];
            maps[j](next);
            model.FlowMap(times[j], times[j + 1], x, there);
            for (int c = 0; c < 2; c++) local[c] = next[c] - there[c];
            model.FlowMap(times[j], times[3], x, from);
            model.FlowMap(times[j + 1], times[3], next, local, to, product);
            SegmentBudget segment = budget.Segments[j];
            Assert.Equal((times[j], times[j + 1]), (segment.From, segment.To));
            Assert.Equal(Vectors.Norm(local), segment.LocalError, 1e-9);
            Assert.Equal(Vectors.Distance(from, to), segment.Contribution, 1e-9);
            Assert.Equal(Vectors.Norm(product), segment.FirstOrderContribution, 1e-8);
            Assert.Equal(Vectors.Distance(to, exact), segment.CumulativeError, 1e-9);
            Assert.Equal(segment.Contribution / segment.LocalError, segment.Amplification);
            x = next;
        }
    }

    /// <summary>Predicted over measured: 0.96 to 1.4 on uniform times in the study that the formula comes from.</summary>
    [Theory]
    [InlineData("two on the line", 4)]
    [InlineData("two on the line", 8)]
    [InlineData("two in the plane", 8)]
    [InlineData("ordered full", 8)]
    [InlineData("ring", 8)]
    public void TheFirstOrderPredictsTheError(string name, int steps)
    {
        const int count = 600;
        var model = new GaussianMixtureModel(s_mixtures[name], Models.Ou());
        int d = model.Dimension;
        double[] times = model.CreateTimes(Grid.Uniform, steps), starts = FlowSampling.DrawPrior<double>(model, count, 6);
        ErrorBudget budget = ErrorBudget.Measure(model, times, Steps(model, Solver.Heun, times), starts);
        output.WriteLine(budget.ToString());
        Assert.InRange(budget.PredictedRelativeMeanSquaredError / budget.RelativeMeanSquaredError, 0.9, 1.45);
        double[] ratios = new double[count];
        for (int i = 0; i < count; i++) ratios[i] = Vectors.Norm(budget.PredictedErrors.Slice(i * d, d)) / Vectors.Norm(budget.Errors.Slice(i * d, d));
        Assert.InRange(ratios.Order().ElementAt(count / 2), 0.95, 1.1);
    }

    /// <summary>Maps that are each off by little: what the flow makes of it is its derivative, for all but the samples next to a border.</summary>
    [Theory]
    [MemberData(nameof(Mixtures))]
    public void SmallErrorsArePredictedSampleBySample(string name)
    {
        const int count = 200;
        var model = new GaussianMixtureModel(s_mixtures[name], Models.Ou());
        int d = model.Dimension;
        double[] times = [3, 1.2, 0.5, 0.1, 1e-3], starts = FlowSampling.DrawPrior<double>(model, count, 12);
        ErrorBudget budget = ErrorBudget.Measure(model, times, Shifted(model, times, [2e-5, -1e-5, 1e-5, 1e-5]), starts);
        double[] misses = new double[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<double> error = budget.Errors.Slice(i * d, d);
            misses[i] = Vectors.Distance(budget.PredictedErrors.Slice(i * d, d), error) / Vectors.Norm(error);
        }
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name}: median miss {misses.Order().ElementAt(count / 2):E1}, "
            + $"95 % {misses.Order().ElementAt(count * 95 / 100):E1}"));
        Assert.InRange(misses.Order().ElementAt(count / 2), 0, 1e-3);
        Assert.InRange(misses.Order().ElementAt(count * 95 / 100), 0, 1e-2);
        Assert.All(budget.Segments, segment => Assert.True(segment.LocalError > 0.9e-5 && segment.Contribution > 1e-7, $"{segment}"));
    }

    /// <summary>Of one Gaussian all is linear: a map that adds δ to the exact one adds √(λ_N/λ_j+1) δ to the error, λ = a²σ² + s².</summary>
    [Fact]
    public void OneGaussianHasAClosedForm()
    {
        const double variance = 0.3;
        Process process = Models.Ou();
        var model = new GaussianMixtureModel(Models.Isotropic([1], [[0.4, -1.2]], variance), process);
        double[] times = [3, 1.5, 0.4, 1e-3], shifts = [0.01, -0.02, 0.005], starts = FlowSampling.DrawPrior<double>(model, 30, 8);
        ErrorBudget budget = ErrorBudget.Measure(model, times, Shifted(model, times, shifts), starts);
        double sum = 0, last = process.At(1e-3).Spread(variance);
        for (int j = 0; j < 3; j++)
        {
            double contribution = shifts[j] * Math.Sqrt(last / process.At(times[j + 1]).Spread(variance));
            sum += contribution;
            SegmentBudget segment = budget.Segments[j];
            Assert.Equal(Math.Abs(shifts[j]), segment.LocalError, 1e-10);
            Assert.Equal(Math.Abs(contribution), segment.Contribution, 1e-10);
            Assert.Equal(Math.Abs(contribution), segment.FirstOrderContribution, 1e-10);
            Assert.Equal(Math.Abs(sum), segment.CumulativeError, 1e-10);
        }
        for (int i = 0; i < 30; i++)
        {
            Compare.Within([sum, 0], budget.Errors.Slice(2 * i, 2), 1e-10, "error");
            Compare.Within([sum, 0], budget.PredictedErrors.Slice(2 * i, 2), 1e-10, "prediction");
        }
        Assert.Equal(Math.Abs(sum), budget.MedianError, 1e-10);
        Assert.Equal(0, budget.FlipShare);
        Assert.Equal(double.PositiveInfinity, budget.FlipDistance);
    }

    /// <summary>One map of three is wrong: nothing is charged to the others, and what it is charged the flow map says.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void TheWrongMapIsCharged(int wrong)
    {
        var model = new GaussianMixtureModel(Models.TwoPlanar(0.04), Models.Ou());
        double[] times = [3, 1, 0.3, 1e-3], starts = FlowSampling.DrawPrior<double>(model, 25, 9), shifts = new double[3];
        shifts[wrong] = 1e-3;
        ErrorBudget budget = ErrorBudget.Measure(model, times, Shifted(model, times, shifts), starts);
        double[] after = new double[2], exact = new double[2];
        for (int i = 0; i < 25; i++)
        {
            model.FlowMap(3, times[wrong + 1], starts.AsSpan(2 * i, 2), after);
            after[0] += 1e-3;
            model.FlowMap(times[wrong + 1], 1e-3, after, after);
            model.FlowMap(3, 1e-3, starts.AsSpan(2 * i, 2), exact);
            Compare.Within([after[0] - exact[0], after[1] - exact[1]], budget.Errors.Slice(2 * i, 2), 1e-9, $"sample {i}");
        }
        for (int j = 0; j < 3; j++)
        {
            SegmentBudget segment = budget.Segments[j];
            Assert.Equal(j == wrong ? 1 : 0, segment.Share, 1e-5);
            Assert.Equal(j == wrong ? 1e-3 : 0, segment.LocalError, 1e-10);
            if (j != wrong) Assert.InRange(segment.Contribution, 0, 1e-8);
        }
    }

    /// <summary>A sampler's segments, its history carried from one to the next.</summary>
    [Fact]
    public void ASamplerIsItsSegments()
    {
        Check<TrackedPair.Multistep, double>(1e-9);
        Check<TrackedRing.Heun, double>(1e-9);
        Check<TrackedRing.Certified, float>(1e-9);

        static void Check<TSampler, T>(double tolerance)
            where TSampler : IFlowSampler<TSampler, T>
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            const int count = 50;
            GaussianMixtureModel model = TSampler.Descriptor.Model;
            int d = model.Dimension;
            T[] states = FlowSampling.DrawPrior<T>(model, count, 4);
            double[] starts = Array.ConvertAll(states, double.CreateTruncating), exact = new double[d];
            TSampler.Integrate(states);
            ErrorBudget budget = ErrorBudget.Measure<TSampler, T>(count, 4);
            Assert.Equal((count, d, TSampler.Descriptor.SegmentCount), (budget.SampleCount, budget.Dimension, budget.Segments.Count));
            for (int i = 0; i < count; i++)
            {
                model.FlowMap(model.Process.Horizon, model.Process.EarlyStop, starts.AsSpan(i * d, d), exact);
                double[] error = [.. Enumerable.Range(0, d).Select(j => double.CreateTruncating(states[i * d + j]) - exact[j])];
                Compare.Within(error, budget.Errors.Slice(i * d, d), tolerance, $"{TSampler.Descriptor.Name}, sample {i}");
            }
        }
    }

    /// <summary>On the border of the modes the derivative is 3e4; no term is longer than the data are wide.</summary>
    [Fact]
    public void FirstOrderTermsAreCut()
    {
        var model = new GaussianMixtureModel(Models.Two(0.04), Models.Ou());
        ErrorBudget budget = ErrorBudget.Measure(model, [3, 2.9, 1e-3], [x => x[0] = 0, Exact(model, 2.9, 1e-3)], [0.1]);
        Assert.Equal(2, budget.Segments[0].FirstOrderContribution, 1e-9);
        Assert.InRange(budget.Segments[0].Contribution, 0.2, 1.5);
        Assert.Equal(2, Math.Abs(budget.PredictedErrors[0]), 1e-6);
    }

    [Fact]
    public void WhatIsNoNumberIsNoSmallError()
    {
        var model = new GaussianMixtureModel(Models.TwoPlanar(0.04), Models.Ou());
        double[] starts = FlowSampling.DrawPrior<double>(model, 5, 2);
        ErrorBudget budget = ErrorBudget.Measure(model, [3, 1, 1e-3], [x => x[2] = double.NaN, Exact(model, 1, 1e-3)], starts);
        Assert.True(double.IsNaN(budget.RelativeMeanSquaredError) && double.IsNaN(budget.PredictedRelativeMeanSquaredError));
        Assert.True(double.IsNaN(budget.Segments[0].Contribution));
        Assert.InRange(budget.FlipShare, 0.2, 1);
        Assert.True(double.IsFinite(budget.Errors[0]) && double.IsNaN(budget.Errors[2]));
    }

    [Fact]
    public void ItReportsProgressAndCanBeCancelled()
    {
        var told = new Told();
        ErrorBudget.Measure<TrackedPair.Heun, double>(100, 1, progress: told);
        Assert.Equal(100, told.Values[^1]);
        Assert.Equal(told.Values.Order(), told.Values);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => ErrorBudget.Measure<TrackedPair.Heun, double>(100, 1, cancellationToken: cancelled.Token));
        var model = new GaussianMixtureModel(Models.Two(0.04), Models.Ou());
        Assert.ThrowsAny<OperationCanceledException>(() => ErrorBudget.Measure(model, [3, 1], [_ => { }], [0.0], cancellationToken: cancelled.Token));
    }

    /// <summary>Figures are as exact as the flow maps they are made of.</summary>
    [Fact]
    public void TheToleranceDecidesTheDigitsOfTheBudget()
    {
        ErrorBudget exact = ErrorBudget.Measure<TrackedPair.Heun, double>(60, 3, tolerance: 1e-12);
        foreach (double tolerance in new[] { 1e-3, 1e-6, 1e-9 })
        {
            ErrorBudget budget = ErrorBudget.Measure<TrackedPair.Heun, double>(60, 3, tolerance: tolerance);
            // In units of x, where modes are about 1 from the origin.
            Assert.InRange(Compare.Distance(exact.Errors, budget.Errors), 1e-17, 4 * tolerance);
        }
        foreach (double tolerance in new[] { 0, 1e-14, 1, double.NaN })
            Assert.Throws<ArgumentOutOfRangeException>(() => ErrorBudget.Measure<TrackedPair.Heun, double>(60, 3, tolerance: tolerance));
    }

    [Fact]
    public void ItTellsOfProgressOnTheWayAndStopsThere()
    {
        var told = new Told();
        ErrorBudget.Measure<TrackedPair.Heun, double>(2000, 1, tolerance: 1e-3, progress: told);
        Assert.Equal(2000, told.Values[^1]);
        Assert.True(told.Values.Count > 4);
        Assert.Equal(told.Values.Order(), told.Values);
    }

    [Fact]
    public void TheTableHasARowASegment()
    {
        ErrorBudget budget = ErrorBudget.Measure<TrackedPair.Heun, double>(64, 1);
        string[] lines = budget.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        output.WriteLine(budget.ToString());
        Assert.Equal(10, lines.Length);
        Assert.Single(lines[..9].Select(line => line.Length).Distinct());
        Assert.StartsWith("  7  ", lines[8], StringComparison.Ordinal);
        Assert.Contains("64 samples: relative MSE ", lines[9], StringComparison.Ordinal);
    }

    [Fact]
    public void ArgumentsAreChecked()
    {
        var model = new GaussianMixtureModel(Models.TwoPlanar(0.04), Models.Ou());
        SegmentMap none = _ => { };
        Assert.Throws<ArgumentException>(() => ErrorBudget.Measure(model, [3, 1], [none], [1.0]));
        Assert.Throws<ArgumentException>(() => ErrorBudget.Measure(model, [3, 1], [none], []));
        Assert.Throws<ArgumentException>(() => ErrorBudget.Measure(model, [3], [], [1.0, 2]));
        Assert.Throws<ArgumentException>(() => ErrorBudget.Measure(model, [3, 1], [none, none], [1.0, 2]));
        foreach (double[] times in new double[][] { [3, 3], [1, 2], [4, 1], [3, 1e-4], [3, double.NaN], [double.NaN, 1] })
            Assert.Throws<ArgumentException>(() => ErrorBudget.Measure(model, times, [none], [1.0, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ErrorBudget.Measure<TrackedPair.Heun, double>(0, 1));
    }

    private static SegmentMap[] Steps(GaussianMixtureModel model, Solver solver, double[] times)
        => [.. Enumerable.Range(0, times.Length - 1).Select(j =>
        {
            FlowProgram step = model.CreateProgram(solver, times[j..(j + 2)]);
            return (SegmentMap)(states => model.Integrate(step, states));
        })];

    private static SegmentMap Exact(GaussianMixtureModel model, double from, double to) => states =>
    {
        int d = model.Dimension;
        for (int i = 0; i < states.Length; i += d) model.FlowMap(from, to, states.Slice(i, d), states.Slice(i, d));
    };

    /// <summary>Exact maps that then add a shift to the first coordinate.</summary>
    private static SegmentMap[] Shifted(GaussianMixtureModel model, double[] times, double[] shifts)
        => [.. shifts.Select((shift, j) => (SegmentMap)(states =>
        {
            Exact(model, times[j], times[j + 1])(states);
            for (int i = 0; i < states.Length; i += model.Dimension) states[i] += shift;
        }))];

    private sealed class Told : IProgress<long>
    {
        public List<long> Values { get; } = [];

        public void Report(long value) => Values.Add(value);
    }
}
