using System.Numerics;
using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

/// <summary>Flow maps against distribution functions, closed forms and the flow's own differential equation.</summary>
public class FlowMapTests
{
    [Fact]
    public void ImagesAreWithinTheProvedErrorOnTheLine()
    {
        Check<MappedLine.Jump, float>(20_000);
        Check<MappedLine.Fine, double>(20_000);
        Check<MappedPair.Jump, float>(20_000);
    }

    [Fact]
    public void ImagesAreWithinTheProvedErrorOnAGrid()
    {
        Check<MappedGrid.Jump, float>(10_000);
        Check<MappedGrid.Fine, double>(10_000);
    }

    [Fact]
    public void TailsAreWithinTheProvedErrorUpToFortyDeviations()
    {
        Outside<MappedLine.Jump, float>();
        Outside<MappedLine.Fine, double>();
        Outside<MappedPair.Jump, float>();

        static void Outside<TSampler, T>()
            where TSampler : IFlowSampler<TSampler, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
            // A wider component in the tail ends the proof earlier.
            => Compare<TSampler, T>([.. Enumerable.Range(0, 61).SelectMany(i => (double[])[-10 - 0.5 * i, 10 + 0.5 * i])
                .Where(x => Math.Abs(x) < TSampler.Descriptor.Map!.Reach).Select(x => T.CreateTruncating(x * 0.99))]);
    }

