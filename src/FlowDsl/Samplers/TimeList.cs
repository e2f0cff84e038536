using System.Collections.ObjectModel;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Samplers;

/// <summary>A copy of step times with a readable <see cref="ToString"/>.</summary>
/// <param name="times">The times.</param>
internal sealed class TimeList(IReadOnlyList<double> times) : ReadOnlyCollection<double>([.. times])
{
    /// <summary>The times, in five digits.</summary>
    public override string ToString() => string.Join(" ", this.Select(NumberText.Short));
}
