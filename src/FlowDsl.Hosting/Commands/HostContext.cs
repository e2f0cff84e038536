using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;

namespace FlowDsl.Hosting.Commands;

/// <summary>What a command works with.</summary>
/// <param name="Console">Where it writes.</param>
/// <param name="Find">Finds the models, when a command needs them.</param>
internal sealed record HostContext(HostConsole Console, Func<IReadOnlyList<ModelEntry>> Find)
{
    /// <summary>The studies that the program declares.</summary>
    public IReadOnlyList<Study> Studies { get; init; } = [];

    /// <summary>Loads a network from a file; null where the program does not say how.</summary>
    public Func<string, INetworkField>? LoadNetwork { get; init; }

    /// <summary>The models.</summary>
    public IReadOnlyList<ModelEntry> Models => field ??= Find();
}
