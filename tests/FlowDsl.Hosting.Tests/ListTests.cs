namespace FlowDsl.Tests;

/// <summary>The models that the generator registered, and how they are named.</summary>
public class ListTests
{
    [Fact]
    public void ListsEveryModelThatCanBeNamed()
    {
        string[] lines = CommandLine.Run("list").Done().Output.TrimEnd('\n').Split('\n');
        Assert.Equal(
            [
                "name", "Alone", "Bell.Direct", "Clover.Euler16", "Clover.Ddim16", "Clover.Heun4", "Clover.Heun12", "Clover.Dpm3M20", "Clover.Rk4x12",
                "Folding.Over", "Folding.Along", "Geyser.Fast", "Line.Straight", "Networked.OnNetwork", "Networked.Own", "Outer.Loud.Only",
                "Quintet.Edm18", "Quintet.Pupil", "Trained.Even", "TrainedOnBetas.Even", "TwoModes.Fast", "TwoModes.Coarse", "TwoModes.Precise",
                "TwoModes.Learned",
                "Wide.Own",
            ],
            lines.Select(line => line.TrimStart().Split(' ')[0].Replace("FlowDsl.Tests.Hosted.", "", StringComparison.Ordinal)));
        Assert.Contains("no weights", lines[^2], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.DoesNotContain('\e', line));
    }

    [Fact]
    public void JsonHasTheSameModels()
    {
        var models = CommandLine.Run("list --json").Json().GetProperty("models");
        Assert.Equal(13, models.GetArrayLength());
        var two = models[11];
        Assert.Equal("FlowDsl.Tests.Hosted.TwoModes", two.GetProperty("name").GetString());
        Assert.Equal((2, 2), (two.GetProperty("dimension").GetInt32(), two.GetProperty("components").GetInt32()));
        var fast = two.GetProperty("samplers")[0];
        Assert.Equal(("Fast", "Heun", "Angle", 8, 16, "float"), (
            fast.GetProperty("name").GetString(), fast.GetProperty("solver").GetString(), fast.GetProperty("grid").GetString(),
            fast.GetProperty("steps").GetInt32(),
            fast.GetProperty("functionEvaluations").GetInt32(), fast.GetProperty("precision").GetString()));
        Assert.Equal(
            Hosted.TwoModes.Fast.Descriptor.Forecast!.RelativeMeanSquaredError, fast.GetProperty("forecastRelativeMeanSquaredError").GetDouble());
    }

    [Fact]
    public void ProgramWithoutModelsSaysSo()
    {
        using StringWriter output = new(), error = new();
        Hosting.Commands.HostContext context = new(new Hosting.Output.HostConsole(output, error), static () => []);
        Assert.Equal(0, Hosting.FlowHost.Run(["list"], context, CancellationToken.None));
        Assert.Contains("no generated model", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Which command?", "list")]
    [InlineData("lits", "'lits'", "did you mean 'list'?")]
    [InlineData("list --jsn", "'--jsn'", "did you mean '--json'?")]
    [InlineData("list --wide", "'--wide'")]
    [InlineData("list TwoModes", "argument 'TwoModes'")]
    public void BadUsageIsNamed(string words, params string[] expected) => CommandLine.Run(words).Fails(2, expected);
}
