using System.Globalization;

namespace FlowDsl.Tests;

/// <summary>
/// The process is killed at random moments, as by <c>kill -9</c>, and started again until it is done: the folder has then the bytes of an uninterrupted
/// run, and nothing else. Moments differ from run to run with the machine's speed; what is asserted does not.
/// </summary>
public class KillTests
{
    private const int Kills = 20, Shards = 150;
    private const string Sample = "sample TwoModes.Fast -n 75000 --shard-samples 500 --seed 3 --resume";

    [UnixFact]
    public void KilledRunEndsWithTheSameBytes() => Check(["0/1"], new Random(1));

    [UnixFact]
    public void KilledSiblingsEndWithTheSameBytes() => Check(["0/2", "1/2"], new Random(2));

    /// <summary>A training that writes its state after every step, killed and resumed until it is done.</summary>
    [UnixFact]
    public void KilledTrainingEndsWithTheSameBytes() => CheckTraining([""], new Random(3));

    /// <summary>The same in shares of the segments; the run without a share then only writes.</summary>
    [UnixFact]
    public void KilledSharesOfATrainingEndWithTheSameBytes() => CheckTraining(["--shard 0/2", "--shard 1/2"], new Random(4));

    /// <summary>Tasks of a study go on from their states, whatever process had begun them.</summary>
    [UnixFact]
    public void KilledStudyEndsWithTheSameResults()
    {
        const string words = "study leibniz --budget share 0.5 --trials 2 --resume";
        using var folder = new TemporaryFolder();
        using (var whole = new HostProcess($"{words} --out {folder["whole"]}")) whole.Wait().Done();
        var random = new Random(5);
        var killer = new Killer(random, milliseconds: 100);
        for (int round = 0; killer.Kills < Kills; round++)
        {
            string run = folder[string.Create(CultureInfo.InvariantCulture, $"run{round}")], results = Path.Combine(run, "leibniz");
            killer.KillUntilDone(
                () => [.. new[] { "--shard 0/2", "--shard 1/2 --parallel 2" }.Select(share => new HostProcess($"{words} --out {run} {share}"))],
                () => Directory.GetLastWriteTimeUtc(results), () => Count(results) > 0);
            using (var process = new HostProcess($"{words} --out {run}")) process.Wait().Done();
            StudyTests.AssertSameResults(folder["whole"], run);
        }
        Assert.True(killer.KillsBetween > 0, "No process was killed on the way.");
    }

    /// <summary>A batch system's signal: the process ends by itself, and says what it kept.</summary>
    [UnixFact]
    public void TerminatedRunKeepsFinishedShards()
    {
        using var folder = new TemporaryFolder();
        const string words = "sample TwoModes.Fast -n 1e12 --shard-samples 1e6";
        using var process = new HostProcess($"{words} --out {folder["run"]}");
        while (!process.HasExited && !File.Exists(Path.Combine(folder["run"], "shard-00001.json"))) Thread.Sleep(1);
        process.Terminate();
        CommandLine.Outcome outcome = process.Wait();
        int kept = ShardTests.Names(folder["run"]).Count(name => name.EndsWith(".npy", StringComparison.Ordinal));
        outcome.Fails(130, "Cancelled", string.Create(CultureInfo.InvariantCulture, $"{kept} of 1000000 shards are finished and kept"), "--resume");
        Assert.Equal(2 * kept + 1, ShardTests.Names(folder["run"]).Length);
    }

