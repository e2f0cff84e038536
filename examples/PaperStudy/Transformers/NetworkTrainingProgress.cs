namespace FlowDsl.Examples.Transformers;

/// <summary>How far a training is.</summary>
/// <param name="Step">The steps taken.</param>
/// <param name="Steps">The steps to take.</param>
/// <param name="RelativeError">Σ|ŷ - y|²/Σ|y|² on the last batch, before its step.</param>
/// <param name="Seconds">The time so far.</param>
internal sealed record NetworkTrainingProgress(int Step, int Steps, double RelativeError, double Seconds);
