using System.Text.Json;
using FlowDsl.Flows;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;
using Xunit.Abstractions;

namespace FlowDsl.Tests;

/// <summary>The exact flow of many points at a time: against reference values, closed forms and the flow by points.</summary>
public class FlowMapsTests(ITestOutputHelper output)
{
    // Every kind of covariance, with and without coordinates that are one Gaussian, of equal and of very different scales.
    private static readonly Dictionary<string, Mixture> s_mixtures = new()
    {
        ["one Gaussian"] = Models.OneGaussian(),
        ["two on the line"] = Models.Two(0.04),
        ["two in the plane"] = Models.TwoPlanar(0.04),
        ["a span of three in eight dimensions"] = Spread(4, 8, 0.1),
        ["one coordinate of one Gaussian"] = new([0.4, 0.6], [[1, 0.5, -1], [-1, 0.5, 0.2]], [.. Enumerable.Repeat(Covariance.Diagonal([0.1, 0.7, 0.3]), 2)]),
        ["tied diagonal"] = new([0.2, 0.5, 0.3], [[1, 0.5], [-1, 0.2], [0, -1]], [.. Enumerable.Repeat(Covariance.Diagonal([0.02, 0.7]), 3)]),
        ["tied full"] = new([0.5, 0.5], [[0.9, -0.4], [-1.1, 0.2]], [.. Enumerable.Repeat(Covariance.Full(2, [0.2, 0.05, 0.05, 0.15]), 2)]),
        ["isotropic of three widths"] = Models.Isotropic([0.2, 0.5, 0.3], [[-1.5, 0], [0.25, 1], [2, -0.5]], 0.01, 0.25, 0.09),
        ["isotropic of three widths in eight dimensions"] = new(
            [0.2, 0.5, 0.3], [.. Spread(3, 8, 1).Means.Select(mean => (double[])[.. mean])],
            [.. new[] { 0.01, 0.25, 0.09 }.Select(variance => Covariance.Isotropic(8, variance))]),
        ["two widths about one mean"] = TwoWidths(),
        ["crossing"] = Models.Crossing(),
        ["ordered full"] = Models.OrderedFull(),
        ["full beside diagonal, five dimensions"] = Turned(5),
        ["far from the origin"] = Models.Isotropic([0.5, 0.5], [[1000, 1001], [1002, 1001]], 0.3, 0.6),
        ["points"] = Models.Isotropic([0.3, 0.7], [[1, 0], [-1, 0.5]], 0),
    };

    private static readonly Dictionary<string, (Process Process, double From, double To)> s_ways = Models.Processes()
        .SelectMany(p => new[] { (p, p.Horizon, p.EarlyStop), (p, p.EarlyStop, p.Horizon), (p, 0.6 * p.Horizon, 0.1 * p.Horizon) })
        .ToDictionary(c => $"{c.p.Description}, {c.Item2} to {c.Item3}");

    public static TheoryData<string> References => new(ReferenceCase.Names);

    public static TheoryData<string> Mixtures => new(s_mixtures.Keys);

    public static TheoryData<string> Ways => new(s_ways.Keys);

    public static TheoryData<string, double> WaysAndScales
    {
        get
        {
            var cases = new TheoryData<string, double>();
            foreach (string way in s_ways.Keys)
                foreach (double scale in new[] { 1.0, 300 }) cases.Add(way, scale);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(References))]
    public void FlowMapsAgreeWithTheReference(string name)
    {
        var reference = ReferenceCase.Load(name);
        int compared = 0;
        foreach (IGrouping<(double From, double To), JsonElement> same in reference.FlowMaps.GroupBy(
            flow => (ReferenceCase.Number(flow.GetProperty("s")), ReferenceCase.Number(flow.GetProperty("t")))))
        {
            double[] states = [.. same.SelectMany(flow => ReferenceCase.Numbers(flow.GetProperty("x")))];
            reference.Model.FlowMaps(same.Key.From, same.Key.To, states, 1e-12);
            Compare.Close(same.SelectMany(flow => ReferenceCase.Numbers(flow.GetProperty("y"))).ToArray(), states, 1e-10, 1, "flow map");
            compared += same.Count();
        }
        Assert.NotEqual(0, compared);
    }

