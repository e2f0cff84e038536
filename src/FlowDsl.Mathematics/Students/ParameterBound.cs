namespace FlowDsl.Mathematics.Students;

/// <summary>A bound on the absolute value of a student's weights.</summary>
/// <param name="Size">The bound; infinite for none.</param>
/// <param name="IncludesBiases">Whether it bounds biases too.</param>
internal readonly record struct ParameterBound(double Size, bool IncludesBiases)
{
    /// <summary>Whether there is no bound.</summary>
    public bool IsNone => double.IsPositiveInfinity(Size);

    /// <summary>Moves what is beyond the bound to it.</summary>
    /// <param name="shape">The networks.</param>
    /// <param name="parameters">A segment's parameters, layer by layer: weights, then biases.</param>
    public void Clamp(StudentShape shape, Span<float> parameters)
    {
        if (IsNone) return;
        float size = (float)Size;
        for (int layer = 0, at = 0; layer < shape.LayerCount; at += shape.ParameterCountOf(layer++))
            foreach (ref float value in parameters.Slice(at, CountIn(shape, layer))) value = Math.Min(Math.Max(value, -size), size);
    }

    /// <summary>The largest absolute value among those that the bound is for.</summary>
    /// <param name="shape">The networks.</param>
    /// <param name="parameters">A segment's parameters, layer by layer: weights, then biases.</param>
    public float Largest(StudentShape shape, ReadOnlySpan<float> parameters)
    {
        float largest = 0;
        for (int layer = 0, at = 0; layer < shape.LayerCount; at += shape.ParameterCountOf(layer++))
            foreach (float value in parameters.Slice(at, CountIn(shape, layer))) largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }

    private int CountIn(StudentShape shape, int layer) => shape.ParameterCountOf(layer) - (IncludesBiases ? 0 : shape.OutputsOf(layer));
}
