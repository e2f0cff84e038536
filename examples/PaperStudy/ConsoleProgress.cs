using FlowDsl.Training;

namespace FlowDsl.Examples;

/// <summary>Keeps a line on the error stream up to date; where that is a file, writes one a few seconds.</summary>
internal sealed class ConsoleProgress(string name) : IProgress<TrainingProgress>
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private DateTime _last = DateTime.UtcNow;

    public void Report(TrainingProgress value)
    {
        bool isTerminal = !Console.IsErrorRedirected;
        if (!isTerminal && DateTime.UtcNow - _last < s_interval) return;
        _last = DateTime.UtcNow;
        string line = $"{name}: {value.Done:P0} done, segment {value.Segment} at {value.Phase} {value.Step}/{value.StepCount}, relative error {value.RelativeError:g3}, {(value.Remaining is { } left ? $"{left:hh\\:mm\\:ss}" : "?")} left";
        Console.Error.Write(isTerminal ? $"\r{line.PadRight(Math.Max(0, Math.Min(Console.WindowWidth - 1, 120)))}" : line + "\n");
        if (isTerminal && value.Done >= 1) Console.Error.WriteLine();
    }
}