    /// <summary>What is delivered is held to the tolerance, sample by sample, next to a border of modes too.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void OnTheLineEachSampleIsWithinTheToleranceOfTheQuantileMap(string way)
    {
        (Process process, double from, double to) = s_ways[way];
        double[] weights = [0.2, 0.5, 0.3], means = [-1.5, 0.25, 2], variances = [0.01, 0.25, 0.09];
        var model = new GaussianMixtureModel(Models.Isotropic(weights, [[-1.5], [0.25], [2]], variances), process);
        var oracle = new QuantileMap(weights, means, variances);
        ProcessPoint start = process.At(from), end = process.At(to);
        double[] states = [.. Enumerable.Range(-20, 41).Select(i => start.A * 0.2 + 0.15 * i * Math.Sqrt(start.Spread(1)))];
        foreach (double tolerance in new[] { 1e-3, 1e-6, 1e-9, 1e-11 })
        {
            double[] ends = new double[states.Length], errors = new double[states.Length];
            model.FlowMaps(from, to, states, ends, errors, tolerance);
            for (int i = 0; i < states.Length; i++)
            {
                double expected = oracle.Map(start.A, start.S2, end.A, end.S2, states[i]);
                double amplification = oracle.Derivative(start.A, start.S2, end.A, end.S2, states[i], expected);
                double unit = Math.Max(Math.Abs(expected - end.A * 0.25), Math.Sqrt(end.Spread(0.01)));
                // The oracle's own error, and what the flow makes of the start's rounding.
                double rounding = 1e-13 * Math.Max(1, Math.Abs(expected)) + 4e-16 * amplification * Math.Max(1, Math.Abs(states[i]));
                Assert.True(
                    Math.Abs(ends[i] - expected) <= tolerance * unit + rounding, $"x = {states[i]}, tolerance {tolerance}: {ends[i]:R}, not {expected:R}");
                Assert.InRange(errors[i], 0, tolerance);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Mixtures))]
    public void EachSampleIsWithinTheToleranceOfTheFlowByPoints(string name)
    {
        const int count = 12;
        Mixture mixture = s_mixtures[name];
        foreach ((Process process, double from, double to) in s_ways.Values)
        {
            var model = new GaussianMixtureModel(mixture, process);
            int d = model.Dimension;
            double[] states = Law(model, from, count), ends = new double[states.Length], expected = new double[d], errors = new double[count];
            foreach (double tolerance in new[] { 1e-5, 1e-10 })
            {
                model.FlowMaps(from, to, states, ends, errors, tolerance);
                for (int i = 0; i < count; i++)
                {
                    model.FlowMap(from, to, states.AsSpan(i * d, d), expected, 1e-13);
                    double error = StandardizedError(model, to, expected, ends.AsSpan(i * d, d));
                    // What the flow by points is off by itself, in widths of the narrowest component.
                    double own = 2e-11 + 1e-12 * Compare.MaxNorm(expected) / Math.Sqrt(process.At(to).Spread(mixture.MinVariance));
                    Assert.True(error <= tolerance + own, $"{process.Description}, {from} to {to}, sample {i}: error {error:E2}, tolerance {tolerance:E0}");
                    Assert.True(errors[i] <= tolerance, $"estimate {errors[i]}");
                }
            }
        }
    }

