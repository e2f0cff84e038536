using FlowDsl.Analysis;

namespace FlowDsl.Generators.Planning;

/// <summary>Which rows hold what: the state, slopes that later stages need, the input of the stage at hand.</summary>
internal sealed class RowLayout
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
