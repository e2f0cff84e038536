using FlowDsl.Generators.Planning.Arithmetic;
using FlowDsl.Generators.Planning.Forms;
using FlowDsl.Generators.Planning.Targets;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Solvers;
using static FlowDsl.Generators.Model.Invariant;

namespace FlowDsl.Generators.Planning.Samplers;

/// <summary>Plans a sampler's methods step by step, each evaluation in the cheapest form that applies.</summary>
/// <param name="blocks">The mixture's independent blocks.</param>
/// <param name="program">The solver on its times.</param>
/// <param name="precision">The precision.</param>
/// <param name="tracked">What the methods track besides the states; null for these alone.</param>
internal sealed class StepPlanner(EvaluationBlock[] blocks, FlowProgram program, Precision precision, TrackedPlan? tracked = null)
{
    // Instructions of a method that leaves four of sixteen registers free. Longer ones spilled and were slower.
    private const int ShortMethod = 60;

    private readonly int _d = blocks.Sum(block => block.Coordinates.Length);
    private readonly RowLayout _layout = new(blocks.Sum(block => block.Coordinates.Length), program, tracked?.Errors is not null);
    private readonly List<EvaluationPlan> _evaluations = [];

    /// <summary>What was chosen, in the order of evaluation.</summary>
    public EvaluationPlan[] Evaluations => [.. _evaluations];

    /// <summary>The row that marks the samples for which a form was not exact; -1 where all forms are.</summary>
    public int ExcessRow { get; private set; } = -1;

    /// <summary>Whether some coordinates go through all stages of a step at once.</summary>
    public bool ComposesStages { get; private set; }

    /// <summary>The rows.</summary>
    public RowLayout Layout => _layout;

    /// <summary>The rows that the methods use, without those of tangents.</summary>
    public int RowCount => _layout.Count + (ExcessRow < 0 && tracked is null ? 0 : 1);

    public MethodPlan[] Plan(int index)
    {
        FlowStep step = program.Steps[index];
        Choice[][] choices = [.. step.Stages.Select(stage => blocks.Select(block => Choose(block, stage.Field)).ToArray())];
        foreach (Choice[] stage in choices)
            _evaluations.Add(new EvaluationPlan([.. stage.Select(choice => new BlockChoice(choice.Evaluation.Block.Coordinates, choice.Ranking))]));
        // What is affine at every stage is so over the step: it needs no stages.
        int[] closed = program.HistoryLength > 0 || choices.Length == 1
            ? []
            : [.. Enumerable.Range(0, blocks.Length).Where(b => choices.All(stage => stage[b].IsAffine))];
        int[] open = [.. Enumerable.Range(0, blocks.Length).Except(closed)];
        ComposesStages |= closed.Length > 0;

        var methods = new List<MethodPlan>();
        for (int s = open.Length == 0 ? choices.Length - 1 : 0; s < choices.Length; s++)
            methods.Add(PlanStage(index, s, choices, open, closed));
        return [.. methods];
    }

    private MethodPlan PlanStage(int index, int s, Choice[][] choices, int[] open, int[] closed)
    {
        FlowStep step = program.Steps[index];
        ProcessPoint point = step.Stages[s].Field.Point;
        bool last = s == choices.Length - 1;
        var graph = new Graph();
        Node[] x = Loads(graph, _layout.State, "x");
        Node[] input = s == 0 ? x : Loads(graph, _layout.StageInput, "y");
        int[] coordinates = [.. open.SelectMany(b => blocks[b].Coordinates)];
        Slope slope = Evaluate(graph, open.Select(b => choices[s][b]), input);
        var stores = new List<(int, Node)>();
        string summary;
        if (program.HistoryLength > 0)
        {
            summary = "the slope";
            graph.Section("The slope.");
            Store(_layout.Slope(index % (program.HistoryLength + 1)), slope.AddTo(graph, Zeros(), 1), "slope");
        }
        else
        {
            Combination next = last ? step.Results[0] : step.Stages[s + 1].Input;
            summary = open.Length == 0
                ? "affine in x, all stages at once"
                : last ? "the end of the step" : "the input of the next stage";
            if (_layout.Keeps(s))
            {
                graph.Section("The slope, for later stages.");
                Store(_layout.Slope(s), slope.AddTo(graph, Zeros(), 1), "slope");
            }
            graph.Section(last ? "The end of the step." : "The input of the next stage.");
            Store(last ? _layout.State : _layout.StageInput, slope.AddTo(graph, Bases(graph, step, s, next, x, input), next.Slopes[s]), "next");
            if (last)
            {
                foreach (int b in closed)
                {
                    LinearSum[] result = Compose(graph, step, [.. choices.Select(stage => stage[b])], x);
                    graph.Section("Coordinates of one Gaussian: all stages together are an affine function.");
                    for (int j = 0; j < result.Length; j++)
                        stores.Add((_layout.State + blocks[b].Coordinates[j],
                            Graph.Named(result[j].ToNode(graph, "next" + Text(blocks[b].Coordinates[j])), "next" + Text(blocks[b].Coordinates[j]))));
                }
            }
        }
        (int Row, Node Value)[] states = [.. stores];
        if (tracked?.Errors is { } estimates)
        {
            var errors = new ErrorTerms(graph, _layout, _d, tracked.Count > 0);
            Node[] slopes = Values(graph, slope);
            if (s == 0 && index > 0) errors.Complete(estimates.Steps[index - 1], slopes);
            if (s == 0) errors.Begin(estimates.Steps[index], x, slopes, estimates.ReachesBack);
            else errors.Continue(estimates.Steps[index], s, slopes);
            stores.AddRange(errors.Stores);
        }
        AddExcess(graph, slope, stores);
        bool isOnly = choices.Length == 1 || open.Length == 0;
        string stage = isOnly ? "" : $", stage {Text(s + 1)} of {Text(choices.Length)}";
        string where = open.Length == 0 ? "" : $", at {At(point)}";
        return Method(
            graph,
            isOnly ? $"Step{Text(index)}" : $"Step{Text(index)}Stage{Text(s)}",
            $"Segment {Text(index)}, t = {Time(step.From)} to {Time(step.To)}{stage}{where}: {summary}.",
            stores,
            tracked is { Count: > 0 } ? states : []);

        void Store(int row, Node[] values, string name)
        {
            foreach (int j in coordinates) stores.Add((row + j, Graph.Named(values[j], name + Text(j))));
        }
    }

