namespace FlowDsl;

/// <summary>Any function as a field.</summary>
public sealed class DelegateField : INetworkField
{
    private readonly Action<double, ReadOnlySpan<float>, Span<float>> _evaluate;

    /// <summary>Makes a field.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <param name="evaluate">Computes the outputs (third argument) at a time (first) and n states (second), as <see cref="Evaluate"/> says.</param>
    /// <exception cref="ArgumentOutOfRangeException">The dimension is not positive.</exception>
    public DelegateField(int dimension, Action<double, ReadOnlySpan<float>, Span<float>> evaluate)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        ArgumentNullException.ThrowIfNull(evaluate);
        (Dimension, _evaluate) = (dimension, evaluate);
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public void Evaluate(double time, ReadOnlySpan<float> states, Span<float> outputs) => _evaluate(time, states, outputs);
}
