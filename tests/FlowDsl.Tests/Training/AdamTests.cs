using FlowDsl.Training;

namespace FlowDsl.Tests;

/// <summary>AdamW without decay, which is Adam, against its formulas in double precision, for numbers of parameters that are no whole vectors too.</summary>
public class AdamTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(61)]
    public void StepsAreAsItsFormulasSay(int count)
    {
        float[] parameters = [.. Enumerable.Range(0, count).Select(i => i / 8f)];
        double[] x = Array.ConvertAll(parameters, value => (double)value), first = new double[count], second = new double[count];
        var adam = new AdamW(count);
        for (int step = 1; step <= 5; step++)
        {
            float[] gradient = [.. Enumerable.Range(0, count).Select(i => (float)Math.Sin(3 * i + step))];
            adam.Step(step, 0.01, weightDecay: 0, 0.5, parameters, gradient);
            for (int i = 0; i < count; i++)
            {
                first[i] = 0.9 * first[i] + 0.1 * 0.5 * gradient[i];
                second[i] = 0.999 * second[i] + 0.001 * 0.25 * gradient[i] * gradient[i];
                x[i] -= 0.01 * first[i] / (1 - Math.Pow(0.9, step)) / (Math.Sqrt(second[i] / (1 - Math.Pow(0.999, step))) + 1e-8);
                // A step of 0.01 is known to 1e-6 of it, x of up to 8 to 5e-7.
                Assert.Equal(x[i], parameters[i], 3e-6);
                Assert.Equal(first[i], adam.First[i], 1e-6);
                Assert.Equal(second[i], adam.Second[i], 1e-6);
            }
        }
    }
}
