using System.Globalization;
using FlowDsl.Analysis;

namespace FlowDsl.Generators.Planning;

/// <summary>Lays a solver's program out as straight-line methods, one velocity evaluation each, or decides against it.</summary>
/// <remarks>
/// One evaluation a method was measured fastest: two are a quarter slower for want of registers, a whole sampler takes
/// twice as long. Each method also computes the next stage's input or the step's result, so that no pass only combines.
/// </remarks>
internal static class KernelPlanner
{
    /// <summary>Operations in a method beyond which the JIT's code falls off.</summary>
    public const int MethodBudget = 300;

    /// <summary>Operations in a sampler: the C# compiler takes about a millisecond for each.</summary>
    public const int SamplerBudget = 2000;

    // Samples of a block: enough to amortise a call, few enough that the block stays in the first-level cache.
    private const int BlockBytes = 16 * 1024;

    /// <summary>The straight-line form, or null with the reason.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="program">The solver on its times.</param>
    /// <param name="valueSize">Bytes of a value.</param>
    /// <param name="reason">Why this form.</param>
    /// <param name="cancellationToken">Stops planning.</param>
    public static KernelPlan? Plan(Mixture mixture, FlowProgram program, int valueSize, out string reason, CancellationToken cancellationToken)
    {
        // A cheap lower bound first: building a graph of millions of operations to find it too large would stall the compiler.
        long atLeast = LeastOperations(mixture);
        if (atLeast > MethodBudget || atLeast * program.FunctionEvaluations > SamplerBudget)
        {
            reason = Exceeds(atLeast, atLeast * program.FunctionEvaluations);
            return null;
        }

        var layout = new RowLayout(mixture.Dimension, program);
        var steps = new MethodPlan[program.Steps.Length][];
        int total = 0, greatest = 0;
        for (int i = 0; i < steps.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            steps[i] = PlanStep(mixture, program, layout, i);
            foreach (MethodPlan method in steps[i])
            {
                int operations = method.Statements.Count(node => !node.IsConstant);
                total += operations;
                greatest = Math.Max(greatest, operations);
            }
            if (greatest > MethodBudget || total > SamplerBudget)
            {
                reason = Exceeds(greatest, (long)total * steps.Length / (i + 1));
                return null;
            }
        }
        double[][][] advances = program.HistoryLength == 0
            ? []
            : [.. program.Steps.Select(step => step.Results.Select(result => (double[])[result.State, .. result.Slopes]).ToArray())];
        int stride = Math.Max(32, Math.Min(1024, BlockBytes / valueSize / layout.Count / 32 * 32));
        reason = $"straight-line code of {Text(total)} operation{(total == 1 ? "" : "s")}, at most {Text(greatest)} in a method";
        return new KernelPlan(layout.Count, stride, steps, advances);
    }

    private static MethodPlan[] PlanStep(Mixture mixture, FlowProgram program, RowLayout layout, int index)
    {
        FlowStep step = program.Steps[index];
        int d = mixture.Dimension;
        var methods = new MethodPlan[step.Stages.Length];
        for (int s = 0; s < methods.Length; s++)
        {
            var graph = new Graph();
            Node[] x = Loads(graph, layout.State, d, "x");
            Node[] input = s == 0 ? x : Loads(graph, layout.StageInput, d, "y");
            Slope slope = EvaluationPlanner.Build(graph, new EvaluationCoefficients(mixture, step.Stages[s].Field), input);

            var stores = new List<(int, Node)>();
            string summary;
            if (program.HistoryLength > 0)
            {
                summary = $"the slope at t = {Time(step.Stages[s].Field.Point.Time)}";
                graph.Section("The slope.");
                Store(layout.Slope(index % (program.HistoryLength + 1)), slope.AddTo(graph, Zeros(graph, d), 1));
            }
            else
            {
                bool last = s == methods.Length - 1;
                Combination next = last ? step.Results[0] : step.Stages[s + 1].Input;
                summary = $"from the slope at t = {Time(step.Stages[s].Field.Point.Time)} to {(last ? "the end of the step" : "the input of the next stage")}";
                if (layout.Keeps(s))
                {
                    graph.Section("The slope, for later stages.");
                    Store(layout.Slope(s), slope.AddTo(graph, Zeros(graph, d), 1));
                }
                graph.Section(last ? "The end of the step." : "The input of the next stage.");
                Node[] bases = Bases(graph, layout, step, s, next, x, input);
                Store(last ? layout.State : layout.StageInput, slope.AddTo(graph, bases, next.Slopes[s]), "next");
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
                for (int j = 0; j < d; j++) stores.Add((row + j, Graph.Named(values[j], name + Text(j))));
            }
        }
        return methods;
    }

