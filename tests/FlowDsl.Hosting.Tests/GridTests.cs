using System.Globalization;
using System.Text.Json;
using FlowDsl.Hosting.Schedules;
using FlowDsl.Mathematics;
using FlowDsl.Tests.Hosted;

namespace FlowDsl.Tests;

/// <summary>Schedules in the units of Python's pipelines.</summary>
public class GridTests
{
    [Fact]
    public void TimesSigmasAndLogSnrAreThoseOfTheDescriptor()
    {
        SamplerDescriptor fast = TwoModes.Fast.Descriptor;
        Assert.Equal(fast.Times, Numbers("grid TwoModes.Fast"));
        Assert.Equal(fast.Times, Numbers("grid TwoModes.Fast --as times --json"));
        Assert.Equal(fast.Sigmas, Numbers("grid TwoModes.Fast --as sigmas"));
        Assert.Equal([.. fast.Sigmas.SkipLast(1), 0], Numbers("grid TwoModes.Fast --as Sigmas --final zero"));
        Assert.Equal([.. fast.Sigmas, 0], Numbers("grid TwoModes.Fast --as sigmas --final append"));
        Assert.Equal(fast.LogSnr, Numbers("grid TwoModes.Fast --as logsnr"));
        // Of x_t = e^-t x_0 + √(1 - e^-2t) ε: s/a = √(e^2t - 1).
        Assert.All(fast.Times.Zip(fast.Sigmas), pair => Assert.Equal(Math.Sqrt(Math.Exp(2 * pair.First) - 1), pair.Second, 1e-12 * pair.Second));
    }

    [Fact]
    public void ListIsOneOfPython()
    {
        string text = CommandLine.Run("grid Line.Straight --as sigmas").Done().Output;
        // a is 0 at the horizon of flow matching.
        Assert.StartsWith("[float('Infinity'), ", text, StringComparison.Ordinal);
        Assert.EndsWith("]\n", text, StringComparison.Ordinal);
    }

    /// <summary>α̅ and σ by the definition, straight from the papers and without the host's own code, and closed forms where there are some.</summary>
    [Theory]
    [InlineData("linear")]
    [InlineData("scaled_linear")]
    [InlineData("squaredcos_cap_v2")]
    public void TablesFollowTheDefinition(string name)
    {
        decimal product = 1;
        double[] expected = new double[1000];
        for (int i = 0; i < 1000; i++)
        {
            decimal beta = name switch
            {
                "linear" => 0.0001m + (0.02m - 0.0001m) * i / 999,
                "scaled_linear" => (decimal)Math.Pow(0.029154759474226504 + (0.10954451150103323 - 0.029154759474226504) * i / 999, 2),
                _ => (decimal)Math.Min(0.999, 1 - Cosine(i + 1) / Cosine(i)),
            };
            product *= 1 - beta;
            expected[i] = Math.Sqrt((double)(1 - product) / (double)product);
        }
        TrainingSchedule schedule = Schedule(name);
        Assert.Equal(1000, schedule.Sigmas.Count);
        for (int i = 0; i < 1000; i++) Assert.InRange(schedule.Sigmas[i] / expected[i], 1 - 1e-9, 1 + 1e-9);

        static double Cosine(int step) => Math.Pow(Math.Cos((step / 1000.0 + 0.008) / 1.008 * Math.PI / 2), 2);
    }

