using FlowDsl.Generators.Model;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Discovery;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Generators.Validation;

/// <summary>The rules of samplers, FLOW03xx and FLOW04xx.</summary>
/// <param name="spec">The model.</param>
/// <param name="sampler">The sampler.</param>
/// <param name="process">The process, with whose ends those of the times are compared; null where it is not valid.</param>
/// <param name="issues">Receives what is wrong.</param>
internal sealed class SamplerValidator(ModelSpec spec, SamplerSpec sampler, Process? process, List<Issue> issues)
{
    private readonly int _steps = sampler.Times.Count > 0 ? sampler.Times.Count - 1 : sampler.Steps;

    /// <summary>Checks a sampler.</summary>
    /// <returns>Whether it is valid.</returns>
    public bool Check()
    {
        int before = issues.Count;
        CheckValues();
        if (sampler.Solver == Solver.Auto || sampler.Evaluations is not null || sampler.Error is not null)
        {
            CheckChoice();
        }
        else
        {
            if (issues.Count == before) CheckChart();
            CheckSteps();
            if (sampler.Solver == Solver.Bespoke) CheckBespoke();
            if (sampler.Times.Count > 0) CheckTimes();
        }
        if (sampler.Reference is { } reference) CheckReference(reference);
        if (sampler.Score is { } score) CheckScore(score);
        if (sampler.Field is { } field) CheckField(field);
        return issues.Count == before;
    }

    private void CheckValues()
    {
        CheckDefined(sampler.Solver, "Solver");
        CheckDefined(sampler.Chart, "Chart");
        CheckDefined(sampler.Grid, "Grid");
        CheckDefined(sampler.Precision, "Precision");
        CheckDefined(sampler.Tracking, "Tracking");
    }

    private void CheckChart()
    {
        if (!ChartFrame.Exists(sampler.Chart, sampler.Solver))
            Report(DiagnosticIds.ChartNotForSolver, "Chart", -1, $"{sampler.Chart}", $"{sampler.Solver}", ChartFrame.ChartsOf(sampler.Solver));
    }

    private void CheckSteps()
    {
        foreach ((string name, double value) in sampler.Options.Problems)
            Report(DiagnosticIds.GridParameterOutOfRange, name, -1, name, PortableNumber.Format(value));
        if (_steps is < 1 or > TimeGrid.MaxSteps)
            Report(DiagnosticIds.StepsOutOfRange, sampler.Times.Count > 0 ? "Times" : "Steps", -1, $"{_steps}", $"{TimeGrid.MaxSteps}");
    }

    // What is chosen by the generator must not be given too.
    private void CheckChoice()
    {
        const string chosen = "the generator chooses it; leave it out";
        if (sampler.Solver != Solver.Auto) ReportChoice("Solver", $"{sampler.Solver}", chosen);
        if (sampler.Steps != 0) ReportChoice("Steps", $"{sampler.Steps}", chosen);
        if (sampler.Times.Count > 0) ReportChoice("Times", "given", "the generator chooses them; leave them out");
        if (sampler.Chart != Chart.Auto) ReportChoice("Chart", $"{sampler.Chart}", chosen);
        if (sampler.Grid is not (Grid.Auto or Grid.Profile)) ReportChoice("Grid", $"{sampler.Grid}", chosen);
        if (sampler is { Evaluations: null, Error: null })
            ReportChoice("Solver", "Auto", "give Evaluations or Error, by which the generator chooses");
        if (sampler.Evaluations is { } evaluations and not (>= 1 and <= SamplerSearch.MaxEvaluations))
            ReportChoice("Evaluations", $"{evaluations}", $"it must be from 1 to {SamplerSearch.MaxEvaluations}");
        if (sampler.Error is { } error && !(error > 0 && error < 1))
            ReportChoice("Error", PortableNumber.Format(error), "it must be between 0 and 1");
        if (sampler is { Evaluations: not null, Error: not null })
            ReportChoice("Error", PortableNumber.Format(sampler.Error.Value), "Evaluations is given too; keep one of the two");
    }

    private void ReportChoice(string argument, string value, string rule) => Report(DiagnosticIds.ChoiceInvalid, argument, -1, argument, value, rule);

    // It finds its own times, and its steps are few.
    private void CheckBespoke()
    {
        if (sampler.Times.Count > 0) ReportBespoke("Times", "given", "Solver.Bespoke finds its own times; leave Times out");
        else if (_steps is >= 1 and <= TimeGrid.MaxSteps and not (>= BespokeSearch.MinSteps and <= BespokeSearch.MaxSteps))
            ReportBespoke("Steps", $"{_steps}", $"Solver.Bespoke takes {BespokeSearch.MinSteps} to {BespokeSearch.MaxSteps}; take UniPC2 for other numbers");
        if (sampler.Grid is not (Grid.Auto or Grid.Profile)) ReportBespoke("Grid", $"{sampler.Grid}", "Solver.Bespoke finds its own times; leave Grid out");
    }

    private void ReportBespoke(string argument, string value, string rule)
        => Report(DiagnosticIds.BespokeInvalid, argument, -1, argument, value, rule);

