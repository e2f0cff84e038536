using FlowDsl.Mathematics;

namespace FlowDsl.Hosting.Schedules;

/// <summary>The training steps at which a pipeline evaluates its network: one for each step of a sampler, where the step starts.</summary>
/// <param name="Values">Whole numbers, decreasing.</param>
/// <param name="Merged">How many steps fell on the training step of the one before, and are left out.</param>
/// <param name="Clamped">How many noise levels lie beyond the schedule's, and stand at its end.</param>
internal sealed record Timesteps(ImmutableArray<int> Values, int Merged, int Clamped)
{
    /// <summary>The training steps of a sampler's noise levels.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="sigmas">s/a at the sampler's N + 1 times; the last one, where sampling ends, is no start of a step.</param>
    public static Timesteps Of(TrainingSchedule schedule, IReadOnlyList<double> sigmas)
    {
        int[] nearest = [.. sigmas.SkipLast(1).Select(sigma => (int)Math.Round(schedule.TimeOf(sigma), MidpointRounding.ToEven))];
        int[] distinct = [.. nearest.Distinct()];
        // Times of one level to ten digits are the level itself.
        const double tolerance = 1e-10;
        double least = schedule.Sigmas[0] * (1 - tolerance), greatest = schedule.Sigmas[^1] * (1 + tolerance);
        return new Timesteps([.. distinct], nearest.Length - distinct.Length, sigmas.SkipLast(1).Count(sigma => sigma < least || sigma > greatest));
    }
}
