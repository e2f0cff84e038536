namespace FlowDsl.Benchmarks;

/// <summary>The command "law": what a call with log-densities costs, and how well it tells the divergence of a sampler's law from the mixture's.</summary>
internal static class LawFigures
{
    public const string Command = "law";

    private const int DefaultCount = 100_000;

    // Of KL, at a confidence of 95 %.
    private const double Accuracy = 0.01;

    public static int Run(ReadOnlySpan<string> arguments)
    {
        if (CommandOptions.Read(Command, arguments, ["--count"]) is not { } options) return 2;
        int count = options.Count("--count", DefaultCount);
        Func<ILawSubject>[] subjects =
        [
            () => new LawSubject<Ring8.Heun8>("8 modes on a circle, Heun in 8 steps"),
            () => new LawSubject<LawRing8.Multistep12>("8 modes on a circle, DPM-Solver++(2M) in 12 steps"),
            () => new LawSubject<Grid25.Heun8>("5×5 modes on a grid, Heun in 8 steps"),
            () => new LawSubject<TwoFull.Heun8>("2 full covariances, Heun in 8 steps"),
            () => new LawSubject<LawLine.Heun8>("2 modes on the line, Heun in 8 steps", LawTruths.OnTheLine<LawLine.Heun8Double>),
            () => new LawSubject<LawGaussian.Heun8>("one Gaussian, Heun in 8 steps", LawTruths.OfGaussian<LawGaussian.Heun8>),
            () => new LawSubject<Paper64.Heun8>("20 modes, d = 64, Heun in 8 steps"),
            () => new LawSubject<LawPaper64.Multistep12>("20 modes, d = 64, DPM-Solver++(2M) in 12 steps"),
        ];
        var results = options.Results(Machine.Description);
        results.Add(
            "laws",
            [
                "mixture and sampler", "plain call", "with log-densities", $"KL from {count:N0} samples, nats", "its interval", "KL otherwise",
                "worth true samples",
            ],
            subjects.Select(subject => Told(subject().Row(count))));
        results.Add(
            "accuracy", ["mixture and sampler", "samples for ±1 %", "processor time", "KL, nats", "its interval"],
            subjects.Select(subject => Told(subject().Row(Accuracy))));
        options.Show(results);
        return 0;

        static string[] Told(string[] cells)
        {
            Console.Error.WriteLine(string.Join(" | ", cells));
            return cells;
        }
    }
}
