using FlowDsl.Generators.Model;
using FlowDsl.Generators.Validation;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Processes;
using FlowDsl.Mathematics.Students;

namespace FlowDsl.Generators.Tests;

/// <summary>What travels through the pipeline: values that compare by value and keep nothing of the compiler alive.</summary>
public class SpecTests
{
    private const string Everything = """
        using FlowDsl;
        namespace Physics;
        public partial class Outer<T>
        {
            [GaussianMixture(2)]
            [Component(0.25, 0, 1, Variance = 1)]
            [Component(0.25, 2, 3, Variances = new[] { 0.5, 1 })]
            [Component(0.5, -0.0, 5, Covariance = new[] { 1, 0.5, 0.5, 1 })]
            [VarianceExploding(SigmaMin = 0.01, SigmaMax = 40)]
            [Sampler("Fast", Steps = 8, Solver = Solver.Euler, Chart = Chart.State, Grid = Grid.Edm, Rho = 5, Precision = Precision.Double,
                Tracking = Tracking.Local, Reference = "Exact")]
            [Sampler("Bad", Steps = 0)]
            [Sampler("Exact", Times = new[] { 40, 1, 0.01 }, Field = "Trained")]
            [Sampler("Measured", Steps = 4, Grid = Grid.Profile, Profile = "a.profile.json")]
            [Sampler("Best", Evaluations = 6)]
            [Sampler("Close", Error = 0.01)]
            [Sampler("Tuned", Steps = 4, Solver = Solver.Bespoke, SolverFile = "a.solver.json")]
            [Student("Learned", Segments = 3, Grid = Grid.Angle, Width = 5, Depth = 1, Activation = Activation.ReQU, Form = StudentForm.Residual,
                WeightBound = 2.5, BoundBiases = true, Reference = "Exact", Weights = "a.safetensors")]
            [FlowMap("Jump", Segments = 2, Grid = Grid.Angle, Accuracy = 1e-5, Precision = Precision.Double)]
            [ScoreNetwork("Net", Accuracy = 0.01, P = 3, TimeDependent = false, Time = 2)]
            [Network("Trained", Prediction = Prediction.Score, Time = NetworkTime.Sigma, TimeScale = -2, Training = NoiseSchedule.Linear, TrainingSteps = 9,
                BetaEnd = 0.5, DataDeviation = 2)]
            public partial record struct Ring;
        }
        """;

    [Fact]
    public void SpecSaysWhatTheAttributesSay()
    {
        ModelSpec expected = new(
            new TypeSpec(
                "Physics", new EquatableArray<string>(["partial class Outer<T>"]), "partial record struct Ring", "Ring",
                "Physics.Outer<T>.Ring", "Physics.Outer`1+Ring", "FlowDsl.Generated"),
            2,
            null,
            new EquatableArray<ComponentSpec>(
            [
                new ComponentSpec(0.25, new EquatableArray<double>([0, 1]), CovarianceType.Isotropic, new EquatableArray<double>([1])),
                new ComponentSpec(0.25, new EquatableArray<double>([2, 3]), CovarianceType.Diagonal, new EquatableArray<double>([0.5, 1])),
                new ComponentSpec(0.5, new EquatableArray<double>([0, 5]), CovarianceType.Full, new EquatableArray<double>([1, 0.5, 0.5, 1])),
            ]),
            Process("VarianceExploding", 0.01, 40),
            new EquatableArray<SamplerSpec>(
            [
                new SamplerSpec(0, "Fast", 8, Solver.Euler, Chart.State, Grid.Edm, new GridOptions(Rho: 5), default, Precision.Double, Tracking.Local, "Exact"),
                new SamplerSpec(1, "Bad", 0, Solver.Heun, Chart.Auto, Grid.Auto, new GridOptions(Rho: 7), default, Precision.Single, Tracking.Auto),
                new SamplerSpec(2, "Exact", 2, Solver.Heun, Chart.Auto, Grid.Auto, new GridOptions(Rho: 7),
                    new EquatableArray<double>([40, 1, 0.01]), Precision.Single, Tracking.Auto, Field: "Trained"),
                new SamplerSpec(3, "Measured", 4, Solver.Heun, Chart.Auto, Grid.Profile, new GridOptions(Rho: 7), default, Precision.Single, Tracking.Auto,
                    Profile: "a.profile.json"),
                new SamplerSpec(4, "Best", 0, Solver.Auto, Chart.Auto, Grid.Auto, new GridOptions(Rho: 7), default, Precision.Single, Tracking.Auto,
                    Evaluations: 6),
                new SamplerSpec(5, "Close", 0, Solver.Auto, Chart.Auto, Grid.Auto, new GridOptions(Rho: 7), default, Precision.Single, Tracking.Auto,
                    Error: 0.01),
                new SamplerSpec(6, "Tuned", 4, Solver.Bespoke, Chart.Auto, Grid.Auto, new GridOptions(Rho: 7), default, Precision.Single, Tracking.Auto,
                    SolverFile: "a.solver.json"),
            ]),
            new EquatableArray<StudentSpec>(
            [
                new StudentSpec(0, "Learned", 3, Grid.Angle, 5, 1, Activation.ReQU, StudentForm.Residual, new ParameterBound(2.5, true),
                    "Exact", "a.safetensors"),
            ]),
            new EquatableArray<ScoreNetworkSpec>([new ScoreNetworkSpec(0, "Net", 0.01, 3, TimeDependent: false, 2)]),
            new EquatableArray<NetworkSpec>(
            [
                new NetworkSpec(0, "Trained", Prediction.Score, NetworkTime.Sigma, -2, new TrainingSpec(NoiseSchedule.Linear, 9, null, 0.5, default), 2),
            ]),
            FlowMaps: new EquatableArray<FlowMapSpec>([new FlowMapSpec(0, "Jump", 2, Grid.Angle, 1e-5, Precision.Double)]));
        ModelSpec spec = Spec(Everything);
        Assert.Equal(expected, spec);
        Assert.Equal(expected.GetHashCode(), spec.GetHashCode());
        // Equality cannot see the sign of a zero.
        Assert.False(double.IsNegative(spec.Components[2].Mean[0]));
    }

