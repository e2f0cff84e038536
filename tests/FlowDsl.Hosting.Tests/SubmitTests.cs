using System.Diagnostics;
using FlowDsl.Hosting.Cluster;

namespace FlowDsl.Tests;

/// <summary>What <c>submit</c> takes and writes; what scripts do is tested in <see cref="SlurmScriptTests"/>, and on a real Slurm in tests/cluster.</summary>
public class SubmitTests
{
    private const string Sample = "submit sample TwoModes.Fast -n 1e6 --out /scratch/run --shard-samples 1e5";
    private const string Slurm = Sample + " --slurm --array 8 --time 01:00:00";
    private const string Kubernetes = Sample + " --kubernetes --array 8 --image registry/modes:1";

    [Fact]
    public Task ScriptOfSamples()
    {
        string[] words =
        [
            .. "submit sample twomodes.f -n 1e6 --seed 3 --out /scratch/run --shard-samples 1e5 --repair --prior exact".Split(' '),
            .. "--slurm --array 4%2 --time 2-12 --partition cpu --account physics --cpus 2 --memory 1G --merge /scratch/all.npy".Split(' '),
            "--program", "apptainer exec '/my images/modes.sif' modes",
        ];
        VerifySettings settings = new();
        settings.ScrubLinesWithReplace(line => line.Replace(ShellWords.Join(ProgramCommand.OfThisProcess()), "program", StringComparison.Ordinal));
        return Verifier.Verify(CommandLine.Run(words).Done().Output, "sh", settings);
    }

