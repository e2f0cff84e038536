using FlowDsl.Analysis;
using FlowDsl.Generators.Planning.Forms;
using static FlowDsl.Generators.Planning.Invariant;

namespace FlowDsl.Generators.Planning;

/// <summary>Plans a sampler's methods step by step, each evaluation in the cheapest form that applies.</summary>
internal sealed class StepPlanner(EvaluationBlock[] blocks, FlowProgram program, Precision precision)
{
    private readonly int _d = blocks.Sum(block => block.Coordinates.Length);
    private readonly RowLayout _layout = new(blocks.Sum(block => block.Coordinates.Length), program);
    private readonly List<EvaluationPlan> _evaluations = [];

    /// <summary>What was chosen, in the order of evaluation.</summary>
    public EvaluationPlan[] Evaluations => [.. _evaluations];

    /// <summary>The row that tells which samples a form was not exact for; -1 where all forms are.</summary>
    public int ExcessRow { get; private set; } = -1;

    /// <summary>The rows that the methods use.</summary>
    public int RowCount => _layout.Count + (ExcessRow < 0 ? 0 : 1);

    public MethodPlan[] Plan(int index)
    {
        FlowStep step = program.Steps[index];
        var methods = new MethodPlan[step.Stages.Length];
        for (int s = 0; s < methods.Length; s++)
        {
            double time = step.Stages[s].Field.Point.Time;
            var graph = new Graph();
            Node[] x = Loads(graph, _layout.State, "x");
            Node[] input = s == 0 ? x : Loads(graph, _layout.StageInput, "y");
            Slope slope = Evaluate(graph, step.Stages[s].Field, input);

            var stores = new List<(int, Node)>();
            string summary;
            if (program.HistoryLength > 0)
            {
                summary = $"the slope at t = {Time(time)}";
                graph.Section("The slope.");
                Store(_layout.Slope(index % (program.HistoryLength + 1)), slope.AddTo(graph, Zeros(), 1));
            }
            else
            {
                bool last = s == methods.Length - 1;
                Combination next = last ? step.Results[0] : step.Stages[s + 1].Input;
                summary = $"from the slope at t = {Time(time)} to {(last ? "the end of the step" : "the input of the next stage")}";
                if (_layout.Keeps(s))
                {
                    graph.Section("The slope, for later stages.");
                    Store(_layout.Slope(s), slope.AddTo(graph, Zeros(), 1));
                }
                graph.Section(last ? "The end of the step." : "The input of the next stage.");
                Store(last ? _layout.State : _layout.StageInput, slope.AddTo(graph, Bases(graph, step, s, next, x, input), next.Slopes[s]), "next");
            }
            if (slope.Excess is { } excess)
            {
                ExcessRow = _layout.Count;
                graph.Section("The greatest excess so far.");
                stores.Add((ExcessRow, graph.Max(excess, graph.Load(ExcessRow, "before"))));
            }
            string name = methods.Length == 1 ? $"Step{Text(index)}" : $"Step{Text(index)}Stage{Text(s)}";
            string stage = methods.Length == 1 ? "" : $", stage {Text(s + 1)} of {Text(methods.Length)}";
            methods[s] = new MethodPlan(
                name,
                $"Segment {Text(index)}, t = {Time(step.From)} to {Time(step.To)}{stage}: {summary}.",
                graph.Live(stores.Select(store => store.Item2)),
                [.. stores]);

            void Store(int row, Node[] values, string name = "slope")
            {
                for (int j = 0; j < _d; j++) stores.Add((row + j, Graph.Named(values[j], name + Text(j))));
            }
        }
        return methods;
    }

    /// <summary>The slope, block by block, in the form that costs least.</summary>
    private Slope Evaluate(Graph graph, MixtureField field, Node[] x)
    {
        var affine = new LinearSum[_d];
        var fractions = new Fraction?[_d];
        Node? excess = null;
        var choices = new List<BlockChoice>();
        foreach (EvaluationBlock block in blocks)
        {
            var evaluation = new Evaluation(block, field, precision);
            FormChoice[] ranking = EvaluationForms.Rank(evaluation);
            choices.Add(new BlockChoice(block.Coordinates, ranking));
            Slope slope = ranking[0].Form.Build(graph, evaluation, [.. block.Coordinates.Select(j => x[j])])!;
            for (int j = 0; j < block.Coordinates.Length; j++)
                (affine[block.Coordinates[j]], fractions[block.Coordinates[j]]) = (slope.Affine[j], slope.Fractions[j]);
            if (slope.Excess is { } own) excess = excess is null ? own : graph.Max(own, excess);
        }
        _evaluations.Add(new EvaluationPlan([.. choices]));
        return new Slope(affine, fractions, excess);
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
            // The slope before this one is (y - αx)/γ: the input y = αx + γF is at hand, and F need not be stored.
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

    private static string Time(double t) => PortableNumber.Format(t, 5);
}
