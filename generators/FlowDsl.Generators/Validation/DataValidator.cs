using FlowDsl.Generators.Model;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Files;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Generators.Validation;

/// <summary>The rules of data sets as mixtures, FLOW0124: what only the numbers of all components would give is not there.</summary>
/// <param name="spec">The model.</param>
/// <param name="issues">Receives what is wrong.</param>
internal sealed class DataValidator(ModelSpec spec, List<Issue> issues)
{
    /// <summary>What is known of the data; null where that is not valid, or the plan was not found.</summary>
    /// <param name="data">The declaration.</param>
    /// <param name="planText">The text of the plan; null where it was not found.</param>
    public DataPlan? Read(DataSpec data, string? planText)
    {
        int before = issues.Count;
        if (data.File is null)
            Report("Variance", "Variance", PortableNumber.Format(data.Variance), "only Data has it; name a .npy file in Data, or leave Variance out");
        else if (!data.File.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
            Report("Data", "Data", $"\"{data.File}\"", "it must name a .npy file; the host's command data makes one of a .csv or .parquet file");
        else if (spec.File is not null) Report("Data", "Data", $"\"{data.File}\"", "a mixture has either Data or File; leave one of them out");
        else if (spec.Components.Count > 0)
            Report("Data", "Data", $"\"{data.File}\"", "its rows are the components; leave Data or the [Component] attributes out");
        if (data.File is not null && (!Numbers.IsPositiveFinite(data.Variance) || SupportedRange.OfVariance(data.Variance) is not null))
            Report(data.Variance == 0 ? "Data" : "Variance", "Variance", PortableNumber.Format(data.Variance), "it must be positive, from 1e-100 to 1e100");
        if (issues.Count > before || planText is null) return null;
        try
        {
            var plan = DataPlan.Parse(planText);
            if (plan.Moments.Dimension == spec.Dimension) return plan;
            issues.Add(new Issue(
                DiagnosticIds.FileDimension, new Site(SitePart.Mixture, 0, "dimension"), spec.Type.DisplayName, data.Plan!, $"{plan.Moments.Dimension}",
                $"{spec.Dimension}"));
        }
        catch (MixtureFormatException exception)
        {
            issues.Add(new Issue(
                DiagnosticIds.FileMalformed, new Site(SitePart.Mixture, 0, "Data"), spec.Type.DisplayName, data.Plan!,
                $"{exception.Line}", $"{exception.Column}", exception.Problem.TrimEnd('.')));
        }
        return null;
    }

    /// <summary>Whether a sampler can be one of a data set.</summary>
    public bool Check(SamplerSpec sampler)
    {
        int before = issues.Count;
        if (sampler.Precision == Precision.Double) OfSampler(nameof(sampler.Precision), "Double", "samplers of a data set are in single precision");
        if (sampler.Tracking is not (Tracking.Auto or Tracking.None or Tracking.Companion))
            OfSampler(nameof(sampler.Tracking), $"{sampler.Tracking}", "it needs the derivatives of all components; set it to Companion or None");
        if (sampler.Times.Count == 0 && TimeGrid.NeedsComponents(sampler.Grid))
            OfSampler(nameof(sampler.Grid), $"{sampler.Grid}", $"it follows trajectories of all components; take one of {TimeGrid.ForData}");
        if (sampler.Reference is { } reference)
            OfSampler(nameof(sampler.Reference), $"\"{reference}\"", "there are no trajectories to judge it on; leave it out");
        return issues.Count == before;

        void OfSampler(string argument, string value, string rule)
            => issues.Add(new Issue(
                DiagnosticIds.DataInvalid, new Site(SitePart.Sampler, sampler.Index, argument), spec.Type.DisplayName,
                $"{argument} of the sampler {sampler.Name}", value, rule));
    }

    /// <summary>Refuses what is learned or constructed from the numbers of all components.</summary>
    public void RefuseOthers()
    {
        const string rule = "it is made from the numbers of all components; declare it on a mixture of fewer";
        foreach (StudentSpec student in spec.Students) Other(SitePart.Student, student.Index, "Student", student.Name);
        foreach (ScoreNetworkSpec network in spec.ScoreNetworks) Other(SitePart.ScoreNetwork, network.Index, "ScoreNetwork", network.Name);
        foreach (NetworkSpec network in spec.Networks) Other(SitePart.Network, network.Index, "Network", network.Name);

        void Other(SitePart part, int index, string what, string name)
            => issues.Add(new Issue(DiagnosticIds.DataInvalid, new Site(part, index, ""), spec.Type.DisplayName, $"The attribute {what}", $"\"{name}\"", rule));
    }

    private void Report(string argument, string what, string value, string rule)
        => issues.Add(new Issue(DiagnosticIds.DataInvalid, new Site(SitePart.Mixture, 0, argument), spec.Type.DisplayName, what, value, rule));
}
