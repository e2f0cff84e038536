using FlowDsl.Generators.Model;
using FlowDsl.Generators.Reading;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Students;

namespace FlowDsl.Generators.Tests;

/// <summary>Students that cannot be, weights that are not theirs, and what is worth knowing of those that can.</summary>
public class StudentDiagnosticTests
{
    private const string Pair = """
        [Component(0.5, -1, Variance = 0.04)]
        [Component(0.5, 1, Variance = 0.04)]
        [Sampler("Exact", Steps = 2, Grid = Grid.Angle)]
        [Sampler("Multistep", Steps = 2, Solver = Solver.DpmSolverPlusPlus2M, Grid = Grid.Angle)]
        """;

    private static readonly Mixture s_pair = new([0.5, 0.5], [[-1.0], [1.0]], [Covariance.Isotropic(1, 0.04), Covariance.Isotropic(1, 0.04)]);

    private static readonly StudentShape s_shape = StudentShape.Create(StudentForm.Residual, Activation.ReLU, 3, 1, s_pair);

    private static string Model(string student, string rest = Pair)
        => $"using FlowDsl;\n[GaussianMixture(1)]\n{rest}\n[Student({student})]\npublic partial class Ring;";

    /// <summary>The student is reported and left out; model and samplers are generated.</summary>
    private static void Reports(string id, string model, params string[] words)
    {
        GeneratorOutcome outcome = DiagnosticAssert.Reports(id, model, words);
        Assert.Empty(outcome.Errors);
        Assert.DoesNotContain(outcome.Output.GetTypeByMetadataName("Ring")!.GetTypeMembers(), type => type.Name is not ("Exact" or "Multistep"));
    }

    [Theory]
    [InlineData("Segments", "⟦0⟧", "is 0;", "from 1 to 1000")]
    [InlineData("Segments", "⟦1001⟧", "is 1001;", "from 1 to 1000")]
    [InlineData("Width", "⟦-1⟧", "is -1;", "from 1 to 4096")]
    [InlineData("Width", "⟦4097⟧", "is 4097;", "from 1 to 4096")]
    [InlineData("Depth", "⟦0⟧", "is 0;", "from 1 to 16")]
    [InlineData("Depth", "⟦17⟧", "is 17;", "from 1 to 16")]
    [InlineData("Grid", "⟦(Grid)1000⟧", "is 1000;", "ExpectedStability")]
    [InlineData("Activation", "⟦(Activation)(-1)⟧", "is -1;", "ReLU, ReQU, Alternating, SiLU")]
    [InlineData("Form", "⟦(StudentForm)5⟧", "is 5;", "Plain, Residual, ClosedFormPlusResidual, ResponsibilityCorrected, TrapezoidCorrected")]
    [InlineData("WeightBound", "⟦0⟧", "is 0;", "positive")]
    [InlineData("WeightBound", "⟦-1⟧", "is -1;", "positive")]
    [InlineData("WeightBound", "⟦double.NaN⟧", "is NaN;", "positive")]
    [InlineData("Reference", "⟦\"Other\"⟧", "is \"Other\";", "a sampler of the type: Exact, Multistep")]
    [InlineData("Reference", "⟦\"\"⟧", "is \"\";", "a sampler of the type: Exact, Multistep")]
    [InlineData("Reference", "⟦\"Learned\"⟧", "is \"Learned\";", "a sampler of the type: Exact, Multistep")]
    [InlineData("Reference", "⟦\"Multistep\"⟧", "is \"Multistep\";", "a one-step solver")]
    public void FLOW0501StudentInvalid(string argument, string value, params string[] words)
        => Reports("FLOW0501", Model($"\"Learned\", {argument} = {value}"), [$"{argument} of student 'Learned' of 'Ring' ", .. words]);

    [Fact]
    public void FLOW0501StudentInvalidWithoutASampler()
        => Reports("FLOW0501", Model("\"Learned\", Reference = ⟦\"Exact\"⟧", "[Component(1, 0, Variance = 1)]"), "is \"Exact\"; the type has no sampler");

    [Theory]
    [InlineData("[Component(0.5, -1, Variance = 0.04)]\n[Component(0.5, 1, Variance = 0.05)]")]
    [InlineData("[Component(1, 0, Variance = 1)]")]
    public void FLOW0501StudentInvalidWithNothingToCorrect(string components)
        => Reports(
            "FLOW0501", Model("\"Learned\", Form = ⟦StudentForm.ResponsibilityCorrected⟧", components),
            "Form of student", "is ResponsibilityCorrected;", "at least two components", "use ClosedFormPlusResidual");

