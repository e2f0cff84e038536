namespace FlowDsl.Mathematics.Fields;

/// <summary>The scale in which a network sees states: as of another process y = a_y x_0 + s_y ε, at the same ratio s/a.</summary>
internal readonly struct NetworkScale
{
    private readonly Kind _kind;
    private readonly double _deviation;

    private NetworkScale(Kind kind, double deviation = 0) => (_kind, _deviation) = (kind, deviation);

    private enum Kind
    {
        Process,
        VariancePreserving,
        Interpolant,
        Preconditioned,
    }

    /// <summary>The states of the process itself.</summary>
    public static NetworkScale Process => default;

    /// <summary>a² + s² = 1.</summary>
    public static NetworkScale VariancePreserving => new(Kind.VariancePreserving);

    /// <summary>a + s = 1.</summary>
    public static NetworkScale Interpolant => new(Kind.Interpolant);

    /// <summary>a²σ_d² + s² = 1: EDM's c_in (Karras et al., arXiv:2206.00364, table 1).</summary>
    /// <param name="deviation">σ_d, the standard deviation of the data.</param>
    public static NetworkScale Preconditioned(double deviation) => new(Kind.Preconditioned, deviation);

    /// <summary>Whether it is <see cref="Process"/>.</summary>
    public bool IsProcess => _kind == Kind.Process;

    /// <summary>The coefficients of the network's own process; without its time.</summary>
    /// <param name="point">The model's process.</param>
    public ProcessPoint At(in ProcessPoint point)
    {
        if (IsProcess) return point;
        double ratio = point.NoiseToSignal;
        if (_kind == Kind.Interpolant)
        {
            double signal = 1 / (1 + ratio), noise = double.IsInfinity(ratio) ? 1 : ratio * signal;
            return new ProcessPoint(point.Time, signal, noise * noise, -1, noise);
        }
        double variance = _kind == Kind.Preconditioned ? _deviation * _deviation : 1, length = ratio * ratio + variance;
        return new ProcessPoint(point.Time, 1 / Math.Sqrt(length), double.IsInfinity(length) ? 1 : ratio * ratio / length, 0, 0);
    }

    /// <summary>y/x.</summary>
    /// <param name="own">The network's process.</param>
    /// <param name="point">The model's process.</param>
    public double Factor(in ProcessPoint own, in ProcessPoint point)
        => IsProcess ? 1 : point.S2 > point.A * point.A ? own.S / point.S : own.A / point.A;
}
