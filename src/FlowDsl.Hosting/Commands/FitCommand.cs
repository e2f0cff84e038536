using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Files;
using FlowDsl.Hosting.Measurements;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Pictures;
using FlowDsl.Mathematics;
using FlowDsl.Metrics;

namespace FlowDsl.Hosting.Commands;

/// <summary>Fits mixtures to data and keeps the best one as a mixture file.</summary>
internal sealed class FitCommand : HostCommand
{
    private const string Ending = ".mixture.json";
    private const int MostComponents = 10_000;

    // Of columns that are named one by one.
    private const int MostNames = 8;

    private readonly Argument<string> _data = new("DATA")
    {
        Description = "The points: a .csv file with a line of names, a .npy file of shape (n, d), or a .parquet file.",
    };
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
        "--select",
        "The criterion that chooses the number of components; heldout is the likelihood of points that a fit has not seen, in five folds",
        Criterion.Bic, ("bic", Criterion.Bic), ("aic", Criterion.Aic), ("heldout", Criterion.HeldOut));

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

    private readonly ValueOption<double> _floor = OptionValues.Positive(
        "--floor",
        "The smallest variance of a component along any direction, in squared units of the (standardised) columns; a millionth of their mean variance "
            + "by default",
        0, "0.5 or 1e-4");

    private readonly ValueOption<long> _restarts = OptionValues.Count("--restarts", "How often each fit starts anew", 1, 100_000, 10);
    private readonly ValueOption<ulong> _seed = OptionValues.Seed();
    private readonly Option<string?> _plot = new("--plot")
    {
        Description = "Draw the criterion against the number of components into a file that ends in .png or .svg.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _force = new("--force") { Description = "Replace files that exist." };

    public FitCommand(HostContext context)
        : base(
            context, "fit", "Fit Gaussian mixtures to points, choose the number of components, and write a mixture file that the generator reads.",
            "fit data.csv -k 2..12 --standardize --out Data.mixture.json")
    {
        Arguments.Add(_data);
        Option[] options = [_components, _covariance, _criterion, _columns, _standardize, _out, _plot, _floor, _restarts, _seed, _force];
        foreach (Option option in options) Options.Add(option);
    }

    private enum Criterion
    {
        Bic,
        Aic,
        HeldOut,
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        string? path = arguments.GetValue(_out);
        if (path is not null && !path.EndsWith(Ending, StringComparison.Ordinal))
            throw HostException.Usage($"'{path}' must end in {Ending}, by which the generator knows mixture files.");
        string? plot = arguments.GetValue(_plot);
        if (plot is not null) PictureFile.CheckName(plot);
        DataTable table = Read(arguments);
        Standardization? scaling = arguments.GetValue(_standardize) ? Standardization.Of(table) : null;
        // Before the work, so that it is not lost.
        using OutputFile? file = path is null ? null : new OutputFile(path, arguments.GetValue(_force));
        using PictureFile? picture = plot is null ? null : new PictureFile(plot, arguments.GetValue(_force));
        Fitted[] fits = Fit(scaling is null ? table.Rows.ToArray() : scaling.Apply(table.Rows), table.Columns.Length, arguments, cancellationToken);
        var chosen = new Choice(_criterion.In(arguments), fits);
        Mixture best = chosen.Best.Fit.Mixture;
        picture?.Write(isVector => CriterionPlot.Draw(chosen.Name, [.. fits.Select(fit => (fit.Fit.Mixture.Count, chosen.Value(fit)))], best.Count, isVector));
        if (file is not null)
        {
            string text = scaling is null ? MixtureJson.Write(best) : scaling.Write(best);
            file.Guard(() => file.Stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
            file.Commit();
        }
        if (IsJson(arguments)) PrintJson(table, scaling, fits, chosen, path, plot);
        else Print(table, scaling, fits, chosen, path, plot);
    }

    private DataTable Read(ParseResult arguments)
    {
        string path = arguments.GetRequiredValue(_data);
        if (!File.Exists(path)) throw new HostException($"There is no file '{path}'.");
        DataTable table = DataTable.Read(path);
        if (table.RowCount == 0) throw new HostException($"'{path}' has no points.");
        return arguments.GetValue(_columns) is { } names ? table.Select(names.Split(',', StringSplitOptions.TrimEntries)) : table;
    }

    private Fitted[] Fit(double[] rows, int dimension, ParseResult arguments, CancellationToken cancellationToken)
    {
        (int first, int last) = _components.In(arguments);
        var options = new FitOptions
        {
            CovarianceType = _covariance.In(arguments),
            Restarts = (int)_restarts.In(arguments),
            CovarianceFloor = _floor.In(arguments) is > 0 and var floor ? floor : null,
            Seed = _seed.In(arguments),
        };
        bool isHeldOut = _criterion.In(arguments) == Criterion.HeldOut;
        var fits = new List<Fitted>();
        Console.WithBar("fitting", "fits", last - first + 1, progress =>
        {
            for (int k = first; k <= last; k++)
            {
                try
                {
                    FitResult fit = GaussianMixtureFit.Fit(rows, dimension, k, options, cancellationToken: cancellationToken);
                    fits.Add(new Fitted(fit, isHeldOut ? HeldOutLikelihood.Measure(rows, dimension, k, options, cancellationToken) : null));
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

    private void Print(DataTable table, Standardization? scaling, Fitted[] fits, Choice chosen, string? path, string? plot)
    {
        bool isHeldOut = fits[0].HeldOut is not null;
        Console.Table(
            [
                "k", "parameters", "log-likelihood", "BIC", "AIC", .. isHeldOut ? ["held out, per point"] : Array.Empty<string>(), "steps", "converged",
                "at the floor", "<chosen",
            ],
            fits.Select(own => (string[])
            [
                OptionValues.Text(own.Fit.Mixture.Count), OptionValues.Text(own.Fit.ParameterCount), Fixed(own.Fit.LogLikelihood), Fixed(own.Fit.Bic),
                Fixed(own.Fit.Aic), .. own.HeldOut is { } unseen ? [$"{unseen}"] : Array.Empty<string>(), OptionValues.Text(own.Fit.Iterations),
                own.Fit.Converged ? "yes" : "no", OptionValues.Text(own.Fit.ComponentsAtFloor), own == chosen.Best ? chosen.Reason : "",
            ]));
        string scaled = scaling is null ? "" : ", each at mean 0 and variance 1";
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{table.RowCount} points of {Names(table)}{scaled}."));
        if (plot is not null) Console.Out.WriteLine($"Picture: {plot}.");
        if (path is null)
        {
            Console.Out.WriteLine(chosen.Best.Fit.Mixture.ToString().ReplaceLineEndings("\n"));
            return;
        }
        string attribute = string.Create(CultureInfo.InvariantCulture, $"[GaussianMixture({table.Columns.Length}, File = \"{Path.GetFileName(path)}\")]");
        Console.Out.WriteLine($"Wrote {path}: {attribute}.");
    }

    private void PrintJson(DataTable table, Standardization? scaling, Fitted[] fits, Choice chosen, string? path, string? plot)
        => Console.Json(new JsonObject
        {
            ["columns"] = new JsonArray([.. table.Columns.Select(name => (JsonNode)name)]),
            ["points"] = table.RowCount,
            ["columnMeans"] = scaling is null ? null : JsonNumber.Array(scaling.Means),
            ["columnDeviations"] = scaling is null ? null : JsonNumber.Array(scaling.Deviations),
            ["criterion"] = chosen.Word,
            ["chosen"] = chosen.Best.Fit.Mixture.Count,
            ["fits"] = new JsonArray([.. fits.Select(own => (JsonNode)new JsonObject
            {
                ["components"] = own.Fit.Mixture.Count,
                ["parameters"] = own.Fit.ParameterCount,
                ["logLikelihood"] = JsonNumber.Of(own.Fit.LogLikelihood),
                ["bic"] = JsonNumber.Of(own.Fit.Bic),
                ["aic"] = JsonNumber.Of(own.Fit.Aic),
                ["heldOutLogLikelihood"] = JsonNumber.Of(own.HeldOut?.Value),
                ["iterations"] = own.Fit.Iterations,
                ["converged"] = own.Fit.Converged,
                ["componentsAtFloor"] = own.Fit.ComponentsAtFloor,
            })]),
            ["mixture"] = JsonNode.Parse(MixtureJson.Write(chosen.Best.Fit.Mixture)),
            ["file"] = path,
            ["plot"] = plot,
        });

    private static (int First, int Last)? Range(string text)
    {
        string[] ends = text.Split("..");
        if (ends.Length is not (1 or 2) || Component(ends[0]) is not { } first || Component(ends[^1]) is not { } last || last < first) return null;
        return (first, last);

        static int? Component(string word)
            => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int k) && k is >= 1 and <= MostComponents ? k : null;
    }

    private static string Names(DataTable table)
        => table.Columns.Length > MostNames ? $"{table.Columns[0]} to {table.Columns[^1]}" : string.Join(", ", table.Columns);

    private static string Fixed(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>A fit, and how likely fits like it make points that they have not seen; null if nobody asked.</summary>
    private sealed record Fitted(FitResult Fit, MetricEstimate? HeldOut);

    /// <summary>The fit that a criterion chooses.</summary>
    private sealed class Choice(Criterion criterion, Fitted[] fits)
    {
        /// <summary>The best one; of equals the smallest.</summary>
        public Fitted Best { get; } = criterion == Criterion.HeldOut ? fits.MaxBy(own => Value(criterion, own))! : fits.MinBy(own => Value(criterion, own))!;

        /// <summary>The criterion for people.</summary>
        public string Name => criterion switch
        {
            Criterion.Bic => "BIC",
            Criterion.Aic => "AIC",
            _ => "held-out log-likelihood per point",
        };

        /// <summary>The criterion as the command line has it.</summary>
        public string Word => criterion switch
        {
            Criterion.Bic => "bic",
            Criterion.Aic => "aic",
            _ => "heldout",
        };

        /// <summary>Why the best one is.</summary>
        public string Reason => criterion == Criterion.HeldOut ? "most likely held out" : $"lowest {Name}";

        /// <summary>The criterion's value of a fit.</summary>
        public double Value(Fitted fit) => Value(criterion, fit);

        private static double Value(Criterion criterion, Fitted fit) => criterion switch
        {
            Criterion.Bic => fit.Fit.Bic,
            Criterion.Aic => fit.Fit.Aic,
            _ => fit.HeldOut!.Value.Value,
        };
    }
}
