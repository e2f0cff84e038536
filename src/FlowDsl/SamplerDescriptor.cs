using FlowDsl.Analysis;

namespace FlowDsl;

/// <summary>What a sampler is, readable at run time.</summary>
public sealed class SamplerDescriptor
{
    /// <summary>The sampler's name.</summary>
    public required string Name { get; init; }

    /// <summary>d, the number of coordinates of a sample.</summary>
    public required int Dimension { get; init; }

    /// <summary>The solver.</summary>
    public required Solver Solver { get; init; }

    /// <summary>The chart it integrates in, never <see cref="Chart.Auto"/>.</summary>
    public required Chart Chart { get; init; }

    /// <summary>The variance of the canonical chart; 0 for data prediction, and where the chart is another.</summary>
    public required double ChartVariance { get; init; }

    /// <summary>The grid its times come from, never <see cref="Grid.Auto"/>; null where they were given.</summary>
    public required Grid? Grid { get; init; }

    /// <summary>The errors by which <see cref="Grid.Optimal"/> chose the times; null for other grids.</summary>
    public PilotErrors? Pilot { get; init; }

    /// <summary>The precision of its states.</summary>
    public required Precision Precision { get; init; }

    /// <summary>How the calls that ask for errors estimate them.</summary>
    public Tracking Tracking { get; init; } = Tracking.Companion;

    /// <summary>The N + 1 step times, decreasing from the horizon to the early stop.</summary>
    public required IReadOnlyList<double> Times { get; init; }

    /// <summary>Velocity evaluations for one sample (NFE).</summary>
    public required int FunctionEvaluations { get; init; }

    /// <summary>How many slopes of earlier steps the solver uses: 0 for one-step solvers.</summary>
    public required int HistoryLength { get; init; }

    /// <summary>
    /// Whether calls over parts of the segments give the bits of one call over all (of a multistep solver, with its history). Not
    /// so where the coefficients of the means or coordinates along other axes are integrated in place of the given coordinates: then
    /// they agree up to rounding.
    /// </summary>
    public bool ComposesExactly { get; init; } = true;

    /// <summary>The a-priori stability of each of the N segments.</summary>
    public required IReadOnlyList<SegmentStability> Stability { get; init; }

    /// <summary>The mixture and process it samples.</summary>
    public required GaussianMixtureModel Model { get; init; }

    /// <summary>The chart with its variance.</summary>
    internal ChartFrame Frame => Chart switch
    {
        Chart.State => ChartFrame.State,
        Chart.Edm => ChartFrame.Edm,
        _ => ChartFrame.Canonical(ChartVariance),
    };

    /// <summary>N, the number of segments (steps).</summary>
    public int SegmentCount => Times.Count - 1;
}

/// <summary>The a-priori stability of one segment of a sampler.</summary>
/// <param name="From">The time at which the segment starts, the greater one.</param>
/// <param name="To">The time at which it ends.</param>
/// <param name="StabilityIntegral">∫L dt over the segment: exp of it bounds how much the exact flow can stretch. Infinite where L is.</param>
/// <param name="ExpectedStabilityIntegral">∫E‖∇v‖₂ dt over the segment.</param>
public readonly record struct SegmentStability(double From, double To, double StabilityIntegral, double ExpectedStabilityIntegral)
{
    /// <summary>The stability of each segment between given times.</summary>
    /// <param name="model">The model.</param>
    /// <param name="times">N + 1 decreasing times within the process's own.</param>
    public static IReadOnlyList<SegmentStability> Table(GaussianMixtureModel model, IReadOnlyList<double> times)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(times);
        var table = new SegmentStability[times.Count - 1];
        for (int i = 0; i < table.Length; i++)
        {
            double from = times[i], to = times[i + 1];
            table[i] = new(from, to, model.Stability.LipschitzIntegral(to, from), model.Stability.ExpectedIntegral(to, from));
        }
        return table;
    }
}
