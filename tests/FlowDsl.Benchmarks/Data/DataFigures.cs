using System.Diagnostics;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;

namespace FlowDsl.Benchmarks;

/// <summary>The command "data": samples of a data set's exact empirical score, beside a full scan of the data by OpenBLAS.</summary>
internal static class DataFigures
{
    public const string Command = "data";

    private const double DefaultVariance = 0.01;
    private const int Steps = 8, DefaultCount = 1024, DefaultRounds = 3, Checked = 4, PeakRounds = 31;

    // All but so little of the weight.
    private const double LeftOut = 1e-6;

    private static readonly int[] s_lanes = [128, 256, 512], s_tiles = [512, 2048, 8192];

    public static int Run(ReadOnlySpan<string> arguments)
    {
        if (CommandOptions.Read(Command, arguments, ["--variance", "--count", "--rounds"], ["--data"]) is not { } options) return 2;
        string? file = options.Text("--data");
        if (file is null && !FashionFile.IsAvailable)
        {
            Console.Error.WriteLine(FashionFile.Advice);
            return 1;
        }
        DirectoryInfo folder = Directory.CreateTempSubdirectory("flowdsl-data-");
        try
        {
            if (file is null) FashionFile.Convert(file = Path.Combine(folder.FullName, "fashion.npy"));
            var results = options.Results(Machine.Description);
            var data = EmpiricalMixture.Load(file, options.Number("--variance", DefaultVariance));
            Measure(data, options.Count("--count", DefaultCount), options.Count("--rounds", DefaultRounds), results);
            options.Show(results);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        return 0;
    }

    private static void Measure(EmpiricalMixture data, int count, int rounds, ResultFile results)
    {
        var model = new GaussianMixtureModel(data, new OrnsteinUhlenbeckProcess());
        SamplerDescriptor descriptor = SamplerDescriptor.Create(model, Solver.Heun, model.CreateTimes(Grid.Auto, Steps));
        var program = FlowProgram.Create(model.Process, descriptor.Frame, descriptor.Solver, descriptor.Times);
        var sampler = new EmpiricalSampler(descriptor);
        double radius = data.Directions.Rows.Radius;
        ScanEvaluator? scan = BestScan(data, program);
        string scanned = scan is null ? "OpenBLAS or a C++ compiler is missing." : $"OpenBLAS: {scan}, the fastest of those tried.";
        results.Add(
            "setting",
            $"""
            {data.Count} rows of {data.Dimension} values, variance {data.Variance}; {descriptor.Solver} with {Steps} steps on
            {nameof(Grid)}.{nameof(Grid.Auto)}, {program.FunctionEvaluations} evaluations. {scanned}
            """);
        results.Add("speed", ["", "one thread", "two threads"], Speeds());
        results.Add("bound", Bound());
        results.Add(
            "evaluations",
            ["evaluation", "noise to signal", "rows with all but 1E-6 of the weight", "time", "share", "deviation", "OpenBLAS's"],
            Evaluations());

        // What evaluations that need all rows take at least.
        FormattableString Bound()
        {
            double density = data.Directions.Rows.Density, work = 2.0 * data.Count * data.Dimension, peak = 0;
            for (int round = 0; round < PeakRounds; round++) peak = Math.Max(peak, MultiplyAddPeak.WidestRate());
            return $"""
                {density:P0} of the values are kept. An evaluation that needs all of them takes {density * work / 1e6:F0} million multiply-adds a sample,
                of which one core does {peak / 1e9:F0} billion a second: {density * work / peak * 1e3:F2} ms.
                """;
        }

        IEnumerable<string[]> Speeds()
        {
            int[] threads = [1, 2];
            Dictionary<(bool IsOwn, int Threads), double> best = [];
            for (int round = 0; round < rounds; round++)
            {
                foreach (int most in threads)
                {
                    Keep(true, most, () => sampler.Sample(count, (ulong)round, new SamplingOptions { MaxThreads = most }));
                    if (scan is null) continue;
                    int lanes = scan.Lanes * most;
                    float[] starts = FlowSampling.DrawPrior<float>(model, (count + lanes - 1) / lanes * lanes, (ulong)round);
                    Keep(false, most, () => Scan(starts, most), starts.Length / data.Dimension);
                }
            }
            yield return Row("FlowDsl", true);
            if (scan is not null) yield return Row("full scan by OpenBLAS", false);

            // Whatever else the machine does makes a turn longer.
            void Keep(bool isOwn, int most, Action run, int? samples = null)
            {
                long began = Stopwatch.GetTimestamp();
                run();
                double rate = (samples ?? count) / Stopwatch.GetElapsedTime(began).TotalSeconds;
                Console.Error.WriteLine($"{(isOwn ? "FlowDsl" : "OpenBLAS")}, {most} threads: {rate:F1} samples/s");
                best[(isOwn, most)] = Math.Max(rate, best.GetValueOrDefault((isOwn, most)));
            }

            string[] Row(string name, bool isOwn) => [name, .. threads.Select(most => string.Create(null, $"{best[(isOwn, most)]:G3} samples/s"))];
        }

        void Scan(float[] states, int threads)
        {
            int block = scan!.Lanes * data.Dimension, next = -1;
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
            {
                var flow = new DataFlow(scan, program, data.Dimension);
                for (int index; (index = Interlocked.Increment(ref next)) < states.Length / block;) flow.Integrate(states.AsSpan(index * block, block));
            });
        }

        IEnumerable<string[]> Evaluations()
        {
            List<(MixtureField Field, float[] Points, double Seconds)> seen = [];
            var own = new OwnEvaluator(data, program.Steps.SelectMany(step => step.Stages).Select(stage => stage.Field));
            var flow = new DataFlow(own, program, data.Dimension) { Watch = (field, points, seconds) => seen.Add((field, points.ToArray(), seconds)) };
            float[] starts = FlowSampling.DrawPrior<float>(model, flow.Lanes, 1);
            // The first block is compiled on the way.
            flow.Integrate((float[])[.. starts]);
            seen.Clear();
            flow.Integrate(starts);
            double total = seen.Sum(evaluation => evaluation.Seconds);
            MixtureField[] means = [.. seen.Select(evaluation => MixtureField.PosteriorMean(evaluation.Field.Point))];
            own = new OwnEvaluator(data, means);
            for (int i = 0; i < seen.Count; i++)
            {
                (MixtureField _, float[] points, double seconds) = seen[i];
                (double rows, double[][] exact) = Exact(means[i], points, flow.Lanes);
                yield return
                [
                    $"{i + 1}", string.Create(null, $"{Math.Sqrt(means[i].Point.S2) / means[i].Point.A:G3}"), string.Create(null, $"{rows:G3}"),
                    string.Create(null, $"{1e3 * seconds / flow.Lanes:G3} ms"), string.Create(null, $"{seconds / total:P0}"),
                    Deviation(own, means[i], points, flow.Lanes, exact), scan is null ? "" : Deviation(scan, means[i], points, flow.Lanes, exact),
                ];
            }
        }

        // Sums over all rows in double precision, and the median number of rows that have nearly all of the weight.
        (double Rows, double[][] Means) Exact(in MixtureField mean, float[] points, int lanes)
        {
            (double t, double a, double slope) = (mean.Point.Time, mean.Point.A, mean.Axis.At(data.Variance));
            double[][] exact = new double[Checked][];
            int[] counts = new int[Checked];
            Parallel.For(0, Checked, i =>
            {
                double[] x = [.. Enumerable.Range(0, data.Dimension).Select(j => (double)points[j * lanes + i])], shares = new double[data.Count];
                double[] sum = Array.ConvertAll(x, value => slope * value), row = new double[data.Dimension];
                model.Responsibilities(t, x, shares);
                for (int k = 0; k < shares.Length; k++)
                {
                    if (shares[k] == 0) continue;
                    data.CopyRow(k, row);
                    for (int j = 0; j < row.Length; j++) sum[j] += (1 - slope * a) * shares[k] * row[j];
                }
                exact[i] = sum;
                Array.Sort(shares);
                double tail = 0;
                int left = 0;
                while ((tail += shares[left]) <= LeftOut) left++;
                counts[i] = data.Count - left;
            });
            return (Quantiles.Median(counts), exact);
        }

        // The largest distance of some samples' means from the exact ones, in units of the data's radius.
        string Deviation(IDataEvaluator evaluator, MixtureField mean, float[] points, int lanes, double[][] exact)
        {
            int d = data.Dimension;
            float[] x = new float[d * evaluator.Lanes];
            for (int j = 0; j < d; j++)
                for (int i = 0; i < evaluator.Lanes; i++) x[j * evaluator.Lanes + i] = points[j * lanes + i % lanes];
            float[] found = new DataFlow(evaluator, program, d).Evaluate(mean, x);
            double worst = 0;
            for (int i = 0; i < Checked; i++)
            {
                double square = 0;
                for (int j = 0; j < d; j++) square += Math.Pow(found[j * evaluator.Lanes + i] - exact[i][j], 2);
                worst = Math.Max(worst, Math.Sqrt(square) / radius);
            }
            return string.Create(null, $"{worst:0.0E+0}");
        }
    }

    private static ScanEvaluator? BestScan(EmpiricalMixture data, FlowProgram program)
    {
        if (!GemmPeer.IsAvailable || !CppCompiler.IsAvailable) return null;
        MixtureField field = program.Steps[0].Stages[0].Field;
        return ScanEvaluator.Variants(data, s_lanes, s_tiles).MinBy(scan =>
        {
            var flow = new DataFlow(scan, program, data.Dimension);
            float[] x = new float[data.Dimension * scan.Lanes];
            double seconds = Math.Min(Time(), Time());
            Console.Error.WriteLine($"OpenBLAS, {scan}: {1e3 * seconds:F2} ms a sample and evaluation");
            return seconds;

            double Time()
            {
                double began = ThreadTime.Seconds;
                flow.Evaluate(field, x);
                return (ThreadTime.Seconds - began) / scan.Lanes;
            }
        });
    }
}
