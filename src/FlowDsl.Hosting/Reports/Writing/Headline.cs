using FlowDsl.Hosting.Reports.Drawing;
using FlowDsl.Hosting.Reports.Gathering;

namespace FlowDsl.Hosting.Reports.Writing;

/// <summary>What a reader should know first.</summary>
internal static class Headline
{
    /// <summary>The model in one sentence.</summary>
    public static string Lede(ModelReport report)
    {
        GaussianMixtureModel model = report.Model;
        string law = model.ComponentCount == 1 ? "One Gaussian" : $"{Notation.Count(model.ComponentCount)} Gaussians";
        string space = model.Dimension switch { 1 => "on a line", 2 => "in the plane", _ => $"in {Notation.Count(model.Dimension)} dimensions" };
        string process = model.Process.Match(
            static _ => "an Ornstein–Uhlenbeck process", static _ => "a variance-exploding process", static _ => "a linear interpolant (flow matching)",
            static preserving => $"a variance-preserving process of {Notation.Count(preserving.Schedule.Sigmas.Count)} training steps");
        string samplers = report.Samplers.Length switch
        {
            0 => "No sampler is declared.",
            1 => $"Its sampler {report.Samplers[0].Name} is compared with the exact flow.",
            _ when report.Ran.Count() < report.Samplers.Length =>
                $"{report.Ran.Count()} of its {report.Samplers.Length} samplers can run and are compared with the exact flow.",
            _ => $"Its {report.Samplers.Length} samplers are compared with the exact flow from the same starts.",
        };
        if (report.Samplers.Length > 0 && !report.Ran.Any()) samplers = "None of its samplers can run: the students have no weights.";
        return $"{law} {space} under {process}, sampled from t\u00A0=\u00A0{Notation.Of(model.Process.Horizon)} "
            + $"to\u00A0{Notation.Of(model.Process.EarlyStop)}. {samplers}";
    }

    /// <summary>A few figures.</summary>
    public static string Facts(ModelReport report)
    {
        List<(string Term, string Value, string Detail)> facts = [];
        ComparedSampler[] finite = [.. report.Ran.Select(sampler => sampler.Compared!).Where(compared => double.IsFinite(compared.RelativeMeanSquaredError))];
        if (finite.Length > 0)
        {
            ComparedSampler best = finite.MinBy(compared => compared.RelativeMeanSquaredError)!;
            facts.Add(("least relative MSE", Notation.Of(best.RelativeMeanSquaredError, 2),
                $"{best.Name}, {Notation.Count(best.FunctionEvaluations)} evaluations"));
        }
        facts.Add(report.Stability.SpeciationTime is { } time
            ? ("modes separate at", $"t = {Notation.Of(time, 2)}", "speciation time")
            : ("modes", "never separate", report.Model.ComponentCount == 1 ? "there is one" : "the means are too near"));
        facts.Add(report.Stability.DangerWindow is { } window
            ? ("errors grow most", $"t = {Notation.Of(window.From, 2)} to {Notation.Of(window.To, 2)}", "danger window, 90 % of the growth")
            : ("errors", "never grow", "the flow contracts everywhere"));
        if (report.Ran.Any()) facts.Add(("compared on", $"{Notation.Count(report.Request.Count)} samples", $"seed {report.Request.Seed}"));
        return "<dl class=\"facts\">" + string.Concat(facts.Select(fact =>
            $"<div><dt>{Markup.Text(fact.Term)}</dt><dd><b>{Markup.Text(fact.Value)}</b> <span>{Markup.Text(fact.Detail)}</span></dd></div>")) + "</dl>";
    }
}
