using FlowDsl.Mathematics;

namespace FlowDsl.Probe;

// A model for every kind of covariance that the generator treats differently, each with the same samplers: straight-line code
// and loops over tables, float and double, one-step and multistep. The step counts of the loops only serve to exceed
// what the generator unrolls.

[GaussianMixture(2)]
[Component(0.3, -1, 0.5, Variance = 0.2)]
[Component(0.3, 1.5, 0, Variance = 0.2)]
[Component(0.4, 0, -1, Variance = 0.2)]
[Sampler("Heun", Steps = 4)]
[Sampler("RungeKutta", Steps = 3, Solver = Solver.RungeKutta4, Precision = Precision.Double)]
[Sampler("Multistep", Steps = 6, Solver = Solver.DpmSolverPlusPlus3M)]
[Sampler("MultistepDouble", Steps = 6, Solver = Solver.DpmSolverPlusPlus2M, Precision = Precision.Double)]
[Sampler("Loop", Steps = 60)]
[Sampler("LoopDouble", Steps = 60, Precision = Precision.Double)]
[Sampler("LoopMultistep", Steps = 180, Solver = Solver.DpmSolverPlusPlus3M)]
public partial class SharedIsotropic;

[GaussianMixture(1)]
[Component(0.25, -1.5, Variance = 0.3)]
[Component(0.35, 0, Variance = 0.15)]
[Component(0.4, 1.8, Variance = 0.5)]
[Sampler("Heun", Steps = 4)]
[Sampler("RungeKutta", Steps = 3, Solver = Solver.RungeKutta4, Precision = Precision.Double)]
[Sampler("Multistep", Steps = 6, Solver = Solver.DpmSolverPlusPlus3M)]
[Sampler("MultistepDouble", Steps = 6, Solver = Solver.DpmSolverPlusPlus2M, Precision = Precision.Double)]
[Sampler("Loop", Steps = 90)]
[Sampler("LoopDouble", Steps = 90, Precision = Precision.Double)]
[Sampler("LoopMultistep", Steps = 180, Solver = Solver.DpmSolverPlusPlus3M)]
public partial class UnequalIsotropic;

[GaussianMixture(3)]
[Component(0.4, 0, 1, -1, Variances = new[] { 0.1, 0.3, 0.6 })]
[Component(0.6, 1, 0, 0.5, Variances = new[] { 0.1, 0.3, 0.6 })]
[Sampler("Heun", Steps = 4)]
[Sampler("RungeKutta", Steps = 3, Solver = Solver.RungeKutta4, Precision = Precision.Double)]
[Sampler("Multistep", Steps = 6, Solver = Solver.DpmSolverPlusPlus3M)]
[Sampler("MultistepDouble", Steps = 6, Solver = Solver.DpmSolverPlusPlus2M, Precision = Precision.Double)]
[Sampler("Loop", Steps = 60)]
[Sampler("LoopDouble", Steps = 60, Precision = Precision.Double)]
[Sampler("LoopMultistep", Steps = 120, Solver = Solver.DpmSolverPlusPlus3M)]
public partial class SharedDiagonal;

[GaussianMixture(3)]
[Component(0.4, 0, 1, -1, Variances = new[] { 0.2, 0.3, 0.6 })]
[Component(0.6, 1, 0, 0.5, Variances = new[] { 0.5, 0.2, 0.3 })]
[Sampler("Heun", Steps = 4)]
[Sampler("RungeKutta", Steps = 3, Solver = Solver.RungeKutta4, Precision = Precision.Double)]
[Sampler("Multistep", Steps = 6, Solver = Solver.DpmSolverPlusPlus3M)]
[Sampler("MultistepDouble", Steps = 6, Solver = Solver.DpmSolverPlusPlus2M, Precision = Precision.Double)]
[Sampler("Loop", Steps = 60)]
[Sampler("LoopDouble", Steps = 60, Precision = Precision.Double)]
[Sampler("LoopMultistep", Steps = 120, Solver = Solver.DpmSolverPlusPlus3M)]
public partial class UnequalDiagonal;

