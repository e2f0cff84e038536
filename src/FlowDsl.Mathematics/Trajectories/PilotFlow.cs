namespace FlowDsl.Mathematics.Trajectories;

/// <summary>The exact flow from the horizon to the early stop, for many samples of which only the ends are wanted.</summary>
/// <param name="model">The model.</param>
/// <param name="times">The times of the steps, of fifth order.</param>
internal sealed class PilotFlow(PilotModel model, double[] times)
{
    private readonly FlowProgram _program = FlowProgram.Create(
        model.Process, ChartFrame.Canonical(model.Mixture.MeanVariance), Solver.DormandPrince54, times);

    /// <summary>The ends.</summary>
    /// <param name="starts">The samples at the first time.</param>
    public Batch Ends(Batch starts)
    {
        Batch states = starts.Copy();
        var run = new BatchRun(model.Mixture);
        foreach (FlowStep step in _program.Steps)
        {
            model.CancellationToken.ThrowIfCancellationRequested();
            run.Step(step, states, states);
        }
        return states;
    }
}
