#pragma warning disable FLOW0315, FLOW0316 // few steps that take every form: what they compute is tested, good or bad

using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

// Mixtures whose structure the planner uses, in every form there is for it.

/// <summary>Eight modes on a circle: mirrored pairs while noise is large, one-sided pairs when it is small.</summary>
[GaussianMixture(2)]
[Component(0.125, 4, 0, Variance = 0.09)]
[Component(0.125, 2.8284271247461903, 2.8284271247461903, Variance = 0.09)]
[Component(0.125, 0, 4, Variance = 0.09)]
[Component(0.125, -2.8284271247461903, 2.8284271247461903, Variance = 0.09)]
[Component(0.125, -4, 0, Variance = 0.09)]
[Component(0.125, -2.8284271247461903, -2.8284271247461903, Variance = 0.09)]
[Component(0.125, 0, -4, Variance = 0.09)]
[Component(0.125, 2.8284271247461903, -2.8284271247461903, Variance = 0.09)]
[Sampler("Heun8", Steps = 8, Solver = Solver.Heun)]
[Sampler("Multistep", Steps = 6, Solver = Solver.DpmSolverPlusPlus3M)]
[Sampler("Precise", Steps = 3, Solver = Solver.RungeKutta4, Precision = Precision.Double)]
[Sampler("Tangent", Steps = 8, Solver = Solver.Heun, Grid = Grid.Angle, Tracking = Tracking.Tangent)]
[Sampler("PreciseTangent", Steps = 3, Solver = Solver.RungeKutta4, Precision = Precision.Double, Tracking = Tracking.Tangent)]
[Sampler("Companion", Steps = 8, Solver = Solver.Heun, Grid = Grid.Angle, Precision = Precision.Double, Tracking = Tracking.Companion)]
[Sampler("MultistepTangent", Steps = 6, Solver = Solver.DpmSolverPlusPlus3M, Precision = Precision.Double, Tracking = Tracking.Tangent)]
public partial class Circle;

/// <summary>Sixteen modes on a grid: four along each axis, by powers of one exponential.</summary>
[GaussianMixture(2)]
[Component(0.0625, -3, 7, Variance = 0.04), Component(0.0625, -3, 9, Variance = 0.04)]
[Component(0.0625, -3, 11, Variance = 0.04), Component(0.0625, -3, 13, Variance = 0.04)]
[Component(0.0625, -1, 7, Variance = 0.04), Component(0.0625, -1, 9, Variance = 0.04)]
[Component(0.0625, -1, 11, Variance = 0.04), Component(0.0625, -1, 13, Variance = 0.04)]
[Component(0.0625, 1, 7, Variance = 0.04), Component(0.0625, 1, 9, Variance = 0.04)]
[Component(0.0625, 1, 11, Variance = 0.04), Component(0.0625, 1, 13, Variance = 0.04)]
[Component(0.0625, 3, 7, Variance = 0.04), Component(0.0625, 3, 9, Variance = 0.04)]
[Component(0.0625, 3, 11, Variance = 0.04), Component(0.0625, 3, 13, Variance = 0.04)]
[Sampler("Heun8", Steps = 8, Solver = Solver.Heun)]
[Sampler("Multistep", Steps = 6, Solver = Solver.DpmSolverPlusPlus2M, Precision = Precision.Double)]
[Sampler("Tangent", Steps = 8, Solver = Solver.Heun, Grid = Grid.Angle, Precision = Precision.Double, Tracking = Tracking.Tangent)]
public partial class Lattice;

/// <summary>Three modes on a line, the middle one at 0.</summary>
[GaussianMixture(1)]
[Component(0.3333333333333333, -2, Variance = 0.05)]
[Component(0.3333333333333333, 0, Variance = 0.05)]
[Component(0.3333333333333333, 2, Variance = 0.05)]
[VarianceExploding]
[Sampler("Heun10", Steps = 10, Solver = Solver.Heun)]
[Sampler("Precise", Steps = 6, Solver = Solver.RungeKutta4, Precision = Precision.Double)]
[Sampler("Tangent", Steps = 6, Solver = Solver.RungeKutta4, Precision = Precision.Double, Tracking = Tracking.Tangent)]
public partial class ThreeInLine;

/// <summary>A cross with a heavier middle, in two of five coordinates; the others are Gaussian.</summary>
[GaussianMixture(5)]
[Component(0.1, 1, 2, 0, 0, -3, Variances = new[] { 0.5, 0.1, 0.7, 0.2, 1.5 })]
[Component(0.1, 1, -2, 0, 0, -3, Variances = new[] { 0.5, 0.1, 0.7, 0.2, 1.5 })]
[Component(0.15, 1, 0, 0, 3, -3, Variances = new[] { 0.5, 0.1, 0.7, 0.2, 1.5 })]
[Component(0.15, 1, 0, 0, -3, -3, Variances = new[] { 0.5, 0.1, 0.7, 0.2, 1.5 })]
[Component(0.5, 1, 0, 0, 0, -3, Variances = new[] { 0.5, 0.1, 0.7, 0.2, 1.5 })]
[LinearInterpolant]
[Sampler("Heun8", Steps = 8, Solver = Solver.Heun)]
[Sampler("Precise", Steps = 5, Solver = Solver.DpmSolverPlusPlus3M, Precision = Precision.Double)]
public partial class CrossInSpace;

