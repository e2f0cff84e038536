using System.Globalization;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Benchmarks;

/// <summary>One declaration.</summary>
/// <param name="Name">Of the nested type.</param>
/// <param name="Attribute">The attribute.</param>
/// <param name="IsByError">Whether it says nothing but how exact the samples are to be.</param>
internal sealed record DeclaredSampler(string Name, string Attribute, bool IsByError = false)
{
    /// <summary>A built-in solver on its best grid.</summary>
    public static DeclaredSampler OnOptimalGrid(Solver solver, int steps, Chart chart = Chart.Auto)
        => Sampler($"{solver}{chart}In{steps}", $"Steps = {steps}, Solver = Solver.{solver}, Chart = Chart.{chart}, Grid = Grid.Optimal");

    /// <summary>A method of the mixture's own.</summary>
    public static DeclaredSampler Bespoke(int steps) => Sampler($"BespokeIn{steps}", $"Steps = {steps}, Solver = Solver.Bespoke");

    /// <summary>What the generator chooses for a relative mean squared error.</summary>
    public static DeclaredSampler ByError(double error) => Sampler($"For{Word(error)}", $"Error = {Literal(error)}") with { IsByError = true };

    /// <summary>A flow map.</summary>
    /// <param name="distance">The greatest error; declared with one digit, rounded down.</param>
    public static DeclaredSampler Map(double distance)
    {
        double unit = Math.Pow(10, Math.Floor(Math.Log10(distance))), accuracy = Math.Floor(distance / unit) * unit;
        string name = $"Within{Word(accuracy)}";
        return new(name, $"[FlowMap(\"{name}\", Accuracy = {Literal(accuracy)})]");
    }

    /// <summary>What a declaration led to, as a table says it.</summary>
    public static string Describe(SamplerDescriptor descriptor)
    {
        if (descriptor.Map is { } map) return $"FlowMap, Accuracy = {NumberText.Brief(map.Accuracy)}";
        bool isUsual = descriptor.Chart == ChartFrame.For(Chart.Auto, descriptor.Solver, descriptor.ChartVariance).Chart;
        // Bespoke methods come with their chart.
        string chart = isUsual || descriptor.Weights is not null ? "" : $", {descriptor.Chart}", grid = descriptor.Grid is { } named ? $", {named}" : "";
        return $"{descriptor.Solver}{chart}{grid}, {NumberText.Count(descriptor.SegmentCount, "step")}";
    }

    private static DeclaredSampler Sampler(string name, string arguments) => new(name, $"[Sampler(\"{name}\", {arguments})]");

    private static string Literal(double value) => value.ToString("0E-0", CultureInfo.InvariantCulture);

    private static string Word(double value) => Literal(value).Replace('-', 'm');
}
