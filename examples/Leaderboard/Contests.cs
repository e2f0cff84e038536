using FlowDsl.Mathematics;
using FlowDsl.Onnx;

namespace FlowDsl.Examples;

/// <summary>Makes contests.</summary>
internal static class Contests
{
    private const int ConvergedSteps = 192;

    /// <summary>On a mixture's own field.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="mixture">The mixture.</param>
    /// <param name="count">The number of samples.</param>
    public static Contest Of(string name, Mixture mixture, int count)
    {
        var model = new GaussianMixtureModel(mixture, new LinearInterpolantProcess(0));
        float[] starts = FlowSampling.DrawPrior<float>(model, count, seed: 1);
        double[] exact = Array.ConvertAll(starts, x => (double)x);
        model.FlowMaps(1, 0, exact);
        return new Contest(name, mixture, Run, starts, exact);

        void Run(SamplerDescriptor plan, float[] states)
        {
            double[] own = Array.ConvertAll(states, x => (double)x);
            model.Integrate(model.CreateProgram(plan.Solver, plan.Times, plan.Chart), own);
            for (int i = 0; i < own.Length; i++) states[i] = (float)own[i];
        }
    }

    /// <summary>On a network of velocities.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="mixture">The mixture that plans.</param>
    /// <param name="network">The network.</param>
    /// <param name="count">The number of samples.</param>
    /// <param name="doubt">The r.m.s. distance of the converged run from one with half as many steps.</param>
    public static Contest Of(string name, Mixture mixture, OnnxNetwork network, int count, out double doubt)
    {
        var model = new GaussianMixtureModel(mixture, new LinearInterpolantProcess(0));
        float[] starts = FlowSampling.DrawPrior<float>(model, count, seed: 1), fine = Converged(ConvergedSteps), half = Converged(ConvergedSteps / 2);
        doubt = Math.Sqrt(fine.Zip(half, (x, y) => (double)(x - y) * (x - y)).Sum() / count);
        return new Contest(
            name, mixture, (plan, states) => new FieldSampler(plan).Integrate(states, network), starts, Array.ConvertAll(fine, x => (double)x), Report);

        int Report(SamplerDescriptor plan, float[] states, FlowError[] errors)
        {
            var sampler = new FieldSampler(plan);
            sampler.Integrate(states, errors, network);
            return sampler.FunctionEvaluationsWithErrors;
        }

        float[] Converged(int steps)
        {
            float[] states = [.. starts];
            SamplerDescriptor plan = SamplerDescriptor.Create(model, Solver.RungeKutta4, model.CreateTimes(Grid.Angle, steps), Chart.State);
            new FieldSampler(plan).Integrate(states, network);
            return states;
        }
    }
}
