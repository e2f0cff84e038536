using System.Collections.Concurrent;
using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;
using Xunit.Abstractions;

namespace FlowDsl.Generators.Tests;

/// <summary>
/// Declarations with hostile numbers: each is either reported, by a rule that speaks of the declaration, or generated, and what is generated is C#.
/// </summary>
public class HostileDeclarationTests(ITestOutputHelper output)
{
    // What is generated is compiled for every so many batches: that takes three times as long as all the rest.
    private const int Cases = 2000, BatchSize = 20, CompiledOf = 10;

    // Of the processor, and not of the clock: what others do on the machine does not count.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5), s_glance = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// 2,000 declarations, the same in every run. FLOWDSL_SEEDS asks for more, from FLOWDSL_FIRST on: one after the other, each held to a time of the
    /// processor.
    /// </summary>
    [Fact]
    public void EachIsReportedOrCompiles()
    {
        int cases = Setting("FLOWDSL_SEEDS", Cases), first = Setting("FLOWDSL_FIRST", 0), generated = 0, done = 0;
        bool isTimed = cases > Cases || first > 0;
        // The first run compiles the compiler.
        if (isTimed) Run(0, BatchSize, CancellationToken.None);
        ConcurrentBag<string> faults = [];
        Parallel.For(0, (cases + BatchSize - 1) / BatchSize, new ParallelOptions { MaxDegreeOfParallelism = isTimed ? 1 : 2 }, batch =>
        {
            int from = first + batch * BatchSize, count = Math.Min(BatchSize, first + cases - from);
            (int ofThese, string[] found) = isTimed ? RunInTime(from, count) : Run(from, count, CancellationToken.None);
            Interlocked.Add(ref generated, ofThese);
            foreach (string fault in found) faults.Add(fault);
            if (isTimed && (done += count) % (50 * BatchSize) == 0)
                Console.WriteLine($"{done} of {cases}, {faults.Count} faults, {Environment.CpuUsage.TotalTime.TotalSeconds:f0} s of the processor");
        });
        output.WriteLine($"{cases} declarations from seed {first}: {generated} generated, {cases - generated} reported, {faults.Count} faults");
        Assert.True(faults.IsEmpty, string.Join("\n\n", faults));
        // Both kinds are common, or the numbers are too tame or too wild.
        Assert.InRange(generated, cases / 4, 9 * cases / 10);
    }

    private static (int Generated, string[] Faults) RunInTime(int from, int count)
        => TryRun(from, count) ?? Enumerable.Range(from, count)
            .Select(seed => TryRun(seed, 1)
                ?? (0, [$"Seed {seed} takes more than {s_patience.TotalSeconds} s of the processor.\n{Describe(HostileDeclaration.Of(seed))}"]))
            .Aggregate((left, right) => (left.Generated + right.Generated, [.. left.Faults, .. right.Faults]));

    private static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), out int value) ? value : otherwise;

    // On a thread of its own, because what searches without end may not listen to its token either.
    private static (int Generated, string[] Faults)? TryRun(int first, int count)
    {
        using CancellationTokenSource source = new();
        Task<(int, string[])> run = Task.Factory.StartNew(
            () => Run(first, count, source.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (Wait()) return run.GetAwaiter().GetResult();
        source.Cancel();
        if (Wait()) return null;
        string names = $"seed {first}" + (count > 1 ? $" to {first + count - 1}" : "");
        throw new TimeoutException($"The generator does not listen to its token, with {names}.\n{(count > 1 ? "" : Describe(HostileDeclaration.Of(first)))}");

        bool Wait()
        {
            TimeSpan start = Environment.CpuUsage.TotalTime;
            while (Task.WaitAny([run], s_glance) < 0)
                if (Environment.CpuUsage.TotalTime - start > s_patience) return false;
            return true;
        }
    }

    private static (int Generated, string[] Faults) Run(int first, int count, CancellationToken cancellationToken)
    {
        HostileDeclaration[] declarations = [.. Enumerable.Range(first, count).Select(HostileDeclaration.Of)];
        IEnumerable<(string, string?)> files =
            declarations.Where(own => own.File is not null).Select(own => ($"/p/{own.Name}.mixture.json", own.File));
        GeneratorHarness harness = new("", additionalTexts: [.. files]);
        foreach (HostileDeclaration declaration in declarations) harness.Set(declaration.Name, declaration.Source);
        GeneratorOutcome outcome = harness.Run(cancellationToken);
        ILookup<string, Diagnostic> reported = outcome.Diagnostics.ToLookup(diagnostic => diagnostic.Location.SourceTree?.FilePath ?? "");
        // By the hint name: generated files lie in a folder of the generator.
        bool isCompiled = first / BatchSize % CompiledOf == 0;
        ILookup<string, Diagnostic> errors =
            (isCompiled ? outcome.Errors : []).ToLookup(error => Path.GetFileName(error.Location.SourceTree?.FilePath ?? "").Split('.')[0]);
        string[] faults = [.. declarations.Select(Fault).OfType<string>()];
        return (outcome.HintNames.Length, faults);

        string? Fault(HostileDeclaration declaration)
        {
            Diagnostic[] own = [.. reported[declaration.Name].Concat(reported[""])];
            bool isRefused = own.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
            Diagnostic? defect = own.FirstOrDefault(
                diagnostic => diagnostic.Id == DiagnosticIds.InternalError || !diagnostic.Id.StartsWith("FLOW", StringComparison.Ordinal));
            Diagnostic? error = errors[declaration.Name].FirstOrDefault();
            string? fault = outcome.Result.Exception is { } exception ? exception.ToString()
                : defect is not null ? defect.ToString()
                : error is not null && (!isRefused || error.Location.SourceTree?.FilePath == declaration.Name) ? error.ToString()
                : !isRefused && !outcome.HintNames.Contains($"{declaration.Name}.g.cs") ? "Neither reported nor generated."
                : null;
            return fault is null ? null : $"Seed {declaration.Seed}: {fault}\n{Describe(declaration)}";
        }
    }

    private static string Describe(HostileDeclaration declaration)
        => declaration.Source + (declaration.File is { Length: < 4000 } file ? $"{declaration.Name}.mixture.json: {file}\n" : "");
}