    private void CheckScore(string score)
    {
        ScoreNetworkSpec? network = spec.ScoreNetworks.FirstOrDefault(other => other.Name == score);
        if (network is null)
            ReportScore("Score", $"\"{score}\"", spec.ScoreNetworks.Count == 0 ? "the type has no score network"
                : $"it must be a score network of the type: {string.Join(", ", spec.ScoreNetworks.Select(other => other.Name))}");
        else if (!network.TimeDependent)
            ReportScore("Score", $"\"{score}\"", "a sampler needs the score at several times, and that network is for one time only; set its "
                + "TimeDependent to true");
        if (sampler.Tracking is not (Tracking.Auto or Tracking.Companion or Tracking.None))
            ReportScore("Tracking", $"{sampler.Tracking}", "only Companion, which takes the exact score, sees the score's error");
    }

    private void CheckField(string field)
    {
        if (spec.Networks.All(network => network.Name != field))
            ReportField("Field", $"\"{field}\"", spec.Networks.Count == 0 ? "the type has no network"
                : $"it must be a network of the type: {string.Join(", ", spec.Networks.Select(network => network.Name))}");
        if (sampler.Score is not null)
            ReportField("Score", $"\"{sampler.Score}\"", "a sampler on a network takes that network's slopes; leave Score or Field out");
        if (sampler.Precision != Precision.Single) ReportField("Precision", $"{sampler.Precision}", "networks are evaluated in single precision");
    }

    private void ReportField(string argument, string value, string rule) => Report(DiagnosticIds.FieldInvalid, argument, -1, argument, value, rule);

    private void ReportScore(string argument, string value, string rule) => Report(DiagnosticIds.ScoreInvalid, argument, -1, argument, value, rule);

    private void CheckReference(string reference)
    {
        List<string> chain = [sampler.Name];
        for (string? next = reference; next is not null; next = spec.Samplers.First(other => other.Name == next).Reference)
        {
            if (next == sampler.Name)
            {
                ReportReference(chain.Count == 1 ? "a sampler cannot judge itself" : $"these references form a cycle: {string.Join(" → ", [.. chain, next])}");
                return;
            }
            // A cycle without this sampler is reported for its members, and a missing name for the sampler that refers to it.
            if (chain.Contains(next)) return;
            if (spec.Samplers.All(other => other.Name != next))
            {
                string[] others = [.. spec.Samplers.Select(other => other.Name).Where(name => name != sampler.Name)];
                if (chain.Count == 1) ReportReference(others.Length == 0 ? "the type has no other sampler"
                    : $"it must be another sampler of the type: {string.Join(", ", others)}");
                return;
            }
            chain.Add(next);
        }
    }

    private void ReportReference(string rule) => Report(DiagnosticIds.ReferenceInvalid, "Reference", -1, $"\"{sampler.Reference}\"", rule);

    private void CheckTimes()
    {
        if (sampler.Grid != Grid.Auto)
            Report(DiagnosticIds.TimesAndSchedule, "Grid", -1, "Grid", $"{sampler.Grid}", "keep one of the two");
        if (sampler.Steps != _steps)
            Report(DiagnosticIds.TimesAndSchedule, "Steps", -1, "Steps", $"{sampler.Steps}", $"leave Steps out or make it {_steps}, one less than the times");

        CheckTimeValues(sampler.Times);
        if (process is not null) CheckTimeEnds(process, sampler.Times);
    }

    private void CheckTimeValues(EquatableArray<double> times)
    {
        for (int i = 0; i < times.Count; i++)
        {
            if (!Numbers.IsFinite(times[i]))
                ReportTime(i, "it must be finite");
            else if (i > 0 && times[i] >= times[i - 1])
                ReportTime(i, $"it must be less than the time before it, {PortableNumber.Format(times[i - 1])}");
        }
    }

    private void CheckTimeEnds(Process process, EquatableArray<double> times)
    {
        if (Numbers.IsFinite(times[0]) && times[0] != process.Horizon)
            ReportTime(0, $"it must be {process.Definition.Horizon.Name}, {PortableNumber.Format(process.Horizon)}");
        if (Numbers.IsFinite(times[times.Count - 1]) && times[times.Count - 1] != process.EarlyStop)
            ReportTime(times.Count - 1, $"it must be {process.Definition.EarlyStop.Name}, {PortableNumber.Format(process.EarlyStop)}");
    }

    private void ReportTime(int i, string rule)
        => Report(DiagnosticIds.TimesInvalid, "Times", i, $"Times[{i}]", PortableNumber.Format(sampler.Times[i]), rule);

    private void CheckDefined<T>(T value, string argument)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(typeof(T), value))
            Report(DiagnosticIds.UndefinedEnumValue, argument, -1, argument, $"{value}", string.Join(", ", Enum.GetNames(typeof(T))));
    }

    private void Report(string id, string argument, int element, params string[] arguments)
        => issues.Add(new Issue(id, new Site(SitePart.Sampler, sampler.Index, argument, element), [spec.Type.DisplayName, sampler.Name, .. arguments]));
}