    /// <summary>
    /// A coordinate that is narrower by four decades, or by nine, has its digits as well: coordinates of a product go by quantile maps of their own.
    /// </summary>
    [Theory]
    [MemberData(nameof(WaysAndScales))]
    public void NarrowCoordinatesHaveTheirDigitsBesideWideOnes(string way, double scale)
    {
        (Process process, double from, double to) = s_ways[way];
        double[] w0 = [0.3, 0.7], m0 = [-50 * scale, 50 * scale], v0 = [900 * scale * scale, 400 * scale * scale];
        double[] w1 = [0.5, 0.5], m1 = [0, 0.02 / scale], v1 = [1e-5 / scale / scale, 4e-5 / scale / scale];
        var product = new Mixture(
            [.. w0.SelectMany(a => w1.Select(b => a * b))], [.. m0.SelectMany(a => m1.Select(b => new[] { a, b }))],
            [.. v0.SelectMany(a => v1.Select(b => Covariance.Diagonal([a, b])))]);
        QuantileMap wide = new(w0, m0, v0), narrow = new(w1, m1, v1);
        ProcessPoint start = process.At(from), end = process.At(to);
        var model = new GaussianMixtureModel(product, process);
        double[] states = [.. Enumerable.Range(-4, 9).SelectMany(i => new[]
        {
            start.A * 10 * scale + 0.4 * i * Math.Sqrt(start.Spread(2500 * scale * scale)),
            start.A * 0.01 / scale - 0.35 * i * Math.Sqrt(start.Spread(1e-4 / scale / scale)),
        })];
        double[] ends = new double[states.Length];
        model.FlowMaps(from, to, states, ends, tolerance: 1e-10);
        for (int i = 0; i < states.Length; i++)
        {
            bool first = i % 2 == 0;
            QuantileMap oracle = first ? wide : narrow;
            double expected = oracle.Map(start.A, start.S2, end.A, end.S2, states[i]);
            double amplification = oracle.Derivative(start.A, start.S2, end.A, end.S2, states[i], expected);
            double centre = first ? 0 : 0.01 / scale, narrowest = first ? v0[1] : v1[0];
            double unit = Math.Max(Math.Abs(expected - end.A * centre), Math.Sqrt(end.Spread(narrowest)));
            // Squares of the wide coordinate's distances are rounded, and decide weights of the narrow one.
            double rounding = 1e-11 * unit + 4e-16 * amplification * Math.Max(Math.Abs(states[i]), Math.Sqrt(start.Spread(narrowest)));
            Assert.True(
                Math.Abs(ends[i] - expected) <= 1e-10 * unit + rounding,
                $"x = {states[i]}: {ends[i]:R}, not {expected:R}, unit {unit:E1}, amplification {amplification:E1}");
        }
    }

    /// <summary>One Gaussian has the affine map of each coordinate, however different their widths: the clock must resolve the narrowest.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void TheFlowByPointsHasTheDigitsOfVariancesSixteenDecadesApart(string way)
    {
        (Process process, double from, double to) = s_ways[way];
        double[] mean = [3e-5, -2000], variances = [1e-8, 1e8], y = new double[2], product = new double[2];
        var model = new GaussianMixtureModel(new Mixture([1], [mean], [Covariance.Diagonal(variances)]), process);
        ProcessPoint start = process.At(from), end = process.At(to);
        foreach (double far in new[] { -1.5, 0.3, 2 })
        {
            double[] x = [.. variances.Select((variance, j) => start.A * mean[j] + far * Math.Sqrt(start.Spread(variance)))];
            model.FlowMap(from, to, x, [1e-4, 1e4], y, product);
            for (int j = 0; j < 2; j++)
            {
                double width = Math.Sqrt(end.Spread(variances[j])), stretch = width / Math.Sqrt(start.Spread(variances[j]));
                Assert.Equal(far, (y[j] - end.A * mean[j]) / width, 2e-9);
                Assert.Equal(1, product[j] / (stretch * (j == 0 ? 1e-4 : 1e4)), 1e-6);
            }
        }
    }