[GaussianMixture(2)]
[Component(0.45, -0.8, 0.3, Covariance = new[] { 0.4, 0.15, 0.15, 0.3 })]
[Component(0.55, 0.9, 0.1, Covariance = new[] { 0.4, 0.15, 0.15, 0.3 })]
[Sampler("Heun", Steps = 4)]
[Sampler("RungeKutta", Steps = 3, Solver = Solver.RungeKutta4, Precision = Precision.Double)]
[Sampler("Multistep", Steps = 6, Solver = Solver.DpmSolverPlusPlus3M)]
[Sampler("MultistepDouble", Steps = 6, Solver = Solver.DpmSolverPlusPlus2M, Precision = Precision.Double)]
[Sampler("Loop", Steps = 60)]
[Sampler("LoopDouble", Steps = 60, Precision = Precision.Double)]
[Sampler("LoopMultistep", Steps = 120, Solver = Solver.DpmSolverPlusPlus3M)]
public partial class SharedFull;

[GaussianMixture(3)]
[Component(0.45, -0.8, 0.3, 0, Covariance = new[] { 0.4, 0.15, 0.05, 0.15, 0.3, 0.1, 0.05, 0.1, 0.5 })]
[Component(0.55, 0.9, 0.1, 0.4, Covariance = new[] { 0.3, -0.1, 0, -0.1, 0.6, 0.2, 0, 0.2, 0.4 })]
[Sampler("Heun", Steps = 4)]
[Sampler("RungeKutta", Steps = 3, Solver = Solver.RungeKutta4, Precision = Precision.Double)]
[Sampler("Multistep", Steps = 6, Solver = Solver.DpmSolverPlusPlus3M)]
[Sampler("MultistepDouble", Steps = 6, Solver = Solver.DpmSolverPlusPlus2M, Precision = Precision.Double)]
[Sampler("Loop", Steps = 40)]
[Sampler("LoopDouble", Steps = 40, Precision = Precision.Double)]
[Sampler("LoopMultistep", Steps = 80, Solver = Solver.DpmSolverPlusPlus3M)]
public partial class UnequalFull;

[GaussianMixture(2)]
[Component(0.3, -1, 0.5, Variance = 0.2)]
[Component(0.3, 1.5, 0, Variances = new[] { 0.5, 0.2 })]
[Component(0.4, 0, -1, Covariance = new[] { 0.4, 0.15, 0.15, 0.3 })]
[Sampler("Heun", Steps = 4)]
[Sampler("RungeKutta", Steps = 3, Solver = Solver.RungeKutta4, Precision = Precision.Double)]
[Sampler("Multistep", Steps = 6, Solver = Solver.DpmSolverPlusPlus3M)]
[Sampler("MultistepDouble", Steps = 6, Solver = Solver.DpmSolverPlusPlus2M, Precision = Precision.Double)]
[Sampler("Loop", Steps = 50)]
[Sampler("LoopDouble", Steps = 50, Precision = Precision.Double)]
[Sampler("LoopMultistep", Steps = 100, Solver = Solver.DpmSolverPlusPlus3M)]
public partial class Mixed;

[GaussianMixture(2)]
[Component(1, 0.4, -0.2, Covariance = new[] { 0.4, 0.15, 0.15, 0.3 })]
[Sampler("Heun", Steps = 4)]
[Sampler("RungeKutta", Steps = 3, Solver = Solver.RungeKutta4, Precision = Precision.Double)]
[Sampler("Multistep", Steps = 6, Solver = Solver.DpmSolverPlusPlus3M)]
[Sampler("MultistepDouble", Steps = 6, Solver = Solver.DpmSolverPlusPlus2M, Precision = Precision.Double)]
public partial class SingleGaussian;

