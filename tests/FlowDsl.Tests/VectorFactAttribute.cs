using System.Numerics;

namespace FlowDsl.Tests;

/// <summary>As <see cref="VectorTheoryAttribute"/>, for a fact.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class VectorFactAttribute : FactAttribute
{
    public VectorFactAttribute() => Skip = Vector.IsHardwareAccelerated ? null! : "There are no hardware vectors.";
}
