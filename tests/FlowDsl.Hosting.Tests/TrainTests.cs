using System.Text.Json;
using FlowDsl.Tests.Hosted;
using FlowDsl.Training;

namespace FlowDsl.Tests;

public class TrainTests
{
    private const string Small = "--steps 60 --batch 64 --finish 3 --finish-samples 256 --seed 5";

    [Fact]
    public void WeightsAreThoseOfTheLibrary()
    {
        using var folder = new TemporaryFolder();
        JsonElement json = CommandLine.Run($"train TwoModes.Learned {Small} --out {folder["a.safetensors"]} --json").Json();
        TrainingResult expected = StudentTraining.Train<TwoModes.Learned>(new TrainingOptions
        {
            Steps = 60,
            BatchSize = 64,
            FinishIterations = 3,
            FinishSamples = 256,
            Seed = 5,
        });
        Assert.Equal(expected.SegmentErrors, json.GetProperty("segmentErrors").EnumerateArray().Select(error => error.GetDouble()));
        var written = StudentWeights.Read(TwoModes.Learned.Student, folder["a.safetensors"]);
        for (int j = 0; j < 2; j++) Assert.Equal(expected.Weights.Segment(j).ToArray(), written.Segment(j).ToArray());
        Assert.Equal(["a.safetensors"], folder.Files);
    }

    /// <summary>Cancelled in the middle, it keeps its state, refuses to start anew over it, and ends with the bytes of a run without a break.</summary>
    [Fact]
    public void ResumedWeightsAreTheSame()
    {
        using var folder = new TemporaryFolder();
        string command = $"train TwoModes.Learned {Small} --checkpoint-seconds 0 --out";
        CommandLine.Run($"{command} {folder["whole.safetensors"]}").Done();
        using var cancellation = new CancellationTokenSource();
        string path = folder["a.safetensors"], state = path + ".checkpoint";
        using (FileSystemWatcher watch = WatchOf(path))
        {
            // A segment's state appears after its first step.
            watch.Renamed += (_, _) => cancellation.Cancel();
            watch.EnableRaisingEvents = true;
            CommandLine.Run($"train TwoModes.Learned --steps 1e6 --batch 64 --seed 5 --checkpoint-seconds 0 --out {path}", cancellation.Token)
                .Fails(130, "a.safetensors.checkpoint", "--resume");
        }
        Assert.Equal(["a.safetensors.checkpoint", "whole.safetensors"], folder.Files);
        CommandLine.Run($"train TwoModes.Learned --out {path}").Fails(1, "--resume");
        CommandLine.Run($"{command} {path} --resume").Fails(1, "belongs to another training", "60");
        Directory.Delete(state, recursive: true);

        // Of the same training, stopped by its own options: as many steps as a cancelled one may have done.
        using var second = new CancellationTokenSource();
        using (FileSystemWatcher watch = WatchOf(path))
        {
            watch.Renamed += (_, _) => second.Cancel();
            watch.EnableRaisingEvents = true;
            CommandLine.Run($"{command} {path}", second.Token);
        }
        CommandLine.Run($"{command} {path} --resume --force").Done();
        Assert.Equal(File.ReadAllBytes(folder["whole.safetensors"]), File.ReadAllBytes(path));
        Assert.Equal(["a.safetensors", "whole.safetensors"], folder.Files);
    }

    [Theory]
    [InlineData(2, "train TwoModes.Fast --out a.safetensors", "is no student but a solver", "Learned")]
    [InlineData(2, "train Line.Straight --out a.safetensors", "has no [Student]")]
    [InlineData(2, "train TwoModes.Learned --out a.bin", "'a.bin' must end in .safetensors")]
    [InlineData(2, "train TwoModes.Learned", "--out")]
    [InlineData(2, "train TwoModes.Learned --out a.safetensors --learning-rate -1", "--learning-rate is '-1'")]
    [InlineData(2, "train TwoModes.Learned --out a.safetensors --steps 1.5", "--steps is '1.5'")]
    [InlineData(1, "train TwoModes.Learned --out missing/a.safetensors", "There is no folder")]
    public void BadUsageIsNamed(int code, string words, params string[] expected) => CommandLine.Run(words).Fails(code, expected);

