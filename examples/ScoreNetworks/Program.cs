using FlowDsl;
using FlowDsl.Examples;
using FlowDsl.Figures;

// --out FILE.png draws the growth; --onnx FILE.onnx saves the ring's network for another runtime; --write FILE.json keeps the tables of docs/benchmarks.
string? picture = null, onnx = null, results = null;
for (int i = 0; i < args.Length; i += 2)
{
    string? value = i + 1 < args.Length ? args[i + 1] : null;
    if (args[i] is not ("--out" or "--onnx" or "--write") || value is null)
    {
        Console.Error.WriteLine(args[i] is "--out" or "--onnx" or "--write"
            ? $"{args[i]} needs a file."
            : $"There is no option '{args[i]}'; there are --out FILE.png, --onnx FILE.onnx and --write FILE.json.");
        return 2;
    }
    if (args[i] == "--out") picture = value;
    else if (args[i] == "--onnx") onnx = value;
    else results = value;
}

Growth.Row[] timed = [.. Growth.WithAccuracy(null)], fixedTime = [.. Growth.WithAccuracy(0.3)];
Write("Ring of 8, in (x, t), L2(p_t) at 20 times", timed);
Write("Ring of 8, at t = 0.3", fixedTime);
Write("Modes on a circle, accuracy 1E-4", Growth.WithComponents());
Write("Four modes in d dimensions, accuracy 1E-4", Growth.WithDimension());
Write("Two modes of small variance, accuracy 1E-4", Growth.WithVariance());
if (picture is not null) Picture.Save(picture, timed, fixedTime);

// The paper's table: relative mean squared errors of trained networks, four hidden layers of a width, beside networks by construction.
PaperTable.Row[] rows = [.. PaperTable.Rows()];
Console.WriteLine("The paper's mixture, d = 64, K = 20, σ0 = 0.1: relative mean squared error of the score at a time\n");
Console.WriteLine($"{"",34} {"weights",10} {string.Join(" ", PaperTable.Times.Select(t => $"{$"t = {t}",9}"))}");
foreach (PaperTable.Row row in rows)
    Console.WriteLine($"{row.Network,-34} {row.Weights,10} {string.Join(" ", row.Errors.Select(error => $"{error,9:0.0E0}"))}");
Console.WriteLine($"\nTrained: {PaperTable.TrainedSetting}.\nConstructed: {PaperTable.ConstructedSetting}.");

// A sampler with the network's score: its estimates have the network's error in them.
const int Count = 5000;
double[] starts = FlowSampling.DrawPrior<double>(GaussianMixtureModel.From<Ring>(), Count, seed: 1), exact = [.. starts];
var errors = new FlowError[Count];
Ring.ByNetwork.Integrate(starts, errors);
Ring.Exact.Integrate(exact);
double[] moved = [.. Enumerable.Range(0, Count).Select(i => double.Hypot(starts[2 * i] - exact[2 * i], starts[2 * i + 1] - exact[2 * i + 1])).Order()];
Console.WriteLine($"\n{Count} samples by the network's score: median distance {moved[Count / 2]:0.0E0} from those by the exact one, "
    + $"{moved[Count * 99 / 100]:0.0E0} for 99 %;");
double median = errors.Select(error => error.Estimate).Order().ElementAt(Count / 2);
Console.WriteLine($"forecast {Ring.ByNetwork.Descriptor.ScoreError:0.0E0} (r.m.s.); median estimate of all errors {median:0.0E0}");
if (onnx is not null) File.WriteAllBytes(onnx, Ring.Net.Descriptor.ToOnnx());
if (results is not null)
{
    var file = new ResultFile("dotnet run -c Release --project examples/ScoreNetworks -- --write docs/results/score-networks.json", machine: null);
    file.Add(
        "ring",
        ["ring of 8 modes", "accuracy", "measured", "layers", "units of the widest", "weights and biases"],
        from part in new[] { (Name: "in (x, t)", Rows: timed), (Name: "at t = 0.3, for every x", Rows: fixedTime) }
        from row in part.Rows
        select new[] { part.Name, row.Name, $"{row.Error:0.0E0}", $"{row.Depth}", $"{row.Width}", $"{row.NonZeros}" });
    PaperTable.Add(file, rows);
    file.Write(results);
}
return 0;

static void Write(string title, IEnumerable<Growth.Row> rows)
{
    Console.WriteLine($"{title}\n\n{"",-9} {"error",9} {"guarantee",9} {"depth",6} {"width",6} {"non-zeros",9}");
    foreach (Growth.Row row in rows)
        Console.WriteLine($"{row.Name,-9} {row.Error,9:0.0E0} {row.Guarantee,9:0.0E0} {row.Depth,6} {row.Width,6} {row.NonZeros,9}");
    Console.WriteLine();
}
