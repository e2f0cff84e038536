using FlowDsl.Hosting.Reports.Drawing;
using FlowDsl.Hosting.Reports.Gathering;

namespace FlowDsl.Hosting.Reports.Writing;

/// <summary>The page: one file that needs no other, as HTML that is well-formed XML too.</summary>
internal static class ReportPage
{
    /// <summary>Writes a report.</summary>
    /// <returns>The page, and the number of its figures.</returns>
    public static (string Html, int Figures) Write(ModelReport report)
    {
        Section[] sections = [.. Sections(report)];
        string name = Markup.Text(report.Request.ShortName);
        string navigation = string.Concat(sections.Select(section => $"<li><a href=\"#{section.Id}\">{section.Title}</a></li>"));
        string body = string.Concat(sections.Select(section => $"""
            <section id="{section.Id}" aria-labelledby="{section.Id}-heading">
            <h2 id="{section.Id}-heading">{section.Title}</h2>
            {section.Content}
            </section>

            """));
        string html = $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <title>{name}: a FlowDsl report</title>
            <link rel="icon" href="data:,"/>
            <style>{PageAssets.Style}</style>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the content</a>
            <header>
            <p class="kicker">FlowDsl report</p>
            <h1>{name}</h1>
            <p class="lede">{Markup.Text(Headline.Lede(report))}</p>
            {Headline.Facts(report)}
            <nav aria-label="Sections"><ul>{navigation}</ul></nav>
            </header>
            <main id="main">
            {body}</main>
            <footer><p>Made by FlowDsl {Markup.Text(report.Origin.Version)}. Nothing in this file is loaded from elsewhere.</p></footer>
            <script>
            //<![CDATA[
            {PageAssets.Script}
            //]]>
            </script>
            </body>
            </html>

            """;
        return (html.ReplaceLineEndings("\n"), sections.Sum(section => section.Figures));
    }

    private static IEnumerable<Section> Sections(ModelReport report)
    {
        bool hasRun = report.Ran.Any();
        Figure density = DensityFigure.Data(report);
        string model = $"""
            <div class="pair">
            <div class="formulas">
            <p>The data law, a Gaussian mixture:</p>{Formulas.Mixture(report.Model.Mixture)}
            <p>The noising process:</p>{Formulas.States}{Formulas.Coefficients(report.Model.Process)}
            <p>The law at time t:</p>{Formulas.LawAtTime(report.Model.Mixture)}
            <p>The flow from noise to data runs this ODE backwards in t:</p>{Formulas.Velocity(report.Model.Process)}
            {ComponentTable.Of(report.Model.Mixture)}
            </div>
            {FigureHtml.Of(density)}
            </div>
            {FigureHtml.Of(DensityFigure.Stages(report))}
            """;
        yield return new("model", "The model", model, 2);
        if (hasRun)
        {
            string figures = FigureHtml.Of(ErrorFigure.Draw(report)) + FigureHtml.Of(DistributionFigure.Draw(report));
            yield return new("samplers", "The samplers", $"<div class=\"pair\">{figures}</div>{SamplerTable.Of(report)}", 2);
        }
        else if (report.Samplers.Length > 0)
        {
            yield return new("samplers", "The samplers", SamplerTable.Of(report), 0);
        }
        if (report.LawCount > 0)
        {
            string figures = FigureHtml.Of(LawFigure.Divergence(report)) + FigureHtml.Of(LawFigure.Ratios(report));
            yield return new("laws", "The samplers’ own laws", $"<div class=\"pair\">{figures}</div>{LawTable.Of(report)}", 2);
        }
        else if (hasRun)
        {
            yield return new("laws", "The samplers’ own laws", LawTable.Of(report), 0);
        }
        string overTime = FigureHtml.Of(PathFigure.OverTime(report));
        string paths = PathFigure.InPlane(report) is { } plane ? $"<div class=\"pair\">{FigureHtml.Of(plane)}{overTime}</div>" : overTime;
        int pathCount = PathFigure.InPlane(report) is null ? 1 : 2;
        yield return hasRun
            ? new("flow", "Paths and samples", paths + FigureHtml.Of(SampleFigure.Draw(report)), pathCount + 1)
            : new("flow", "Paths", paths, pathCount);
        yield return new("stability", "Stability over time", FigureHtml.Of(TimeFigure.Draw(report)), 1);
        if (BudgetFigure.Draw(report) is { } budget) yield return new("segments", "Error by segment", FigureHtml.Of(budget), 1);
        yield return new("origin", "Origin", $"<div class=\"pair\">{OriginTable.Of(report)}{OriginTable.Commands(report)}</div>", 0);
    }

    private sealed record Section(string Id, string Title, string Content, int Figures);
}
