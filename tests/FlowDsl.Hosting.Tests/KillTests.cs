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
        int kills = 0, between = 0;
        for (int round = 0; kills < Kills; round++)
        {
            string run = folder[string.Create(CultureInfo.InvariantCulture, $"run{round}")], results = Path.Combine(run, "leibniz");
            for (int killed = -1; killed != 0 && kills < Kills;)
            {
                DateTime before = Directory.GetLastWriteTimeUtc(results);
                HostProcess[] processes = [.. new[] { "--shard 0/2", "--shard 1/2 --parallel 2" }.Select(share => new HostProcess($"{words} --out {run} {share}"))];
                if (random.Next(4) == 0) Thread.Sleep(random.Next(150));
                else while (Directory.GetLastWriteTimeUtc(results) == before && !processes.All(process => process.HasExited)) Thread.Sleep(1);
                Thread.Sleep(random.Next(100));
                killed = processes.Count(process => process.Kill());
                kills += killed;
                if (killed > 0 && Count(results) > 0) between++;
                foreach (HostProcess process in processes) process.Dispose();
            }
            using (var process = new HostProcess($"{words} --out {run}")) process.Wait().Done();
            StudyTests.AssertSameResults(folder["whole"], run);
        }
        Assert.True(between > 0, "No process was killed on the way.");
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
        int kills = 0, between = 0;
        for (int round = 0; kills < Kills; round++)
        {
            string path = folder[string.Create(CultureInfo.InvariantCulture, $"run{round}.safetensors")], state = path + ".checkpoint";
            for (int killed = -1; killed != 0 && kills < Kills;)
            {
                DateTime before = Directory.GetLastWriteTimeUtc(state);
                HostProcess[] processes = [.. shares.Select(share => new HostProcess($"{words} --out {path} {share}"))];
                // One of four is killed while it starts; the others when they have written their state, or are about to.
                if (random.Next(4) == 0) Thread.Sleep(random.Next(150));
                else while (Directory.GetLastWriteTimeUtc(state) == before && !processes.All(process => process.HasExited)) Thread.Sleep(1);
                Thread.Sleep(random.Next(100));
                killed = processes.Count(process => process.Kill());
                kills += killed;
                if (killed > 0 && Directory.Exists(state)) between++;
                foreach (HostProcess process in processes) process.Dispose();
            }
            if (!File.Exists(path))
            {
                foreach (string share in shares.Append("").Distinct())
                {
                    using var process = new HostProcess($"{words} --out {path} {share}");
                    process.Wait().Done();
                }
            }
            Assert.Equal(expected, File.ReadAllBytes(path));
        }
        Assert.True(between > 0, "No process was killed on the way.");
        Assert.All(folder.Files, name => Assert.EndsWith(".safetensors", name, StringComparison.Ordinal));
    }

    private static void Check(string[] shares, Random random)
    {
        using var folder = new TemporaryFolder();
        using (var whole = new HostProcess($"{Sample} --out {folder["whole"]}")) whole.Wait().Done();
        Assert.Equal(2 * Shards + 1, ShardTests.Names(folder["whole"]).Length);
        int kills = 0, between = 0;
        for (int round = 0; kills < Kills; round++)
        {
            string run = folder[string.Create(CultureInfo.InvariantCulture, $"run{round}")];
            for (int killed = -1; killed != 0 && kills < Kills;)
            {
                int before = Count(run);
                HostProcess[] processes = Start(shares, run);
                // One of four is killed while it starts; the others when they have begun to work, or to clean up after the process before.
                if (random.Next(4) == 0) Thread.Sleep(random.Next(150));
                else while (Count(run) == before && !processes.All(process => process.HasExited)) Thread.Sleep(1);
                Thread.Sleep(random.Next(60));
                killed = processes.Count(process => process.Kill());
                kills += killed;
                int records = Directory.Exists(run) ? ShardTests.Names(run).Count(name => name.StartsWith("shard-", StringComparison.Ordinal)) : 0;
                if (killed > 0 && records > 0 && records < 2 * Shards) between++;
                foreach (HostProcess process in processes) process.Dispose();
            }
            foreach (HostProcess process in Start(shares, run))
            {
                process.Wait().Done();
                process.Dispose();
            }
            ShardTests.AssertSameFolder(folder["whole"], run);
        }
        Assert.True(between > 0, "No process was killed on the way.");
    }

    private static HostProcess[] Start(string[] shares, string run) => [.. shares.Select(share => new HostProcess($"{Sample} --shard {share} --out {run}"))];

    private static int Count(string folder) => Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder).Count() : 0;
}

/// <summary>Skipped where processes get no signals.</summary>
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows()) Skip = "Needs signals.";
    }
}
