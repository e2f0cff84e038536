using BenchmarkDotNet.Running;
using FlowDsl.Benchmarks;

// "ratios" is the quick comparison behind README's table; anything else goes to BenchmarkDotNet.
if (args is ["ratios", ..]) return Ratios.Run(args.AsSpan(1));
// In this process: BenchmarkDotNet's own build of the project sends every target framework of FlowDsl.Analysis to one folder.
BenchmarkSwitcher.FromAssembly(typeof(Ratios).Assembly).Run([.. args, "--inProcess"]);
return 0;
