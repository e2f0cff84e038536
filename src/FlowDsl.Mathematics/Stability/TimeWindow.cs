using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics;

/// <summary>An interval of the process's times.</summary>
/// <param name="From">The larger time, at which sampling enters it.</param>
/// <param name="To">The smaller time, at which sampling leaves it.</param>
public readonly record struct TimeWindow(double From, double To)
{
    /// <summary>The times as text, the same in every culture.</summary>
    public override string ToString() => $"t = {NumberText.Brief(From)} to {NumberText.Brief(To)}";
}
