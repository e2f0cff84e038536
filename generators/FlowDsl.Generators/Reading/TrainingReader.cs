using FlowDsl.Generators.Model;
using FlowDsl.Mathematics.Processes;

namespace FlowDsl.Generators.Reading;

/// <summary>Reads the training steps that attributes of networks and of processes declare.</summary>
internal static class TrainingReader
{
    /// <summary>The training steps as declared.</summary>
    /// <param name="values">The attribute's arguments.</param>
    /// <param name="schedule">Its name for the schedule.</param>
    /// <param name="steps">Its name for the number of steps.</param>
    /// <param name="usual">The schedule without an argument and without betas.</param>
    public static TrainingSpec Read(AttributeValues values, string schedule, string steps, NoiseSchedule usual)
    {
        EquatableArray<double> betas = values.Doubles("Betas");
        return new TrainingSpec(
            (NoiseSchedule)values.Enum(schedule, (int)(betas.Count > 0 ? NoiseSchedule.Process : usual)),
            values.Int32(steps, UsualBetas.Steps),
            values.Has("BetaStart") ? values.Double("BetaStart", double.NaN) : null,
            values.Has("BetaEnd") ? values.Double("BetaEnd", double.NaN) : null,
            betas);
    }
}
