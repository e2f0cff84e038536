namespace FlowDsl.Hosting;

/// <summary>What part of a published protocol is run.</summary>
/// <param name="Share">The share of the published number of steps, in (0, 1].</param>
/// <param name="Trials">The trials of each cell, 1 or more.</param>
public sealed record StudyBudget(double Share, int Trials);
