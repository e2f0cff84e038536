using FlowDsl.Benchmarks;
using FlowDsl.Mathematics;

namespace FlowDsl.Generators.Tests;

/// <summary>
/// The passes that Native/mixture.cpp describes, done here one sample and one number after another, are the solver's steps: the peers of the
/// benchmarks compute what they are said to compute.
/// </summary>
public class NativeTablesTests
{
    private const int Steps = 7, Dimension = 2;

    [Theory]
    [InlineData(Solver.Heun, "shared")]
    [InlineData(Solver.Heun, "diagonal")]
    [InlineData(Solver.Heun, "full")]
    [InlineData(Solver.DpmSolverPlusPlus2M, "shared")]
    [InlineData(Solver.DpmSolverPlusPlus2M, "diagonal")]
    [InlineData(Solver.DpmSolverPlusPlus2M, "full")]
    [InlineData(Solver.RungeKutta4, "shared")]
    [InlineData(Solver.RungeKutta4, "diagonal")]
    [InlineData(Solver.RungeKutta4, "full")]
    public void PassesAreTheSolversSteps(Solver solver, string covariances)
    {
        var model = new GaussianMixtureModel(Mixture(covariances), new OrnsteinUhlenbeckProcess());
        FlowProgram program = model.CreateProgram(solver, model.CreateTimes(Grid.UniformLogSnr, Steps, solver));
        float[] tables = NativeTables.Of(model.Mixture, program);
        double[] states = FlowSampling.DrawPrior<double>(model, count: 20, seed: 3), expected = [.. states];
        model.Integrate(program, expected);
        for (int first = 0; first < states.Length; first += Dimension)
            Run(NativeTables.Name(program), tables, program.FunctionEvaluations, states.AsSpan(first, Dimension));
        // The tables are of single precision.
        for (int i = 0; i < states.Length; i++) Assert.Equal(expected[i], states[i], 2e-4);
    }

    [Fact]
    public void OtherSolversAreRefused()
    {
        var model = new GaussianMixtureModel(Mixture("shared"), new OrnsteinUhlenbeckProcess());
        FlowProgram program = model.CreateProgram(Solver.BogackiShampine32, model.CreateTimes(Grid.Angle, Steps));
        Assert.Throws<NotSupportedException>(() => NativeTables.Of(model.Mixture, program));
    }

    private static void Run(string method, float[] tables, int evaluations, Span<double> sample)
    {
        const int Count = 3;
        int size = tables.Length / evaluations;
        double[] x = [.. sample], y = [.. sample], memory = new double[Dimension];
        for (int i = 0; i < evaluations; i++)
        {
            float[] table = tables[(i * size)..((i + 1) * size)];
            (double a, double b, double c) = (table[0], table[1], table[2]);
            double[] slope = Slope(table, y, Count);
            double[] next = new double[Dimension];
            for (int j = 0; j < Dimension; j++)
            {
                switch (method, method == "heun" ? i % 2 : i % 4)
                {
                    case ("heun", 0):
                        next[j] = a * x[j] + slope[j];
                        break;
                    case ("heun", _):
                    case ("runge_kutta", 2):
                        next[j] = a * x[j] + b * y[j] + slope[j];
                        break;
                    case ("multistep", _):
                        double earlier = memory[j];
                        memory[j] = slope[j] + (IsShared(table, Count) ? b * x[j] : 0);
                        next[j] = a * x[j] + memory[j] + c * earlier;
                        break;
                    case (_, 0):
                        next[j] = a * x[j] + slope[j];
                        memory[j] = b * x[j] + c * next[j];
                        break;
                    case (_, 1):
                        next[j] = a * x[j] + b * y[j] + slope[j];
                        memory[j] += c * next[j];
                        break;
                    default:
                        next[j] = memory[j] + b * y[j] + slope[j];
                        break;
                }
            }
            bool ends = method switch { "heun" => i % 2 == 1, "runge_kutta" => i % 4 == 3, _ => true };
            y = next;
            if (ends) x = next;
        }
        x.CopyTo(sample);
    }

    private static bool IsShared(float[] table, int count) => table.Length == 3 + count * (1 + 2 * Dimension);

    private static double[] Slope(float[] table, double[] y, int count)
    {
        int left = (table.Length - 3) / count - 1 - 2 * Dimension;
        int factors = left == 0 ? 0 : left == 2 * Dimension ? Dimension : Dimension * Dimension, quadratics = left - factors;
        int at = 3;
        float[] bias = Next(1), linear = Next(Dimension), quadratic = Next(quadratics), constants = Next(Dimension), factor = Next(factors);
        double[] sums = new double[Dimension];
        double total = 0;
        for (int k = 0; k < count; k++)
        {
            double logit = bias[k];
            for (int i = 0, q = 0; i < Dimension; i++)
            {
                logit += linear[k * Dimension + i] * y[i];
                if (quadratics == Dimension) logit += quadratic[k * quadratics + i] * y[i] * y[i];
                else for (int j = i; quadratics > 0 && j < Dimension; j++, q++) logit += quadratic[k * quadratics + q] * y[i] * y[j];
            }
            double weight = Math.Pow(2, logit);
            total += weight;
            for (int j = 0; j < Dimension; j++)
            {
                sums[j] += weight * constants[k * Dimension + j];
                if (factors == Dimension) sums[j] += weight * factor[k * factors + j] * y[j];
                else for (int i = 0; factors > 0 && i < Dimension; i++) sums[j] += weight * factor[k * factors + j * Dimension + i] * y[i];
            }
        }
        return [.. sums.Select(sum => sum / total)];

        float[] Next(int each)
        {
            int first = at;
            at += count * each;
            return table[first..at];
        }
    }

    private static Mixture Mixture(string covariances) => new(
        [0.2, 0.5, 0.3], [[1, -0.5], [-1.2, 0.4], [0.3, 1.1]],
        [.. Enumerable.Range(0, 3).Select(k => covariances switch
        {
            "shared" => Covariance.Isotropic(2, 0.2),
            "diagonal" => Covariance.Diagonal([0.1 + 0.05 * k, 0.3 - 0.05 * k]),
            _ => Covariance.Full(2, [0.2 + 0.05 * k, 0.06, 0.06, 0.15]),
        })]);
}
