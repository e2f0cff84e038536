namespace FlowDsl;

/// <summary>
/// Declares a network of ReLU and ReQU units that computes the score to a given accuracy, built from the mixture without training. Each becomes a
/// nested type of this name that implements <see cref="IScoreNetwork{TSelf}"/>, and samplers can use it as their score.
/// </summary>
/// <remarks>
/// The construction behind the approximation theorem of arXiv:2606.03820, with every weight explicit: the depth grows with log(1/ε), the width does not.
/// </remarks>
/// <param name="name">The name of the nested type.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class ScoreNetworkAttribute(string name) : Attribute
{
    /// <summary>The name of the nested type.</summary>
    public string Name { get; } = name;

    /// <summary>ε, positive: the maximum error in L^p(p_t) at each time, in units of the score.</summary>
    public double Accuracy { get; set; } = 1e-4;

    /// <summary>
    /// p, from 1 to 16; infinity bounds the error at every x in R^d, which requires a single time and one covariance shared by all components.
    /// </summary>
    public double P { get; set; } = 2;

    /// <summary>
    /// Whether t is an input of the network, from the early stop to the horizon; otherwise the network is valid at <see cref="Time"/> only.
    /// </summary>
    public bool TimeDependent { get; set; } = true;

    /// <summary>The time of a network that is not time-dependent.</summary>
    public double Time { get; set; } = double.NaN;
}
