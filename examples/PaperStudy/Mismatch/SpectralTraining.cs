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
    private const double Rate = 3e-3, ClipNorm = 1;

    // The layers are projected after so many steps, for it takes longer than a step, and after the last one.
    private const int StepsPerProjection = 5;

    // More than the coordinates of nearly all samples; and random weights that hardly change the start.
    private const float Offset = 6, RandomShare = 0.05f;

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
        float[] parameters = Linear(shape, initial.Segment(0)), gradient = new float[parameters.Length];
        var optimizer = new AdamW(parameters.Length);
        double bound = Math.Pow(lipschitz, 1.0 / shape.LayerCount);
        Project();
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
            if (step % StepsPerProjection == 0 || step == budget.Steps) Project();
        }
        network.Load(parameters, forTraining: false);
        float[] samples = map.Draw(EvaluationSeed, 0, budget.EvaluationSamples), images = map.Apply(samples);
        double error = batch.Add(network, samples, images, 0, []);
        double product = 1;
        EachLayer((layer, at, length) => product *= SpectralNorm.Of(parameters.AsSpan(at, length), shape.InputsOf(layer)));
        return (error / images.Sum(value => (double)value * value), product);

        void Project() => EachLayer((layer, at, length) => SpectralNorm.Clip(parameters.AsSpan(at, length), shape.InputsOf(layer), bound));

        // A layer's weights, then its biases, which are free.
        void EachLayer(Action<int, int, int> action)
        {
            for (int layer = 0, at = 0; layer < shape.LayerCount; at += shape.ParameterCountOf(layer++))
                action(layer, at, shape.InputsOf(layer) * shape.OutputsOf(layer));
        }
    }

    /// <summary>
    /// Where training starts: at min(Λ, 1)x, through units that a bias keeps in their linear part, beside small random weights. From random weights alone most
    /// of the norm is lost in units that are off.
    /// </summary>
    private float[] Linear(StudentShape shape, ReadOnlySpan<float> random)
    {
        float[] parameters = random.ToArray();
        float scale = (float)Math.Pow(Math.Min(lipschitz, 1), 1.0 / shape.LayerCount);
        for (int layer = 0, at = 0; layer < shape.LayerCount; at += shape.ParameterCountOf(layer++))
        {
            int inputs = shape.InputsOf(layer), outputs = shape.OutputsOf(layer);
            for (int i = 0; i < inputs * outputs; i++) parameters[at + i] *= RandomShare * scale;
            for (int j = 0; j < shape.Coordinates; j++)
            {
                parameters.AsSpan(at + j * inputs, shape.Coordinates).Clear();
                parameters[at + j * inputs + j] = scale;
                if (layer == 0) parameters[at + inputs * outputs + j] = Offset * scale;
                if (layer == shape.Depth) parameters[at + inputs * outputs + j] = -Offset * (float)Math.Pow(scale, shape.LayerCount);
            }
        }
        return parameters;
    }
}
