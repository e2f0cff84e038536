using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Grids;

namespace FlowDsl.Tests;

/// <summary>
/// The flow map against closed forms and the quantile map. An error of the point is amplified by the derivative of the map, so
/// tolerances are 1e-10 of max(1, amplification); see each test for its amplification.
/// </summary>
public class FlowMapOracleTests
{
    private const double Tolerance = 1e-10;

    public static TheoryData<string> Processes => new(Cases.Keys);

    // Sampling nearly all the way, and half of the way back.
    private static readonly Dictionary<string, (Process Process, double From, double To)> Cases = Models.Processes()
        .SelectMany(p => new[] { (p, p.Horizon, p.EarlyStop), (p, 0.1 * p.Horizon, 0.6 * p.Horizon) })
        .ToDictionary(c => $"{c.p.Description}, {c.Item2} to {c.Item3}");

    [Theory]
    [MemberData(nameof(Processes))]
    public void OneGaussianScalesAlongItsAxes(string key)
    {
        (Process process, double from, double to) = Cases[key];
        double[] mean = [0.4, -1.2], variances = [1.9, 0.03];
        double c = Math.Cos(0.7), s = Math.Sin(0.7);
        double[] q = [c, -s, s, c], matrix = new double[4];
        for (int i = 0; i < 2; i++)
            for (int j = 0; j < 2; j++)
                for (int l = 0; l < 2; l++) matrix[2 * i + j] += q[2 * i + l] * variances[l] * q[2 * j + l];
        var model = new GaussianMixtureModel(new Mixture([1], [mean], [Covariance.Full(2, matrix)]), process);

        ProcessPoint start = process.At(from), end = process.At(to);
        double[] x = [1.7, -0.3], actual = new double[2], expected = new double[2];
        for (int l = 0; l < 2; l++)
        {
            double along = 0, stretch = Math.Sqrt(end.Spread(variances[l]) / start.Spread(variances[l]));
            for (int j = 0; j < 2; j++) along += q[2 * j + l] * (x[j] - start.A * mean[j]);
            for (int j = 0; j < 2; j++) expected[j] += q[2 * j + l] * stretch * along;
        }
        for (int j = 0; j < 2; j++) expected[j] += end.A * mean[j];
        model.FlowMap(from, to, x, actual);
        // Amplification: sqrt of the ratio of spreads, below 10 in every case here.
        Compare.Close(expected, actual, Tolerance, 1);
    }

    [Theory]
    [MemberData(nameof(Processes))]
    public void OnTheLineItIsTheQuantileMap(string key)
    {
        (Process process, double from, double to) = Cases[key];
        double[] weights = [0.2, 0.5, 0.3], means = [-1.5, 0.25, 2], variances = [0.01, 0.25, 0.09];
        var model = new GaussianMixtureModel(Models.Isotropic(weights, [[-1.5], [0.25], [2]], variances), process);
        var oracle = new QuantileMap(weights, means, variances);
        ProcessPoint start = process.At(from), end = process.At(to);
        for (int i = -8; i <= 8; i++)
        {
            double x = start.A * 0.2 + 0.4 * i * Math.Sqrt(start.Spread(1));
            double expected = oracle.Map(start.A, start.S2, end.A, end.S2, x), amplification = oracle.Derivative(start.A, start.S2, end.A, end.S2, x, expected);
            double[] y = [x];
            model.FlowMap(from, to, y, y);
            Compare.Close([expected], y, Tolerance, Math.Max(1, amplification), $"x = {x}, amplification {amplification:E2}");
        }
    }

    [Fact]
    public void NearTheRidgeItIsTheQuantileMap()
    {
        // The amplification of this mixture is 3e4 at x = 0.
        Mixture mixture = Models.Two(0.04);
        Process process = Models.Ou();
        var oracle = new QuantileMap([0.5, 0.5], [-1, 1], [0.04, 0.04]);
        var model = new GaussianMixtureModel(mixture, process);
        ProcessPoint start = process.At(3), end = process.At(1e-3);
        foreach (double x in new[] { 1e-12, 1e-8, 1e-5, 1e-3, 0.03, 0.3, -1e-6, -0.1 })
        {
            double expected = oracle.Map(start.A, start.S2, end.A, end.S2, x);
            double[] y = [x];
            model.FlowMap(3, 1e-3, y, y);
            Compare.Close([expected], y, 1e-14, Math.Max(1, oracle.Derivative(start.A, start.S2, end.A, end.S2, x, expected)) * 1e4, $"x = {x}");
        }
    }

