using System.Numerics;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Loops;

/// <summary>The steps of a solver on the coefficients of a tile. Thread-safe.</summary>
internal sealed class CoefficientSteps<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly FlowProgram _program;
    private readonly T[][][] _inputs, _results;

    /// <summary>Tabulates a program.</summary>
    /// <param name="tables">The mixture.</param>
    /// <param name="program">The program.</param>
    public CoefficientSteps(CoefficientTables<T> tables, FlowProgram program)
    {
        _program = program;
        Evaluations = [.. program.Steps.Select(
            step => (CoefficientEvaluation<T>[])[.. step.Stages.Select(stage => new CoefficientEvaluation<T>(tables, stage.Field))])];
        (_inputs, _results) = (StageLoop<T>.Inputs(program), StageLoop<T>.Results(program));
        Slopes = Math.Max(program.HistoryLength + 1, program.Steps.Max(step => step.Stages.Length));
    }

    /// <summary>The evaluations of each step.</summary>
    public CoefficientEvaluation<T>[][] Evaluations { get; }

    /// <summary>The slopes that are kept.</summary>
    public int Slopes { get; }

    /// <summary>The number of a step's first slope among those that are kept.</summary>
    public int Newest(int segment) => _program.HistoryLength > 0 ? segment % (_program.HistoryLength + 1) : 0;

    /// <summary>Advances over a step whose first evaluation has its energies.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="segment">The step.</param>
    /// <param name="factors">What is the same for all samples.</param>
    /// <param name="watch">Sees the evaluations and the end of the step.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Advance(in CoefficientRows<T> tile, int segment, ref CoefficientFactors factors, IStepWatch<T>? watch)
    {
        CoefficientEvaluation<T>[] evaluations = Evaluations[segment];
        FlowStep step = _program.Steps[segment];
        int kept = _program.HistoryLength + 1, newest = Newest(segment), result = Math.Min(factors.History, step.Results.Length - 1);
        Span<int> groups = factors.Groups;
        (double start, double centre) = (factors.Start, factors.Centre);
        evaluations[0].Finish(tile, newest);
        watch?.AfterEvaluation(tile, segment, 0, evaluations[0]);
        (factors.OfStart[newest], factors.OfCentre[newest]) = evaluations[0].Factors(start, centre);
        groups[0] = 1 + newest;
        for (int age = 1; age <= factors.History; age++) groups[age] = 1 + (segment - age) % kept;
        for (int s = 1; s < evaluations.Length; s++)
        {
            Combine(_inputs[segment][s], tile, groups, tile.Input);
            (double startIn, double centreIn) = factors.Combine(step.Stages[s].Input);
            evaluations[s].Energies(tile, false, tile.Input, s, startIn, centreIn);
            evaluations[s].Finish(tile, s);
            watch?.AfterEvaluation(tile, segment, s, evaluations[s]);
            (factors.OfStart[s], factors.OfCentre[s]) = evaluations[s].Factors(startIn, centreIn);
            groups[s] = 1 + s;
        }
        watch?.BeforeEnd(tile, segment);
        Combine(_results[segment][result], tile, groups, 0);
        watch?.AfterEnd(tile, segment);
        (factors.Start, factors.Centre) = factors.Combine(step.Results[result]);
        factors.History = Math.Min(factors.History + 1, kept - 1);
    }

    private static void Combine(T[] coefficients, in CoefficientRows<T> tile, ReadOnlySpan<int> groups, int target)
        => LinearCombination.Apply(
            ref tile.Coefficients, tile.Group, tile.Group, 1, coefficients[0], coefficients.AsSpan(1), groups[..(coefficients.Length - 1)], target);
}

/// <summary>Sees the steps of a tile.</summary>
internal interface IStepWatch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>After an evaluation: the tile has its weights and its slope.</summary>
    void AfterEvaluation(in CoefficientRows<T> tile, int segment, int stage, CoefficientEvaluation<T> evaluation);

    /// <summary>After the last evaluation of a step.</summary>
    void BeforeEnd(in CoefficientRows<T> tile, int segment)
    {
    }

    /// <summary>At the end of a step.</summary>
    void AfterEnd(in CoefficientRows<T> tile, int segment)
    {
    }
}

/// <summary>The factors of the start and of the centre in the state and in the slopes that are kept.</summary>
/// <param name="ofStart">Memory for the slopes' factors of the start.</param>
/// <param name="ofCentre">Memory for those of the centre.</param>
/// <param name="groups">Memory for the places of the slopes among the coefficients.</param>
internal ref struct CoefficientFactors(Span<double> ofStart, Span<double> ofCentre, Span<int> groups)
{
    /// <summary>The state's factors.</summary>
    public double Start, Centre;

    /// <summary>How many earlier slopes there are.</summary>
    public int History;

    /// <summary>The slopes' factors.</summary>
    public readonly Span<double> OfStart = ofStart, OfCentre = ofCentre;

    /// <summary>The places of the slopes among the coefficients, from 1 on.</summary>
    public readonly Span<int> Groups = groups;

    /// <summary>Those of a combination of the state and the slopes.</summary>
    public readonly (double Start, double Centre) Combine(Combination combination)
    {
        (double start, double centre) = (combination.State * Start, combination.State * Centre);
        for (int l = 0; l < combination.Slopes.Length; l++)
        {
            start += combination.Slopes[l] * OfStart[Groups[l] - 1];
            centre += combination.Slopes[l] * OfCentre[Groups[l] - 1];
        }
        return (start, centre);
    }
}