[GaussianMixture(16)]
[Component(0.4, 0.5, -1, 0.3, 0.8, -0.2, 1.1,
    -0.6, 0.4, 0, -0.9, 0.7, 0.1, -0.4, 1.2, -0.1, 0.6,
    Variances = new[] { 0.3, 0.4, 0.5, 0.2, 0.3, 0.4, 0.5, 0.2, 0.3, 0.4, 0.5, 0.2, 0.3, 0.4, 0.5, 0.2 })]
[Component(0.6, -0.5, 0.6, -0.3, 0.2, 0.9, -1,
    0.5, -0.4, 0.3, 0.9, -0.7, 0.8, 0.4, -0.2, 0.1, -0.6,
    Variances = new[] { 0.4, 0.3, 0.2, 0.5, 0.4, 0.3, 0.2, 0.5, 0.4, 0.3, 0.2, 0.5, 0.4, 0.3, 0.2, 0.5 })]
[Sampler("Heun", Steps = 2)]
[Sampler("HeunDouble", Steps = 2, Precision = Precision.Double)]
[Sampler("Multistep", Steps = 4, Solver = Solver.DpmSolverPlusPlus2M)]
[Sampler("LoopDouble", Steps = 12, Solver = Solver.DpmSolverPlusPlus3M, Precision = Precision.Double)]
public partial class Sixteen;

