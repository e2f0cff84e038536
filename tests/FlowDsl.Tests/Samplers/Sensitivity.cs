using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

/// <summary>What rounding errors may grow to along the path of a solver, from the run-time model.</summary>
internal sealed class Sensitivity
{
    private readonly GaussianMixtureModel _model;
    private readonly FlowProgram[] _steps;
    private readonly int _evaluations;

    public Sensitivity(GaussianMixtureModel model, Func<int, FlowProgram> step, int steps)
    {
        _model = model;
        _steps = [.. Enumerable.Range(0, steps).Select(step)];
        _evaluations = _steps.Sum(program => program.FunctionEvaluations);
    }

    /// <summary>
    /// The error that a sample may have where errors do not grow and every evaluation errs by a unit relative to the state:
    /// unit · evaluations · the greatest coordinate along the path, at least 1.
    /// </summary>
    public double Allowance(double unit, ReadOnlySpan<double> start)
    {
        double[] x = start.ToArray();
        double size = Math.Max(1, Compare.MaxNorm(x));
        foreach (FlowProgram step in _steps)
        {
            _model.Integrate(step, x);
            size = Math.Max(size, Compare.MaxNorm(x));
        }
        return unit * _evaluations * size;
    }

    /// <summary>
    /// The greatest ‖∂x_N/∂x_i‖ (maximum norm) over the steps i, at least 1: how much the remaining steps stretch an error, from
    /// finite differences of the single steps. Where it is great an error may be as much greater than the allowance.
    /// </summary>
    public double Stretching(ReadOnlySpan<double> start)
    {
        int d = start.Length;
        double[] x = start.ToArray();
        var jacobians = new double[_steps.Length][];
        for (int i = 0; i < _steps.Length; i++)
        {
            jacobians[i] = Jacobian(_steps[i], x);
            _model.Integrate(_steps[i], x);
        }
        double[] product = new double[d * d];
        for (int j = 0; j < d; j++) product[j * d + j] = 1;
        double stretching = 1;
        for (int i = _steps.Length - 1; i >= 0; i--)
        {
            product = Multiply(product, jacobians[i], d);
            for (int row = 0; row < d; row++) stretching = Math.Max(stretching, product.AsSpan(row * d, d).ToArray().Sum(Math.Abs));
        }
        return stretching;
    }

    private double[] Jacobian(FlowProgram step, double[] x)
    {
        int d = x.Length;
        double[] jacobian = new double[d * d];
        // The cube root of the rounding unit balances rounding against the third derivative.
        double h = 6e-6 * Math.Max(1, Compare.MaxNorm(x));
        for (int j = 0; j < d; j++)
        {
            double[] right = [.. x], left = [.. x];
            right[j] += h;
            left[j] -= h;
            _model.Integrate(step, right);
            _model.Integrate(step, left);
            for (int i = 0; i < d; i++) jacobian[i * d + j] = (right[i] - left[i]) / (2 * h);
        }
        return jacobian;
    }

    private static double[] Multiply(double[] left, double[] right, int d)
    {
        double[] product = new double[d * d];
        for (int i = 0; i < d; i++)
            for (int k = 0; k < d; k++)
                for (int j = 0; j < d; j++) product[i * d + j] += left[i * d + k] * right[k * d + j];
        return product;
    }
}