    /// <summary>What Stable Diffusion's users know by heart: σ from 0.0292 to 14.6146 (k-diffusion's sigma_min and sigma_max for it).</summary>
    [Fact]
    public void EndsAreTheKnownOnes()
    {
        TrainingSchedule stable = Schedule("scaled_linear");
        Assert.Equal(0.02917, stable.Sigmas[0], 5);
        Assert.Equal(14.6146, stable.Sigmas[^1], 4);
        // One step of β = 1e-4: σ = √(β/(1 - β)).
        Assert.Equal(Math.Sqrt(1e-4 / (1 - 1e-4)), Schedule("linear").Sigmas[0], 15);
        // No β is capped before the last, so α̅ = cos²(...)/cos²(...) telescopes.
        double signal = Math.Pow(Math.Cos((0.5 + 0.008) / 1.008 * Math.PI / 2) / Math.Cos(0.008 / 1.008 * Math.PI / 2), 2);
        Assert.Equal(Math.Sqrt((1 - signal) / signal), Schedule("squaredcos_cap_v2").Sigmas[499], 12);
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("scaled_linear")]
    [InlineData("squaredcos_cap_v2")]
    public void StepOfALevelIsTheStep(string name)
    {
        TrainingSchedule schedule = Schedule(name);
        for (int i = 0; i < 1000; i++) Assert.Equal(i, schedule.TimeOf(schedule.Sigmas[i]), 1e-9);
        // Half way in log σ.
        Assert.Equal(499.5, schedule.TimeOf(Math.Sqrt(schedule.Sigmas[499] * schedule.Sigmas[500])), 1e-9);
        Assert.Equal(0, schedule.TimeOf(schedule.Sigmas[0] / 2));
        Assert.Equal(999, schedule.TimeOf(double.PositiveInfinity));
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("scaled_linear")]
    [InlineData("squaredcos_cap_v2")]
    public void TimestepsAreTheNearestOfTheNoiseLevels(string name)
    {
        CommandLine.Outcome outcome = CommandLine.Run($"grid TwoModes.Fast --as timesteps --schedule {name} --json");
        Assert.Equal(0, outcome.Code);
        JsonElement json = JsonDocument.Parse(outcome.Output).RootElement;
        int[] steps = [.. json.GetProperty("values").EnumerateArray().Select(value => value.GetInt32())];
        Assert.Equal(name, json.GetProperty("schedule").GetString());
        TrainingSchedule schedule = Schedule(name);
        // Of each of the first N levels the step whose log σ is nearest.
        int[] expected = [.. TwoModes.Fast.Descriptor.Sigmas.SkipLast(1)
            .Select(sigma => Enumerable.Range(0, 1000).MinBy(i => Math.Abs(Math.Log(schedule.Sigmas[i]) - Math.Log(sigma)))).Distinct()];
        Assert.Equal(expected.Length, steps.Length);
        // Rounding in steps and in log σ may differ by one where the table bends.
        Assert.All(expected.Zip(steps), pair => Assert.InRange(pair.Second - pair.First, -1, 1));
        Assert.Equal(steps.OrderDescending(), steps);
        int clamped = TwoModes.Fast.Descriptor.Sigmas.SkipLast(1).Count(sigma => sigma > schedule.Sigmas[^1]);
        Assert.Equal(clamped, json.GetProperty("clamped").GetInt32());
        Assert.Equal(clamped > 0, outcome.Error.Contains("beyond", StringComparison.Ordinal));
    }

    [Fact]
    public void TimestepsThatFallTogetherAreMergedAndSaidSo()
    {
        TrainingSchedule schedule = Schedule("linear");
        double level = schedule.Sigmas[500];
        var timesteps = Timesteps.Of(schedule, [1e9, level * 1.00001, level, schedule.Sigmas[3], 0]);
        Assert.Equal([999, 500, 3], timesteps.Values.AsEnumerable());
        Assert.Equal((1, 1), (timesteps.Merged, timesteps.Clamped));
    }

    [Fact]
    public void FlowMatchingHasItsOwnTimes()
    {
        var json = CommandLine.Run("grid Line.Straight --as timesteps --json").Json();
        double[] times = [.. json.GetProperty("values").EnumerateArray().Select(value => value.GetDouble())];
        Assert.Equal("flow", json.GetProperty("schedule").GetString());
        Assert.Equal(4, times.Length);
        Assert.All(Line.Straight.Descriptor.Times.Zip(times), pair => Assert.Equal(pair.First, pair.Second, 14));
        Assert.All(json.GetProperty("scaled").EnumerateArray().Zip(times), pair => Assert.Equal(1000 * pair.Second, pair.First.GetDouble(), 12));
        // Another process meets the interpolant where the noise level is the same: t/(1 - t) = s/a.
        double[] other = Numbers("grid TwoModes.Fast --as timesteps --schedule flow");
        Assert.All(other.Zip(TwoModes.Fast.Descriptor.Sigmas), pair => Assert.Equal(pair.Second, pair.First / (1 - pair.First), 1e-10 * pair.Second));
    }

    [Theory]
    [InlineData("grid TwoModes.Fast --as minutes", "--as is 'minutes'", "times or sigmas or logsnr or timesteps")]
    [InlineData("grid TwoModes.Fast --final zero", "--final", "--as sigmas")]
    [InlineData("grid TwoModes.Fast --as sigmas --schedule linear", "--schedule", "--as timesteps")]
    [InlineData("grid TwoModes.Fast --as timesteps --schedule cosine", "--schedule is 'cosine'", "squaredcos_cap_v2")]
    [InlineData("grid TwoModes", "names no sampler")]
    public void BadUsageIsNamed(string words, params string[] expected) => CommandLine.Run(words).Fails(2, expected);

    private static TrainingSchedule Schedule(string name) => name switch
    {
        "linear" => TrainingSchedule.Linear(),
        "scaled_linear" => TrainingSchedule.ScaledLinear(),
        _ => TrainingSchedule.SquaredCosine(),
    };

    private static double[] Numbers(string words)
    {
        string text = CommandLine.Run(words).Done().Output;
        return text.StartsWith('{')
            ? [.. JsonDocument.Parse(text).RootElement.GetProperty("values").EnumerateArray().Select(value => value.GetDouble())]
            : [.. text.Trim().Trim('[', ']').Split(", ").Select(value => double.Parse(value, CultureInfo.InvariantCulture))];
    }
}
