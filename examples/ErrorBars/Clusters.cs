namespace FlowDsl.Examples;

/// <summary>Five narrow modes, unevenly spaced: stiff late in the flow, and small errors early decide where a sample ends.</summary>
[GaussianMixture(2)]
[Component(0.30, -1.2, 0.6, Variance = 0.01)]
[Component(0.25, 0.1, 1.3, Variance = 0.01)]
[Component(0.20, 1.4, 0.5, Variance = 0.01)]
[Component(0.15, 0.6, -0.9, Variance = 0.01)]
[Component(0.10, -0.8, -0.7, Variance = 0.01)]
[Sampler("Fast", Steps = 6, Solver = Solver.Heun, Grid = Grid.Angle)]
[Sampler("Certified", Steps = 6, Solver = Solver.Heun, Grid = Grid.Angle, Tracking = Tracking.Certified)]
public partial class Clusters;
