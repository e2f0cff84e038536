using System.Numerics;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Draws;

namespace FlowDsl.Sampling;

/// <summary>Draws x_T of a data set: a row by the sample's uniform, and noise by its normals.</summary>
/// <param name="data">The data set.</param>
/// <param name="point">The process at the time of the draws.</param>
internal sealed class DataDraws(EmpiricalMixture data, ProcessPoint point)
{
    private const int Together = 16;

    private readonly int _d = data.Dimension;
    private readonly double _deviation = Math.Sqrt(point.Spread(data.Variance));

    /// <summary>Fills rows with the samples from an index on.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    public void Fill<T>(ulong seed, long firstIndex, Span<T> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] means = new double[_d];
        if (typeof(T) == typeof(float))
        {
            FillSingle(seed, firstIndex, MemoryMarshal.Cast<T, float>(rows), means);
            return;
        }
        double[] normals = new double[_d * Together], uniforms = new double[Together];
        int samples = rows.Length / _d;
        for (int first = 0; first < samples; first += Together)
        {
            NormalSource.FillRows(seed, firstIndex + first, _d, normals, Together);
            NormalSource.FillUniforms(seed, firstIndex + first, uniforms);
            for (int i = 0; i < Math.Min(Together, samples - first); i++)
            {
                data.Rows.Read(Math.Min((int)(uniforms[i] * data.Count), data.Count - 1), means);
                Span<T> row = rows.Slice((first + i) * _d, _d);
                for (int j = 0; j < _d; j++) row[j] = T.CreateTruncating(point.A * means[j] + _deviation * normals[j * Together + i]);
            }
        }
    }

    // Other numbers from the same law, as for other mixtures.
    private void FillSingle(ulong seed, long firstIndex, Span<float> rows, double[] mean)
    {
        float[] normals = new float[(_d + 1) / 2 * 2 * Together];
        uint[] words = new uint[Together];
        int samples = rows.Length / _d;
        float deviation = (float)_deviation;
        for (int first = 0; first < samples; first += Together)
        {
            int n = Math.Min(Together, samples - first);
            SingleNormalSource.FillRows(seed, firstIndex + first, _d, normals, Together, words);
            Span<float> block = rows.Slice(first * _d, n * _d);
            Transposition.FromRows(normals, Together, block, _d, n);
            for (int i = 0; i < n; i++)
            {
                data.Rows.Read((int)((ulong)words[i] * (uint)data.Count >> 32), mean);
                Span<float> row = block.Slice(i * _d, _d);
                for (int j = 0; j < _d; j++) row[j] = (float)(point.A * mean[j]) + deviation * row[j];
            }
        }
    }
}
