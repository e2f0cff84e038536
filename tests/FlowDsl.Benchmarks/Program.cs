using BenchmarkDotNet.Running;
using FlowDsl.Benchmarks;

// "figures" brings README and docs up to date with docs/results, where the commands write what they measured;
// "ratios" is the comparison of docs/benchmarks/speed.md, "generator" what models cost a build, "costs" the same for one workload,
// "rooms" where the generator spends its time, "old-faithful" README's table of samplers, "commands" how long README's two commands take,
// "tracking" what reported errors are worth, "dense" how much of a core's peak the kernels of dense layers reach, "training" what a training step and a
// forward pass of a student take, "flows" how much faster the exact flow of many points is than by points, "accuracy" the time for a sample as exact as
// asked for, "scaling" how it grows, "maps" what flow maps prove and how fast they are, "data" how fast samples of a data set's exact score are,
// "boxes" whether tables in two dimensions pay, "bespoke" how exact solvers that are found are, "tuning" what a longer search for them gains,
// "law" what calls with log-densities cost and tell,
// "files" how fast samples come to the disk; anything else goes to BenchmarkDotNet.
switch (args)
{
    case ["figures"]:
        Console.WriteLine(FigurePages.Write() is { Count: > 0 } changed ? $"Written: {string.Join(", ", changed)}." : "All pages are up to date.");
        return 0;
    case ["ratios", ..]: return Ratios.Run(args.AsSpan(1));
    case [AccuracyFigures.Command, ..]: return AccuracyFigures.Run(args.AsSpan(1));
    case [ScalingFigures.Command, ..]: return ScalingFigures.Run(args.AsSpan(1));
    case [OldFaithfulFigures.Command, ..]: return OldFaithfulFigures.Run(args.AsSpan(1));
    case [CommandTimes.Command, ..]: return CommandTimes.Run(args.AsSpan(1));
    case [GeneratorCosts.Command, ..]: return GeneratorCosts.Run(args.AsSpan(1));
    case [RoomTimes.Command]: return RoomTimes.Run();
    case [DenseFigures.Command, ..]: return DenseFigures.Run(args.AsSpan(1));
    case [TrainingFigures.Command, ..]: return TrainingFigures.Run(args.AsSpan(1));
    case [FlowFigures.Command, ..]: return FlowFigures.Run(args.AsSpan(1));
    case [MapFigures.Command, ..]: return MapFigures.Run(args.AsSpan(1));
    case [DataFigures.Command, ..]: return DataFigures.Run(args.AsSpan(1));
    case [BoxFigures.Command, ..]: return BoxFigures.Run(args.AsSpan(1));
    case [BespokeFigures.Command, ..]: return BespokeFigures.Run(args.AsSpan(1));
    case [TuningFigures.Command, ..]: return TuningFigures.Run(args.AsSpan(1));
    case [LawFigures.Command, ..]: return LawFigures.Run(args.AsSpan(1));
    case [FileFigures.Command, ..]: return FileFigures.Run(args.AsSpan(1));
    case [TrackingFigures.Command, ..]: return TrackingFigures.Run(args.AsSpan(1));
    case [WorkloadCosts.Command, var key]: return WorkloadCosts.Run(key);
}
// In this process: BenchmarkDotNet's own build of the project sends every target framework of FlowDsl.Mathematics to one folder.
BenchmarkSwitcher.FromAssembly(typeof(Ratios).Assembly).Run([.. args, "--inProcess"]);
return 0;
