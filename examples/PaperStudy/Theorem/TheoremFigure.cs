namespace FlowDsl.Examples;

/// <summary>What was measured for one mixture. All lengths are root mean squares over the prior, in units of x, unless they say otherwise.</summary>
/// <param name="Mixture">What the mixture is called.</param>
/// <param name="Dimension">d.</param>
/// <param name="Components">K.</param>
/// <param name="Samples">The number of starts.</param>
/// <param name="Blocks">Compositions of growing numbers of blocks.</param>
/// <param name="Accuracies">Compositions of one number of blocks, with networks of growing accuracy.</param>
/// <param name="Places">The blocks of one composition: where errors grow, and where the theorem says they may.</param>
/// <param name="Growth">What the whole flow does to small errors of its starts.</param>
internal sealed record TheoremFigure(
    string Mixture, int Dimension, int Components, int Samples, IReadOnlyList<DeepError> Blocks, IReadOnlyList<DeepError> Accuracies,
    IReadOnlyList<BlockGrowth> Places, FlowGrowth Growth);

/// <summary>The error of a composition and its bound.</summary>
/// <param name="Blocks">The number of residual blocks.</param>
/// <param name="Accuracy">ε of the network: a bound of ‖network - score‖ in L²(p_t).</param>
/// <param name="RelativeMse">Σ|x̂ - x|²/Σ|x|², x the exact flow from the same start.</param>
/// <param name="Error">The root mean square of |x̂ - x|.</param>
/// <param name="MeanError">The mean of |x̂ - x|.</param>
/// <param name="MaxError">The greatest |x̂ - x|.</param>
/// <param name="EulerParts">The sum over blocks of the errors of Euler's step with the exact score, from exact samples.</param>
/// <param name="NetworkParts">The sum over blocks of what ε adds: ½g² h ε each.</param>
/// <param name="NetworkShare">
/// The greatest error of the network's score at the composition's own points, over ε. The bounds need it to be at most 1: ε is guaranteed for the exact
/// law only.
/// </param>
/// <param name="LogBound">log10 of the theorem's bound, with the paper's exp ∫L.</param>
/// <param name="LogSharpBound">log10 of the bound with the exact Lipschitz constants of the steps in place of it.</param>
/// <param name="LogExpected">log10 of the same sum with exp ∫E‖∇v‖, the expected stability: an estimate, no bound.</param>
internal sealed record DeepError(
    int Blocks, double Accuracy, double RelativeMse, double Error, double MeanError, double MaxError, double EulerParts, double NetworkParts,
    double NetworkShare, double LogBound, double LogSharpBound, double LogExpected)
{
    /// <summary>log10 of the bound over the measured error: how loose it is.</summary>
    public double LogLooseness => LogBound - Math.Log10(Error);

    /// <summary>The same of the estimate.</summary>
    public double LogExpectedRatio => LogExpected - Math.Log10(Error);
}

/// <summary>What becomes of the error of one block.</summary>
/// <param name="From">Where the block starts.</param>
/// <param name="To">Where it ends.</param>
/// <param name="LocalError">Its error from exact samples.</param>
/// <param name="LogBound">log10 of exp ∫L over the rest of the flow.</param>
/// <param name="LogExpected">log10 of exp ∫E‖∇v‖ over the rest of the flow.</param>
/// <param name="Growth">By how much the rest of the flow really multiplies the error.</param>
/// <param name="MaxGrowth">The greatest such factor of a sample.</param>
internal sealed record BlockGrowth(double From, double To, double LocalError, double LogBound, double LogExpected, double Growth, double MaxGrowth);

/// <summary>log10 of what the whole flow multiplies small errors of its starts by.</summary>
/// <param name="Paper">exp ∫L with the paper's L.</param>
/// <param name="OneSided">exp ∫μ, contraction taken off: the sharper bound.</param>
/// <param name="AtCentre">The norm of the flow's derivative at the point that all modes are symmetric about; null where there is none.</param>
/// <param name="High">The 99 % quantile of that norm over samples, in many dimensions from below.</param>
/// <param name="Median">The median.</param>
/// <param name="Expected">exp ∫E‖∇v‖.</param>
internal sealed record FlowGrowth(double Paper, double OneSided, double? AtCentre, double? High, double? Median, double Expected);
