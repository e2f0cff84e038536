namespace FlowDsl.Benchmarks;

/// <summary>A sampler that is as exact as asked for, with the least steps.</summary>
/// <param name="Method">By what it is made.</param>
/// <param name="Solver">Its solver.</param>
/// <param name="Target">The accuracy asked for.</param>
/// <param name="Steps">N.</param>
/// <param name="Evaluations">Of the velocity, for a sample.</param>
/// <param name="Error">Its relative mean squared error.</param>
/// <param name="Contestant">The sampler, from the contest's starts.</param>
internal sealed record AccuracyEntry(string Method, string Solver, double Target, int Steps, int Evaluations, double Error, Contestant Contestant);
