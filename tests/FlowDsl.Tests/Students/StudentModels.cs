using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

#pragma warning disable FLOW0504 // weights are given by the tests

// Every form with every activation, over mixtures of all kinds of coordinates: in a span of fewer than there are, or in all of them.

[GaussianMixture(1)]
[Component(0.3, -1, Variance = 0.1)]
[Component(0.7, 1, Variance = 0.1)]
[Student("Plain", Segments = 2, Width = 7, Depth = 2, Activation = Activation.ReLU, Form = StudentForm.Plain)]
[Student("Residual", Segments = 3, Width = 6, Depth = 3, Activation = Activation.Alternating, Form = StudentForm.Residual)]
[Student("Closed", Segments = 2, Width = 9, Depth = 1, Activation = Activation.SiLU, Form = StudentForm.ClosedFormPlusResidual)]
[Student("Corrected", Segments = 2, Width = 8, Depth = 2, Activation = Activation.ReQU, Form = StudentForm.ResponsibilityCorrected)]
[Student("Trapezoid", Segments = 2, Width = 8, Depth = 2, Activation = Activation.SiLU, Form = StudentForm.TrapezoidCorrected)]
public partial class TaughtLine;

/// <summary>Three means in a plane of five dimensions that no coordinates span and that misses the origin.</summary>
[GaussianMixture(5)]
[Component(0.5, 1, 2, 0, -1, 3, Variance = 0.2)]
[Component(0.2, 0, 2, 1, 1, 1, Variance = 0.2)]
[Component(0.3, -2, 1, 1, 0, 2, Variance = 0.2)]
[Student("Plain", Segments = 2, Width = 10, Depth = 2, Activation = Activation.SiLU, Form = StudentForm.Plain)]
[Student("Residual", Segments = 2, Width = 5, Depth = 1, Activation = Activation.ReLU, Form = StudentForm.Residual)]
[Student("Closed", Segments = 3, Width = 8, Depth = 2, Activation = Activation.ReQU, Form = StudentForm.ClosedFormPlusResidual)]
[Student("Corrected", Segments = 3, Width = 7, Depth = 3, Activation = Activation.Alternating, Form = StudentForm.ResponsibilityCorrected)]
[Student("Trapezoid", Segments = 3, Width = 7, Depth = 2, Activation = Activation.ReLU, Form = StudentForm.TrapezoidCorrected)]
public partial class TaughtPlane;

[GaussianMixture(2)]
[Component(0.5, 1, 0, Variance = 0.15)]
[Component(0.25, -1, 1, Variance = 0.15)]
[Component(0.25, -1, -2, Variance = 0.15)]
[Student("Plain", Segments = 2, Width = 33, Depth = 2, Activation = Activation.Alternating, Form = StudentForm.Plain)]
[Student("Residual", Segments = 2, Width = 6, Depth = 2, Activation = Activation.SiLU, Form = StudentForm.Residual)]
[Student("Closed", Segments = 2, Width = 8, Depth = 2, Activation = Activation.ReLU, Form = StudentForm.ClosedFormPlusResidual)]
[Student("Corrected", Segments = 2, Width = 6, Depth = 2, Activation = Activation.SiLU, Form = StudentForm.ResponsibilityCorrected)]
[Student("Steps", Segments = 16, Width = 4, Depth = 1, Form = StudentForm.ResponsibilityCorrected)]
[Student("Trapezoid", Segments = 2, Width = 6, Depth = 1, Activation = Activation.ReQU, Form = StudentForm.TrapezoidCorrected)]
public partial class TaughtTriangle;

/// <summary>Four means that span three dimensions, in another process.</summary>
[GaussianMixture(3)]
[Component(0.25, 2, 0, 0, Variance = 0.1)]
[Component(0.25, 0, 2, 0, Variance = 0.1)]
[Component(0.25, 0, 0, 2, Variance = 0.1)]
[Component(0.25, -1, -1, -1, Variance = 0.1)]
[VarianceExploding(SigmaMin = 0.01, SigmaMax = 20)]
[Student("Plain", Segments = 1, Width = 5, Depth = 1, Activation = Activation.ReQU, Form = StudentForm.Plain)]
[Student("Residual", Segments = 2, Width = 6, Depth = 1, Activation = Activation.ReQU, Form = StudentForm.Residual)]
[Student("Closed", Segments = 2, Width = 7, Depth = 4, Activation = Activation.Alternating, Form = StudentForm.ClosedFormPlusResidual)]
[Student("Corrected", Segments = 2, Width = 8, Depth = 2, Activation = Activation.ReLU, Form = StudentForm.ResponsibilityCorrected)]
[Student("Trapezoid", Segments = 2, Width = 8, Depth = 3, Activation = Activation.Alternating, Form = StudentForm.TrapezoidCorrected)]
public partial class TaughtTetrahedron;

