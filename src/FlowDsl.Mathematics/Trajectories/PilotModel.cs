using FlowDsl.Mathematics.Solvers;
using FlowDsl.Mathematics.Structure;

namespace FlowDsl.Mathematics.Trajectories;

/// <summary>
/// A model reduced for pilots: the coordinates in which the components differ, and in closed form those in which the law is one Gaussian.
/// </summary>
internal sealed class PilotModel
{
    private readonly int _rest;
    private readonly double _restMean2, _restVariance;
    private readonly Lazy<EndErrors?> _borderErrors;
    private double[][]? _forecastPoints;

    /// <summary>Reduces a model.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="process">The process.</param>
    /// <param name="cancellationToken">Stops computations on its trajectories.</param>
    public PilotModel(Mixture mixture, Process process, CancellationToken cancellationToken)
    {
        Process = process;
        CancellationToken = cancellationToken;
        _borderErrors = new(() => PilotForecast.BorderErrors(this));
        Mixture = mixture;
        if (MeansSpan.Find(mixture) is not { } span) return;
        Mixture = span.Reduced;
        if (span.IsWhole) return;
        (_rest, _restVariance) = (mixture.Dimension - span.Axes.Length, mixture.Covariances[0].MinVariance);
        foreach (double value in span.Complement) _restMean2 += value * value;
    }

    /// <summary>The mixture along the axes in which the components differ.</summary>
    public Mixture Mixture { get; }

    /// <summary>The process.</summary>
    public Process Process { get; }

    /// <summary>Stops computations on trajectories.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>The points from which forecasts start, the same for all samplers that can afford that many.</summary>
    /// <param name="samples">The number of points.</param>
    public double[][] ForecastPoints(int samples)
    {
        double[][]? points = _forecastPoints;
        return points?.Length == samples ? points : _forecastPoints = PriorPoints.Draw(Mixture, Process, samples).HeldOut;
    }

    /// <summary>The errors that forecasts measure from points dense at the borders of modes; null without borders, or if the mixture is too large.</summary>
    public EndErrors? BorderErrors => _borderErrors.Value;

    /// <summary>E|S(x) - Φ(x)|² of a program in the coordinates in which the law is one Gaussian.</summary>
    /// <param name="program">The program.</param>
    public double RestError2(FlowProgram program)
    {
        if (_rest == 0) return 0;
        ProcessPoint from = Process.At(program.Steps[0].From), to = Process.At(program.Steps[program.Steps.Length - 1].To);
        GaussianFlow flow = GaussianFlow.Over(program, _restVariance, 0, program.Steps.Length);
        double variance = from.Spread(_restVariance), stretch = flow.Start - Math.Sqrt(to.Spread(_restVariance) / variance),
            shift = flow.Start * from.A + flow.Mean - to.A;
        return _rest * stretch * stretch * variance + shift * shift * _restMean2;
    }

    /// <summary>
    /// The mean square of one of the coordinates of one Gaussian of S(x) - Φ(x), in units of its width at the end, with all of the mean's shift in it.
    /// </summary>
    /// <param name="program">The program.</param>
    public double RestStandardizedError2(FlowProgram program)
    {
        if (_rest == 0) return 0;
        ProcessPoint from = Process.At(program.Steps[0].From), to = Process.At(program.Steps[program.Steps.Length - 1].To);
        GaussianFlow flow = GaussianFlow.Over(program, _restVariance, 0, program.Steps.Length);
        double before = from.Spread(_restVariance), after = to.Spread(_restVariance), shift = flow.Start * from.A + flow.Mean - to.A;
        double stretch = flow.Start - Math.Sqrt(after / before);
        return (stretch * stretch * before + shift * shift * _restMean2) / after;
    }

    /// <summary>E|S(x) - Φ(x)|² of one segment from exact states in the coordinates of one Gaussian.</summary>
    /// <param name="program">The program.</param>
    /// <param name="segment">The segment.</param>
    public double RestError2(FlowProgram program, int segment)
    {
        if (_rest == 0) return 0;
        GaussianFlow reached = GaussianFlow.Step(program, _restVariance, segment, Exact), exact = Exact(program.Steps[segment].To);
        double stretch = reached.Start - exact.Start, shift = reached.Mean - exact.Mean;
        return _rest * stretch * stretch + shift * shift * _restMean2;

        // x = √λ ξ + aμ with ξ standard normal.
        GaussianFlow Exact(double time)
        {
            ProcessPoint point = Process.At(time);
            return new GaussianFlow(Math.Sqrt(point.Spread(_restVariance)), point.A);
        }
    }

    /// <summary>E|v(x, t) - v(x', t')|² along exact trajectories in the coordinates in which the law is one Gaussian.</summary>
    /// <param name="from">t.</param>
    /// <param name="to">t'.</param>
    public double RestVelocityChange2(double from, double to)
    {
        if (_rest == 0) return 0;
        ProcessPoint before = Process.At(from), after = Process.At(to);
        double stretch = Rate(before) - Rate(after), shift = before.DA - after.DA;
        return _rest * stretch * stretch + shift * shift * _restMean2;

        // x = √λ ξ + aμ, and λ' = 2(s s' + a a' σ²).
        double Rate(in ProcessPoint point) => (point.SDS + point.A * point.DA * _restVariance) / Math.Sqrt(point.Spread(_restVariance));
    }

    /// <summary>The factor by which the flow between two times stretches the coordinates of one Gaussian; 0 if there are none.</summary>
    /// <param name="from">The larger time.</param>
    /// <param name="to">The smaller time.</param>
    public double RestStretch(double from, double to)
        => _rest == 0 ? 0 : Math.Sqrt(Process.At(to).Spread(_restVariance) / Process.At(from).Spread(_restVariance));

    /// <summary>The squared amplification from a time to the early stop, in the coordinates of one Gaussian; 0 if there are none.</summary>
    /// <param name="time">The time.</param>
    public double RestGain2(double time) => _rest == 0 ? 0 : Process.At(Process.EarlyStop).Spread(_restVariance) / Process.At(time).Spread(_restVariance);

    /// <summary>E|x|² at the early stop, in the coordinates in which the law is one Gaussian.</summary>
    public double RestMeanSquare
    {
        get
        {
            ProcessPoint point = Process.At(Process.EarlyStop);
            return _rest * point.Spread(_restVariance) + point.A * point.A * _restMean2;
        }
    }

    /// <summary>E|x|² at the early stop.</summary>
    /// <param name="path">Exact trajectories.</param>
    public double MeanSquare(PilotPath path) => RestMeanSquare + path.States[path.States.Length - 1].MeanSquaredDistance(null);
}
