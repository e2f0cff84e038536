using FlowDsl.Generators.Model;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Generators.Validation;

/// <summary>The rules of mixtures, FLOW01xx.</summary>
internal static class MixtureValidator
{
    /// <summary>How many numbers of means and covariances are compiled.</summary>
    public const int MaximumNumbers = 2_000_000;

    /// <summary>The mixture; null where it is not valid or its file was not found.</summary>
    public static Mixture? Read(ModelSpec spec, string? fileText, List<Issue> issues, CancellationToken cancellationToken)
    {
        string type = spec.Type.DisplayName;
        int before = issues.Count;
        CheckDimension(spec, issues);
        if (spec.File is not null && spec.Components.Count > 0)
            issues.Add(new Issue(DiagnosticIds.FileAndComponents, new Site(SitePart.Mixture, 0, "File"), type, spec.File, $"{spec.Components.Count}"));
        else if (spec.File is null && spec.Components.Count == 0)
            issues.Add(new Issue(DiagnosticIds.NoComponents, new Site(SitePart.Mixture), type));
        // Lengths mean nothing beside a dimension that is wrong, and components nothing beside a file.
        if (issues.Count > before) return null;

        Mixture? mixture = spec.File is null ? FromComponents(spec, issues, cancellationToken)
            : fileText is null ? null
            : FromFile(spec, fileText, issues, cancellationToken);
        if (mixture?.Adjustment is { } adjustment)
            issues.Add(new Issue(DiagnosticIds.MixtureAdjusted, new Site(SitePart.Mixture, 0, spec.File is null ? "" : "File"), type, adjustment.ToString()));
        return mixture;
    }

    /// <summary>Whether the dimension is positive.</summary>
    public static bool CheckDimension(ModelSpec spec, List<Issue> issues)
    {
        if (spec.Dimension >= 1) return true;
        issues.Add(new Issue(DiagnosticIds.DimensionTooSmall, new Site(SitePart.Mixture, 0, "dimension"), spec.Type.DisplayName, $"{spec.Dimension}"));
        return false;
    }

    /// <summary>Checks a mixture from a file against the attribute.</summary>
    internal static Mixture? Accept(ModelSpec spec, Mixture mixture, List<Issue> issues)
    {
        string type = spec.Type.DisplayName;
        if (mixture.Dimension != spec.Dimension)
        {
            issues.Add(new Issue(
                DiagnosticIds.FileDimension, new Site(SitePart.Mixture, 0, "dimension"), type, spec.File ?? "", $"{mixture.Dimension}", $"{spec.Dimension}"));
            return null;
        }
        long values = mixture.Covariances.Sum(covariance => CovarianceValidator.Length(covariance.Type, mixture.Dimension));
        return CheckSize(spec, (long)mixture.Count * mixture.Dimension + values, "File", issues) ? mixture : null;
    }

    private static Mixture? FromFile(ModelSpec spec, string text, List<Issue> issues, CancellationToken cancellationToken)
    {
        try
        {
            return Accept(spec, MixtureJson.Parse(text, cancellationToken), issues);
        }
        catch (MixtureFormatException exception)
        {
            issues.Add(new Issue(
                DiagnosticIds.FileMalformed, new Site(SitePart.Mixture, 0, "File"),
                spec.Type.DisplayName, spec.File!, $"{exception.Line}", $"{exception.Column}", exception.Problem.TrimEnd('.')));
            return null;
        }
    }

    private static Mixture? FromComponents(ModelSpec spec, List<Issue> issues, CancellationToken cancellationToken)
    {
        if (!CheckSize(spec, spec.Components.Sum(component => (long)component.Mean.Count + component.Covariance.Count), "", issues)) return null;

        string type = spec.Type.DisplayName;
        int before = issues.Count;
        int count = spec.Components.Count;
        double[] weights = new double[count];
        double[][] means = new double[count][];
        Covariance?[] covariances = new Covariance?[count];
        bool hasWeights = true;
        for (int k = 0; k < count; k++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ComponentSpec component = spec.Components[k];
            weights[k] = component.Weight;
            if (!Numbers.IsPositiveFinite(component.Weight))
            {
                hasWeights = false;
                issues.Add(new Issue(
                    DiagnosticIds.WeightOutOfRange, new Site(SitePart.Component, k, "weight"), type, $"{k}", PortableNumber.Format(component.Weight)));
            }
            means[k] = component.Mean.ToArray();
            // A covariance is as long as the mean, or it is not made at all: a dimension of a billion needs no array.
            bool isMean = CheckMean(spec, k, means[k], issues);
            covariances[k] = CovarianceValidator.Read(spec, k, isMean, issues, cancellationToken);
        }
        if (hasWeights) CheckSum(type, weights, issues);
        return issues.Count == before ? new Mixture(weights, means, covariances!) : null;
    }

    private static bool CheckMean(ModelSpec spec, int k, double[] mean, List<Issue> issues)
    {
        string type = spec.Type.DisplayName;
        int before = issues.Count;
        if (mean.Length != spec.Dimension)
            issues.Add(new Issue(DiagnosticIds.MeanLength, new Site(SitePart.Component, k, "mean"), type, $"{k}", $"{mean.Length}", $"{spec.Dimension}"));
        for (int j = 0; j < mean.Length; j++)
        {
            if (Numbers.IsFinite(mean[j])) continue;
            issues.Add(new Issue(
                DiagnosticIds.MeanNotFinite, new Site(SitePart.Component, k, "mean", j), type, $"{k}", $"{j}", PortableNumber.Format(mean[j])));
        }
        if (issues.Count == before && SupportedRange.OfMean(mean) is { } size)
            issues.Add(new Issue(DiagnosticIds.MixtureOutOfRange, new Site(SitePart.Component, k, "mean"), type, $"{k}", "mean", size));
        return mean.Length == spec.Dimension;
    }

    private static void CheckSum(string type, double[] weights, List<Issue> issues)
    {
        if (Mixture.TryNormalize(weights, out double sum) is not null) return;
        issues.Add(new Issue(
            DiagnosticIds.WeightSum, new Site(SitePart.Component, weights.Length - 1, "weight"),
            type, PortableNumber.Format(sum), PortableNumber.Format(MixtureAdjustment.Tolerance)));
    }

    private static bool CheckSize(ModelSpec spec, long numbers, string argument, List<Issue> issues)
    {
        if (numbers <= MaximumNumbers) return true;
        issues.Add(new Issue(
            DiagnosticIds.ModelTooLarge, new Site(SitePart.Mixture, 0, argument), spec.Type.DisplayName, $"{numbers}", $"{MaximumNumbers}"));
        return false;
    }
}
