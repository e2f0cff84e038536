using System.Numerics;
using System.Runtime.InteropServices;

namespace FlowDsl.Training;

/// <summary>AdamW (Loshchilov and Hutter, arXiv:1711.05101): a step along the ratio of the gradient's moments, with decoupled weight decay.</summary>
/// <param name="count">The number of parameters.</param>
internal sealed class AdamW(int count)
{
    private const double FirstDecay = 0.9, SecondDecay = 0.999;
    private const float Tiny = 1e-8f;

    /// <summary>The mean of past gradients.</summary>
    public float[] First { get; } = new float[count];

    /// <summary>The mean of their squares.</summary>
    public float[] Second { get; } = new float[count];

    /// <summary>Takes a step.</summary>
    /// <param name="step">The number of the step, from 1.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="weightDecay">The decay of the parameters, times the rate.</param>
    /// <param name="gradientScale">The factor of the gradient.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="gradient">The gradient.</param>
    public void Step(int step, double rate, double weightDecay, double gradientScale, Span<float> parameters, ReadOnlySpan<float> gradient)
    {
        float scale = (float)gradientScale, keep = (float)(1 - rate * weightDecay);
        float unbias = (float)(1 / Math.Sqrt(1 - Math.Pow(SecondDecay, step))), length = (float)(rate / (1 - Math.Pow(FirstDecay, step)));
        // Rounded from exact values: the difference 1 - 0.999 of rounded numbers has half the digits.
        const float first = (float)FirstDecay, second = (float)SecondDecay, newFirst = (float)(1 - FirstDecay), newSecond = (float)(1 - SecondDecay);
        int width = Vector<float>.Count, whole = count / width * width;
        Span<Vector<float>> x = MemoryMarshal.Cast<float, Vector<float>>(parameters[..whole]);
        Span<Vector<float>> m = MemoryMarshal.Cast<float, Vector<float>>(First.AsSpan(0, whole)),
            v = MemoryMarshal.Cast<float, Vector<float>>(Second.AsSpan(0, whole));
        ReadOnlySpan<Vector<float>> g = MemoryMarshal.Cast<float, Vector<float>>(gradient[..whole]);
        for (int i = 0; i < x.Length; i++)
        {
            Vector<float> own = g[i] * scale;
            m[i] = m[i] * first + own * newFirst;
            v[i] = v[i] * second + own * own * newSecond;
            x[i] = x[i] * keep - m[i] * length / (Vector.SquareRoot(v[i]) * unbias + new Vector<float>(Tiny));
        }
        for (int i = whole; i < count; i++)
        {
            float own = gradient[i] * scale;
            First[i] = First[i] * first + own * newFirst;
            Second[i] = Second[i] * second + own * own * newSecond;
            parameters[i] = parameters[i] * keep - First[i] * length / (MathF.Sqrt(Second[i]) * unbias + Tiny);
        }
    }
}
