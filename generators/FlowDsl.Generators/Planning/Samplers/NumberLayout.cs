using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning.Samplers;

namespace FlowDsl.Generators.Emission;

/// <summary>The table that the methods of a kernel read their numbers from: one row for each method, one after the other.</summary>
internal sealed class NumberRows
{
    private readonly List<(MethodPlan Method, double[] Numbers)> _rows = [];
    private readonly Dictionary<MethodPlan, (int First, int Count)> _places = [];

    /// <param name="methods">The methods of the kernel, in order.</param>
    /// <param name="groups">The bodies that they share.</param>
    public NumberRows(IEnumerable<MethodPlan> methods, MethodGroups groups)
    {
        int next = 0;
        foreach (MethodPlan method in methods)
        {
            if (groups.Find(method) is not var (group, numbers) || !group.Owner.IsTabled) continue;
            _rows.Add((method, numbers));
            _places[method] = (next, numbers.Length);
            next += numbers.Length;
        }
    }

    /// <summary>Whether there is no row.</summary>
    public bool IsEmpty => _rows.Count == 0;

    /// <summary>Where a method's numbers are; null where it has them as constants.</summary>
    public (int First, int Count)? Find(MethodPlan method) => _places.TryGetValue(method, out var place) ? place : null;

    /// <summary>Prints the table.</summary>
    public void Write(SourceWriter writer, Precision precision)
    {
        string type = $"{KnownTypes.InFull("NumberTable")}<{Literals.Type(precision)}>";
        writer.Line($"private static readonly {type} Numbers = new([");
        using (writer.Indent())
        {
            foreach ((MethodPlan method, double[] numbers) in _rows)
            {
                writer.Line($"// {method.Summary}");
                writer.Rows([.. numbers.Select(number => Literals.Number(number, precision))]);
            }
        }
        writer.Line("]);");
    }
}
