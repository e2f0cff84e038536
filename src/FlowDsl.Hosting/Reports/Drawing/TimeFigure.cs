using System.Globalization;
using FlowDsl.Hosting.Reports.Gathering;

namespace FlowDsl.Hosting.Reports.Drawing;

/// <summary>How much the flow stretches at each time, and where each sampler steps, on one axis of time.</summary>
internal static class TimeFigure
{
    private const double Width = 1040, Left = 132, Right = 20, Top = 40, ProfileHeight = 250, RowHeight = 30, Gap = 18;

    /// <summary>Draws the profile above the schedules.</summary>
    public static Figure Draw(ModelReport report)
    {
        StabilityCurves stability = report.Stability;
        Profile[] curves = [.. Profiles(stability)];
        (double low, double high) = Range(stability, curves);
        double rows = RowHeight * report.Samplers.Length, bottom = Top + ProfileHeight, end = bottom + (rows > 0 ? Gap + rows : 0);
        var canvas = new Canvas(Width, end + 52);
        var axis = new Scale(0, 1, Left, Width - Right);
        var profile = new PlotArea(canvas, axis, new(low, high, bottom, Top, IsLog: true));
        Tick[] ticks = [.. Ticks.OfTime(report.Axis).Select(tick => tick with { Value = report.Axis.Place(tick.Value) })];

        Marks(canvas, report, axis, Top, end);
        foreach (Tick tick in ticks.Where(tick => tick.Label.Length > 0)) canvas.Line("grid", axis[tick.Value], Top, axis[tick.Value], end);
        profile.Beside(Ticks.Logarithmic(low, high, 5), "rate per unit of t", hasGrid: true);
        canvas.Line("rule", Left, bottom, Width - Right, bottom);
        foreach (Profile curve in curves) Curve(profile, report, curve.Style, curve.Values);
        Schedules(canvas, report, axis, bottom + Gap);
        new PlotArea(canvas, axis, new(0, 1, end, bottom)).Below(ticks, "time t, sampling runs to the right");
        canvas.Add($"<g class=\"cross\" visibility=\"hidden\"><path class=\"hair\" d=\"M0 {Markup.Number(Top)}V{Markup.Number(end)}\"/></g>");

        string window = stability.DangerWindow is { } danger
            ? $"The shaded danger window, t = {Notation.Of(danger.From)} to {Notation.Of(danger.To)}, holds 90 % of the expected growth of errors"
            : "Errors never grow, so there is no danger window";
        string modes = stability.SpeciationTime is { } time
            ? $"; the dashed line at t = {Notation.Of(time)} is the speciation time, at which the modes separate."
            : ".";
        string infinite = IsBounded(stability) ? "" : " There is no bound over all x, since covariances cross.";
        IEnumerable<string> keys = curves.Select(
            curve => $"<span class=\"key {curve.Style}\">{Markup.Text(curve.Name)}</span> {Markup.Text(curve.Words)}");
        string names = string.Join(", ", keys);
        return new(
            "time", "Stability and schedules",
            [new(canvas, "Stability and schedules over time", $"{window}{modes} {Describe(report)}", Data(report, curves))],
            $"Above: {names}. Below: the step times of each sampler; the command prints the integrals of these rates over each step. "
                + $"{window}{modes}{infinite} <output class=\"readout\"></output>",
            $"show {report.Request.ShortName}")
        { Style = "wide scroll", Table = Table(report, curves) };
    }

    /// <summary>The curves that can be drawn: where covariances cross there is no bound over all x, but one over nearly all of the law.</summary>
    private static IEnumerable<Profile> Profiles(StabilityCurves stability)
    {
        if (IsBounded(stability))
        {
            yield return new("L(t)", "bound", "bound on ‖∇v‖ over all x", stability.Bound);
            yield return new("μ(t)", "one-sided", "bound on the growth over all x", stability.OneSided);
        }
        else
        {
            yield return new("L(t)", "bound", "bound on ‖∇v‖ where 99.9 % of the law is", stability.Regional);
        }
        yield return new("E‖∇v‖", "expected", "expectation over the law at t", stability.Expected);
        yield return new("E[λ]⁺", "growth", "expected growth of errors", stability.Growth);
    }

    private static bool IsBounded(StabilityCurves stability) => !stability.Bound.Any(double.IsInfinity);

