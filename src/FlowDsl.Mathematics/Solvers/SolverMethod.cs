namespace FlowDsl.Mathematics;

/// <summary>The charts in which a solver works.</summary>
public enum NativeChart
{
    /// <summary>Any chart.</summary>
    Any,

    /// <summary>The canonical chart, of variance 0 by default.</summary>
    DataPrediction,

    /// <summary>The canonical chart of variance 0: another one would make it a different solver.</summary>
    DataPredictionAlone,
}

/// <summary>How a solver makes its steps.</summary>
internal enum SolverFamily
{
    /// <summary>A Runge-Kutta method in a chart's clock.</summary>
    RungeKutta,

    /// <summary>A Runge-Kutta method in the logarithm of the clock, with exponential weights.</summary>
    ExponentialRungeKutta,

    /// <summary>DPM-Solver++ with earlier slopes.</summary>
    ExponentialMultistep,

    /// <summary>UniPC.</summary>
    UnifiedMultistep,

    /// <summary>Adams-Bashforth.</summary>
    AdamsBashforth,

    /// <summary>DEIS.</summary>
    NoiseExtrapolation,

    /// <summary>Weights that were searched for.</summary>
    Bespoke,
}

/// <summary>A solver's constants: a Butcher tableau, or the memory length of a multistep method.</summary>
public sealed class SolverMethod
{
    // One line per solver: everything the rest of the program knows about it.
    private static readonly Dictionary<Solver, SolverMethod> s_methods = new()
    {
        [Solver.Euler] = new(1, NativeChart.Any, [[]], [1]),
        [Solver.Ddim] = new(1, NativeChart.DataPredictionAlone, [[]], [1]),
        [Solver.Midpoint] = new(2, NativeChart.Any, [[], [1.0 / 2]], [0, 1]),
        [Solver.Heun] = new(2, NativeChart.Any, [[], [1]], [1.0 / 2, 1.0 / 2]),
        [Solver.RungeKutta4] = new(4, NativeChart.Any, [[], [1.0 / 2], [0, 1.0 / 2], [0, 0, 1]], [1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6])
        { EmbeddedWeights = [1.0 / 6, 1.0 / 3, 1.0 / 3, 0, 1.0 / 6] },
        [Solver.BogackiShampine32] = new(3, NativeChart.Any, [[], [1.0 / 2], [0, 3.0 / 4]], [2.0 / 9, 1.0 / 3, 4.0 / 9])
        { EmbeddedWeights = [7.0 / 24, 1.0 / 4, 1.0 / 3, 1.0 / 8] },
        [Solver.DormandPrince54] = new(5, NativeChart.Any,
            [
                [],
                [1.0 / 5],
                [3.0 / 40, 9.0 / 40],
                [44.0 / 45, -56.0 / 15, 32.0 / 9],
                [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
                [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
            ],
            [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84])
        {
            EmbeddedWeights = [5179.0 / 57600, 0, 7571.0 / 16695, 393.0 / 640, -92097.0 / 339200, 187.0 / 2100, 1.0 / 40],
        },
        [Solver.DpmSolverPlusPlus2M] = new(2, historyLength: 1, SolverFamily.ExponentialMultistep),
        [Solver.DpmSolverPlusPlus3M] = new(3, historyLength: 2, SolverFamily.ExponentialMultistep),
        [Solver.DpmSolverPlusPlus2S] = new(2, NativeChart.DataPrediction, [[], [1.0 / 2]], [0, 1]) { Family = SolverFamily.ExponentialRungeKutta },
        [Solver.DpmSolverPlusPlus3S] = new(3, NativeChart.DataPrediction, [[], [1.0 / 3], [0, 2.0 / 3]], [1.0 / 4, 0, 3.0 / 4])
        { Family = SolverFamily.ExponentialRungeKutta, EmbeddedWeights = [1.0 / 2, 0, 0, 1.0 / 2] },
        [Solver.AdamsBashforth2] = new(2, historyLength: 1, SolverFamily.AdamsBashforth, NativeChart.Any),
        [Solver.AdamsBashforth3] = new(3, historyLength: 2, SolverFamily.AdamsBashforth, NativeChart.Any),
        [Solver.UniPC2] = new(3, historyLength: 2, SolverFamily.UnifiedMultistep),
        [Solver.UniPC3] = new(4, historyLength: 3, SolverFamily.UnifiedMultistep),
        [Solver.Deis2] = new(2, historyLength: 1, SolverFamily.NoiseExtrapolation, NativeChart.DataPredictionAlone),
        [Solver.Deis3] = new(3, historyLength: 2, SolverFamily.NoiseExtrapolation, NativeChart.DataPredictionAlone),
        // All slopes so far: how many they are depends on the number of steps.
        [Solver.Bespoke] = new(1, historyLength: 1, SolverFamily.Bespoke),
    };

    private SolverMethod(int order, NativeChart nativeChart, double[][] coefficients, double[] weights)
    {
        (Order, NativeChart) = (order, nativeChart);
        (Coefficients, Weights) = ([.. coefficients.Select(row => row.ToImmutableArray())], [.. weights]);
        // Sums of rounded fractions; nodes at the end of the step must be exactly 1.
        Nodes = [.. coefficients.Select(row => row.Sum()).Select(node => Math.Abs(node - 1) < 1e-14 ? 1 : node)];
    }

    private SolverMethod(int order, int historyLength, SolverFamily family, NativeChart nativeChart = NativeChart.DataPrediction)
        : this(order, nativeChart, [[]], [1]) => (HistoryLength, Family) = (historyLength, family);

    /// <summary>The order of convergence.</summary>
    public int Order { get; }

    /// <summary>How it makes its steps. The tableau of an exponential method is that of its limit of short steps.</summary>
    internal SolverFamily Family { get; private init; }

    /// <summary>Whether its steps are in the logarithm of the clock.</summary>
    internal bool IsExponential => Family is SolverFamily.ExponentialRungeKutta or SolverFamily.ExponentialMultistep or SolverFamily.UnifiedMultistep
        or SolverFamily.Bespoke;

    /// <summary>The charts in which the solver works.</summary>
    public NativeChart NativeChart { get; }

    /// <summary>The stages' coefficients, A of the Butcher tableau; row i has i values.</summary>
    public ImmutableArray<ImmutableArray<double>> Coefficients { get; }

    /// <summary>The stages' positions within the step, c.</summary>
    public ImmutableArray<double> Nodes { get; }

    /// <summary>The stages' weights, b.</summary>
    public ImmutableArray<double> Weights { get; }

    /// <summary>
    /// The weights of the embedded method of one order less, one more than <see cref="Weights"/>: the last is that of the slope at the end of the
    /// step. Null if there is none.
    /// </summary>
    public ImmutableArray<double>? EmbeddedWeights { get; private init; }

    /// <summary>The number of earlier steps' slopes that a multistep solver uses; 0 for Runge-Kutta methods.</summary>
    public int HistoryLength { get; }

    /// <summary>Whether the solver uses earlier steps.</summary>
    public bool IsMultistep => HistoryLength > 0;

    /// <summary>The solvers that their name describes: not those that are found for a mixture.</summary>
    internal static IEnumerable<Solver> Named => s_methods.Keys.Where(solver => solver != Solver.Bespoke);

    /// <summary>The constants of a solver.</summary>
    /// <param name="solver">The solver.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value names no solver.</exception>
    public static SolverMethod Of(Solver solver) => s_methods.TryGetValue(solver, out SolverMethod? method)
        ? method
        : throw new ArgumentOutOfRangeException(nameof(solver), solver, "No such solver.");
}