    /// <summary>
    /// About one mean a sample keeps its direction and its place among all lengths: in four dimensions, P(|x| > ρ) = Σ w (1 + q) exp(-q), q = ρ²/2G.
    /// </summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void AboutOneMeanLengthsGoByTheirOwnQuantileMap(string way)
    {
        (Process process, double from, double to) = s_ways[way];
        Mixture mixture = TwoWidths();
        var model = new GaussianMixtureModel(mixture, process);
        Assert.Equal(2, new FlowCoordinates(mixture).Varying);
        double[] starts = Law(model, from, 20), ends = [.. starts];
        model.FlowMaps(from, to, ends, 1e-12);
        for (int i = 0; i < starts.Length; i += 4)
        {
            (double[] before, double before2) = About(process.At(from), starts.AsSpan(i, 4));
            (double[] after, double after2) = About(process.At(to), ends.AsSpan(i, 4));
            Assert.Equal(Beyond(process.At(from), before2), Beyond(process.At(to), after2), 1e-10);
            Assert.Equal(1, before.Zip(after, (a, b) => a * b).Sum() / Math.Sqrt(before2 * after2), 1e-13);
        }

        (double[] Apart, double Square) About(ProcessPoint point, ReadOnlySpan<double> x)
        {
            double[] rest = new double[4];
            for (int j = 0; j < 4; j++) rest[j] = x[j] - point.A * mixture.Means[0][j];
            return (rest, rest.Sum(value => value * value));
        }

        double Beyond(ProcessPoint point, double square) => Enumerable.Range(0, 2).Sum(k =>
        {
            double q = square / (2 * point.Spread(mixture.Covariances[k].MinVariance));
            return mixture.Weights[k] * (1 + q) * Math.Exp(-q);
        });
    }

    [Fact]
    public void ThereAndBackIsWhereItStarted()
    {
        var model = new GaussianMixtureModel(Turned(5), Models.Ou());
        double[] starts = Law(model, 3, 40), states = [.. starts];
        model.FlowMaps(3, 1e-3, states, 1e-12);
        Assert.True(Compare.Distance(starts, states) > 0.1);
        model.FlowMaps(1e-3, 3, states, 1e-12);
        Compare.Close(starts, states, 1e-9, 1);
    }

    /// <summary>Where it begins with noise alone, and where it ends at the data.</summary>
    [Fact]
    public void TheWholeInterpolantIsMapped()
    {
        double[] weights = [0.3, 0.7], means = [-1, 1], variances = [0.04, 0.09];
        var model = new GaussianMixtureModel(Models.Isotropic(weights, [[-1], [1]], variances), new LinearInterpolantProcess(0));
        var oracle = new QuantileMap(weights, means, variances);
        double[] starts = [-2, -0.7, -0.5, 0.1, 1.3], ends = new double[5];
        model.FlowMaps(1, 0, starts, ends, tolerance: 1e-11);
        Compare.Close([.. starts.Select(x => oracle.Map(0, 1, 1, 0, x))], ends, 1e-10, 1);
    }

    /// <summary>Along the means' difference the quantile map, across it a closed form: 1 of 64 coordinates is integrated.</summary>
    [Fact]
    public void CoordinatesOfOneGaussianAreNotIntegrated()
    {
        const int d = 64;
        double[][] means = [.. new[] { 0, 0.2 }.Select(apart => Enumerable.Range(0, d).Select(j => 0.3 * Math.Cos(j) + apart * Math.Sin(2 * j + 1)).ToArray())];
        Process process = Models.Ou();
        var model = new GaussianMixtureModel(Models.Isotropic([0.35, 0.65], means, 0.05), process);
        Assert.Equal(1, new FlowCoordinates(model.Mixture).Varying);
        Assert.Equal(9, new FlowCoordinates(Spread(10, d, 0.1)).Varying);
        Assert.Equal(0, new FlowCoordinates(Models.OneGaussian()).Varying);
        Assert.Equal(2, new FlowCoordinates(s_mixtures["one coordinate of one Gaussian"]).Varying);
        Assert.Equal(5, new FlowCoordinates(Turned(5)).Varying);
        Assert.Equal(3, new FlowCoordinates(s_mixtures["isotropic of three widths in eight dimensions"]).Varying);

        double[] difference = [.. means[1].Zip(means[0], (a, b) => a - b)];
        double[] axis = [.. difference.Select(value => value / Math.Sqrt(difference.Sum(v => v * v)))];
        double[] positions = [.. means.Select(mean => mean.Zip(axis, (a, b) => a * b).Sum())];
        var oracle = new QuantileMap([0.35, 0.65], positions, [0.05, 0.05]);
        ProcessPoint start = process.At(3), end = process.At(1e-3);
        double startRoot = Math.Sqrt(start.Spread(0.05)), endRoot = Math.Sqrt(end.Spread(0.05));
        double[] x = [.. Enumerable.Range(0, d).Select(j => Math.Sin(3 * j + 1))], y = [.. x];
        double position = x.Zip(axis, (a, b) => a * b).Sum(), image = oracle.Map(start.A, start.S2, end.A, end.S2, position);
        double[] expected = [.. Enumerable.Range(0, d).Select(j =>
        {
            double across = x[j] - position * axis[j], meanAcross = means[0][j] - positions[0] * axis[j];
            return image * axis[j] + endRoot * (across / startRoot + (end.A / endRoot - start.A / startRoot) * meanAcross);
        })];
        model.FlowMaps(3, 1e-3, y, 1e-12);
        Compare.Close(expected, y, 1e-10, 1);
    }

