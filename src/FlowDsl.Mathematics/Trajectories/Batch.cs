using System.Numerics;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Trajectories;

/// <summary>The states of many samples, in consecutive blocks of one sample per lane.</summary>
internal sealed class Batch
{
    /// <summary>Allocates samples; the last block is padded with copies of the first sample.</summary>
    /// <param name="samples">The number of samples.</param>
    /// <param name="dimension">The coordinates of each.</param>
    public Batch(int samples, int dimension)
    {
        (Samples, Dimension) = (samples, dimension);
        Values = new Vector<double>[Lanes.Blocks(samples) * dimension];
    }

    /// <summary>The number of samples.</summary>
    public int Samples { get; }

    /// <summary>The number of coordinates.</summary>
    public int Dimension { get; }

    /// <summary>The vectors, block by block, coordinate by coordinate.</summary>
    public Vector<double>[] Values { get; }

    /// <summary>The number of blocks.</summary>
    public int Blocks => Values.Length / Dimension;

    /// <summary>The coordinates of a block.</summary>
    /// <param name="block">The block.</param>
    public Span<Vector<double>> Block(int block) => Values.AsSpan(block * Dimension, Dimension);

    /// <summary>A batch of points.</summary>
    /// <param name="points">The points.</param>
    public static Batch Of(double[][] points)
    {
        var batch = new Batch(points.Length, points[0].Length);
        double[] lanes = new double[Lanes.Count];
        for (int i = 0; i < batch.Values.Length; i++)
        {
            int block = i / batch.Dimension, j = i % batch.Dimension;
            for (int lane = 0; lane < lanes.Length; lane++)
            {
                int sample = block * lanes.Length + lane;
                lanes[lane] = points[sample < points.Length ? sample : 0][j];
            }
            batch.Values[i] = new Vector<double>(lanes);
        }
        return batch;
    }

    /// <summary>The samples, each of d values.</summary>
    public double[][] Points()
    {
        double[] values = new double[Values.Length * Lanes.Count];
        for (int i = 0; i < Values.Length; i++) Values[i].CopyTo(values, i * Lanes.Count);
        return [.. Enumerable.Range(0, Samples).Select(i =>
            Enumerable.Range(0, Dimension).Select(j => values[(i / Lanes.Count * Dimension + j) * Lanes.Count + i % Lanes.Count]).ToArray())];
    }

    /// <summary>The differences from another batch, sample by sample, coordinate by coordinate, whatever the vector width.</summary>
    /// <param name="other">The other batch.</param>
    /// <param name="differences">Receives at least n·d values.</param>
    public void Subtract(Batch other, Span<double> differences)
    {
        double[] lanes = new double[Lanes.Count];
        for (int i = 0; i < Values.Length; i++)
        {
            (Values[i] - other.Values[i]).CopyTo(lanes);
            (int block, int j) = (i / Dimension, i % Dimension);
            for (int lane = 0; lane < lanes.Length; lane++)
            {
                int sample = block * lanes.Length + lane;
                if (sample < Samples) differences[sample * Dimension + j] = lanes[lane];
            }
        }
    }

    /// <summary>Every n-th sample.</summary>
    /// <param name="stride">n.</param>
    public Batch Every(int stride) => Of([.. Points().Where((_, i) => i % stride == 0)]);

    /// <summary>A copy.</summary>
    public Batch Copy()
    {
        var copy = new Batch(Samples, Dimension);
        Array.Copy(Values, copy.Values, Values.Length);
        return copy;
    }

    /// <summary>The mean over samples of the squared distance from another batch, or from the origin; infinite if it is not finite.</summary>
    /// <param name="other">The other batch; null for the origin.</param>
    public double MeanSquaredDistance(Batch? other)
    {
        // In the order of the samples, whatever the vector width.
        double total = 0;
        foreach (double square in SquaredDistances(other)) total += square;
        return double.IsNaN(total) ? double.PositiveInfinity : total / Samples;
    }

    /// <summary>The square of each sample's distance from those of another batch, or from 0.</summary>
    public ReadOnlySpan<double> SquaredDistances(Batch? other)
    {
        double[] bySample = new double[Blocks * Lanes.Count];
        for (int block = 0; block < Blocks; block++)
        {
            Vector<double> sum = Vector<double>.Zero;
            for (int i = block * Dimension; i < (block + 1) * Dimension; i++)
            {
                Vector<double> difference = other is null ? Values[i] : Values[i] - other.Values[i];
                sum += difference * difference;
            }
            sum.CopyTo(bySample, block * Lanes.Count);
        }
        return bySample.AsSpan(0, Samples);
    }
}
