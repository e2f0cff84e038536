using System.Globalization;
using FlowDsl.Figures;
using FlowDsl.Hosting;

namespace FlowDsl.Examples;

/// <summary>
/// Whether a sampler repeats its training digits or draws new ones. A sample counts as memorised if its nearest training digit is nearer than a third of
/// the distance to the second nearest: T. Yoon, J. Y. Choi, S. Kwon and E. K. Ryu, "Diffusion probabilistic models generalize when they fail to
/// memorize", 2023.
/// </summary>
internal static class Memorisation
{
    private const int Count = 1000;
    private const double MemorisedRatio = 1.0 / 3;

    private static readonly double[] s_stops = [8, 4, 2, 1, 0.5, 0.25], s_fewStops = [4, 1, 0.25];

    private static readonly string[] s_columns =
    [
        "digits", "stopped at σ", "memorised", "memorised once denoised", "distance from training digits", "from held-out ones", "nearer to a training digit",
        "−log p of training digits, nats", "of held-out ones",
    ];

    /// <summary>Measures both mixtures at several early stops, and the held-out digits for comparison.</summary>
    public static ResultFile AtManyStops() => Measure(s_stops, s_fewStops);

    /// <summary>The same at the end of the samplers alone.</summary>
    public static ResultFile AtTheEnd() => Measure(s_stops[^1..], s_stops[^1..]);

    private static ResultFile Measure(double[] stops, double[] fittedStops)
    {
        double[] all = DataTable.Read(Path.Combine(AppContext.BaseDirectory, "digits.csv")).Rows.ToArray();
        double[] training = Half(all, 0), heldOut = Half(all, 1);
        var file = new ResultFile("dotnet run -c Release --project examples/Digits -- memorisation --write docs/results/digits.json", machine: null);
        file.Add("memorisation", s_columns,
        [
            .. Rows<TrainingHalf, TrainingHalf.ByHeart>("by the exact score of the training half", stops, training, heldOut),
            .. Rows<Learned, Learned.Fitted>("by the mixture fitted to it", fittedStops, training, heldOut),
            [.. Cells("held-out digits themselves", "", heldOut, heldOut, training, heldOut, areOthers: true), "", ""],
        ]);
        return file;
    }

    private static IEnumerable<string[]> Rows<TModel, TSampler>(string name, double[] stops, double[] training, double[] heldOut)
        where TModel : IGaussianMixture<TModel>
        where TSampler : IFlowSampler<TSampler, float>
    {
        double[] times = [.. TSampler.Descriptor.Times];
        float[] states = FlowSampling.DrawPrior<float>(TModel.Model, Count, seed: 1);
        int reached = 0;
        foreach (double stop in stops)
        {
            // Flow maps compose: the same samples go on from stop to stop.
            int segment = Array.IndexOf(times, stop);
            TSampler.Integrate(states, reached, segment - reached);
            reached = segment;
            double[] samples = Array.ConvertAll(states, value => (double)value), denoised = new double[samples.Length];
            int d = TModel.Dimension;
            Parallel.For(0, Count, i => TModel.PosteriorMean(stop, samples.AsSpan(i * d, d), denoised.AsSpan(i * d, d)));
            yield return
            [
                .. Cells(name, stop.ToString(CultureInfo.InvariantCulture), samples, denoised, training, heldOut, areOthers: false),
                NegativeLogDensity<TModel>(stop, training), NegativeLogDensity<TModel>(stop, heldOut),
            ];
        }
    }

    private static IEnumerable<string> Cells(
        string name, string stop, double[] samples, double[] denoised, double[] training, double[] heldOut, bool areOthers)
    {
        int d = Digits.Dimension, n = samples.Length / d, memorised = 0, denoisedMemorised = 0, nearer = 0;
        double fromTraining = 0, fromHeldOut = 0;
        for (int i = 0; i < n; i++)
        {
            if (IsMemorised(Neighbours.NearestTwo(training, samples.AsSpan(i * d, d)))) memorised++;
            var own = Neighbours.NearestTwo(training, denoised.AsSpan(i * d, d));
            if (IsMemorised(own)) denoisedMemorised++;
            double other = Neighbours.Nearest(heldOut, denoised.AsSpan(i * d, d), except: areOthers ? i : -1).Distance;
            if (own.First < other) nearer++;
            (fromTraining, fromHeldOut) = (fromTraining + own.First / n, fromHeldOut + other / n);
        }
        return [name, stop, Share(memorised), Share(denoisedMemorised), Distance(fromTraining), Distance(fromHeldOut), Share(nearer)];

        string Share(int count) => string.Create(CultureInfo.InvariantCulture, $"{count} of {n}");
    }

    private static bool IsMemorised((int Index, double First, double Second) own) => own.First < MemorisedRatio * own.Second;

    private static string NegativeLogDensity<TModel>(double stop, double[] digits)
        where TModel : IGaussianMixture<TModel>
    {
        int d = TModel.Dimension, n = digits.Length / d;
        double[] logs = new double[n];
        Parallel.For(0, n, i => logs[i] = TModel.LogDensity(stop, digits.AsSpan(i * d, d)));
        return (-logs.Average()).ToString("F0", CultureInfo.InvariantCulture);
    }

    private static string Distance(double value) => value.ToString("F2", CultureInfo.InvariantCulture);

    /// <summary>Every other digit.</summary>
    private static double[] Half(double[] digits, int first)
        => [.. digits.Chunk(Digits.Dimension).Where((_, i) => i % 2 == first).SelectMany(digit => digit)];
}
