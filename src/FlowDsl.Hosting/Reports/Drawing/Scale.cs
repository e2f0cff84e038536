namespace FlowDsl.Hosting.Reports.Drawing;

/// <summary>Where values of an axis are in a figure.</summary>
/// <param name="Low">The value at the start.</param>
/// <param name="High">The value at the end.</param>
/// <param name="Start">The coordinate of the start.</param>
/// <param name="End">The coordinate of the end.</param>
/// <param name="IsLog">Whether factors have equal lengths; the ends are then positive.</param>
internal sealed record Scale(double Low, double High, double Start, double End, bool IsLog = false)
{
    /// <summary>The coordinate of a value; of one beyond an end it is the end's.</summary>
    public double this[double value]
        => Start + (End - Start) * Math.Clamp(
            IsLog ? Math.Log(Math.Max(value, double.Epsilon) / Low) / Math.Log(High / Low) : (value - Low) / (High - Low), 0, 1);

    /// <summary>Whether a value is on the axis.</summary>
    public bool Holds(double value) => value >= Low && value <= High;
}
