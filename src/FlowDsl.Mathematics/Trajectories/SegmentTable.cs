using System.ComponentModel;
using System.Globalization;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Trajectories;

/// <summary>A table of what is known about a sampler's segments before it runs, for its documentation and its descriptor.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
internal static class SegmentTable
{
    private const int MaxSegments = 32;

    /// <summary>The lines of the table, the titles first.</summary>
    /// <param name="count">The number of segments; at most the first 32 are printed.</param>
    /// <param name="times">Their times, one more than segments; null if they are not known.</param>
    /// <param name="bounds">∫L, ∫μ, ∫μ⁺ and ∫E‖∇v‖ of each segment; null if they are not known.</param>
    /// <param name="forecast">The measurements of each segment; null if there are none.</param>
    public static IEnumerable<string> Lines(
        int count, IReadOnlyList<double>? times, Func<int, (double Lipschitz, double OneSided, double PositiveOneSided, double Expected)>? bounds,
        IReadOnlyList<SegmentForecast>? forecast)
    {
        Column[] columns = [.. Columns(times, bounds, forecast)];
        yield return Row(columns, column => column.Title);
        for (int i = 0; i < Math.Min(count, MaxSegments); i++) yield return Row(columns, column => column.Value(i));
        if (count > MaxSegments) yield return $"and {count - MaxSegments} more";
    }

    /// <summary>Describes when modes separate and errors grow.</summary>
    /// <param name="speciationTime">When the modes separate; null if they never do.</param>
    /// <param name="dangerWindow">When errors grow; null if they never do.</param>
    public static string Whole(double? speciationTime, TimeWindow? dangerWindow)
    {
        string modes = speciationTime is { } time ? $"The modes separate at t = {NumberText.Brief(time)} (speciation time)" : "The modes never separate";
        return modes + (dangerWindow is { } window
            ? $"; 90 % of the expected growth of errors is from t = {NumberText.Brief(window.From)} to {NumberText.Brief(window.To)} (danger window)"
            : "; errors never grow");
    }

    /// <summary>Describes the measurements of the whole flow.</summary>
    /// <param name="forecast">The forecast.</param>
    public static string Whole(SamplerForecast forecast)
        => $"Forecast, on {forecast.Samples.ToString(CultureInfo.InvariantCulture)} exact trajectories: "
            + $"relative MSE {NumberText.Brief(forecast.RelativeMeanSquaredError)}; the whole flow amplifies an error by "
            + $"{NumberText.Brief(forecast.MedianAmplification)} (median) and {NumberText.Brief(forecast.HighAmplification)} (99 %)";

    private static IEnumerable<Column> Columns(
        IReadOnlyList<double>? times, Func<int, (double Lipschitz, double OneSided, double PositiveOneSided, double Expected)>? bounds,
        IReadOnlyList<SegmentForecast>? forecast)
    {
        yield return new("segment", 7, i => i.ToString(CultureInfo.InvariantCulture));
        if (times is not null)
        {
            yield return new("from", 13, i => NumberText.Short(times[i]));
            yield return new("to", 13, i => NumberText.Short(times[i + 1]));
        }
        if (bounds is not null)
        {
            yield return new("∫L", 10, i => NumberText.Brief(bounds(i).Lipschitz));
            yield return new("∫μ", 10, i => NumberText.Brief(bounds(i).OneSided));
            yield return new("∫μ⁺", 10, i => NumberText.Brief(bounds(i).PositiveOneSided));
            yield return new("∫E‖∇v‖", 10, i => NumberText.Brief(bounds(i).Expected));
        }
        if (forecast is not null)
        {
            yield return new("stretch 50 %", 14, i => NumberText.Brief(forecast[i].MedianAmplification));
            yield return new("99 %", 9, i => NumberText.Brief(forecast[i].HighAmplification));
            yield return new("step error", 12, i => NumberText.Brief(forecast[i].LocalError));
            yield return new("downstream", 12, i => NumberText.Brief(forecast[i].DownstreamAmplification));
        }
    }

    private static string Row(Column[] columns, Func<Column, string> text) => string.Concat(columns.Select(column => text(column).PadLeft(column.Width)));

    private sealed record Column(string Title, int Width, Func<int, string> Value);
}