    /// <summary>The method after the last step: the slope at its end, which completes the estimate of its error.</summary>
    public MethodPlan PlanEnd(LocalErrors estimates)
    {
        var graph = new Graph();
        Slope slope = Evaluate(graph, blocks.Select(block => Choose(block, estimates.End)), Loads(graph, _layout.State, "x"));
        var errors = new ErrorTerms(graph, _layout, _d, tracked!.Count > 0);
        errors.Complete(estimates.Steps[^1], Values(graph, slope));
        var stores = new List<(int, Node)>(errors.Stores);
        AddExcess(graph, slope, stores);
        return Method(graph, "End", $"The slope at the end, at {At(estimates.End.Point)}, and the last step's own error.", stores, []);
    }

    private Node[] Values(Graph graph, Slope slope)
    {
        graph.Section("The slope.");
        return [.. slope.AddTo(graph, Zeros(), 1).Select((node, j) => Graph.Named(node, "slope" + Text(j)))];
    }

    private void AddExcess(Graph graph, Slope slope, List<(int, Node)> stores)
    {
        if (slope.Excess is not { } excess) return;
        ExcessRow = _layout.Count;
        graph.Section("The maximum excess so far.");
        stores.Add((ExcessRow, graph.Max(excess, graph.Load(ExcessRow, "maxExcess"))));
    }

    /// <summary>A method that stores some values, and the derivatives of some of them for each tangent.</summary>
    private MethodPlan Method(Graph graph, string name, string summary, List<(int Row, Node Value)> stores, (int Row, Node Value)[] differentiated)
    {
        graph.Section(null);
        (int, Node Value)[] derivatives = tracked is { } own && _d < own.Count
            ? ByRows(graph, differentiated)
            : AlongTangents(graph, differentiated);
        IReadOnlyList<Node> live = graph.Live(stores.Select(store => store.Value).Concat(derivatives.Select(store => store.Value)));
        // What derivatives have in common for all tangents is computed once.
        HashSet<Node> ofTangent = [];
        foreach (Node node in live)
            if (node.Operation == Operation.LoadTangent || node.Operands.Any(ofTangent.Contains)) ofTangent.Add(node);
        Node[] statements = [.. live.Where(node => !ofTangent.Contains(node))];
        bool keepsExponential = precision == Precision.Single && ofTangent.Count == 0
            && statements.Count(node => node.Operation == Operation.Exp2) == 1 && OperationCost.Of(statements, precision) <= ShortMethod;
        return new MethodPlan(name, summary, statements, [.. stores], new TangentPart([.. live.Where(ofTangent.Contains)], derivatives), keepsExponential);
    }

    /// <summary>The derivatives along a tangent, operation by operation.</summary>
    private static (int Row, Node Value)[] AlongTangents(Graph graph, (int Row, Node Value)[] values)
    {
        var tangents = new Tangents(graph, load => graph.LoadTangent((int)load.Value, load.Name + "Tangent"));
        return [.. values.Select(store => (store.Row, tangents.Of(store.Value)))];
    }

    /// <summary>
    /// The same as a matrix times the tangent: the derivatives by each row that is loaded serve all tangents. With more tangents than coordinates this takes
    /// fewer operations; and of what rows enter with constant factors, the derivatives are these.
    /// </summary>
    private static (int Row, Node Value)[] ByRows(Graph graph, (int Row, Node Value)[] values)
    {
        Node[] loads = [.. graph.Live(values.Select(store => store.Value)).Where(node => node.Operation == Operation.Load)];
        Node[] derivatives = [.. values.Select(_ => graph.Constant(0))];
        if (values.Length > 0) graph.Section("The derivatives by the rows.");
        Tangents[] byRow = [.. loads.Select(row => new Tangents(graph, load => graph.Constant(load == row ? 1 : 0), "By" + row.Name))];
        Node[][] matrix = [.. byRow.Select(tangents => values.Select(store => tangents.Of(store.Value)).ToArray())];
        graph.Section(null);
        for (int l = 0; l < loads.Length; l++)
        {
            Node tangent = graph.LoadTangent((int)loads[l].Value, loads[l].Name + "Tangent");
            for (int i = 0; i < values.Length; i++)
            {
                derivatives[i] = Graph.Labelled(graph.MultiplyAdd(tangent, matrix[l][i], derivatives[i]), values[i].Value.Name + "Tangent");
            }
        }
        return [.. values.Select((store, i) => (store.Row, derivatives[i]))];
    }

