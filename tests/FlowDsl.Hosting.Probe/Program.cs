using FlowDsl.Hosting;
using FlowDsl.Tests;

namespace FlowDsl.Probe.Hosted;

/// <summary>A program as users write it, for tests that kill the process or measure it.</summary>
public static class Program
{
    private static int Main(string[] arguments) => FlowHost.Run(arguments, [new LeibnizStudy()]);
}

#pragma warning disable FLOW0315, FLOW0316, FLOW0317, FLOW0318 // few steps: files are tested, not samplers
#pragma warning disable FLOW0504 // the student is trained again and again

/// <summary>One Gaussian in the plane: its map is affine, so that little is computed for a sample.</summary>
[GaussianMixture(2)]
[Component(1, 0.5, -0.5, Variance = 0.25)]
[Sampler("Step", Steps = 1, Solver = Solver.Ddim)]
[Sampler("Heun", Steps = 8, Solver = Solver.Heun)]
public partial class Blob;

/// <summary>Two modes in the plane.</summary>
[GaussianMixture(2)]
[Component(0.3, -1.2, 0.9, Variance = 0.04)]
[Component(0.7, 1.2, -0.9, Variance = 0.04)]
[Sampler("Fast", Steps = 8, Solver = Solver.Heun, Grid = Grid.Angle)]
[Sampler("Slow", Steps = 128, Solver = Solver.RungeKutta4, Grid = Grid.Angle, Precision = Precision.Double)]
[Student("Learned", Segments = 2, Width = 16)]
public partial class TwoModes;
