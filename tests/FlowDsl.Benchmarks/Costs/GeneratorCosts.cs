using FlowDsl.Generators;
using FlowDsl.Generators.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FlowDsl.Benchmarks;

/// <summary>The command "generator": what models cost a build and an editor, and how it grows with K, d and N.</summary>
internal sealed class GeneratorCosts
{
    public const string Command = "generator";

    private const int UsualComponents = 8, UsualDimension = 2, UsualSteps = 8, EditRuns = 9;
    private static readonly int[] s_components = [2, 4, 8, 16, 32], s_dimensions = [1, 2, 4, 8, 16], s_steps = [4, 8, 16, 32];

    /// <summary>The generator's first run in the process, the compiler's part taken off; milliseconds like the others.</summary>
    public required double Cold { get; init; }

    /// <summary>The same later.</summary>
    public required double Warm { get; init; }

    /// <summary>The driver's run after a character was typed in another file.</summary>
    public required double EditElsewhere { get; init; }

    /// <summary>The driver's run after a digit of the model was typed.</summary>
    public required double EditInModel { get; init; }

    /// <summary>Points that differ in K.</summary>
    public required GeneratorPoint[] ByComponents { get; init; }

    /// <summary>Points that differ in d.</summary>
    public required GeneratorPoint[] ByDimension { get; init; }

    /// <summary>Points that differ in N.</summary>
    public required GeneratorPoint[] BySteps { get; init; }

    /// <summary>The command.</summary>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        string? path = null;
        string said = string.Join(' ', arguments.ToArray());
        bool json = false;
        while (arguments.Length > 0)
        {
            switch (arguments)
            {
                case ["--write", { } file, ..]:
                    path = file;
                    arguments = arguments[2..];
                    break;
                case ["--json", ..]:
                    json = true;
                    arguments = arguments[1..];
                    break;
                default:
                    Console.Error.WriteLine($"Usage: {Command} [--json] [--write FILE.json]");
                    return 2;
            }
        }
        GeneratorCosts costs = Measure();
        ResultFile results = GeneratorReport.Results(costs, said);
        Console.Write(json ? GeneratorReport.Json(costs) : results.ToString());
        if (path is not null) results.Write(path);
        return 0;
    }

    private static GeneratorCosts Measure()
    {
        // The compiler and its driver are warmed up by a generator that does nothing with the same attributes.
        GeneratedProject project = GeneratorPoint.Project(UsualComponents, UsualDimension, UsualSteps);
        GeneratorPoint.Run(new NothingGenerator(), project);
        project.Before.Clone().GetDiagnostics();
        double nothing = CompileTime.Median(EditRuns, () => GeneratorPoint.Run(new NothingGenerator(), project));
        double cold = CompileTime.Time(() => GeneratorPoint.Run(new FlowSamplerGenerator(), project)) - nothing;
        double warm = CompileTime.Median(EditRuns, () => GeneratorPoint.Run(new FlowSamplerGenerator(), project)) - nothing;
        GeneratorDriver driver = project.Driver(new FlowSamplerGenerator()).RunGenerators(project.Before);
        CSharpCompilation elsewhere = project.Edit(1, "1", "2");
        // Another digit each time: what was compiled before is remembered.
        int digit = 0;

        var points = new Dictionary<(int, int, int), GeneratorPoint>();
        return new GeneratorCosts
        {
            Cold = cold,
            Warm = warm,
            EditElsewhere = CompileTime.Median(EditRuns, () => driver.RunGenerators(elsewhere.Clone())),
            EditInModel = CompileTime.Median(EditRuns, () => driver.RunGenerators(project.Edit(0, "0.05", "0.05" + ++digit))),
            ByComponents = [.. s_components.Select(count => Point(count, UsualDimension, UsualSteps))],
            ByDimension = [.. s_dimensions.Select(d => Point(UsualComponents, d, UsualSteps))],
            BySteps = [.. s_steps.Select(steps => Point(UsualComponents, UsualDimension, steps))],
        };

        GeneratorPoint Point(int components, int dimension, int steps)
        {
            if (points.TryGetValue((components, dimension, steps), out GeneratorPoint? known)) return known;
            Console.Error.WriteLine($"K = {components}, d = {dimension}, N = {steps} ...");
            return points[(components, dimension, steps)] = GeneratorPoint.Measure(components, dimension, steps);
        }
    }
}
