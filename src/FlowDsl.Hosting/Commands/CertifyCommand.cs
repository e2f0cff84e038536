using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using FlowDsl.Errors.Budget;
using FlowDsl.Hosting.Measurements;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;

namespace FlowDsl.Hosting.Commands;

/// <summary>Proves bounds on the errors of samples, and holds them against the errors.</summary>
internal sealed class CertifyCommand : HostCommand
{
    private readonly Argument<string> _sampler = SamplerArgument();
    private readonly ValueOption<long> _count = OptionValues.Count("-n", "How many samples", 1, 10_000_000, 1000);
    private readonly ValueOption<ulong> _seed = OptionValues.Seed();

    public CertifyCommand(HostContext context)
        : base(
            context, "certify",
            "Prove a bound on the error of each sample, rounding included, and compare the bounds with the errors; fails if one is exceeded.",
            "certify TwoModes.Fast -n 1000")
    {
        Arguments.Add(_sampler);
        Options.Add(_count);
        Options.Add(_seed);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        (ModelEntry model, SamplerEntry sampler) = Sampler(arguments, _sampler);
        RequireWeights(model, sampler);
        int count = (int)_count.In(arguments);
        string name = $"{model.Name}.{sampler.Name}";
        BoundedErrors? measured = null;
        Console.WithBar($"certifying {name}", "samples", count, progress => measured = BoundedErrors.Measure(
            sampler, count, _seed.In(arguments), progress, cancellationToken));
        Print(name, measured!, arguments);
        if (measured!.ViolationCount > 0)
            throw new HostException(
                $"{measured.ViolationCount} of {count} errors exceed their bounds: this is a fault of FlowDsl. Please report it with the model.");
    }

    private void Print(string name, BoundedErrors measured, ParseResult arguments)
    {
        double[] errors = [.. measured.Errors.Order()], bounds = [.. measured.Bounds.Order()];
        (string Name, double Share)[] places = [("median", 0.5), ("90 %", 0.9), ("99 %", 0.99), ("max", 1)];
        if (IsJson(arguments))
        {
            Console.Json(new JsonObject
            {
                ["sampler"] = name,
                ["count"] = errors.Length,
                ["seed"] = _seed.In(arguments),
                ["certified"] = measured.CertifiedCount,
                ["violations"] = measured.ViolationCount,
                ["quantiles"] = JsonNumber.Array(places.Select(place => place.Share)),
                ["bounds"] = JsonNumber.Array(places.Select(place => Quantiles.Of(bounds, place.Share))),
                ["errors"] = JsonNumber.Array(places.Select(place => Quantiles.Of(errors, place.Share))),
            });
            return;
        }
        Console.Table(
            ["<", .. places.Select(place => place.Name)],
            [
                ["bound", .. places.Select(place => Text(Quantiles.Of(bounds, place.Share)))],
                ["error", .. places.Select(place => Text(Quantiles.Of(errors, place.Share)))],
            ]);
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{measured.CertifiedCount} of {errors.Length} samples of {name} have a proven bound on the distance from the exact flow; "
                + $"{measured.ViolationCount} errors exceed theirs."));
    }

    private static string Text(double value) => value.ToString("0.000E+0", CultureInfo.InvariantCulture);
}
