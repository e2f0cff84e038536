using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Generators.Tests;

/// <summary>Benchmarks measure errors on starts that are drawn: none may be a start on which the generator finds grids and methods.</summary>
public class StartsTests
{
    private const int Samples = 2048, Seeds = 64;

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    public void WhatIsDrawnIsNotWhatTheGeneratorMeasuresOn(int d)
    {
        var mixture = new Mixture(
            [0.5, 0.5], [[.. Enumerable.Repeat(-1.0, d)], [.. Enumerable.Repeat(1.0, d)]], [Covariance.Isotropic(d, 0.1), Covariance.Isotropic(d, 0.1)]);
        var model = new GaussianMixtureModel(mixture, new OrnsteinUhlenbeckProcess(1, 3, 0.01, 1));
        (double[][] pilot, double[][] heldOut) = PriorPoints.Draw(mixture, model.Process, Samples);
        HashSet<(float, float)> measured = [.. pilot.Concat(heldOut).Select(x => ((float)x[0], (float)x[1]))];
        Assert.Equal(2 * Samples, measured.Count);
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            float[] starts = FlowSampling.DrawPrior<float>(model, Samples, seed);
            Assert.DoesNotContain(Enumerable.Range(0, Samples).Select(i => (starts[i * d], starts[i * d + 1])), measured.Contains);
        }
    }
}