    [Theory]
    [InlineData("a span of three in eight dimensions")]
    [InlineData("isotropic of three widths in eight dimensions")]
    [InlineData("crossing")]
    [InlineData("full beside diagonal, five dimensions")]
    public void ASamplesBitsAreItsOwn(string name)
    {
        var model = new GaussianMixtureModel(s_mixtures[name], Models.Ou());
        int d = model.Dimension, count = 700;
        double[] starts = Law(model, 3, count), expected = [.. starts];
        model.FlowMaps(3, 1e-3, expected, 1e-8, maxThreads: 1);
        foreach (int threads in new[] { -1, 2, 3 })
        {
            double[] states = [.. starts];
            model.FlowMaps(3, 1e-3, states, 1e-8, threads);
            Compare.SameBits<double>(expected, states, $"{threads} threads");
        }
        foreach (int i in new[] { 0, 1, 333, count - 1 })
        {
            double[] alone = starts[(i * d)..((i + 1) * d)];
            model.FlowMaps(3, 1e-3, alone, 1e-8);
            Compare.SameBits<double>(expected.AsSpan(i * d, d), alone, $"sample {i} alone");
        }
    }

    [Fact]
    public void NoSamplesAreMappedToNone()
    {
        var model = new GaussianMixtureModel(Models.OrderedFull(), Models.Ou());
        var told = new Told();
        model.FlowMaps(3, 1e-3, Span<double>.Empty, progress: told);
        model.FlowMaps(3, 1e-3, [], [], []);
        Assert.Empty(told.Values);
    }

    [Fact]
    public void ATimeIsMappedToItself()
    {
        var model = new GaussianMixtureModel(Models.OrderedFull(), Models.Ou());
        double[] states = [0.25, -1.5], errors = [7];
        model.FlowMaps(0.5, 0.5, states, states, errors);
        Compare.Close([0.25, -1.5], states, 1e-15);
        Assert.Equal([0.0], errors);
    }

    /// <summary>As a whole sample, and beside others that keep their bits.</summary>
    [Theory]
    [InlineData("two in the plane")]
    [InlineData("crossing")]
    [InlineData("one Gaussian")]
    public void SamplesThatAreNotFiniteStaySo(string name)
    {
        var model = new GaussianMixtureModel(s_mixtures[name], Models.Ou());
        double[] starts = Law(model, 3, 6), expected = [.. starts], ends = new double[12], errors = new double[6];
        model.FlowMaps(3, 1e-3, expected);
        (starts[2], starts[7], starts[8]) = (double.NaN, double.PositiveInfinity, double.NegativeInfinity);
        model.FlowMaps(3, 1e-3, starts, ends, errors);
        foreach (int i in new[] { 1, 3, 4 })
            Assert.True(double.IsNaN(ends[2 * i]) && double.IsNaN(ends[2 * i + 1]) && double.IsNaN(errors[i]), $"sample {i}");
        foreach (int i in new[] { 0, 2, 5 }) Compare.SameBits<double>(expected.AsSpan(2 * i, 2), ends.AsSpan(2 * i, 2), $"sample {i}");
    }

    [Fact]
    public void ASampleFarOutsideIsMappedByPoints()
    {
        var model = new GaussianMixtureModel(Models.Crossing(), Models.Ou());
        double[] far = [3e120, -1e119], expected = new double[2], ends = new double[2], errors = new double[1];
        model.FlowMap(3, 1, far, expected, 1e-10);
        model.FlowMaps(3, 1, far, ends, errors, 1e-10);
        Assert.Equal(expected, ends);
        Assert.True(double.IsNaN(errors[0]));
    }

