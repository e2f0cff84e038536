namespace FlowDsl.Benchmarks;

/// <summary>Networks of the paper's depth and of several widths, in 64 dimensions.</summary>
[GaussianMixture(64, File = "Paper64.mixture.json")]
[OrnsteinUhlenbeck(Beta = 5, Horizon = 1, EarlyStop = 0)]
[Student("Width32", Segments = 1, Width = 32, Depth = 4)]
[Student("Width64", Segments = 1, Width = 64, Depth = 4)]
[Student("Width128", Segments = 1, Width = 128, Depth = 4)]
[Student("Width512", Segments = 1, Width = 512, Depth = 4)]
public partial class Networks64;

/// <summary>Networks in the plane, where what is done around the products weighs more.</summary>
[GaussianMixture(2)]
[Component(0.5, -1, 0, Variance = 0.1)]
[Component(0.5, 1, 0, Variance = 0.1)]
[Student("Width32", Segments = 1, Width = 32, Depth = 2)]
[Student("Width64", Segments = 1, Width = 64, Depth = 2)]
[Student("Width128", Segments = 1, Width = 128, Depth = 2)]
public partial class Networks2;
