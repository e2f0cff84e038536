using System.Globalization;
using System.Text;

namespace FlowDsl.Generators.Tests;

/// <summary>
/// A declaration that C# accepts, with numbers that few people write: extremes, denormals, NaN, infinities, wrong lengths, huge counts. Most of each
/// declaration is sound, so that the hostile rest reaches the mathematics. A seed always gives the same declaration.
/// </summary>
internal sealed class HostileDeclaration
{
    // One list of samplers in so many has one that is searched for: that takes as long as hundreds of other declarations.
    private const int SearchOf = 200;

    private static readonly double[] s_hostile =
    [
        0, -0.0, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, 1e-320, 2.2250738585072014e-308, 1e-300, 1e-200, 1e-165,
        1e-160, 1e-155, 1e-150, 1e-101, 1e-100, 1e-99, 1e-75, 1e-51, 1e-50, 1e-45, 1e-38, 1e-19, 1e-17, 1e-8, 1e8, 1e16, 1e17, 1e19, 1e20, 3.4e38, 1e39, 1e50,
        1.1e50, 1e75, 1e99, 1e100, 1.1e100, 1e150, 1e154, 1e155, 1e156, 1e160, 1e200, 1e300, 1e308, double.MaxValue, -double.MaxValue,
    ];

    private static readonly int[] s_hostileCounts = [0, -1, 1, 2, 46_341, 65_536, 1_000_000_000, int.MaxValue, int.MinValue];

    private static readonly string[] s_solvers =
    [
        "Euler", "Ddim", "Midpoint", "Heun", "RungeKutta4", "BogackiShampine32", "DormandPrince54", "DpmSolverPlusPlus2M", "DpmSolverPlusPlus3M",
        "DpmSolverPlusPlus2S", "DpmSolverPlusPlus3S", "AdamsBashforth2", "AdamsBashforth3", "UniPC2", "UniPC3", "Deis2", "Deis3", "Bespoke", "Auto",
    ];
    private static readonly string[] s_charts = ["Auto", "Auto", "State", "Edm", "Canonical"];

    private static readonly string[] s_grids =
    [
        "Uniform", "LogTime", "UniformLogSnr", "Edm", "Angle", "Zeta", "LogVariance", "StabilityBalanced", "OneSidedStability", "ExpectedStability",
    ];

    // They follow trajectories, which takes longer than all the rest: rarely.
    private static readonly string[] s_measuredGrids = ["Auto", "ErrorBalanced", "Optimal"];

    private static readonly string[] s_trackings = ["None", "Local", "Tangent", "Companion", "Certified"];
    private static readonly string[] s_activations = ["ReLU", "ReQU", "Alternating", "SiLU"];
    private static readonly string[] s_forms = ["Plain", "Residual", "ClosedFormPlusResidual", "ResponsibilityCorrected", "TrapezoidCorrected"];

    private readonly Random _random;
    private readonly double _hostility, _scale;
    private readonly StringBuilder _attributes = new();
    private readonly int _dimension, _count;
    private readonly double[] _weights;
    private readonly double[][] _means;
    private double _early = 1e-3, _horizon = 3;

    private HostileDeclaration(int seed)
    {
        Seed = seed;
        _random = new Random(seed);
        _hostility = new[] { 0, 0.01, 0.03, 0.1 }[_random.Next(4)];
        // Of a third all lengths are of one size, which is then what is hostile.
        _scale = _random.Next(3) > 0 ? 1 : _random.Next(3) > 0 ? Math.Pow(10, 110 * _random.NextDouble() - 55) : Math.Pow(10, 620 * _random.NextDouble() - 310);
        _dimension = _random.Next(20) == 0 ? 12 : _random.Next(1, 4);
        _count = _random.Next(20) == 0 ? 16 : _random.Next(1, 5);
        _weights = Weights();
        _means = Means();
        bool isFile = _random.Next(5) == 0;
        if (isFile) File = Json();
        string dimension = Count(_dimension, 0.3), file = isFile ? $", File = \"H{seed}.mixture.json\"" : "";
        string data = Chance(0.05) ? $", Data = \"H{seed}.npy\", Variance = {Real(0.1)}" : "";
        _attributes.Append(CultureInfo.InvariantCulture, $"[GaussianMixture({dimension}{file}{data})]\n");
        if (!isFile || Chance(0.05)) Components();
        Process();
        Samplers();
        if (_random.Next(4) == 0) Student();
        // Rarely, because a proof that fails takes a second.
        if (_random.Next(40) == 0) FlowMap();
        if (_random.Next(4) == 0) ScoreNetwork();
        if (_random.Next(4) == 0) Network();
    }

