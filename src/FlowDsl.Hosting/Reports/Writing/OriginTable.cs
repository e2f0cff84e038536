using System.Globalization;
using FlowDsl.Hosting.Reports.Drawing;
using FlowDsl.Hosting.Reports.Gathering;

namespace FlowDsl.Hosting.Reports.Writing;

/// <summary>What made the report, and how to make it again.</summary>
internal static class OriginTable
{
    /// <summary>Writes the table.</summary>
    public static string Of(ModelReport report)
    {
        ReportOrigin origin = report.Origin;
        (string Term, string Value)[] rows =
        [
            ("Made", report.Request.Date.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC"), ("Model", report.Name),
            ("FlowDsl", origin.Version), ("Runtime", origin.Runtime), ("System", origin.System),
            ("Processor", $"{origin.Processor}, {origin.Cores} logical processors"),
            ("Arithmetic", $"{origin.Arithmetic}; samples have the same bits wherever it fuses alike"),
            ("Seed", report.Request.Seed.ToString(CultureInfo.InvariantCulture)), ("Samples", Notation.Count(report.Request.Count)),
        ];
        IEnumerable<string> cells =
            rows.Select(row => $"<tr><th scope=\"row\" class=\"words\">{row.Term}</th><td class=\"words\">{Markup.Text(row.Value)}</td></tr>");
        string body = string.Concat(cells);
        return $"<div class=\"table\"><table class=\"origin\"><caption>Origin of this report</caption><tbody>{body}</tbody></table></div>";
    }

    /// <summary>The commands that print the numbers of each part.</summary>
    public static string Commands(ModelReport report)
    {
        string model = report.Request.ShortName, run = $"-n {report.Request.Count} --seed {report.Request.Seed}";
        List<(string What, string Command)> commands =
        [
            ("This report again", $"report {model} --samples {report.Request.Count} --seed {report.Request.Seed} --out report.html"),
            ("Mixture, process, stability, forecasts, step times", $"show {model} --json"),
        ];
        if (report.Ran.FirstOrDefault() is { } first)
        {
            commands.Add(("Errors of all samplers", $"compare {model} {run} --json"));
            commands.Add((
                $"The error of each step of {first.Name}",
                $"budget {model}.{first.Name} -n {ReportGathering.BudgetSamples(report.Request)} --seed {report.Request.Seed}"));
            commands.Add(($"Samples of {first.Name}, each with its estimated error", $"sample {model}.{first.Name} {run} --errors --out samples.csv"));
        }
        if (report.Samplers.FirstOrDefault() is { } sampler)
            commands.Add(($"The schedule of {sampler.Name} for Python", $"grid {model}.{sampler.Name} --as times"));
        if (report.Ran.Any()) commands.Add(("Throughput on this machine", $"bench {model}"));
        IEnumerable<string> lines = commands.Select(own => $"<div><dt>{Markup.Text(own.What)}</dt><dd>{CommandLines.Code(own.Command)}</dd></div>");
        return "<dl class=\"commands\">" + string.Concat(lines) + "</dl>";
    }
}
