using System.Globalization;
using System.Numerics;
using FlowDsl.Hosting.Files;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Hosting.Shards;

/// <summary>Draws samples of finished shards again, each by its own number, and compares bits.</summary>
/// <param name="folder">The folder.</param>
/// <param name="sampler">The sampler that made it.</param>
internal sealed class ShardVerification(ShardFolder folder, SamplerEntry sampler)
{
    /// <summary>What may explain a difference: the folder is of another version, or of other arithmetic.</summary>
    private string Reason
        => folder.Run.Difference(folder.Run with { Version = RunIdentity.CurrentVersion, Arithmetic = RunIdentity.CurrentArithmetic }, "there", "here")
            is { } difference ? $" This may be why: {difference}." : "";

    /// <summary>Refuses a folder of another model or sampler than this program's.</summary>
    /// <remarks>Of another version or arithmetic it may be: whether its bits are the same is what is found out.</remarks>
    /// <exception cref="HostException">It is.</exception>
    public void RequireSameModel(ModelEntry model)
    {
        RunIdentity run = folder.Run, own = RunIdentity.Of(model, sampler, run.Request(0, run.Count), run.ShardSamples, run.FileFormat);
        own = own with { Version = run.Version, Arithmetic = run.Arithmetic, Model = own.Model with { Samples = run.Model.Samples } };
        if (run.Difference(own, "there", "in this program") is { } difference)
            throw new HostException($"'{folder.Path}' is of another sampler than {run.Sampler} is now: {difference}.");
    }

    /// <summary>Compares samples of a shard.</summary>
    /// <param name="shard">A finished shard.</param>
    /// <param name="samples">How many; all if the shard has no more.</param>
    /// <param name="seed">Decides which ones.</param>
    /// <param name="cancellationToken">Stops between two samples.</param>
    /// <returns>How many were compared.</returns>
    /// <exception cref="HostException">A sample is another one.</exception>
    public long Compare(int shard, int samples, ulong seed, CancellationToken cancellationToken)
    {
        (long first, long count) = folder.Run.Rows(shard);
        long[] rows = Choose(count, samples, SplitMix.Mix(unchecked(seed + (ulong)shard * SplitMix.Increment)));
        using SampleReader reader = ShardMerge.Open(folder, shard);
        int next = 0;
        for (int part = 0; part < reader.Parts && next < rows.Length; part++)
        {
            (long start, int length) = reader.Rows(part);
            if (rows[next] >= start + length) continue;
            var written = new Capture();
            reader.Read(part, written);
            for (; next < rows.Length && rows[next] < start + length; next++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var drawn = new Capture();
                sampler.Stream(folder.Run.Request(first + rows[next], 1), drawn, new FinishedCount(), cancellationToken);
                Compare(shard, folder.Run.FirstIndex + first + rows[next], written, (int)(rows[next] - start), drawn);
            }
        }
        return next;
    }

    private void Compare(int shard, long index, Capture written, int row, Capture drawn)
    {
        int column = 0;
        foreach (string name in folder.Run.Columns.Names)
        {
            double own = written.Value(folder.Run.Columns, row, column), other = drawn.Value(folder.Run.Columns, 0, column);
            column++;
            if (BitConverter.DoubleToInt64Bits(own) == BitConverter.DoubleToInt64Bits(other)) continue;
            throw new HostException(string.Create(
                CultureInfo.InvariantCulture,
                $"{folder.FileName(shard)} differs: sample {index} has {name} = {own:R} in the file, and {other:R} from the sampler.{Reason}"));
        }
    }

    /// <summary>Different rows in increasing order.</summary>
    private static long[] Choose(long count, int samples, ulong state)
    {
        if (samples >= count) return [.. Enumerable.Range(0, (int)count).Select(row => (long)row)];
        var chosen = new SortedSet<long>();
        for (ulong step = 1; chosen.Count < samples; step++) chosen.Add((long)(SplitMix.Mix(unchecked(state + step * SplitMix.Increment)) % (ulong)count));
        return [.. chosen];
    }

    /// <summary>Samples in memory, as doubles, which hold either precision exactly.</summary>
    private sealed class Capture : ISampleSink
    {
        private double[] _states = [];
        private FlowError[] _errors = [];

        public void Write<T>(ReadOnlySpan<T> states, ReadOnlySpan<FlowError> errors)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            _states = [.. states.ToArray().Select(double.CreateTruncating)];
            _errors = [.. errors];
        }

        public double Value(SampleColumns columns, int row, int column) => column < columns.Dimension
            ? _states[row * columns.Dimension + column]
            : SampleColumns.Error(_errors[row], column - columns.Dimension);
    }
}
