using FlowDsl.Examples.Baselines;

namespace FlowDsl.Tests.Baselines;

/// <summary>
/// Baselines against figures that were computed apart from this code, in another language, from other samples of 2,000 to 40,960. Where a figure is of few
/// samples here, the tolerance is what they leave open.
/// </summary>
public class BaselineTests
{
    private static readonly BaselineOptions s_few = new() { FitSamples = 4000, EvaluationSamples = 4000 };

    /// <summary>The teacher's defect: gains, last step, error of the flow in the published metric and the reverse.</summary>
    [Theory]
    [InlineData(0.1, 0.1108, 0.1407, 0.2852, 0.3620, 5.2e-5, 5.2e-5)]
    [InlineData(0.01, -7.955, 0.01414, -21.74, 0.0386, 3.65, 0.783)]
    [InlineData(0.001, -810.0, 0.001414, -2215, 0.00386, 3.8e4, 0.99990)]
    [InlineData(0.0001, -81016, 1.414e-4, -2.2155e5, 3.864e-4, 3.8e8, 0.999999)]
    public void TheTeacherOfOneStepFailsInItsLastStep(
        double sigma0, double gain, double exactGain, double lastStep, double exactLastStep, double error, double perfect)
    {
        var figures = OneStepBaselines.Measure(sigma0, s_few);
        TeacherFigures teacher = figures.Teacher;
        AssertRatio(gain, teacher.Gain, 5e-4);
        AssertRatio(exactGain, teacher.ExactGain, 5e-4);
        AssertRatio(lastStep, teacher.LastStep, 5e-4);
        AssertRatio(exactLastStep, teacher.ExactLastStep, 2e-3);
        AssertRatio(error, teacher.Error, 0.02);
        AssertRatio(perfect, teacher.PerfectStudent, 0.01);
        Assert.InRange(figures.ClosedForm, 0, 1e-14);
        Assert.InRange(figures.ConvergedTeacher, 1e-12, 1e-10);
        Assert.InRange(figures.PiecewiseAffine, 0, 4.3e-5);
    }

    [Theory]
    [InlineData(0.1, 0.94365, 0.089, 0.028, 7.1e-4)]
    [InlineData(0.01, 0.98790, 0.975, 0.308, 0.781)]
    [InlineData(0.001, 0.9999985, 0.904, 0.287, 0.9999)]
    [InlineData(0.0001, 0.99999999985, 0.900, 0.283, 1.000)]
    public void OneStepHasTheseTrivialBaselines(double sigma0, double constant, double multiple, double affine, double nearest)
    {
        OneStepBaselines figures = OneStepBaselines.Measure(sigma0, s_few);
        Assert.Equal(constant, figures.Published.Constant, 3e-3);
        // Its distance from 1 is known as well as E|y|² is from the samples.
        AssertRatio(1 - constant, 1 - figures.BestConstant, 0.03);
        AssertRatio(multiple, figures.Published.Multiple, 0.015);
        AssertRatio(affine, figures.Published.Affine, 0.03);
        AssertRatio(nearest, figures.NearestMean, 0.01);
        // With a converged teacher it is the same for all.
        Assert.Equal(0.9436, figures.Converged.Constant, 3e-3);
    }

    [Fact]
    public void TheFullMapHasTheseBaselines()
    {
        FullMapBaselines figures = FullMapBaselines.Measure(s_few);
        AssertRatio(0.0708, figures.Published.Multiple, 0.02);
        AssertRatio(-959, figures.Published.Factor, 2e-3);
        AssertRatio(0.067, figures.Published.Affine, 0.05);
        AssertRatio(1, figures.Published.Constant, 1e-3);
        Assert.InRange(figures.BestConstant, 0.999999, 1);
        AssertRatio(-994.7, figures.Teacher.Gain, 5e-4);
        AssertRatio(0.001, figures.Teacher.ExactGain, 1e-4);
        AssertRatio(-3227, figures.Teacher.LastStep, 2e-4);
        AssertRatio(0.00324, figures.Teacher.ExactLastStep, 2e-3);
        AssertRatio(1.1e5, figures.Teacher.Error, 0.05);
        AssertRatio(0.99993, figures.Teacher.PerfectStudent, 5e-5);
        AssertRatio(995, figures.Teacher.Size, 2e-3);
        AssertRatio(2.95, figures.Teacher.ExactSize, 5e-3);
        Assert.InRange(figures.ConvergedTeacher, 0, 1e-12);
    }

