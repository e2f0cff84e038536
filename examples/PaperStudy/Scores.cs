using FlowDsl.Training;

namespace FlowDsl.Examples;

/// <summary>Networks for the score at a fixed time.</summary>
internal static class Scores
{
    private static readonly double[] s_times = [0.1, 0.3, 0.5, 0.7, 0.9];

    public static IEnumerable<ScoreFigure> Run(StudyOptions study, CancellationToken token)
    {
        foreach (ScoreFigure figure in Run<ScoreNetworks.Width32>(study, token)) yield return figure;
        foreach (ScoreFigure figure in Run<ScoreNetworks.Width64>(study, token)) yield return figure;
        foreach (ScoreFigure figure in Run<ScoreNetworks.Width128>(study, token)) yield return figure;
        if (!study.Full) yield break;
        foreach (ScoreFigure figure in Run<ScoreNetworks.Width256>(study, token)) yield return figure;
        foreach (ScoreFigure figure in Run<ScoreNetworks.Width512>(study, token)) yield return figure;
    }

    public static void Write(IReadOnlyList<ScoreFigure> figures)
    {
        Published.Setting there = Published.Results.ScoreSetting;
        Console.WriteLine("Relative MSE of networks for the score at fixed times, four hidden layers, σ0 = 0.1; ours of one mixture and ReLU in all layers.");
        Console.WriteLine($"Published in brackets: {there.Mixture}; {there.Activation}; {there.Steps} steps; mean of {there.Trials} trials.\n");
        Console.WriteLine($"{"width",6} {string.Join(" ", s_times.Select(time => $"{$"t = {time} T",20}"))}");
        foreach (IGrouping<int, ScoreFigure> row in figures.GroupBy(figure => figure.Width))
            Console.WriteLine($"{row.Key,6} {string.Join(" ", row.Select(Cell))}");

        static string Cell(ScoreFigure figure) => $"{figure.RelativeMse,9:e1} {(figure.Published is { } published ? $"({published:e1})" : ""),10}";
    }

    private static IEnumerable<ScoreFigure> Run<TStudent>(StudyOptions study, CancellationToken token)
        where TStudent : IFlowStudent<TStudent>
    {
        GaussianMixtureModel model = TStudent.Student.Sampler.Model;
        var options = new TrainingOptions { Steps = study.Steps ?? (study.Full ? 20_000 : 1500), LearningRate = 1e-3, MaxThreads = study.Threads };
        foreach (double time in s_times)
        {
            int width = TStudent.Student.Shape.Width;
            TrainingResult result = StudentTraining.Fit<TStudent>(time, Score, "score", null, options, new ConsoleProgress($"width {width}, t = {time} T"), token);
            yield return new ScoreFigure(width, time, result.SegmentErrors[0], Published.Results.Scores.FirstOrDefault(row => row.Width == width && row.Time == time)?.RelativeMse);

            void Score(ReadOnlySpan<float> x, Span<float> y)
            {
                int d = model.Dimension;
                double[] point = new double[d], score = new double[d];
                for (int i = 0; i < x.Length; i += d)
                {
                    for (int j = 0; j < d; j++) point[j] = x[i + j];
                    model.Score(time, point, score);
                    for (int j = 0; j < d; j++) y[i + j] = (float)score[j];
                }
            }
        }
    }
}

/// <summary>A network for the score.</summary>
/// <param name="Width">The units of a hidden layer.</param>
/// <param name="Time">The time, in units of the horizon.</param>
/// <param name="RelativeMse">Σ|f(x) - ∇log p_t(x)|²/Σ|∇log p_t(x)|² on samples it was not trained with.</param>
/// <param name="Published">The published figure; null where there is none.</param>
internal sealed record ScoreFigure(int Width, double Time, double RelativeMse, double? Published);
