using System.Numerics;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Trajectories;

/// <summary>
/// Where a solver makes its error: E|A (S(x) - Φ(x))|² for a step between two nodes of exact trajectories, with Φ the exact flow and A its Jacobian
/// from the step's end to the early stop.
/// </summary>
internal sealed class ErrorProfile
{
    // Up to this many coordinates |A e| is computed along each of them, beyond that along random directions: more trajectories with one direction
    // each are more accurate than fewer with several.
    private const int MaxExactDimension = 3, Probes = 1;

    private readonly Batch[][] _adjoints;
    private readonly BatchRun _run;

    /// <summary>Solves the adjoint equation along trajectories.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The trajectories.</param>
    public ErrorProfile(PilotModel model, PilotPath path)
    {
        (Model, Path) = (model, path);
        _adjoints = [.. Directions(path.States[0].Samples, path.States[0].Dimension).Select(path.Adjoints)];
        _run = new BatchRun(model.Mixture);
    }

    /// <summary>The model.</summary>
    public PilotModel Model { get; }

    /// <summary>The trajectories.</summary>
    public PilotPath Path { get; }

    /// <summary>The number of trajectories.</summary>
    public int Samples => Path.States[0].Samples;

    /// <summary>The number of adjoint solutions per trajectory.</summary>
    /// <param name="dimension">d.</param>
    public static int DirectionCount(int dimension) => dimension <= MaxExactDimension ? dimension : Probes;

    /// <summary>One step's part of the final mean squared error. Earlier steps that the solver uses are exact, and of as many nodes.</summary>
    /// <param name="frame">The solver's chart.</param>
    /// <param name="solver">The solver.</param>
    /// <param name="from">The node at which the step starts.</param>
    /// <param name="to">The node at which it ends.</param>
    public double Error2(ChartFrame frame, Solver solver, int from, int to)
    {
        Model.CancellationToken.ThrowIfCancellationRequested();
        int length = to - from, earlier = Math.Min(SolverMethod.Of(solver).HistoryLength, from / length), first = from - earlier * length;
        int[] nodes = [.. Enumerable.Range(0, earlier + 2).Select(i => first + i * length)];
        FlowProgram program = FlowProgram.Create(Model.Process, frame, solver, [.. nodes.Select(node => Path.Times[node])]);
        Batch reached = _run.StepEach(program, [.. nodes.Select(node => Path.States[node])])[earlier];
        double rest = earlier == 0 ? Model.RestError2(program) : Model.RestError2(program, earlier);
        return Propagated2(reached, Path.States[to], to) + rest * Model.RestGain2(Path.Times[to]);
    }

    /// <summary>Directions at the end. The squared products of an error with them sum to its square, on average if they are random.</summary>
    internal static IEnumerable<Batch> Directions(int samples, int dimension)
    {
        bool exact = dimension <= MaxExactDimension;
        double size = 1 / Math.Sqrt(Probes);
        for (int probe = 0; probe < DirectionCount(dimension); probe++)
        {
            double[][] directions = new double[samples][];
            for (int i = 0; i < samples; i++)
            {
                directions[i] = new double[dimension];
                for (int j = 0; j < dimension; j++) directions[i][j] = exact ? (j == probe ? 1 : 0) : size * SplitMix.Sign(i, probe * dimension + j);
            }
            yield return Batch.Of(directions);
        }
    }

    /// <summary>The mean over samples of Σ (w·(reached - exact))², w the adjoints.</summary>
    private double Propagated2(Batch reached, Batch exact, int node)
    {
        double[] bySample = new double[exact.Blocks * Lanes.Count];
        for (int block = 0; block < exact.Blocks; block++)
        {
            ReadOnlySpan<Vector<double>> x = reached.Block(block), y = exact.Block(block);
            Vector<double> sum = Vector<double>.Zero;
            foreach (Batch[] adjoint in _adjoints)
            {
                ReadOnlySpan<Vector<double>> w = adjoint[node].Block(block);
                Vector<double> product = Vector<double>.Zero;
                for (int j = 0; j < x.Length; j++) product += w[j] * (x[j] - y[j]);
                sum += product * product;
            }
            sum.CopyTo(bySample, block * Lanes.Count);
        }
        // In the order of the samples, whatever the vector width.
        double total = 0;
        for (int i = 0; i < exact.Samples; i++) total += bySample[i];
        return total / exact.Samples;
    }
}
