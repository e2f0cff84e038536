namespace FlowDsl.Mathematics.Trajectories;

/// <summary>The exact flow from the horizon to the early stop for many samples: Dormand-Prince steps in the canonical chart. Not thread-safe.</summary>
/// <param name="model">The model.</param>
/// <param name="times">The times of the steps, of fifth order.</param>
internal sealed class PilotFlow(PilotModel model, double[] times)
{
    private readonly BatchRun _run = new(model.Mixture);

    private readonly FlowProgram _program = FlowProgram.Create(
        model.Process, ChartFrame.Canonical(model.Mixture.MeanVariance), Solver.DormandPrince54, times);

    /// <summary>Takes one step.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="from">The samples at its start.</param>
    /// <param name="to">Receives them at its end; may be the same.</param>
    public void Step(int index, Batch from, Batch to)
    {
        model.CancellationToken.ThrowIfCancellationRequested();
        _run.Step(_program.Steps[index], from, to);
    }

    /// <summary>Takes all steps, where only the ends are wanted.</summary>
    /// <param name="starts">The samples at the first time.</param>
    public Batch Ends(Batch starts)
    {
        Batch states = starts.Copy();
        for (int i = 0; i < _program.Steps.Length; i++) Step(i, states, states);
        return states;
    }
}
