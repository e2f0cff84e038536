using System.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace FlowDsl.Benchmarks;

/// <summary>What the C# compiler takes for a project's generated files beyond the same project without them.</summary>
/// <param name="FirstMilliseconds">The first time in this process; the project without them has been compiled before.</param>
/// <param name="Milliseconds">Later.</param>
internal sealed record CompileTime(double FirstMilliseconds, double Milliseconds)
{
    public static CompileTime Of(GeneratedProject project, SourceText[] generated, int runs)
    {
        project.Compile();
        double without = Median(runs, () => project.Compile());
        double first = Time(() => project.Compile(generated));
        return new CompileTime(first - without, Median(runs, () => project.Compile(generated)) - without);
    }

    /// <summary>The median of some runs.</summary>
    public static double Median(int runs, Action action) => Enumerable.Range(0, runs).Select(_ => Time(action)).Order().ElementAt(runs / 2);

    public static double Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
