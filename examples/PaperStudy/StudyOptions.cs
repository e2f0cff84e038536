using System.Globalization;

namespace FlowDsl.Examples;

/// <summary>What the command line says.</summary>
/// <param name="Command">The study; null for none.</param>
/// <param name="Json">Whether figures are printed as JSON.</param>
/// <param name="Full">Whether the paper's own widths and numbers of steps are taken.</param>
/// <param name="Seeds">Trainings of each student; null for the study's own number.</param>
/// <param name="Steps">Steps of a training; null for the study's own number.</param>
/// <param name="Segments">The only number of segments of grids; null for 4, 8 and 16.</param>
/// <param name="Samples">Samples on which students are judged.</param>
/// <param name="Threads">The most threads; -1 for one a processor.</param>
/// <param name="Out">The folder of weights and checkpoints; null for none.</param>
internal sealed record StudyOptions(string? Command, bool Json, bool Full, int? Seeds, int? Steps, int? Segments, int Samples, int Threads, string? Out)
{
    public static readonly string[] Commands = ["compose", "grids", "corrected", "onestep", "score"];

    public const string Usage =
        """
        The experiments of arXiv:2606.03820, with a budget of minutes; the published figures are printed beside.

        dotnet run -c Release --project examples/PaperStudy -- COMMAND [options]

          compose     trains our best composition of 8 segments, and the same on the uniform grid
          grids       the paper's students on four grids, in 4, 8 and 16 segments
          corrected   students that correct responsibilities on the same grids, in 8 segments
          onestep     one-step maps under bounds of the weights, against a converged reference
          score       networks for the score at fixed times, of growing width

          --json         prints figures as JSON
          --full         takes the paper's widths and steps: hours
          --seeds N      trainings of each student, 1 to 100; score takes one
          --steps N      steps of each training, 1 to 1000000
          --segments N   4, 8 or 16: of grids, only compositions of as many
          --samples N    samples on which students are judged, 1000 to 1000000; 50000 by default
          --threads N    the most threads; one a processor by default
          --out FOLDER   where weights are saved, and checkpoints from which an interrupted training goes on; not of score
        """;

    /// <exception cref="ArgumentException">An option is unknown, has no value or not a valid one.</exception>
    public static StudyOptions Parse(string[] args)
    {
        var options = new StudyOptions(null, false, false, null, null, null, 50_000, -1, null);
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i];
            options = name switch
            {
                "--json" => options with { Json = true },
                "--full" => options with { Full = true },
                "--seeds" => options with { Seeds = Number(1, 100) },
                "--steps" => options with { Steps = Number(1, 1_000_000) },
                "--segments" => options with { Segments = Value() is "4" or "8" or "16" ? int.Parse(args[i], CultureInfo.InvariantCulture) : throw new ArgumentException($"{name} is '{args[i]}'; it must be 4, 8 or 16.") },
                "--samples" => options with { Samples = Number(1000, 1_000_000) },
                "--threads" => options with { Threads = Number(1, 1024) },
                "--out" => options with { Out = Value() },
                _ when options.Command is null && Commands.Contains(name) => options with { Command = name },
                _ => throw new ArgumentException($"'{name}' is no command and no option."),
            };

            string Value() => ++i < args.Length ? args[i] : throw new ArgumentException($"{name} needs a value.");

            int Number(int least, int greatest)
                => int.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= greatest
                    ? value
                    : throw new ArgumentException($"{name} is '{args[i]}'; it must be a whole number from {least} to {greatest}.");
        }
        return options;
    }
}