    private Choice Choose(EvaluationBlock block, MixtureField field)
    {
        var evaluation = new Evaluation(block, field, precision);
        return new Choice(evaluation, EvaluationForms.Rank(evaluation));
    }

    /// <summary>The slope, block by block; 0 in the coordinates of other blocks.</summary>
    private Slope Evaluate(Graph graph, IEnumerable<Choice> choices, Node[] x)
    {
        LinearSum[] affine = Zeros();
        var fractions = new Fraction?[_d];
        Node? excess = null;
        foreach (Choice choice in choices)
        {
            int[] coordinates = choice.Evaluation.Block.Coordinates;
            Slope slope = choice.Build(graph, [.. coordinates.Select(j => x[j])]);
            for (int j = 0; j < coordinates.Length; j++)
                (affine[coordinates[j]], fractions[coordinates[j]]) = (slope.Affine[j], slope.Fractions[j]);
            if (slope.Excess is { } own) excess = excess is null ? own : graph.Max(own, excess);
        }
        return new Slope(affine, fractions, excess);
    }

    /// <summary>A step of a block whose slopes are affine, as a function of the state.</summary>
    private LinearSum[] Compose(Graph graph, FlowStep step, Choice[] choices, Node[] x)
    {
        int[] coordinates = choices[0].Evaluation.Block.Coordinates;
        LinearSum[] state = [.. coordinates.Select(j => LinearSum.Of(x[j]))];
        Node[] placeholders = [.. coordinates.Select(j => graph.Load(_layout.StageInput + j, "y"))];
        var slopes = new List<LinearSum[]>();
        for (int s = 0; s < choices.Length; s++)
        {
            LinearSum[] input = s == 0 ? state : Combine(step.Stages[s].Input);
            slopes.Add([.. choices[s].Build(graph, placeholders).Affine.Select(sum => sum.Substitute(placeholders, input))]);
        }
        return Combine(step.Results[0]);

        LinearSum[] Combine(Combination combination) =>
        [
            .. state.Select((own, j) => slopes.Select((slope, l) => (slope, l)).Aggregate(
                LinearSum.Zero.Plus(own, combination.State), (sum, term) => sum.Plus(term.slope[j], combination.Slopes[term.l]))),
        ];
    }

    /// <summary>The part of a combination that is known before the stage's own slope: the state and the earlier slopes.</summary>
    private LinearSum[] Bases(Graph graph, FlowStep step, int stage, Combination next, Node[] x, Node[] input)
    {
        double state = next.State, inputFactor = 0;
        var earlier = new List<(int Slope, double Factor)>();
        for (int l = 0; l < stage; l++)
        {
            if (next.Slopes[l] == 0) continue;
            if (_layout.Keeps(l))
            {
                earlier.Add((l, next.Slopes[l]));
                continue;
            }
            // The slope before this one is (y - αx)/γ: the input y = αx + γF is at hand, so F is not stored.
            Combination own = step.Stages[stage].Input;
            inputFactor = next.Slopes[l] / own.Slopes[l];
            state -= inputFactor * own.State;
        }
        var bases = new LinearSum[_d];
        for (int j = 0; j < _d; j++)
        {
            bases[j] = LinearSum.Of(x[j], state).Plus(input[j], inputFactor);
            foreach ((int l, double factor) in earlier)
                bases[j] = bases[j].Plus(graph.Load(_layout.Slope(l) + j, $"earlier{Text(l)}_{Text(j)}"), factor);
        }
        return bases;
    }

    private Node[] Loads(Graph graph, int row, string name)
        => [.. Enumerable.Range(0, _d).Select(j => graph.Load(row + j, name + Text(j)))];

    private LinearSum[] Zeros() => [.. Enumerable.Repeat(LinearSum.Zero, _d)];

    /// <summary>The point of the process at which a field is evaluated.</summary>
    private static string At(ProcessPoint point) => $"t = {Time(point.Time)}, a = {Time(point.A)}, s² = {Time(point.S2)}";

    private static string Time(double t) => PortableNumber.Format(t, 5);

    /// <summary>An evaluation of a block and its forms, the cheapest first.</summary>
    private sealed record Choice(Evaluation Evaluation, FormChoice[] Ranking)
    {
        /// <summary>Whether the slope is affine for every x.</summary>
        public bool IsAffine { get; } = Ranking[0].IsAffine;

        public Slope Build(Graph graph, Node[] x) => Ranking[0].Form.Build(graph, Evaluation, x)!;
    }
}