    /// <summary>Three decades of what is expected, and two more for bounds: beyond that a curve leaves the picture rather than flatten the others.</summary>
    private static (double Low, double High) Range(StabilityCurves stability, Profile[] curves)
    {
        double[] expected = [.. stability.Expected.Concat(stability.Growth).Where(value => value is > 0 and < double.PositiveInfinity)];
        if (expected.Length == 0) return (0.1, 10);
        double most = curves.SelectMany(curve => curve.Values).Where(double.IsFinite).Max();
        return (Math.Max(0.8 * expected.Min(), 1e-3 * expected.Max()), 1.3 * Math.Clamp(most, expected.Max(), 100 * expected.Max()));
    }

    /// <summary>The danger window and the speciation time.</summary>
    internal static void Marks(Canvas canvas, ModelReport report, Scale axis, double top, double bottom, bool hasWords = true)
    {
        if (report.Stability.DangerWindow is { } danger)
        {
            double from = axis[report.Axis.Place(danger.From)], to = axis[report.Axis.Place(danger.To)];
            canvas.Box("danger", from, top, to - from, bottom - top);
            if (hasWords) canvas.Words("note", from + 6, top + 15, "danger window");
        }
        if (report.Stability.SpeciationTime is not { } time || time > report.Axis.Horizon || time < report.Axis.Last) return;
        double x = axis[report.Axis.Place(time)];
        canvas.Line("speciation", x, top, x, bottom);
        if (hasWords) canvas.Words("note", x, top - 6, "speciation", "middle");
    }

    private static void Curve(PlotArea area, ModelReport report, string style, ImmutableArray<double> values)
    {
        // A part ends where the value has no place on a logarithmic axis.
        List<(double X, double Y)> part = [];
        for (int i = 0; i <= values.Length; i++)
        {
            if (i < values.Length && area.Y.Holds(values[i]))
            {
                part.Add((area.X[report.Axis.Place(report.Stability.Times[i])], area.Y[values[i]]));
                continue;
            }
            if (part.Count > 1) area.Canvas.Lines($"profile {style}", part);
            part.Clear();
        }
    }

    private static void Schedules(Canvas canvas, ModelReport report, Scale axis, double top)
    {
        for (int i = 0; i < report.Samplers.Length; i++)
        {
            SamplerResult sampler = report.Samplers[i];
            double y = top + RowHeight * (i + 0.5);
            canvas.Add($"<g class=\"{SamplerMark.Colour(i)}\" data-s=\"{i}\">");
            canvas.Add($"<title>{Markup.Text(sampler.Descriptor.Title)}</title>");
            canvas.Add(SamplerMark.At(i, 10, y, 5)).Words("label", 24, y + 4.5, Shortened(sampler.Name));
            canvas.Line("row", Left, y, axis.End, y);
            string marks = string.Concat(sampler.Descriptor.Times.Select(time => $"M{Canvas.Point(axis[report.Axis.Place(time)], y - 7)}v14"));
            canvas.Add($"<path class=\"step\" d=\"{marks}\"/></g>");
        }
    }

    private static string Shortened(string name) => name.Length > 14 ? name[..13] + "…" : name;

    private static string Describe(ModelReport report)
        => report.Samplers.Length == 0 ? "No sampler is declared."
            : string.Join(" ", report.Samplers.Select(sampler => $"{sampler.Name} takes {sampler.Descriptor.SegmentCount} steps."));

    /// <summary>The curves for the script, which reads values under the pointer.</summary>
    private static string Data(ModelReport report, Profile[] curves)
    {
        static string List(IEnumerable<double> values) => string.Join(" ", values.Select(value => value.ToString("G4", CultureInfo.InvariantCulture)));
        string[] lists = [.. curves.Select(curve => $"{curve.Name}: {List(curve.Values)}")];
        return $"data-from=\"{Markup.Number(Left)}\" data-to=\"{Markup.Number(Width - Right)}\" data-times=\"{List(report.Stability.Times)}\" "
            + $"data-curves=\"{Markup.Text(string.Join("; ", lists))}\"";
    }

    private static string Table(ModelReport report, Profile[] curves)
    {
        const int every = 8;
        int[] rows = [.. Enumerable.Range(0, report.Stability.Times.Length).Where(i => i % every == 0)];
        string profile = NumberTable.Of(
            "Stability at some times", ["t", .. curves.Select(curve => curve.Name)],
            rows.Select(i => (string[])[Notation.Of(report.Stability.Times[i]), .. curves.Select(curve => Notation.Of(curve.Values[i]))]));
        string schedules = report.Samplers.Length == 0 ? "" : NumberTable.Of(
            "Step times", ["<sampler", "<times"],
            report.Samplers.Select(sampler => new[] { sampler.Name, string.Join("; ", sampler.Descriptor.Times.Select(time => Notation.Of(time, 4))) }));
        return profile + schedules;
    }

    private sealed record Profile(string Name, string Style, string Words, ImmutableArray<double> Values);
}
