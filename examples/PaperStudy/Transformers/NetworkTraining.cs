using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using FlowDsl.Examples.Flows;

namespace FlowDsl.Examples.Transformers;

/// <summary>
/// Trains a network on the map from T to 0 as the published runs do: Adam at a constant rate on the mean squared error over a batch and its coordinates,
/// fresh samples for every step, gradients clipped to a length of one.
/// </summary>
internal static class NetworkTraining
{
    private const double MaxGradient = 1, ClipMargin = 1e-6;
    // With 20 equal steps in the logarithm of the noise 20 of 50,000 samples end in another mode, with 40 two, with 60 none.
    private const int PublishedSteps = 100, ConvergedSteps = 100;

    // Streams of one seed.
    private const ulong Streams = 3, StartStream = 0, TrainingStream = 1, EvaluationStream = 2;

    /// <summary>Trains a network and measures its error.</summary>
    /// <param name="network">The network. It holds the trained parameters afterwards.</param>
    /// <param name="mixture">The mixture.</param>
    /// <param name="options">How to train it.</param>
    /// <param name="progress">Receives a report after each step, on the caller's thread.</param>
    /// <param name="token">Stops within a step; the state after the last whole step is in the checkpoint.</param>
    /// <exception cref="InvalidOperationException">The checkpoint is of another training.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static NetworkTrainingResult Run(
        IStudyNetwork network, StudyMixture mixture, NetworkTrainingOptions options, IProgress<NetworkTrainingProgress>? progress = null,
        CancellationToken token = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.Steps);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Batch);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.EvaluationSamples);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Seed);
        ulong seed = Streams * (ulong)options.Seed;
        var state = new NetworkState(network.ParameterCount, Identity(network, mixture, options));
        if (options.Checkpoint is null || !state.TryRestore(options.Checkpoint)) network.Initialize(state.Parameters, seed + StartStream);
        if (state.Steps > options.Steps)
            throw new InvalidOperationException($"The checkpoint {options.Checkpoint} is after {state.Steps} steps, more than the {options.Steps} asked for.");
        var work = new BatchWork(network, mixture, Path(options.Teacher), options.MaxThreads);
        try
        {
            Train(network, work, state, options, seed + TrainingStream, progress, token);
        }
        finally
        {
            if (options.Checkpoint is not null) state.Save(options.Checkpoint);
        }
        network.Load(state.Parameters);
        (double error, double scale) = work.Measure(seed + EvaluationStream, 0, options.EvaluationSamples, null, token);
        return new NetworkTrainingResult(error / Math.Max(scale, 1e-12), state.Steps, state.Seconds, state.Parameters);
    }

    /// <summary>The path of a teacher of experiment 3.</summary>
    public static FlowPath Path(StudyTeacher teacher) => teacher switch
    {
        StudyTeacher.Published => FlowPath.InTime(StudyMixture.Horizon, 0, PublishedSteps),
        StudyTeacher.Converged => FlowPath.InLogNoise(StudyMixture.Horizon, 0, ConvergedSteps),
        _ => throw new ArgumentOutOfRangeException(nameof(teacher), teacher, null),
    };

    private static void Train(
        IStudyNetwork network, BatchWork work, NetworkState state, NetworkTrainingOptions options, ulong seed, IProgress<NetworkTrainingProgress>? progress,
        CancellationToken token)
    {
        float[] gradient = new float[network.ParameterCount];
        TimeSpan saved = TimeSpan.Zero;
        double earlier = state.Seconds;
        var clock = Stopwatch.StartNew();
        while (state.Steps < options.Steps)
        {
            network.Load(state.Parameters);
            (double error, double scale) = work.Measure(seed, (long)state.Steps * options.Batch, options.Batch, gradient, token);
            double square = 0;
            foreach (float value in gradient) square += (double)value * value;
            state.Optimizer.Step(
                state.Steps + 1, options.LearningRate, weightDecay: 0, Math.Min(1, MaxGradient / (Math.Sqrt(square) + ClipMargin)), state.Parameters, gradient);
            state.Steps++;
            state.Seconds = earlier + clock.Elapsed.TotalSeconds;
            progress?.Report(new NetworkTrainingProgress(state.Steps, options.Steps, error / scale, state.Seconds));
            if (options.Checkpoint is null || clock.Elapsed - saved < options.CheckpointInterval) continue;
            state.Save(options.Checkpoint);
            saved = clock.Elapsed;
        }
    }

    // Steps are not part of it: a state does not depend on how many follow.
    private static string Identity(IStudyNetwork network, StudyMixture mixture, NetworkTrainingOptions options)
    {
        string means = string.Join(' ', mixture.Means.SelectMany(mean => mean).Select(value => $"{value:R}"));
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(means)))[..16];
        return $"{network.Description}, means {hash}, sigma {mixture.Sigma0:R}, {options.Teacher} teacher, seed {options.Seed}, batch {options.Batch}, "
            + $"rate {options.LearningRate:R}";
    }
}
