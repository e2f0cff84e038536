using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

/// <summary>The map of a mixture on the line by bisection of its distribution functions, with tails by series and continued fractions.</summary>
internal sealed class QuantileOracle(GaussianMixtureModel model, int axis, double from, double to)
{
    /// <summary>The image of a point, and by how much double precision leaves it open.</summary>
    public (double Image, double Slack) At(double x)
    {
        bool upper = Tail(x, from, upper: true) < 0.5;
        double level = LogTail(x, from, upper), low = -1e4, high = 1e4;
        while (true)
        {
            double middle = 0.5 * (low + high);
            if (middle == low || middle == high) break;
            bool isBelow = upper ? LogTail(middle, to, upper) > level : LogTail(middle, to, upper) < level;
            if (isBelow) low = middle;
            else high = middle;
        }
        double mass = Math.Exp(level), density = Density(low, to);
        double relative = 2e-15 * (1 + Math.Abs(level));
        return (low, density > 0 ? relative * mass / density + 1e-15 * Math.Abs(low) : relative * Math.Abs(level) + 1e-13 * Math.Abs(low));
    }

    private double Tail(double x, double t, bool upper) => Math.Exp(LogTail(x, t, upper));

    private double LogTail(double x, double t, bool upper)
    {
        double greatest = double.NegativeInfinity;
        double[] logs = new double[model.ComponentCount];
        for (int k = 0; k < logs.Length; k++)
        {
            double z = Place(x, t, k) * (upper ? 1 : -1);
            logs[k] = Math.Log(model.Mixture.Weights[k]) + LogQ(z);
            greatest = Math.Max(greatest, logs[k]);
        }
        return greatest + Math.Log(logs.Sum(log => Math.Exp(log - greatest)));
    }

    private double Density(double x, double t)
        => Enumerable.Range(0, model.ComponentCount).Sum(
            k => model.Mixture.Weights[k] / Deviation(t, k) * Math.Exp(-0.5 * Place(x, t, k) * Place(x, t, k)) / Math.Sqrt(2 * Math.PI));

    private double Place(double x, double t, int k) => (x - model.Process.At(t).A * model.Mixture.Means[k][axis]) / Deviation(t, k);

    private double Deviation(double t, int k) => Math.Sqrt(model.Process.At(t).Spread(model.Mixture.Covariances[k].Matrix[axis * model.Dimension + axis]));

    /// <summary>log P(Z > z).</summary>
    public static double LogQ(double z)
    {
        if (z < -3) return Math.Log(1 - Math.Exp(LogQ(-z)));
        if (z <= 3)
        {
            double term = z, sum = z;
            for (int n = 1; n < 200; n++) sum += term *= z * z / (2 * n + 1);
            return Math.Log(0.5 - Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI) * sum);
        }
        double fraction = z;
        for (int n = 300; n > 0; n--) fraction = z + n / fraction;
        return -0.5 * z * z - 0.5 * Math.Log(2 * Math.PI) - Math.Log(fraction);
    }
}
