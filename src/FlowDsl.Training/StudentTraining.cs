using System.Diagnostics;
using System.Globalization;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Students;

namespace FlowDsl.Training;

/// <summary>Trains students.</summary>
public static class StudentTraining
{
    /// <summary>
    /// Trains each segment of a student to map x, drawn from the process's own law at the segment's start, to where its reference takes it. The
    /// weights depend only on the options and the seed: not on threads, nor on interruptions if there is a checkpoint.
    /// </summary>
    /// <typeparam name="TStudent">The student.</typeparam>
    /// <param name="options">The training options.</param>
    /// <param name="progress">Receives the progress several times per second, from one thread at a time.</param>
    /// <param name="cancellationToken">Stops soon; with a checkpoint nothing is lost.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The checkpoint belongs to another training, or a gradient is not finite.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static TrainingResult Train<TStudent>(
        TrainingOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
        where TStudent : IFlowStudent<TStudent>
    {
        options ??= new TrainingOptions();
        options.Check();
        StudentDescriptor student = TStudent.Student;
        return Train<TStudent>(j => SegmentData.Of(student, j, options.Seed), "flow", student.Sampler.Model, options, progress, cancellationToken);
    }

    /// <summary>Trains the network of a student of one segment, <see cref="StudentForm.Plain"/>, on any other function of x.</summary>
    /// <typeparam name="TStudent">The student.</typeparam>
    /// <param name="time">The time whose law x is drawn from.</param>
    /// <param name="target">The function.</param>
    /// <param name="name">Its name in the checkpoint.</param>
    /// <param name="law">The mixture and the process whose law x is drawn from, of the student's dimension; null for the student's own.</param>
    /// <param name="options">The training options.</param>
    /// <param name="progress">Receives the progress several times per second, from one thread at a time.</param>
    /// <param name="cancellationToken">Stops soon; with a checkpoint nothing is lost.</param>
    /// <exception cref="ArgumentException">The student has several segments, another form or another dimension than the law.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The checkpoint belongs to another training, or a gradient is not finite.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static TrainingResult Fit<TStudent>(
        double time, TargetFunction target, string name, GaussianMixtureModel? law = null, TrainingOptions? options = null,
            IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
        where TStudent : IFlowStudent<TStudent>
    {
        ArgumentNullException.ThrowIfNull(target);
        options ??= new TrainingOptions();
        options.Check();
        StudentDescriptor student = TStudent.Student;
        law ??= student.Sampler.Model;
        if (law.Dimension != student.Sampler.Dimension)
            throw new ArgumentException(
                $"The law has {law.Dimension} dimensions, student '{student.Sampler.Name}' has {student.Sampler.Dimension}.", nameof(law));
        if (student.SegmentCount != 1 || student.Shape.Form != StudentForm.Plain)
            throw new ArgumentException(
                $"Student '{student.Sampler.Name}' has {student.SegmentCount} segments of form {student.Shape.Form}; " +
                "to learn another function it must have one segment, of form Plain.");
        return Train<TStudent>(
            _ => SegmentData.Of(law, time, (starts, targets) => target(starts, targets), options.Seed),
            string.Create(CultureInfo.InvariantCulture, $"{name} at {time:R}"), law, options, progress, cancellationToken);
    }

    private static TrainingResult Train<TStudent>(
        Func<int, SegmentData> data, string target, GaussianMixtureModel law, TrainingOptions options, IProgress<TrainingProgress>? progress,
            CancellationToken cancellationToken)
        where TStudent : IFlowStudent<TStudent>
    {
        var watch = Stopwatch.StartNew();
        StudentDescriptor student = TStudent.Student;
        (int first, int count) = SegmentsOf(student, options);
        StudentWeights initial = StudentWeights.Initial(student, options.Seed);
        StudentKernel kernel = TStudent.CreateKernel(initial);
        int threads = options.MaxThreads > 0 ? options.MaxThreads : Environment.ProcessorCount;
        // Segments train independently in parallel; a single segment splits its batches over threads instead.
        int within = count == 1 ? threads : 1;
        SegmentTrainer[] trainers = [.. Enumerable.Range(0, student.SegmentCount)
            .Select(j => new SegmentTrainer(kernel, j, data(j), options, initial.Segment(j), within))];
        Checkpoint? checkpoint = options.Checkpoint is { } path ? new Checkpoint(path, TrainingFingerprint.Of(student, law, target, options)) : null;
        checkpoint?.Restore(trainers);

        SegmentTrainer[] chosen = trainers[first..(first + count)];
        var report = new TrainingReport(chosen, options, progress);
        ParallelLoop.For(count, threads, j => new SegmentTraining(chosen[j], options, checkpoint, report).Run(cancellationToken), cancellationToken);
        var weights = new StudentWeights(student, [.. trainers.Select(trainer => trainer.Parameters)]);
        return new TrainingResult(weights, [.. trainers.Select(trainer => trainer.IsTrained ? trainer.RelativeError : double.NaN)], watch.Elapsed);
    }

    private static (int First, int Count) SegmentsOf(StudentDescriptor student, TrainingOptions options)
    {
        if (options.Segments is not { } segments) return (0, student.SegmentCount);
        int first = segments.Start.GetOffset(student.SegmentCount), end = segments.End.GetOffset(student.SegmentCount);
        if (first < 0 || end > student.SegmentCount || first > end)
            throw new ArgumentOutOfRangeException(
                nameof(options), segments, $"{nameof(options.Segments)} is {segments}; student '{student.Sampler.Name}' has {student.SegmentCount} segments.");
        return (first, end - first);
    }
}

/// <summary>A function of x.</summary>
/// <param name="x">n×d values, row-major.</param>
/// <param name="y">Receives n×d values.</param>
public delegate void TargetFunction(ReadOnlySpan<float> x, Span<float> y);
