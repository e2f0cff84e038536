using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Files;
using FlowDsl.Hosting.Output;
using FlowDsl.Mathematics;

namespace FlowDsl.Hosting.Commands;

/// <summary>Fits mixtures to data and keeps the best one as a mixture file.</summary>
internal sealed class FitCommand : HostCommand
{
    private const string Ending = ".mixture.json";
    private const int MostComponents = 10_000;

    private readonly Argument<string> _data = new("DATA") { Description = "The points: a .csv file with a line of names, or a .npy file of shape (n, d)." };
    private readonly ValueOption<(int First, int Last)> _components = new("-k", (2, 2))
    {
        Description = "How many components: a number, or a range as 2..12; 2 by default.",
        HelpName = "K",
        CustomParser = result =>
        {
            string text = result.Tokens[^1].Value;
            if (Range(text) is { } range) return range;
            result.AddError($"-k is '{text}'; it must be a whole number from 1 to {OptionValues.Text(MostComponents)}, or a range of them as 2..12.");
            return default;
        },
    };

    private readonly ValueOption<CovarianceType> _covariance = OptionValues.Choice(
        "--covariance", "The form of the covariances", CovarianceType.Full,
        ("full", CovarianceType.Full), ("tied", CovarianceType.Tied), ("diag", CovarianceType.Diagonal), ("spherical", CovarianceType.Isotropic));

    private readonly ValueOption<Criterion> _criterion = OptionValues.Choice(
        "--select", "The criterion that chooses the number of components", Criterion.Bic, ("bic", Criterion.Bic), ("aic", Criterion.Aic));

    private readonly Option<string?> _columns = new("--columns")
    {
        Description = "The columns to fit, by their names, separated by commas; all by default.",
        HelpName = "A,B",
    };

    private readonly Option<bool> _standardize = new("--standardize")
    {
        Description = "Bring each column to mean 0 and variance 1, and store the scaling in the file.",
    };

    private readonly Option<string?> _out = new("--out", "-o")
    {
        Description = $"Write the chosen mixture; the name must end in {Ending}.",
        HelpName = "NAME" + Ending,
    };

    private readonly ValueOption<long> _restarts = OptionValues.Count("--restarts", "How often each fit starts anew", 1, 100_000, 10);
    private readonly ValueOption<ulong> _seed = OptionValues.Seed();
    private readonly Option<bool> _force = new("--force") { Description = "Replace the file if there is one." };

    public FitCommand(HostContext context)
        : base(
            context, "fit", "Fit Gaussian mixtures to points, choose the number of components, and write a mixture file that the generator reads.",
            "fit data.csv -k 2..12 --standardize --out Data.mixture.json")
    {
        Arguments.Add(_data);
        Option[] options = [_components, _covariance, _criterion, _columns, _standardize, _out, _restarts, _seed, _force];
        foreach (Option option in options) Options.Add(option);
    }

    private enum Criterion
    {
        Bic,
        Aic,
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        string? path = arguments.GetValue(_out);
        if (path is not null && !path.EndsWith(Ending, StringComparison.Ordinal))
            throw HostException.Usage($"'{path}' must end in {Ending}, by which the generator knows mixture files.");
        DataTable table = Read(arguments);
        Standardization? scaling = arguments.GetValue(_standardize) ? Standardization.Of(table) : null;
        // Before the work, so that it is not lost.
        using OutputFile? file = path is null ? null : new OutputFile(path, arguments.GetValue(_force));
        FitResult[] fits = Fit(scaling is null ? table.Rows.ToArray() : scaling.Apply(table.Rows), table.Columns.Length, arguments, cancellationToken);
        bool selectsAic = _criterion.In(arguments) == Criterion.Aic;
        FitResult best = fits.MinBy(fit => selectsAic ? fit.Aic : fit.Bic)!;
        if (file is not null)
        {
            string text = scaling is null ? MixtureJson.Write(best.Mixture) : scaling.Write(best.Mixture);
            file.Guard(() => file.Stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
            file.Commit();
        }
        if (IsJson(arguments)) PrintJson(table, scaling, fits, best, selectsAic, path);
        else Print(table, scaling, fits, best, selectsAic, path);
    }

