using FlowDsl.Generators.Model;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Generators.Validation;

/// <summary>The rules of flow maps, FLOW08xx.</summary>
internal static class FlowMapValidator
{
    private const int MaximumSegments = 100;

    /// <summary>Whether a flow map is valid.</summary>
    /// <param name="spec">Its model.</param>
    /// <param name="map">The flow map.</param>
    /// <param name="issues">Receives what is wrong.</param>
    public static bool Check(ModelSpec spec, FlowMapSpec map, List<Issue> issues)
    {
        int before = issues.Count;
        if (map.Segments is < 1 or > MaximumSegments) Report("Segments", $"{map.Segments}", $"it must be from 1 to {MaximumSegments}");
        CheckDefined("Grid", map.Grid);
        CheckDefined("Precision", map.Precision);
        if (!(map.Accuracy > 0) || double.IsInfinity(map.Accuracy)) Report("Accuracy", PortableNumber.Format(map.Accuracy), "it must be positive and finite");
        return issues.Count == before;

        void CheckDefined<T>(string argument, T value)
            where T : struct, Enum
        {
            if (!Enum.IsDefined(typeof(T), value)) Report(argument, $"{value}", $"use one of {string.Join(", ", Enum.GetNames(typeof(T)))}");
        }

        void Report(string argument, string value, string rule)
            => issues.Add(new Issue(DiagnosticIds.FlowMapInvalid, new Site(SitePart.FlowMap, map.Index, argument), spec.Type.DisplayName, map.Name,
                argument, value, rule));
    }
}
