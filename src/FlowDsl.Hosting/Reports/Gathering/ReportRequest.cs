namespace FlowDsl.Hosting.Reports.Gathering;

/// <summary>What a report is asked to hold.</summary>
/// <param name="Count">The samples that samplers are compared on.</param>
/// <param name="Seed">The seed of their starts.</param>
/// <param name="Date">When it is made.</param>
/// <param name="ShortName">The model's name as short as commands take it.</param>
internal sealed record ReportRequest(long Count, ulong Seed, DateTimeOffset Date, string ShortName);
