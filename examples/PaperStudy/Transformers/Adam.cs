using System.Numerics;

namespace FlowDsl.Examples.Transformers;

/// <summary>Adam (Kingma and Ba, arXiv:1412.6980) with the published constants: AdamW without weight decay.</summary>
/// <param name="count">The number of parameters, of any length.</param>
internal sealed class Adam(int count)
{
    private const double FirstDecay = 0.9, SecondDecay = 0.999, Tiny = 1e-8;

    /// <summary>The mean of past gradients.</summary>
    public float[] First { get; } = new float[count];

    /// <summary>The mean of their squares.</summary>
    public float[] Second { get; } = new float[count];

    /// <summary>Takes a step.</summary>
    /// <param name="step">The number of the step, from 1.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="gradientScale">The factor of the gradient.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="gradient">The gradient.</param>
    public void Step(int step, double rate, double gradientScale, float[] parameters, float[] gradient)
    {
        Vector<float> scale = new((float)gradientScale), length = new((float)(rate / (1 - Math.Pow(FirstDecay, step))));
        Vector<float> unbias = new((float)(1 / Math.Sqrt(1 - Math.Pow(SecondDecay, step)))), tiny = new((float)Tiny);
        Vector<float> first = new((float)FirstDecay), newFirst = new((float)(1 - FirstDecay));
        Vector<float> second = new((float)SecondDecay), newSecond = new((float)(1 - SecondDecay));
        for (int done = 0; done < count; done += Vector<float>.Count)
        {
            // The last vector begins earlier if it would not fit; what was done before is not done again.
            int i = Math.Min(done, count - Vector<float>.Count);
            Vector<float> own = scale * new Vector<float>(gradient, i);
            Vector<float> m = new Vector<float>(First, i) * first + own * newFirst, v = new Vector<float>(Second, i) * second + own * own * newSecond;
            Vector<float> x = new Vector<float>(parameters, i) - m * length / (Vector.SquareRoot(v) * unbias + tiny);
            if (i == done)
            {
                m.CopyTo(First, i);
                v.CopyTo(Second, i);
                x.CopyTo(parameters, i);
            }
            else
            {
                for (int lane = done - i; lane < Vector<float>.Count; lane++)
                    (First[i + lane], Second[i + lane], parameters[i + lane]) = (m[lane], v[lane], x[lane]);
            }
        }
    }
}
