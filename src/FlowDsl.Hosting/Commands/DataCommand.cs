using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using FlowDsl.Data;
using FlowDsl.Hosting.Files;
using FlowDsl.Hosting.Output;
using FlowDsl.Mathematics.Files;
using FlowDsl.Mathematics.Mixtures;

namespace FlowDsl.Hosting.Commands;

/// <summary>Measures a data set whose rows are to be the components of a mixture, and writes its plan.</summary>
internal sealed class DataCommand : HostCommand
{
    private const string Ending = ".npy";

    private readonly Argument<string> _data = new("DATA")
    {
        Description = "The rows: a .npy file of shape (n, d), or a .csv or .parquet file, of which a .npy file is made beside it.",
    };

    private readonly Option<bool> _force = new("--force") { Description = "Replace files that exist." };

    public DataCommand(HostContext context)
        : base(
            context, "data", "Measure a data set whose rows are the components of a mixture, and write the plan that the generator reads.", "data fashion.npy")
    {
        Arguments.Add(_data);
        Options.Add(_force);
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        string given = arguments.GetRequiredValue(_data), path = Path.ChangeExtension(given, Ending), planPath = Path.ChangeExtension(given, DataPlan.Suffix);
        bool replaces = arguments.GetValue(_force);
        if (!given.EndsWith(Ending, StringComparison.OrdinalIgnoreCase)) Convert(given, path, replaces);
        // Before the work, so that it is not lost.
        using var file = new OutputFile(planPath, replaces);
        var data = EmpiricalMixture.Load(path, variance: 1);
        DataMoments moments = data.Measured;
        double[] nearest = DataStatistics.Nearest(data.Directions, cancellationToken);
        ImmutableArray<double> distances = nearest.Length == 0 ? [0, 0, 0] : [nearest[0], nearest[nearest.Length / 2], nearest[^1]];
        var plan = new DataPlan(data.Sha256!, moments, distances);
        file.Guard(() => file.Stream.Write(Encoding.UTF8.GetBytes(plan.Write())));
        file.Commit();
        if (IsJson(arguments))
        {
            Console.Json(new JsonObject
            {
                ["rows"] = data.Count,
                ["dimension"] = data.Dimension,
                ["sha256"] = data.Sha256,
                ["radius"] = JsonNumber.Of(moments.Radius),
                ["nearestDistances"] = JsonNumber.Array(distances),
                ["data"] = path,
                ["plan"] = planPath,
            });
            return;
        }
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{data.Count} rows of {data.Dimension} values; "
                + $"no row is farther than {moments.Radius:G4} from the mean, and half are within {distances[1]:G4} of another."));
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Wrote {planPath}: [GaussianMixture({data.Dimension}, Data = \"{Path.GetFileName(path)}\", Variance = …)]."));
    }

    private static void Convert(string from, string to, bool replaces)
    {
        DataTable table = DataTable.Read(from);
        using var file = new OutputFile(to, replaces);
        file.Guard(() =>
        {
            file.Stream.Write(NpyFile.Header(new SampleColumns(table.Columns.Length, Precision.Double, HasErrors: false), table.RowCount));
            file.Stream.Write(MemoryMarshal.AsBytes(table.Rows));
        });
        file.Commit();
    }
}
