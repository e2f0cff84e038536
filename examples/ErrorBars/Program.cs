using FlowDsl;
using FlowDsl.Examples;

const string Usage = "Usage: dotnet run -c Release --project examples/ErrorBars -- [--count N, 1000 to 1000000; 10000] [--out FILE.png]";
const double Margin = 0.15, FlowMapError = 1e-9;
(int count, string? path) = (10_000, null);
for (int i = 0; i < args.Length; i += 2)
{
    if (args[i] == "--out" && i + 1 < args.Length) path = args[i + 1];
    else if (args[i] != "--count" || i + 1 == args.Length || !int.TryParse(args[i + 1], out count) || count is < 1000 or > 1_000_000)
    {
        Console.Error.WriteLine($"'{string.Join(' ', args[i..])}' is no valid option.\n{Usage}");
        return 2;
    }
}

// The same samples as without errors, bit for bit, and an error bar for each.
GaussianMixtureModel model = GaussianMixtureModel.From<Clusters>();
float[] starts = FlowSampling.DrawPrior<float>(model, count, seed: 1), samples = [.. starts];
var errors = new FlowError[count];
Clusters.Fast.Integrate(samples, errors);

// The truth, which nobody has who needs an error bar: the exact flow map from the same starts.
double[] exact = Array.ConvertAll(starts, value => (double)value);
model.FlowMaps(model.Process.Horizon, model.Process.EarlyStop, exact);
double[] truth = Distances(samples);

SamplerDescriptor sampler = Clusters.Fast.Descriptor;
Console.WriteLine($"{count} samples by {sampler.Solver} in {sampler.SegmentCount} steps, float");
double[] ratios = [.. errors.Select((error, i) => error.Estimate / truth[i]).Order()];
Console.WriteLine($"  estimated / true error: median {ratios[count / 2]:F3}, "
    + $"within a factor of 2 for {Share(ratios.Count(ratio => ratio is >= 0.5 and <= 2))}");

// Bounds are proved for each sample, and cost more: here of the first thousand.
const int Proved = 1000;
float[] certified = starts[..(2 * Proved)];
var bounds = new FlowError[Proved];
Clusters.Certified.Integrate(certified, bounds);
int[] order = [.. Enumerable.Range(0, Proved).OrderBy(i => truth[i])];
int violated = order.Count(i => bounds[i].Bound < truth[i] - FlowMapError);
double median = order.Select(i => bounds[i].Bound / truth[i]).Order().ElementAt(Proved / 2);
Console.WriteLine($"  bounds of {Proved} samples: {violated} violated, median bound / true error {median:F4}");
Console.WriteLine($"\n  {"sample",8} {"true error",12} {"estimate",12} {"bound",12} {"branch margin",14}");
foreach (double quantile in new[] { 0.01, 0.25, 0.5, 0.75, 0.95, 0.99, 1 })
{
    int i = order[(int)(quantile * (Proved - 1))];
    Console.WriteLine($"  {i,8} {truth[i],12:0.00E+0} {bounds[i].Estimate,12:0.00E+0} {bounds[i].Bound,12:0.00E+0} {bounds[i].BranchMargin,14:F3}");
}

// Samples that passed close to a border between two modes may be in the wrong one: these are integrated again, more finely.
float[] repaired = Clusters.Fast.Sample(count, seed: 1, new SamplingOptions { Repair = Repair.Flagged, RepairMargin = Margin });
double[] after = Distances(repaired);
double half = 0.5 * MinDistance(), size = exact.Sum(value => value * value);
Console.WriteLine($"\nRepair: {Share(errors.Count(error => error.BranchMargin < Margin))} of the samples "
    + $"have a branch margin below {Margin} and are integrated again");
Console.WriteLine($"  in another mode: {truth.Count(error => error > half)} before, {after.Count(error => error > half)} after");
Console.WriteLine($"  relative MSE: {truth.Sum(error => error * error) / size:0.00E+0} before, {after.Sum(error => error * error) / size:0.00E+0} after");

// Which step is to blame?
Console.WriteLine("\nError budget of 1000 samples:");
ErrorBudget.Measure<Clusters.Fast, float>(1000, seed: 2).WriteTable(Console.Out);

if (path is null)
{
    Console.WriteLine("\nNo picture: --out FILE.png draws the samples in the colours of their estimated errors.");
    return 0;
}
Picture.Save(path, starts, samples, [.. errors.Select(error => error.Estimate)]);
Console.WriteLine($"\nWrote {Path.GetFullPath(path)}.");
return 0;

double[] Distances(float[] ends)
    => [.. Enumerable.Range(0, count).Select(i => double.Hypot(ends[2 * i] - exact[2 * i], ends[2 * i + 1] - exact[2 * i + 1]))];

double MinDistance()
    => (from left in model.Mixture.Means
        from right in model.Mixture.Means
        where left != right
        select double.Hypot(left[0] - right[0], left[1] - right[1])).Min();

string Share(int part) => ((double)part / count).ToString("P2");
