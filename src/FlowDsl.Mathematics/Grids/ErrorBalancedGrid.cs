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
        double evaluations = ErrorWindows.Intervals * (6 + 3 * ErrorProfile.DirectionCount(model.Mixture.Dimension))
            + 2.0 * ErrorWindows.Intervals / ErrorWindows.Length * 6;
        int samples = PilotBudget.Samples(model.Mixture, evaluations, WantedSamples);
        if (samples == 0) return null;
        (double[][] starts, _) = PriorPoints.Draw(model.Mixture, model.Process, samples);
        double[] nodes = PilotTimes.Create(model.Mixture, model.Process, ErrorWindows.Intervals);
        return new ErrorProfile(model, PilotPath.Follow(model, nodes, Batch.Of(starts)));
    }

    /// <summary>The times from given trajectories; null if the errors are not finite.</summary>
    /// <param name="request">The request.</param>
    /// <param name="errors">The trajectories.</param>
    public static double[]? TimesOf(GridRequest request, ErrorProfile errors)
    {
        (PilotModel model, PilotPath path) = (errors.Model, errors.Path);
        var windows = new ErrorWindows(request.Solver, path.Times.Length - 1);
        double[] squares = [.. windows.Measured.Select(window => errors.Error2(request.Frame, request.Solver, window.From, window.To))];
        return windows.Times(GridPlaces.Of(model.Process, model.Mixture), path.Times, squares, Rounding * Rounding * model.MeanSquare(path), request.Steps);
    }
}