    [Theory]
    [InlineData(0.1, 0.1, 0.83, 0.28)]
    [InlineData(1, 0.1, 0.76, 0.26)]
    [InlineData(0.1, 0.3, 0.31, 0.16)]
    [InlineData(0.1, 0.5, 0.020, 0.010)]
    [InlineData(0.1, 0.7, 6.1e-4, 4e-5)]
    [InlineData(0.1, 0.9, 6e-5, 1e-7)]
    public void TheScoreHasTheseTrivialBaselines(double sigma0, double t, double multiple, double affine)
    {
        // The figures are means over seeds of the means; one seed is within a tenth of them.
        ScoreBaselines figures = ScoreBaselines.Measure(0, sigma0, t, s_few);
        AssertRatio(multiple, figures.Trivial.Multiple, 0.12);
        AssertRatio(affine, figures.Trivial.Affine, 0.12);
        AssertRatio(1, figures.Trivial.Constant, 2e-3);
    }

    /// <summary>At t ≥ 0.7 the best of all 160 published runs is worse than the best multiple of x: 8.6e-4 and 6.8e-4.</summary>
    [Theory]
    [InlineData(0.7, 8.6e-4)]
    [InlineData(0.9, 6.8e-4)]
    public void LateScoresAreNearlyAMultiple(double t, double published)
    {
        for (int seed = 0; seed < 3; seed++) Assert.InRange(ScoreBaselines.Measure(seed, 0.1, t, s_few).Trivial.Multiple, 0, published);
    }

    [Fact]
    public void TheWholeMapOfGridsHasTheseBaselines()
    {
        GridBaselines figures = GridBaselines.Measure(s_few);
        AssertRatio(0.95, figures.Whole.Constant, 5e-3);
        AssertRatio(0.55, figures.Whole.Affine, 0.03);
        // 93.74 is of 4,000 samples with a standard error of 0.09; with separated modes it is 93.81.
        Assert.Equal(93.81, figures.ExactNegativeLogLikelihood, 0.3);
        Assert.InRange(figures.Teacher.Error, 0, 5e-12);
    }

    [Fact]
    public void TheIdentityOfSegmentsHasTheseErrors()
    {
        AssertRatios([2e-4, 5e-3, 0.18, 0.46], GridBaselines.MeasureIdentity(GridBaselines.UniformNodes(4), s_few), 0.25);
        AssertRatios([0.49, 0.070, 0.029, 0.016], GridBaselines.MeasureIdentity(GridBaselines.StabilityNodes(4), s_few), 0.02);
    }

    /// <summary>The published nodes, by the trapezoid rule on 10,001 points.</summary>
    [Fact]
    public void StabilityNodesAreThePublishedOnes()
    {
        double[] published = [1, 0.2079123847, 0.1386158237, 0.09807536822, 0.06931018274, 0.04699764012, 0.02876670503, 0.01335250316, 0];
        IReadOnlyList<double> nodes = GridBaselines.StabilityNodes(8);
        for (int k = 0; k <= 8; k++) Assert.Equal(published[k], nodes[k], 1.3e-8);
        Assert.Equal([1, 0.75, 0.5, 0.25, 0], GridBaselines.UniformNodes(4));
    }

    /// <summary>Where y is affine in x, the fit is y.</summary>
    [Fact]
    public void AnAffineMapIsFound()
    {
        const int D = 3;
        double[] x = [.. Enumerable.Range(0, 30).Select(i => Math.Sin(7 * i * i + 1))], y = new double[x.Length];
        for (int first = 0; first < x.Length; first += D)
            for (int i = 0; i < D; i++) y[first + i] = 2 + i + 3 * x[first + i] - x[first + (i + 1) % D];
        double[] fitted = new AffineFit(D, x, y).Apply(x);
        for (int i = 0; i < y.Length; i++) Assert.Equal(y[i], fitted[i], 1e-10);
        Assert.Throws<ArgumentException>(() => new AffineFit(D, x.AsSpan(0, 2 * D), y.AsSpan(0, 2 * D)));
    }

    [Fact]
    public void ThreadsDoNotChangeABit()
    {
        BaselineOptions one = s_few with { FitSamples = 700, EvaluationSamples = 700, MaxThreads = 1 };
        Assert.Equal(OneStepBaselines.Measure(0.1, one), OneStepBaselines.Measure(0.1, one with { MaxThreads = 3 }));
        Assert.NotEqual(OneStepBaselines.Measure(0.1, one).NearestMean, OneStepBaselines.Measure(0.1, one with { Seed = 1 }).NearestMean);
    }

    private static void AssertRatios(IReadOnlyList<double> expected, IReadOnlyList<double> actual, double tolerance)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++) AssertRatio(expected[i], actual[i], tolerance);
    }

    private static void AssertRatio(double expected, double actual, double tolerance) => Assert.InRange(actual / expected, 1 - tolerance, 1 + tolerance);
}
