using FlowDsl.Runtime.Students;

namespace FlowDsl.Training;

/// <summary>Trains the network of one segment. Its parameters depend only on the options and the seed, not on threads or interruptions.</summary>
internal sealed class SegmentTrainer
{
    // Every batch is summed in the same parts, so that the number of threads does not change any bit.
    private const int PartCount = 2;

    // The decay of the running mean of the batches' errors.
    private const double Forgetting = 0.02;

    private readonly StudentSegment _segment;
    private readonly SegmentData _data;
    private readonly TrainingOptions _options;
    private readonly BatchPart[] _parts;
    private readonly StudentDescriptor _student;
    private readonly int _r;

    /// <summary>Makes a trainer at the start.</summary>
    /// <param name="kernel">The student's arithmetic.</param>
    /// <param name="index">The segment.</param>
    /// <param name="data">The samples to learn from.</param>
    /// <param name="options">The training options.</param>
    /// <param name="initial">The parameters to start from.</param>
    /// <param name="threads">The number of threads for one batch.</param>
    public SegmentTrainer(StudentKernel kernel, int index, SegmentData data, TrainingOptions options, ReadOnlySpan<float> initial, int threads)
    {
        (Index, _data, _options, Threads) = (index, data, options, threads);
        _r = kernel.Student.Shape.Coordinates;
        _student = kernel.Student;
        _segment = kernel.Segment(index);
        _parts = [.. Enumerable.Range(0, PartCount).Select(_ => new BatchPart(kernel))];
        Parameters = initial.ToArray();
        // A step clamps after it; without steps nothing else would.
        if (options.Steps == 0) Project(Parameters);
        Optimizer = new AdamW(Parameters.Length);
    }

    /// <summary>The segment.</summary>
    public int Index { get; }

    /// <summary>The parameters.</summary>
    public float[] Parameters { get; }

    /// <summary>The optimizer with its moments.</summary>
    public AdamW Optimizer { get; }

    /// <summary>The number of steps done.</summary>
    public int StepsDone { get; set; }

    /// <summary>The relative error on recent batches; after the evaluation, its error.</summary>
    public double RelativeError { get; set; } = double.NaN;

    /// <summary>Whether training is finished.</summary>
    public bool IsTrained { get; set; }

    private int Threads { get; }

    /// <summary>Takes the next step, on a new batch.</summary>
    public void Step()
    {
        _segment.Load(Parameters, forTraining: true);
        (double loss, double scale) = Run(DataStream.Steps, (long)StepsDone * _options.BatchSize, _options.BatchSize, withGradient: true);
        Span<float> gradient = Gradient();
        double square = 0;
        foreach (float value in gradient) square += (double)value * value;
        // A NaN in the gradient would make the parameters NaN.
        if (!double.IsFinite(square))
            throw new InvalidOperationException(
                $"Segment {Index}: the gradient of step {StepsDone} is not finite; use a smaller learning rate than {_options.LearningRate}.");

        StepsDone++;
        double clip = Math.Min(1, _options.ClipNorm / Math.Sqrt(square));
        Optimizer.Step(StepsDone, Rate(StepsDone), _options.WeightDecay, clip, Parameters, gradient);
        Project(Parameters);
        double error = loss / scale;
        RelativeError = StepsDone == 1 ? error : RelativeError + Math.Max(Forgetting, 1.0 / StepsDone) * (error - RelativeError);
    }

    /// <summary>Minimises the loss on one large batch; keeps the result only if it is better on other samples too.</summary>
    /// <param name="progress">Receives the number of iterations done.</param>
    /// <param name="cancellationToken">Stops between iterations and leaves the parameters unchanged.</param>
    public void Finish(Action<int> progress, CancellationToken cancellationToken)
    {
        double before = Evaluate();
        float[] parameters = [.. Parameters];
        foreach (BatchPart part in _parts) part.Keep();
        Lbfgs.Minimize(parameters, Objective, Project, _options.FinishIterations, progress, cancellationToken);
        foreach (BatchPart part in _parts) part.Forget();
        float[] unfinished = [.. Parameters];
        parameters.CopyTo(Parameters, 0);
        if (!(Evaluate() < before)) unfinished.CopyTo(Parameters, 0);

        double Objective(float[] at, Span<float> gradient)
        {
            _segment.Load(at, forTraining: true);
            (double loss, _) = Run(DataStream.Finish, 0, _options.FinishSamples, withGradient: true);
            Gradient().CopyTo(gradient);
            return loss / ((double)_options.FinishSamples * _r);
        }
    }

    /// <summary>The relative MSE on separate samples.</summary>
    public double Evaluate()
    {
        _segment.Load(Parameters, forTraining: false);
        (double loss, double scale) = Run(DataStream.Evaluation, 0, _options.EvaluationSamples, withGradient: false);
        return loss / scale;
    }

    private (double Loss, double Scale) Run(DataStream stream, long firstIndex, int count, bool withGradient)
    {
        float factor = (float)(1 / ((double)count * _r));
        int half = (count + PartCount - 1) / PartCount;
        void Part(int i)
        {
            int start = Math.Min(i * half, count);
            _parts[i].Run(_segment, _data, stream, firstIndex + start, Math.Min(half, count - start), withGradient ? factor : 0);
        }
        if (Threads > 1) Parallel.For(0, PartCount, new ParallelOptions { MaxDegreeOfParallelism = Threads }, Part);
        else
            for (int i = 0; i < PartCount; i++) Part(i);
        return (_parts.Sum(part => part.Loss), _parts.Sum(part => part.Scale));
    }

    private Span<float> Gradient()
    {
        Span<float> sum = _parts[0].Gradient;
        for (int part = 1; part < PartCount; part++)
        {
            ReadOnlySpan<float> own = _parts[part].Gradient;
            for (int i = 0; i < sum.Length; i++) sum[i] += own[i];
        }
        return sum;
    }

    private double Rate(int step)
    {
        if (_options.Decay == LearningRateDecay.None) return _options.LearningRate;
        double rise = Math.Min(1, step / (0.01 * _options.Steps));
        return _options.LearningRate * rise * 0.5 * (1 + Math.Cos(Math.PI * (step - 1) / _options.Steps));
    }

    private void Project(Span<float> parameters) => _student.Bound.Clamp(_student.Shape, parameters);
}
