using System.Reflection;
using FlowDsl.Generators.Model;
using FlowDsl.Generators.Reading;
using FlowDsl.Mathematics;
using Microsoft.CodeAnalysis;
using static Microsoft.CodeAnalysis.IncrementalStepRunReason;

namespace FlowDsl.Generators.Tests;

/// <summary>Why each step of the pipeline ran after an edit, and that it did not where nothing it depends on has changed.</summary>
public class IncrementalityTests
{
    private const string Ring = """
        using FlowDsl;
        [GaussianMixture(1)]
        [Component(1, 0, Variance = 1)]
        [Sampler("Fast", Steps = 8)]
        public partial class Ring;
        """;

    private const string FromFile = """
        using FlowDsl;
        [GaussianMixture(1, File = "a.mixture.json")]
        public partial class FromFile;
        """;

    private const string
        Single = "GaussianMixture(1), Component(1, 0, Variance = 1), ",
        Pair = "GaussianMixture(1), Component(0.5, -1, Variance = 1), Component(0.5, 1, Variance = 1), ";

    /// <summary>A valid model and one edit of each argument of each attribute, under "Attribute.argument".</summary>
    private static readonly (string Argument, string Before, string After)[] s_edits =
    [
        ("GaussianMixture.dimension", "GaussianMixture(1), Component(1, [0], Variance = 1)", "GaussianMixture(2), Component(1, [0], Variance = 1)"),
        ("GaussianMixture.File", "GaussianMixture(1, File = \"b.mixture.json\")", "GaussianMixture(1, File = \"a.mixture.json\")"),
        ("GaussianMixture.Data", "GaussianMixture(1, Data = \"b.npy\", Variance = 1)", "GaussianMixture(1, Data = \"a.npy\", Variance = 1)"),
        ("GaussianMixture.Variance", "GaussianMixture(1, Data = \"a.npy\", Variance = 1)", "GaussianMixture(1, Data = \"a.npy\", Variance = -1)"),
        ("Component.weight", "GaussianMixture(1), Component(1, 0, Variance = 1)", "GaussianMixture(1), Component(0.5, 0, Variance = 1)"),
        ("Component.mean", "GaussianMixture(1), Component(1, 0, Variance = 1)", "GaussianMixture(1), Component(1, 0.5, Variance = 1)"),
        ("Component.Variance", "GaussianMixture(1), Component(1, 0, Variance = 1)", "GaussianMixture(1), Component(1, 0, Variance = 2)"),
        ("Component.Variances", "GaussianMixture(1), Component(1, 0, Variances = [1])", "GaussianMixture(1), Component(1, 0, Variances = [2])"),
        ("Component.Covariance", "GaussianMixture(1), Component(1, 0, Covariance = [1])", "GaussianMixture(1), Component(1, 0, Covariance = [2])"),
        ("OrnsteinUhlenbeck.Beta", Single + "OrnsteinUhlenbeck(Beta = 1)", Single + "OrnsteinUhlenbeck(Beta = 2)"),
        ("OrnsteinUhlenbeck.Horizon", Single + "OrnsteinUhlenbeck(Horizon = 3)", Single + "OrnsteinUhlenbeck(Horizon = 4)"),
        ("OrnsteinUhlenbeck.EarlyStop", Single + "OrnsteinUhlenbeck(EarlyStop = 0.1)", Single + "OrnsteinUhlenbeck(EarlyStop = 0.2)"),
        ("OrnsteinUhlenbeck.Sigma", Single + "OrnsteinUhlenbeck(Sigma = 1)", Single + "OrnsteinUhlenbeck(Sigma = 2)"),
        ("VarianceExploding.SigmaMin", Single + "VarianceExploding(SigmaMin = 0.1)", Single + "VarianceExploding(SigmaMin = 0.2)"),
        ("VarianceExploding.SigmaMax", Single + "VarianceExploding(SigmaMax = 40)", Single + "VarianceExploding(SigmaMax = 50)"),
        ("LinearInterpolant.EarlyStop", Single + "LinearInterpolant(EarlyStop = 0.1)", Single + "LinearInterpolant(EarlyStop = 0.2)"),
        ("LinearInterpolant.Horizon", Single + "LinearInterpolant(Horizon = 0.9)", Single + "LinearInterpolant(Horizon = 0.8)"),
        ("VariancePreserving.Schedule",
            Single + "VariancePreserving(Steps = 50)",
            Single + "VariancePreserving(Steps = 50, Schedule = NoiseSchedule.SquaredCosine)"),
        ("VariancePreserving.Steps", Single + "VariancePreserving(Steps = 50)", Single + "VariancePreserving(Steps = 60)"),
        ("VariancePreserving.BetaStart", Single + "VariancePreserving(Steps = 50)", Single + "VariancePreserving(Steps = 50, BetaStart = 0.001)"),
        ("VariancePreserving.BetaEnd", Single + "VariancePreserving(Steps = 50)", Single + "VariancePreserving(Steps = 50, BetaEnd = 0.03)"),
        ("VariancePreserving.Betas", Single + "VariancePreserving(Betas = new[] { 0.1, 0.2 })", Single + "VariancePreserving(Betas = new[] { 0.1, 0.3 })"),
        ("VariancePreserving.Horizon", Single + "VariancePreserving(Steps = 50)", Single + "VariancePreserving(Steps = 50, Horizon = 40)"),
        ("VariancePreserving.EarlyStop", Single + "VariancePreserving(Steps = 50)", Single + "VariancePreserving(Steps = 50, EarlyStop = 3)"),
        ("Sampler.name", Single + "Sampler(\"A\", Steps = 8)", Single + "Sampler(\"B\", Steps = 8)"),
        ("Sampler.Steps", Single + "Sampler(\"A\", Steps = 8)", Single + "Sampler(\"A\", Steps = 9)"),
        ("Sampler.Solver", Single + "Sampler(\"A\", Steps = 8)", Single + "Sampler(\"A\", Steps = 8, Solver = Solver.Euler)"),
        ("Sampler.Chart", Single + "Sampler(\"A\", Steps = 8)", Single + "Sampler(\"A\", Steps = 8, Chart = Chart.State)"),
        ("Sampler.Grid", Single + "Sampler(\"A\", Steps = 8)", Single + "Sampler(\"A\", Steps = 8, Grid = Grid.Uniform)"),
        ("Sampler.Rho", Single + "Sampler(\"A\", Steps = 8, Grid = Grid.Edm)", Single + "Sampler(\"A\", Steps = 8, Grid = Grid.Edm, Rho = 6)"),
        ("Sampler.Alpha",
            Single + "OrnsteinUhlenbeck(Sigma = 2), Sampler(\"A\", Steps = 8, Grid = Grid.Beta)",
            Single + "OrnsteinUhlenbeck(Sigma = 2), Sampler(\"A\", Steps = 8, Grid = Grid.Beta, Alpha = 0.7)"),
        ("Sampler.Beta",
            Single + "OrnsteinUhlenbeck(Sigma = 2), Sampler(\"A\", Steps = 8, Grid = Grid.Beta)",
            Single + "OrnsteinUhlenbeck(Sigma = 2), Sampler(\"A\", Steps = 8, Grid = Grid.Beta, Beta = 0.7)"),
        ("Sampler.Shift",
            Single + "OrnsteinUhlenbeck(Sigma = 2), Sampler(\"A\", Steps = 8, Grid = Grid.Shift)",
            Single + "OrnsteinUhlenbeck(Sigma = 2), Sampler(\"A\", Steps = 8, Grid = Grid.Shift, Shift = 2)"),
        ("Sampler.Gamma",
            Single + "OrnsteinUhlenbeck(Sigma = 2), Sampler(\"A\", Steps = 8, Grid = Grid.SharpEuler)",
            Single + "OrnsteinUhlenbeck(Sigma = 2), Sampler(\"A\", Steps = 8, Grid = Grid.SharpEuler, Gamma = 1)"),
        ("Sampler.Times", Single + "Sampler(\"A\", Times = [3, 1, 0.001])", Single + "Sampler(\"A\", Times = [3, 2, 0.001])"),
        ("Sampler.Precision", Single + "Sampler(\"A\", Steps = 8)", Single + "Sampler(\"A\", Steps = 8, Precision = Precision.Double)"),
        ("Sampler.Tracking", Single + "Sampler(\"A\", Steps = 8)", Single + "Sampler(\"A\", Steps = 8, Tracking = Tracking.None)"),
        ("Sampler.Reference",
            Single + "Sampler(\"A\", Steps = 1), Sampler(\"B\", Steps = 8, Reference = \"A\")",
            Single + "Sampler(\"A\", Steps = 1), Sampler(\"B\", Steps = 8)"),
        ("Sampler.Score",
            Pair + "ScoreNetwork(\"N\", Accuracy = 0.1), Sampler(\"A\", Steps = 1)",
            Pair + "ScoreNetwork(\"N\", Accuracy = 0.1), Sampler(\"A\", Steps = 1, Score = \"N\")"),
        ("Sampler.Field", Single + "Network(\"N\"), Sampler(\"A\", Steps = 1)", Single + "Network(\"N\"), Sampler(\"A\", Steps = 1, Field = \"N\")"),
        ("Sampler.Profile",
            Single + "Sampler(\"A\", Steps = 4, Grid = Grid.Profile, Profile = \"a.profile.json\")",
            Single + "Sampler(\"A\", Steps = 4, Grid = Grid.Profile, Profile = \"b.profile.json\")"),
        ("Sampler.SolverFile",
            Single + "Sampler(\"A\", Steps = 4, SolverFile = \"a.solver.json\")",
            Single + "Sampler(\"A\", Steps = 4, SolverFile = \"b.solver.json\")"),
        ("Sampler.Evaluations", Single + "Sampler(\"A\", Evaluations = 1)", Single + "Sampler(\"A\", Evaluations = 2)"),
        ("Sampler.Error", Single + "Sampler(\"A\", Error = 0.5)", Single + "Sampler(\"A\", Error = 0.25)"),
        ("Network.name", Single + "Network(\"N\")", Single + "Network(\"M\")"),
        ("Network.Prediction", Single + "Network(\"N\")", Single + "Network(\"N\", Prediction = Prediction.Data)"),
        ("Network.Time", Single + "Network(\"N\")", Single + "Network(\"N\", Time = NetworkTime.Sigma)"),
        ("Network.TimeScale", Single + "Network(\"N\")", Single + "Network(\"N\", TimeScale = 1000)"),
        ("Network.Training", Single + "Network(\"N\")", Single + "Network(\"N\", Training = NoiseSchedule.Flow)"),
        ("Network.TrainingSteps",
            Single + "Network(\"N\", Prediction = Prediction.Noise, Training = NoiseSchedule.SquaredCosine)",
            Single + "Network(\"N\", Prediction = Prediction.Noise, Training = NoiseSchedule.SquaredCosine, TrainingSteps = 10)"),
        ("Network.BetaStart",
            Single + "Network(\"N\", Prediction = Prediction.Noise, Training = NoiseSchedule.Linear)",
            Single + "Network(\"N\", Prediction = Prediction.Noise, Training = NoiseSchedule.Linear, BetaStart = 0.001)"),
        ("Network.BetaEnd",
            Single + "Network(\"N\", Prediction = Prediction.Noise, Training = NoiseSchedule.Linear)",
            Single + "Network(\"N\", Prediction = Prediction.Noise, Training = NoiseSchedule.Linear, BetaEnd = 0.5)"),
        ("Network.Betas",
            Single + "Network(\"N\", Prediction = Prediction.Noise)",
            Single + "Network(\"N\", Prediction = Prediction.Noise, Betas = new[] { 0.1, 0.2 })"),
        ("Network.DataDeviation",
            Single + "Network(\"N\", Prediction = Prediction.Preconditioned)",
            Single + "Network(\"N\", Prediction = Prediction.Preconditioned, DataDeviation = 2)"),
        ("ScoreNetwork.name", Pair + "ScoreNetwork(\"N\", Accuracy = 0.1)", Pair + "ScoreNetwork(\"M\", Accuracy = 0.1)"),
        ("ScoreNetwork.Accuracy", Pair + "ScoreNetwork(\"N\", Accuracy = 0.1)", Pair + "ScoreNetwork(\"N\", Accuracy = 0.2)"),
        ("ScoreNetwork.P", Pair + "ScoreNetwork(\"N\", Accuracy = 0.1)", Pair + "ScoreNetwork(\"N\", Accuracy = 0.1, P = 4)"),
        ("ScoreNetwork.TimeDependent", Pair + "ScoreNetwork(\"N\", Accuracy = 0.1)", Pair + "ScoreNetwork(\"N\", Accuracy = 0.1, TimeDependent = false)"),
        ("ScoreNetwork.Time",
            Pair + "ScoreNetwork(\"N\", Accuracy = 0.1, TimeDependent = false, Time = 0.5)",
            Pair + "ScoreNetwork(\"N\", Accuracy = 0.1, TimeDependent = false, Time = 0.6)"),
        ("FlowMap.name", Pair + "FlowMap(\"A\", Accuracy = 1e-3)", Pair + "FlowMap(\"B\", Accuracy = 1e-3)"),
        ("FlowMap.Segments", Pair + "FlowMap(\"A\", Accuracy = 1e-3)", Pair + "FlowMap(\"A\", Accuracy = 1e-3, Segments = 2)"),
        ("FlowMap.Grid", Pair + "FlowMap(\"A\", Accuracy = 1e-3, Segments = 2)", Pair + "FlowMap(\"A\", Accuracy = 1e-3, Segments = 2, Grid = Grid.Uniform)"),
        ("FlowMap.Accuracy", Pair + "FlowMap(\"A\", Accuracy = 1e-3)", Pair + "FlowMap(\"A\", Accuracy = 1e-4)"),
        ("FlowMap.Precision", Pair + "FlowMap(\"A\", Accuracy = 1e-3)", Pair + "FlowMap(\"A\", Accuracy = 1e-3, Precision = Precision.Double)"),
        ("Student.name", Pair + "Student(\"A\", Segments = 1, Width = 3)", Pair + "Student(\"B\", Segments = 1, Width = 3)"),
        ("Student.Segments", Pair + "Student(\"A\", Segments = 1, Width = 3)", Pair + "Student(\"A\", Segments = 2, Width = 3)"),
        ("Student.Grid", Pair + "Student(\"A\", Segments = 2, Width = 3)", Pair + "Student(\"A\", Segments = 2, Width = 3, Grid = Grid.Uniform)"),
        ("Student.Width", Pair + "Student(\"A\", Segments = 1, Width = 3)", Pair + "Student(\"A\", Segments = 1, Width = 4)"),
        ("Student.Depth", Pair + "Student(\"A\", Segments = 1, Width = 3)", Pair + "Student(\"A\", Segments = 1, Width = 3, Depth = 1)"),
        ("Student.Activation",
            Pair + "Student(\"A\", Segments = 1, Width = 3)",
            Pair + "Student(\"A\", Segments = 1, Width = 3, Activation = Activation.SiLU)"),
        ("Student.Form", Pair + "Student(\"A\", Segments = 1, Width = 3)", Pair + "Student(\"A\", Segments = 1, Width = 3, Form = StudentForm.Residual)"),
        ("Student.WeightBound",
            Pair + "Student(\"A\", Segments = 1, Width = 3, WeightBound = 100)",
            Pair + "Student(\"A\", Segments = 1, Width = 3, WeightBound = 200)"),
        ("Student.BoundBiases",
            Pair + "Student(\"A\", Segments = 1, Width = 3, WeightBound = 100)",
            Pair + "Student(\"A\", Segments = 1, Width = 3, WeightBound = 100, BoundBiases = true)"),
        ("Student.Reference",
            Pair + "Sampler(\"R\", Steps = 32, Solver = Solver.RungeKutta4), Student(\"A\", Segments = 1, Width = 3)",
            Pair + "Sampler(\"R\", Steps = 32, Solver = Solver.RungeKutta4), Student(\"A\", Segments = 1, Width = 3, Reference = \"R\")"),
        ("Student.Weights",
            Pair + "Student(\"A\", Segments = 1, Width = 3, Weights = \"none.safetensors\")",
            Pair + "Student(\"A\", Segments = 1, Width = 3, Weights = \"gone.safetensors\")"),
    ];

