using FlowDsl;
using FlowDsl.Examples;

// Sample i depends on the seed and i alone: the same bits on any number of threads.
const int Count = 100_000;
float[] samples = Ring.Fast.Sample(Count, seed: 1);

// Which mode did each sample reach? The generated point functions take doubles, one point at a time.
int[] reached = new int[Ring.ComponentCount];
double[] x = new double[Ring.Dimension], responsibilities = new double[Ring.ComponentCount];
for (int i = 0; i < Count; i++)
{
    (x[0], x[1]) = (samples[2 * i], samples[2 * i + 1]);
    Ring.Responsibilities(t: 0.001, x, responsibilities);
    reached[Array.IndexOf(responsibilities, responsibilities.Max())]++;
}

SamplerDescriptor sampler = Ring.Fast.Descriptor;
Console.WriteLine($"{sampler.Name}: {sampler.Solver} in {sampler.SegmentCount} steps, {sampler.FunctionEvaluations} velocity evaluations per sample");
Console.WriteLine($"times: {string.Join(" ", sampler.Times.Select(t => t.ToString("G4")))}");
for (int k = 0; k < reached.Length; k++)
    Console.WriteLine($"mode {k}: {(double)reached[k] / Count:P2} of the samples, weight {sampler.Model.Mixture.Weights[k]:P2}");

namespace FlowDsl.Examples
{
    /// <summary>Six modes on a circle; the heavier ones are narrower.</summary>
    [GaussianMixture(2)]
    [Component(0.25, 3, 0, Variance = 0.05)]
    [Component(0.15, 1.5, 2.598, Variance = 0.1)]
    [Component(0.15, -1.5, 2.598, Variance = 0.1)]
    [Component(0.15, -3, 0, Variance = 0.1)]
    [Component(0.15, -1.5, -2.598, Variance = 0.1)]
    [Component(0.15, 1.5, -2.598, Variance = 0.1)]
    [Sampler("Fast", Steps = 8, Solver = Solver.Heun, Grid = Grid.Angle)]
    public partial class Ring;
}
