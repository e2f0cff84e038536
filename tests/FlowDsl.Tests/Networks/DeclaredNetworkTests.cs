using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

/// <summary>A mixture with two kinds of networks, and samplers that run on them.</summary>
[GaussianMixture(2)]
[Component(0.3, -1.1, 0.5, Covariance = new[] { 0.4, 0.1, 0.1, 0.2 })]
[Component(0.7, 0.7, 0.2, Variances = new[] { 0.3, 0.5 })]
[LinearInterpolant(EarlyStop = 0.02)]
[Network("Flow", TimeScale = 1000)]
[Network("Denoiser", Prediction = Prediction.Noise, Time = NetworkTime.LogSnr, TimeScale = -0.125)]
[Network("Latent", Prediction = Prediction.VPrediction, Time = NetworkTime.Timestep, TimeScale = 1e7, Training = NoiseSchedule.ScaledLinear, BetaEnd = 0.02)]
[Network("Given", Prediction = Prediction.Noise, Betas = new[] { 0.1, 0.5 })]
[Network("Edm", Prediction = Prediction.Preconditioned, Time = NetworkTime.LogSnr, TimeScale = -0.125, DataDeviation = 0.7)]
[Sampler("Preconditioned", Steps = 4, Solver = Solver.Ddim, Grid = Grid.Angle, Field = "Edm")]
[Sampler("Fast", Steps = 6, Solver = Solver.DpmSolverPlusPlus2M, Field = "Flow")]
[Sampler("Stages", Steps = 4, Tracking = Tracking.Local, Field = "Denoiser")]
public partial class Planned;

/// <summary>Samplers that were planned by the compiler and run on networks that come at run time.</summary>
public class DeclaredNetworkTests
{
    private static GaussianMixtureModel Model => GaussianMixtureModel.From<Planned>();

    [Fact]
    public void ConventionsAreThoseDeclared()
    {
        Assert.Equal(new NetworkConvention { TimeScale = 1000 }, Planned.Flow.Convention);
        Assert.Equal(new NetworkConvention { Prediction = Prediction.Noise, Time = NetworkTime.LogSnr, TimeScale = -0.125 }, Planned.Denoiser.Convention);
        Assert.Equal(
            new NetworkConvention
            {
                Prediction = Prediction.VPrediction,
                Time = NetworkTime.Timestep,
                TimeScale = 1e7,
                Training = TrainingSchedule.ScaledLinear(betaEnd: 0.02),
            }, Planned.Latent.Convention);
        Assert.Equal(TrainingSchedule.FromBetas([0.1, 0.5]), Planned.Given.Convention.Training);
        Assert.Equal(0.7, Planned.Edm.Convention.DataDeviation);
        Assert.Same(Planned.Flow.Convention, Planned.Fast.FieldSampler.Convention);
        Assert.Same(Planned.Stages.Descriptor, Planned.Stages.FieldSampler.Plan);
    }

    [Fact]
    public void NetworksWithoutErrorGiveTheMixturesOwnSamples()
    {
        Same(Planned.Fast.Sample(500, 3), Planned.Fast.Sample(500, 3, ExactField.Of(Model, Planned.Flow.Convention)));
        Same(Planned.Stages.Sample(500, 3), Planned.Stages.Sample(500, 3, ExactField.Of(Model, Planned.Denoiser.Convention)));

        Same(Planned.Preconditioned.Sample(500, 3), Planned.Preconditioned.Sample(500, 3, ExactField.Of(Model, Planned.Edm.Convention)));

        static void Same(float[] expected, float[] actual)
            => Compare.Close([.. expected.Select(x => (double)x)], [.. actual.Select(x => (double)x)], 1e-4, 1);
    }

    [Fact]
    public void EveryCallIsThatOfTheFieldSampler()
    {
        INetworkField field = ExactField.Of(Model, Planned.Flow.Convention);
        float[] starts = FlowSampling.DrawPrior<float>(Model, 30, 5), whole = [.. starts], parts = [.. starts], tracked = [.. starts], maps = [.. starts];
        FieldSampler sampler = Planned.Fast.FieldSampler;
        Planned.Fast.Integrate(whole, field);
        float[] history = new float[starts.Length * Planned.Fast.Descriptor.HistoryLength];
        Planned.Fast.Integrate(parts, field, history, 0, 2);
        Planned.Fast.Integrate(parts, field, history, 2, 4);
        Compare.SameBits<float>(whole, parts, "parts");
        var errors = new FlowError[30];
        Planned.Fast.Integrate(tracked, errors, field);
        Compare.SameBits<float>(whole, tracked, "tracked");
        Assert.All(errors, error => Assert.True(error.Estimate > 0));
        Assert.Equal(6 + 24, sampler.FunctionEvaluationsWithErrors);
        Planned.Fast.Integrate(maps, field, 0, 3);
        float[] same = [.. starts];
        sampler.Integrate(same, field, 0, 3);
        Compare.SameBits<float>(same, maps, "maps");
    }

    /// <summary>
    /// The estimates are of what the solver errs on the network's own flow, whatever the network is: here, of a mixture that is not the planned one.
    /// </summary>
    [Fact]
    public void EstimatesAreOfTheNetworksOwnFlow()
    {
        var other = new GaussianMixtureModel(
            new Mixture([0.5, 0.5], [[-0.8, 0.3], [0.9, 0.4]], [Covariance.Isotropic(2, 0.3), Covariance.Isotropic(2, 0.4)]), Model.Process);
        INetworkField field = ExactField.Of(other, Planned.Flow.Convention);
        double[] starts = FlowSampling.DrawPrior<double>(Model, 400, 8), exact = new double[starts.Length];
        other.FlowMaps(1, 0.02, starts, exact);
        float[] states = Array.ConvertAll(starts, x => (float)x);
        var errors = new FlowError[400];
        Planned.Fast.Integrate(states, errors, field);
        int within = 0;
        for (int i = 0; i < errors.Length; i++)
        {
            double error = Math.Sqrt(Math.Pow(states[2 * i] - exact[2 * i], 2) + Math.Pow(states[2 * i + 1] - exact[2 * i + 1], 2));
            if (errors[i].Estimate <= 2 * error && error <= 2 * errors[i].Estimate) within++;
        }
        Assert.True(within >= 360, $"{within} of 400");
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        INetworkField field = ExactField.Of(Model, Planned.Flow.Convention);
        Assert.Throws<ArgumentException>(() => Planned.Fast.Integrate(new float[4], new FlowError[1], field));
        Assert.Throws<ArgumentException>(() => Planned.Fast.Sample(1, 1, new DelegateField(3, (_, _, _) => { })));
        Assert.Throws<ArgumentOutOfRangeException>(() => Planned.Fast.Sample(1, 1, field, new SamplingOptions { Repair = Repair.Flagged }));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => Planned.Fast.Sample(1, 1, field, cancellationToken: cancelled.Token));
    }
}
