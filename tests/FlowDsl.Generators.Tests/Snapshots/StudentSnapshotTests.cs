using FlowDsl.Mathematics;

namespace FlowDsl.Generators.Tests;

/// <summary>What is generated for students: one snapshot a form, and one with weights.</summary>
public class StudentSnapshotTests
{
    /// <summary>Two means in three dimensions, whose span is a line.</summary>
    private static string Needle(string student, string sampler = "") => $$"""
        using FlowDsl;

        #pragma warning disable FLOW0504 // weights are given at run time

        /// <summary>Two Gaussians in space.</summary>
        [GaussianMixture(3)]
        [Component(0.25, -1, 0, 2, Variance = 0.05)]
        [Component(0.75, 1, 2, 3, Variance = 0.05)]
        {{sampler}}
        [Student({{student}})]
        public partial class Needle;

        """.Replace("\n\n[Student", "\n[Student", StringComparison.Ordinal);

    [Fact]
    public Task Plain() => GeneratedFile.Verify(Needle("\"Learned\", Segments = 2, Width = 6, WeightBound = 4"));

    [Fact]
    public Task Residual() => GeneratedFile.Verify(Needle(
        "\"Learned\", Segments = 1, Width = 6, Depth = 1, Activation = Activation.ReQU, Form = StudentForm.Residual"));

    [Fact]
    public Task ClosedFormPlusResidual() => GeneratedFile.Verify(Needle(
        "\"Learned\", Segments = 3, Grid = Grid.Angle, Width = 6, Activation = Activation.SiLU, Form = StudentForm.ClosedFormPlusResidual, "
            + "Reference = \"Teacher\"",
        "[Sampler(\"Teacher\", Steps = 3, Solver = Solver.RungeKutta4)]"));

    [Fact]
    public Task ResponsibilityCorrected() => GeneratedFile.Verify(Needle(
        "\"Learned\", Segments = 2, Width = 6, Activation = Activation.Alternating, Form = StudentForm.ResponsibilityCorrected"));

    [Fact]
    public Task TrapezoidCorrected() => GeneratedFile.Verify(Needle("\"Learned\", Segments = 2, Width = 6, Depth = 1, Form = StudentForm.TrapezoidCorrected"));

    [Fact]
    public Task Weights()
    {
        using var files = new WeightsFiles();
        var mixture = new Mixture([0.25, 0.75], [[-1.0], [1.0]], [Covariance.Isotropic(1, 0.05), Covariance.Isotropic(1, 0.05)]);
        var shape = StudentShape.Create(StudentForm.Residual, Activation.ReLU, 6, 2, mixture);
        return GeneratedFile.Verify(
            """
            using FlowDsl;

            /// <summary>Two Gaussians on a line.</summary>
            [GaussianMixture(1)]
            [Component(0.25, -1, Variance = 0.05)]
            [Component(0.75, 1, Variance = 0.05)]
            [Student("Learned", Segments = 2, Width = 6, Form = StudentForm.Residual, Weights = "Learned.safetensors")]
            public partial class Pair;

            """,
            [files.Write("Learned.safetensors", WeightsFiles.Of(mixture, shape, 2).Write())]);
    }
}
