using FlowDsl.Hosting.Cluster;

namespace FlowDsl.Tests;

/// <summary>What <c>submit study</c> takes and writes, and what its script does.</summary>
public class SubmitStudyTests
{
    private const string Submit = "submit study leibniz --out /scratch/results --slurm --time 01:00:00";

    [Fact]
    public Task ScriptOfAStudy()
    {
        const string words = "submit study L --trials 3 --budget hours 1e9 --only terms4 --only terms8 --out /scratch/results --parallel 2 --program study"
            + " --slurm --array 6%2 --time 02:00:00 --cpus 2 --memory 1G --partition cpu";
        VerifySettings settings = new();
        settings.ScrubLinesWithReplace(line => line.Replace(ShellWords.Join(ProgramCommand.OfThisProcess()), "program", StringComparison.Ordinal));
        return Verifier.Verify(StudyTests.Run(words).Done().Output, "sh", settings);
    }

    [Fact]
    public void ManifestOfAStudy()
    {
        string text = StudyTests.Run("submit study leibniz --out /data/results --kubernetes --array 2 --image registry/study:1").Done().Output;
        foreach (string line in new[]
        {
            "  name: leibniz\n", "completions: 2\n", "mountPath: \"/data/results\"\n",
            "args: [\"study\", \"leibniz\", \"--out\", \"/data/results\", \"--shard\", \"$(JOB_COMPLETION_INDEX)/2\", \"--resume\"]",
            "args: [\"study\", \"leibniz\", \"--out\", \"/data/results\", \"--check\"]",
        }) Assert.Contains(line, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("submit study --out /a --slurm --array 2 --time 5", "submit study needs NAME")]
    [InlineData("submit study leibniz --slurm --array 2 --time 5", "submit study needs --out")]
    [InlineData("submit study leibnitz --out /a --slurm --array 2 --time 5", "did you mean 'leibniz'?")]
    [InlineData(Submit + " --array 5", "--array is 5", "4 trials")]
    [InlineData(Submit + " --array 2 --budget days", "--budget is 'days'")]
    [InlineData(Submit + " --array 2 --shard 0/2", "--shard")]
    [InlineData(Submit + " --array 2 --resume", "--resume")]
    [InlineData(Submit + " --array 2 --check", "--check")]
    public void BadInputIsNamed(string words, params string[] expected) => StudyTests.Run(words).Fails(2, expected);

    [Fact]
    public void AFolderOfAnotherShareIsRefused()
    {
        using var folder = new TemporaryFolder();
        StudyTests.Run($"study leibniz --only terms4 --out {folder["out"]}").Done();
        string words = $"submit study leibniz --out {folder["out"]} --slurm --array 2 --time 5";
        StudyTests.Run(words).Done();
        StudyTests.Run($"{words} --budget full").Fails(1, "is of 0.01", "the budget is 1");
        // As many hours as there are mean what was begun.
        Assert.Contains(" --budget share 0.01 ", StudyTests.Run($"{words} --budget hours 7").Done().Output, StringComparison.Ordinal);
    }
}
