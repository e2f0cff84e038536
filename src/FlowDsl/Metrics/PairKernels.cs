using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Metrics;

/// <summary>A function of two points that depends on their distance only.</summary>
internal interface IPairKernel
{
    /// <summary>The value for two equal points.</summary>
    double AtZero { get; }

    /// <summary>The values for squared distances.</summary>
    Vector<double> Of(Vector<double> squares);
}

/// <summary>exp(-r²/(2h²)).</summary>
/// <param name="bandwidth">h.</param>
internal readonly struct GaussianKernel(double bandwidth) : IPairKernel
{
    private readonly Vector<double> _factor = new(-0.5 * 1.4426950408889634074 / bandwidth / bandwidth);

    /// <inheritdoc/>
    public double AtZero => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<double> Of(Vector<double> squares) => SimdMath.Exp2(squares * _factor);
}

/// <summary>-r, with which the squared maximum mean discrepancy is the energy distance.</summary>
internal readonly struct NegativeDistance : IPairKernel
{
    /// <inheritdoc/>
    public double AtZero => 0;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<double> Of(Vector<double> squares) => -Vector.SquareRoot(squares);
}
