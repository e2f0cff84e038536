using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Processes;
using FlowDsl.Mathematics.Students;

namespace FlowDsl.Generators.Model;

/// <summary>An annotated type as its attributes say it: all that the later rooms may know of the user's source.</summary>
/// <param name="Type">The annotated type.</param>
/// <param name="Dimension">d.</param>
/// <param name="File">The mixture file, or null where the components are attributes.</param>
/// <param name="Components">The component attributes in their order; empty with a file.</param>
/// <param name="Process">The process, the default one where none is declared.</param>
/// <param name="Samplers">The sampler attributes in their order that could be read.</param>
/// <param name="Students">The student attributes in their order that could be read.</param>
/// <param name="ScoreNetworks">The score network attributes in their order that could be read.</param>
/// <param name="Networks">The network attributes in their order that could be read.</param>
/// <param name="Data">What is said of a data set; null where nothing is.</param>
/// <param name="FlowMaps">The flow map attributes in their order that could be read.</param>
internal sealed record ModelSpec(
    TypeSpec Type,
    int Dimension,
    string? File,
    EquatableArray<ComponentSpec> Components,
    ProcessSpec Process,
    EquatableArray<SamplerSpec> Samplers,
    EquatableArray<StudentSpec> Students = default,
    EquatableArray<ScoreNetworkSpec> ScoreNetworks = default,
    EquatableArray<NetworkSpec> Networks = default,
    DataSpec? Data = null,
    EquatableArray<FlowMapSpec> FlowMaps = default);

/// <summary>A data set whose rows are the components.</summary>
/// <param name="File">The data file; null where only a variance is given.</param>
/// <param name="Variance">The variance of every component; 0 where none is given.</param>
internal sealed record DataSpec(string? File, double Variance)
{
    /// <summary>What the compiler reads in place of the data: the file of this name.</summary>
    public string? Plan => File is null ? null
        : (File.EndsWith(".npy", StringComparison.OrdinalIgnoreCase) ? File.Substring(0, File.Length - 4) : File) + ".plan.json";
}

/// <summary>How to re-open the annotated type.</summary>
/// <param name="Namespace">Its namespace; empty for the global one.</param>
/// <param name="ContainingTypes">The headers of the types around it, outermost first: <c>partial class Outer&lt;T&gt;</c>.</param>
/// <param name="Header">Its own header: <c>partial record struct Ring</c>.</param>
/// <param name="Name">The name by which it is called from within: <c>global::Physics.Ring</c>, <c>global::@class</c>.</param>
/// <param name="DisplayName">Its name for people: <c>Physics.Ring</c>.</param>
/// <param name="HintName">Its full metadata name, unique in the compilation: <c>Physics.Outer`1+Ring</c>.</param>
/// <param name="HelperNamespace">The namespace of the types that are generated beside it.</param>
/// <param name="IsReachable">Whether code anywhere in the project can name it: it is not within a generic type, and nothing around it is private.</param>
internal sealed record TypeSpec(
    string Namespace,
    EquatableArray<string> ContainingTypes,
    string Header,
    string Name,
    string DisplayName,
    string HintName,
    string HelperNamespace,
    bool IsReachable = false);

/// <summary>A component attribute.</summary>
/// <param name="Weight">w.</param>
/// <param name="Mean">μ, as many values as were given.</param>
/// <param name="Kind">Which of the three covariance arguments was given.</param>
/// <param name="Covariance">Its values: one, d, or d×d row-major.</param>
internal sealed record ComponentSpec(double Weight, EquatableArray<double> Mean, CovarianceType Kind, EquatableArray<double> Covariance);

/// <summary>A process attribute.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="Values">A value for each of the kind's parameters.</param>
/// <param name="Training">Its training steps; null for a kind that has none.</param>
internal sealed record ProcessSpec(ProcessDefinition Kind, EquatableArray<double> Values, TrainingSpec? Training = null)
{
    /// <summary>The process of a type without a process attribute.</summary>
    public static ProcessSpec Default(ProcessDefinition kind) => new(kind, new EquatableArray<double>([.. kind.Parameters.Select(own => own.Default)]));
}

/// <summary>A sampler attribute.</summary>
/// <param name="Index">Its place among the type's sampler attributes, from 0.</param>
/// <param name="Name">The nested type's name.</param>
/// <param name="Steps">The number of steps.</param>
/// <param name="Solver">The solver.</param>
/// <param name="Chart">The chart as declared, perhaps <see cref="Chart.Auto"/>.</param>
/// <param name="Grid">The grid as declared, perhaps <see cref="Grid.Auto"/>.</param>
/// <param name="Options">The parameters of grids that have some.</param>
/// <param name="Times">Explicit times; empty where a grid is to be used.</param>
/// <param name="Precision">float or double.</param>
/// <param name="Tracking">How errors are estimated.</param>
/// <param name="Reference">The name of the sampler that serves as this one's reference; null without one.</param>
/// <param name="Score">The name of the network whose score it takes; null for the exact one.</param>
/// <param name="Field">The name of the kind of network that it can run on; null without one.</param>
/// <param name="Profile">The name of the profile's file whose times it takes; null without one.</param>
/// <param name="Evaluations">The most evaluations, with which the generator chooses the rest; null without them.</param>
/// <param name="Error">The error to stay below, with which the generator chooses the rest; null without one.</param>
/// <param name="SolverFile">The name of the tuned solver's file; null without one.</param>
internal sealed record SamplerSpec(
    int Index,
    string Name,
    int Steps,
    Solver Solver,
    Chart Chart,
    Grid Grid,
    GridOptions Options,
    EquatableArray<double> Times,
    Precision Precision,
    Tracking Tracking,
    string? Reference = null,
    string? Score = null,
    string? Field = null,
    string? Profile = null,
    int? Evaluations = null,
    double? Error = null,
    string? SolverFile = null)
{
    /// <summary>The argument that is about a tuned solver: its file's, or the solver's where the file is found by its name.</summary>
    public string SolverArgument => SolverFile is null ? nameof(Solver) : nameof(SolverFile);
}

