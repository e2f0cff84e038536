namespace FlowDsl;

/// <summary>The progress of a fit; reported before every step of expectation-maximisation and at the end of every restart.</summary>
/// <param name="Restart">The restart under way, from 0.</param>
/// <param name="Restarts">The number of restarts.</param>
/// <param name="Iteration">The steps done in this restart.</param>
/// <param name="LogLikelihood">The total log-likelihood after these steps, in nats.</param>
/// <param name="BestLogLikelihood">The highest total log-likelihood so far, including this restart, in nats.</param>
public readonly record struct FitProgress(int Restart, int Restarts, int Iteration, double LogLikelihood, double BestLogLikelihood);