    public int Seed { get; }

    /// <summary>The name of the type.</summary>
    public string Name => $"H{Seed}";

    /// <summary>The text of the mixture's file, which is named after the type; null where there is none.</summary>
    public string? File { get; }

    /// <summary>The type with its attributes.</summary>
    public string Source => $"using FlowDsl;\n{_attributes}public partial class {Name} {{ }}\n";

    public static HostileDeclaration Of(int seed) => new(seed);

    private bool Chance(double probability) => _random.NextDouble() < probability * 10 * _hostility;

    private double Hostile() => _random.Next(3) > 0
        ? s_hostile[_random.Next(s_hostile.Length)]
        : (_random.Next(2) == 0 ? 1 : -1) * Math.Pow(10, 632 * _random.NextDouble() - 324);

    private double Number(double sound) => _random.NextDouble() < _hostility ? Hostile() : sound;

    private string Real(double sound) => Text(Number(sound));

    private string Count(int sound, double likelihood)
        => (Chance(likelihood) ? s_hostileCounts[_random.Next(s_hostileCounts.Length)] : sound).ToString(CultureInfo.InvariantCulture);

    private string Member(string type, string[] names) => Chance(0.05) ? $"({type})({_random.Next(-3, 100)})" : $"{type}.{names[_random.Next(names.Length)]}";

    private static string Text(double value)
        => double.IsNaN(value) ? "double.NaN"
            : double.IsPositiveInfinity(value) ? "double.PositiveInfinity"
            : double.IsNegativeInfinity(value) ? "double.NegativeInfinity"
            : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Array(IEnumerable<double> values) => $"new double[] {{ {string.Join(", ", values.Select(Text))} }}";

    // A value too few, a value too many, none.
    private double[] Length(double[] values) => !Chance(0.03) ? values : _random.Next(3) switch { 0 => values[..^1], 1 => [.. values, 1], _ => [] };

    private double[] Weights()
    {
        double[] weights = [.. Enumerable.Range(0, _count).Select(_ => 0.1 + _random.NextDouble())];
        for (int k = 1; k < _count; k++)
            if (Chance(0.1)) weights[k] = Math.Pow(10, -330 * _random.NextDouble());
        double sum = weights.Sum();
        return [.. weights.Select(weight => Chance(0.01) ? Hostile() : weight / sum)];
    }

    private double[][] Means()
    {
        // Apart, in a row, mirrored, at one place, or apart by far less than they are away from 0.
        int arrangement = _random.Next(6);
        double[] first = [.. Enumerable.Range(0, _dimension).Select(_ => Deviate())], step = [.. Enumerable.Range(0, _dimension).Select(_ => Deviate())];
        double near = Math.Pow(10, -20 * _random.NextDouble());
        return [.. Enumerable.Range(0, _count).Select(k => Enumerable.Range(0, _dimension).Select(j => Number(_scale * arrangement switch
        {
            0 => first[j] + k * step[j],
            1 => (k % 2 == 0 ? 1 : -1) * (first[j] + k / 2),
            2 => first[j],
            3 => first[j] + near * Deviate(),
            _ => 3 * Deviate(),
        })).ToArray())];
    }

