namespace FlowDsl.Tests;

/// <summary>Samplers that are found while the tests are built.</summary>
[GaussianMixture(2)]
[Component(0.3, 1.2, 0.9, Variance = 0.1)]
[Component(0.5, -1.2, -0.9, Variance = 0.1)]
[Component(0.2, 0.4, -1.1, Variance = 0.1)]
[Network("Net")]
[Sampler("Own", Steps = 5, Solver = Solver.Bespoke, Field = "Net")]
[Sampler("OwnDouble", Steps = 4, Solver = Solver.Bespoke, Chart = Chart.Canonical, Precision = Precision.Double)]
[Sampler("Best", Evaluations = 6, Precision = Precision.Double)]
[Sampler("Exact", Error = 1e-3)]
public partial class Found;
