using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FlowDsl.Hosting.Output;

/// <summary>How many a second.</summary>
/// <param name="unit">What is counted, in the plural.</param>
internal sealed class RateColumn(string unit) : ProgressColumn
{
    /// <inheritdoc/>
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(Words(task.Speed, unit));

    /// <summary>A rate with a prefix: "12.3 M samples/s".</summary>
    internal static string Words(double? rate, string unit) => rate switch
    {
        null or not (> 0 and < double.PositiveInfinity) => "",
        >= 1e9 => string.Create(CultureInfo.InvariantCulture, $"{rate / 1e9:0.0} G {unit}/s"),
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{rate / 1e6:0.0} M {unit}/s"),
        >= 1e3 => string.Create(CultureInfo.InvariantCulture, $"{rate / 1e3:0.0} k {unit}/s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{rate:0.0} {unit}/s"),
    };
}
