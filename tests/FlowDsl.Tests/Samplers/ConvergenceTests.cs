using System.Text.Json;
using FlowDsl.Mathematics;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Tests;

/// <summary>Samplers of fifth order with many steps against the exact flow maps of the reference.</summary>
public class ConvergenceTests
{
    // What is asked of the best a user can get in double precision, relative to the data's size.
    private const double Tolerance = 1e-10;

    private static readonly (string Case, string Sampler)[] s_samplers =
    [
        ("iso_two_1d", "TwoModes.Dp5x400Double"), ("iso_two_1d", "TwoModesEarly.Dp5x200Double"), ("iso_two_1d", "TwoModesMiddle.Dp5x200Double"),
        ("iso_unequal_1d", "ThreeModes.Dp5x400Double"), ("iso_unequal_1d", "ThreeModesMiddle.Dp5x200Double"),
        ("single_full_2d", "OneGaussian.Dp5x400Double"),
        ("product_diag_2d", "ProductGrid.Dp5x400Double"), ("product_diag_2d", "ProductGridMiddle.Dp5x200Double"),
        ("ring8_iso_2d", "Ring.Dp5x400Double"), ("ring8_iso_2d", "RingMiddle.Dp5x200Double"),
        ("faithful_full_2d", "Faithful.Dp5x400Double"), ("faithful_full_2d", "FaithfulMiddle.Dp5x200Double"),
        ("shared_full_3d", "TiedEllipsoids.Dp5x400Double"), ("shared_full_3d", "TiedEllipsoidsMiddle.Dp5x200Double"),
        ("iso_d16", "SixteenDimensions.Dp5x400Double"), ("iso_d16", "SixteenDimensionsMiddle.Dp5x200Double"),
    ];

    public static TheoryData<string, string> Samplers
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach ((string reference, string sampler) in s_samplers) data.Add(reference, sampler);
            return data;
        }
    }

    public static TheoryData<string> Cases => new(ReferenceCase.Names);

    [Theory]
    [MemberData(nameof(Samplers))]
    public void ConvergeToTheFlowMapsBetweenTheirTimes(string reference, string name)
    {
        var sampler = SamplerUnderTest<double>.Get(name);
        Process process = sampler.Model.Process;
        int compared = 0;
        foreach ((double from, double to, double[] x, double[] y) in FlowMaps(reference))
        {
            if (from != process.Horizon || to != process.EarlyStop) continue;
            double[] actual = [.. x];
            sampler.Integrate(actual);
            Compare.Close(y, actual, Tolerance, 1, name);
            compared++;
        }
        Assert.True(compared > 0, "The reference has no flow map between the sampler's times.");
    }

    /// <summary>No flow map of the reference towards the data is left out above.</summary>
    [Fact]
    public void EverySamplingFlowMapHasASampler()
    {
        foreach (string reference in ReferenceCase.Names)
        {
            Process[] processes =
                [.. s_samplers.Where(pair => pair.Case == reference).Select(pair => SamplerUnderTest<double>.Get(pair.Sampler).Model.Process)];
            foreach ((double from, double to, _, _) in FlowMaps(reference))
                Assert.True(from < to || processes.Any(process => process.Horizon == from && process.EarlyStop == to), $"{reference}: {from} to {to}");
        }
    }

    /// <summary>The loop form between any times, noising included, which no generated sampler does.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void LoopsConvergeToAllFlowMaps(string reference)
    {
        GaussianMixtureModel model = ReferenceCase.Load(reference).Model;
        foreach ((double from, double to, double[] x, double[] y) in FlowMaps(reference))
        {
            const int steps = 400;
            // Equal steps of atan(s/a).
            double first = Math.Atan(model.Process.At(from).NoiseToSignal), last = Math.Atan(model.Process.At(to).NoiseToSignal);
            double[] times = [.. Enumerable.Range(0, steps + 1).Select(i => model.Process.TimeAt(Math.Tan(first + (last - first) * i / steps)))];
            (times[0], times[^1]) = (from, to);
            double[] actual = [.. x];
            BlockDriver.Integrate(new TableKernel<double>(model.Mixture, model.CreateProgram(Solver.DormandPrince54, times)), actual.AsSpan());
            Compare.Close(y, actual, Tolerance, 1, $"{from} to {to}");
        }
    }

    private static IEnumerable<(double From, double To, double[] X, double[] Y)> FlowMaps(string reference)
    {
        foreach (JsonElement flow in ReferenceCase.Load(reference).FlowMaps)
        {
            yield return (
                ReferenceCase.Number(flow.GetProperty("s")), ReferenceCase.Number(flow.GetProperty("t")),
                ReferenceCase.Numbers(flow.GetProperty("x")), ReferenceCase.Numbers(flow.GetProperty("y")));
        }
    }
}
