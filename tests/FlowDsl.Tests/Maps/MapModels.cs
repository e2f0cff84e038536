using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

/// <summary>Three modes of different widths and weights on the line, with a gap in which the flow tears.</summary>
[GaussianMixture(1)]
[Component(0.3, -1.5, Variance = 0.04)]
[Component(0.5, 0.5, Variance = 0.09)]
[Component(0.2, 2.5, Variance = 0.04)]
[FlowMap("Jump", Accuracy = 2e-6)]
[FlowMap("Fine", Accuracy = 1e-9, Precision = Precision.Double)]
[FlowMap("Three", Segments = 3, Accuracy = 1e-8, Precision = Precision.Double)]
[FlowMap("ThreeSingle", Segments = 3, Accuracy = 1e-5)]
public partial class MappedLine;

/// <summary>Two equal modes: their separatrix is the origin.</summary>
[GaussianMixture(1)]
[Component(0.5, -1.5, Variance = 0.04)]
[Component(0.5, 1.5, Variance = 0.04)]
[FlowMap("Jump", Accuracy = 2e-6)]
public partial class MappedPair;

/// <summary>A grid of means with a product of weights.</summary>
[GaussianMixture(2)]
[OrnsteinUhlenbeck(EarlyStop = 0.01)]
[Component(0.12, -2, -1, Variance = 0.04)]
[Component(0.28, -2, 1, Variance = 0.04)]
[Component(0.18, 2, -1, Variance = 0.04)]
[Component(0.42, 2, 1, Variance = 0.04)]
[FlowMap("Jump", Accuracy = 2e-6)]
[FlowMap("Fine", Accuracy = 1e-9, Precision = Precision.Double)]
public partial class MappedGrid;

/// <summary>Two modes in seven dimensions that miss the origin.</summary>
[GaussianMixture(7)]
[Component(0.4, 1, 0, 2, -1, 0.5, 0, 1, Variance = 0.05)]
[Component(0.6, 0, 1, 1, 1, 0.5, -1, 0, Variance = 0.05)]
[FlowMap("Jump", Accuracy = 2e-6)]
[FlowMap("Fine", Segments = 2, Accuracy = 1e-9, Precision = Precision.Double)]
public partial class MappedSpan;

/// <summary>One Gaussian of a full covariance.</summary>
[GaussianMixture(2)]
[Component(1, 1, -2, Covariance = new[] { 0.5, 0.2, 0.2, 0.3 })]
[FlowMap("Jump", Accuracy = 1e-5)]
[FlowMap("Fine", Accuracy = 1e-12, Precision = Precision.Double)]
public partial class MappedGaussian;

/// <summary>A diagonal Gaussian.</summary>
[GaussianMixture(2)]
[Component(1, 1, -2, Covariance = new[] { 0.5, 0, 0, 0.3 })]
[FlowMap("Jump", Accuracy = 1e-5)]
public partial class MappedAxes;
