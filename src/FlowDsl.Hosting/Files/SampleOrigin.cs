using System.Globalization;
using FlowDsl.Hosting.Registry;

namespace FlowDsl.Hosting.Files;

/// <summary>Where samples come from, for files that can say so.</summary>
internal static class SampleOrigin
{
    /// <summary>The entries of a file's metadata.</summary>
    /// <param name="sampler">The sampler's name in full.</param>
    /// <param name="request">Its samples.</param>
    public static Dictionary<string, string> Of(string sampler, SampleRequest request) => new()
    {
        ["flowdsl.sampler"] = sampler,
        ["flowdsl.seed"] = request.Seed.ToString(CultureInfo.InvariantCulture),
        ["flowdsl.first_index"] = request.Options.FirstIndex.ToString(CultureInfo.InvariantCulture),
        ["flowdsl.prior"] = Word(request.Options.Prior),
    };

    /// <summary>The prior's word on the command line.</summary>
    public static string Word(Prior prior) => prior == Prior.Exact ? "exact" : "gaussian";
}