    [Fact]
    public void AnExistingFileIsKept()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.safetensors"], "mine");
        CommandLine.Run($"train TwoModes.Learned {Small} --out {folder["a.safetensors"]}").Fails(1, "a.safetensors", "--force");
        Assert.Equal("mine", File.ReadAllText(folder["a.safetensors"]));
        File.WriteAllText(folder["b.safetensors.checkpoint"], "no such format");
        CommandLine.Run($"train TwoModes.Learned {Small} --resume --out {folder["b.safetensors"]}").Fails(1, "b.safetensors.checkpoint", "is a file");
        Directory.CreateDirectory(folder["c.safetensors.checkpoint"]);
        File.WriteAllText(Path.Combine(folder["c.safetensors.checkpoint"], "segment-0.safetensors"), "no such format");
        CommandLine.Run($"train TwoModes.Learned {Small} --resume --out {folder["c.safetensors"]}").Fails(1, "c.safetensors.checkpoint", "cannot be read");
    }

    /// <summary>Segments that processes train apart: the run without a share writes what one process writes, and only that.</summary>
    [Fact]
    public void SharesTogetherGiveWhatOneProcessGives()
    {
        using var folder = new TemporaryFolder();
        string command = $"train TwoModes.Learned {Small} --resume --out", path = folder["a.safetensors"];
        JsonElement whole = CommandLine.Run($"{command} {folder["whole.safetensors"]} --json").Json();
        string last = CommandLine.Run($"{command} {path} --shard 1/2").Done().Output;
        Assert.Contains("a.safetensors.checkpoint", last, StringComparison.Ordinal);
        Assert.Contains("without --shard", last, StringComparison.Ordinal);
        Assert.Equal(["a.safetensors.checkpoint", "whole.safetensors"], folder.Files);
        JsonElement first = CommandLine.Run($"{command} {path} --shard 0/2 --json").Json();
        Assert.Equal(1, first.GetProperty("endSegment").GetInt32());
        Assert.False(first.TryGetProperty("file", out _));
        JsonElement errors = first.GetProperty("segmentErrors");
        Assert.Equal(whole.GetProperty("segmentErrors").ToString(), errors.ToString());
        string[] states = [.. Directory.GetFiles(path + ".checkpoint").Select(state => Path.GetFileName(state)).Order(StringComparer.Ordinal)];
        Assert.Equal(["segment-0.safetensors", "segment-1.safetensors"], states);
        CommandLine.Run($"{command} {path}").Done();
        Assert.Equal(File.ReadAllBytes(folder["whole.safetensors"]), File.ReadAllBytes(path));
        Assert.Equal(["a.safetensors", "whole.safetensors"], folder.Files);
        CommandLine.Run($"{command} {path} --shard 0/2").Fails(1, "a.safetensors", "--force");
    }

    /// <summary>What the run without a share does not find, it trains itself; a share may have no segment.</summary>
    [Fact]
    public void AMissingShareIsTrainedInTheEnd()
    {
        using var folder = new TemporaryFolder();
        string command = $"train TwoModes.Learned {Small} --resume --out", path = folder["a.safetensors"];
        CommandLine.Run($"{command} {folder["whole.safetensors"]}").Done();
        // Of three shares of two segments, the first one.
        Assert.Equal(0, CommandLine.Run($"{command} {path} --shard 0/3 --json").Json().GetProperty("endSegment").GetInt32());
        Assert.Equal("NaN", CommandLine.Run($"{command} {path} --shard 2/3 --json").Json().GetProperty("segmentErrors")[0].GetString());
        CommandLine.Run($"{command} {path}").Done();
        Assert.Equal(File.ReadAllBytes(folder["whole.safetensors"]), File.ReadAllBytes(path));
    }

    private static FileSystemWatcher WatchOf(string path)
        => new(Path.GetDirectoryName(path)!, "segment-*.safetensors") { IncludeSubdirectories = true };
}
