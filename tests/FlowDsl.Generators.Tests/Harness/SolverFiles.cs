using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Discovery;
using FlowDsl.Mathematics.Files;
using FlowDsl.Mathematics.Trajectories;

namespace FlowDsl.Generators.Tests;

/// <summary>Files of tuned solvers that nobody has tuned: DPM-Solver++(2M), with errors that were made up.</summary>
internal static class SolverFiles
{
    /// <summary>The errors that the files claim.</summary>
    public static readonly SearchErrors Claimed = new(1000, 0.125, 0.25) { Budget = 16, Build = 0.5 };

    /// <summary>The file for a mixture.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="steps">N.</param>
    /// <param name="process">The process; the usual one by default.</param>
    /// <param name="chart">The chart.</param>
    public static TunedMethod Of(Mixture mixture, int steps, Process? process = null, Chart chart = Chart.DataPrediction)
    {
        process ??= new OrnsteinUhlenbeckProcess();
        var analysis = new ModelAnalysis(mixture, process, CancellationToken.None);
        Discovery start = BespokeSearch.Start(analysis, BespokeSearch.Frames(chart, mixture.MeanVariance)[0], steps)!;
        return TunedMethod.Of(mixture, process, start with { Errors = Claimed });
    }
}
