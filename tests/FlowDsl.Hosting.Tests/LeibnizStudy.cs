using System.Globalization;
using System.Text.Json.Nodes;
using FlowDsl.Hosting;

namespace FlowDsl.Tests;

/// <summary>
/// Partial sums of Leibniz's series of π, whose error is known: it is below the first term that is left out. A task keeps its sum after every thousand terms.
/// </summary>
/// <param name="reached">Is told which task has summed how many terms.</param>
internal sealed class LeibnizStudy(Action<string, int>? reached = null) : Study
{
    private static readonly int[] s_terms = [400_000, 800_000, 1_200_000, 2_000_000];

    public override string Name => "leibniz";

    public override string Description => "Partial sums of Leibniz's series";

    /// <summary>Tasks whose name contains this fail.</summary>
    public string? Failing { get; init; }

    /// <summary>The checkpoints that tasks were given, and their threads.</summary>
    public List<(string Checkpoint, int Threads)> Runs { get; } = [];

    public override IReadOnlyList<StudyTask> CreateTasks(StudyBudget budget)
        =>
        [
            .. from terms in s_terms
               from trial in Enumerable.Range(0, budget.Trials)
               select new Sum(this, string.Create(CultureInfo.InvariantCulture, $"terms{terms}-trial{trial}"), (int)(terms * budget.Share), trial, reached),
        ];

    private sealed class Sum(LeibnizStudy study, string name, int terms, int trial, Action<string, int>? reached) : StudyTask
    {
        private const int Part = 1000;

        public override string Name => name;

        public override double Operations => 3.0 * terms;

        public override JsonObject Run(StudyRun run, CancellationToken cancellationToken)
        {
            lock (study.Runs) study.Runs.Add((run.Checkpoint, run.MaxThreads));
            if (study.Failing is { } failing && name.Contains(failing, StringComparison.Ordinal)) throw new InvalidOperationException("it was asked to");
            (int first, double sum) = File.Exists(run.Checkpoint) ? Read(run.Checkpoint) : (0, 0);
            for (int k = first; k < terms; k++)
            {
                sum += (k % 2 == 0 ? 4.0 : -4.0) / (2 * k + 1);
                if ((k + 1) % Part != 0) continue;
                Write(run.Checkpoint, k + 1, sum);
                run.Report((k + 1) / (double)terms);
                reached?.Invoke(name, k + 1);
                cancellationToken.ThrowIfCancellationRequested();
            }
            return new JsonObject
            {
                ["terms"] = terms,
                ["trial"] = trial,
                ["sum"] = sum,
                ["spread"] = double.NaN,
                ["list"] = new JsonArray(1, float.PositiveInfinity),
            };
        }

        // Whole or not at all, as whoever kills the process expects.
        private static void Write(string path, int first, double sum)
        {
            File.WriteAllText(path + ".partial", string.Create(CultureInfo.InvariantCulture, $"{first} {sum:R}"));
            File.Move(path + ".partial", path, overwrite: true);
        }

        private static (int First, double Sum) Read(string path)
        {
            string[] words = File.ReadAllText(path).Split(' ');
            return (int.Parse(words[0], CultureInfo.InvariantCulture), double.Parse(words[1], CultureInfo.InvariantCulture));
        }
    }
}
