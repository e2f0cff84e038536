using System.Numerics;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Solvers;

namespace FlowDsl.Runtime.Loops;

/// <summary>
/// From where on a sample has settled: it follows the flow of one component, for which the rest of the solver's steps is one affine map. For mixtures with
/// one isotropic covariance.
/// </summary>
/// <remarks>
/// At the start of a step, let j be the likeliest component and g_k the bits by which component k is behind. All evaluations to come can then do without
/// k if g_k ≥ τ_jk, with a number τ_jk that <see cref="SettlingDemands"/> finds from the program: k's weight relative to j's stays below 2^-θ, where
/// K 2^-θ is an eighth of a unit in the last place of 1. A sample has settled if the second component is behind by max_k τ_jk.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class SettledFlow<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Below this share of samples that settle, moving the others costs as much as is saved.
    private const double LeastShare = 0.5;

    private readonly T[]?[] _thresholds;

    /// <summary>Finds the thresholds.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="program">The program.</param>
    /// <param name="gram">The products of the means minus their mean with one another.</param>
    /// <param name="alongCentre">The same with their mean.</param>
    public SettledFlow(Mixture mixture, FlowProgram program, double[] gram, double[] alongCentre)
    {
        _thresholds = new T[program.Steps.Length][];
        // With a history the rest depends on earlier slopes too.
        if (program.HistoryLength == 0) FindThresholds(mixture, program, new SettlingDemands(mixture, gram, alongCentre));
    }

    /// <summary>The first segment at whose start it pays to look for settled samples.</summary>
    /// <param name="from">The first segment that may be.</param>
    /// <param name="end">The result if there is none before it.</param>
    public int NextCheck(int from, int end)
    {
        while (from < end && _thresholds[from] is null) from++;
        return from;
    }

    /// <summary>The thresholds at a check, in bits, by the likeliest component.</summary>
    /// <param name="segment">The segment that starts there.</param>
    public T[] Thresholds(int segment) => _thresholds[segment]!;

    private void FindThresholds(Mixture mixture, FlowProgram program, SettlingDemands demands)
    {
        int mantissa = typeof(T) == typeof(double) ? 53 : 24;
        double variance = mixture.Covariances[0].MinVariance, least = mantissa + 2 + Math.Log2(mixture.Count);
        double[] weights = [.. mixture.LogWeights.Select(Math.Exp)], nearest = demands.Nearest();
        for (int segment = _thresholds.Length - 1; segment >= 0; segment--)
        {
            FlowStep step = program.Steps[segment];
            ProcessPoint point = step.Stages[0].Field.Point;
            GaussianFlow[] states = GaussianFlow.Inside(step, variance);
            bool isLast = segment == _thresholds.Length - 1;
            if (!isLast) demands.GoBack(point, program.Steps[segment + 1].Stages[0].Field.Point, states[^1]);
            for (int stage = 0; stage < step.Stages.Length; stage++) demands.Add(point, step.Stages[stage].Field.Point, states[stage], least);
            // Here the energies of the first stage are known. Nothing is saved if no others follow.
            if (isLast && step.Stages.Length == 1) continue;
            double[] own = demands.Greatest(point, least, Math.ScaleB(1, -mantissa)), typical = demands.Typical(point, nearest);
            double share = 0;
            for (int j = 0; j < own.Length; j++) share += typical[j] >= own[j] ? weights[j] : 0;
            if (share >= LeastShare) _thresholds[segment] = [.. own.Select(T.CreateTruncating)];
        }
    }
}
