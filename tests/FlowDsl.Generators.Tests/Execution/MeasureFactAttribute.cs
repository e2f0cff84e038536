namespace FlowDsl.Generators.Tests;

/// <summary>A measurement: run where FLOWDSL_MEASURE=1 asks for it, each alone in its process for times of a cold start.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MeasureFactAttribute : FactAttribute
{
    public MeasureFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("FLOWDSL_MEASURE") != "1") Skip = "Set FLOWDSL_MEASURE=1 to measure.";
    }
}
