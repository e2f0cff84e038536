using System.ComponentModel;

namespace FlowDsl.Mathematics.Processes;

/// <summary>
/// A function of the variance σ² of a principal direction, (n0 + n1 σ²)/(a²σ² + s²): how a field acts along that direction.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct AxisFunction
{
    private readonly double _constant, _linear, _root, _a2, _s2;

    private AxisFunction(double constant, double linear, double root, in ProcessPoint point)
    {
        (_constant, _linear, _root) = (constant, linear, root);
        (_a2, _s2) = (point.A * point.A, point.S2);
    }

    /// <summary>(constant + linear σ²)/(a²σ² + s²).</summary>
    internal static AxisFunction Ratio(double constant, double linear, in ProcessPoint point) => new(constant, linear, double.NaN, point);

    /// <summary>slope (σ² - root)/(a²σ² + s²): no digits are lost if the two terms of the numerator cancel.</summary>
    internal static AxisFunction RatioAboutRoot(double slope, double root, in ProcessPoint point) => new(0, slope, root, point);

    /// <summary>The value at a variance.</summary>
    /// <param name="variance">σ², at least 0.</param>
    public double At(double variance)
    {
        double numerator = double.IsNaN(_root) ? _constant + _linear * variance : _linear * (variance - _root);
        return numerator / (_a2 * variance + _s2);
    }
}