    [Theory]
    [MemberData(nameof(Processes))]
    public void ProductsMapCoordinateByCoordinate(string key)
    {
        (Process process, double from, double to) = Cases[key];
        double[] w0 = [0.3, 0.7], m0 = [-1, 1], v0 = [0.04, 0.09], w1 = [0.5, 0.5], m1 = [-0.5, 1.5], v1 = [0.1, 0.02];
        var product = new Mixture(
            [.. w0.SelectMany(a => w1.Select(b => a * b))],
            [.. m0.SelectMany(a => m1.Select(b => new[] { a, b }))],
            [.. v0.SelectMany(a => v1.Select(b => Covariance.Diagonal([a, b])))]);
        var model = new GaussianMixtureModel(product, process);
        QuantileMap first = new(w0, m0, v0), second = new(w1, m1, v1);
        ProcessPoint start = process.At(from), end = process.At(to);
        double scale = Math.Sqrt(start.Spread(0.5));
        foreach (double[] unit in new double[][] { [0.3, -0.4], [-1.1, 0.9], [0.05, 1.7], [2.5, -2] })
        {
            double[] x = [scale * unit[0], scale * unit[1] + 0.5 * start.A], y = new double[2];
            double[] expected = [first.Map(start.A, start.S2, end.A, end.S2, x[0]), second.Map(start.A, start.S2, end.A, end.S2, x[1])];
            double amplification = Math.Max(
                first.Derivative(start.A, start.S2, end.A, end.S2, x[0], expected[0]),
                second.Derivative(start.A, start.S2, end.A, end.S2, x[1], expected[1]));
            model.FlowMap(from, to, x, y);
            Compare.Close(expected, y, Tolerance, Math.Max(1, amplification), $"amplification {amplification:E2}");
        }
    }

    [Theory]
    [MemberData(nameof(Processes))]
    public void TwoIsotropicModesMapAlongAndAcrossTheirDifference(string key)
    {
        (Process process, double from, double to) = Cases[key];
        const double variance = 0.05;
        double[] weights = [0.35, 0.65], along = [2.0 / 3, -1.0 / 3, 2.0 / 3];
        double[][] means = [[1.3, 0.2, 0.9], [0.1, 0.8, -0.3]];
        // The second mean is the first less 1.8·along; both share their part across.
        var model = new GaussianMixtureModel(Models.Isotropic(weights, means, variance), process);
        double[] positions = [Dot(means[0], along), Dot(means[1], along)];
        var oracle = new QuantileMap(weights, positions, [variance, variance]);
        ProcessPoint start = process.At(from), end = process.At(to);
        double startRoot = Math.Sqrt(start.Spread(variance)), endRoot = Math.Sqrt(end.Spread(variance));

        double[] x = [0.7 * startRoot, -0.2 * startRoot, 1.1 * startRoot], expected = new double[3], y = new double[3];
        double position = Dot(x, along), image = oracle.Map(start.A, start.S2, end.A, end.S2, position);
        for (int j = 0; j < 3; j++)
        {
            double across = x[j] - position * along[j], meanAcross = means[0][j] - positions[0] * along[j];
            expected[j] = image * along[j] + endRoot * (across / startRoot + (end.A / endRoot - start.A / startRoot) * meanAcross);
        }
        model.FlowMap(from, to, x, y);
        Compare.Close(expected, y, Tolerance, Math.Max(1, oracle.Derivative(start.A, start.S2, end.A, end.S2, position, image)));
    }

    [Theory]
    [InlineData(2, 1.0, 0.04)]
    [InlineData(3, 1.5, 0.2)]
    [InlineData(8, 2.0, 0.3)]
    public void AtTheCentreOfARingItStretchesByTheClosedForm(int count, double radius, double variance)
    {
        double[] angles = [.. Enumerable.Range(0, count).Select(k => 2 * Math.PI * k / count)];
        double[][] means = [.. angles.Select(angle => new[] { radius * Math.Cos(angle), radius * Math.Sin(angle) })];
        Mixture ring = Models.Isotropic([.. means.Select(_ => 1.0 / count)], means, variance);
        foreach (Process process in Models.Processes())
        {
            var model = new GaussianMixtureModel(ring, process);
            double from = process.Horizon, to = process.EarlyStop;
            ProcessPoint start = process.At(from), end = process.At(to);
            double root = Math.Sqrt(end.Spread(variance) / start.Spread(variance)), eta = Eta(end) - Eta(start);
            // Two modes stretch along their line only, with the whole variance; three and more with half of it in each direction.
            double stretch = root * Math.Exp(radius * radius / (count == 2 ? 2 : 4) * eta);
            // Differences at h, 2h and 4h extrapolated to 0. Images are bent by (y/σ²)²/2, of which sixth powers are left: 1e-10.
            double h = 0.003 * Math.Sqrt(variance) / stretch;
            double one = Derivative(h), two = Derivative(2 * h), four = Derivative(4 * h);
            double first = one + (one - two) / 3, second = two + (two - four) / 3;
            // Below 1e-3 of the scale errors are absolute, 1e-17 of it a step, against the 6e-4/3e4 of the starting points.
            Assert.Equal(1, (first + (first - second) / 15) / stretch, 3e-8);

            double Derivative(double distance)
            {
                double[] right = [distance, 0], left = [-distance, 0];
                model.FlowMap(from, to, right, right, 1e-14);
                model.FlowMap(from, to, left, left, 1e-14);
                return (right[0] - left[0]) / (2 * distance);
            }

            double Eta(in ProcessPoint point) => point.A * point.A / point.Spread(variance);
        }
    }

