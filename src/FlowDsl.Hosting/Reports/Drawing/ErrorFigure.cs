using FlowDsl.Hosting.Reports.Gathering;

namespace FlowDsl.Hosting.Reports.Drawing;

/// <summary>The error of samplers against their cost.</summary>
internal static class ErrorFigure
{
    /// <summary>Draws each sampler that ran.</summary>
    public static Figure Draw(ModelReport report)
    {
        CostPoint[] drawn = [.. report.Samplers.Select((sampler, i) => (sampler, i))
            .Where(own => own.sampler.Compared is { RelativeMeanSquaredError: > 0 and < double.PositiveInfinity })
            .Select(own => new CostPoint(
                own.sampler, own.i, new(own.sampler.Compared!.RelativeMeanSquaredError, own.sampler.Compared.Low, own.sampler.Compared.High),
                own.sampler.Descriptor.Forecast?.RelativeMeanSquaredError))];
        Canvas canvas = CostPlot.Draw(drawn, "relative mean squared error", "relative MSE", "No sampler has an error that is positive and finite.");
        return new(
            "errors", "Error against cost", [new(canvas, "Relative mean squared error against function evaluations", CostPlot.Describe(drawn))],
            $"Relative mean squared error E|x̂ − x|²/E|x|² on {Notation.Count(report.Request.Count)} samples, against the exact flow x from the same starts. "
                + "Bars are 95 % intervals, which are too short where few samples carry the error; rings are the compiler’s forecast. "
                    + "Lines join the samplers of one solver.",
            $"compare {report.Request.ShortName} -n {report.Request.Count} --seed {report.Request.Seed}");
    }
}
