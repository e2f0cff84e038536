using BenchmarkDotNet.Running;
using FlowDsl.Benchmarks;

// "ratios" is the quick comparison behind README's table; anything else goes to BenchmarkDotNet.
if (args is ["ratios", ..]) return Ratios.Run(args.AsSpan(1));
BenchmarkSwitcher.FromAssembly(typeof(Ratios).Assembly).Run(args);
return 0;
