namespace FlowDsl.Tests;

/// <summary>Drawing samples in parallel: reproducible, observable, stoppable.</summary>
public class FlowSamplingTests
{
    private const int Count = 10_000;

    public static TheoryData<int, int> Partitions
    {
        get
        {
            var data = new TheoryData<int, int>();
            foreach (int threads in new[] { -1, 1, 2, 8 })
                foreach (int batch in new[] { 1, 7, 1000, 8192 }) data.Add(threads, batch);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Partitions))]
    public void ThreadsAndBatchesChangeNoBit(int threads, int batch)
    {
        // Samples one by one cost a block each.
        int count = batch == 1 ? 500 : Count;
        var options = new SamplingOptions { MaxThreads = threads, BatchSize = batch };
        Compare.SameBits<float>(FlowSampling.Sample<Faithful.Heun8, float>(count, 1), FlowSampling.Sample<Faithful.Heun8, float>(count, 1, options), "single");
        Compare.SameBits<double>(
            FlowSampling.Sample<Probe.UnequalIsotropic.MultistepDouble, double>(count, 1),
            FlowSampling.Sample<Probe.UnequalIsotropic.MultistepDouble, double>(count, 1, options), "double");
        Compare.SameBits<float>(
            FlowSampling.DrawPrior<float>(Model<Faithful>(), count, 1),
            FlowSampling.DrawPrior<float>(Model<Faithful>(), count, 1, options), "prior");
    }

    [Fact]
    public void TheSamplersOwnCallDrawsTheSameBits()
    {
        var options = new SamplingOptions { Prior = Prior.Gaussian, FirstIndex = 7, BatchSize = 10 };
        var reports = new Recorder();
        Compare.SameBits<float>(FlowSampling.Sample<Faithful.Heun8, float>(100, 1, options), Faithful.Heun8.Sample(100, 1, options, reports), "single");
        Assert.Equal([.. Enumerable.Range(1, 10).Select(batch => 10L * batch)], reports.Values);
        Compare.SameBits<double>(
            FlowSampling.Sample<Probe.UnequalIsotropic.MultistepDouble, double>(100, 1),
            Probe.UnequalIsotropic.MultistepDouble.Sample(100, 1), "double");
        Assert.ThrowsAny<OperationCanceledException>(() => Faithful.Heun8.Sample(100, 1, cancellationToken: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void PartsByFirstIndexAreTheWhole()
    {
        float[] whole = FlowSampling.Sample<TiedEllipsoids.Heun8, float>(1000, 5);
        foreach (int cut in new[] { 0, 1, 333, 999, 1000 })
        {
            float[] parts =
            [
                .. FlowSampling.Sample<TiedEllipsoids.Heun8, float>(cut, 5),
                .. FlowSampling.Sample<TiedEllipsoids.Heun8, float>(1000 - cut, 5, new() { FirstIndex = cut }),
            ];
            Compare.SameBits<float>(whole, parts, $"cut at {cut}");
        }
        // Far beyond what one array holds.
        long far = 1L << 40;
        float[] rows = FlowSampling.Sample<TiedEllipsoids.Heun8, float>(10, 5, new() { FirstIndex = far });
        Compare.SameBits<float>(rows.AsSpan(12), FlowSampling.Sample<TiedEllipsoids.Heun8, float>(6, 5, new() { FirstIndex = far + 4 }), "far away");
        Assert.NotEqual(whole[..30], rows);
    }

    [Fact]
    public void SeedsGiveOtherSamples()
        => Assert.Empty(FlowSampling.Sample<Faithful.Heun8, float>(100, 1).Intersect(FlowSampling.Sample<Faithful.Heun8, float>(100, 2)));

    /// <summary>Samples are the prior's draws, integrated.</summary>
    [Theory]
    [InlineData(Prior.Exact)]
    [InlineData(Prior.Gaussian)]
    public void SamplesStartAtThePrior(Prior prior)
    {
        var options = new SamplingOptions { Prior = prior, FirstIndex = 17 };
        double[] states = FlowSampling.DrawPrior<double>(Model<Faithful>(), 100, 3, options);
        Faithful.Rk4x16Double.Integrate(states);
        Compare.SameBits<double>(states, FlowSampling.Sample<Faithful.Rk4x16Double, double>(100, 3, options), prior.ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void ProgressIncreasesToTheCount(int threads)
    {
        var progress = new Recorder();
        FlowSampling.Sample<Faithful.Heun8, float>(Count, 1, new() { BatchSize = 300, MaxThreads = threads }, progress);
        Assert.Equal((Count + 299) / 300, progress.Values.Count);
        for (int i = 1; i < progress.Values.Count; i++) Assert.InRange(progress.Values[i] - progress.Values[i - 1], 1, 300);
        Assert.Equal(Count, progress.Values[^1]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void CancellationStopsBetweenBatches(int threads)
    {
        using var source = new CancellationTokenSource();
        var progress = new Recorder(finished => { if (finished >= 100) source.Cancel(); });
        var options = new SamplingOptions { BatchSize = 10, MaxThreads = threads };
        Assert.ThrowsAny<OperationCanceledException>(
            () => FlowSampling.Sample<Faithful.Heun8, float>(1_000_000, 1, options, progress, source.Token));
        // Only what was under way could still finish: a batch a thread.
        Assert.InRange(progress.Values[^1], 100, 100 + 10 * threads);
    }

    [Fact]
    public void ACancelledTokenStartsNothing()
    {
        var progress = new Recorder();
        var cancelled = new CancellationToken(true);
        Assert.ThrowsAny<OperationCanceledException>(() => FlowSampling.Sample<Faithful.Heun8, float>(Count, 1, null, progress, cancelled));
        Assert.ThrowsAny<OperationCanceledException>(() => FlowSampling.DrawPrior<float>(Model<Faithful>(), Count, 1, null, progress, cancelled));
        Assert.Empty(progress.Values);
    }

    [Fact]
    public void NoSamplesAreAnEmptyArray()
    {
        Assert.Empty(FlowSampling.Sample<Faithful.Heun8, float>(0, 1));
        Assert.Empty(FlowSampling.DrawPrior<double>(Model<Faithful>(), 0, 1));
    }

    [Fact]
    public void CountsOutOfRangeAreRefusedWithTheirNumbers()
    {
        long most = Array.MaxLength / 2;
        foreach (long count in new[] { -1, long.MinValue, most + 1, long.MaxValue })
        {
            Action[] calls = [() => FlowSampling.Sample<Faithful.Heun8, float>(count, 1), () => FlowSampling.DrawPrior<float>(Model<Faithful>(), count, 1)];
            foreach (Action call in calls)
            {
                var exception = Assert.Throws<ArgumentOutOfRangeException>(call);
                Assert.Equal("count", exception.ParamName);
                Assert.Equal(count, exception.ActualValue);
                Assert.Contains(most.ToString(), exception.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void OptionsOutOfRangeAreRefused()
    {
        foreach (int batch in new[] { 0, -1, int.MinValue })
            Assert.Equal("options", Refused(new() { BatchSize = batch }).ParamName);
        foreach (int threads in new[] { 0, -2, int.MinValue })
            Assert.Equal("options", Refused(new() { MaxThreads = threads }).ParamName);
        foreach (long first in new[] { -1, long.MinValue, long.MaxValue })
            Assert.Contains(first.ToString(), Refused(new() { FirstIndex = first }).Message, StringComparison.Ordinal);
        Assert.Contains(
            "Exact or Gaussian",
            Assert.Throws<ArgumentOutOfRangeException>(() => FlowSampling.DrawPrior<float>(Model<Faithful>(), 1, 1, new() { Prior = (Prior)99 })).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => FlowSampling.DrawPrior<float>(null!, 1, 1));

        static ArgumentOutOfRangeException Refused(SamplingOptions options)
            => Assert.Throws<ArgumentOutOfRangeException>(() => FlowSampling.Sample<Faithful.Heun8, float>(1, 1, options));
    }

    /// <summary>As in a plain loop: whoever catches his own exception gets it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void AnExceptionOfTheProgressArrivesAsThrown(int threads)
    {
        var options = new SamplingOptions { BatchSize = 10, MaxThreads = threads };
        var progress = new Recorder(_ => throw new TimeoutException("enough"));
        Assert.Equal("enough", Assert.Throws<TimeoutException>(() => FlowSampling.Sample<Faithful.Heun8, float>(1000, 1, options, progress)).Message);
    }

    /// <summary>One batch of all samples: cancelled from outside, it ends long before its last one is drawn.</summary>
    [Fact]
    public void CancellationDoesNotWaitForALongBatch()
    {
        const int count = 3_000_000;
        using var source = new CancellationTokenSource();
        int pieces = 0;
        SlowSampler.Integrated = () =>
        {
            if (++pieces == 2) source.Cancel();
        };
        SamplingOptions options = new() { BatchSize = int.MaxValue, MaxThreads = 1 };
        Assert.ThrowsAny<OperationCanceledException>(() => FlowSampling.Sample<SlowSampler, float>(count, 1, options, null, source.Token));
        Assert.Equal(2, pieces);
    }

    /// <summary>A sampler that tells of each call.</summary>
    private sealed class SlowSampler : IFlowSampler<SlowSampler, float>
    {
        public static Action Integrated { get; set; } = () => { };

        public static SamplerDescriptor Descriptor => Faithful.Heun8.Descriptor;

        public static void Integrate(Span<float> states) => Integrated();

        public static void Integrate(Span<float> states, int firstSegment, int segmentCount) => throw new NotSupportedException();

        public static void Integrate(Span<float> states, Span<float> history, int firstSegment, int segmentCount) => throw new NotSupportedException();

        public static void Integrate(Span<float> states, Span<FlowError> errors) => throw new NotSupportedException();

        public static void IntegrateWithMargins(Span<float> states, Span<FlowError> errors) => throw new NotSupportedException();

        public static int Integrate(Span<float> states, Span<double> logDensities) => throw new NotSupportedException();
    }

    [Fact]
    public void ABatchMayBeGreaterThanTheCount()
        => Compare.SameBits<float>(
            FlowSampling.Sample<Faithful.Heun8, float>(10, 1),
            FlowSampling.Sample<Faithful.Heun8, float>(10, 1, new() { BatchSize = int.MaxValue }), "one batch");

    private static GaussianMixtureModel Model<TMixture>()
        where TMixture : IGaussianMixture<TMixture> => GaussianMixtureModel.From<TMixture>();

    private sealed class Recorder(Action<long>? then = null) : IProgress<long>
    {
        public List<long> Values { get; } = [];

        // Called under the lock that orders the reports.
        public void Report(long value)
        {
            Values.Add(value);
            then?.Invoke(value);
        }
    }
}
