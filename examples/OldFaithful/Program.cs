using System.Globalization;
using FlowDsl;
using FlowDsl.Examples;
using FlowDsl.Figures;
using FlowDsl.Mathematics;

using var cancellation = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    cancellation.Cancel();
};
try
{
    var options = Options.Parse(args);
    if (options.Help) Console.WriteLine(Options.Usage);
    else Run(options, cancellation.Token);
    return 0;
}
catch (ArgumentException error)
{
    Console.Error.WriteLine($"{error.Message}\n\n{Options.Usage}");
    return 2;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("\nCancelled.");
    return 130;
}

static void Run(Options options, CancellationToken cancellation)
{
    (string[] columns, double[] rows) = Csv.Read(Path.Combine(AppContext.BaseDirectory, "faithful.csv"));
    var scaling = Standardization.Of(columns, rows);
    FitResult fit = GaussianMixtureFit.Fit(scaling.Apply(rows), columns.Length, componentCount: 2, cancellationToken: cancellation);
    if (options.WriteTo is { } path)
    {
        File.WriteAllText(path, scaling.Write(fit.Mixture));
        Console.WriteLine($"Wrote {path}. Build again: the generator reads it at compile time.");
        return;
    }
    PrintFit(fit, scaling);

    Candidate[] candidates =
    [
        Candidate.Of<OldFaithful.HeunUniform>(), Candidate.Of<OldFaithful.Rk4Uniform>(),
        Candidate.Of<OldFaithful.HeunLogSnr>(), Candidate.Of<OldFaithful.Rk4LogSnr>(),
        Candidate.Of<OldFaithful.HeunStability>(), Candidate.Of<OldFaithful.Rk4Stability>(),
        Candidate.Of<OldFaithful.HeunExpected>(), Candidate.Of<OldFaithful.Rk4Expected>(),
        Candidate.Of<OldFaithful.HeunAngle>(), Candidate.Of<OldFaithful.Rk4Angle>(),
        Candidate.Of<OldFaithful.Dpm2M>(), Candidate.Of<OldFaithful.Dpm3M>(),
    ];
    PrintGrids(candidates);

    GaussianMixtureModel model = GaussianMixtureModel.From<OldFaithful>();
    float[] starts = FlowSampling.DrawPrior<float>(model, options.Samples, options.Seed, cancellationToken: cancellation);
    var exact = new ExactFlow(model, starts, cancellation);
    Candidate best = PrintComparison(candidates, starts, exact, options, cancellation);
    PrintSamples(best, starts, scaling, rows);
}

static void PrintFit(FitResult fit, Standardization scaling)
{
    Console.WriteLine($"Fit of 2 components to {fit.PointCount} eruptions, each column standardised:");
    for (int j = 0; j < scaling.Columns.Length; j++)
        Console.WriteLine($"  {scaling.Columns[j]}: (minutes - {scaling.Means[j]:F4}) / {scaling.Deviations[j]:F4}");
    Console.WriteLine($"  log-likelihood {fit.LogLikelihood:F4} after {fit.Iterations} iterations; in minutes {scaling.InvertLogLikelihood(fit.LogLikelihood, fit.PointCount):F4}");
    PrintMixture("standardised", fit.Mixture);
    PrintMixture("in minutes", scaling.Invert(fit.Mixture));
    // The generator read the stored file: the compiled model has its numbers bit for bit.
    bool same = MixtureJson.Write(fit.Mixture) == MixtureJson.Write(GaussianMixtureModel.From<OldFaithful>().Mixture);
    Console.WriteLine($"  The fit {(same ? "equals" : "DIFFERS FROM")} the stored OldFaithful.mixture.json{(same ? " bit for bit" : "; --write writes a new one")}.");
}

static void PrintMixture(string units, Mixture mixture)
{
    for (int k = 0; k < mixture.Count; k++)
        Console.WriteLine($"  component {k}, {units}: weight {mixture.Weights[k]:F4}, mean [{Join(mixture.Means[k])}], covariance [{Join(mixture.Covariances[k].Matrix)}]");

    static string Join(IEnumerable<double> values) => string.Join(", ", values.Select(value => value.ToString("F4")));
}

