namespace FlowDsl.Fitting;

/// <summary>What the E-step needs of a covariance that respects the floor.</summary>
/// <param name="Whitening">W with WᵀW = Σ⁻¹: lower triangular with rows of zeros up to a multiple of 4, or the d values of its diagonal.</param>
/// <param name="LogDeterminant">log |Σ|.</param>
/// <param name="AxesAtFloor">The number of eigenvalues at the floor.</param>
/// <param name="Raised">Whether an eigenvalue was below the floor.</param>
internal readonly record struct BoundedCovariance(double[] Whitening, double LogDeterminant, int AxesAtFloor, bool Raised);
