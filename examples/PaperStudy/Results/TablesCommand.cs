using FlowDsl.Examples.Protocols;
using FlowDsl.Figures;

namespace FlowDsl.Examples.Results;

/// <summary>Keeps the trials that were run, compares them with what is published and writes the tables of README and docs.</summary>
internal static class TablesCommand
{
    private const string Usage =
        """
        tables [--from DIR] [--results DIR] [--write FILE]

          --from DIR      the folder of finished tasks, as a study's --out; their trials are kept with the others
          --results DIR   the folder of the trials that are kept; examples/PaperStudy/results by default
          --write FILE    where the tables of README and docs are written: docs/results/paper.json
        """;

    /// <summary>Runs the command; 0 done, 2 bad usage.</summary>
    public static int Run(ReadOnlySpan<string> args)
    {
        string? from = null, write = null;
        string results = Path.Combine("examples", "PaperStudy", "results");
        for (int i = 0; i < args.Length; i += 2)
        {
            string? value = i + 1 < args.Length ? args[i + 1] : null;
            if (args[i] is not ("--from" or "--results" or "--write") || value is null)
            {
                string fault = value is null && args[i].StartsWith("--", StringComparison.Ordinal)
                    ? $"{args[i]} needs a value."
                    : $"There is no option '{args[i]}'.";
                Console.Error.WriteLine($"{fault}\n\n{Usage}");
                return 2;
            }
            if (args[i] == "--from") from = value;
            else if (args[i] == "--results") results = value;
            else write = value;
        }
        if (from is not null && !Directory.Exists(from))
        {
            Console.Error.WriteLine($"There is no folder '{from}'.");
            return 2;
        }
        TrialTable[] trials = [.. Studies.All.Select(study => Keep(study.Name))];
        ResultFile file = Make(trials);
        VerdictFile.Write(results, trials);
        Console.Write(file);
        if (write is not null) file.Write(write);
        return 0;

        TrialTable Keep(string study)
        {
            TrialTable kept = TrialTable.Read(results, study);
            if (from is null) return kept;
            kept = kept.With(from);
            kept.Write(results);
            return kept;
        }
    }

    /// <summary>All tables from the trials of each study.</summary>
    public static ResultFile Make(IReadOnlyList<TrialTable> trials)
    {
        var file = new ResultFile("dotnet run -c Release --project examples/PaperStudy -- tables --write docs/results/paper.json", machine: null);
        VerdictTable[] tables = [.. VerdictTable.Names.Select(name => VerdictTable.Of(name, Trials(name)))];
        file.Add(
            "verdicts", ["table", "figures", Verdict.Reproduced, Verdict.Refuted, Verdict.NotReached],
            tables.Select(table => new[]
            {
                table.Table, $"{table.Verdicts.Count}",
                Count(table.Verdicts, Verdict.Reproduced), Count(table.Verdicts, Verdict.Refuted), Count(table.Verdicts, Verdict.NotReached),
            }));
        foreach (VerdictTable table in tables) table.Add(file);
        new BaselineTables(Trials(BaselineStudy.Table)).Add(file);
        OwnTables.Add(file, Trials(OwnStudy.Compose.Name), Trials(OwnStudy.Corrected.Name));
        return file;

        TrialTable Trials(string study) => trials.First(own => own.Study == study);

        static string Count(IReadOnlyList<Verdict> verdicts, string word) => $"{verdicts.Count(verdict => verdict.Word == word)}";
    }
}
