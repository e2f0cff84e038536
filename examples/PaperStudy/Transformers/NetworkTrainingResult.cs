namespace FlowDsl.Examples.Transformers;

/// <summary>A trained network.</summary>
/// <param name="RelativeMse">Σ|ŷ - y|²/Σ|y|² over the evaluation's samples, y the teacher's end.</param>
/// <param name="Steps">The steps that were taken.</param>
/// <param name="Seconds">The time of all steps, those before an interruption included.</param>
/// <param name="Parameters">The parameters.</param>
internal sealed record NetworkTrainingResult(double RelativeMse, int Steps, double Seconds, IReadOnlyList<float> Parameters);
