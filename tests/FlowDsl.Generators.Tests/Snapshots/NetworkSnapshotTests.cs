namespace FlowDsl.Generators.Tests;

/// <summary>What is generated for networks that come at run time, and for samplers that run on them.</summary>
public class NetworkSnapshotTests
{
    [Fact]
    public Task Field() => GeneratedFile.Verify("""
        using FlowDsl;

        /// <summary>Two Gaussians on a line.</summary>
        [GaussianMixture(1)]
        [Component(0.25, -1, Variance = 0.05)]
        [Component(0.75, 1, Variance = 0.05)]
        [LinearInterpolant]
        [Network("Net", Prediction = Prediction.Noise, Time = NetworkTime.Timestep, TimeScale = 1000)]
        [Sampler("Fast", Steps = 2, Solver = Solver.DpmSolverPlusPlus2M, Field = "Net")]
        public partial class Pair;

        """);
}
