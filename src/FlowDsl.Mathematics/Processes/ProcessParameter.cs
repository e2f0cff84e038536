using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Processes;

/// <summary>A parameter of a kind of process: positive, finite, and perhaps bounded. Only an early stop has another rule.</summary>
/// <param name="Name">Its name in the attribute.</param>
/// <param name="Default">Its default value; NaN, which stands for the maximum, where that depends on training steps.</param>
/// <param name="Max">The largest valid value; infinite where every finite one is valid.</param>
internal sealed record ProcessParameter(string Name, double Default, double Max = double.PositiveInfinity)
{
    /// <summary>Its name in the constructor.</summary>
    public string Argument => char.ToLowerInvariant(Name[0]) + Name.Substring(1);

    /// <summary>A value, or what NaN stands for.</summary>
    public double Complete(double value) => double.IsNaN(value) && double.IsNaN(Default) ? Max : value;

    /// <summary>The rule that a value breaks; null where it is valid.</summary>
    public string? RuleBrokenBy(double value)
    {
        value = Complete(value);
        if (value > 0 && value <= Max && !double.IsInfinity(value)) return null;
        return double.IsInfinity(Max) ? "positive and finite" : $"positive and at most {PortableNumber.Format(Max)}";
    }
}

/// <summary>Why values do not make a process. Constructors throw this; the generator reports it at its place.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Value">Its value.</param>
/// <param name="Rule">What it must be, as words that follow "must be".</param>
internal sealed record ProcessProblem(ProcessParameter Parameter, double Value, string Rule);
