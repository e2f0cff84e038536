using FlowDsl.Mathematics;

namespace FlowDsl.Generators.Planning.Arithmetic;

/// <summary>Which rows hold what: the state, slopes that later stages need, the input of the stage at hand.</summary>
internal sealed class RowLayout
{
    private readonly int _d;
    private readonly int[] _slopeGroups;

    public RowLayout(int d, FlowProgram program, bool keepsErrors)
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
        Differentiated = (stages > 1 ? groups + 1 : groups) * d;
        Count = Differentiated + (keepsErrors ? 2 * d + 1 : 0);
    }

    public int State => 0;

    public int StageInput { get; }

    public int Count { get; }

    /// <summary>Behind the rows of all methods and one for an excess: the tangents, the sample's error first.</summary>
    public int Tangents => Count + 1;

    /// <summary>The rows that tangents have too.</summary>
    public int Differentiated { get; }

    /// <summary>What is known of a step's own error before the next slope.</summary>
    public int Residue => Differentiated;

    /// <summary>The slope at the start of the step before.</summary>
    public int Previous => Differentiated + _d;

    /// <summary>The sum of the lengths of the steps' own errors.</summary>
    public int Length => Differentiated + 2 * _d;

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
