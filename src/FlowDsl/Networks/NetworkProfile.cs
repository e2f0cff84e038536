using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Files;
using FlowDsl.Mathematics.Grids;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Networks;

namespace FlowDsl;

/// <summary>
/// Where a solver errs on a trained network: measured on the network's own trajectories, with errors carried to the end by the network's own flow. The
/// mixture gives the prior, the process and the scale of the data, and nothing else. Immutable.
/// </summary>
public sealed class NetworkProfile
{
    private readonly ProfileData _data;

    private NetworkProfile(ProfileData data)
    {
        _data = data;
        ErrorWindows windows = data.Windows;
        Windows =
        [
            .. windows.Measured.Select(
                (window, i) => new ProfileWindow(data.Times[window.From], data.Times[window.To], data.LocalErrors[i], data.PropagatedErrors[i])),
        ];
    }

    /// <summary>The process.</summary>
    public Process Process => _data.Process;

    /// <summary>The solver.</summary>
    public Solver Solver => _data.Solver;

    /// <summary>The chart that the solver integrates in, never <see cref="Chart.Auto"/>.</summary>
    public Chart Chart => _data.Chart;

    /// <summary>The times of the nodes of the trajectories, from the horizon to the early stop.</summary>
    public ImmutableArray<double> Times => _data.Times;

    /// <summary>E‖∇v(x, t)‖₂ at each node, x on the network's trajectories; above 12 coordinates a lower bound from as many directions.</summary>
    public ImmutableArray<double> ExpectedNorms => _data.ExpectedNorms;

    /// <summary>
    /// E[λ_max(-∇v(x, t))]⁺ at each node, of the symmetric part: the expected rate at which the reverse flow stretches, counting only points where it
    /// stretches. Above 12 coordinates a lower bound.
    /// </summary>
    public ImmutableArray<double> ExpectedGrowths => _data.ExpectedGrowths;

    /// <summary>What the solver errs between nodes. Windows overlap by halves and are about a twelfth of the way; a multistep solver's are longer.</summary>
    public ImmutableArray<ProfileWindow> Windows { get; }

    /// <summary>
    /// When the network amplifies errors: the central interval of times that contains 90 % of the integral of <see cref="ExpectedGrowths"/>; null if that is
    /// below 1e-6. The same for a mixture is <see cref="StabilityProfile.DangerWindow"/>.
    /// </summary>
    public TimeWindow? DangerWindow => _data.DangerWindow;

    /// <summary>
    /// How far the ends of the trajectories are from those of half the substeps: the root mean square of the distance over that of the ends' size. Of
    /// a smooth network the trajectories themselves are about sixteen times better.
    /// </summary>
    public double Doubt => _data.Doubt;

    /// <summary>The number of trajectories.</summary>
    public int SampleCount => _data.Samples;

    /// <summary>Evaluations of the network for each trajectory (NFE).</summary>
    public long FunctionEvaluations => _data.FunctionEvaluations;

    /// <summary>Evaluations of the network for all trajectories.</summary>
    public long TotalFunctionEvaluations => _data.FunctionEvaluations * _data.Samples;

    /// <summary>Measures a network.</summary>
    /// <param name="field">The network, of the model's dimension.</param>
    /// <param name="model">The mixture, which gives the prior and the scale of the data, and the process.</param>
    /// <param name="solver">The solver whose steps are measured.</param>
    /// <param name="convention">What the network's output is and in which time it counts; null for velocities in the process's time.</param>
    /// <param name="chart">The chart that the solver integrates in; chosen for the solver by default.</param>
    /// <param name="options">The number of trajectories, their seed and their steps.</param>
    /// <param name="progress">Receives the finished share of the evaluations, from 0 to 1, in increasing order; 1 at the end.</param>
    /// <param name="cancellationToken">Stops between two steps of the trajectories.</param>
    /// <returns>The profile; the same bits for the same network and options.</returns>
    /// <exception cref="ArgumentException">
    /// The network has another dimension or gives values that are not finite, the solver does not integrate in that chart, the chart is singular at an end of
    /// the process, or a factor of the network's output is not finite in single precision.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such solver.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static NetworkProfile Measure(
        INetworkField field, GaussianMixtureModel model, Solver solver, NetworkConvention? convention = null, Chart chart = Chart.Auto,
            NetworkProfileOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(field);
        ArgumentNullException.ThrowIfNull(model);
        if (field.Dimension != model.Dimension)
            throw new ArgumentException(
                $"The network's states have {NumberText.Count(field.Dimension, "coordinate")}, the model's {model.Dimension}.", nameof(field));
        if (!Enum.IsDefined(chart)) throw new ArgumentOutOfRangeException(nameof(chart), chart, "No such chart.");
        var frame = ChartFrame.For(chart, solver, model.Mixture.MeanVariance);
        Process process = model.Process;
        if (FlowProgram.Singularity(process, frame, solver, [process.Horizon, process.EarlyStop]) is { } time)
            throw new ArgumentException($"The {frame.Chart} chart is singular at t = {PortableNumber.Format(time, 6)}.", nameof(chart));
        var survey = new NetworkSurvey(
            field, model, solver, frame, convention ?? new NetworkConvention(), options ?? new NetworkProfileOptions(), progress, cancellationToken);
        return new NetworkProfile(survey.Measure());
    }

    /// <summary>The network's own <see cref="Grid.ErrorBalanced"/> times: equal shares of the integral of ψ^(1/(p+1)), p the solver's order.</summary>
    /// <param name="steps">N, 1 to 10000.</param>
    /// <returns>N + 1 strictly decreasing times from the horizon to the early stop.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is out of its range.</exception>
    /// <exception cref="ArgumentException">So many steps are closer than double precision resolves.</exception>
    public double[] CreateTimes(int steps)
    {
        if (steps is < 1 or > TimeGrid.MaxSteps)
            throw new ArgumentOutOfRangeException(nameof(steps), steps, $"The number of steps must be between 1 and {TimeGrid.MaxSteps}.");
        return _data.CreateTimes(steps)
            ?? throw new ArgumentException(
                $"{steps.ToString(CultureInfo.InvariantCulture)} steps of this profile are closer than double precision resolves.", nameof(steps));
    }

    /// <summary>Writes the profile as JSON, for <see cref="Load"/> and for the <c>Profile</c> of a <see cref="SamplerAttribute"/>.</summary>
    /// <param name="path">The file, which is replaced if it is there; a project finds it if its name ends in <c>.profile.json</c>.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        File.WriteAllText(path, ToJson(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    /// <summary>Reads a profile that <see cref="Save"/> wrote: the same numbers, bit for bit.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ProfileFormatException">It is not JSON, or not a profile.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static NetworkProfile Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new NetworkProfile(ProfileJson.Parse(File.ReadAllText(path)));
    }

    /// <summary>What was measured, in words.</summary>
    public override string ToString()
    {
        string danger = DangerWindow is { } window ? $"90 % of the growth of errors is from {window}" : "errors never grow";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Solver} in Chart.{Chart} on a network: {SampleCount} trajectories of {FunctionEvaluations} evaluations, "
            + $"doubt {NumberText.Brief(Doubt)}; {danger}");
    }

    /// <summary>The text of the file.</summary>
    internal string ToJson() => ProfileJson.Write(_data);
}
