#pragma warning disable FLOW0315, FLOW0316 // step times of their own, the same for all peers: their speed is measured

using FlowDsl.Mathematics;
using static FlowDsl.Benchmarks.StepTimes;

namespace FlowDsl.Benchmarks;

// Mixtures of one process, solver and grid: Heun's method in 8 steps, 16 evaluations per sample, in single precision.

/// <summary>
/// The times (T^(1/7) + i/8 (t0^(1/7) - T^(1/7)))^7 for T = 3 and t0 = 0.01, written out so that a change of the library's grids changes no workload.
/// </summary>
internal static class StepTimes
{
    public const double
        T0 = 3,
        T1 = 1.8097209333345619,
        T2 = 1.0495665625890285,
        T3 = 0.5813373219175513,
        T4 = 0.3049143781665867,
        T5 = 0.14977681192431444,
        T6 = 0.06788544606909395,
        T7 = 0.027812969033439536,
        T8 = 0.01;
}

/// <summary>W1: eight modes of one variance on a circle of radius 4 in the plane.</summary>
[GaussianMixture(2, File = "Ring8.mixture.json")]
[OrnsteinUhlenbeck(EarlyStop = T8)]
[Sampler("Heun8", Times = new[] { T0, T1, T2, T3, T4, T5, T6, T7, T8 })]
public partial class Ring8;

/// <summary>W2: a 5×5 grid of spacing 2 in the plane.</summary>
[GaussianMixture(2, File = "Grid25.mixture.json")]
[OrnsteinUhlenbeck(EarlyStop = T8)]
[Sampler("Heun8", Times = new[] { T0, T1, T2, T3, T4, T5, T6, T7, T8 })]
public partial class Grid25;

/// <summary>W3: two full covariances in the plane: Old Faithful, standardised.</summary>
[GaussianMixture(2)]
[OrnsteinUhlenbeck(EarlyStop = T8)]
[Component(0.3559, -1.2740, -1.2099, Covariance = new[] { 0.0533, 0.0281, 0.0281, 0.1830 })]
[Component(0.6441, 0.7039, 0.6685, Covariance = new[] { 0.1310, 0.0608, 0.0608, 0.1957 })]
[Sampler("Heun8", Times = new[] { T0, T1, T2, T3, T4, T5, T6, T7, T8 })]
public partial class TwoFull;

/// <summary>W4: forty modes of variance 1, uniform in [-40, 40]².</summary>
[GaussianMixture(2)]
[OrnsteinUhlenbeck(EarlyStop = T8)]
[Component(0.025, -21.12, -31.75, Variance = 1)]
[Component(0.025, -8.32, -27.6, Variance = 1)]
[Component(0.025, -34.68, -7.87, Variance = 1)]
[Component(0.025, 33.44, 24.04, Variance = 1)]
[Component(0.025, 21.21, -22.25, Variance = 1)]
[Component(0.025, 2.93, -17.87, Variance = 1)]
[Component(0.025, -26.19, -31.51, Variance = 1)]
[Component(0.025, -22.85, 34.2, Variance = 1)]
[Component(0.025, 26.31, 24.53, Variance = 1)]
[Component(0.025, 24.04, -24.53, Variance = 1)]
[Component(0.025, -15.21, 10.16, Variance = 1)]
[Component(0.025, 18.55, 28.37, Variance = 1)]
[Component(0.025, 30.4, -33.06, Variance = 1)]
[Component(0.025, 8.47, 13.74, Variance = 1)]
[Component(0.025, 0.48, -25.78, Variance = 1)]
[Component(0.025, -2.11, -32.85, Variance = 1)]
[Component(0.025, 34.77, 29.24, Variance = 1)]
[Component(0.025, 3.81, -15.98, Variance = 1)]
[Component(0.025, 32.71, 5.79, Variance = 1)]
[Component(0.025, 30.59, 27.84, Variance = 1)]
[Component(0.025, 0.67, -6.88, Variance = 1)]
[Component(0.025, 7.91, -5.52, Variance = 1)]
[Component(0.025, -27.09, -15.59, Variance = 1)]
[Component(0.025, 25.01, -36.54, Variance = 1)]
[Component(0.025, -36.29, 10.11, Variance = 1)]
[Component(0.025, -17.57, 2.77, Variance = 1)]
[Component(0.025, -2.3, -12.57, Variance = 1)]
[Component(0.025, 39.78, -24.35, Variance = 1)]
[Component(0.025, -6.98, -23.79, Variance = 1)]
[Component(0.025, 10.61, -17.9, Variance = 1)]
[Component(0.025, -11.53, 19.76, Variance = 1)]
[Component(0.025, -14.35, 4.68, Variance = 1)]
[Component(0.025, 32.35, -31.92, Variance = 1)]
[Component(0.025, -35.07, -21.69, Variance = 1)]
[Component(0.025, 21.21, 9.23, Variance = 1)]
[Component(0.025, -21.01, -13.51, Variance = 1)]
[Component(0.025, -25.8, -3.28, Variance = 1)]
[Component(0.025, -36.58, 15.78, Variance = 1)]
[Component(0.025, 31.67, 36.38, Variance = 1)]
[Component(0.025, 18.79, 36.79, Variance = 1)]
[Sampler("Heun8", Times = new[] { T0, T1, T2, T3, T4, T5, T6, T7, T8 })]
public partial class Scattered40;

/// <summary>W5: ten random diagonal covariances in 16 dimensions.</summary>
[GaussianMixture(16, File = "Diagonal16.mixture.json")]
[OrnsteinUhlenbeck(EarlyStop = T8)]
[Sampler("Heun8", Times = new[] { T0, T1, T2, T3, T4, T5, T6, T7, T8 })]
public partial class Diagonal16;

/// <summary>W6: 32 normal means of standard deviation 2 in 64 dimensions, one isotropic covariance.</summary>
[GaussianMixture(64, File = "Isotropic64.mixture.json")]
[OrnsteinUhlenbeck(EarlyStop = T8)]
[Sampler("Heun8", Times = new[] { T0, T1, T2, T3, T4, T5, T6, T7, T8 })]
public partial class Isotropic64;

/// <summary>W7: 256 normal means, rounded to integers, in 784 dimensions, one isotropic covariance.</summary>
[GaussianMixture(784, File = "Isotropic784.mixture.json")]
[OrnsteinUhlenbeck(EarlyStop = T8)]
[Sampler("Heun8", Times = new[] { T0, T1, T2, T3, T4, T5, T6, T7, T8 })]
public partial class Isotropic784;

/// <summary>
/// Twenty uniform means in 64 dimensions, covariance I: the mixture of arXiv:2606.03820, from its authors' repository
/// GeminiLiming/quantitative-flow-distillation (MIT).
/// </summary>
[GaussianMixture(64, File = "Paper64.mixture.json")]
[OrnsteinUhlenbeck(EarlyStop = T8)]
[Sampler("Heun8", Times = new[] { T0, T1, T2, T3, T4, T5, T6, T7, T8 })]
[Sampler("Heun8Double", Times = new[] { T0, T1, T2, T3, T4, T5, T6, T7, T8 }, Precision = Precision.Double)]
public partial class Paper64;
