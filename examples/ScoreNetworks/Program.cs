using FlowDsl;
using FlowDsl.Analysis;
using FlowDsl.Examples;

// --out FILE.png draws the growth; --onnx FILE.onnx saves the ring's network for another runtime.
string? picture = null, onnx = null;
for (int i = 0; i < args.Length; i += 2)
{
    string? value = i + 1 < args.Length ? args[i + 1] : null;
    if (args[i] is not ("--out" or "--onnx") || value is null)
    {
        Console.Error.WriteLine(args[i] is "--out" or "--onnx" ? $"{args[i]} needs a file." : $"There is no option '{args[i]}'; there are --out FILE.png and --onnx FILE.onnx.");
        return 2;
    }
    if (args[i] == "--out") picture = value;
    else onnx = value;
}

Growth.Row[] timed = [.. Growth.WithAccuracy(null)], fixedTime = [.. Growth.WithAccuracy(0.3)];
Write("Ring of 8, in (x, t), L2(p_t) at 20 times", timed);
Write("Ring of 8, at t = 0.3", fixedTime);
Write("Modes on a circle, accuracy 1E-4", Growth.WithComponents());
Write("Four modes in d dimensions, accuracy 1E-4", Growth.WithDimension());
Write("Two modes of small variance, accuracy 1E-4", Growth.WithVariance());
if (picture is not null) Picture.Save(picture, timed, fixedTime);

// The paper's table: relative mean squared errors of trained networks, four hidden layers of a width, beside networks by construction.
GaussianMixtureModel paper = GaussianMixtureModel.Of<PaperMixture>();
Console.WriteLine("The paper's mixture, d = 64, K = 20: relative mean squared error of the score at a time\n");
Console.WriteLine($"{"",34} {"weights",9} {string.Join(" ", PaperTimes().Select(t => $"{$"t = {t}",9}"))}");
foreach (IGrouping<int, Published.Score> row in Published.Results.Scores.GroupBy(score => score.Width))
    Console.WriteLine($"{$"trained, 4 × {row.Key} (published)",-34} {64 * row.Key * 2 + 3 * row.Key * row.Key + 4 * row.Key + 64,9} {string.Join(" ", row.Select(score => $"{score.RelativeMse,9:0.0E0}"))}");
foreach (double accuracy in new[] { 1, 1e-2, 1e-4, 1e-6 })
{
    ScoreNetwork[] networks = [.. PaperTimes().Select(t => ScoreNetwork.Build(paper.Mixture, paper.Process, new ScoreNetworkOptions(accuracy, 2, t)))];
    Console.WriteLine($"{$"constructed for one time, ε = {accuracy:0E0}",-34} {networks.Max(network => network.Layers.NonZeros),9} {string.Join(" ", networks.Select(network => $"{Relative(network, network.Options.Time!.Value),9:0.0E0}"))}");
    ScoreNetwork all = ScoreNetwork.Build(paper.Mixture, paper.Process, new ScoreNetworkOptions(accuracy));
    Console.WriteLine($"{$"constructed for all times, ε = {accuracy:0E0}",-34} {all.Layers.NonZeros,9} {string.Join(" ", PaperTimes().Select(t => $"{Relative(all, t),9:0.0E0}"))}");
}

// A sampler with the network's score: its estimates have the network's error in them.
const int Count = 5000;
double[] starts = FlowSampling.DrawPrior<double>(GaussianMixtureModel.Of<Ring>(), Count, seed: 1), exact = [.. starts];
var errors = new FlowError[Count];
Ring.ByNetwork.Integrate(starts, errors);
Ring.Exact.Integrate(exact);
double[] moved = [.. Enumerable.Range(0, Count).Select(i => double.Hypot(starts[2 * i] - exact[2 * i], starts[2 * i + 1] - exact[2 * i + 1])).Order()];
Console.WriteLine($"\n{Count} samples by the network's score: median distance {moved[Count / 2]:0.0E0} from those by the exact one, {moved[Count * 99 / 100]:0.0E0} for 99 %;");
Console.WriteLine($"forecast {Ring.ByNetwork.Descriptor.ScoreError:0.0E0} (r.m.s.); median estimate of all errors {errors.Select(error => error.Estimate).Order().ElementAt(Count / 2):0.0E0}");
if (onnx is not null) File.WriteAllBytes(onnx, Ring.Net.Descriptor.ToOnnx());
return 0;

static double[] PaperTimes() => [0.1, 0.3, 0.5, 0.7, 0.9];

double Relative(ScoreNetwork network, double t)
{
    (double error, double score) = Measurement.At(network, paper, t, 500);
    return error * error / (score * score);
}

static void Write(string title, IEnumerable<Growth.Row> rows)
{
    Console.WriteLine($"{title}\n\n{"",-9} {"error",9} {"guarantee",9} {"depth",6} {"width",6} {"non-zeros",9}");
    foreach (Growth.Row row in rows) Console.WriteLine($"{row.Name,-9} {row.Error,9:0.0E0} {row.Guarantee,9:0.0E0} {row.Depth,6} {row.Width,6} {row.NonZeros,9}");
    Console.WriteLine();
}
