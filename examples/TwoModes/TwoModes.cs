#:project ../../src/FlowDsl
#:property UsesFlowDslGenerator=true
using FlowDsl;

float[] samples = TwoModes.Fast.Sample(count: 1_000_000, seed: 1);
Console.WriteLine($"first sample: ({samples[0]}, {samples[1]})");

[GaussianMixture(2)]
[Component(0.3, -1.2, 0.9, Variance = 0.04)]
[Component(0.7, 1.2, -0.9, Variance = 0.04)]
[Sampler("Fast", Steps = 8, Solver = Solver.Heun, Grid = Grid.Angle)]
public partial class TwoModes;