    /// <summary>On the border an error grows by 3e8: what the estimate says is more than was asked, and not less than the error.</summary>
    [Fact]
    public void TheEstimateTellsWhereRoundingForbidsTheTolerance()
    {
        Process process = Models.Ou();
        var model = new GaussianMixtureModel(Models.Two(0.02), process);
        var oracle = new QuantileMap([0.5, 0.5], [-1, 1], [0.02, 0.02]);
        ProcessPoint start = process.At(3), end = process.At(1e-3);
        double[] starts = [3e-11, 0.8], ends = new double[2], errors = new double[2];
        model.FlowMaps(3, 1e-3, starts, ends, errors, 1e-13);
        double expected = oracle.Map(start.A, start.S2, end.A, end.S2, starts[0]);
        output.WriteLine($"{ends[0]:R}, not {expected:R}; estimate {errors[0]:E1}");
        Assert.InRange(errors[0], 1e-13, 1);
        Assert.InRange(Math.Abs(ends[0] - expected), 0, 100 * errors[0]);
        Assert.InRange(errors[1], 0, 1e-13);
    }

    [Fact]
    public void ProgressRisesToTheNumberOfSamples()
    {
        var model = new GaussianMixtureModel(Models.TwoPlanar(0.04), Models.Ou());
        double[] states = Law(model, 3, 3000);
        var told = new Told();
        model.FlowMaps(3, 1e-3, states, 1e-4, progress: told);
        Assert.Equal(3000, told.Values[^1]);
        Assert.True(told.Values.Count > 4);
        Assert.Equal(told.Values.Order(), told.Values);
    }

    [Fact]
    public void WhatAListenerThrowsArrivesAsItIs()
    {
        var model = new GaussianMixtureModel(Models.TwoPlanar(0.04), Models.Ou());
        Assert.Throws<InvalidTimeZoneException>(() => model.FlowMaps(3, 1e-3, Law(model, 3, 3000), progress: new Thrower()));
    }

