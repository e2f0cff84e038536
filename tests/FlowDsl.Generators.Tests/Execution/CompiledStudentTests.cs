using System.Reflection;
using FlowDsl.Mathematics;

namespace FlowDsl.Generators.Tests;

/// <summary>Students as users get them: generated, compiled and run.</summary>
public class CompiledStudentTests
{
    private static readonly Mixture s_pair = new([0.25, 0.75], [[-1.0], [1.0]], [Covariance.Isotropic(1, 0.05), Covariance.Isotropic(1, 0.05)]);

    /// <summary>What the generator wrote as text are the numbers of the file, to the bit.</summary>
    [Fact]
    public void WeightsThatAreCompiledInAreThoseOfTheFile()
    {
        using var files = new WeightsFiles();
        var shape = StudentShape.Create(StudentForm.ResponsibilityCorrected, Activation.SiLU, 5, 2, s_pair);
        using CompiledModels compiled = new(GeneratorHarness.Run(
            """
            using FlowDsl;
            [GaussianMixture(1)]
            [Component(0.25, -1, Variance = 0.05)]
            [Component(0.75, 1, Variance = 0.05)]
            [Sampler("Teacher", Steps = 64, Solver = Solver.RungeKutta4)]
            [Student("Learned", Segments = 3, Width = 5, Activation = Activation.SiLU, Form = StudentForm.ResponsibilityCorrected, WeightBound = 4,
                Reference = "Teacher", Weights = "learned.safetensors")]
            public partial class Pair;
            """,
            files.Write("learned.safetensors", WeightsFiles.Of(s_pair, shape, 3).Write())).AssertClean());
        typeof(CompiledStudentTests).GetMethod(nameof(Compare), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(compiled.Type("Pair+Learned")).Invoke(null, BindingFlags.DoNotWrapExceptions, null, null, null);
    }

    /// <summary>Names that its members have cannot be the nested type's own.</summary>
    [Theory]
    [InlineData("Student")]
    [InlineData("Descriptor")]
    [InlineData("CreateKernel")]
    [InlineData("Integrate")]
    [InlineData("Kernel")]
    [InlineData("Weights")]
    [InlineData("Times")]
    public void EveryNameCompilesOrIsReported(string name)
    {
        const string head = "using FlowDsl;\n[GaussianMixture(1)]\n[Component(1, 0, Variance = 1)]\n";
        GeneratorOutcome outcome = GeneratorHarness.Run($"{head}[Student(\"{name}\", Segments = 1, Width = 2)]\npublic partial class Disc;");
        Assert.True(outcome.Ids is ["FLOW0302"] or ["FLOW0504"], string.Join(", ", outcome.Ids));
        Assert.Empty(outcome.Errors);
        // A sampler has fewer members.
        outcome = GeneratorHarness.Run($"{head}[Sampler(\"{name}\", Steps = 2)]\npublic partial class Disc;");
        Assert.Equal(name is "Descriptor" or "Integrate" ? ["FLOW0302"] : [], outcome.Ids);
        Assert.Empty(outcome.Errors);
    }

    /// <summary>Whatever they are called, what is generated beside them has names of its own.</summary>
    [Fact]
    public void SamplersAndStudentsLiveTogether()
    {
        GeneratorOutcome outcome = GeneratorHarness.Run("""
            using FlowDsl;
            namespace Physics;
            public partial class Outer<T>
            {
                [GaussianMixture(1)]
                [Component(0.5, -1, Variance = 0.1)]
                [Component(0.5, 1, Variance = 0.1)]
                [Sampler("Student", Steps = 2, Tracking = Tracking.Companion)]
                [Sampler("Span", Steps = 400, Solver = Solver.RungeKutta4, Grid = Grid.Angle, Tracking = Tracking.Companion)]
                [Student("Flow", Segments = 1, Width = 2)]
                [Student("Companion", Segments = 1, Width = 2)]
                [Student("IStudent", Segments = 1, Width = 2, Reference = "Span")]
                public partial record struct Ring;
            }
            """);
        Assert.Equal(["FLOW0504", "FLOW0504", "FLOW0504"], outcome.Ids);
        Assert.Empty(outcome.Errors);
    }

    private static void Compare<TStudent>()
        where TStudent : IFlowStudent<TStudent>
    {
        StudentDescriptor student = TStudent.Student;
        var shape = StudentShape.Create(StudentForm.ResponsibilityCorrected, Activation.SiLU, 5, 2, s_pair);
        Assert.Equal((shape, 4, "Teacher", 3), (student.Shape, student.WeightBound, student.Reference?.Name, student.SegmentCount));
        Assert.Equal<double>(WeightsFiles.Times(s_pair, 3), student.Sampler.Times);
        Assert.Same(student.Sampler, TStudent.Descriptor);
        float[] compiled = [.. Enumerable.Range(-20, 41).Select(i => i / 7f)], given = [.. compiled];
        TStudent.Integrate(compiled);
        StudentFlow.Create<TStudent>(new StudentWeights(student, WeightsFiles.Numbers(shape, 3))).Integrate(given);
        Assert.Equal(given, compiled);
        Assert.True(compiled.Distinct().Count() > 20);
    }
}
