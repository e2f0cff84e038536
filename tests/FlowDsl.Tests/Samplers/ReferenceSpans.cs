using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

// The reference mixtures again, with processes that run between the times of the other reference flow maps.

[GaussianMixture(1)]
[Component(0.5, -1, Variance = 0.04)]
[Component(0.5, 1, Variance = 0.04)]
[OrnsteinUhlenbeck(Horizon = 3, EarlyStop = 0.3)]
[Sampler("Dp5x200Double", Steps = 200, Solver = Solver.DormandPrince54, Grid = Grid.Angle, Precision = Precision.Double)]
public partial class TwoModesEarly;

[GaussianMixture(1)]
[Component(0.5, -1, Variance = 0.04)]
[Component(0.5, 1, Variance = 0.04)]
[OrnsteinUhlenbeck(Horizon = 0.5, EarlyStop = 0.02)]
[Sampler("Dp5x200Double", Steps = 200, Solver = Solver.DormandPrince54, Grid = Grid.Angle, Precision = Precision.Double)]
public partial class TwoModesMiddle;

[GaussianMixture(1)]
[Component(0.2, -1.5, Variance = 0.01)]
[Component(0.5, 0.25, Variance = 0.25)]
[Component(0.3, 2, Variance = 0.09)]
[OrnsteinUhlenbeck(Horizon = 0.5, EarlyStop = 0.02)]
[Sampler("Dp5x200Double", Steps = 200, Solver = Solver.DormandPrince54, Grid = Grid.Angle, Precision = Precision.Double)]
public partial class ThreeModesMiddle;

[GaussianMixture(2)]
[Component(0.15, -1, -0.5, Variances = new[] { 0.04, 0.1 })]
[Component(0.15, -1, 1.5, Variances = new[] { 0.04, 0.02 })]
[Component(0.35, 1, -0.5, Variances = new[] { 0.09, 0.1 })]
[Component(0.35, 1, 1.5, Variances = new[] { 0.09, 0.02 })]
[OrnsteinUhlenbeck(Horizon = 0.5, EarlyStop = 0.02)]
[Sampler("Dp5x200Double", Steps = 200, Solver = Solver.DormandPrince54, Grid = Grid.Angle, Precision = Precision.Double)]
public partial class ProductGridMiddle;

[GaussianMixture(2)]
[Component(0.125, 4.0, 0.0, Variance = 0.09)]
[Component(0.125, 2.828427124746190097603377448419396, 2.828427124746190097603377448419396, Variance = 0.09)]
[Component(0.125, -1.915679183624796480965691373762569e-35, 4.0, Variance = 0.09)]
[Component(0.125, -2.828427124746190097603377448419396, 2.828427124746190097603377448419396, Variance = 0.09)]
[Component(0.125, -4.0, -3.831358367249592961931382747525139e-35, Variance = 0.09)]
[Component(0.125, -2.828427124746190097603377448419396, -2.828427124746190097603377448419396, Variance = 0.09)]
[Component(0.125, 2.500633699474674797345685354713698e-34, -4.0, Variance = 0.09)]
[Component(0.125, 2.828427124746190097603377448419396, -2.828427124746190097603377448419396, Variance = 0.09)]
[OrnsteinUhlenbeck(Horizon = 1, EarlyStop = 0.2)]
[Sampler("Dp5x200Double", Steps = 200, Solver = Solver.DormandPrince54, Grid = Grid.Angle, Precision = Precision.Double)]
public partial class RingMiddle;

[GaussianMixture(2)]
[Component(0.3559, -1.27, -1.21, Covariance = new[] { 0.0531, 0.0281, 0.0281, 0.1823 })]
[Component(0.6441, 0.70, 0.67, Covariance = new[] { 0.1305, 0.0606, 0.0606, 0.1950 })]
[OrnsteinUhlenbeck(Horizon = 0.5, EarlyStop = 0.02)]
[Sampler("Dp5x200Double", Steps = 200, Solver = Solver.DormandPrince54, Grid = Grid.Angle, Precision = Precision.Double)]
public partial class FaithfulMiddle;

[GaussianMixture(3)]
[Component(0.2, 1, -0.5, 0.7, Covariance = new[] { 0.20, 0.05, -0.02, 0.05, 0.10, 0.03, -0.02, 0.03, 0.15 })]
[Component(0.3, -0.6, 0.9, 0.2, Covariance = new[] { 0.20, 0.05, -0.02, 0.05, 0.10, 0.03, -0.02, 0.03, 0.15 })]
[Component(0.5, 0.1, 0.3, -1.1, Covariance = new[] { 0.20, 0.05, -0.02, 0.05, 0.10, 0.03, -0.02, 0.03, 0.15 })]
[OrnsteinUhlenbeck(Horizon = 0.5, EarlyStop = 0.02)]
[Sampler("Dp5x200Double", Steps = 200, Solver = Solver.DormandPrince54, Grid = Grid.Angle, Precision = Precision.Double)]
public partial class TiedEllipsoidsMiddle;

[GaussianMixture(16)]
[Component(0.1, -1.224073, 0.377588, 0.995, -0.51321, -1.328979,
    -0.065529, 0.478012, 1.098185, -1.215875, -1.292864, 0.705928, 0.474086, 1.533786, 0.982459, -0.101781, -0.274237,
    Variance = 0.02)]
[Component(0.2, 2.570528, -0.288802, -0.784935, -1.138343, 0.095461,
    0.145313, -0.344866, -0.062158, 0.273092, 0.692397, 1.096802, 0.209816, -1.789781, 0.701725, -1.419697, -0.171417,
    Variance = 0.05)]
[Component(0.3, -1.473796, 0.002101, -0.778566, 0.213886, 3.300308,
    -0.048606, 0.842324, -1.323325, -0.288054, 0.662485, -0.09267, 0.370182, 0.103329, -1.006135, 0.563745, -0.812026,
    Variance = 0.08)]
[Component(0.4, 1.871752, -0.505204, 0.686093, 0.002349, 0.95243,
    -0.60215, 0.998866, -0.123898, 1.263306, 0.624195, 0.141294, -0.780284, 0.767803, 0.468153, 1.641896, -0.377026,
    Variance = 0.1)]
[OrnsteinUhlenbeck(Horizon = 0.5, EarlyStop = 0.02)]
[Sampler("Dp5x200Double", Steps = 200, Solver = Solver.DormandPrince54, Grid = Grid.Angle, Precision = Precision.Double)]
public partial class SixteenDimensionsMiddle;
