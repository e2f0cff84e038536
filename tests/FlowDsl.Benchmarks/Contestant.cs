using System.Diagnostics;
using System.Numerics;
using FlowDsl.Runtime.Blocks;

namespace FlowDsl.Benchmarks;

/// <summary>One way to integrate a contest's samples, with states of its own.</summary>
/// <param name="name">What it is.</param>
internal abstract class Contestant(string name)
{
    public string Name { get; } = name;

    /// <summary>Which of its variants was the fastest; null where it has one.</summary>
    public string? Variant { get; init; }

    /// <summary>The least number of samples for which it is at its best.</summary>
    public int Grain { get; init; } = 1;

    /// <summary>Samples of a turn.</summary>
    public int Turn { get; set; }

    /// <summary>Samples at hand.</summary>
    public abstract int Capacity { get; }

    /// <summary>Puts the first samples back to the starts; not part of what is timed.</summary>
    public abstract void Restore(int samples);

    /// <summary>Integrates the first samples.</summary>
    public abstract void Run(int samples);

    /// <summary>The r.m.s. error of the first samples' values, and the r.m.s. of the values themselves.</summary>
    public abstract (double Error, double Size) Compare(ReadOnlySpan<double> exact);

    /// <summary>Seconds a sample in a turn.</summary>
    public virtual double Time()
    {
        Restore(Turn);
        long start = Stopwatch.GetTimestamp();
        Run(Turn);
        return Stopwatch.GetElapsedTime(start).TotalSeconds / Turn;
    }

    /// <summary>Gives the contestant a turn of all samples, or as many as take so long, if that is less.</summary>
    public void Shorten(double seconds)
    {
        for (Turn = Math.Min(Grain, Capacity); Turn < Capacity; Turn = Math.Min(2 * Turn, Capacity))
            if (Math.Min(Time(), Time()) * Turn >= seconds) return;
    }

    protected static (double Error, double Size) Distance<T>(ReadOnlySpan<T> values, ReadOnlySpan<double> exact)
        where T : INumber<T>
    {
        double error = 0, size = 0;
        for (int i = 0; i < exact.Length; i++)
        {
            double difference = double.CreateChecked(values[i]) - exact[i];
            error += difference * difference;
            size += exact[i] * exact[i];
        }
        return (Math.Sqrt(error / exact.Length), Math.Sqrt(size / exact.Length));
    }
}

/// <summary>A contestant of this process, of one precision.</summary>
/// <param name="name">What it is.</param>
/// <param name="d">The dimension.</param>
/// <param name="starts">Row-major samples.</param>
/// <param name="integrate">What it does.</param>
internal sealed class Contestant<T>(string name, int d, T[] starts, Integration<T> integrate) : Contestant(name)
    where T : INumber<T>
{
    private readonly T[] _states = [.. starts];

    public override int Capacity => starts.Length / d;

    /// <summary>The samples, as the last run left them.</summary>
    public ReadOnlySpan<T> States => _states;

    public override void Restore(int samples) => starts.AsSpan(0, samples * d).CopyTo(_states);

    public override void Run(int samples) => integrate(_states.AsSpan(0, samples * d));

    public override (double Error, double Size) Compare(ReadOnlySpan<double> exact) => Distance(States, exact);
}
