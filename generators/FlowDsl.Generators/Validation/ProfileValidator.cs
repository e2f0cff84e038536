using FlowDsl.Generators.Model;
using FlowDsl.Generators.Reading;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Files;
using FlowDsl.Mathematics.Grids;

namespace FlowDsl.Generators.Validation;

/// <summary>The rules of profiles, FLOW0703.</summary>
/// <param name="spec">The model.</param>
/// <param name="sampler">The sampler.</param>
/// <param name="mixture">The mixture; null where it is not valid.</param>
/// <param name="process">The process; null where it is not valid.</param>
/// <param name="issues">Receives what is wrong.</param>
internal sealed class ProfileValidator(ModelSpec spec, SamplerSpec sampler, Mixture? mixture, Process? process, List<Issue> issues)
{
    /// <summary>Whether a sampler has a profile where its grid needs one, and that of its own process, solver and chart.</summary>
    /// <param name="profiles">The files that were found.</param>
    /// <param name="found">Receives its profile.</param>
    public bool Check(EquatableArray<NamedProfile> profiles, List<ResolvedProfile> found)
    {
        bool isAsked = sampler.Grid == Grid.Profile;
        if (isAsked && sampler.Solver is (Solver.Bespoke or Solver.Auto))
            return Report("Grid", "Profile", $"Solver.{sampler.Solver} has times of its own; leave Grid and Profile out");
        if (sampler.Profile is null)
            return !isAsked || Report("Grid", "Profile", "name the file of measurements in Profile; NetworkProfile.Save and the command profile write it");
        if (!isAsked) return Report("Profile", File, "only Grid.Profile takes its times; set Grid to it, or leave Profile out");
        // Where there is no text, it was said why.
        if (profiles.FirstOrDefault(own => own.Sampler == sampler.Name) is not { } named) return false;
        ProfileData data;
        try
        {
            data = ProfileJson.Parse(named.Text.ToString());
        }
        catch (ProfileFormatException exception)
        {
            return Report("Profile", File, $"it cannot be read at line {exception.Line}, column {exception.Column}: {exception.Problem.TrimEnd('.')}");
        }
        if (data.Solver != sampler.Solver)
            return Report("Profile", File, $"it was measured for {data.Solver} and the sampler is {sampler.Solver}; measure it for this solver");
        // What is wrong with these is reported elsewhere.
        if (mixture is null || process is null || !ChartFrame.Exists(sampler.Chart, sampler.Solver)) return false;
        if (!data.Process.IsSame(process))
        {
            string rule = $"it was measured on another process, {data.Process.Words}, and the model's is {process.Words}; measure it on this one";
            return Report("Profile", File, rule);
        }
        Chart chart = ChartFrame.For(sampler.Chart, sampler.Solver, mixture.MeanVariance).Chart;
        if (data.Chart != chart)
            return Report("Profile", File, $"it was measured in Chart.{data.Chart} and the sampler integrates in Chart.{chart}; measure it in this chart");
        found.Add(new ResolvedProfile(sampler.Name, data));
        return true;
    }

    private string File => $"\"{sampler.Profile}\"";

    private bool Report(string argument, string value, string rule)
    {
        issues.Add(new Issue(
            DiagnosticIds.ProfileInvalid, new Site(SitePart.Sampler, sampler.Index, argument), spec.Type.DisplayName, sampler.Name, argument, value, rule));
        return false;
    }
}
