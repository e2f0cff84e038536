using FlowDsl.Runtime.Draws;
using FlowDsl.Sampling;

namespace FlowDsl.Tests;

/// <summary>Samples in the plane, placed by whole vectors, have the bits of the definition: means plus products, each rounded.</summary>
public class PlanePlacesTests
{
    private const ulong Seed = 5;

    [Theory]
    [InlineData(1, false, 40)]
    [InlineData(2, false, 1)]
    [InlineData(3, true, 23)]
    [InlineData(8, false, 513)]
    [InlineData(8, true, 1030)]
    [InlineData(9, false, 64)]
    [InlineData(9, true, 64)]
    public void SamplesHaveTheBitsOfTheDefinition(int count, bool turned, int samples)
    {
        double[] cumulative = [.. Enumerable.Range(1, count).Select(k => (double)(k * k) / (count * count))];
        double[][] means = [.. Enumerable.Range(0, count).Select(k => new[] { 1.7 * k - 3, 0.3 * k * k })];
        double[][] deviations = [.. Enumerable.Range(0, count).Select(k => new[] { 0.9 + 0.1 * k, 1.3 - 0.1 * k })];
        double[]? basis = turned ? [0.6, -0.8, 0.8, 0.6] : null;
        float[] rows = new float[2 * samples];
        new SinglePriorDraws(cumulative, means, deviations, [.. Enumerable.Repeat(basis, count)]).Fill(Seed, 11, rows);

        int stride = (samples + 15) / 16 * 16;
        float[] normals = new float[2 * stride];
        uint[] words = new uint[stride];
        SingleNormalSource.FillRows(Seed, 11, 2, normals, stride, words);
        for (int i = 0; i < samples; i++)
        {
            int k = count == 1 ? 0 : Array.FindIndex(cumulative, sum => words[i] < Math.Floor(sum * 4294967296.0 + 0.5));
            (float x, float y) = (normals[i], normals[stride + i]);
            for (int j = 0; j < 2; j++)
            {
                float mean = (float)means[k][j];
                float expected = basis is null
                    ? mean + (float)deviations[k][j] * (j == 0 ? x : y)
                    : mean + (float)(basis[2 * j] * deviations[k][0]) * x + (float)(basis[2 * j + 1] * deviations[k][1]) * y;
                Assert.Equal(BitConverter.SingleToUInt32Bits(expected), BitConverter.SingleToUInt32Bits(rows[2 * i + j]));
            }
        }
    }
}
