using System.Numerics;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;

namespace FlowDsl.Tests;

/// <summary>Flow maps compose: segments in parts are the segments at once.</summary>
public abstract class CompositionTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Samples = 11;

    // Up to here every partition is tried, 2^(N-1) of them; beyond it some.
    private const int AllPartitions = 6;

    // The error of one evaluation relative to the state, as in SamplerAccuracyTests.
    protected abstract double Unit { get; }

    public static TheoryData<string> Samplers => new(SamplerUnderTest<T>.Names);

    public static TheoryData<string> MultistepSamplers
        => new(SamplerUnderTest<T>.ExactNames.Where(name => SamplerUnderTest<T>.Get(name).Descriptor.HistoryLength > 0));

    [Theory]
    [MemberData(nameof(Samplers))]
    public void AnyPartitionIsTheWhole(string name)
    {
        var sampler = SamplerUnderTest<T>.Get(name);
        T[] starts = sampler.Starts(Samples), whole = [.. starts];
        sampler.Integrate(whole);
        int segments = sampler.Descriptor.SegmentCount, historyLength = sampler.Descriptor.HistoryLength;
        foreach (int[] parts in Partitions(segments))
        {
            T[] states = [.. starts];
            // What a first call must not read.
            T[] history = [.. Enumerable.Repeat(T.NaN, starts.Length * historyLength)];
            int first = 0;
            foreach (int count in parts)
            {
                if (historyLength == 0 && first % 2 == 0) sampler.Integrate(states, first, count);
                else sampler.Integrate(states, history, first, count);
                first += count;
            }
            if (sampler.Descriptor.ComposesExactly) Compare.SameBits<T>(whole, states, $"{name} in parts of {string.Join(", ", parts)}");
            else NearlyTheWhole(sampler, starts, whole, states, parts);
        }
    }

    /// <summary>Either errs by what SamplerAccuracyTests allows.</summary>
    private void NearlyTheWhole(SamplerUnderTest<T> sampler, T[] starts, T[] whole, T[] states, int[] parts)
    {
        int d = sampler.Dimension;
        double[] from = Doubles(starts), expected = Doubles(whole), actual = Doubles(states);
        var sensitivity = new Sensitivity(sampler.Model, i => sampler.Program(i, 1), sampler.Descriptor.SegmentCount);
        for (int row = 0; row < from.Length; row += d)
            Compare.Within(
                expected.AsSpan(row, d), actual.AsSpan(row, d), 2 * sensitivity.Allowance(Unit, from.AsSpan(row, d)),
                $"{sampler.Name} in parts of {string.Join(", ", parts)}");
    }

    /// <summary>Without its history a multistep solver begins anew at first order wherever it is called.</summary>
    [Theory]
    [MemberData(nameof(MultistepSamplers))]
    public void WithoutHistoryACallStartsAnew(string name)
    {
        var sampler = SamplerUnderTest<T>.Get(name);
        int segments = sampler.Descriptor.SegmentCount, d = sampler.Dimension;
        foreach ((int first, int count) in new[] { (1, 1), (1, 3), (2, 2), (segments - 1, 1), (segments / 2, segments - segments / 2) })
        {
            T[] starts = sampler.Starts(Samples);
            sampler.Integrate(starts, 0, first);
            T[] states = [.. starts];
            sampler.Integrate(states, first, count);
            double[] from = Doubles(starts), expected = [.. from], actual = Doubles(states);
            sampler.Model.Integrate(sampler.Program(first, count), expected);
            var sensitivity = new Sensitivity(sampler.Model, i => sampler.Program(first + i, 1), count);
            for (int row = 0; row < from.Length; row += d)
                Compare.Within(
                    expected.AsSpan(row, d), actual.AsSpan(row, d), sensitivity.Allowance(Unit, from.AsSpan(row, d)),
                    $"segments {first} to {first + count}");
        }

        // With its history it does not: else the test above says nothing.
        T[] remembered = sampler.Starts(Samples), forgotten = [.. remembered], history = new T[remembered.Length * sampler.Descriptor.HistoryLength];
        sampler.Integrate(remembered, history, 0, 2);
        sampler.Integrate(forgotten, 0, 2);
        if (sampler.Descriptor.ComposesExactly) Compare.SameBits<T>(remembered, forgotten, "the first two segments");
        sampler.Integrate(remembered, history, 2, 1);
        sampler.Integrate(forgotten, 2, 1);
        // The last step to noise 0 of data prediction is first order by itself.
        if (sampler.Descriptor.SegmentCount > 3) Assert.NotEqual(remembered, forgotten);
    }

    /// <summary>The history's layout: n samples of the last slopes, newest first, each slope d values.</summary>
    [Theory]
    [MemberData(nameof(MultistepSamplers))]
    public void HistoryHoldsTheSlopesNewestFirst(string name)
    {
        var sampler = SamplerUnderTest<T>.Get(name);
        int d = sampler.Dimension, length = sampler.Descriptor.HistoryLength;
        T[] states = sampler.Starts(Samples), history = new T[states.Length * length];
        FlowProgram program = sampler.Descriptor.Program;
        var slopes = new List<double[]>();
        var sizes = new double[Samples];
        for (int segment = 0; segment < 3; segment++)
        {
            double[] x = Doubles(states), slope = new double[x.Length];
            MixtureField field = program.Steps[segment].Stages[0].Field;
            for (int row = 0; row < x.Length; row += d)
            {
                PointMath.Field(new TableComponents(sampler.Model.Mixture), field, x.AsSpan(row, d), slope.AsSpan(row, d));
                sizes[row / d] = Math.Max(1, Math.Max(sizes[row / d], Compare.MaxNorm(x.AsSpan(row, d))));
            }
            slopes.Insert(0, slope);
            sampler.Integrate(states, history, segment, 1);
            double[] actual = Doubles(history);
            for (int sample = 0; sample < Samples; sample++)
            {
                // A slope is a posterior mean or near one: as large as the data, so that a unit is relative to the greater of it and the state.
                for (int age = 0; age < Math.Min(length, slopes.Count); age++)
                    Compare.Within(
                        slopes[age].AsSpan(sample * d, d), actual.AsSpan((sample * length + age) * d, d),
                        Unit * Math.Max(sizes[sample], Compare.MaxNorm(slopes[age])), $"after segment {segment}, age {age}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void AHistoryOfAnotherLengthIsRefusedWithItsNumbers(string name)
    {
        var sampler = SamplerUnderTest<T>.Get(name);
        T[] states = sampler.Starts(3);
        int right = states.Length * sampler.Descriptor.HistoryLength;
        foreach (int wrong in new[] { right - 1, right + 1, right + states.Length, 0 })
        {
            if (wrong < 0 || wrong == right) continue;
            var exception = Assert.Throws<ArgumentException>(() => sampler.Integrate(states, new T[wrong], 0, 1));
            Assert.Contains(wrong.ToString(), exception.Message, StringComparison.Ordinal);
            Assert.Contains(right.ToString(), exception.Message, StringComparison.Ordinal);
            Assert.Equal("history", exception.ParamName);
        }
    }

    private static IEnumerable<int[]> Partitions(int segments)
    {
        if (segments > AllPartitions)
        {
            // One by one, the ends apart, and uneven parts with empty ones among them.
            yield return [.. Enumerable.Repeat(1, segments)];
            yield return [1, segments - 1];
            yield return [segments - 1, 1];
            yield return [0, 2, 0, 1, segments - 5, 2, 0];
            yield break;
        }
        for (int cuts = 0; cuts < 1 << (segments - 1); cuts++)
        {
            var parts = new List<int> { 1 };
            for (int i = 0; i < segments - 1; i++)
            {
                if ((cuts >> i & 1) == 1) parts.Add(1);
                else parts[^1]++;
            }
            yield return [.. parts];
        }
    }

    private static double[] Doubles(T[] values) => [.. values.Select(double.CreateTruncating)];
}

public class SingleCompositionTests : CompositionTests<float>
{
    protected override double Unit => 2e-6;
}

public class DoubleCompositionTests : CompositionTests<double>
{
    protected override double Unit => 1e-12;
}