    /// <summary>Steps of all sizes on both sides of every separatrix.</summary>
    [Fact]
    public void SeparatricesAreWithinTheProvedError()
    {
        Near<MappedLine.Jump, float>();
        Near<MappedLine.Fine, double>();

        static void Near<TSampler, T>()
            where TSampler : IFlowSampler<TSampler, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            GaussianMixtureModel model = TSampler.Descriptor.Model;
            var back = new QuantileOracle(model, 0, model.Process.EarlyStop, model.Process.Horizon);
            foreach (double valley in (double[])[-0.55, 1.6])
            {
                double separatrix = back.At(valley).Image;
                double[] distances = [.. Enumerable.Range(1, 8).Select(digits => Math.Pow(10, -digits))];
                double[] beside = [.. distances.SelectMany(distance => (double[])[separatrix - distance, separatrix + distance])];
                Compare<TSampler, T>([.. beside.Select(x => T.CreateTruncating(x))]);
            }
        }
    }

    [Fact]
    public void SplitFlowsAreThoseOfTheDifferentialEquation()
    {
        Flows<MappedGrid.Jump, float>();
        Flows<MappedGrid.Fine, double>();
        Flows<MappedSpan.Jump, float>();
        Flows<MappedSpan.Fine, double>();
        Flows<MappedGaussian.Jump, float>();
        Flows<MappedGaussian.Fine, double>();
        Flows<MappedAxes.Jump, float>();

        static void Flows<TSampler, T>()
            where TSampler : IFlowSampler<TSampler, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            GaussianMixtureModel model = TSampler.Descriptor.Model;
            T[] states = FlowSampling.DrawPrior<T>(model, 400, seed: 3);
            double[] starts = Array.ConvertAll(states, double.CreateTruncating), exact = new double[starts.Length];
            var errors = new FlowError[400];
            TSampler.Integrate(states, errors);
            model.FlowMaps(model.Process.Horizon, model.Process.EarlyStop, starts, exact, tolerance: 1e-12);
            for (int i = 0; i < errors.Length; i++)
            {
                double distance = Compare(states, exact, model.Dimension, i);
                // The solver of the equation amplifies its own errors at steep places.
                Assert.True(distance <= errors[i].Bound + 1e-10 * (1 + errors[i].Amplification), $"{typeof(TSampler)}: {distance} > {errors[i]}");
                Assert.InRange(errors[i].Estimate, distance - 1e-10 * (1 + errors[i].Amplification), distance + 1e-10 * (1 + errors[i].Amplification));
            }
        }

        static double Compare<T>(T[] states, double[] exact, int d, int i)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
            => Math.Sqrt(Enumerable.Range(i * d, d).Sum(j => Math.Pow(double.CreateTruncating(states[j]) - exact[j], 2)));
    }

    [Fact]
    public void OneGaussianIsItsClosedForm()
    {
        GaussianMixtureModel model = MappedAxes.Jump.Descriptor.Model;
        ProcessPoint from = model.Process.At(model.Process.Horizon), to = model.Process.At(model.Process.EarlyStop);
        float[] states = [0.5f, -1.5f, 3, 4];
        double[] means = [1, -2], variances = [0.5, 0.3];
        double[] expected = [.. states.Select((x, i) => to.A * means[i % 2]
            + Math.Sqrt((to.A * to.A * variances[i % 2] + to.S2) / (from.A * from.A * variances[i % 2] + from.S2)) * (x - from.A * means[i % 2]))];
        MappedAxes.Jump.Integrate(states);
        for (int i = 0; i < states.Length; i++) Assert.Equal(expected[i], states[i], 1e-6);
    }

    [Fact]
    public void ImagesOfWhatIsNotFiniteAreNaN()
    {
        foreach (float bad in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            float[] line = [0.25f, bad, 0.5f], grid = [1, 2, bad, 1, 1, 2], span = new float[21];
            span[9] = bad;
            MappedLine.Jump.Integrate(line);
            MappedGrid.Jump.Integrate(grid);
            MappedSpan.Jump.Integrate(span);
            Assert.Equal([true, false, true], line.Select(float.IsFinite));
            Assert.Equal([true, true, false, false, true, true], grid.Select(float.IsFinite));
            Assert.Equal(Enumerable.Range(0, 21).Select(i => i / 7 != 1), span.Select(float.IsFinite));
            Assert.All(grid[2..4].Concat(span[7..14]).Append(line[1]), value => Assert.True(float.IsNaN(value)));
        }
    }

    /// <summary>A sample's bits do not depend on the samples beside it.</summary>
    [Fact]
    public void AnyNumberOfSamplesGivesTheSameBits()
    {
        Lengths<MappedLine.Jump, float>();
        Lengths<MappedGrid.Fine, double>();
        Lengths<MappedSpan.Jump, float>();

        static void Lengths<TSampler, T>()
            where TSampler : IFlowSampler<TSampler, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int d = TSampler.Descriptor.Dimension;
            T[] starts = FlowSampling.DrawPrior<T>(TSampler.Descriptor.Model, 257, seed: 5), single = [.. starts];
            for (int i = 0; i < 257; i++) TSampler.Integrate(single.AsSpan(i * d, d));
            for (int n = 0; n <= 257; n++)
            {
                T[] states = starts[..(n * d)];
                TSampler.Integrate(states);
                Assert.Equal(single[..(n * d)], states);
            }
        }
    }

    [Fact]
    public void SegmentsCompose()
    {
        Compose<MappedLine.Three, double>();
        Compose<MappedLine.ThreeSingle, float>();
        Compose<MappedSpan.Fine, double>();

        static void Compose<TSampler, T>()
            where TSampler : IFlowSampler<TSampler, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            T[] whole = FlowSampling.DrawPrior<T>(TSampler.Descriptor.Model, 500, seed: 7), parts = [.. whole], tracked = [.. whole];
            TSampler.Integrate(whole);
            for (int segment = 0; segment < TSampler.Descriptor.SegmentCount; segment++) TSampler.Integrate(parts, segment, 1);
            Assert.Equal(whole, parts);
            var errors = new FlowError[500];
            TSampler.Integrate(tracked, errors);
            Assert.Equal(whole, tracked);
            Assert.All(errors, error => Assert.True(error.Estimate <= error.Bound, $"{typeof(TSampler)}: {error}"));
            Assert.True(errors.Count(error => error.Bound < 1e-3) > 480);
        }
    }

    /// <summary>Up to the last rounding: the polynomials themselves increase.</summary>
    [Fact]
    public void MapsIncrease()
    {
        float[] line = [.. Enumerable.Range(0, 400_001).Select(i => -10 + i * 5e-5f)], pair = [.. Enumerable.Range(-50_000, 100_001).Select(i => i * 1e-9f)];
        MappedLine.Jump.Integrate(line);
        MappedPair.Jump.Integrate(pair);
        foreach (float[] images in (float[][])[line, pair])
            for (int i = 1; i < images.Length; i++)
                Assert.True(images[i] >= images[i - 1] - 2e-7f * Math.Max(1, Math.Abs(images[i])), $"{i}: {images[i - 1]}, {images[i]}");
    }

    [Fact]
    public void AmplificationIsTheSlope()
    {
        double[] at = [0.3, -1, 0.9, 2], up = [.. at.Select(x => x + 1e-6)], down = [.. at.Select(x => x - 1e-6)];
        var errors = new FlowError[at.Length];
        MappedLine.Fine.Integrate(at, errors);
        MappedLine.Fine.Integrate(up);
        MappedLine.Fine.Integrate(down);
        for (int i = 0; i < at.Length; i++) Assert.Equal((up[i] - down[i]) / 2e-6, errors[i].Amplification, 1e-3 * errors[i].Amplification);
    }

    [Fact]
    public void DescriptorsSayWhatIsProved()
    {
        FlowMapDescriptor map = MappedLine.Three.Descriptor.Map!;
        Assert.Equal(3, map.Errors.Count);
        Assert.Equal(3, map.TailErrors.Count);
        Assert.All(map.Errors, error => Assert.InRange(error, 1e-16, map.Accuracy));
        Assert.Equal(1e-8, map.Accuracy);
        Assert.InRange(map.Undecided, 0, 1e-5);
        Assert.Equal(0, MappedLine.Three.Descriptor.FunctionEvaluations);
        Assert.Contains("exact flow map in 3 segments", MappedLine.Three.Descriptor.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, MappedPair.Jump.Descriptor.Map!.Undecided);
    }

    private static void Check<TSampler, T>(int count)
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Compare<TSampler, T>(FlowSampling.DrawPrior<T>(TSampler.Descriptor.Model, count, seed: 1));

    /// <summary>Images against those of the oracle: within the proved error, and what double precision leaves open.</summary>
    private static void Compare<TSampler, T>(T[] states)
        where TSampler : IFlowSampler<TSampler, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SamplerDescriptor descriptor = TSampler.Descriptor;
        GaussianMixtureModel model = descriptor.Model;
        int d = descriptor.Dimension;
        T[] starts = [.. states];
        TSampler.Integrate(states);
        QuantileOracle[] oracles = [.. Enumerable.Range(0, d).Select(axis => new QuantileOracle(model, axis, model.Process.Horizon, model.Process.EarlyStop))];
        double deviation = Math.Sqrt(model.Mixture.Covariances.Max(covariance => covariance.MaxVariance)),
            farthest = model.Mixture.Means.Max(mean => mean.Max(Math.Abs));
        var failures = new System.Collections.Concurrent.ConcurrentBag<string>();
        Parallel.For(0, starts.Length / d, i =>
        {
            double squares = 0, slack = 0, size = 0;
            for (int j = 0; j < d; j++)
            {
                (double image, double open) = oracles[j].At(double.CreateTruncating(starts[i * d + j]));
                double distance = double.CreateTruncating(states[i * d + j]) - image;
                (squares, slack, size) = (squares + distance * distance, slack + open, Math.Max(size, Math.Abs(image)));
            }
            double extent = farthest / 2 + 8 * deviation, allowed = descriptor.Map!.Error * (size <= extent ? 1 : 2 * size / extent);
            if (!(Math.Sqrt(squares) <= allowed + slack)) failures.Add($"{typeof(TSampler)} at {starts[i * d]}: {Math.Sqrt(squares)} > {allowed} + {slack}");
        });
        Assert.Equal([], failures.Take(5));
    }
}