static void PrintGrids(Candidate[] candidates)
{
    Console.WriteLine("\nStep times, from the horizon to the early stop:");
    foreach (IGrouping<string, SamplerDescriptor> same in candidates.Select(c => c.Descriptor).GroupBy(d => $"{d.Grid}, {d.SegmentCount} steps"))
        Console.WriteLine($"  {same.Key,-27} {string.Join(" ", same.First().Times.Select(t => t.ToString("G3", CultureInfo.InvariantCulture)))}");
}

static Candidate PrintComparison(Candidate[] candidates, float[] starts, ExactFlow exact, Options options, CancellationToken cancellation)
{
    int cores = Environment.ProcessorCount;
    double[] oneCore = Candidate.MeasureThroughput(candidates, starts, 1, cancellation);
    double[] allCores = cores > 1 ? Candidate.MeasureThroughput(candidates, starts, cores, cancellation) : oneCore;
    Console.WriteLine($"\n{options.Samples} samples from seed {options.Seed}, against the exact flow map from the same starts:");
    Console.WriteLine($"  {"sampler",-14} {"NFE",4} {"million/s, 1 core",18} {$"million/s, {cores} cores",19} {"relative MSE",13} {"median error",13} {"99 % error",11} {"other mode",11}");
    var cells = new List<(SamplerDescriptor Sampler, string[] Row)>();
    (Candidate Candidate, double Error) best = (candidates[0], double.PositiveInfinity);
    for (int i = 0; i < candidates.Length; i++)
    {
        Candidate candidate = candidates[i];
        Accuracy accuracy = exact.Compare(candidate.Integrate(starts));
        SamplerDescriptor sampler = candidate.Descriptor;
        cells.Add((sampler,
        [
            $"{sampler.Solver}", $"{sampler.Grid}", $"{sampler.SegmentCount}", $"{sampler.FunctionEvaluations}", $"{oneCore[i] / 1e6:F1}",
            $"{accuracy.RelativeSquaredError:0.00E+0}", $"{accuracy.Median:0.00E+0}", $"{accuracy.OtherMode:P3}",
        ]));
        if (accuracy.RelativeSquaredError < best.Error) best = (candidate, accuracy.RelativeSquaredError);
        Console.WriteLine(
            $"  {candidate.Descriptor.Name,-14} {candidate.Descriptor.FunctionEvaluations,4} {oneCore[i] / 1e6,18:F1} {allCores[i] / 1e6,19:F1} "
            + $"{accuracy.RelativeSquaredError,13:0.00E+0} {accuracy.Median,13:0.00E+0} {accuracy.Percentile99,11:0.00E+0} {accuracy.OtherMode,11:P3}");
    }
    Console.WriteLine("  The few samples near the border of two modes carry the relative MSE; the median is the others' error.");
    if (options.ResultsTo is { } path)
    {
        string command = $"dotnet run -c Release --project examples/OldFaithful -- --samples {options.Samples} --seed {options.Seed} --results {path}";
        var results = new ResultFile(command, Machine.Description);
        results.Add(
            "samplers",
            ["solver", "grid", "steps", "NFE", "million samples/s, one core", "relative MSE", "median error", "end in another mode"],
            cells.OrderBy(cell => cell.Sampler.Solver).Select(cell => cell.Row));
        results.Write(path);
    }
    return best.Candidate;
}

static void PrintSamples(Candidate sampler, float[] starts, Standardization scaling, double[] rows)
{
    double[] samples = scaling.Invert([.. sampler.Integrate(starts).Select(value => (double)value)]);
    var drawn = Standardization.Of(scaling.Columns, samples);
    Console.WriteLine($"\nSamples of {sampler.Descriptor.Name}, which has the least relative MSE here, in minutes:");
    for (int j = 0; j < drawn.Columns.Length; j++)
        Console.WriteLine($"  {drawn.Columns[j],-9} mean {drawn.Means[j]:F2}, deviation {drawn.Deviations[j]:F2}; of the data: mean {scaling.Means[j]:F2}, deviation {scaling.Deviations[j]:F2}");
    Console.WriteLine($"  the first five: {string.Join("  ", Enumerable.Range(0, 5).Select(i => $"({samples[2 * i]:F2}, {samples[2 * i + 1]:F1})"))}");
}
