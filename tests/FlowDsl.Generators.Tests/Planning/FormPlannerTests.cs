using FlowDsl.Generators.Planning.Samplers;
using FlowDsl.Mathematics;

namespace FlowDsl.Generators.Tests;

/// <summary>In which coordinates a sampler integrates.</summary>
public class FormPlannerTests
{
    [Theory]
    [InlineData("ring of 8 in a plane of R^16", 2)]
    [InlineData("3 means in R^10", 2)]
    [InlineData("5 means in R^40", 4)]
    [InlineData("grid in R^2, turned", 2)]
    [InlineData("tied in R^12", 12)]
    public void FewAxesReplaceManyCoordinates(string name, int axes)
    {
        FormPlan form = Plan(Mixtures[name]);
        Assert.Equal(axes, form.Span?.Axes.Length);
        Assert.False(form.ComposesExactly);
        Assert.Contains("rotated", form.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ring of 8")]
    [InlineData("16 means in R^32")]
    [InlineData("line along a coordinate of R^2")]
    [InlineData("two kinds in R^16")]
    [InlineData("tied in R^2")]
    public void WhatGainsLittleKeepsItsCoordinates(string name) => Assert.Null(Plan(Mixtures[name]).Span);

    /// <summary>One evaluation does not pay for a rotation.</summary>
    [Fact]
    public void OneStepKeepsItsCoordinates()
    {
        var model = new GaussianMixtureModel(Mixtures["3 means in R^10"], new OrnsteinUhlenbeckProcess());
        FlowProgram program = model.CreateProgram(Solver.Euler, model.CreateTimes(Grid.Angle, 1));
        Assert.Null(new FormPlanner(model.Mixture).Plan(program, Precision.Single, KernelPlanner.SamplerBudget, CancellationToken.None).Span);
    }

    private static Dictionary<string, Mixture> Mixtures { get; } = new()
    {
        ["ring of 8 in a plane of R^16"] = Of(Turned(Ring(8), 16), Covariance.Isotropic(16, 0.09)),
        ["3 means in R^10"] = Of(Generic(3, 10), Covariance.Isotropic(10, 0.1)),
        ["5 means in R^40"] = Of(Generic(5, 40), Covariance.Isotropic(40, 0.1)),
        ["grid in R^2, turned"] = Of(Turned([.. Enumerable.Range(0, 25).Select(k => (double[])[2 * (k % 5), 2 * (k / 5)])], 2), Covariance.Isotropic(2, 0.04)),
        ["tied in R^12"] = Of(Generic(4, 12), Tied(12)),
        ["ring of 8"] = Of(Ring(8), Covariance.Isotropic(2, 0.09)),
        ["16 means in R^32"] = Of(Generic(16, 32), Covariance.Isotropic(32, 0.1)),
        ["line along a coordinate of R^2"] = Of([[0, 1], [1, 1], [2, 1], [3, 1]], Covariance.Isotropic(2, 0.1)),
        ["two kinds in R^16"] = new([0.5, 0.5], Generic(2, 16), [Covariance.Isotropic(16, 0.1), Covariance.Isotropic(16, 0.2)]),
        ["tied in R^2"] = Of(Generic(2, 2), Tied(2)),
    };

    private static FormPlan Plan(Mixture mixture)
    {
        var model = new GaussianMixtureModel(mixture, new OrnsteinUhlenbeckProcess());
        FlowProgram program = model.CreateProgram(Solver.Heun, model.CreateTimes(Grid.Angle, 8));
        return new FormPlanner(mixture).Plan(program, Precision.Single, KernelPlanner.SamplerBudget, CancellationToken.None);
    }

    private static Mixture Of(double[][] means, Covariance covariance)
        => new([.. Enumerable.Repeat(1.0 / means.Length, means.Length)], means, [.. Enumerable.Repeat(covariance, means.Length)]);

    private static double[][] Ring(int count)
        => [.. Enumerable.Range(0, count).Select(k => (double[])[4 * Math.Cos(2 * Math.PI * k / count), 4 * Math.Sin(2 * Math.PI * k / count)])];

    /// <summary>Points of the plane in a space of more dimensions, reflected so that they lie along no coordinates.</summary>
    private static double[][] Turned(double[][] points, int d)
    {
        // x - 2 n (n·x) with a unit vector n of d different coordinates.
        double[] normal = [.. Enumerable.Range(1, d).Select(j => j / Math.Sqrt(d * (d + 1) * (2 * d + 1) / 6.0))];
        return [.. points.Select(point =>
        {
            double along = point[0] * normal[0] + point[1] * normal[1];
            return (double[])[.. Enumerable.Range(0, d).Select(j => (j < 2 ? point[j] : 0) - 2 * along * normal[j])];
        })];
    }

    private static double[][] Generic(int count, int d)
    {
        var random = new Random(2);
        return [.. Enumerable.Range(0, count).Select(_ => (double[])[.. Enumerable.Range(0, d).Select(_ => 4 * random.NextDouble() - 2)])];
    }

    private static Covariance Tied(int d)
        => Covariance.Full(d, [.. Enumerable.Range(0, d * d).Select(i => i / d == i % d ? 1 : 0.4 / (1 + Math.Abs(i / d - i % d)))]);
}
