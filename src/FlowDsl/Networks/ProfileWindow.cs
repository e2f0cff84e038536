using FlowDsl.Mathematics.Numerics;

namespace FlowDsl;

/// <summary>What a solver errs on a network between two times.</summary>
/// <param name="From">The larger time, at which the step starts.</param>
/// <param name="To">The smaller time, at which it ends.</param>
/// <param name="LocalError">
/// The root mean square of |S(x) - Φ(x)|, for the solver's step S and the network's own flow Φ from the same point of a trajectory (with the network's
/// slopes at earlier points of it if the solver uses them), in units of x.
/// </param>
/// <param name="PropagatedError">
/// ψ: the root mean square of |A (S(x) - Φ(x))|, A the Jacobian of the network's flow from the step's end to the early stop.
/// </param>
public readonly record struct ProfileWindow(double From, double To, double LocalError, double PropagatedError)
{
    /// <summary>The factor by which the rest of the network's flow amplifies the step's error, in the root mean square; 0 if there is no error.</summary>
    public double Amplification => LocalError == 0 ? 0 : PropagatedError / LocalError;

    /// <summary>The figures as text, the same in every culture.</summary>
    public override string ToString()
        => $"t = {NumberText.Brief(From)} to {NumberText.Brief(To)}: step error {NumberText.Brief(LocalError)}, downstream ×{NumberText.Brief(Amplification)}";
}