    private static void CheckTraining(string[] shares, Random random)
    {
        const string words = "train TwoModes.Learned --steps 300 --batch 64 --finish 5 --finish-samples 512 --seed 4 --checkpoint-seconds 0 --resume";
        using var folder = new TemporaryFolder();
        using (var whole = new HostProcess($"{words} --out {folder["whole.safetensors"]}")) whole.Wait().Done();
        byte[] expected = File.ReadAllBytes(folder["whole.safetensors"]);
        var killer = new Killer(random, milliseconds: 100);
        for (int round = 0; killer.Kills < Kills; round++)
        {
            string path = folder[string.Create(CultureInfo.InvariantCulture, $"run{round}.safetensors")], state = path + ".checkpoint";
            killer.KillUntilDone(
                () => [.. shares.Select(share => new HostProcess($"{words} --out {path} {share}"))],
                () => Directory.GetLastWriteTimeUtc(state), () => Directory.Exists(state));
            // A kill between the writing of the weights and the end of the state leaves both.
            if (!File.Exists(path) || Directory.Exists(state))
            {
                foreach (string share in shares.Append("").Distinct())
                {
                    using var process = new HostProcess($"{words} --force --out {path} {share}");
                    process.Wait().Done();
                }
            }
            Assert.Equal(expected, File.ReadAllBytes(path));
        }
        Assert.True(killer.KillsBetween > 0, "No process was killed on the way.");
        Assert.All(folder.Files, name => Assert.EndsWith(".safetensors", name, StringComparison.Ordinal));
    }

    private static void Check(string[] shares, Random random)
    {
        using var folder = new TemporaryFolder();
        using (var whole = new HostProcess($"{Sample} --out {folder["whole"]}")) whole.Wait().Done();
        Assert.Equal(2 * Shards + 1, ShardTests.Names(folder["whole"]).Length);
        var killer = new Killer(random, milliseconds: 60);
        for (int round = 0; killer.Kills < Kills; round++)
        {
            string run = folder[string.Create(CultureInfo.InvariantCulture, $"run{round}")];
            killer.KillUntilDone(() => Start(shares, run), () => Count(run), () =>
            {
                int records = Directory.Exists(run) ? ShardTests.Names(run).Count(name => name.StartsWith("shard-", StringComparison.Ordinal)) : 0;
                return records > 0 && records < 2 * Shards;
            });
            foreach (HostProcess process in Start(shares, run))
            {
                process.Wait().Done();
                process.Dispose();
            }
            ShardTests.AssertSameFolder(folder["whole"], run);
        }
        Assert.True(killer.KillsBetween > 0, "No process was killed on the way.");
    }

    private static HostProcess[] Start(string[] shares, string run) => [.. shares.Select(share => new HostProcess($"{Sample} --shard {share} --out {run}"))];

    private static int Count(string folder) => Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder).Count() : 0;

    /// <summary>Starts processes and kills them at random moments.</summary>
    /// <param name="random">Decides the moments.</param>
    /// <param name="milliseconds">How long after the first sign of work the kill comes at the latest.</param>
    private sealed class Killer(Random random, int milliseconds)
    {
        /// <summary>The processes that were killed.</summary>
        public int Kills { get; private set; }

        /// <summary>The times that processes were killed with some of the work done.</summary>
        public int KillsBetween { get; private set; }

        /// <summary>Starts and kills again and again, until processes end by themselves or enough were killed.</summary>
        /// <param name="start">Starts them.</param>
        /// <param name="progress">Changes when they have begun to work, or to clean up after those before.</param>
        /// <param name="isBetween">Whether some of the work is done.</param>
        public void KillUntilDone<T>(Func<HostProcess[]> start, Func<T> progress, Func<bool> isBetween)
        {
            for (int killed = -1; killed != 0 && KillTests.Kills > Kills;)
            {
                T before = progress();
                HostProcess[] processes = start();
                // The sleeps are the moments of the kills. One of four comes while processes start; the others when they are at work.
                if (random.Next(4) == 0) Thread.Sleep(random.Next(150));
                else while (Equals(progress(), before) && !processes.All(process => process.HasExited)) Thread.Sleep(1);
                Thread.Sleep(random.Next(milliseconds));
                killed = processes.Count(process => process.Kill());
                Kills += killed;
                if (killed > 0 && isBetween()) KillsBetween++;
                foreach (HostProcess process in processes) process.Dispose();
            }
        }
    }
}

/// <summary>Skipped where processes get no signals.</summary>
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows()) Skip = "Needs signals.";
    }
}
