using System.Collections.Concurrent;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Benchmarks;

/// <summary>Starts and where the exact flow takes them: by these the errors of all samplers of a mixture are measured.</summary>
internal sealed class AccuracyProblem
{
    // Fewer samples of mixtures that cost more.
    private const int MaxSamples = 16_384, MinSamples = 128, Work = 1024 * 2048;
    private const ulong Seed = 31;
    private const double Tolerance = 1e-7;
    private const int Batch = 64;

    private readonly float[] _starts;
    private readonly double[] _ends;
    private readonly double _size;

    /// <summary>Draws starts and maps them.</summary>
    /// <param name="model">The mixture.</param>
    /// <param name="samples">How many; fewer of mixtures that cost more by default.</param>
    public AccuracyProblem(GaussianMixtureModel model, int? samples = null)
    {
        Model = model;
        Samples = samples ?? Math.Clamp(Work / (model.Dimension * model.ComponentCount), MinSamples, MaxSamples);
        _starts = FlowSampling.DrawPrior<float>(model, Samples, Seed);
        _ends = new double[_starts.Length];
        model.FlowMaps(model.Process.Horizon, model.Process.EarlyStop, Array.ConvertAll(_starts, value => (double)value), _ends, tolerance: Tolerance);
        _size = _ends.Sum(value => value * value);
    }

    public GaussianMixtureModel Model { get; }

    public int Samples { get; }

    /// <summary>The mean square of the exact ends.</summary>
    public double MeanSquare => _size / Samples;

    /// <summary>The relative mean squared error of a sampler.</summary>
    public double ErrorOf(Integration<float> integrate)
    {
        float[] states = [.. _starts];
        integrate(states);
        return Squares(0, states) / _size;
    }

    /// <summary>The largest distance from an exact end, over the root of the ends' mean square.</summary>
    public double LargestErrorOf(Integration<float> integrate)
    {
        float[] states = [.. _starts];
        integrate(states);
        double largest = ConvergedFlow.Distances(Array.ConvertAll(states, value => (double)value), _ends, Model.Dimension).Max();
        return largest / Math.Sqrt(MeanSquare);
    }

    /// <summary>
    /// The same as <see cref="ErrorOf(Integration{float})"/> of a solver on a grid, by the library's loops in single precision, on all cores.
    /// </summary>
    public double ErrorOf(FlowProgram program)
    {
        var kernel = new TableKernel<float>(Model.Mixture, program);
        int length = Batch * Model.Dimension;
        double sum = 0;
        object gate = new();
        Parallel.ForEach(Partitioner.Create(0, _starts.Length, length), part =>
        {
            float[] states = _starts[part.Item1..part.Item2];
            BlockDriver.Integrate(kernel, states);
            double own = Squares(part.Item1, states);
            lock (gate) sum += own;
        });
        return sum / _size;
    }

    private double Squares(int first, float[] states)
    {
        double sum = 0;
        for (int i = 0; i < states.Length; i++)
        {
            double difference = states[i] - _ends[first + i];
            sum += difference * difference;
        }
        return sum;
    }
}
