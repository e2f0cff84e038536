using System.Diagnostics;
using FlowDsl.Analysis;

namespace FlowDsl.Benchmarks;

/// <summary>One mixture, its generated sampler and the two generic ones, all from the same starts.</summary>
internal sealed class Contest
{
    /// <summary>The scalar form is so much slower that it gets this part of the samples a round.</summary>
    public const int ScalarShare = 64;

    private static readonly int[] s_chunks = [128, 256, 512, 1024, 2048, 4096];
    private readonly Integration _generated;
    private readonly float[] _starts, _states, _tensorStates;
    private readonly double[] _scalarStarts, _scalarStates;
    private readonly FlowProgram _program;

    private Contest(string name, SamplerDescriptor descriptor, Integration generated, int samples)
    {
        (Name, Model, _generated, Samples, ScalarSamples) = (name, descriptor.Model, generated, samples, samples / ScalarShare);
        _starts = FlowSampling.DrawPrior<float>(Model, samples, seed: 1);
        _scalarStarts = [.. _starts.Take(ScalarSamples * Model.Dimension).Select(value => (double)value)];
        (_states, _tensorStates, _scalarStates) = (new float[_starts.Length], new float[_starts.Length], new double[_scalarStarts.Length]);
        _program = Model.Program(descriptor.Solver, descriptor.Times, descriptor.Chart);
        Tensors = BestTensorSampler();
    }

    public delegate void Integration(Span<float> states);

    public string Name { get; }

    public GaussianMixtureModel Model { get; }

    public int Samples { get; }

    public int ScalarSamples { get; }

    public TensorSampler Tensors { get; }

    /// <summary>Samples of a chunk of <see cref="Tensors"/>, the fastest of several.</summary>
    public int Chunk { get; private set; }

    /// <summary>The contests, each made when it is its turn, for a number of samples of its own or a given one.</summary>
    public static IReadOnlyList<Func<int?, Contest>> All { get; } =
    [
        samples => Of<Ring8.Heun8>("8 modes in the plane, one variance", samples ?? 12_288),
        samples => Of<TwoFull.Heun8>("2 full covariances in the plane", samples ?? 12_288),
        samples => Of<Diagonal16.Heun8>("10 diagonal covariances, d = 16", samples ?? 4_096),
        samples => Of<Spherical64.Heun8>("20 isotropic covariances, d = 64", samples ?? 2_048),
    ];

    private static Contest Of<TSampler>(string name, int samples)
        where TSampler : IFlowSampler<TSampler, float> => new(name, TSampler.Descriptor, TSampler.Integrate, samples);

    /// <summary>Puts the generated sampler's samples back to the starts.</summary>
    public void RestoreGenerated() => _starts.CopyTo(_states, 0);

    /// <summary>Puts the TensorPrimitives sampler's samples back to the starts.</summary>
    public void RestoreTensors() => _starts.CopyTo(_tensorStates, 0);

    /// <summary>Puts the scalar form's samples back to the starts.</summary>
    public void RestoreScalar() => _scalarStarts.CopyTo(_scalarStates, 0);

    /// <summary>Puts all samples back to the starts; not part of what is timed.</summary>
    public void Restore()
    {
        RestoreGenerated();
        RestoreTensors();
        RestoreScalar();
    }

    public void RunGenerated() => _generated(_states);

    public void RunTensors() => Tensors.Integrate(_tensorStates);

    public void RunScalar() => Model.Integrate(_program, _scalarStates);

    /// <summary>The r.m.s. error of both float samplers against double precision, relative to the r.m.s. of the samples.</summary>
    /// <exception cref="InvalidOperationException">A sampler is wrong.</exception>
    public (double Generated, double Tensors) Check()
    {
        Restore();
        int n = Math.Min(1024, Samples) * Model.Dimension;
        double[] exact = [.. _starts.Take(n).Select(value => (double)value)];
        Model.Integrate(_program, exact);
        RunGenerated();
        RunTensors();
        RunScalar();
        // The flow amplifies rounding near the border of two modes, in both alike.
        (double generated, double tensors) = (Error(_states), Error(_tensorStates));
        if (!(generated < 1e-3)) throw new InvalidOperationException($"{Name}: the generated sampler is off by {generated:E1}.");
        if (!(tensors < 1e-3)) throw new InvalidOperationException($"{Name}: the TensorPrimitives sampler is off by {tensors:E1}.");
        if (!_scalarStates.AsSpan().SequenceEqual(exact.AsSpan(0, _scalarStates.Length))) throw new InvalidOperationException($"{Name}: the scalar sampler does not repeat itself.");
        return (generated, tensors);

        double Error(float[] states)
        {
            double error = 0, size = 0;
            for (int i = 0; i < n; i++)
            {
                error += (states[i] - exact[i]) * (states[i] - exact[i]);
                size += exact[i] * exact[i];
            }
            return Math.Sqrt(error / size);
        }
    }

    private TensorSampler BestTensorSampler()
    {
        (TensorSampler? Sampler, double Time) best = (null, double.PositiveInfinity);
        foreach (int chunk in s_chunks)
        {
            var sampler = new TensorSampler(Model.Mixture, _program, chunk);
            double time = double.PositiveInfinity;
            long began = Stopwatch.GetTimestamp();
            for (int round = 0; round < 5 || Stopwatch.GetElapsedTime(began).TotalSeconds < 0.4; round++)
            {
                _starts.CopyTo(_tensorStates, 0);
                long start = Stopwatch.GetTimestamp();
                sampler.Integrate(_tensorStates);
                time = Math.Min(time, Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
            if (time < best.Time) (best, Chunk) = ((sampler, time), chunk);
        }
        return best.Sampler!;
    }
}