    [Theory]
    [InlineData("OrnsteinUhlenbeck(EarlyStop = 0)", "Grid = ⟦Grid.LogTime⟧", "early stop 0")]
    [InlineData("LinearInterpolant", "Grid = ⟦Grid.LogVariance⟧", "at the horizon")]
    [InlineData("OrnsteinUhlenbeck(Horizon = 1, EarlyStop = 0.9999999999999)", "Segments = ⟦1000⟧, Grid = Grid.Uniform", "double precision cannot distinguish")]
    public void FLOW0501StudentInvalidInTheProcess(string process, string argument, string rule)
        => Reports("FLOW0501", Model($"\"Learned\", {argument}", $"[Component(1, 0, Variance = 1)]\n[{process}]"), "of student 'Learned' of 'Ring'", rule);

    [Fact]
    public void EveryInvalidArgumentIsReported()
    {
        GeneratorOutcome outcome = GeneratorHarness.Run(Model("\"Learned\", Segments = 0, Width = 0, Depth = 0, WeightBound = 0, Reference = \"None\""));
        Assert.Equal(Enumerable.Repeat("FLOW0501", 5), outcome.Ids);
        Assert.Equal(5, outcome.Diagnostics.Select(diagnostic => diagnostic.Location.SourceSpan).Distinct().Count());
    }

    [Theory]
    [InlineData("⟦\"a map\"⟧", "The name of student 0 of 'Ring'", "\"a map\"")]
    [InlineData("⟦null⟧", "student 0 of 'Ring'", "null")]
    [InlineData("⟦\"class\"⟧", "student 0 of 'Ring'", "the keyword \"class\"")]
    public void FLOW0301SamplerNameInvalidOfAStudent(string name, params string[] words) => Reports("FLOW0301", Model(name), words);

    [Theory]
    [InlineData("⟦\"Exact\"⟧", "an earlier sampler;")]
    [InlineData("⟦\"Ring\"⟧", "the type itself;")]
    [InlineData("⟦\"Velocity\"⟧", "a generated member;")]
    public void FLOW0302SamplerNameTakenByAStudent(string name, string owner) => Reports("FLOW0302", Model(name), "The name of student ", "of 'Ring'", owner);

    [Fact]
    public void FLOW0302SamplerNameTakenByAnEarlierStudent()
    {
        string marked = Model("\"Learned\"").Replace("public", "[Student(⟦\"Learned\"⟧)]\npublic", StringComparison.Ordinal);
        GeneratorOutcome outcome = GeneratorHarness.Run(DiagnosticAssert.Unmark(marked));
        Assert.Equal(["FLOW0302", "FLOW0504"], outcome.Ids);
        DiagnosticAssert.Check(outcome.Without("FLOW0504"), "FLOW0302", marked, "The name of student 'Learned' of 'Ring'", "an earlier student;");
    }

    [Theory]
    [InlineData("⟦\"Learned\"⟧")]
    [InlineData("⟦\"Learned\"⟧, Weights = null")]
    [InlineData("⟦\"Learned\"⟧, Weights = \"\"")]
    [InlineData("⟦\"Learned\"⟧, Weights = \"later.safetensors\"")]
    public void FLOW0504NoWeights(string student)
    {
        using var files = new WeightsFiles();
        GeneratorOutcome outcome = DiagnosticAssert.Reports(
            "FLOW0504", Model(student + ", Segments = 2, Width = 3"), [files.Write("other.safetensors", [])],
            "Student 'Learned' of 'Ring'", "StudentTraining.Train<Ring.Learned>");
        Assert.Empty(outcome.Errors);
        Assert.NotNull(outcome.Output.GetTypeByMetadataName("Ring+Learned"));
    }

    private static readonly Dictionary<string, (Func<SafeTensors, byte[]> Make, string[] Words)> s_files = new()
    {
        ["nothing"] = (_ => [], ["The file has 0 bytes"]),
        ["text"] = (_ => "weights"u8.ToArray(), ["bytes"]),
        ["half"] = (file => file.Write()[..^8], []),
        ["no number"] = (
            file => With(file, "segments.1.layers.0.bias", tensor => tensor with { Values = [0, float.NaN, 0] }),
            ["value 1 of tensor 'segments.1.layers.0.bias' is not finite"]),
        ["other shape"] = (
            file => With(file, "segments.1.layers.0.weight", tensor => tensor with { Shape = [1, 3] }),
            ["tensor 'segments.1.layers.0.weight' has shape [1, 3]; it must be [3, 1]"]),
        ["missing tensor"] = (file => With(file, "segments.1.layers.1.bias", _ => null), ["there is no tensor 'segments.1.layers.1.bias', of shape [1]"]),
        ["more tensors"] = (
            file => new SafeTensors([.. file.Tensors, new NamedTensor("steps", [1], [7])], file.Metadata).Write(),
            ["there are 9 tensors, and the student has 8"]),
        ["other width"] = (_ => WeightsFiles.Of(s_pair, s_shape with { Width = 4 }, 2).Write(), ["has shape [4, 1]; it must be [3, 1]"]),
        ["other form"] = (_ => WeightsFiles.Of(s_pair, s_shape with { Form = StudentForm.Plain }, 2).Write(), ["form Plain, and this one's is Residual"]),
        ["other activation"] = (
            _ => WeightsFiles.Of(s_pair, s_shape with { Activation = Activation.SiLU }, 2).Write(),
            ["activation SiLU, and this one's is ReLU"]),
        ["other segments"] = (_ => WeightsFiles.Of(s_pair, s_shape, 3).Write(), ["the weights are of 3 segments, and the student has 2"]),
        ["other times"] = (
            _ => StudentTensors.ToFile(s_shape, [3, 1, 0.001], WeightsFiles.Numbers(s_shape, 2)).Write(),
            ["time 1 is 1 there, and ", "train again"]),
    };