/// <summary>A student attribute.</summary>
/// <param name="Index">Its place among the type's student attributes, from 0.</param>
/// <param name="Name">The nested type's name.</param>
/// <param name="Segments">The number of segments.</param>
/// <param name="Grid">The grid as declared, perhaps <see cref="Grid.Auto"/>.</param>
/// <param name="Width">The units of a hidden layer.</param>
/// <param name="Depth">The number of hidden layers.</param>
/// <param name="Activation">Their activation.</param>
/// <param name="Form">What the network's output means.</param>
/// <param name="Bound">The bound of the weights.</param>
/// <param name="Reference">The name of the sampler it learns from; null without one.</param>
/// <param name="Weights">The name of its weights' file; null without one.</param>
internal sealed record StudentSpec(
    int Index,
    string Name,
    int Segments,
    Grid Grid,
    int Width,
    int Depth,
    Activation Activation,
    StudentForm Form,
    ParameterBound Bound,
    string? Reference,
    string? Weights);

/// <summary>A flow map attribute.</summary>
/// <param name="Index">Its place among the type's flow map attributes, from 0.</param>
/// <param name="Name">The nested type's name.</param>
/// <param name="Segments">The number of segments.</param>
/// <param name="Grid">The grid as declared, perhaps <see cref="Grid.Auto"/>.</param>
/// <param name="Accuracy">The error that is asked for.</param>
/// <param name="Precision">float or double.</param>
internal sealed record FlowMapSpec(int Index, string Name, int Segments, Grid Grid, double Accuracy, Precision Precision);

/// <summary>A score network attribute.</summary>
/// <param name="Index">Its place among the type's score network attributes, from 0.</param>
/// <param name="Name">The nested type's name.</param>
/// <param name="Accuracy">ε.</param>
/// <param name="P">p of the norm.</param>
/// <param name="TimeDependent">Whether t is an input.</param>
/// <param name="Time">The only time otherwise; null where it is not given.</param>
internal sealed record ScoreNetworkSpec(int Index, string Name, double Accuracy, double P, bool TimeDependent, double? Time)
{
    public ScoreNetworkOptions Options => new(Accuracy, P, TimeDependent ? null : Time);
}

/// <summary>A network attribute.</summary>
/// <param name="Index">Its place among the type's network attributes, from 0.</param>
/// <param name="Name">The nested type's name.</param>
/// <param name="Prediction">What the output is.</param>
/// <param name="Time">In which time the network counts.</param>
/// <param name="TimeScale">The factor of that time.</param>
/// <param name="Training">The noise levels it was trained on.</param>
/// <param name="DataDeviation">σ_d.</param>
internal sealed record NetworkSpec(
    int Index, string Name, Prediction Prediction, NetworkTime Time, double TimeScale, TrainingSpec Training, double DataDeviation);

/// <summary>Noise levels of training: those that a network was trained on, or of a process in training steps.</summary>
/// <param name="Kind">Which ones; <see cref="NoiseSchedule.Process"/> with betas too.</param>
/// <param name="Steps">The number of training steps.</param>
/// <param name="BetaStart">The first β; null for the usual one.</param>
/// <param name="BetaEnd">The last β; null for the usual one.</param>
/// <param name="Betas">All of them; empty for a named schedule.</param>
internal sealed record TrainingSpec(NoiseSchedule Kind, int Steps, double? BetaStart, double? BetaEnd, EquatableArray<double> Betas)
{
    /// <summary>Whether the levels are others than those of the model's own process.</summary>
    public bool IsOther => IsDiscrete || Kind == NoiseSchedule.Flow;

    /// <summary>Whether the levels are those of training steps.</summary>
    public bool IsDiscrete => Betas.Count > 0 || Kind is NoiseSchedule.Linear or NoiseSchedule.ScaledLinear or NoiseSchedule.SquaredCosine;

    /// <summary>What is wrong with it.</summary>
    public IEnumerable<TrainingProblem> Check() => TrainingRules.Check(Kind, Steps, BetaStart, BetaEnd, Betas);

    /// <summary>The schedule of training steps that are right.</summary>
    public TrainingSchedule Schedule => Betas.Count > 0
        ? TrainingSchedule.FromBetas(Betas)
        : Kind switch
        {
            NoiseSchedule.SquaredCosine => TrainingSchedule.SquaredCosine(Steps),
            NoiseSchedule.ScaledLinear => TrainingSchedule.ScaledLinear(Steps, BetaStart ?? UsualBetas.First(Kind), BetaEnd ?? UsualBetas.Last(Kind)),
            _ => TrainingSchedule.Linear(Steps, BetaStart ?? UsualBetas.First(Kind), BetaEnd ?? UsualBetas.Last(Kind)),
        };
}
