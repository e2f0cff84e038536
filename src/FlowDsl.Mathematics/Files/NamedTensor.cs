namespace FlowDsl.Mathematics;

/// <summary>An array of numbers with a name, such as the weights of a layer.</summary>
/// <param name="Name">The name, unique in its file.</param>
/// <param name="Shape">The lengths of its dimensions, the slowest first; empty for a scalar.</param>
/// <param name="Values">The numbers in row-major order; their count is the product of the lengths.</param>
public sealed record NamedTensor(string Name, ImmutableArray<int> Shape, ImmutableArray<float> Values)
{
    /// <inheritdoc/>
    public bool Equals(NamedTensor? other) => other is not null
        && Name == other.Name && Shape.AsSpan().SequenceEqual(other.Shape.AsSpan()) && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => (Name, Values.Length).GetHashCode();
}