    private double Deviate() => 2 * _random.NextDouble() - 1;

    private double Variance() => Number(_scale * _scale * Math.Pow(10, _random.Next(3) == 0 ? -16 * _random.NextDouble() : -_random.NextDouble()));

    // A matrix of some rank, of one size for all rows or of several.
    private double[] Matrix()
    {
        int d = _dimension, rank = _random.Next(4) == 0 ? 1 : d;
        double[,] root = new double[d, rank];
        for (int i = 0; i < d; i++)
        {
            double size = _random.Next(3) == 0 ? _scale * Math.Pow(10, -8 * _random.NextDouble()) : _scale;
            for (int j = 0; j < rank; j++) root[i, j] = size * (rank == 1 && _random.Next(2) == 0 ? 1 : Deviate());
        }
        double[] matrix = new double[d * d];
        for (int i = 0; i < d; i++)
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int m = 0; m < rank; m++) sum += root[i, m] * root[j, m];
                matrix[i * d + j] = matrix[j * d + i] = Number(sum);
            }
        if (Chance(0.05)) matrix[_random.Next(matrix.Length)] = Hostile();
        if (Chance(0.05)) System.Array.Fill(matrix, Hostile());
        return matrix;
    }

    private void Components()
    {
        int kind = _random.Next(4);
        double[]? matrix = _random.Next(2) == 0 ? Matrix() : null;
        double? variance = _random.Next(2) == 0 ? Variance() : null;
        for (int k = 0; k < _count; k++)
        {
            string covariance = (kind == 3 ? _random.Next(3) : kind) switch
            {
                0 => "Variance = " + Text(variance ?? Variance()),
                1 => "Variances = " + Array(Length([.. Enumerable.Range(0, _dimension).Select(_ => Variance())])),
                _ => "Covariance = " + Array(Length(matrix ?? Matrix())),
            };
            if (Chance(0.01)) covariance += covariance.StartsWith("Variance =", StringComparison.Ordinal) ? ", Variances = null" : ", Variance = 1";
            _attributes.Append(CultureInfo.InvariantCulture, $"[Component({Text(_weights[k])}, {Array(Length(_means[k]))}, {covariance})]\n");
        }
    }

    private string Json()
    {
        string type = new[] { "spherical", "diag", "tied", "full" }[_random.Next(4)];
        string Vector(IEnumerable<double> values) => "[" + string.Join(", ", Length([.. values]).Select(Digits)) + "]";
        string Rows()
        {
            double[] matrix = Matrix();
            return "[" + string.Join(", ", Enumerable.Range(0, _dimension).Select(i => Vector(matrix.Skip(i * _dimension).Take(_dimension)))) + "]";
        }
        string each = type switch
        {
            "spherical" => Vector(Enumerable.Range(0, _count).Select(_ => Variance())),
            "diag" => "[" + string.Join(", ", Enumerable.Range(0, _count).Select(_ => Vector(Enumerable.Range(0, _dimension).Select(_ => Variance())))) + "]",
            "tied" => Rows(),
            _ => "[" + string.Join(", ", Enumerable.Range(0, _count).Select(_ => Rows())) + "]",
        };
        string weights = Vector(_weights), means = string.Join(", ", _means.Select(Vector));
        string text = $$"""{ "covariance_type": "{{type}}", "weights": {{weights}}, "means": [{{means}}], "covariances": {{each}} }""";
        if (Chance(0.05)) text = text.Remove(_random.Next(text.Length), 1);
        if (Chance(0.02)) text = text[.._random.Next(text.Length)];
        // Rows of tens of thousands of values: a square of their number is beyond an int.
        if (Chance(0.002))
        {
            const string start = "\"covariances\": [";
            text = text.Replace(start, start + string.Concat(Enumerable.Repeat("1, ", 46_340)), StringComparison.Ordinal);
        }
        return text;

        static string Digits(double value)
            => double.IsNaN(value) ? "NaN" : double.IsInfinity(value) ? "1e999" : value.ToString("R", CultureInfo.InvariantCulture);
    }

    private void Process()
    {
        switch (_random.Next(5))
        {
            case 0:
                (_horizon, _early) = (Number(3), Number(1e-3));
                _attributes.Append(
                    CultureInfo.InvariantCulture,
                    $"[OrnsteinUhlenbeck(Beta = {Real(1)}, Horizon = {Text(_horizon)}, EarlyStop = {Text(_early)}, Sigma = {Real(_scale)})]\n");
                break;
            case 1:
                (_horizon, _early) = (Number(80 * _scale), Number(0.002 * _scale));
                _attributes.Append(CultureInfo.InvariantCulture, $"[VarianceExploding(SigmaMin = {Text(_early)}, SigmaMax = {Text(_horizon)})]\n");
                break;
            case 3:
                (_horizon, _early) = (Number(40), Number(_random.Next(3) == 0 ? 0.5 : 0));
                string steps = _random.Next(3) == 0
                    ? $"Betas = {Array(Length([Number(0.01), Number(0.2), Number(0.4)]))}"
                    : $"Schedule = {Member("NoiseSchedule", ["Linear", "ScaledLinear", "SquaredCosine", "Flow", "Process"])}, "
                        + $"Steps = {Count(50, 0.1)}, BetaStart = {Real(0.001)}, BetaEnd = {Real(0.1)}";
                _attributes.Append(CultureInfo.InvariantCulture, $"[VariancePreserving({steps}, EarlyStop = {Text(_early)}, Horizon = {Text(_horizon)})]\n");
                break;
            case 2:
                (_horizon, _early) = (Number(1), Number(_random.Next(3) == 0 ? 0 : 1e-3));
                _attributes.Append(CultureInfo.InvariantCulture, $"[LinearInterpolant(EarlyStop = {Text(_early)}, Horizon = {Text(_horizon)})]\n");
                break;
        }
    }

    private void Samplers()
    {
        int count = new[] { 0, 1, 1, 2 }[_random.Next(4)];
        for (int i = 0; i < count; i++)
        {
            string schedule = _random.Next(5) > 0
                ? $"Steps = {Count(_random.Next(1, 7), 0.1)}, Grid = {Member("Grid", _random.Next(8) == 0 ? s_measuredGrids : s_grids)}"
                : $"Times = {Array(Length([_horizon, Number(_early + 0.3 * (_horizon - _early)), _early]))}";
            _attributes.Append(
                CultureInfo.InvariantCulture, $"[Sampler(\"S{i}\", {schedule}, Solver = {Member("Solver", s_solvers)}, Chart = {Member("Chart", s_charts)}");
            if (_random.Next(2) == 0) _attributes.Append(", Precision = Precision.Double");
            if (_random.Next(3) == 0) _attributes.Append(CultureInfo.InvariantCulture, $", Tracking = {Member("Tracking", s_trackings)}");
            if (_random.Next(8) == 0) _attributes.Append(CultureInfo.InvariantCulture, $", Rho = {Text(Chance(1) ? Hostile() : 7)}");
            if (i > 0 && _random.Next(4) == 0) _attributes.Append(", Reference = \"S0\"");
            if (_random.Next(20) == 0) _attributes.Append(", Score = \"Net\"");
            _attributes.Append(")]\n");
        }
        if (_random.Next(SearchOf) > 0) return;
        string asked = _random.Next(2) == 0 ? $"Evaluations = {Count(_random.Next(1, 9), 0.1)}" : $"Error = {Text(Chance(1) ? Hostile() : 1e-3)}";
        _attributes.Append(CultureInfo.InvariantCulture, $"[Sampler(\"Chosen\", {asked})]\n");
    }

    private void Student()
    {
        _attributes.Append(
            CultureInfo.InvariantCulture,
            $"[Student(\"Learner\", Segments = {Count(_random.Next(1, 5), 0.1)}, Width = {Count(8, 0.1)}, Depth = {Count(2, 0.1)}");
        _attributes.Append(CultureInfo.InvariantCulture, $", Activation = {Member("Activation", s_activations)}, Form = {Member("StudentForm", s_forms)}");
        if (_random.Next(3) == 0) _attributes.Append(CultureInfo.InvariantCulture, $", Grid = {Member("Grid", s_grids)}");
        if (_random.Next(2) == 0) _attributes.Append(CultureInfo.InvariantCulture, $", WeightBound = {Text(Chance(1) ? Hostile() : 10)}");
        if (_random.Next(6) == 0) _attributes.Append(", Reference = \"S0\"");
        _attributes.Append(")]\n");
    }

    private void FlowMap()
    {
        _attributes.Append(
            CultureInfo.InvariantCulture, $"[FlowMap(\"Jump\", Segments = {Count(_random.Next(1, 3), 0.1)}, Accuracy = {Text(Chance(1) ? Hostile() : 1e-4)}");
        if (_random.Next(3) == 0) _attributes.Append(CultureInfo.InvariantCulture, $", Grid = {Member("Grid", s_grids)}");
        if (_random.Next(2) == 0) _attributes.Append(CultureInfo.InvariantCulture, $", Precision = {Member("Precision", Enum.GetNames<Precision>())}");
        _attributes.Append(")]\n");
    }

    private void ScoreNetwork()
    {
        _attributes.Append(
            CultureInfo.InvariantCulture, $"[ScoreNetwork(\"Net\", Accuracy = {Text(Chance(1) ? Hostile() : Math.Pow(10, -4 * _random.NextDouble()))}");
        if (_random.Next(3) == 0) _attributes.Append(CultureInfo.InvariantCulture, $", P = {Text(Chance(1) ? Hostile() : 4)}");
        if (_random.Next(3) == 0)
            _attributes.Append(CultureInfo.InvariantCulture, $", TimeDependent = false, Time = {Real(_early + 0.3 * (_horizon - _early))}");
        _attributes.Append(")]\n");
    }

    private void Network()
    {
        _attributes.Append(CultureInfo.InvariantCulture, $"[Network(\"Trained\", Prediction = {Member("Prediction", Enum.GetNames<Prediction>())}");
        if (_random.Next(2) == 0) _attributes.Append(CultureInfo.InvariantCulture, $", Time = {Member("NetworkTime", Enum.GetNames<NetworkTime>())}");
        if (_random.Next(2) == 0) _attributes.Append(CultureInfo.InvariantCulture, $", TimeScale = {Text(Chance(1) ? Hostile() : 1000)}");
        if (_random.Next(3) == 0) _attributes.Append(CultureInfo.InvariantCulture, $", Training = {Member("NoiseSchedule", Enum.GetNames<NoiseSchedule>())}");
        if (_random.Next(6) == 0) _attributes.Append(CultureInfo.InvariantCulture, $", BetaEnd = {Text(Chance(1) ? Hostile() : 0.02)}");
        if (_random.Next(6) == 0) _attributes.Append(CultureInfo.InvariantCulture, $", DataDeviation = {Text(Chance(1) ? Hostile() : 0.5)}");
        _attributes.Append(")]\n[Sampler(\"OnNetwork\", Steps = 2, Field = \"Trained\"");
        if (_random.Next(2) == 0) _attributes.Append(", Solver = Solver.DpmSolverPlusPlus2M");
        if (_random.Next(8) == 0) _attributes.Append(", SolverFile = \"none.solver.json\"");
        if (_random.Next(4) == 0) _attributes.Append(_random.Next(2) == 0 ? ", Grid = Grid.Profile" : ", Grid = Grid.Profile, Profile = \"none.profile.json\"");
        _attributes.Append(")]\n");
    }
}
