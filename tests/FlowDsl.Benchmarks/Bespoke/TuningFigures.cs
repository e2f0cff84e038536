using System.Globalization;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Discovery;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Benchmarks;

/// <summary>The command "tuning": what the host's command tune finds against what a build finds, on fresh starts.</summary>
internal static class TuningFigures
{
    public const string Command = "tuning";

    private const int DefaultBudget = 32;
    private static readonly int[] s_evaluations = [4, 6, 8];

    public static int Run(ReadOnlySpan<string> arguments)
    {
        if (CommandOptions.Read(Command, arguments, ["--budget", "--evaluations"], ["--mixture"]) is not { } options) return 2;
        int budget = options.Count("--budget", DefaultBudget), only = (int)options.Number("--evaluations", 0);
        string name = options.Text("--mixture") ?? "";
        var rows = new List<string[]>();
        foreach (Type mixture in (Type[])[typeof(PaperMixture), .. TrackedMixtures.All])
        {
            Subject subject = Subject.Of(mixture, typeof(ByHeun), typeof(In8), typeof(WithCompanion), typeof(double));
            if (!subject.Mixture.Contains(name, StringComparison.Ordinal)) continue;
            foreach (int evaluations in s_evaluations)
            {
                if (only > 0 && evaluations != only) continue;
                rows.Add(Row(subject, evaluations, budget));
                Console.Error.WriteLine(string.Join(" | ", rows[^1]));
            }
        }
        var results = options.Results(Machine.Description);
        results.Add(
            "errors",
            ["mixture", "evaluations", "a build's", "tuned", "lower by", "said of a build's", "said of the tuned one", "s to tune"],
            rows.OrderBy(row => row[0], StringComparer.Ordinal).ThenBy(row => row[1], StringComparer.Ordinal));
        options.Show(results);
        return 0;
    }

    private static string[] Row(Subject subject, int evaluations, int budget)
    {
        GaussianMixtureModel model = subject.Model;
        Process process = model.Process;
        var fresh = new FreshStarts(model);
        var analysis = new ModelAnalysis(model.Mixture, process, default);
        ChartFrame[] frames = BespokeSearch.Frames(Chart.Auto, model.Mixture.MeanVariance);
        Discovery built = BespokeSearch.Find(analysis, frames, evaluations)!;
        long began = Environment.TickCount64;
        Discovery tuned = BespokeTuning.Find(analysis, frames, evaluations, budget)!;
        double seconds = (Environment.TickCount64 - began) / 1000.0, before = Error(built), after = Error(tuned);
        return
        [
            subject.Mixture, $"{evaluations}", Text(before), Text(after), "×" + (before / after).ToString("F1", CultureInfo.InvariantCulture),
            Text(tuned.Errors!.Build!.Value), Text(tuned.Errors.HeldOut), seconds.ToString("F0", CultureInfo.InvariantCulture),
        ];

        double Error(Discovery found) => fresh.Error(found.Method.Program(process, found.Frame));
    }

    private static string Text(double error) => error.ToString("0.0E-0", CultureInfo.InvariantCulture);
}