// 9 components of 36 numbers: loops whatever the number of steps, and numbers of components and coordinates that are no
// multiples of the four that advance together.
[GaussianMixture(6)]
[Component(0.1, -0.79, 0.13, -0.39, 0.31, 0.38, -1.3, Covariance = new[]
{
    0.4804, -0.0131, 0.0678, -0.0098, -0.0139, 0.018,
    -0.0131, 0.4001, 0.0623, 0.0415, 0.0251, 0.0562,
    0.0678, 0.0623, 0.3904, 0.0136, -0.0041, 0.0209,
    -0.0098, 0.0415, 0.0136, 0.4436, -0.0313, 0.0156,
    -0.0139, 0.0251, -0.0041, -0.0313, 0.4305, -0.0466,
    0.018, 0.0562, 0.0209, 0.0156, -0.0466, 0.4819,
})]
[Component(0.1, 0.38, -0.6, 0.02, -0.34, -0.45, 0.26, Covariance = new[]
{
    0.4887, 0.0776, -0.0747, 0.0181, -0.0559, 0.1184,
    0.0776, 0.4632, 0.0449, -0.041, -0.0447, 0.1204,
    -0.0747, 0.0449, 0.4227, -0.0017, 0.0379, 0.0102,
    0.0181, -0.041, -0.0017, 0.4871, -0.0245, -0.0458,
    -0.0559, -0.0447, 0.0379, -0.0245, 0.4724, -0.098,
    0.1184, 0.1204, 0.0102, -0.0458, -0.098, 0.4747,
})]
[Component(0.1, -0.57, -1.27, 0.3, -1.41, -0.91, -0.28, Covariance = new[]
{
    0.4788, 0.0338, -0.031, -0.1012, -0.0001, -0.0077,
    0.0338, 0.3515, 0.0014, -0.0353, -0.0111, 0.0237,
    -0.031, 0.0014, 0.3659, 0.0159, -0.0779, 0.0306,
    -0.1012, -0.0353, 0.0159, 0.4426, -0.0016, -0.0117,
    -0.0001, -0.0111, -0.0779, -0.0016, 0.4177, -0.0484,
    -0.0077, 0.0237, 0.0306, -0.0117, -0.0484, 0.3414,
})]
[Component(0.1, -1.43, -1.32, 0.53, 1.39, -0.75, -0.13, Covariance = new[]
{
    0.331, 0.0161, 0.019, 0.0231, 0.0084, 0.0209,
    0.0161, 0.4061, 0.0612, 0.0101, -0.0349, 0.0877,
    0.019, 0.0612, 0.3936, -0.0104, -0.0446, 0.0311,
    0.0231, 0.0101, -0.0104, 0.3943, 0.0857, 0.0555,
    0.0084, -0.0349, -0.0446, 0.0857, 0.4106, 0.0194,
    0.0209, 0.0877, 0.0311, 0.0555, 0.0194, 0.4297,
})]
[Component(0.1, -0.95, -0.66, 0.92, 0.43, 0.92, -0.46, Covariance = new[]
{
    0.3887, 0.074, -0.1011, -0.0169, 0.0631, -0.0561,
    0.074, 0.488, -0.1483, 0.0117, -0.0469, -0.0441,
    -0.1011, -0.1483, 0.5112, 0.0516, -0.0401, 0.1381,
    -0.0169, 0.0117, 0.0516, 0.3683, -0.0513, 0.0346,
    0.0631, -0.0469, -0.0401, -0.0513, 0.4602, -0.0408,
    -0.0561, -0.0441, 0.1381, 0.0346, -0.0408, 0.4757,
})]
[Component(0.1, -1.46, 0.74, -0.98, -0.6, 0.49, 0.07, Covariance = new[]
{
    0.4068, 0.0654, -0.0242, 0.0484, 0.02, -0.0156,
    0.0654, 0.3731, -0.0514, 0.0564, -0.0081, -0.0769,
    -0.0242, -0.0514, 0.5028, -0.0691, 0.0091, 0.0412,
    0.0484, 0.0564, -0.0691, 0.4155, 0.0156, -0.1008,
    0.02, -0.0081, 0.0091, 0.0156, 0.4683, 0.0446,
    -0.0156, -0.0769, 0.0412, -0.1008, 0.0446, 0.5186,
})]
[Component(0.1, -0.55, -0.56, -0.45, 0.44, 0.26, -0.42, Covariance = new[]
{
    0.3833, 0.0778, -0.03, -0.0069, 0.0762, -0.0518,
    0.0778, 0.399, -0.0483, -0.0161, 0.0968, -0.096,
    -0.03, -0.0483, 0.3406, 0.0184, -0.0501, 0.0598,
    -0.0069, -0.0161, 0.0184, 0.3393, -0.0211, 0.0242,
    0.0762, 0.0968, -0.0501, -0.0211, 0.4354, -0.0984,
    -0.0518, -0.096, 0.0598, 0.0242, -0.0984, 0.439,
})]
[Component(0.1, 0.49, 1.16, 0.88, 0.5, 0.7, 0.19, Covariance = new[]
{
    0.509, -0.0594, 0.0147, -0.0121, 0.0234, 0.071,
    -0.0594, 0.5282, -0.0545, -0.0213, -0.0754, -0.016,
    0.0147, -0.0545, 0.4565, -0.0369, -0.0072, 0.0239,
    -0.0121, -0.0213, -0.0369, 0.4445, -0.0908, 0.0253,
    0.0234, -0.0754, -0.0072, -0.0908, 0.4458, -0.0317,
    0.071, -0.016, 0.0239, 0.0253, -0.0317, 0.3824,
})]
[Component(0.2, -0.4, -0.31, -0.45, -0.25, -1.25, 0.0, Covariance = new[]
{
    0.4294, 0.0047, -0.018, -0.0843, 0.0052, 0.0296,
    0.0047, 0.3856, -0.044, -0.0059, -0.0211, -0.0042,
    -0.018, -0.044, 0.4116, -0.0251, 0.0086, -0.0605,
    -0.0843, -0.0059, -0.0251, 0.3891, -0.0444, 0.0281,
    0.0052, -0.0211, 0.0086, -0.0444, 0.4169, -0.044,
    0.0296, -0.0042, -0.0605, 0.0281, -0.044, 0.3969,
})]
[Sampler("Loop", Steps = 4)]
[Sampler("LoopDouble", Steps = 4, Precision = Precision.Double)]
public partial class Crowd;

/// <summary>Opposite means: both of their forms, and the loop form for what is too far out for them.</summary>
[GaussianMixture(2)]
[Component(0.2, 3, 0, Variance = 0.05)]
[Component(0.2, -3, 0, Variance = 0.05)]
[Component(0.3, 1, 4, Variance = 0.05)]
[Component(0.3, -1, -4, Variance = 0.05)]
[Sampler("Heun", Steps = 6)]
[Sampler("RungeKutta", Steps = 4, Solver = Solver.RungeKutta4, Precision = Precision.Double)]
[Sampler("Multistep", Steps = 6, Solver = Solver.DpmSolverPlusPlus3M)]
public partial class Opposite;

