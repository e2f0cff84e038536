using FlowDsl.Examples;
using FlowDsl.Examples.Flows;
using FlowDsl.Examples.Transformers;

namespace FlowDsl.Tests.Transformers;

/// <summary>Training of experiment 3's networks: its steps, and that threads and interruptions change nothing.</summary>
public sealed class NetworkTrainingTests : IDisposable
{
    private static readonly StudyMixture s_mixture = new(PublishedMeans.Draw(0), 0.001);
    private static readonly NetworkTrainingOptions s_short = new() { Steps = 4, Batch = 24, EvaluationSamples = 40, Seed = 2 };

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ThreadsDoNotChangeABit()
    {
        // Three parts of a batch, two of the evaluation.
        NetworkTrainingOptions options = s_short with { Batch = 200, EvaluationSamples = 140, MaxThreads = 1 };
        NetworkTrainingResult one = Train(options), three = Train(options with { MaxThreads = 3 });
        Assert.Equal(one.Parameters, three.Parameters);
        Assert.Equal(one.RelativeMse, three.RelativeMse);
        Assert.NotEqual(one.RelativeMse, Train(options with { Seed = 3 }).RelativeMse);
    }

    [Fact]
    public void AnInterruptedTrainingContinuesToTheSameBits()
    {
        string checkpoint = Path.Combine(_folder, "new", "state");
        NetworkTrainingOptions options = s_short with { Checkpoint = checkpoint };
        using var interruption = new CancellationTokenSource();
        var progress = new Reports(report =>
        {
            if (report.Step == 2) interruption.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => Train(options, progress, interruption.Token));
        Assert.Equal([1, 2], progress.Steps);

        progress = new Reports(_ => { });
        NetworkTrainingResult continued = Train(options, progress), whole = Train(s_short);
        Assert.Equal([3, 4], progress.Steps);
        Assert.Equal(whole.Parameters, continued.Parameters);
        Assert.Equal(whole.RelativeMse, continued.RelativeMse);

        // A finished one is measured again, and goes on to more steps.
        Assert.Equal(whole.RelativeMse, Train(options).RelativeMse);
        Assert.Equal(Train(s_short with { Steps = 5 }).Parameters, Train(options with { Steps = 5 }).Parameters);
        Assert.Contains("after 5 steps", Assert.Throws<InvalidOperationException>(() => Train(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheStateOfAnotherTrainingIsRejected()
    {
        NetworkTrainingOptions options = s_short with { Steps = 0, Checkpoint = Path.Combine(_folder, "state") };
        ResidualBlocksTraining.Run(options);
        NetworkTrainingOptions[] others = [options with { Seed = 1 }, options with { Teacher = StudyTeacher.Converged }, options with { Blocks = 2 }];
        foreach (NetworkTrainingOptions other in others)
        {
            string message = Assert.Throws<InvalidOperationException>(() => ResidualBlocksTraining.Run(other)).Message;
            Assert.Contains("another training", message, StringComparison.Ordinal);
        }
        Assert.Throws<InvalidOperationException>(() => TransformerTraining.Run(options));
    }

    /// <summary>A step of this batch would take a minute.</summary>
    [Fact]
    public void CancellingDoesNotWaitForAStep()
    {
        using var interruption = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var progress = new Reports(_ => { });
        Assert.ThrowsAny<OperationCanceledException>(() => TransformerTraining.Run(s_short with { Batch = 200_000 }, progress, interruption.Token));
        Assert.Empty(progress.Steps);
    }

    /// <summary>
    /// Adam on the clipped gradient, in double precision from its formulas. Parameters in single precision with gradients that differ by 1e-6 of their length
    /// stay within a hundredth of a step of it, but where a gradient is nearly zero, its sign decides a step: those are few.
    /// </summary>
    [Fact]
    public void ThreeStepsAreThoseOfAdam()
    {
        const int Steps = 3, Batch = 32;
        var network = new ResidualBlocks(new ResidualShape(1));
        int count = network.ParameterCount;
        float[] start = new float[count], gradient = new float[count];
        network.Initialize(start, seed: 3 * 2);
        double[] x = Array.ConvertAll(start, value => (double)value), first = new double[count], second = new double[count];
        var work = new BatchWork(network, s_mixture, NetworkTraining.Path(StudyTeacher.Published), maxThreads: 1);
        for (int step = 1; step <= Steps; step++)
        {
            network.Load(Array.ConvertAll(x, value => (float)value));
            work.Measure(3 * 2 + 1, (step - 1) * Batch, Batch, gradient, default);
            double norm = Math.Sqrt(gradient.Sum(value => (double)value * value));
            // Offsets grow by a factor of a thousand in the last step of the teacher: the gradient is far too long.
            Assert.InRange(norm, 10, double.MaxValue);
            for (int i = 0; i < count; i++)
            {
                double own = gradient[i] / (norm + 1e-6);
                first[i] = 0.9 * first[i] + 0.1 * own;
                second[i] = 0.999 * second[i] + 0.001 * own * own;
                x[i] -= 2e-4 * first[i] / (1 - Math.Pow(0.9, step)) / (Math.Sqrt(second[i] / (1 - Math.Pow(0.999, step))) + 1e-8);
            }
        }
        IReadOnlyList<float> trained = ResidualBlocksTraining.Run(s_short with { Steps = Steps, Batch = Batch }).Parameters;
        Assert.InRange(trained.Zip(x, (a, b) => Math.Abs(a - b)).Count(difference => difference > 2e-6) / (double)count, 0, 0.001);
        Assert.InRange(trained.Zip(start, (a, b) => Math.Abs(a - b)).Average(), 2e-4, Steps * 2e-4);
    }

    /// <summary>The gradient is that of the mean over samples and coordinates: halving a batch does not halve it.</summary>
    [Fact]
    public void TheLossIsAMeanOverSamplesAndCoordinates()
    {
        var network = new ResidualBlocks(new ResidualShape(1));
        float[] parameters = new float[network.ParameterCount], gradient = new float[parameters.Length];
        network.Initialize(parameters, seed: 1);
        var work = new BatchWork(network, s_mixture, NetworkTraining.Path(StudyTeacher.Published), maxThreads: 1);
        // Along the gradient, central differences of the loss have the square of its length as their slope.
        network.Load(parameters);
        work.Measure(9, 0, 48, gradient, default);
        double square = gradient.Sum(value => (double)value * value), distance = 1e-3 / Math.Sqrt(square);
        double slope = (Loss(distance) - Loss(-distance)) / (2 * distance);
        Assert.InRange(slope / square, 0.999, 1.001);

        double Loss(double step)
        {
            network.Load(parameters.Zip(gradient, (value, own) => (float)(value + step * own)).ToArray());
            return work.Measure(9, 0, 48, null, default).Error / (48 * 64);
        }
    }

    /// <summary>From the flow's ends a network learns to undo the growth that it starts with.</summary>
    [Fact]
    public void ResidualBlocksLearn()
    {
        NetworkTrainingOptions options = s_short with
        {
            Steps = 60,
            Batch = 128,
            EvaluationSamples = 500,
            LearningRate = 2e-3,
            Teacher = StudyTeacher.Converged,
        };
        double before = ResidualBlocksTraining.Run(options with { Steps = 0 }).RelativeMse, after = ResidualBlocksTraining.Run(options).RelativeMse;
        Assert.InRange(before, 2, 20);
        Assert.InRange(after, 0, 0.5 * before);
    }

    // A narrow transformer: the teacher takes most of the time.
    private static NetworkTrainingResult Train(
        NetworkTrainingOptions options, IProgress<NetworkTrainingProgress>? progress = null, CancellationToken token = default)
        => NetworkTraining.Run(new TimeFreeTransformer(new TransformerShape(1, Width: 16, Heads: 2, Hidden: 32)), s_mixture, options, progress, token);

    private sealed class Reports(Action<NetworkTrainingProgress> then) : IProgress<NetworkTrainingProgress>
    {
        public List<int> Steps { get; } = [];

        public void Report(NetworkTrainingProgress value)
        {
            Steps.Add(value.Step);
            then(value);
        }
    }
}