    [BashFact]
    public void TheScriptIsOneOfBash()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(
            "1000000 samples of TwoModes.Fast in 10 shards, by 8 tasks: ",
            CommandLine.Run($"{Slurm} -o {folder["job.sh"]}").Done().Output, StringComparison.Ordinal);
        Assert.Equal(["job.sh"], folder.Files);
        using Process bash = Process.Start("bash", ["-n", folder["job.sh"]]);
        bash.WaitForExit();
        Assert.Equal(0, bash.ExitCode);
    }

    [Fact]
    public void TheProgramIsThisOne()
        => Assert.Contains(
            $"\n{ShellWords.Join(ProgramCommand.OfThisProcess())} sample TwoModes.Fast ", CommandLine.Run(Slurm).Done().Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("/usr/bin/dotnet", "Modes.dll", "/usr/bin/dotnet", "Modes.dll")]
    [InlineData("/apps/Modes", "/apps/Modes.dll", "/apps/Modes", null)]
    public void TheCommandOfAProcess(string process, string entry, string program, string? assembly)
    {
        string[] expected = assembly is null ? [program] : [program, Path.GetFullPath(assembly)];
        Assert.Equal(expected, ProgramCommand.Of(process, entry)!.Value);
    }

    /// <summary>Where the script is submitted from makes no difference.</summary>
    [Fact]
    public void PathsAreInFull()
    {
        string text = CommandLine.Run("submit sample TwoModes.Fast --out run --merge all.npy --slurm --array 1 --time 5").Done().Output;
        Assert.Contains($"--out {ShellWords.Quote(Path.GetFullPath("run"))} ", text, StringComparison.Ordinal);
        string run = ShellWords.Quote(Path.GetFullPath("run")), all = ShellWords.Quote(Path.GetFullPath("all.npy"));
        Assert.Contains($"merge {run} --out {all} --force\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void JsonSaysWhatWasWritten()
    {
        using var folder = new TemporaryFolder();
        var written = CommandLine.Run($"{Slurm} -o {folder["job.sh"]} --json").Json();
        Assert.Equal("slurm", written.GetProperty("cluster").GetString());
        Assert.Equal(8, written.GetProperty("tasks").GetInt32());
        Assert.Equal("/scratch/run", written.GetProperty("folder").GetString());
        Assert.Equal(folder["job.sh"], written.GetProperty("script").GetString());
        Assert.False(written.TryGetProperty("arrayJob", out var job) && job.ValueKind != System.Text.Json.JsonValueKind.Null);
        string text = CommandLine.Run($"{Kubernetes} --json").Json().GetProperty("text").GetString()!, printed = CommandLine.Run(Kubernetes).Done().Output;
        // But for the line that says which words made it.
        Assert.Equal(printed, text.Replace(" --json\n", "\n", StringComparison.Ordinal));
    }

    [Fact]
    public void ManifestOfSamples()
    {
        string text = CommandLine.Run($"{Kubernetes} --claim results --cpus 4 --memory 2G").Done().Output;
        foreach (string line in new[]
        {
            "  name: twomodes-fast\n", "completionMode: Indexed\n", "claimName: results\n", "image: \"registry/modes:1\"\n", "{ cpu: 4, memory: 2Gi }",
            "args: [\"sample\", \"TwoModes.Fast\", \"-n\", \"1e6\", \"--out\", \"/scratch/run\", "
                + "\"--shard-samples\", \"1e5\", \"--shard\", \"$(JOB_COMPLETION_INDEX)/8\", \"--resume\"]",
        }) Assert.Contains(line, text, StringComparison.Ordinal);
    }

    [Fact]
    public void ExistingFilesAreKeptWithoutForce()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["job.sh"], "mine");
        File.WriteAllText(folder["all.npy"], "mine");
        CommandLine.Run($"{Slurm} -o {folder["job.sh"]}").Fails(1, "job.sh", "--force");
        CommandLine.Run($"{Slurm} --merge {folder["all.npy"]}").Fails(1, "all.npy", "--force");
        Assert.Equal("mine", File.ReadAllText(folder["job.sh"]));
        CommandLine.Run($"{Slurm} -o {folder["job.sh"]} --merge {folder["all.npy"]} --force").Done();
        Assert.StartsWith("#!", File.ReadAllText(folder["job.sh"]), StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(folder["all.npy"]));
    }

    [Theory]
    [InlineData("submit", "Submit what?", "sample")]
    [InlineData("submit sampler", "'sampler'", "did you mean 'sample'?")]
    [InlineData("submit sample TwoModes.Fast --out /scratch/run --slurm --time 5", "submit sample needs --array")]
    [InlineData("submit sample TwoModes.Fast --slurm --array 8 --time 5", "submit sample needs --out")]
    [InlineData("submit sample --out /scratch/run --slurm --array 8 --time 5", "submit sample needs MODEL.SAMPLER")]
    [InlineData("submit sample TwoModes.Fats --out /scratch/run --slurm --array 8 --time 5", "'Fats'", "did you mean 'Fast'?")]
    [InlineData("submit sample TwoModes.Fast -n 0 --out /scratch/run --slurm --array 8 --time 5", "-n is '0'")]
    [InlineData("submit sample TwoModes.Fast --out /scratch/all.npy --slurm --array 8 --time 5", "/scratch/all.npy", "folder")]
    [InlineData(Sample + " --repair --errors --slurm --array 8 --time 5", "--repair", "--errors")]
    [InlineData(Sample + " --array 8 --time 5", "--slurm or --kubernetes")]
    [InlineData(Slurm + " --kubernetes", "--slurm or --kubernetes")]
    [InlineData(Sample + " --slurm --time 5 --array 0", "--array is '0'")]
    [InlineData(Sample + " --slurm --time 5 --array -8", "--array", "-8")]
    [InlineData(Sample + " --slurm --time 5 --array 8%0", "--array is '8%0'")]
    [InlineData(Sample + " --slurm --time 5 --array 0-7", "--array is '0-7'", "such as 8")]
    [InlineData(Sample + " --slurm --time 5 --array 11", "--array is 11", "10 shards")]
    [InlineData(Sample + " --slurm --array 8", "--slurm needs --time")]
    [InlineData(Sample + " --slurm --array 8 --time 1h", "--time is '1h'", "hours:minutes:seconds")]
    [InlineData(Slurm + " --partition a;b", "--partition is 'a;b'")]
    [InlineData(Slurm + " --account $x", "--account is '$x'")]
    [InlineData(Slurm + " --memory 4", "--memory is '4'", "such as 4G")]
    [InlineData(Slurm + " --cpus 0", "--cpus is '0'")]
    [InlineData(Slurm + " --program 'a", "--program is ''a'", "quotes")]
    [InlineData(Slurm + " --image x", "--image is not for --slurm")]
    [InlineData(Slurm + " --run", "--run needs -o")]
    [InlineData(Slurm + " --shard 0/8", "--shard")]
    [InlineData(Slurm + " --resume", "--resume")]
    [InlineData(Slurm + " --merge /scratch/all.txt", "/scratch/all.txt", ".npy, .parquet or .csv")]
    [InlineData(Sample + " --kubernetes --array 8", "--kubernetes needs --image")]
    [InlineData(Kubernetes + " --partition cpu", "--partition is not for --kubernetes")]
    [InlineData(Kubernetes + " --run", "--run is not for --kubernetes")]
    [InlineData(Kubernetes + " --claim My_Claim", "--claim is 'My_Claim'", "my-claim")]
    [InlineData("submit sample TwoModes.Fast --out run --kubernetes --array 1 --image x", "'run'", "/data/run")]
    public void BadInputIsNamed(string words, params string[] expected) => CommandLine.Run(words).Fails(2, expected);

    [Fact]
    public void AFolderOfAnotherRunIsRefused()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"sample TwoModes.Fast -n 100 --seed 1 --shard-samples 50 --out {folder["run"]}").Done();
        string words = $"submit sample TwoModes.Fast -n 100 --shard-samples 50 --out {folder["run"]} --slurm --array 2 --time 5 --seed";
        CommandLine.Run($"{words} 1").Done();
        CommandLine.Run($"{words} 2").Fails(1, "another run", "the seed is 1 there and 2 here");
    }

    [Fact]
    public void ALineBreakIsRefused()
        => CommandLine.Run([.. Slurm.Split(' '), "--program", "a\nrm -rf b"]).Fails(2, "line break", "a\\nrm");

    [Fact]
    public void AStudentWithoutWeightsIsRefused()
        => CommandLine.Run("submit sample TwoModes.Learned --out /scratch/run --slurm --array 1 --time 5").Fails(1, "Learned", "no weights");
}
