using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Mathematics.Grids;

/// <summary>
/// Equal shares of ∫ψ^(1/(p+1)): with ψ the final error caused by a step, which scales with its length to the power p + 1, this density of N steps
/// minimises the sum of all errors (Euler-Lagrange).
/// </summary>
/// <remarks>
/// ψ_j = (E|A_j le_j|²)^(1/2), le_j the error of one step over a window of the noise-to-signal ratio from an exact state, A_j the Jacobian of
/// the exact flow from the window's end to the early stop. Windows about as long as the actual steps also measure the error where it is no longer a
/// power of the length.
/// </remarks>
internal sealed class ErrorBalancedGrid : GridRule
{
    // Windows of a twelfth of the way did better than shorter or longer ones for 4 to 16 steps.
    private const int Intervals = 48, Window = 4;

    // A multistep solver's window reaches back over as long earlier ones, and its error is a power of the length only in longer ones.
    private static int WindowOf(SolverMethod method) => method.IsMultistep ? 2 * method.Order : Window;

    private const int WantedSamples = 1536;

    // The rounding of a step, relative to the data: if a solver's error is at this level, noise must not decide.
    private const double Rounding = 1e-13;

    /// <summary>The times.</summary>
    /// <param name="request">The request.</param>
    /// <param name="analysis">The model.</param>
    /// <returns>The times; those of another grid if the mixture is too large or its errors are not finite; null if that grid has none.</returns>
    public override GridTimes? Times(GridRequest request, ModelAnalysis analysis)
    {
        if (analysis.Trajectories is null || !analysis.Trajectories.TryGetTarget(out ErrorProfile? errors))
        {
            errors = Follow(analysis.Pilot);
            if (errors is null) return WithoutMeasuring(request, analysis, GridStandIn.MixtureTooLarge, 0, isReduced: true);
            analysis.Trajectories = new WeakReference<ErrorProfile>(errors);
        }
        bool isReduced = errors.Samples < WantedSamples;
        return TimesOf(request, errors) is { } times
            ? new GridTimes(Grid.ErrorBalanced, [.. times], errors.Samples, isReduced)
            : WithoutMeasuring(request, analysis, GridStandIn.ErrorsNotFinite, errors.Samples, isReduced);
    }

    private static ErrorProfile? Follow(PilotModel model)
    {
        // The path's stages, the adjoints' products (about one evaluation each), and the most expensive solver's step for each window.
        double evaluations = Intervals * (6 + 3 * ErrorProfile.DirectionCount(model.Mixture.Dimension)) + 2.0 * Intervals / Window * 6;
        int samples = PilotBudget.Samples(model.Mixture, evaluations, WantedSamples);
        if (samples == 0) return null;
        (double[][] starts, _) = PriorPoints.Draw(model.Mixture, model.Process, samples);
        double[] nodes = PilotTimes.Create(model.Mixture, model.Process, Intervals);
        return new ErrorProfile(model, PilotPath.Follow(model, nodes, Batch.Of(starts)));
    }

    /// <summary>The times from given trajectories; null if the errors are not finite.</summary>
    /// <param name="request">The request.</param>
    /// <param name="errors">The trajectories.</param>
    public static double[]? TimesOf(GridRequest request, ErrorProfile errors)
    {
        (PilotModel model, PilotPath path) = (errors.Model, errors.Path);
        // Windows overlap by halves; each half takes the mean of the windows that cover it.
        SolverMethod method = SolverMethod.Of(request.Solver);
        int half = WindowOf(method) / 2, intervals = path.Times.Length - 1, windows = Math.Max(1, intervals / half);
        double[] nodes = new double[windows + 1], cumulative = new double[windows + 1], shares = new double[windows + 1];
        double power = 0.5 / (method.Order + 1), noise = Rounding * Rounding * model.MeanSquare(path);
        for (int w = 0; w <= windows; w++) nodes[w] = path.Times[Node(w)];
        // The first windows have too few earlier ones: they get the share of the first with enough.
        int first = Math.Min(2 * method.HistoryLength, Math.Max(0, windows - 2));
        for (int w = first; w < windows; w++)
        {
            if (w < windows - 1) shares[w] = 0.5 * PortableMath.Pow(errors.Error2(request.Frame, request.Solver, Node(w), Node(w + 2)) + noise, power);
            else shares[w] = windows == 1 ? 1 : shares[w - 1];
        }
        for (int w = 0; w < first; w++) shares[w] = shares[first];
        for (int w = 0; w < windows; w++) cumulative[w + 1] = cumulative[w] + (w == 0 ? shares[0] : 0.5 * (shares[w - 1] + shares[w]));
        int Node(int w) => w == windows ? intervals : w * half;
        double total = cumulative[windows];
        if (!(total > 0) || double.IsInfinity(total)) return null;

        // Interpolate in a coordinate that is finite at both ends.
        Process process = model.Process;
        double scale = Math.Sqrt(model.Mixture.MeanVariance);
        var places = new GridPlaces(process, scale == 0 ? process.At(process.EarlyStop).NoiseToSignal : scale);
        return places.Times(EqualShares(cumulative, places.Of(nodes), request.Steps));
    }
}
