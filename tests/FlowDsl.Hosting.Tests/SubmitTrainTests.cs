using FlowDsl.Hosting.Cluster;

namespace FlowDsl.Tests;

/// <summary>What <c>submit train</c> takes and writes.</summary>
public class SubmitTrainTests
{
    private const string Submit = "submit train TwoModes.Learned --out /scratch/Learned.safetensors --slurm --time 01:00:00";

    [Fact]
    public Task ScriptOfATraining()
    {
        const string words = "submit train twomodes.l --steps 1e5 --batch 4096 --seed 3 --out /scratch/Learned.safetensors "
            + "--slurm --array 2 --time 02:00:00 --cpus 8";
        VerifySettings settings = new();
        settings.ScrubLinesWithReplace(line => line.Replace(ShellWords.Join(ProgramCommand.OfThisProcess()), "program", StringComparison.Ordinal));
        return Verifier.Verify(CommandLine.Run(words).Done().Output, "sh", settings);
    }

    [Fact]
    public void ManifestOfATraining()
    {
        const string words = "submit train TwoModes.Learned --out /data/Learned.safetensors --kubernetes --array 2 --image registry/modes:1";
        string text = CommandLine.Run(words).Done().Output;
        foreach (string line in new[]
        {
            "  name: twomodes-learned\n", "completions: 2\n", "mountPath: \"/data\"\n",
            "args: [\"train\", \"TwoModes.Learned\", \"--out\", \"/data/Learned.safetensors\", \"--shard\", \"$(JOB_COMPLETION_INDEX)/2\", \"--resume\"]",
            "args: [\"train\", \"TwoModes.Learned\", \"--out\", \"/data/Learned.safetensors\", \"--resume\", \"--force\"]",
        }) Assert.Contains(line, text, StringComparison.Ordinal);
    }

    /// <summary>Only who asks for it loses weights that there are.</summary>
    [Fact]
    public void ExistingWeightsAreKeptWithoutForce()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.safetensors"], "mine");
        string words = $"submit train TwoModes.Learned --out {folder["a.safetensors"]} --slurm --array 2 --time 5";
        CommandLine.Run(words).Fails(1, "a.safetensors", "--force");
        Assert.Contains(" --force \\\n    --shard", CommandLine.Run($"{words} --force").Done().Output, StringComparison.Ordinal);
        Assert.DoesNotContain(
            " --force \\\n    --shard",
            CommandLine.Run(words.Replace("a.safetensors", "b.safetensors", StringComparison.Ordinal)).Done().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("submit train TwoModes.Fast --out /scratch/a.safetensors --slurm --array 1 --time 5", "is no student but a solver")]
    [InlineData("submit train TwoModes.Learned --out /scratch/a.bin --slurm --array 1 --time 5", "'/scratch/a.bin' must end in .safetensors")]
    [InlineData("submit train TwoModes.Learned --slurm --array 1 --time 5", "submit train needs --out")]
    [InlineData(Submit + " --array 3", "--array is 3", "2 segments")]
    [InlineData(Submit + " --array 2 --steps 1.5", "--steps is '1.5'")]
    [InlineData(Submit + " --array 2 --shard 0/2", "--shard")]
    [InlineData(Submit + " --array 2 --resume", "--resume")]
    public void BadInputIsNamed(string words, params string[] expected) => CommandLine.Run(words).Fails(2, expected);
}