/// <summary>A product of three equally spaced modes and of four.</summary>
[GaussianMixture(2)]
[Component(0.05, -2, 0, Variance = 0.03), Component(0.1, -2, 1.5, Variance = 0.03)]
[Component(0.1, -2, 3, Variance = 0.03), Component(0.05, -2, 4.5, Variance = 0.03)]
[Component(0.05, 0, 0, Variance = 0.03), Component(0.1, 0, 1.5, Variance = 0.03)]
[Component(0.1, 0, 3, Variance = 0.03), Component(0.05, 0, 4.5, Variance = 0.03)]
[Component(0.06666666666666667, 2, 0, Variance = 0.03), Component(0.13333333333333333, 2, 1.5, Variance = 0.03)]
[Component(0.13333333333333333, 2, 3, Variance = 0.03), Component(0.06666666666666667, 2, 4.5, Variance = 0.03)]
[Sampler("Heun", Steps = 6)]
[Sampler("MultistepDouble", Steps = 6, Solver = Solver.DpmSolverPlusPlus2M, Precision = Precision.Double)]
public partial class UnequalLattice;

/// <summary>Equally spaced modes along both coordinates.</summary>
[GaussianMixture(2)]
[Component(0.1, -2, 0, Variance = 0.03), Component(0.1, -2, 1.5, Variance = 0.03), Component(0.1, -2, 3, Variance = 0.03)]
[Component(0.1, -2, 4.5, Variance = 0.03), Component(0.1, -2, 6, Variance = 0.03)]
[Component(0.1, 2, 0, Variance = 0.03), Component(0.1, 2, 1.5, Variance = 0.03), Component(0.1, 2, 3, Variance = 0.03)]
[Component(0.1, 2, 4.5, Variance = 0.03), Component(0.1, 2, 6, Variance = 0.03)]
[Sampler("Heun", Steps = 6)]
[Sampler("MultistepDouble", Steps = 6, Solver = Solver.DpmSolverPlusPlus2M, Precision = Precision.Double)]
public partial class EqualLattice;

/// <summary>Many means in many dimensions, integrated by the coefficients of the means.</summary>
[GaussianMixture(32, File = "ManyMeans.mixture.json")]
[Sampler("Heun", Steps = 5)]
[Sampler("RungeKutta", Steps = 3, Solver = Solver.RungeKutta4, Precision = Precision.Double)]
[Sampler("Multistep", Steps = 5, Solver = Solver.DpmSolverPlusPlus3M)]
public partial class ManyMeans;

/// <summary>Eight modes on a circle in a plane of R^16, away from the origin: integrated in that plane.</summary>
[GaussianMixture(16, File = "RingInSpace.mixture.json")]
[Sampler("Heun", Steps = 8)]
[Sampler("RungeKutta", Steps = 4, Solver = Solver.RungeKutta4, Precision = Precision.Double)]
[Sampler("Multistep", Steps = 6, Solver = Solver.DpmSolverPlusPlus3M)]
[Sampler("MultistepDouble", Steps = 6, Solver = Solver.DpmSolverPlusPlus2M, Precision = Precision.Double)]
[Sampler("LoopDouble", Steps = 60, Precision = Precision.Double)]
public partial class RingInSpace;

/// <summary>One full covariance for all: integrated along its principal axes.</summary>
[GaussianMixture(12, File = "TiedFull.mixture.json")]
[Sampler("Heun", Steps = 4)]
[Sampler("RungeKutta", Steps = 3, Solver = Solver.RungeKutta4, Precision = Precision.Double)]
[Sampler("Multistep", Steps = 9, Solver = Solver.DpmSolverPlusPlus3M)]
[Sampler("Loop", Steps = 60)]
public partial class TiedFull;
