using System.Text.Json;
using System.Text.Json.Serialization;
using FlowDsl.Examples;

StudyOptions options;
try
{
    options = StudyOptions.Parse(args);
}
catch (ArgumentException exception)
{
    Console.Error.WriteLine($"{exception.Message}\n\n{StudyOptions.Usage}");
    return 2;
}
if (options.Command is null)
{
    Console.WriteLine(StudyOptions.Usage);
    return 0;
}

// The first interruption ends the study; with --out its checkpoints stay, and the same command goes on from them.
using var interruption = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = !interruption.IsCancellationRequested;
    interruption.Cancel();
};
try
{
    switch (options.Command)
    {
        case "compose": Print(Compose.Run(options, interruption.Token), Compose.Write); break;
        case "grids": Print(Grids.Run(options, interruption.Token), Grids.Write); break;
        case "corrected": Print(Grids.RunCorrected(options, interruption.Token), Grids.Write); break;
        case "onestep": Print(OneSteps.Run(options, interruption.Token), OneSteps.Write); break;
        default: Print(Scores.Run(options, interruption.Token), Scores.Write); break;
    }
    return 0;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine(options.Out is null ? "\nInterrupted; with --out FOLDER a study goes on where it was." : $"\nInterrupted; the same command goes on from {options.Out}.");
    return 130;
}

void Print<T>(IEnumerable<T> run, Action<IReadOnlyList<T>> write)
{
    T[] figures = [.. run];
    if (!options.Json) write(figures);
    else Console.WriteLine(JsonSerializer.Serialize(figures, new JsonSerializerOptions { WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals }));
}
