using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace FlowDsl.Tests;

/// <summary>A file system of a few megabytes in memory: what a full disk leaves, and that the run goes on when there is room.</summary>
public class FullDiskTests
{
    private const string Sample = "sample TwoModes.Fast -n 1e6 --shard-samples 50000 --seed 4";

    [SmallDiskTheory]
    [InlineData("npy")]
    [InlineData("parquet")]
    public void FullDiskLeavesWhatResumes(string format)
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run($"{Sample} --format {format} --out {folder["whole"]}").Done();
        using var disk = new SmallDisk(folder["disk"]);
        string run = Path.Combine(folder["disk"], "run");
        CommandLine.Outcome outcome = CommandLine.Run($"{Sample} --format {format} --out {run}");
        string[] names = ShardTests.Names(run);
        int records = names.Count(name => name.StartsWith("shard-", StringComparison.Ordinal) && name.EndsWith(".json", StringComparison.Ordinal));
        outcome.Fails(1, "disk is full", string.Create(CultureInfo.InvariantCulture, $"{records} of 20 shards are finished and kept"), "--resume");
        Assert.InRange(records, 1, 19);
        Assert.DoesNotContain(names, name => name.EndsWith(".partial", StringComparison.Ordinal));
        // Still full: the same, and nothing is lost.
        CommandLine.Run($"{Sample} --format {format} --out {run} --resume").Fails(1, "disk is full", "--resume");
        disk.Resize("40m");
        CommandLine.Run($"{Sample} --format {format} --out {run} --resume").Done();
        ShardTests.AssertSameFolder(folder["whole"], run);
    }

    [SmallDiskTheory]
    [InlineData("npy")]
    [InlineData("csv")]
    [InlineData("parquet")]
    public void FileOnAFullDiskIsNotThere(string format)
    {
        using var folder = new TemporaryFolder();
        using var disk = new SmallDisk(folder["disk"]);
        string path = Path.Combine(folder["disk"], $"a.{format}");
        CommandLine.Run($"sample TwoModes.Fast -n 1e6 --out {path}").Fails(1, "disk is full", path);
        Assert.Empty(ShardTests.Names(folder["disk"]));
    }

    /// <summary>A file system of three megabytes, mounted in a folder.</summary>
    internal sealed class SmallDisk : IDisposable
    {
        private readonly string _path;

        public SmallDisk(string path)
        {
            _path = path;
            Directory.CreateDirectory(path);
            Assert.Equal("", Run("mount", "-t", "tmpfs", "-o", "size=3m", "flowdsl", path));
        }

        public void Resize(string size) => Assert.Equal("", Run("mount", "-o", $"remount,size={size}", _path));

        public void Dispose() => Run("umount", "--lazy", _path);

        /// <summary>Runs a command; returns what went wrong.</summary>
        internal static string Run(string program, params string[] arguments)
        {
            try
            {
                using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
                string error = process.StandardError.ReadToEnd().Trim();
                process.WaitForExit();
                return process.ExitCode == 0 ? "" : Regex.Replace($"{program}: {error}", @"\s+", " ");
            }
            catch (System.ComponentModel.Win32Exception exception)
            {
                return $"{program}: {exception.Message}";
            }
        }
    }
}

/// <summary>Skipped where this process must not mount a file system.</summary>
internal sealed class SmallDiskTheoryAttribute : TheoryAttribute
{
    private static readonly Lazy<string> s_problem = new(() =>
    {
        string path = Directory.CreateTempSubdirectory("flowdsl-mount-").FullName;
        string problem = FullDiskTests.SmallDisk.Run("mount", "-t", "tmpfs", "-o", "size=1m", "flowdsl", path);
        if (problem.Length == 0) FullDiskTests.SmallDisk.Run("umount", path);
        Directory.Delete(path);
        return problem;
    });

    public SmallDiskTheoryAttribute()
    {
        if (s_problem.Value.Length > 0) Skip = $"Needs the right to mount a file system of a few megabytes ({s_problem.Value}).";
    }
}