    private static readonly Lazy<string[]> s_profiles = new(() => [.. new ulong[] { 1, 2 }.Select(
        seed => ProfileFiles.TextOf(ProfileFiles.Measure(Solver.Heun, new OrnsteinUhlenbeckProcess(), seed: seed)))]);

    private static readonly Mixture s_ring = new([1], [[0.0]], [Covariance.Isotropic(1, 1)]);

    private static readonly string[] s_steps =
    [
        TrackingNames.Declarations, TrackingNames.Specs, TrackingNames.Files, TrackingNames.NamedFiles, TrackingNames.Texts, TrackingNames.Weights,
        TrackingNames.Inputs, TrackingNames.Compiled, TrackingNames.Sources, TrackingNames.Renames, TrackingNames.Issues,
    ];

    public static TheoryData<string> Arguments => [.. s_edits.Select(edit => edit.Argument)];

    [Fact]
    public void UnrelatedEditInAnotherFileStopsAtTheSpec()
    {
        GeneratorHarness harness = new GeneratorHarness(Ring).Set("Other.cs", "class Other;");
        GeneratorOutcome before = harness.Run();
        AssertStopsAtTheSpec(before, harness.Set("Other.cs", "class Other { int Value; }").Run());
    }

    [Fact]
    public void CommentInTheSameFileStopsAtTheSpec()
    {
        GeneratorHarness harness = new(Ring);
        AssertStopsAtTheSpec(harness.Run(), harness.Set("Main.cs", "// A comment that moves everything.\n" + Ring).Run());
    }

