using System.Numerics;

namespace FlowDsl.Tests;

/// <summary>
/// A theory about code that counts its work, the same on any hardware: without hardware vectors it would take many minutes and say nothing new.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class VectorTheoryAttribute : TheoryAttribute
{
    public VectorTheoryAttribute() => Skip = Vector.IsHardwareAccelerated ? null! : "There are no hardware vectors.";
}
