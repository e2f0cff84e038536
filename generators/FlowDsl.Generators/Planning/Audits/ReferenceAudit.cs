using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning.Samplers;

namespace FlowDsl.Generators.Planning.Audits;

/// <summary>Whether the samplers that judge others are exact enough for it, by the errors that are predicted for both.</summary>
internal static class ReferenceAudit
{
    // A reference with a hundredth of the mean squared error shifts a measured one by at most a fifth: (1 + 0.1)² - 1.
    private const double MaxShare = 0.01;

    // The sampler's own rounding, squared. No reference has to be better, and of two exact solvers neither is worse.
    private const double SingleRounding = 1e-12, DoubleRounding = 1e-24;

    // From here on samples end in wrong places, whatever is judged by them.
    private const double MaxError = 0.01;

    /// <summary>Audits all references of a model.</summary>
    /// <param name="type">The annotated type.</param>
    /// <param name="samplers">Its samplers.</param>
    /// <param name="issues">Receives what the user must know.</param>
    public static void Check(string type, IReadOnlyList<SamplerPlan> samplers, List<Issue> issues)
    {
        foreach (SamplerPlan sampler in samplers)
        {
            CheckWindow(type, sampler, samplers.Any(other => other.Spec.Reference == sampler.Spec.Name), issues);
            // A reference that is not valid has an error of its own.
            if (sampler.Spec.Reference is { } name && samplers.FirstOrDefault(other => other.Spec.Name == name) is { } reference)
                CheckError(type, sampler, reference, issues);
        }
    }

    private static void CheckError(string type, SamplerPlan sampler, SamplerPlan reference, List<Issue> issues)
    {
        var site = new Site(SitePart.Sampler, sampler.Spec.Index, nameof(SamplerSpec.Reference));
        if (sampler.Forecast is not { RelativeMeanSquaredError: var error } || reference.Forecast is not { RelativeMeanSquaredError: var judging })
        {
            string unknown = (reference.Forecast is null ? reference : sampler).Spec.Name;
            issues.Add(new Issue(DiagnosticIds.ReferenceNotAudited, site, type, sampler.Spec.Name, reference.Spec.Name, unknown));
        }
        else if (!(judging < MaxError && judging <= MaxShare * Math.Max(error, sampler.Spec.Precision == Precision.Single ? SingleRounding : DoubleRounding)))
        {
            issues.Add(new Issue(
                DiagnosticIds.ReferenceInexact, site, type, sampler.Spec.Name, reference.Spec.Name, Number(judging), Number(error), Number(MaxError)));
        }
    }

    /// <summary>
    /// Only for references and times given by hand: other schedules are what their grid makes them, and a few steps are a wish. Only where the error
    /// is great: a solver of high order may leap over a window and land well.
    /// </summary>
    private static void CheckWindow(string type, SamplerPlan sampler, bool isReference, List<Issue> issues)
    {
        bool isByHand = sampler.Grid is null;
        double[] times = sampler.Times;
        if (!(isReference || isByHand) || times.Length < 3 || sampler.Stability?.DangerWindow is not { } window
            || !(sampler.Forecast?.RelativeMeanSquaredError >= ForecastAudit.LostError)) return;
        int first = Array.FindLastIndex(times, time => time >= window.From);
        if (first < 0 || first + 1 >= times.Length || times[first + 1] > window.To) return;
        issues.Add(new Issue(
            DiagnosticIds.WindowUnresolved, new Site(SitePart.Sampler, sampler.Spec.Index, isByHand ? nameof(SamplerSpec.Times) : nameof(SamplerSpec.Grid)),
            type, sampler.Spec.Name, Number(times[first]), Number(times[first + 1]), Number(window.From), Number(window.To),
                Number(sampler.Forecast!.RelativeMeanSquaredError)));
    }

    private static string Number(double value) => Invariant.Measured(value);
}