    [Fact]
    public void ACancelledCallLeavesTheSamplesAsTheyWere()
    {
        var model = new GaussianMixtureModel(Models.TwoPlanar(0.04), Models.Ou());
        double[] starts = Law(model, 3, 5000), states = [.. starts];
        using var source = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => model.FlowMaps(3, 1e-3, states, progress: new Canceller(source), cancellationToken: source.Token));
        Assert.Equal(starts, states);
    }

    [Fact]
    public void CancellationDoesNotWaitForTheEndOfABatch()
    {
        var model = new GaussianMixtureModel(Models.TwoPlanar(0.04), Models.Ou());
        var worker = new FlowWorker(model.Mixture, model.Process, model.BatchFlow.Coordinates, tangent: false);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => worker.Map(3, 1e-3, Law(model, 3, 8), new double[16], [], 1e-10, cancelled.Token));
        Assert.Equal(0, worker.Evaluations);
    }

    /// <summary>In 64 dimensions a sample takes a thousand evaluations to ten digits, two runs counted.</summary>
    [Theory]
    [InlineData(1e-6, 500)]
    [InlineData(1e-10, 1200)]
    public void FewEvaluationsAreEnough(double tolerance, int most)
    {
        const int count = 64;
        var model = new GaussianMixtureModel(Spread(10, 64, 0.1), Models.Ou());
        var worker = new FlowWorker(model.Mixture, model.Process, model.BatchFlow.Coordinates, tangent: false);
        worker.Map(3, 1e-3, Law(model, 3, count), new double[64 * count], [], tolerance, default);
        output.WriteLine($"{worker.Evaluations / count} evaluations per sample");
        Assert.InRange(worker.Evaluations / count, 50, most);
    }

    [Theory]
    [MemberData(nameof(Mixtures))]
    public void DirectionsAreCarriedAsByPoints(string name)
    {
        const int count = 5;
        var model = new GaussianMixtureModel(s_mixtures[name], Models.Ou());
        int d = model.Dimension;
        var worker = new FlowWorker(model.Mixture, model.Process, model.BatchFlow.Coordinates, tangent: true);
        double[] starts = Law(model, 3, count), directions = [.. Enumerable.Range(0, starts.Length).Select(i => 1e-3 * Math.Cos(2 * i + 1))];
        double[] ends = new double[starts.Length], products = new double[starts.Length], y = new double[d], product = new double[d];
        directions.AsSpan(0, d).Clear();
        worker.Map(3, 1e-3, starts, directions, ends, products, [], 1e-11, default);
        Assert.All(products[..d], value => Assert.Equal(0, value));
        for (int i = 0; i < count; i++)
        {
            model.FlowMap(3, 1e-3, starts.AsSpan(i * d, d), directions.AsSpan(i * d, d), y, product);
            Compare.Close(y, ends.AsSpan(i * d, d), 1e-9, 1, "end");
            Compare.Close(product, products.AsSpan(i * d, d), 1e-6, Compare.MaxNorm(product), "product");
        }
    }

    [Fact]
    public void ArgumentsAreChecked()
    {
        var model = new GaussianMixtureModel(Models.OrderedFull(), Models.Ou());
        double[] states = [0.1, 0.2, 0.3, 0.4];
        Assert.Throws<ArgumentException>(() => model.FlowMaps(3, 1, states.AsSpan(0, 3)));
        Assert.Throws<ArgumentException>(() => model.FlowMaps(3, 1, states, new double[2]));
        Assert.Throws<ArgumentException>(() => model.FlowMaps(3, 1, states, new double[4], new double[1]));
        foreach (double time in new[] { -1e-9, double.NaN, double.PositiveInfinity })
        {
            Assert.Equal("from", Assert.Throws<ArgumentOutOfRangeException>(() => model.FlowMaps(time, 1, states)).ParamName);
            Assert.Equal("to", Assert.Throws<ArgumentOutOfRangeException>(() => model.FlowMaps(1, time, states)).ParamName);
        }
        foreach (double tolerance in new[] { 0, 1e-14, 1, double.NaN })
            Assert.Equal("tolerance", Assert.Throws<ArgumentOutOfRangeException>(() => model.FlowMaps(3, 1, states, tolerance)).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.FlowMaps(3, 1, states, maxThreads: 0));
        var interpolant = new GaussianMixtureModel(Models.OrderedFull(), new LinearInterpolantProcess());
        Assert.Throws<ArgumentOutOfRangeException>(() => interpolant.FlowMaps(1.5, 1, states));
        Assert.Throws<ArgumentException>(() => new GaussianMixtureModel(s_mixtures["points"], Models.Ou()).FlowMaps(3, 0, states));
    }

    /// <summary>Order conditions of the tableau: quadrature to order 8, its rows' sums, and orders of the embedded estimates.</summary>
    [Fact]
    public void TheTableauIsOfOrderEight()
    {
        double[] nodes = DormandPrince853.Nodes.ToArray(), weights = DormandPrince853.Weights.ToArray();
        int[] slopes = DormandPrince853.ResultSlopes.ToArray();
        double[] fifth = DormandPrince853.FifthOrderError.ToArray(), third = DormandPrince853.ThirdOrderError.ToArray();
        for (int stage = 1; stage < DormandPrince853.Stages; stage++)
        {
            (int[] from, double[] factors) = DormandPrince853.Inputs[stage];
            Assert.Equal(nodes[stage], factors.Sum(), 1e-14);
            if (stage > 1) Assert.Equal(nodes[stage] * nodes[stage] / 2, from.Zip(factors, (j, a) => a * nodes[j]).Sum(), 1e-14);
        }
        for (int power = 0; power < 8; power++)
            Assert.Equal(1.0 / (power + 1), slopes.Zip(weights, (i, b) => b * Math.Pow(nodes[i], power)).Sum(), 1e-14);
        for (int power = 0; power < 5; power++) Assert.Equal(0, slopes.Zip(fifth, (i, e) => e * Math.Pow(nodes[i], power)).Sum(), 1e-14);
        for (int power = 0; power < 3; power++) Assert.Equal(0, slopes.Zip(third, (i, e) => e * Math.Pow(nodes[i], power)).Sum(), 1e-14);
        Assert.NotEqual(0, slopes.Zip(fifth, (i, e) => e * Math.Pow(nodes[i], 5)).Sum(), 1e-6);
        Assert.NotEqual(0, slopes.Zip(third, (i, e) => e * Math.Pow(nodes[i], 3)).Sum(), 1e-6);
    }

    private static Mixture Spread(int count, int d, double variance)
        => Models.Isotropic(
            [.. Enumerable.Repeat(1.0 / count, count)],
            [.. Enumerable.Range(0, count).Select(k => Enumerable.Range(0, d).Select(j => 0.6 * Math.Sin(7 * k * (j + 1) + 3 * j * j + 1)).ToArray())],
            variance);

    private static Mixture TwoWidths()
        => Models.Isotropic([0.4, 0.6], [.. Enumerable.Repeat<double[]>([0.5, -0.2, 1, 0.3], 2)], 0.04, 0.49);

    private static Mixture Turned(int d)
    {
        double[] matrix = new double[d * d];
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++) matrix[i * d + j] = (i == j ? 0.3 : 0) + 0.1 / (1 + i + j);
        return new(
            [0.25, 0.35, 0.4],
            [[.. Enumerable.Range(0, d).Select(j => Math.Sin(j + 1))], [.. Enumerable.Range(0, d).Select(j => Math.Cos(2 * j))], new double[d]],
            [Covariance.Full(d, matrix), Covariance.Diagonal([.. Enumerable.Range(0, d).Select(j => 0.05 * (j + 1))]), Covariance.Isotropic(d, 0.2)]);
    }

    /// <summary>Samples of the law at a time.</summary>
    private static double[] Law(GaussianMixtureModel model, double time, int count)
    {
        Process process = model.Process;
        // The draws are at the horizon; between two times the law is scaled, so that borders are met as well.
        double[] samples = FlowSampling.DrawPrior<double>(model, count, 3);
        if (time == process.Horizon) return samples;
        ProcessPoint point = process.At(time);
        var random = new Random(5);
        for (int i = 0; i < count; i++)
        {
            int k = i % model.ComponentCount;
            for (int j = 0; j < model.Dimension; j++)
            {
                double width = Math.Sqrt(point.Spread(model.Mixture.Covariances[k].Variances[j]));
                samples[i * model.Dimension + j] = point.A * model.Mixture.Means[k][j] + width * (3 * random.NextDouble() - 1.5);
            }
        }
        return samples;
    }

    /// <summary>The greatest error of a coordinate, relative to the greater of its distance from the means' middle and the least deviation there.</summary>
    private static double StandardizedError(GaussianMixtureModel model, double time, ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        ProcessPoint point = model.Process.At(time);
        double greatest = 0, width = Math.Sqrt(point.Spread(model.Mixture.MinVariance));
        double[] middles = [.. Enumerable.Range(0, model.Dimension).Select(j => point.A * model.Mixture.Means.Average(mean => mean[j]))];
        double length = Math.Max(width, Compare.Distance(expected, middles));
        bool turned = model.Mixture.Covariances.Any(covariance => covariance.Basis is not null) || model.Mixture.HasSharedIsotropicCovariance;
        for (int j = 0; j < expected.Length; j++)
        {
            // Along other axes than the coordinates, their errors mix.
            double own = model.Mixture.Covariances.Min(covariance => covariance.Basis is null ? covariance.Variances[j] : covariance.MinVariance);
            double unit = turned ? length : Math.Max(Math.Sqrt(point.Spread(own)), Math.Abs(expected[j] - middles[j]));
            greatest = Math.Max(greatest, Math.Abs(actual[j] - expected[j]) / unit);
            if (double.IsNaN(actual[j])) return double.NaN;
        }
        return greatest;
    }

    private sealed class Told : IProgress<long>
    {
        public List<long> Values { get; } = [];

        public void Report(long value) => Values.Add(value);
    }

    private sealed class Thrower : IProgress<long>
    {
        public void Report(long value) => throw new InvalidTimeZoneException();
    }

    private sealed class Canceller(CancellationTokenSource source) : IProgress<long>
    {
        public void Report(long value) => source.Cancel();
    }
}
