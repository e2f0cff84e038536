namespace FlowDsl.Tests.Hosted;

#pragma warning disable FLOW0315, FLOW0316, FLOW0317, FLOW0318 // few steps: the commands are tested, not the samplers
#pragma warning disable FLOW0504 // a student without weights is what is tested

/// <summary>Two modes in the plane.</summary>
[GaussianMixture(2)]
[Component(0.3, -1.2, 0.9, Variance = 0.04)]
[Component(0.7, 1.2, -0.9, Variance = 0.04)]
[Sampler("Fast", Steps = 8, Solver = Solver.Heun, Grid = Grid.Angle)]
[Sampler("Coarse", Steps = 2, Solver = Solver.Heun, Grid = Grid.Angle)]
[Sampler("Precise", Steps = 16, Solver = Solver.RungeKutta4, Precision = Precision.Double, Grid = Grid.Angle)]
[Student("Learned", Segments = 2, Width = 4)]
public partial class TwoModes;

/// <summary>One mode on a line, by flow matching.</summary>
[GaussianMixture(1)]
[Component(0.5, -1, Variance = 0.09)]
[Component(0.5, 1, Variance = 0.09)]
[LinearInterpolant]
[Sampler("Straight", Steps = 4, Solver = Solver.Euler, Grid = Grid.Uniform)]
public partial class Line;

/// <summary>Two modes in the plane, with a sampler that runs on networks.</summary>
[GaussianMixture(2)]
[Component(0.3, -1.2, 0.9, Variance = 0.04)]
[Component(0.7, 1.2, -0.9, Variance = 0.09)]
[LinearInterpolant(EarlyStop = 0.02)]
[Network("Net", Prediction = Prediction.Noise, TimeScale = 1000)]
[Sampler("OnNetwork", Steps = 4, Solver = Solver.DpmSolverPlusPlus2M, Grid = Grid.Angle, Field = "Net")]
[Sampler("Own", Steps = 4, Grid = Grid.Angle)]
public partial class Networked;

/// <summary>The eruptions of Old Faithful in minutes as a mixture: examples/OldFaithful/faithful.csv, of which the command data made the files.</summary>
[GaussianMixture(2, Data = "geyser.npy", Variance = 1)]
[Sampler("Fast", Steps = 8, Grid = Grid.Angle)]
public partial class Geyser;

/// <summary>Two wide modes on a line, with a solver of their own.</summary>
[GaussianMixture(1)]
[Component(0.5, -1, Variance = 0.25)]
[Component(0.5, 1, Variance = 0.25)]
[Sampler("Own", Steps = 3, Solver = Solver.Bespoke)]
public partial class Wide;

/// <summary>The same name in two places.</summary>
public static partial class Outer
{
    /// <summary>A model within another type, of a noise that explodes.</summary>
    [GaussianMixture(3)]
    [Component(1, 0, 1, 2, Variance = 0.25)]
    [VarianceExploding(SigmaMin = 0.01, SigmaMax = 20)]
    [Sampler("Only", Steps = 4, Grid = Grid.Edm)]
    public partial class Loud;

    [GaussianMixture(1)]
    [Component(1, 0, Variance = 1)]
    private sealed partial class Hidden;
}
