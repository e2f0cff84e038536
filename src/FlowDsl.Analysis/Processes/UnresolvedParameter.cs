namespace FlowDsl.Analysis;

/// <summary>A parameter of a process from which follows a coefficient that double precision cannot hold.</summary>
/// <param name="Parameter">The parameter, as the attributes call it.</param>
/// <param name="Value">Its value.</param>
/// <param name="Coefficient">The coefficient.</param>
/// <param name="Result">What it comes to: not finite, or a variance that has lost its digits.</param>
public sealed record UnresolvedParameter(string Parameter, double Value, string Coefficient, double Result)
{
    private const double LeastNormal = 2.2250738585072014e-308;

    /// <summary>What is wrong, with the numbers, and what would be valid.</summary>
    public string Description
        => $"{Parameter} is {PortableNumber.Format(Value)}, for which {Coefficient} is {PortableNumber.Format(Result, 3)} in double precision; {Rule}";

    private string Rule => Coefficient is "s²" or "σ²"
        ? "choose it so that that is a normal number, from 2.3e-308 to 1.7e308" + (Result < 1 && Parameter is "EarlyStop" or "SigmaMin" ? ", or 0" : "")
        : "choose it so that that is finite";

    /// <summary>Whether a variance is positive and has all its digits.</summary>
    internal static bool IsNormal(double variance) => variance >= LeastNormal && variance <= double.MaxValue;
}