    [Fact]
    public void ResolvedModelSaysWhatTheSpecSays()
    {
        List<Issue> issues = [];
        ResolvedModel model = ModelValidator.Read(Spec(Everything), null, default, issues, CancellationToken.None)!;
        Assert.Equal(["FLOW0303"], issues.Select(issue => issue.Id));
        Assert.Equal(["Fast", "Exact", "Best", "Close", "Tuned"], model.Spec.Samplers.Select(sampler => sampler.Name));
        Assert.Equal(["Learned"], model.Spec.Students.Select(student => student.Name));
        Assert.Equal(["Jump"], model.Spec.FlowMaps.Select(map => map.Name));
        Assert.Equal(["Trained"], model.Spec.Networks.Select(network => network.Name));
        Assert.Equal(["Net"], model.Spec.ScoreNetworks.Select(network => network.Name));
        Assert.Equal<double>([0.25, 0.25, 0.5], model.Mixture.Weights);
        Assert.Equal([[0, 1], [2, 3], [0, 5]], model.Mixture.Means.Select(mean => mean.ToArray()));
        Assert.Equal([CovarianceType.Isotropic, CovarianceType.Diagonal, CovarianceType.Full], model.Mixture.Covariances.Select(covariance => covariance.Type));
        Assert.Equal<double>([1, 0, 0, 1], model.Mixture.Covariances[0].Matrix);
        Assert.Equal<double>([0.5, 0, 0, 1], model.Mixture.Covariances[1].Matrix);
        Assert.Equal<double>([1, 0.5, 0.5, 1], model.Mixture.Covariances[2].Matrix);
        VarianceExplodingProcess process = Assert.IsType<VarianceExplodingProcess>(model.Process);
        Assert.Equal((40, 0.01), (process.Horizon, process.EarlyStop));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[OrnsteinUhlenbeck]")]
    public void DefaultsAreTheAttributesOwn(string attribute)
    {
        const string sections = "[Sampler(\"A\")]\n[Student(\"B\")]\n[FlowMap(\"D\")]\n[ScoreNetwork(\"C\")]";
        ModelSpec spec = Spec($"using FlowDsl;\n[GaussianMixture(1)]\n{sections}\n{attribute}\npartial class Ring;");
        OrnsteinUhlenbeckAttribute process = new();
        Assert.Equal(Process("OrnsteinUhlenbeck", process.Beta, process.Horizon, process.EarlyStop, process.Sigma), spec.Process);
        SamplerAttribute sampler = new("A");
        Assert.Equal(
            new SamplerSpec(
                0, sampler.Name, sampler.Steps, sampler.Solver, sampler.Chart, sampler.Grid, new GridOptions(Rho: sampler.Rho), default, sampler.Precision,
                Tracking.Auto),
            spec.Samplers[0]);
        StudentAttribute student = new("B");
        Assert.Equal(
            new StudentSpec(
                0, student.Name, student.Segments, student.Grid, student.Width, student.Depth, student.Activation, student.Form,
                new ParameterBound(student.WeightBound, student.BoundBiases), student.Reference, student.Weights),
            spec.Students[0]);
        FlowMapAttribute map = new("D");
        Assert.Equal(new FlowMapSpec(0, map.Name, map.Segments, map.Grid, map.Accuracy, map.Precision), spec.FlowMaps[0]);
        ScoreNetworkAttribute network = new("C");
        Assert.Equal(new ScoreNetworkSpec(0, network.Name, network.Accuracy, network.P, network.TimeDependent, null), spec.ScoreNetworks[0]);
    }

    [Fact]
    public void DefaultsAreTheAttributesOwnOfOtherProcesses()
    {
        VarianceExplodingAttribute exploding = new();
        Assert.Equal(
            Process("VarianceExploding", exploding.SigmaMin, exploding.SigmaMax),
            Spec("using FlowDsl;\n[GaussianMixture(1), VarianceExploding] partial class Ring;").Process);
        LinearInterpolantAttribute linear = new();
        Assert.Equal(
            Process("LinearInterpolant", linear.EarlyStop, linear.Horizon),
            Spec("using FlowDsl;\n[GaussianMixture(1), LinearInterpolant] partial class Ring;").Process);
        VariancePreservingAttribute preserving = new();
        Assert.True(double.IsNaN(preserving.BetaStart) && double.IsNaN(preserving.BetaEnd));
        Assert.Equal(
            Process("VariancePreserving", preserving.Horizon, preserving.EarlyStop) with
            {
                Training = new TrainingSpec(preserving.Schedule, preserving.Steps, null, null, default),
            },
            Spec("using FlowDsl;\n[GaussianMixture(1), VariancePreserving] partial class Ring;").Process);
        Assert.Equal(
            Process("VariancePreserving", 1.5, 0.5) with
            {
                Training = new TrainingSpec(NoiseSchedule.Process, 1000, null, null, new EquatableArray<double>([0.1, 0.2, 0.3])),
            },
            Spec(
                "using FlowDsl;\n[GaussianMixture(1), VariancePreserving(Betas = new[] { 0.1, 0.2, 0.3 }, Horizon = 1.5, EarlyStop = 0.5)] "
                + "partial class Ring;").Process);
    }

    [Fact]
    public void CompilingTheSameSourceResultsInEqualModels() => Assert.Equal(Spec(Everything), Spec(Everything));

    [Fact]
    public void CompilingDifferentSourcesResultsInUnequalModels()
        => Assert.NotEqual(Spec(Everything), Spec(Everything.Replace("Steps = 8", "Steps = 9", StringComparison.Ordinal)));

    [Fact]
    public void NoStepAfterTheDeclarationsHoldsCompilerObjects()
    {
        GeneratorOutcome outcome = GeneratorHarness.Run(
            Everything + "[FlowDsl.GaussianMixture(1, File = \"a.mixture.json\")] partial class FromFile; [FlowDsl.GaussianMixture(1)] partial class Empty;",
            ("/p/a.mixture.json", "?"), ("/p/a.safetensors", null));
        foreach (string step in new[]
        {
            TrackingNames.Specs, TrackingNames.Files, TrackingNames.NamedFiles, TrackingNames.Texts, TrackingNames.Weights, TrackingNames.Inputs,
            TrackingNames.Compiled, TrackingNames.Sources, TrackingNames.Renames, TrackingNames.Issues,
        })
        {
            object[] values = outcome.Values(step);
            Assert.NotEmpty(values);
            Assert.All(values, value => Assert.Empty(ObjectGraph.FindCompilerObjects(value)));
        }
        // The walk finds them where they are allowed to be, so it would have found them elsewhere.
        Assert.All(outcome.Values(TrackingNames.Declarations), value => Assert.NotEmpty(ObjectGraph.FindCompilerObjects(value)));
    }

    private static ProcessSpec Process(string kind, params double[] values)
        => new(ProcessDefinition.All.Single(own => own.Name == kind), new EquatableArray<double>(values));

    private static ModelSpec Spec(string source)
        => Assert.IsType<ModelSpec>(Assert.Single(GeneratorHarness.Run(source).Values(TrackingNames.Specs)));
}