    [Fact]
    public void AnotherSpellingOfTheSameModelStopsAtTheSpec()
    {
        GeneratorHarness harness = new(Ring);
        const string respelled = """
            [FlowDsl.ComponentAttribute(mean: new double[] { -0.0 }, weight: 0.5 + 0.5, Variance = 1)]
            [FlowDsl.Sampler("Fast", Solver = FlowDsl.Solver.Heun, Steps = 4 * 2)]
            [FlowDsl.GaussianMixture(dimension: 1), FlowDsl.OrnsteinUhlenbeck]
            public sealed partial class Ring { int _field; }
            """;
        AssertStopsAtTheSpec(harness.Run(), harness.Set("Main.cs", respelled).Run());
    }

    [Fact]
    public void NothingChangedEverythingIsCached()
    {
        GeneratorHarness harness = new(Ring);
        harness.Run();
        GeneratorOutcome again = harness.Run();
        foreach (string step in s_steps) Assert.All(again.Reasons(step), reason => Assert.Equal(Cached, reason));
        foreach (string step in s_steps.Except([TrackingNames.NamedFiles, TrackingNames.Texts, TrackingNames.Weights])) Assert.Single(again.Reasons(step));
    }

    [Theory]
    [MemberData(nameof(Arguments))]
    public void ArgumentChangedCompilesTheModelAgain(string argument)
    {
        (_, string before, string after) = s_edits.Single(edit => edit.Argument == argument);
        GeneratorHarness harness = new(Model(before), additionalTexts:
        [
            ("/p/a.mixture.json", MixtureFile(0)), ("/p/b.mixture.json", MixtureFile(1)), ("/p/gone.safetensors", null),
            ("/p/a.profile.json", s_profiles.Value[0]), ("/p/b.profile.json", s_profiles.Value[1]),
        ]);
        harness.Run();
        GeneratorOutcome outcome = harness.Set("Main.cs", Model(after)).Run();
        Assert.Equal([Modified], outcome.Reasons(TrackingNames.Specs));
        Assert.Equal([Modified], outcome.Reasons(TrackingNames.Inputs));
        // Every argument has its part in the code or in an issue.
        Assert.Equal([Modified], outcome.Reasons(TrackingNames.Compiled));

        static string Model(string attributes) => $"using FlowDsl;\n[{attributes}]\npublic partial class Ring;";
    }

