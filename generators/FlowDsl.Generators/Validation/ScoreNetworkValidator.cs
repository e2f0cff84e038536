using FlowDsl.Generators.Model;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Generators.Validation;

/// <summary>The rules of score networks, FLOW06xx.</summary>
internal static class ScoreNetworkValidator
{
    /// <summary>Whether a network is valid.</summary>
    /// <param name="spec">Its model.</param>
    /// <param name="network">The network.</param>
    /// <param name="mixture">The mixture; null where it is not valid.</param>
    /// <param name="process">The process; null where it is not valid.</param>
    /// <param name="issues">Receives what is wrong.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static bool Check(
        ModelSpec spec, ScoreNetworkSpec network, Mixture? mixture, Process? process, List<Issue> issues, CancellationToken cancellationToken)
    {
        int before = issues.Count;
        if (network.TimeDependent && network.Time is { } unused)
            Report("Time", PortableNumber.Format(unused), "a network with t as an input is of all times; leave Time out or set TimeDependent to false");
        if (!network.TimeDependent && network.Time is null) Report("TimeDependent", "false", "a network without t as an input is of one time; give it as Time");
        if (issues.Count == before && mixture is not null && process is not null
            && ScoreNetwork.Obstacle(mixture, process, network.Options, cancellationToken) is var (argument, reason))
            Report(argument, Value(argument, process), reason);
        return issues.Count == before;

        string Value(string argument, Process process) => argument switch
        {
            "TimeDependent" => "true",
            "P" => PortableNumber.Format(network.P),
            "Time" => PortableNumber.Format(network.Time!.Value),
            "EarlyStop" => PortableNumber.Format(process.EarlyStop),
            _ => PortableNumber.Format(network.Accuracy),
        };

        void Report(string argument, string value, string rule)
            => issues.Add(new Issue(
                DiagnosticIds.ScoreNetworkInvalid, new Site(SitePart.ScoreNetwork, network.Index, argument), spec.Type.DisplayName, network.Name,
                argument, value, rule));
    }
}
