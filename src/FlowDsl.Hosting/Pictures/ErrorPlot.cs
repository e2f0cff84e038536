using System.Globalization;
using System.Text;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace FlowDsl.Hosting.Pictures;

/// <summary>The error of samplers against their cost.</summary>
internal static class ErrorPlot
{
    private const int Width = 900, Height = 600;

    /// <summary>Draws the relative mean squared error, by powers of ten, against the function evaluations.</summary>
    /// <param name="title">What is compared.</param>
    /// <param name="samplers">The samplers; those whose error is 0 or infinite have no place and are left out.</param>
    /// <param name="isVector">Whether to draw SVG; PNG otherwise.</param>
    /// <returns>The bytes of the picture's file.</returns>
    public static byte[] Draw(string title, IEnumerable<ComparedSampler> samplers, bool isVector)
    {
        var plot = new Plot();
        foreach (ComparedSampler sampler in samplers)
        {
            if (!(sampler.RelativeMeanSquaredError is > 0 and < double.PositiveInfinity)) continue;
            double error = Math.Log10(sampler.RelativeMeanSquaredError);
            var points = plot.Add.Scatter(new Coordinates(sampler.FunctionEvaluations, error));
            points.MarkerSize = 9;
            // The interval may reach down to 0, which has no place on this axis.
            if (sampler.Low > 0 && double.IsFinite(sampler.High))
                plot.Add.Line(sampler.FunctionEvaluations, Math.Log10(sampler.Low), sampler.FunctionEvaluations, Math.Log10(sampler.High)).Color = points.Color;
            var label = plot.Add.Text(sampler.Name, sampler.FunctionEvaluations, error);
            label.OffsetX = 8;
            label.LabelFontColor = points.Color;
            label.LabelAlignment = Alignment.MiddleLeft;
        }
        plot.Title(title);
        plot.XLabel("function evaluations per sample");
        plot.YLabel("relative mean squared error");
        plot.Axes.Left.TickGenerator = new NumericAutomatic
        {
            IntegerTicksOnly = true,
            LabelFormatter = static exponent => string.Create(CultureInfo.InvariantCulture, $"1e{exponent:0}"),
        };
        // Room for the names of the last samplers.
        plot.Axes.Margins(0.2, 0.15);
        return isVector ? Encoding.UTF8.GetBytes(plot.GetSvgXml(Width, Height)) : plot.GetImageBytes(Width, Height, ImageFormat.Png);
    }
}
