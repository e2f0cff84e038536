using FlowDsl.Mathematics.Numerics;
using FlowDsl.Mathematics.Processes;

namespace FlowDsl.Mathematics;

/// <summary>A Gaussian noising process x_t = a(t) x_0 + s(t) ε, sampled from its horizon back to its early stop.</summary>
public abstract class Process
{
    private protected Process(ProcessDefinition definition, params double[] values)
    {
        if (definition.Check(values) is [var problem, ..])
            throw new ArgumentOutOfRangeException(problem.Parameter.Argument, problem.Value, $"{problem.Parameter.Name} must be {problem.Rule}.");
        (Definition, Values) = (definition, definition.Complete(values));
    }

    /// <summary>T, the time at which sampling starts.</summary>
    public double Horizon => Definition.HorizonOf(Values);

    /// <summary>t0, the time at which sampling stops.</summary>
    public double EarlyStop => Definition.EarlyStopOf(Values);

    /// <summary>The process as text and formulas.</summary>
    public abstract string Description { get; }

    /// <summary>The largest time at which the process is defined and its coefficients are finite in double precision; the smallest is 0.</summary>
    public abstract double LastTime { get; }

    /// <summary>The parameter that is out of <see cref="SupportedRange"/>, or that leads to a noise level out of it; null if there is none.</summary>
    public UnresolvedParameter? Unresolved => Definition.Unresolved(this);

    /// <summary>Whether no noise is left where sampling stops.</summary>
    internal bool StopsAtData => At(EarlyStop).S2 == 0;

    /// <summary>
    /// A process with the same a and s between the same ends, but at times in which they are smooth: for integrals over time, which do not depend on the clock.
    /// </summary>
    internal virtual Process Smooth => this;

    /// <summary>Its kind.</summary>
    internal ProcessDefinition Definition { get; }

    /// <summary>A value for each parameter of its kind.</summary>
    internal IReadOnlyList<double> Values { get; }

    /// <summary>The training steps that it counts in; null for a process in a time of its own.</summary>
    internal virtual TrainingSchedule? Training => null;

    /// <summary>The process as an attribute would say it.</summary>
    internal string Words
    {
        get
        {
            IEnumerable<string> values = Definition.Parameters.Zip(Values, (own, value) => $"{own.Name} = {PortableNumber.Format(value)}");
            string text = $"{Definition.Name}({string.Join(", ", values)})";
            return Training is { } training ? $"{text} on {training.Words}" : text;
        }
    }

    /// <summary>Whether another process is the same.</summary>
    /// <param name="other">The other one.</param>
    internal bool IsSame(Process other)
        => other.Definition.Name == Definition.Name && other.Values.SequenceEqual(Values) && Equals(other.Training, Training);

    /// <summary>The coefficients at a time.</summary>
    /// <param name="t">A time at which the process is defined.</param>
    public abstract ProcessPoint At(double t);

    /// <summary>
    /// One of several values, by the kind of the process. Callers that distinguish processes use this: a new kind is a new argument, which no caller
    /// can forget.
    /// </summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="ornsteinUhlenbeck">The value for an Ornstein-Uhlenbeck process.</param>
    /// <param name="varianceExploding">The value for a variance exploding process.</param>
    /// <param name="linearInterpolant">The value for a linear interpolant.</param>
    /// <param name="variancePreserving">The value for a variance preserving process in training steps.</param>
    public abstract T Match<T>(
        Func<OrnsteinUhlenbeckProcess, T> ornsteinUhlenbeck,
        Func<VarianceExplodingProcess, T> varianceExploding,
        Func<LinearInterpolantProcess, T> linearInterpolant,
        Func<VariancePreservingProcess, T> variancePreserving);

    /// <summary>Throws if the process is not defined at a time.</summary>
    /// <param name="t">The time.</param>
    /// <param name="name">The caller's name for it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, NaN or greater than <see cref="LastTime"/>.</exception>
    public void CheckTime(double t, string name)
    {
        if (t >= 0 && t <= LastTime) return;
        string last = LastTime == double.MaxValue ? "finite" : $"at most {PortableNumber.Format(LastTime, 3)}";
        throw new ArgumentOutOfRangeException(name, t, $"The time {name} is {PortableNumber.Format(t)}; it must be at least 0 and {last} ({Description}).");
    }

    /// <summary>The time at which s/a has a given value; the inverse of <see cref="ProcessPoint.NoiseToSignal"/>.</summary>
    /// <param name="noiseToSignal">s/a, at least 0; infinite if a is 0.</param>
    public abstract double TimeAt(double noiseToSignal);

    /// <summary>Describes the process with its formulas and the times of sampling.</summary>
    public override string ToString() => $"{Description}; sampled from t = {NumberText.Short(Horizon)} to t = {NumberText.Short(EarlyStop)}";
}
