using FlowDsl.Generators.Planning.Targets;

namespace FlowDsl.Generators.Planning.Samplers;

/// <summary>How much code a sampler's methods are, to the JIT and to the planner.</summary>
/// <param name="precision">The precision.</param>
/// <param name="budget">The operations that the JIT may compile.</param>
internal sealed class CodeSize(Precision precision, int budget)
{
    /// <summary>What a method may cost: beyond it the JIT runs out of registers and loops over tables are faster.</summary>
    public const int MethodBudget = 300;

    /// <summary>Operations that are written out: the JIT takes some 25 ms for as many.</summary>
    public const int WrittenBudget = 1000;

    /// <summary>Operations that are planned in all, a second of work; most of them become rows of a table.</summary>
    public const int PlanningBudget = 20_000;

    private readonly HashSet<string> _shapes = new(StringComparer.Ordinal);

    /// <summary>The operations of all methods.</summary>
    public int Total { get; private set; }

    /// <summary>The operations of methods that do not differ in numbers alone.</summary>
    public int Bodies { get; private set; }

    /// <summary>The cost of the longest method.</summary>
    public int Longest { get; private set; }

    /// <summary>The cost of all methods.</summary>
    public int Cost { get; private set; }

    /// <summary>Whether the methods written out are too many, and their numbers are read from a table.</summary>
    public bool IsTabled => Total > WrittenBudget;

    /// <summary>Whether there is a method that is too long.</summary>
    public bool HasLongMethod => Longest > MethodBudget;

    /// <summary>Whether all of it is too much, even over a table.</summary>
    public bool Exceeds => Excess.Operations > 0;

    /// <summary>The operations that are too many, and how many they may be; none while there are not.</summary>
    public (int Operations, int Most) Excess
        => Bodies > budget ? (Bodies, budget) : Total > PlanningBudget ? (Total, PlanningBudget) : default;

    /// <summary>Counts a method.</summary>
    public void Add(MethodPlan method)
    {
        int operations = method.Statements.Concat(method.Tangents.Statements).Count(node => !node.IsConstant);
        int cost = OperationCost.Of(method.Statements, precision);
        Total += operations;
        Cost += cost;
        Longest = Math.Max(Longest, cost);
        if (_shapes.Add(MethodShape.Of(method, new MethodOwner(precision, Stride: 0, IsTabled: true, Tangents: null)))) Bodies += operations;
    }
}