    [Theory]
    [MemberData(nameof(Processes))]
    public void ItsDeterminantIsTheRatioOfDensities(string key)
    {
        (Process process, double from, double to) = Cases[key];
        var model = new GaussianMixtureModel(Models.OrderedFull(), process);
        double scale = Math.Sqrt(process.At(from).Spread(0.3));
        double[] x = [0.4 * scale, -0.9 * scale], y = new double[2];
        model.FlowMap(from, to, x, y, 1e-13);
        double expected = Math.Exp(model.LogDensity(from, x) - model.LogDensity(to, y));

        // Central differences of order 8: with 2 % of the scale their error is about 0.02⁸/630 = 4e-17 of the ninth derivative,
        // and rounding adds 1e-13/0.02.
        double h = 0.02 * scale;
        double[] weights = [4.0 / 5, -1.0 / 5, 4.0 / 105, -1.0 / 280], jacobian = new double[4], image = new double[2];
        for (int j = 0; j < 2; j++)
        {
            for (int n = -4; n <= 4; n++)
            {
                if (n == 0) continue;
                double[] moved = [.. x];
                moved[j] += n * h;
                model.FlowMap(from, to, moved, image, 1e-13);
                for (int i = 0; i < 2; i++) jacobian[2 * i + j] += Math.Sign(n) * weights[Math.Abs(n) - 1] * image[i] / h;
            }
        }
        double determinant = jacobian[0] * jacobian[3] - jacobian[1] * jacobian[2];
        Assert.Equal(1, determinant / expected, 1e-9);
    }

    [Theory]
    [MemberData(nameof(Processes))]
    public void DensityChangesByTheIntegralOfTheDivergence(string key)
    {
        (Process process, double from, double to) = Cases[key];
        var model = new GaussianMixtureModel(Models.OrderedFull(), process);
        double scale = Math.Sqrt(process.At(from).Spread(0.3));
        double[] x = [0.4 * scale, -0.9 * scale], y = new double[2];
        // Gauss-Legendre with five nodes on 40 panels equal in log t; on each training step, within which rates are smooth.
        double[] nodes = [0, 0.5384693101056831, -0.5384693101056831, 0.9061798459386640, -0.9061798459386640];
        double[] weights = [0.5688888888888889, 0.4786286704993665, 0.4786286704993665, 0.2369268850561891, 0.2369268850561891];
        double integral = 0;
        double[] panels = process is VariancePreservingProcess
            ? [.. Enumerable.Range(0, 1000).Select(step => (double)step).Where(step => (step - from) * (step - to) < 0).Append(from).Append(to).Order()]
            : [.. Enumerable.Range(0, 41).Select(p => from * Math.Pow(to / from, p / 40.0))];
        if (panels[0] != from) Array.Reverse(panels);
        for (int p = 1; p < panels.Length; p++)
        {
            double length = panels[p] - panels[p - 1];
            for (int n = 0; n < 5; n++)
            {
                double t = panels[p - 1] + length * 0.5 * (1 + nodes[n]);
                model.FlowMap(from, t, x, y, 1e-13);
                double[] jacobian = Models.Jacobian(model, t, y);
                integral += 0.5 * weights[n] * length * (jacobian[0] + jacobian[3]);
            }
        }
        model.FlowMap(from, to, x, y, 1e-13);
        Assert.Equal(-integral, model.LogDensity(to, y) - model.LogDensity(from, x), Tolerance);
    }

    [Fact]
    public void AllProcessesFlowAlike()
    {
        // Φ_{s→t}(x) = a_t Ψ(x/a_s), Ψ a function of the noise-to-signal ratios alone.
        Mixture mixture = Models.OrderedFull();
        Process[] processes = [Models.Ou(), Models.Ou(1e-3, 2.5, 0.7, 1.5), new VarianceExplodingProcess(1e-3, 20), new LinearInterpolantProcess()];
        foreach ((double fromRatio, double toRatio) in new[] { (12.0, 0.03), (0.2, 3.0), (1.0, 1e-4) })
        {
            double[] x = [0.3 * fromRatio + 0.2, -0.8 * fromRatio], y = new double[2];
            double[]? expected = null;
            foreach (Process process in processes)
            {
                double from = process.TimeAt(fromRatio), to = process.TimeAt(toRatio), a = process.At(from).A, b = process.At(to).A;
                new GaussianMixtureModel(mixture, process).FlowMap(from, to, [a * x[0], a * x[1]], y, 1e-13);
                double[] scaled = [y[0] / b, y[1] / b];
                expected ??= scaled;
                Compare.Close(expected, scaled, 1e-11, 1, process.Description);
            }
        }
    }

    [Fact]
    public void NonFinitePointsMapToNaN()
    {
        var model = new GaussianMixtureModel(Models.OrderedFull(), Models.Ou());
        double[] y = new double[2];
        foreach (double bad in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            model.FlowMap(3, 1e-3, [0.5, bad], y);
            Assert.All(y, value => Assert.True(double.IsNaN(value)));
        }
    }

    private static double Dot(double[] left, double[] right) => left.Zip(right, (l, r) => l * r).Sum();
}
