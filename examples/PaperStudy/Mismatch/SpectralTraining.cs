using FlowDsl.Mathematics;
using FlowDsl.Runtime.Students;
using FlowDsl.Training;

namespace FlowDsl.Examples;

/// <summary>How much is trained: the steps of each network, and the samples of a step.</summary>
internal sealed record SpectralBudget(int Steps, int Batch, int EvaluationSamples);

/// <summary>Trains a network of ReLU units whose layers' spectral norms have a bounded product: its Lipschitz constant is within it.</summary>
/// <param name="map">The map it learns.</param>
/// <param name="lipschitz">Λ. Each of the L layers has the bound Λ^(1/L).</param>
/// <param name="budget">How much is trained.</param>
internal sealed class SpectralTraining(HalfLifeMap map, double lipschitz, SpectralBudget budget)
{
    private const double Rate = 2e-3, ClipNorm = 1;

    // Power iteration goes on from step to step; the last projection converges.
    private const int IterationsPerStep = 2;

    // Separate from the samples of steps.
    private const ulong Seed = 1, EvaluationSeed = 2;

    /// <summary>Trains and judges.</summary>
    /// <returns>The relative MSE on samples it was not trained with, and the product of the norms.</returns>
    public (double RelativeMse, double Product) Run<TStudent>(CancellationToken token)
        where TStudent : IFlowStudent<TStudent>
    {
        StudentDescriptor student = TStudent.Student;
        StudentShape shape = student.Shape;
        var initial = StudentWeights.Initial(student, Seed);
        StudentKernel kernel = TStudent.CreateKernel(initial);
        StudentSegment network = kernel.Segment(0);
        var batch = new BatchGradient(kernel);
        float[] parameters = [.. initial.Segment(0)], gradient = new float[parameters.Length];
        var optimizer = new AdamW(parameters.Length);
        SpectralNorm[] norms = [.. Enumerable.Range(0, shape.LayerCount).Select(layer => new SpectralNorm(shape.OutputsOf(layer), shape.InputsOf(layer)))];
        double bound = Math.Pow(lipschitz, 1.0 / shape.LayerCount);
        Project(0);
        for (int step = 1; step <= budget.Steps; step++)
        {
            token.ThrowIfCancellationRequested();
            float[] starts = map.Draw(Seed, (long)step * budget.Batch, budget.Batch);
            Array.Clear(gradient);
            network.Load(parameters, forTraining: true);
            batch.Add(network, starts, map.Apply(starts), 1f / starts.Length, gradient);
            double norm = Math.Sqrt(gradient.Sum(value => (double)value * value));
            double rate = Rate * 0.5 * (1 + Math.Cos(Math.PI * (step - 1) / budget.Steps));
            optimizer.Step(step, rate, weightDecay: 0, Math.Min(1, ClipNorm / norm), parameters, gradient);
            Project(step < budget.Steps ? IterationsPerStep : 0);
        }
        network.Load(parameters, forTraining: false);
        float[] samples = map.Draw(EvaluationSeed, 0, budget.EvaluationSamples), images = map.Apply(samples);
        double error = batch.Add(network, samples, images, 0, []);
        double product = 1;
        EachLayer((layer, at, length) => product *= norms[layer].Of(parameters.AsSpan(at, length)));
        return (error / images.Sum(value => (double)value * value), product);

        void Project(int iterations) => EachLayer((layer, at, length) => norms[layer].Project(parameters.AsSpan(at, length), bound, iterations));

        // A layer's weights, then its biases, which are free.
        void EachLayer(Action<int, int, int> action)
        {
            for (int layer = 0, at = 0; layer < shape.LayerCount; at += shape.ParameterCountOf(layer++))
                action(layer, at, shape.InputsOf(layer) * shape.OutputsOf(layer));
        }
    }
}
