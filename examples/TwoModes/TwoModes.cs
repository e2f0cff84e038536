#:project ../../src/FlowDsl
#:project ../../src/FlowDsl.Hosting
#:property UsesFlowDslGenerator=true
using FlowDsl;
using FlowDsl.Hosting;

return FlowHost.Run(args);

[GaussianMixture(2)]
[Component(0.3, -1.2, 0.9, Variance = 0.04)]
[Component(0.7, 1.2, -0.9, Variance = 0.04)]
[Sampler("Fast", Steps = 8, Solver = Solver.Heun, Grid = Grid.Angle)]
[Sampler("Fine", Steps = 12, Solver = Solver.RungeKutta4, Grid = Grid.Angle)]
public partial class TwoModes;
