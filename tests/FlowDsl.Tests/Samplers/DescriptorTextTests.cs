using System.Globalization;
using FlowDsl.Probe;

namespace FlowDsl.Tests;

/// <summary>What a user sees who prints a descriptor: what the documentation of the generated type says.</summary>
public class DescriptorTextTests
{
    [Fact]
    public void ASamplerPrintsTheTableOfItsDocumentation()
    {
        SamplerDescriptor descriptor = TrackedPair.Heun.Descriptor;
        string[] lines = descriptor.ToString().Split('\n');
        Assert.StartsWith($"Heun: Heun in {descriptor.SegmentCount} steps on ", lines[0], StringComparison.Ordinal);
        Assert.EndsWith($", {descriptor.FunctionEvaluations} function evaluations per sample, double.", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("The modes ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Forecast, on ", StringComparison.Ordinal));
        string title = lines[^(descriptor.SegmentCount + 1)];
        Assert.Equal("segment         from           to        ∫L        ∫μ       ∫μ⁺    ∫E‖∇v‖  stretch 50 %     99 %  step error  downstream", title);
        for (int i = 0; i < descriptor.SegmentCount; i++)
        {
            string[] cells = lines[lines.Length - descriptor.SegmentCount + i].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(11, cells.Length);
            Assert.Equal(i, int.Parse(cells[0], CultureInfo.InvariantCulture));
            Assert.Equal(descriptor.Times[i], double.Parse(cells[1], CultureInfo.InvariantCulture), 1e-4);
            Assert.Equal(descriptor.Stability[i].ExpectedStabilityIntegral, double.Parse(cells[6], CultureInfo.InvariantCulture), 1e-2);
        }
    }

    [Fact]
    public void TimesPrintTheirNumbers()
    {
        SamplerDescriptor descriptor = TrackedPair.Heun.Descriptor;
        string[] cells = descriptor.Times.ToString()!.Split(' ');
        Assert.Equal(descriptor.Times.Count, cells.Length);
        Assert.Equal("3", cells[0]);
        Assert.Equal("0.001", cells[^1]);
    }

    [Fact]
    public void AGeneratedModelPrintsItsMixture()
    {
        string text = GaussianMixtureModel.From<TwoModes>().ToString();
        Assert.StartsWith("Mixture of 2 Gaussians in 1 dimension", text, StringComparison.Ordinal);
        Assert.Contains("\nProcess x_t = a x_0 + s ε: Ornstein-Uhlenbeck", text, StringComparison.Ordinal);
    }
}
