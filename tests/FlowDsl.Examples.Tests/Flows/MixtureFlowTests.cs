using FlowDsl.Examples;
using FlowDsl.Examples.Baselines;
using FlowDsl.Examples.Flows;

namespace FlowDsl.Tests.Flows;

/// <summary>The flows that the study's networks learn, against the library's velocity, score and exact flow.</summary>
public class MixtureFlowTests
{
    private static readonly StudyMixture s_wide = new(PublishedMeans.Draw(0), 1), s_narrow = new(PublishedMeans.Draw(0), 0.1);

    /// <summary>The published teacher is the classical method on the library's velocity; 70 samples are a group and a part of one.</summary>
    [Fact]
    public void StepsInTimeAreRungeKutta4()
    {
        GaussianMixtureModel model = s_narrow.At(OneStepBaselines.Start);
        double[] starts = FlowSampling.DrawPrior<double>(model, 70, seed: 3), ends = [.. starts];
        new MixtureFlow<double>(s_narrow).Follow(FlowPath.InTime(OneStepBaselines.Start, 0, 10), ends);
        double h = -OneStepBaselines.Start / 10;
        for (int sample = 0; sample < 70; sample += 23)
        {
            double[] x = starts[(64 * sample)..(64 * sample + 64)];
            for (int step = 0; step < 10; step++)
            {
                double t = OneStepBaselines.Start + step * h;
                double[] k1 = Velocity(t, x), k2 = Velocity(t + h / 2, Moved(x, k1, h / 2)), k3 = Velocity(t + h / 2, Moved(x, k2, h / 2));
                double[] k4 = Velocity(Math.Max(0, step == 9 ? 0 : t + h), Moved(x, k3, h));
                for (int j = 0; j < 64; j++) x[j] += h / 6 * (k1[j] + 2 * k2[j] + 2 * k3[j] + k4[j]);
            }
            for (int j = 0; j < 64; j++) Assert.Equal(x[j], ends[64 * sample + j], 1e-10);
        }

        double[] Velocity(double t, double[] x)
        {
            double[] velocity = new double[64];
            model.Velocity(t, x, velocity);
            return velocity;
        }

        static double[] Moved(double[] x, double[] slope, double step) => [.. x.Zip(slope, (value, own) => value + step * own)];
    }

    [Fact]
    public void StepsInLogNoiseFollowTheFlow()
    {
        GaussianMixtureModel model = s_wide.At(1);
        double[] starts = FlowSampling.DrawPrior<double>(model, 16, seed: 4), ends = [.. starts], exact = [.. starts];
        new MixtureFlow<double>(s_wide).Follow(FlowPath.InLogNoise(1, 0, 100), ends);
        model.FlowMaps(1, 0, exact, tolerance: 1e-11);
        Assert.InRange(PublishedMetric.Relative(ends, exact), 0, 1e-11);
    }

    /// <summary>Every mode alone is linear, so its flow is known: an offset from the mean shrinks by σ0/s.</summary>
    [Fact]
    public void OneModeFlowsAsItsFormulaSays()
    {
        var mixture = new StudyMixture([.. Enumerable.Repeat(PublishedMeans.Draw(0)[0], 4)], 0.001);
        double[] x = [.. NetworkNumbers(64)], ends = [.. x];
        new MixtureFlow<double>(mixture).Follow(FlowPath.InLogNoise(1, 0, 60), ends);
        double a = Math.Exp(-5), gain = 0.001 / Math.Sqrt(1 - a * a + a * a * 1e-6);
        for (int j = 0; j < 64; j++) Assert.Equal(mixture.Means[0][j] + gain * (x[j] - a * mixture.Means[0][j]), ends[j], 1e-6);

        static IEnumerable<double> NetworkNumbers(int count) => Enumerable.Range(0, count).Select(i => Math.Sin(i + 1));
    }

    /// <summary>Single precision is what the published runs used; it changes the target by 1e-10 at most (protocol: 1.4e-11).</summary>
    [Fact]
    public void SinglePrecisionHardlyChangesThePublishedTarget()
    {
        var mixture = new StudyMixture(PublishedMeans.Draw(0), 0.001);
        float[] starts = FlowSampling.DrawPrior<float>(mixture.At(1), 256, seed: 5), single = [.. starts];
        double[] ends = Array.ConvertAll(starts, value => (double)value);
        new MixtureFlow<float>(mixture).Follow(FlowPath.InTime(1, 0, 100), single);
        new MixtureFlow<double>(mixture).Follow(FlowPath.InTime(1, 0, 100), ends);
        Assert.InRange(PublishedMetric.Relative(Array.ConvertAll(single, value => (double)value), ends), 0, 1e-10);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.7)]
    public void ScoresAreTheLibrarys(double t)
    {
        GaussianMixtureModel model = s_narrow.At(t);
        double[] states = FlowSampling.DrawPrior<double>(model, 5, seed: 6), scores = new double[states.Length], expected = new double[64];
        new MixtureFlow<double>(s_narrow).Score(t, states, scores);
        for (int first = 0; first < states.Length; first += 64)
        {
            model.Score(t, states.AsSpan(first, 64), expected);
            for (int j = 0; j < 64; j++) Assert.Equal(expected[j], scores[first + j], 1e-11);
        }
    }
}
