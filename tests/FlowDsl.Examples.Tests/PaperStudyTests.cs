using System.Text.Json;

namespace FlowDsl.Tests;

/// <summary>Each study of examples/PaperStudy, on a budget of seconds: networks learn, and what is printed is of the right size.</summary>
public class PaperStudyTests
{
    [Fact]
    public async Task ComposeBeatsTheExponentialStepThatItStartsFrom()
    {
        JsonElement[] figures = await Study("compose", "--steps", "120", "--samples", "1000");
        Assert.Equal(["PaperMixture.Composed", "PaperMixture.OnUniform"], figures.Select(figure => figure.GetProperty("Name").GetString()));
        foreach (JsonElement figure in figures)
        {
            // Untrained, the corrected responsibilities are those of the segment's start: 8 steps of that are off by 0.2 and more.
            Assert.InRange(figure.GetProperty("Judgement").GetProperty("RelativeMse").GetDouble(), 1e-4, 0.1);
            Assert.Equal(8, figure.GetProperty("SegmentErrors").GetArrayLength());
            Assert.Contains("segment", figure.GetProperty("Budget").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task GridsTrainsEveryStudent()
    {
        JsonElement[] figures = await Study("grids", "--steps", "480", "--seeds", "2", "--samples", "1000");
        Assert.Equal(12, figures.Length);
        Assert.Equal([4, 4, 4, 4, 8, 8, 8, 8, 16, 16, 16, 16], figures.Select(figure => figure.GetProperty("Segments").GetInt32()));
        foreach (JsonElement figure in figures)
        {
            // The mean of all samples has an error of nearly 1.
            Assert.InRange(figure.GetProperty("RelativeMse").GetDouble(), 1e-3, 1.5);
            Assert.Equal(2, figure.GetProperty("Judgements").GetArrayLength());
        }
        JsonElement published = figures.Single(figure => figure.GetProperty("Grid").GetString() == "stability" && figure.GetProperty("Segments").GetInt32() == 8).GetProperty("Published");
        Assert.Equal(0.0426657198, published.GetProperty("relative_mse_mean").GetDouble());
    }

    [Fact]
    public async Task CorrectedComparesOneStudentOnFourGrids()
    {
        JsonElement[] figures = await Study("corrected", "--steps", "100", "--seeds", "1", "--samples", "1000");
        Assert.Equal(["uniform", "stability", "expected", "error-balanced"], figures.Select(figure => figure.GetProperty("Grid").GetString()));
        // Untrained they are exponential steps.
        foreach (JsonElement figure in figures) Assert.InRange(figure.GetProperty("RelativeMse").GetDouble(), 1e-3, 0.5);
    }

    [Fact]
    public async Task OneStepLearnsWithinTheBound()
    {
        JsonElement[] figures = await Study("onestep", "--steps", "12", "--samples", "1000");
        Assert.Equal([0.01, 0.1, 0.25, 0.01, 0.1, 0.25], figures.Select(figure => figure.GetProperty("WeightBound").GetDouble()));
        Assert.All(figures, figure => Assert.InRange(figure.GetProperty("RelativeMse")[0].GetDouble(), 1e-6, 0.999999));
    }

    [Fact]
    public async Task OneStepSaysWhatIsDifferentInThePublishedNetworks()
    {
        CommandResult result = await Command.Example("PaperStudy", "onestep", "--steps", "1", "--samples", "1000");
        Assert.True(result.ExitCode == 0, result.ToString());
        string[] differences =
        [
            "ReLU in all layers, theirs ReLU and ReQU alternating", "weights and biases, theirs for weights alone", "converged, theirs takes ten steps",
        ];
        foreach (string difference in differences) Assert.Contains(difference, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScoreLearnsAtEveryTime()
    {
        JsonElement[] figures = await Study("score", "--steps", "60");
        Assert.Equal(15, figures.Length);
        // Sixty steps are few for the narrow ones.
        Assert.All(figures, figure => Assert.InRange(figure.GetProperty("RelativeMse").GetDouble(), 1e-5, figure.GetProperty("Width").GetInt32() == 128 ? 0.999 : 1.1));
    }

    [Theory]
    [InlineData("'dance' is no command and no option.", "dance")]
    [InlineData("--steps is '0'; it must be a whole number from 1 to 1000000.", "compose", "--steps", "0")]
    [InlineData("--out needs a value.", "grids", "--out")]
    [InlineData("--segments is '5'; it must be 4, 8 or 16.", "grids", "--segments", "5")]
    public async Task InvalidArgumentsAreNamed(string message, params string[] arguments)
    {
        CommandResult result = await Command.Example("PaperStudy", arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith(message, result.Error, StringComparison.Ordinal);
        Assert.Contains("--samples N", result.Error, StringComparison.Ordinal);
    }

    private static async Task<JsonElement[]> Study(params string[] arguments)
    {
        CommandResult result = await Command.Example("PaperStudy", [.. arguments, "--json"]);
        Assert.True(result.ExitCode == 0, result.ToString());
        return [.. JsonDocument.Parse(result.Output).RootElement.EnumerateArray()];
    }
}
