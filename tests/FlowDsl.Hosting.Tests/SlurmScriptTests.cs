using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using FlowDsl.Hosting.Cluster;
using FlowDsl.Hosting.Output;

namespace FlowDsl.Tests;

/// <summary>Scripts for Slurm: their text, and what bash does with them beside an sbatch, an scontrol and a program that are tests' own.</summary>
public class SlurmScriptTests
{
    private static readonly SlurmLimits s_limits = new(TimeLimit.Parse("01:00:00")!, "cpu", "physics");

    [Fact]
    public Task Script() => Verifier.Verify(SlurmScript.Write(Work("/scratch/run"), Tasks(["/apps/program"]), s_limits), "sh");

    [Fact]
    public void WhatIsNotAskedForIsNotThere()
    {
        string text = SlurmScript.Write(
            Work("/scratch/run"), Tasks(["/apps/program"]) with { Count = 1, AtOnce = null, Memory = null },
            new SlurmLimits(TimeLimit.Parse("5")!, null, null));
        foreach (string absent in new[] { "--partition", "--account", "--mem", "%4" }) Assert.DoesNotContain(absent, text, StringComparison.Ordinal);
        Assert.Contains("#SBATCH --array=0-0\n", text, StringComparison.Ordinal);
        Assert.Contains("an array of 1 task,", text, StringComparison.Ordinal);
    }

    /// <summary>Two jobs, the second after the first; and every word as it was, whatever it is made of.</summary>
    [BashFact]
    public void SubmitsBothJobsAndQuotesEveryWord()
    {
        using var folder = new TemporaryFolder();
        string strange = Path.Combine(folder["it's a \"folder\" $HOME `id` (x)"]), program = folder["my 'program'"];
        Executable(program, "printf '%s\\n' \"$@\" > \"$RECORD\"");
        var cluster = new Cluster(folder, SlurmScript.Write(Work(strange), Tasks([program, "a b", "$(x)"]), s_limits));

        Assert.Equal("array job: 41\nmerge job: 42\n", cluster.Submit());
        Assert.Equal(["--parsable", "", "--parsable --dependency=afterok:41 --kill-on-invalid-dep=yes", ""], cluster.Calls);
        Assert.Equal(0, cluster.RunTask(2, restarts: 0).Code);
        Assert.Equal(
            ["a b", "$(x)", "sample", "TwoModes.Fast", "-n", "1e9", "--out", strange, "--shard", "2/8", "--resume"],
            File.ReadAllLines(folder["record"]));
        Assert.Equal(0, cluster.RunMerge());
        Assert.Equal(["a b", "$(x)", "merge", strange], File.ReadAllLines(folder["record"]));
    }

    [BashFact]
    public async Task SubmissionReadsTheNumbers()
    {
        using var folder = new TemporaryFolder();
        var cluster = new Cluster(folder, SlurmScript.Write(Work("/scratch/run"), Tasks(["/apps/program"]), s_limits));
        Assert.Equal(new Submission("41", "42"), await Submission.RunAsync(folder["job.sh"], cluster.SearchPath, CancellationToken.None));
    }