    private static string MixtureFile(int mean)
        => $$"""{ "weights": [1], "means": [[{{mean}}]], "covariance_type": "spherical", "covariances": [1] }""";

    [Fact]
    public void EveryArgumentHasAnEdit()
    {
        IEnumerable<string> arguments = typeof(GaussianMixtureAttribute).Assembly.GetExportedTypes()
            .Where(type => type.IsSubclassOf(typeof(Attribute)))
            .SelectMany(type => type.GetConstructors().SelectMany(constructor => constructor.GetParameters()).Select(parameter => parameter.Name)
                .Concat(type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
                    .Where(property => property.CanWrite).Select(property => property.Name))
                .Select(name => $"{type.Name[..^"Attribute".Length]}.{name}"));
        Assert.Equal(arguments.Order(StringComparer.Ordinal), s_edits.Select(edit => edit.Argument).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void OneModelChangedLeavesTheOther()
    {
        GeneratorHarness harness = new GeneratorHarness(Ring).Set("Other.cs", Ring.Replace("class Ring", "class Other", StringComparison.Ordinal));
        harness.Run();
        string other = Ring.Replace("class Ring", "class Other", StringComparison.Ordinal).Replace("Steps = 8", "Steps = 9", StringComparison.Ordinal);
        GeneratorOutcome outcome = harness.Set("Other.cs", other).Run();
        Assert.Equal([Unchanged, Modified], outcome.Reasons(TrackingNames.Specs));
        Assert.Equal([Cached, Modified], outcome.Reasons(TrackingNames.Compiled));
    }

    [Fact]
    public void TypeRenamedReplacesItsFile()
    {
        GeneratorHarness harness = new(Ring);
        Assert.Equal(["Ring.g.cs"], harness.Run().HintNames);
        GeneratorOutcome outcome = harness.Set("Main.cs", Ring.Replace("class Ring", "class Disc", StringComparison.Ordinal)).Run();
        Assert.Equal([Modified], outcome.Reasons(TrackingNames.Specs));
        Assert.Equal([Modified], outcome.Reasons(TrackingNames.Compiled));
        Assert.Equal(["Disc.g.cs"], outcome.HintNames);
    }

    [Fact]
    public void TypeRemovedRemovesItsFile()
    {
        GeneratorHarness harness = new(Ring);
        harness.Run();
        GeneratorOutcome outcome = harness.Set("Main.cs", "class Nothing;").Run();
        Assert.Equal([Removed], outcome.Reasons(TrackingNames.Compiled));
        Assert.Empty(outcome.HintNames);
    }

    [Fact]
    public void FileThatNoModelNamesIsNotOpened()
    {
        (string, string?)[] mixtures = [("/p/a.mixture.json", MixtureFile(1)), ("/p/b.mixture.json", MixtureFile(1))];
        GeneratorHarness harness = new GeneratorHarness(Ring, additionalTexts: mixtures).Set("FromFile.cs", FromFile);
        harness.Run();
        GeneratorOutcome outcome = harness.SetAdditional("/p/b.mixture.json", MixtureFile(2)).Run();
        Assert.Equal([Cached], outcome.Reasons(TrackingNames.Files));
        Assert.Equal([Cached], outcome.Reasons(TrackingNames.Texts));
        Assert.Equal([Cached, Cached], outcome.Reasons(TrackingNames.Inputs));
        Assert.Equal([Cached, Cached], outcome.Reasons(TrackingNames.Compiled));
        Assert.Equal((1, 0), (harness.ReadsOf("/p/a.mixture.json"), harness.ReadsOf("/p/b.mixture.json")));

        // Until a model names it: then that one file is opened, once.
        outcome = harness.Set("FromFile.cs", FromFile.Replace("a.mixture", "b.mixture", StringComparison.Ordinal)).Run();
        Assert.Equal((1, 1), (harness.ReadsOf("/p/a.mixture.json"), harness.ReadsOf("/p/b.mixture.json")));
        Assert.Equal([Cached, Modified], outcome.Reasons(TrackingNames.Compiled));
    }

    [Fact]
    public void FilesThatNoModelNamesAreNotOpenedWhateverTheyAre()
    {
        (string, string?)[] files = [("/p/a.mixture.json", "{}"), ("/p/checkpoint.safetensors", null), ("/p/x/b.mixture.json", "{}")];
        GeneratorHarness harness = new GeneratorHarness(Ring, additionalTexts: files)
            .Set("FromFile.cs", FromFile).SetOptions(new ProjectOptions("/p/"))
            .SetAdditional("/p/copy/a.mixture.json", "{}");
        GeneratorOutcome outcome = harness.Run();
        string[] paths = ["/p/a.mixture.json", "/p/copy/a.mixture.json", "/p/x/b.mixture.json", "/p/checkpoint.safetensors"];
        Assert.Equal([1, 0, 0, 0], paths.Select(harness.ReadsOf));
        Assert.Equal(["/p/a.mixture.json"], Assert.IsType<EquatableArray<string>>(Assert.Single(outcome.Values(TrackingNames.NamedFiles))));
        Assert.Empty(Assert.IsType<EquatableArray<WeightsFile>>(Assert.Single(outcome.Values(TrackingNames.Weights))));
    }

    [Fact]
    public void FileThatNobodyNamesAddedCompilesNothing()
    {
        GeneratorHarness harness = new GeneratorHarness(Ring, additionalTexts: [("/p/a.mixture.json", MixtureFile(1))]).Set("FromFile.cs", FromFile);
        harness.Run();
        GeneratorOutcome outcome = harness.SetAdditional("/p/b.safetensors", null).Run();
        Assert.Equal([Modified], outcome.Reasons(TrackingNames.Files));
        Assert.Equal([Unchanged], outcome.Reasons(TrackingNames.NamedFiles));
        Assert.Equal([Cached, Cached], outcome.Reasons(TrackingNames.Compiled));
        Assert.Equal((1, 0), (harness.ReadsOf("/p/a.mixture.json"), harness.ReadsOf("/p/b.safetensors")));
    }

    [Fact]
    public void EditOfAModelOpensNoFileAgain()
    {
        GeneratorHarness harness = new GeneratorHarness(Ring, additionalTexts: [("/p/a.mixture.json", MixtureFile(1))]).Set("FromFile.cs", FromFile);
        harness.Run();
        harness.Set("Main.cs", Ring.Replace("Steps = 8", "Steps = 9", StringComparison.Ordinal)).Run();
        harness.Set("FromFile.cs", FromFile.Replace("[Gau", "[Sampler(\"Fast\", Steps = 4)]\n[Gau", StringComparison.Ordinal)).Run().AssertClean();
        Assert.Equal(1, harness.ReadsOf("/p/a.mixture.json"));
    }

    [Fact]
    public void FileThatOneModelNamesCompilesThatModelAgain()
    {
        GeneratorHarness harness = new GeneratorHarness(Ring, additionalTexts: [("/p/a.mixture.json", MixtureFile(1))]).Set("FromFile.cs", FromFile);
        harness.Run();
        GeneratorOutcome outcome = harness.SetAdditional("/p/a.mixture.json", MixtureFile(2)).Run();
        Assert.Equal([Unchanged, Modified], outcome.Reasons(TrackingNames.Inputs));
        Assert.Equal([Cached, Modified], outcome.Reasons(TrackingNames.Compiled));
        Assert.Equal([Cached, Modified], outcome.Reasons(TrackingNames.Sources));

        // Another layout of the same numbers: read again, and the code is the same.
        outcome = harness.SetAdditional("/p/a.mixture.json", MixtureFile(2) + "\n").Run();
        Assert.Equal([Cached, Unchanged], outcome.Reasons(TrackingNames.Compiled));
        Assert.Equal([Cached, Cached], outcome.Reasons(TrackingNames.Sources));
    }

    [Fact]
    public void FileThatIsNoMixtureStopsAtTheFiles()
    {
        GeneratorHarness harness = new(FromFile, additionalTexts: [("/p/a.mixture.json", MixtureFile(1)), ("/p/appsettings.json", "1")]);
        harness.Run();
        GeneratorOutcome outcome = harness.SetAdditional("/p/appsettings.json", "2").Run();
        Assert.Equal([Cached], outcome.Reasons(TrackingNames.Files));
        Assert.Equal([Cached], outcome.Reasons(TrackingNames.Compiled));
    }

    [Fact]
    public void WeightsThatOneStudentNamesCompileItsModelAgain()
    {
        using var files = new WeightsFiles();
        Mixture mixture = new([1], [[0.0]], [Covariance.Isotropic(1, 1)]);
        var shape = StudentShape.Create(StudentForm.Plain, Activation.ReLU, 3, 1, mixture);
        Write("a.safetensors", 0);
        Write("b.safetensors", 0);
        string student = Ring.Replace("class Ring", "class Taught", StringComparison.Ordinal)
            .Replace("[Sampler(\"Fast\", Steps = 8)]",
                "[Student(\"Learned\", Segments = 1, Width = 3, Depth = 1, Weights = \"a.safetensors\")]",
                StringComparison.Ordinal);
        (string, string?)[] weights = [(files.PathOf("a.safetensors"), null), (files.PathOf("b.safetensors"), null)];
        GeneratorHarness harness = new GeneratorHarness(Ring, additionalTexts: weights).Set("Taught.cs", student);
        harness.Run().AssertClean();

        // Weights that nobody names, and the same ones written again.
        foreach ((string name, float shift) in new[] { ("b.safetensors", 1f), ("a.safetensors", 0f) })
        {
            Write(name, shift);
            GeneratorOutcome other = harness.SetAdditional(files.PathOf(name), null).Run();
            Assert.Equal([Cached], other.Reasons(TrackingNames.Weights));
            Assert.Equal([Cached, Cached], other.Reasons(TrackingNames.Inputs));
            Assert.Equal([Cached, Cached], other.Reasons(TrackingNames.Compiled));
            WeightsFile read = Assert.Single(Assert.IsType<EquatableArray<WeightsFile>>(Assert.Single(other.Values(TrackingNames.Weights))));
            Assert.Equal(files.PathOf("a.safetensors"), read.Path);
        }

        Write("a.safetensors", 1);
        GeneratorOutcome outcome = harness.SetAdditional(files.PathOf("a.safetensors"), null).Run().AssertClean();
        Assert.Equal([Unchanged, Modified], outcome.Reasons(TrackingNames.Inputs));
        Assert.Equal([Cached, Modified], outcome.Reasons(TrackingNames.Compiled));
        Assert.Equal([Cached, Modified], outcome.Reasons(TrackingNames.Sources));

        void Write(string name, float shift) => files.Write(name, WeightsFiles.Of(mixture, shape, 1, shift).Write());
    }

    [Fact]
    public void ProfileThatOneSamplerNamesCompilesItsModelAgain()
    {
        string measured = Ring.Replace("class Ring", "class Measured", StringComparison.Ordinal)
            .Replace("Steps = 8", "Steps = 4, Grid = Grid.Profile, Profile = \"a.profile.json\"", StringComparison.Ordinal);
        (string, string?)[] files = [("/p/a.profile.json", s_profiles.Value[0]), ("/p/b.profile.json", s_profiles.Value[0])];
        GeneratorHarness harness = new GeneratorHarness(Ring, additionalTexts: files).Set("Measured.cs", measured);
        harness.Run().AssertClean();

        // A profile that nobody names, and the same one written again.
        foreach ((string path, string text) in new[] { ("/p/b.profile.json", s_profiles.Value[1]), ("/p/a.profile.json", s_profiles.Value[0]) })
            Assert.Equal([Cached, Cached], harness.SetAdditional(path, text).Run().Reasons(TrackingNames.Compiled));

        GeneratorOutcome outcome = harness.SetAdditional("/p/a.profile.json", s_profiles.Value[1]).Run().AssertClean();
        Assert.Equal([Unchanged, Modified], outcome.Reasons(TrackingNames.Inputs));
        Assert.Equal([Cached, Modified], outcome.Reasons(TrackingNames.Compiled));
        Assert.Equal([Cached, Modified], outcome.Reasons(TrackingNames.Sources));
    }

    [Fact]
    public void TunedSolverOfOneSamplerCompilesItsModelAgain()
    {
        string tuned = Ring.Replace("class Ring", "class Tuned", StringComparison.Ordinal)
            .Replace("Steps = 8", "Steps = 4, Solver = Solver.Bespoke", StringComparison.Ordinal);
        string named = tuned.Replace("class Tuned", "class Named", StringComparison.Ordinal)
            .Replace("Solver.Bespoke", "Solver.Bespoke, SolverFile = \"named.solver.json\"", StringComparison.Ordinal);
        string first = SolverFiles.Of(s_ring, 4).Write(), second = SolverFiles.Of(s_ring, 4, chart: Chart.Canonical).Write();
        (string, string?)[] files = [("/p/Tuned.Fast.solver.json", first), ("/p/named.solver.json", first), ("/p/Ring.Fast.solver.json", first)];
        GeneratorHarness harness = new GeneratorHarness(Ring, additionalTexts: files).Set("Tuned.cs", tuned).Set("Named.cs", named);
        harness.Run().AssertClean();

        // A file that no sampler takes is not opened, and one that is written again with the same text changes nothing.
        Assert.Equal(0, harness.ReadsOf("/p/Ring.Fast.solver.json"));
        int reads = harness.ReadsOf("/p/Tuned.Fast.solver.json");
        Assert.Equal([Cached, Cached, Cached], harness.Set("Other.cs", "class Other;").Run().Reasons(TrackingNames.Compiled));
        Assert.Equal(reads, harness.ReadsOf("/p/Tuned.Fast.solver.json"));
        Assert.Equal([Cached, Cached, Cached], harness.SetAdditional("/p/Tuned.Fast.solver.json", first).Run().Reasons(TrackingNames.Compiled));

        GeneratorOutcome outcome = harness.SetAdditional("/p/Tuned.Fast.solver.json", second).Run().AssertClean();
        Assert.Equal([Unchanged, Modified, Unchanged], outcome.Reasons(TrackingNames.Inputs));
        Assert.Equal([Cached, Modified, Cached], outcome.Reasons(TrackingNames.Compiled));
        outcome = harness.SetAdditional("/p/named.solver.json", second).Run().AssertClean();
        Assert.Equal([Cached, Cached, Modified], outcome.Reasons(TrackingNames.Sources));
    }

    [Fact]
    public void DiagnosticsFollowTheSourceWithoutCompilingTheModelAgain()
    {
        string invalid = Ring.Replace("Steps = 8", "Steps = 0", StringComparison.Ordinal);
        GeneratorHarness harness = new(invalid);
        Diagnostic first = Assert.Single(harness.Run().Diagnostics);
        GeneratorOutcome outcome = harness.Set("Main.cs", "\n\n" + invalid).Run();
        Diagnostic moved = Assert.Single(outcome.Diagnostics);
        Assert.Equal([Cached], outcome.Reasons(TrackingNames.Compiled));
        Assert.Equal([Cached], outcome.Reasons(TrackingNames.Issues));
        Assert.Equal(first.Location.GetLineSpan().StartLinePosition.Line + 2, moved.Location.GetLineSpan().StartLinePosition.Line);
        Assert.Contains(moved.Location.SourceTree, outcome.Input.SyntaxTrees);
    }

    /// <summary>What is typed into the second of four models of a file, under what a user does, and how many models it may compile.</summary>
    public static TheoryData<string, string, string, int> Edits => new()
    {
        { "a sampler is renamed", "\"Second\"", "\"Renamed\"", 1 },
        { "a string is half typed", "\"Second\"", "\"Sec", 1 },
        { "an attribute is half typed", "[GaussianMixture(2)]", "[GaussianMi(2)]", 0 },
        { "the type has no name yet", "class Two;", "class ;", 0 },
        {
            "the type is deleted", "[GaussianMixture(2)]\n[Component(1, 0, 2, Variance = 1)]\n[Sampler(\"Second\", Steps = 8)]\npublic partial class Two;\n",
            "", 0
        },
        { "a comment is open", "[GaussianMixture(2)]", "/* [GaussianMixture(2)]", 0 },
        { "a raw string is open", "\"Second\"", "\"\"\"Second", 1 },
        {
            "a model comes before others", "[GaussianMixture(2)]",
            "[GaussianMixture(1)]\n[Component(1, 7, Variance = 1)]\npublic partial class New;\n[GaussianMixture(2)]", 1
        },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public void EditOfOneModelCompilesNoOther(string what, string before, string after, int compiled)
    {
        string[] names = ["One", "Two", "Three", "Four"], samplers = ["First", "Second", "Third", "Fourth"];
        static string Means(int i) => string.Join(", ", Enumerable.Range(1, i + 1).Select(j => j == 1 ? "0" : $"{j}"));
        string source = "using FlowDsl;\n" + string.Concat(names.Select((name, i)
            => $"[GaussianMixture({i + 1})]\n[Component(1, {Means(i)}, Variance = 1)]\n[Sampler(\"{samplers[i]}\", Steps = 8)]\n"
                + $"public partial class {name};\n"));
        Assert.Contains(before, source, StringComparison.Ordinal);
        GeneratorHarness harness = new(source);
        GeneratorOutcome first = harness.Run().AssertClean();
        Assert.Equal(4, harness.Generator.Models.Count);

        harness.Set("Main.cs", source.Replace(before, after, StringComparison.Ordinal)).Run();
        Assert.True(harness.Generator.Models.Count <= 4 + compiled, $"{what}: {harness.Generator.Models.Count - 4} models were compiled.");
        int typed = harness.Generator.Models.Count;
        GeneratorOutcome back = harness.Set("Main.cs", source).Run().AssertClean();
        Assert.Equal(typed, harness.Generator.Models.Count);
        Assert.Equal(Sources(first), Sources(back));

        static string[] Sources(GeneratorOutcome outcome) => [.. outcome.Result.GeneratedSources.Select(file => $"{file.HintName}\n{file.SourceText}")];
    }

    [Fact]
    public void CompiledModelsAreForgottenWhereTheyAreTooLarge()
    {
        CompiledModelCache cache = new(capacity: 0);
        ModelInput first = Input(Specs.Valid), second = Input(Specs.Valid with { Dimension = 0 });
        Assert.Same(cache.Compile(first, CancellationToken.None), cache.Compile(first, CancellationToken.None));
        Assert.Equal(1, cache.Count);
        cache.Compile(second, CancellationToken.None);
        cache.Compile(first, CancellationToken.None);
        Assert.Equal(3, cache.Count);

        static ModelInput Input(ModelSpec spec) => new(spec, null, default, default, default, default);
    }

    private static void AssertStopsAtTheSpec(GeneratorOutcome before, GeneratorOutcome after)
    {
        // The positions have changed, or may have; the values have not.
        Assert.Equal([Modified], after.Reasons(TrackingNames.Declarations));
        Assert.Equal([Unchanged], after.Reasons(TrackingNames.Specs));
        Assert.Equal([Cached], after.Reasons(TrackingNames.Files));
        // Where the model names no file, these may not even be asked.
        foreach (string step in new[] { TrackingNames.NamedFiles, TrackingNames.Texts, TrackingNames.Weights })
            Assert.All(after.Reasons(step), reason => Assert.Equal(Cached, reason));
        Assert.Equal([Cached], after.Reasons(TrackingNames.Inputs));
        Assert.Equal([Cached], after.Reasons(TrackingNames.Compiled));
        Assert.Equal([Cached], after.Reasons(TrackingNames.Sources));
        Assert.Equal([Cached], after.Reasons(TrackingNames.Renames));
        Assert.Equal([Cached], after.Reasons(TrackingNames.Issues));
        Assert.Same(before.Result.GeneratedSources.Single().SourceText, after.Result.GeneratedSources.Single().SourceText);
    }
}