    public static TheoryData<string> Files => new(s_files.Keys);

    [Theory]
    [MemberData(nameof(Files))]
    public void FLOW0502WeightsInvalid(string name)
    {
        using var files = new WeightsFiles();
        (string, string?) file = files.Write("learned.safetensors", s_files[name].Make(WeightsFiles.Of(s_pair, s_shape, 2)));
        string marked = Model("\"Learned\", Segments = 2, Width = 3, Depth = 1, Form = StudentForm.Residual, Weights = ⟦\"learned.safetensors\"⟧");
        GeneratorOutcome outcome = GeneratorHarness.Run(DiagnosticAssert.Unmark(marked), file);
        // The student's type is there, for the training that mends it.
        Assert.NotNull(outcome.Output.GetTypeByMetadataName("Ring+Learned"));
        Assert.Empty(outcome.Errors);
        string[] words = ["The weights \"learned.safetensors\" of student 'Learned' of 'Ring' cannot be compiled in: ", .. s_files[name].Words];
        DiagnosticAssert.Check(outcome, "FLOW0502", marked, words);
    }

    [Fact]
    public void FLOW0502WeightsInvalidWhereTheFileCannotBeOpened()
    {
        string student = "\"Learned\", Segments = 2, Width = 3, Depth = 1, Form = StudentForm.Residual, Weights = ⟦\"learned.safetensors\"⟧";
        DiagnosticAssert.Reports(
            "FLOW0502", Model(student), [("/nowhere/learned.safetensors", null)],
            "cannot be opened; is it still at /nowhere/learned.safetensors");
    }

    [Fact]
    public void FLOW0502WeightsInvalidWhereTheFileChangedSinceItWasLookedUp()
    {
        using var files = new WeightsFiles();
        (string path, _) = files.Write("learned.safetensors", WeightsFiles.Of(s_pair, s_shape, 2).Write());
        StudentSpec learned = new(
            0, "Learned", 2, Grid.Uniform, 3, 1, Activation.ReLU, StudentForm.Residual, new ParameterBound(double.PositiveInfinity, false), null,
            "learned.safetensors");
        ModelSpec spec = Specs.Valid with { Students = new([learned]) };
        var named = new NamedWeights("Learned", WeightsFile.Read(new MemoryText(path, null), CancellationToken.None));
        List<Issue> issues = [];
        Assert.NotNull(named.Open(spec, issues).Bytes);
        Assert.Empty(issues);

        files.Write("learned.safetensors", WeightsFiles.Of(s_pair, s_shape, 2, shift: 1).Write());
        Assert.Null(named.Open(spec, issues).Bytes);
        Issue issue = Assert.Single(issues);
        Assert.Equal((DiagnosticIds.WeightsInvalid, new Site(SitePart.Student, 0, "Weights")), (issue.Id, issue.Site));
        Assert.Contains("changed while it was compiled in", issue.Arguments[3]);
    }

    [Fact]
    public void FLOW0502WeightsInvalidWhereSeveralFilesAreNamed()
    {
        using var files = new WeightsFiles();
        byte[] content = WeightsFiles.Of(s_pair, s_shape, 2).Write();
        string student = "\"Learned\", Segments = 2, Width = 3, Depth = 1, Form = StudentForm.Residual, Weights = ⟦\"learned.safetensors\"⟧";
        (string, string?)[] both = [files.Write("a/learned.safetensors", content), files.Write("b/learned.safetensors", content)];
        DiagnosticAssert.Reports("FLOW0502", Model(student), both, "several AdditionalFiles", "a/learned.safetensors");
        GeneratorHarness.Run(DiagnosticAssert.Unmark(Model(student)).Replace("\"learned", "\"b/learned", StringComparison.Ordinal), both).AssertClean();
    }