/// <summary>Covariances that differ.</summary>
[GaussianMixture(2)]
[Component(0.4, 1, 0.5, Covariance = new[] { 0.3, 0.1, 0.1, 0.2 })]
[Component(0.6, -1, 0, Covariance = new[] { 0.1, -0.02, -0.02, 0.4 })]
[Student("Closed", Segments = 3, Width = 9, Depth = 2, Activation = Activation.SiLU, Form = StudentForm.ClosedFormPlusResidual)]
public partial class TaughtEllipses;

/// <summary>One Gaussian, whose flow the closed form is.</summary>
[GaussianMixture(2)]
[Component(1, 0.4, -1.2, Covariance = new[] { 1.3, 0.7, 0.7, 0.6 })]
[Student("Closed", Segments = 3, Width = 4, Depth = 1, Form = StudentForm.ClosedFormPlusResidual)]
public partial class TaughtGaussian;

/// <summary>One round Gaussian: the span of its mean is one axis of three.</summary>
[GaussianMixture(3)]
[Component(1, 1, 2, -2, Variance = 0.3)]
[Student("Closed", Segments = 2, Width = 4, Depth = 1, Form = StudentForm.ClosedFormPlusResidual)]
public partial class TaughtBall;

/// <summary>Modes so far apart that at late times one has all the responsibility.</summary>
[GaussianMixture(3)]
[Component(0.5, 6, 0, 1, Variance = 0.05)]
[Component(0.2, -6, 2, 1, Variance = 0.05)]
[Component(0.3, 0, -7, 3, Variance = 0.05)]
[Student("Corrected", Segments = 6, Width = 4, Depth = 1, Form = StudentForm.ResponsibilityCorrected)]
public partial class TaughtIslands;

/// <summary>A student of a sampler, whose times are not those of its segments.</summary>
[GaussianMixture(1)]
[Component(0.4, -1, Variance = 0.2)]
[Component(0.6, 1, Variance = 0.2)]
[Sampler("Teacher", Steps = 20, Solver = Solver.RungeKutta4, Grid = Grid.Angle)]
[Student("Learned", Segments = 3, Width = 4, Depth = 1, Reference = "Teacher")]
[Student("Alone", Segments = 3, Width = 4, Depth = 1)]
public partial class TaughtBySampler;

/// <summary>Students small enough to be trained in a test.</summary>
[GaussianMixture(1)]
[Component(0.5, -1, Variance = 0.04)]
[Component(0.5, 1, Variance = 0.04)]
[Student("One", Segments = 1, Width = 16, Depth = 2, Activation = Activation.SiLU, Form = StudentForm.Plain)]
[Student("Two", Segments = 2, Width = 8, Depth = 1, Activation = Activation.SiLU, Form = StudentForm.Residual)]
[Student("Small", Segments = 1, Width = 5, Depth = 1, Activation = Activation.SiLU, Form = StudentForm.Plain)]
[Student("Bounded", Segments = 1, Width = 8, Depth = 1, Activation = Activation.ReQU, Form = StudentForm.Plain, WeightBound = 0.25, BoundBiases = true)]
[Student("Clipped", Segments = 1, Width = 8, Depth = 1, Activation = Activation.ReQU, Form = StudentForm.Plain, WeightBound = 0.25)]
public partial class TaughtPair;

/// <summary>Another mixture with a student of the same name and shape.</summary>
[GaussianMixture(1)]
[Component(0.5, -1, Variance = 0.04)]
[Component(0.5, 1.5, Variance = 0.04)]
[Student("Small", Segments = 1, Width = 5, Depth = 1, Activation = Activation.SiLU, Form = StudentForm.Plain)]
public partial class OtherPair;