    /// <summary>The part of a combination that is known before the stage's own slope: the state and the earlier slopes.</summary>
    private static Node[] Bases(Graph graph, RowLayout layout, FlowStep step, int stage, Combination next, Node[] x, Node[] input)
    {
        int d = x.Length;
        double state = next.State, inputFactor = 0;
        var earlier = new List<(int Slope, double Factor)>();
        for (int l = 0; l < stage; l++)
        {
            if (next.Slopes[l] == 0) continue;
            if (layout.Keeps(l))
            {
                earlier.Add((l, next.Slopes[l]));
                continue;
            }
            // The slope before this one is (y - αx)/γ: the input y = αx + γF is at hand, and F need not be stored.
            Combination own = step.Stages[stage].Input;
            inputFactor = next.Slopes[l] / own.Slopes[l];
            state -= inputFactor * own.State;
        }
        var bases = new Node[d];
        for (int j = 0; j < d; j++)
        {
            bases[j] = graph.Multiply(x[j], graph.Constant(state));
            if (inputFactor != 0) bases[j] = graph.MultiplyAdd(input[j], graph.Constant(inputFactor), bases[j]);
            foreach ((int l, double factor) in earlier)
                bases[j] = graph.MultiplyAdd(graph.Load(layout.Slope(l) + j, $"earlier{Text(l)}_{Text(j)}"), graph.Constant(factor), bases[j]);
        }
        return bases;
    }

    private static Node[] Loads(Graph graph, int row, int d, string name)
        => [.. Enumerable.Range(0, d).Select(j => graph.Load(row + j, name + Text(j)))];

    private static Node[] Zeros(Graph graph, int d) => [.. Enumerable.Range(0, d).Select(_ => graph.Constant(0))];

    private static long LeastOperations(Mixture mixture)
    {
        long perComponent = mixture.Covariances.Any(covariance => covariance.Basis is not null)
            ? (long)mixture.Dimension * mixture.Dimension
            : mixture.Dimension;
        return mixture.Count == 1 ? mixture.Dimension : mixture.Count * perComponent;
    }

    private static string Exceeds(long method, long sampler)
        => "loops over tables: straight-line code would take at least " + (method > MethodBudget
            ? $"{Text(method)} operations in a method, and the JIT compiles {Text(MethodBudget)} well"
            : $"{Text(sampler)} operations, and the C# compiler takes its time for more than {Text(SamplerBudget)}");

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Time(double t) => PortableNumber.Format(t, 5);

    /// <summary>Which rows hold what: the state, slopes that later stages need, the input of the stage at hand.</summary>
    private sealed class RowLayout
    {
        private readonly int _d;
        private readonly int[] _slopeGroups;

        public RowLayout(int d, FlowProgram program)
        {
            _d = d;
            int stages = program.Steps[0].Stages.Length, groups = 1;
            if (program.HistoryLength > 0)
            {
                _slopeGroups = [.. Enumerable.Range(1, program.HistoryLength + 1)];
                groups += program.HistoryLength + 1;
            }
            else
            {
                _slopeGroups = new int[stages];
                for (int s = 0; s < stages; s++) _slopeGroups[s] = IsNeededLater(program.Steps[0], s) ? groups++ : -1;
            }
            StageInput = groups * d;
            Count = (stages > 1 ? groups + 1 : groups) * d;
        }

        public int State => 0;

        public int StageInput { get; }

        public int Count { get; }

        public bool Keeps(int slope) => _slopeGroups[slope] > 0;

        public int Slope(int slope) => _slopeGroups[slope] * _d;

        private static bool IsNeededLater(FlowStep step, int s)
        {
            int stages = step.Stages.Length;
            // In a two-stage method the first slope can be recovered from the stage input.
            if (stages == 2 && s == 0) return false;
            for (int later = s + 2; later < stages; later++)
                if (step.Stages[later].Input.Slopes[s] != 0) return true;
            return s < stages - 1 && step.Results[0].Slopes[s] != 0;
        }
    }
}
