using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Processes;

/// <summary>A kind of process: its parameters, what is valid for them, and how one is made.</summary>
internal sealed class ProcessDefinition
{
    private readonly Func<IReadOnlyList<double>, Process> _create;
    private readonly Func<TrainingSchedule, ProcessDefinition>? _on;
    private readonly int _horizon, _earlyStop;

    /// <summary>Defines a kind.</summary>
    /// <param name="name">Its name: that of the attribute without "Attribute", and of the class without "Process".</param>
    /// <param name="parameters">Its parameters, as the constructor orders them.</param>
    /// <param name="horizon">The name of the one where sampling starts.</param>
    /// <param name="earlyStop">The name of the one where sampling stops.</param>
    /// <param name="create">The constructor.</param>
    /// <param name="on">The definition on other training steps, on which ranges depend; null for a kind that has none.</param>
    public ProcessDefinition(
        string name, IReadOnlyList<ProcessParameter> parameters, string horizon, string earlyStop, Func<IReadOnlyList<double>, Process> create,
        Func<TrainingSchedule, ProcessDefinition>? on = null)
    {
        (Name, Parameters, _create, _on) = (name, parameters, create, on);
        (_horizon, _earlyStop) = (IndexOf(horizon), IndexOf(earlyStop));
    }

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<ProcessDefinition> All { get; } =
    [
        OrnsteinUhlenbeckProcess.OwnDefinition, VarianceExplodingProcess.OwnDefinition, LinearInterpolantProcess.OwnDefinition,
        VariancePreservingProcess.OwnDefinition,
    ];

    /// <summary>The kind of a type that declares none.</summary>
    public static ProcessDefinition Default => OrnsteinUhlenbeckProcess.OwnDefinition;

    /// <summary>The kind's name, as <c>OrnsteinUhlenbeck</c>.</summary>
    public string Name { get; }

    /// <summary>The metadata name of the attribute that declares it.</summary>
    public string Attribute => $"FlowDsl.{Name}Attribute";

    /// <summary>The parameters, as the constructor orders them.</summary>
    public IReadOnlyList<ProcessParameter> Parameters { get; }

    /// <summary>The parameter that is the horizon.</summary>
    public ProcessParameter Horizon => Parameters[_horizon];

    /// <summary>The parameter that is the early stop.</summary>
    public ProcessParameter EarlyStop => Parameters[_earlyStop];

    /// <summary>Whether training steps belong to it, beside the values of its parameters.</summary>
    public bool HasSchedule => _on is not null;

    /// <summary>The kind on other training steps than the usual ones.</summary>
    /// <param name="schedule">The training steps.</param>
    /// <exception cref="InvalidOperationException">The kind has none.</exception>
    public ProcessDefinition On(TrainingSchedule schedule)
        => _on is null ? throw new InvalidOperationException($"{Name} has no training steps.") : _on(schedule);

    /// <summary>Values with what the ones left open stand for.</summary>
    public double[] Complete(IReadOnlyList<double> values) => [.. values.Select((value, i) => Parameters[i].Complete(value))];

    /// <summary>The horizon among some values.</summary>
    public double HorizonOf(IReadOnlyList<double> values) => Horizon.Complete(values[_horizon]);

    /// <summary>The early stop among some values.</summary>
    public double EarlyStopOf(IReadOnlyList<double> values) => values[_earlyStop];

    /// <summary>What is wrong with some values, one for each parameter; nothing where they make a process.</summary>
    public IReadOnlyList<ProcessProblem> Check(IReadOnlyList<double> values)
    {
        var problems = new List<ProcessProblem>();
        for (int i = 0; i < Parameters.Count; i++)
            if (i != _earlyStop && Parameters[i].RuleBrokenBy(values[i]) is { } rule) problems.Add(new ProcessProblem(Parameters[i], values[i], rule));
        // It is compared with the horizon, which must be valid first.
        double horizon = HorizonOf(values), earlyStop = EarlyStopOf(values);
        if (problems.Count == 0 && !(earlyStop >= 0 && earlyStop < horizon))
            problems.Add(new ProcessProblem(EarlyStop, earlyStop, $"at least 0 and less than {Horizon.Name} = {PortableNumber.Format(horizon)}"));
        return problems;
    }

    /// <summary>A process.</summary>
    /// <param name="values">A value for each parameter.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public Process Create(IReadOnlyList<double> values) => _create(values);

    /// <summary>The first parameter of a process that double precision does not resolve.</summary>
    public UnresolvedParameter? Unresolved(Process process)
    {
        IReadOnlyList<double> values = process.Values;
        for (int i = 0; i < values.Count; i++)
            if (i != _horizon && i != _earlyStop && UnresolvedParameter.Of(Parameters[i].Name, values[i]) is { } own) return own;
        return UnresolvedParameter.Of(Horizon.Name, process.Horizon)
            ?? (process.EarlyStop == 0 ? null : UnresolvedParameter.Of(EarlyStop.Name, process.EarlyStop))
            ?? UnresolvedParameter.OfNoise(Horizon.Name, process.At(process.Horizon))
            ?? (process.StopsAtData ? null : UnresolvedParameter.OfNoise(EarlyStop.Name, process.At(process.EarlyStop)));
    }

    private int IndexOf(string name)
    {
        for (int i = 0; i < Parameters.Count; i++)
            if (Parameters[i].Name == name) return i;
        throw new ArgumentException($"{Name} has no parameter {name}.", nameof(name));
    }
}