/// <summary>Two correlated coordinates with two modes, times three modes along a third.</summary>
[GaussianMixture(3)]
[Component(0.12, -1.3, -1, -1.2, Covariance = new[] { 0.05, 0, 0.03, 0, 0.1, 0, 0.03, 0, 0.18 })]
[Component(0.28, 0.7, -1, 0.6, Covariance = new[] { 0.13, 0, 0.06, 0, 0.1, 0, 0.06, 0, 0.2 })]
[Component(0.12, -1.3, 0, -1.2, Covariance = new[] { 0.05, 0, 0.03, 0, 0.2, 0, 0.03, 0, 0.18 })]
[Component(0.28, 0.7, 0, 0.6, Covariance = new[] { 0.13, 0, 0.06, 0, 0.2, 0, 0.06, 0, 0.2 })]
[Component(0.06, -1.3, 2, -1.2, Covariance = new[] { 0.05, 0, 0.03, 0, 0.1, 0, 0.03, 0, 0.18 })]
[Component(0.14, 0.7, 2, 0.6, Covariance = new[] { 0.13, 0, 0.06, 0, 0.1, 0, 0.06, 0, 0.2 })]
[Sampler("Heun8", Steps = 8, Solver = Solver.Heun)]
[Sampler("Precise", Steps = 4, Solver = Solver.BogackiShampine32, Precision = Precision.Double)]
[Sampler("Tangent", Steps = 4, Solver = Solver.BogackiShampine32, Precision = Precision.Double, Tracking = Tracking.Tangent)]
[Sampler("Companion", Steps = 2, Solver = Solver.Heun, Precision = Precision.Double, Tracking = Tracking.Companion)]
public partial class ProductOfPairs;

/// <summary>Modes so far apart that late in the flow one of them owns each sample, whatever their covariances.</summary>
[GaussianMixture(2)]
[Component(0.2, 0, 0, Variance = 0.002)]
[Component(0.3, 4, 4, Variances = new[] { 0.002, 0.004 })]
[Component(0.5, -4, 5, Covariance = new[] { 0.003, 0.001, 0.001, 0.002 })]
[Sampler("Heun8", Steps = 8, Solver = Solver.Heun, Grid = Grid.Angle)]
[Sampler("Precise", Steps = 6, Solver = Solver.DpmSolverPlusPlus2M, Precision = Precision.Double)]
[Sampler("Tangent", Steps = 8, Solver = Solver.Heun, Grid = Grid.Angle, Precision = Precision.Double, Tracking = Tracking.Tangent)]
public partial class Islands;

/// <summary>The same with two modes: a step instead of a logistic function.</summary>
[GaussianMixture(2)]
[Component(0.3, -2, 1, Variance = 0.002)]
[Component(0.7, 2, 1, Variances = new[] { 0.004, 0.002 })]
[Sampler("Heun8", Steps = 8, Solver = Solver.Heun, Grid = Grid.Angle)]
[Sampler("Precise", Steps = 6, Solver = Solver.RungeKutta4, Grid = Grid.Angle, Precision = Precision.Double)]
[Sampler("Tangent", Steps = 6, Solver = Solver.RungeKutta4, Grid = Grid.Angle, Precision = Precision.Double, Tracking = Tracking.Tangent)]
[Sampler("Local", Steps = 8, Solver = Solver.Heun, Grid = Grid.Angle, Tracking = Tracking.Local)]
public partial class TwoIslands;

/// <summary>The same with modes at equal distances along one coordinate, opposite each other along the others.</summary>
[GaussianMixture(3)]
[Component(0.125, 2, 0, -6, Variance = 0.002), Component(0.125, 2, 0, 0, Variance = 0.002)]
[Component(0.125, 2, 0, 6, Variance = 0.002), Component(0.125, 2, 0, 12, Variance = 0.002)]
[Component(0.125, -2, 0, -6, Variance = 0.002), Component(0.125, -2, 0, 0, Variance = 0.002)]
[Component(0.125, -2, 0, 6, Variance = 0.002), Component(0.125, -2, 0, 12, Variance = 0.002)]
[Sampler("Heun8", Steps = 8, Solver = Solver.Heun, Grid = Grid.Angle)]
[Sampler("Precise", Steps = 6, Solver = Solver.RungeKutta4, Grid = Grid.Angle, Precision = Precision.Double)]
[Sampler("Tangent", Steps = 6, Solver = Solver.RungeKutta4, Grid = Grid.Angle, Precision = Precision.Double, Tracking = Tracking.Tangent)]
public partial class Archipelago;

/// <summary>A horizon so long that the mixture begins as one Gaussian, and a component too improbable to be met.</summary>
[GaussianMixture(2)]
[Component(0.5, 1, -1, Covariance = new[] { 0.4, 0.1, 0.1, 0.3 })]
[Component(0.5, -1, 2, Covariance = new[] { 0.4, 0.1, 0.1, 0.3 })]
[Component(1e-40, 0, 0, Covariance = new[] { 0.4, 0.1, 0.1, 0.3 })]
[OrnsteinUhlenbeck(Horizon = 16)]
[Sampler("Heun8", Steps = 8, Solver = Solver.Heun, Grid = Grid.Uniform)]
[Sampler("Precise", Steps = 4, Solver = Solver.RungeKutta4, Grid = Grid.Uniform, Precision = Precision.Double)]
public partial class FromAfar;