    [BashFact]
    public async Task WithoutSbatchSaysSo()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["job.sh"], SlurmScript.Write(Work("/scratch/run"), Tasks(["/apps/program"]), s_limits));
        HostException failure = await Assert.ThrowsAsync<HostException>(() => Submission.RunAsync(folder["job.sh"], folder[""], CancellationToken.None));
        Assert.Equal(1, failure.ExitCode);
        Assert.Contains("There is no sbatch here", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>What Slurm says against a job is said to the user, and what it took before too.</summary>
    [BashTheory]
    [InlineData(1, "Invalid partition", "was submitted all the same", false)]
    [InlineData(2, "Invalid partition", "Job 41, the tasks, was submitted all the same", true)]
    public async Task ARefusedJobIsExplained(int refused, string reason, string half, bool isHalf)
    {
        using var folder = new TemporaryFolder();
        var cluster = new Cluster(folder, SlurmScript.Write(Work("/scratch/run"), Tasks(["/apps/program"]), s_limits));
        File.WriteAllText(folder["refused"], refused.ToString(CultureInfo.InvariantCulture));
        HostException failure = await Assert.ThrowsAsync<HostException>(
            () => Submission.RunAsync(folder["job.sh"], cluster.SearchPath, CancellationToken.None));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Equal(isHalf, failure.Message.Contains(half, StringComparison.Ordinal));
    }

    /// <summary>USR1 comes to the shell alone, shortly before the time limit; the program is asked to stop, and the task is queued again.</summary>
    [BashFact]
    public void OutOfTimeIsQueuedAgain()
    {
        using var folder = new TemporaryFolder();
        Cluster cluster = Waiting(folder);
        (int code, string error) = cluster.RunTask(3, restarts: 0, signal: "USR1");
        Assert.Equal(130, code);
        Assert.Empty(error);
        Assert.Equal(["requeue 41_3"], File.ReadAllLines(folder["scontrol"]));
    }

    /// <summary>SIGTERM comes from Slurm, to all processes of the task; what becomes of the task is Slurm's business.</summary>
    [BashFact]
    public void ToldToStopIsNotQueuedAgain()
    {
        using var folder = new TemporaryFolder();
        Cluster cluster = Waiting(folder);
        Assert.Equal((130, ""), cluster.RunTask(3, restarts: 0, signal: "TERM"));
        Assert.False(File.Exists(folder["scontrol"]));
    }

    [BashTheory]
    // Killed, and nothing finished: again, but not for ever.
    [InlineData("kill -9 $$", 137, 0, true)]
    [InlineData("kill -9 $$", 137, 9, true)]
    [InlineData("kill -9 $$", 137, 10, false)]
    // Killed after a shard: again.
    [InlineData("touch \"$FOLDER/shard-00007.json\"; kill -9 $$", 137, 10, true)]
    [InlineData("touch \"$FOLDER/shard-00007.npy\"; kill -9 $$", 137, 10, false)]
    // Failed: not again.
    [InlineData("exit 1", 1, 0, false)]
    [InlineData("exit 2", 2, 0, false)]
    [InlineData("exit 130", 130, 0, false)]
    [InlineData("exit 0", 0, 0, false)]
    public void QueuedAgainWhereThatCanHelp(string does, int expected, int restarts, bool again)
    {
        using var folder = new TemporaryFolder();
        Executable(folder["program"], does);
        Directory.CreateDirectory(folder["run"]);
        File.WriteAllText(Path.Combine(folder["run"], "shard-00001.json"), "");
        var cluster = new Cluster(folder, SlurmScript.Write(Work(folder["run"]), Tasks([folder["program"]]), s_limits));
        (int code, string error) = cluster.RunTask(0, restarts);
        Assert.Equal(expected, code);
        Assert.Equal(again, File.Exists(folder["scontrol"]));
        Assert.Equal(code == 137 && !again, error.Contains("No shard was finished", StringComparison.Ordinal));
    }

    /// <summary>Where parts keep their states, one that has come further is as good as a finished one.</summary>
    [BashTheory]
    [InlineData("touch \"$FOLDER/b.checkpoint\"; kill -9 $$", true)]
    [InlineData("touch \"$FOLDER/a.checkpoint/segment\"; kill -9 $$", true)]
    [InlineData("touch \"$FOLDER/b.other\"; kill -9 $$", false)]
    [InlineData("kill -9 $$", false)]
    public void AStateThatWasKeptIsProgress(string does, bool again)
    {
        using var folder = new TemporaryFolder();
        Executable(folder["program"], does);
        string state = Path.Combine(folder["run"], "a.checkpoint");
        Directory.CreateDirectory(state);
        Directory.SetLastWriteTimeUtc(state, DateTime.UtcNow.AddHours(-1));
        ClusterWork work = Work(folder["run"]) with { States = "*.checkpoint" };
        var cluster = new Cluster(folder, SlurmScript.Write(work, Tasks([folder["program"]]), s_limits));
        Assert.Equal(137, cluster.RunTask(0, restarts: 10).Code);
        Assert.Equal(again, File.Exists(folder["scontrol"]));
    }

    /// <summary>A time limit within which no shard gets finished is no reason to try again.</summary>
    [BashFact]
    public void TooShortATimeIsSaidSo()
    {
        using var folder = new TemporaryFolder();
        Cluster cluster = Waiting(folder, "1");
        (int code, string error) = cluster.RunTask(3, restarts: 0, signal: "USR1");
        Assert.Equal(130, code);
        Assert.Contains("--shard-samples", error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["scontrol"]));
    }

    internal static ClusterWork Work(string folder) => new()
    {
        Name = "TwoModes.Fast",
        Title = "1000000000 samples of TwoModes.Fast in 1000 shards",
        Task = ["sample", "TwoModes.Fast", "-n", "1e9", "--out", folder],
        Merge = ["merge", folder],
        Folder = folder,
        Records = "shard-*.json",
        Part = "shard",
        PartOption = "--shard-samples",
        Bytes = 16_000_000_000,
    };

    internal static ClusterTasks Tasks(ImmutableArray<string> program)
        => new(program, ["program", "submit", "sample", "TwoModes.Fast"], 8, 4, 2, MemorySize.Parse("1G"));

    // A program that says when it runs, and ends as ours does when it is told to.
    private static Cluster Waiting(TemporaryFolder folder, string time = "01:00:00")
    {
        Executable(folder["program"], "trap 'exit 130' TERM\ntouch \"$FOLDER/ready\"\nwhile :; do sleep 0.01; done");
        return new Cluster(folder, SlurmScript.Write(Work("/scratch/run"), Tasks([folder["program"]]), s_limits with { Time = TimeLimit.Parse(time)! }));
    }

    private static void Executable(string path, string text)
    {
        File.WriteAllText(path, $"#!/bin/bash\n{text}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>An sbatch that keeps the jobs it gets, an scontrol that keeps its arguments, and what runs such a job.</summary>
    private sealed class Cluster
    {
        private readonly TemporaryFolder _folder;

        public Cluster(TemporaryFolder folder, string script)
        {
            _folder = folder;
            File.WriteAllText(folder["job.sh"], script);
            Directory.CreateDirectory(folder["bin"]);
            Executable(Path.Combine(folder["bin"], "sbatch"), """
                here=$(dirname "$0")/..
                number=$(( $(cat "$here/count" 2> /dev/null || echo 0) + 1 ))
                echo $number > "$here/count"
                if [[ $(cat "$here/refused" 2> /dev/null) == "$number" ]]; then echo "sbatch: error: Invalid partition" >&2; exit 1; fi
                { echo "$*"; echo; } >> "$here/calls"
                cat > "$here/job.$number"
                echo "$(( 40 + number ));some-cluster"
                """);
            Executable(Path.Combine(folder["bin"], "scontrol"), "echo \"$*\" >> \"$(dirname \"$0\")/../scontrol\"");
            SearchPath = $"{folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}";
        }

        public string SearchPath { get; }

        public string[] Calls => File.ReadAllLines(_folder["calls"]);

        public string Submit()
        {
            using Process bash = Start(_folder["job.sh"], []);
            string output = bash.StandardOutput.ReadToEnd();
            bash.WaitForExit();
            Assert.Equal(0, bash.ExitCode);
            return output;
        }

        /// <summary>Runs a task as Slurm would, and sends it a signal once its program runs.</summary>
        public (int Code, string Error) RunTask(int index, int restarts, string? signal = null)
        {
            if (!File.Exists(_folder["job.1"])) Submit();
            using Process bash = Start(_folder["job.1"], new Dictionary<string, string>
            {
                ["SLURM_CPUS_PER_TASK"] = "2",
                ["SLURM_ARRAY_JOB_ID"] = "41",
                ["SLURM_ARRAY_TASK_ID"] = index.ToString(CultureInfo.InvariantCulture),
                ["SLURM_ARRAY_TASK_COUNT"] = "8",
                ["SLURM_RESTART_COUNT"] = restarts.ToString(CultureInfo.InvariantCulture),
                ["FOLDER"] = Directory.Exists(_folder["run"]) ? _folder["run"] : _folder[""],
            });
            Task<string> error = bash.StandardError.ReadToEndAsync();
            if (signal is not null)
            {
                while (!File.Exists(_folder["ready"]) && !bash.HasExited) Thread.Sleep(1);
                // TERM goes to the program as well.
                string children = signal == "TERM" ? $"$(pgrep -P {bash.Id})" : "";
                using Process kill = Process.Start("bash", ["-c", $"kill -{signal} {bash.Id} {children}"]);
                kill.WaitForExit();
            }
            bash.WaitForExit();
            // What bash itself says of a killed child.
            string[] lines = [.. error.Result.Split('\n').Where(line => !line.Contains("Killed", StringComparison.Ordinal))];
            return (bash.ExitCode, string.Join('\n', lines));
        }

        public int RunMerge()
        {
            using Process bash = Start(_folder["job.2"], new Dictionary<string, string> { ["SLURM_CPUS_PER_TASK"] = "2" });
            bash.WaitForExit();
            return bash.ExitCode;
        }

        private Process Start(string script, Dictionary<string, string> variables)
        {
            var start = new ProcessStartInfo("bash", [script])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = Encoding.UTF8,
            };
            start.Environment["PATH"] = SearchPath;
            start.Environment["RECORD"] = _folder["record"];
            foreach ((string name, string value) in variables) start.Environment[name] = value;
            return Process.Start(start)!;
        }
    }
}
