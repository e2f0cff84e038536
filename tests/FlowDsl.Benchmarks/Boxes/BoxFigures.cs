using System.Globalization;

namespace FlowDsl.Benchmarks;

/// <summary>
/// The command "boxes": flow maps of mixtures in the plane that do not split, tabulated over boxes, against generated samplers that are as exact.
/// </summary>
internal static class BoxFigures
{
    public const string Command = "boxes";

    private const int DefaultRounds = 15;

    // The mixtures of Workloads.cs in the plane whose flow does not split, and their figures' names.
    private static readonly (string Key, string Figure)[] s_mixtures = [("W1", "ring"), ("W3", "full"), ("W4", "scattered")];

    public static int Run(ReadOnlySpan<string> arguments)
    {
        if (CommandOptions.Read(Command, arguments, ["--rounds"]) is not { } options) return 2;
        int rounds = options.Count("--rounds", DefaultRounds);
        if (!System.Runtime.Intrinsics.X86.Avx2.IsSupported)
        {
            Console.Error.WriteLine("Tables are read by AVX2, which this processor does not have.");
            return 1;
        }
        var contests = new List<(string Figure, BoxContest Contest)>();
        foreach ((string key, string figure) in s_mixtures)
        {
            Console.Error.WriteLine(key + " ...");
            contests.Add((figure, new BoxContest(Workload.All.Single(workload => workload.Key == key).Create(), rounds)));
        }
        int least = contests.Min(one => one.Contest.Rounds);
        var results = options.Results($"one thread of {Machine.Description}; median of {least} or more rounds");
        results.Add(
            "best",
            [
                "mixture", "r.m.s. error", "fastest tables", "kB", "ns a sample", "largest error", "fastest generated sampler", "ns a sample",
                "largest error", "tables are faster by",
            ],
            from one in contests from target in BoxContest.Targets select Best(one.Contest, target));
        foreach ((string figure, BoxContest contest) in contests)
        {
            results.Add(
                figure,
                [
                    "r.m.s. error", "segments", "from the times", "degree", "boxes", "kB", "points mapped", "s to build", "error reached", "ns a sample",
                    "as fast as the generated sampler",
                ],
                from target in BoxContest.Targets from segments in BoxContest.Segments select Row(contest, target, segments));
        }
        IEnumerable<string> plans = contests.Select(one => Text(one.Contest.PlanSeconds, "F1") + " s for " + one.Contest.Workload.Title);
        results.Add(
            "plans",
            $"""
            To choose where segments end took {string.Join(", ", plans)}.
            Rows without boxes: the search ends when it has tried {BoxContest.MostBoxes}, the divided ones included.
            """);
        options.Show(results);
        return 0;
    }

    private static string[] Best(BoxContest contest, double target)
    {
        string[] names = [contest.Workload.Title, Text(target, "0E-0")];
        BoxEntry? own = contest.FastestTables(target * target);
        AccuracyEntry? generated = contest.FastestGenerated(target * target);
        return
        [
            .. names,
            .. own is null ? ["", "", "", ""] : (string[])
            [
                $"{own.Sampler.Boxes} boxes in {Count(own.Sampler.Segments, "segment")}, degree {own.Sampler.Degree}",
                Kilobytes(own), Nanoseconds(own.Contestant),
                Text(contest.Largest(own.Contestant), "F3"),
            ],
            .. generated is null ? ["", "", ""] : (string[])
            [
                generated.Sampler, Nanoseconds(generated.Contestant), Text(contest.Largest(generated.Contestant), "F3"),
            ],
            own is null || generated is null ? "" : "×" + Text(contest.Ratio(generated.Contestant, own.Contestant), "F1"),
        ];

        string Nanoseconds(Contestant contestant) => Text(1e9 * contest.Seconds(contestant), "F1");
    }

    private static string[] Row(BoxContest contest, double target, int segments)
    {
        string[] names = [Text(target, "0E-0"), $"{segments}"];
        if (contest.FastestTables(target * target, segments) is not { } own) return [.. names, "", "", "", "", "", "", "", "", ""];
        BoxSampler sampler = own.Sampler;
        return
        [
            .. names, string.Join(", ", sampler.Times.Select(time => Text(time, "G3"))), $"{sampler.Degree}", $"{sampler.Boxes}",
            Kilobytes(own), Text(sampler.Points, "0.0E+0"),
            Text(own.Seconds, "F1"), Text(Math.Sqrt(own.Error), "0.0E-0"), Text(1e9 * contest.Seconds(own.Contestant), "F1"),
            contest.FastestGenerated(target * target) is { } generated ? "×" + Text(contest.Ratio(generated.Contestant, own.Contestant), "F1") : "",
        ];
    }

    private static string Kilobytes(BoxEntry entry) => Text(entry.Sampler.Bytes / 1024.0, "F0");

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