    private DataTable Read(ParseResult arguments)
    {
        string path = arguments.GetRequiredValue(_data);
        if (!File.Exists(path)) throw new HostException($"There is no file '{path}'.");
        DataTable table = DataTable.Read(path);
        if (table.RowCount == 0) throw new HostException($"'{path}' has no points.");
        return arguments.GetValue(_columns) is { } names ? table.Select(names.Split(',', StringSplitOptions.TrimEntries)) : table;
    }

    private FitResult[] Fit(double[] rows, int dimension, ParseResult arguments, CancellationToken cancellationToken)
    {
        (int first, int last) = _components.In(arguments);
        var options = new FitOptions
        {
            CovarianceType = _covariance.In(arguments),
            Restarts = (int)_restarts.In(arguments),
            Seed = _seed.In(arguments),
        };
        var fits = new List<FitResult>();
        Console.WithBar("fitting", "fits", last - first + 1, progress =>
        {
            for (int k = first; k <= last; k++)
            {
                try
                {
                    fits.Add(GaussianMixtureFit.Fit(rows, dimension, k, options, cancellationToken: cancellationToken));
                }
                catch (ArgumentException failure)
                {
                    throw new HostException($"No fit of {OptionValues.Text(k)} components: {failure.Message}");
                }
                progress.Report(fits.Count);
            }
        });
        return [.. fits];
    }

    private void Print(DataTable table, Standardization? scaling, FitResult[] fits, FitResult best, bool selectsAic, string? path)
    {
        Console.Table(
            ["k", "parameters", "log-likelihood", "BIC", "AIC", "steps", "converged", "at the floor", "<chosen"],
            fits.Select(fit => new[]
            {
                OptionValues.Text(fit.Mixture.Count), OptionValues.Text(fit.ParameterCount), Fixed(fit.LogLikelihood), Fixed(fit.Bic), Fixed(fit.Aic),
                OptionValues.Text(fit.Iterations), fit.Converged ? "yes" : "no", OptionValues.Text(fit.ComponentsAtFloor),
                fit == best ? $"lowest {(selectsAic ? "AIC" : "BIC")}" : "",
            }));
        string scaled = scaling is null ? "" : ", each at mean 0 and variance 1";
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{table.RowCount} points of {string.Join(", ", table.Columns)}{scaled}."));
        if (path is null)
        {
            Console.Out.WriteLine(best.Mixture.ToString().ReplaceLineEndings("\n"));
            return;
        }
        string attribute = string.Create(CultureInfo.InvariantCulture, $"[GaussianMixture({table.Columns.Length}, File = \"{Path.GetFileName(path)}\")]");
        Console.Out.WriteLine($"Wrote {path}: {attribute}.");
    }

    private void PrintJson(DataTable table, Standardization? scaling, FitResult[] fits, FitResult best, bool selectsAic, string? path)
        => Console.Json(new JsonObject
        {
            ["columns"] = new JsonArray([.. table.Columns.Select(name => (JsonNode)name)]),
            ["points"] = table.RowCount,
            ["columnMeans"] = scaling is null ? null : JsonNumber.Array(scaling.Means),
            ["columnDeviations"] = scaling is null ? null : JsonNumber.Array(scaling.Deviations),
            ["criterion"] = selectsAic ? "aic" : "bic",
            ["chosen"] = best.Mixture.Count,
            ["fits"] = new JsonArray([.. fits.Select(fit => (JsonNode)new JsonObject
            {
                ["components"] = fit.Mixture.Count,
                ["parameters"] = fit.ParameterCount,
                ["logLikelihood"] = JsonNumber.Of(fit.LogLikelihood),
                ["bic"] = JsonNumber.Of(fit.Bic),
                ["aic"] = JsonNumber.Of(fit.Aic),
                ["iterations"] = fit.Iterations,
                ["converged"] = fit.Converged,
                ["componentsAtFloor"] = fit.ComponentsAtFloor,
            })]),
            ["mixture"] = JsonNode.Parse(MixtureJson.Write(best.Mixture)),
            ["file"] = path,
        });

    private static (int First, int Last)? Range(string text)
    {
        string[] ends = text.Split("..");
        if (ends.Length is not (1 or 2) || Component(ends[0]) is not { } first || Component(ends[^1]) is not { } last || last < first) return null;
        return (first, last);

        static int? Component(string word)
            => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int k) && k is >= 1 and <= MostComponents ? k : null;
    }

    private static string Fixed(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