    [Fact]
    public void FLOW0502WeightsInvalidBeyondTheirBound()
    {
        using var files = new WeightsFiles();
        // The numbers of these files are in [-0.5, 0.5), and one is -0.5.
        const string student = "\"Learned\", Segments = 2, Width = 3, Depth = 1, Activation = Activation.ReQU, Form = StudentForm.Residual, "
            + "WeightBound = 0.49, Weights = ⟦\"learned.safetensors\"⟧";
        StudentShape shape = s_shape with { Activation = Activation.ReQU };
        (string, string?) file = files.Write("learned.safetensors", WeightsFiles.Of(s_pair, shape, 2).Write());
        DiagnosticAssert.Reports("FLOW0502", Model(student), [file], "a weight of size 0.5 is beyond the WeightBound of 0.49");
        GeneratorHarness.Run(DiagnosticAssert.Unmark(Model(student)).Replace("0.49", "0.5", StringComparison.Ordinal), file).AssertClean();
    }

    /// <summary>As saved, and as another program would write them: without metadata.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WeightsOfTheStudentAreNotReported(bool isBare)
    {
        using var files = new WeightsFiles();
        SafeTensors saved = WeightsFiles.Of(s_pair, s_shape, 2), bare = new(saved.Tensors, new Dictionary<string, string>());
        string model = Model("\"Learned\", Segments = 2, Width = 3, Depth = 1, Form = StudentForm.Residual, Weights = \"learned.safetensors\"");
        GeneratorOutcome outcome = GeneratorHarness.Run(model, files.Write("learned.safetensors", (isBare ? bare : saved).Write())).AssertClean();
        string text = outcome.Result.GeneratedSources.Single().SourceText.ToString();
        byte[] content = [.. WeightsFiles.Numbers(s_shape, 2).SelectMany(segment => segment).SelectMany(BitConverter.GetBytes)];
        Assert.Contains(Convert.ToBase64String(content)[..100], text, StringComparison.Ordinal);
    }

    [Fact]
    public void FLOW0505TeacherInexact()
    {
        string rest = Pair + "\n[Sampler(\"Coarse\", Steps = 4, Solver = Solver.Euler)]";
        string marked = Model("\"Learned\", Segments = 2, Width = 3, Reference = ⟦\"Coarse\"⟧", rest);
        GeneratorOutcome outcome = GeneratorHarness.Run(DiagnosticAssert.Unmark(marked));
        Assert.Empty(outcome.Errors);
        DiagnosticAssert.Check(outcome.Without("FLOW0504"), "FLOW0505", marked, "Reference 'Coarse' of student 'Learned' of 'Ring'", "below 0.0001");
        string exact = Pair.Replace("Steps = 2, Grid", "Steps = 64, Solver = Solver.RungeKutta4, Grid", StringComparison.Ordinal);
        GeneratorHarness.Run(Model("\"Learned\", Segments = 2, Width = 3, Reference = \"Exact\"", exact)).Without("FLOW0504").AssertClean();
    }

    /// <summary>
    /// One hidden layer of 8 units within b: distances grow by at most (√8 b)², and the modes are torn apart over the line between them. What can be any map is
    /// not reported.
    /// </summary>
    [Theory]
    [InlineData("WeightBound = ⟦0.3⟧", true)]
    [InlineData("WeightBound = ⟦0.3⟧, Form = StudentForm.Residual", true)]
    [InlineData("WeightBound = ⟦0.3⟧, Form = StudentForm.ClosedFormPlusResidual", true)]
    [InlineData("WeightBound = 30", false)]
    [InlineData("WeightBound = 0.3, Form = StudentForm.ResponsibilityCorrected", false)]
    [InlineData("WeightBound = 0.3, Activation = Activation.ReQU", false)]
    [InlineData("Form = StudentForm.Residual", false)]
    public void FLOW0503LipschitzMismatch(string arguments, bool isReported)
    {
        string marked = Model("\"Learned\", Segments = 1, Width = 8, Depth = 1, " + arguments);
        GeneratorOutcome outcome = GeneratorHarness.Run(DiagnosticAssert.Unmark(marked)).Without("FLOW0504");
        if (isReported) DiagnosticAssert.Check(outcome, "FLOW0503", marked, "Segment 0 of student 'Learned' of 'Ring'");
        else outcome.AssertClean();
    }

    private static byte[] With(SafeTensors file, string name, Func<NamedTensor, NamedTensor?> change)
        => new SafeTensors(file.Tensors.Select(tensor => tensor.Name == name ? change(tensor) : tensor).OfType<NamedTensor>(), file.Metadata).Write();
}
