using System.Text.Json;

namespace FlowDsl.Tests;

/// <summary>Each study of examples/PaperStudy on its budget of minutes, or one cell of it: networks learn, and files say what was run.</summary>
public sealed class PaperStudyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flowdsl-study-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("static-sigma", "sigma1-t0.5-trial0", "share 0.002", 40)]
    [InlineData("static-width", "width128-t0.5-trial0", "minutes", 200)]
    [InlineData("onestep", "sigma0.1-bound0.1-trial0", "share 0.002", 40)]
    [InlineData("onestep-converged", "sigma0.01-bound0.1-trial0", "share 0.002", 40)]
    [InlineData("grids", "stability-4-trial0", "share 0.002", 50)]
    [InlineData("compose", "balanced-trial0", "share 0.002", 12)]
    [InlineData("corrected", "expected-trial0", "share 0.002", 5)]
    public async Task ANetworkLearnsWithAShareOfTheSteps(string study, string task, string budget, int steps)
    {
        JsonElement result = await Run(study, ["--budget", .. budget.Split(' '), "--only", task]);
        Assert.Equal((task, budget == "minutes" ? 0.01 : 0.002), (result.GetProperty("task").GetString(), result.GetProperty("share").GetDouble()));
        JsonElement found = result.GetProperty("result");
        Assert.Equal(steps, found.GetProperty("steps").GetInt32());
        // The output 0 has an error of 1.
        Assert.InRange(found.GetProperty("relativeMse").GetDouble(), 1e-5, 0.999);
        Assert.True(File.Exists(Path.Combine(_folder, study, task + ".json")));
    }

    /// <summary>With every weight within 0.001 nothing but a constant is left, and the best one has an error of 1 - |E y|²/E|y|² = 0.9436.</summary>
    [Fact]
    public async Task WeightsStayWithinThePublishedBound()
    {
        JsonElement result = await Run("onestep", "--budget", "share", "0.002", "--only", "sigma0.1-bound0.001");
        Assert.InRange(result.GetProperty("result").GetProperty("relativeMse").GetDouble(), 0.943, 1);
    }

    [Fact]
    public async Task AStudyThatThereIsNotIsNamed()
    {
        CommandResult result = await Command.Example("PaperStudy", "study", "dance", "--out", _folder);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("'dance'", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no option '--form'.", "--form", "x")]
    [InlineData("--from needs a value.", "--from")]
    [InlineData("There is no folder 'nowhere'.", "--from", "nowhere")]
    public async Task TablesNamesWhatIsWrong(string message, params string[] arguments)
    {
        CommandResult result = await Command.Example("PaperStudy", ["tables", .. arguments]);
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith(message, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--samples needs a value.", "theorem", "--samples")]
    [InlineData("There is no option '--samples'.", "mismatch", "--samples", "9")]
    [InlineData("--steps is '0'; it must be a whole number from 1.", "mismatch", "--steps", "0")]
    public async Task TheFiguresCommandsNameWhatIsWrong(string message, params string[] arguments)
    {
        CommandResult result = await Command.Example("PaperStudy", arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith(message, result.Error, StringComparison.Ordinal);
    }

    private async Task<JsonElement> Run(string study, params string[] options)
    {
        CommandResult result = await Command.Example("PaperStudy", [study, "--out", _folder, .. options, "--json"]);
        Assert.True(result.ExitCode == 0, result.ToString());
        return Assert.Single(JsonDocument.Parse(result.Output).RootElement.GetProperty("results").EnumerateArray());
    }
}
