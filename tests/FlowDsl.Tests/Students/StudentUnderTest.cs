using FlowDsl.Mathematics;
using FlowDsl.Runtime.Students;

namespace FlowDsl.Tests;

/// <summary>A generated student as an object, so that one test body serves all of them.</summary>
public abstract class StudentUnderTest
{
    private static readonly Dictionary<string, StudentUnderTest> s_all = new StudentUnderTest[]
    {
        new Generated<TaughtLine.Plain>(), new Generated<TaughtLine.Residual>(), new Generated<TaughtLine.Closed>(), new Generated<TaughtLine.Corrected>(),
        new Generated<TaughtPlane.Plain>(), new Generated<TaughtPlane.Residual>(), new Generated<TaughtPlane.Closed>(), new Generated<TaughtPlane.Corrected>(),
        new Generated<TaughtTriangle.Plain>(), new Generated<TaughtTriangle.Residual>(),
        new Generated<TaughtTriangle.Closed>(), new Generated<TaughtTriangle.Corrected>(),
        new Generated<TaughtTetrahedron.Plain>(), new Generated<TaughtTetrahedron.Residual>(),
        new Generated<TaughtTetrahedron.Closed>(), new Generated<TaughtTetrahedron.Corrected>(),
        new Generated<TaughtLine.Trapezoid>(), new Generated<TaughtPlane.Trapezoid>(),
        new Generated<TaughtTriangle.Trapezoid>(), new Generated<TaughtTetrahedron.Trapezoid>(),
        new Generated<TaughtEllipses.Closed>(),
    }.ToDictionary(student => student.Name);

    /// <summary>Every form with every activation, and the one form for covariances that differ.</summary>
    public static IReadOnlyCollection<string> Names => s_all.Keys;

    public abstract string Name { get; }

    public abstract StudentDescriptor Student { get; }

    public GaussianMixtureModel Model => Student.Sampler.Model;

    public int Dimension => Model.Dimension;

    public static StudentUnderTest Get(string name) => s_all[name];

    public abstract StudentKernel CreateKernel(StudentWeights weights);

    public abstract StudentFlow Flow(StudentWeights weights);

    /// <summary>Parameters that are all at work: uniform in each layer, biases too, with sums of about the inputs' size.</summary>
    public StudentWeights RandomWeights(int seed, double scale = 1)
    {
        var random = new Random(seed);
        StudentShape shape = Student.Shape;
        return new StudentWeights(Student, [.. Enumerable.Range(0, Student.SegmentCount).Select(_ => Enumerable.Range(0, shape.LayerCount).SelectMany(layer =>
        {
            double reach = scale * Math.Sqrt(3.0 / shape.InputsOf(layer));
            return Enumerable.Range(0, shape.ParameterCountOf(layer)).Select(_ => (float)(reach * (2 * random.NextDouble() - 1)));
        }).ToArray())]);
    }

    /// <summary>All zeros: only what the mixture gives is left.</summary>
    public StudentWeights ZeroWeights()
        => new(Student, [.. Enumerable.Range(0, Student.SegmentCount).Select(_ => new float[Student.Shape.ParameterCount])]);

    /// <summary>Points about where the process is at a time.</summary>
    public float[] Points(int count, double time, int seed)
    {
        var random = new Random(seed);
        ProcessPoint at = Model.Process.At(time);
        float[] points = new float[count * Dimension];
        for (int i = 0; i < count; i++)
        {
            double[] mean = [.. Model.Mixture.Means[random.Next(Model.ComponentCount)]];
            double deviation = Math.Sqrt(at.Spread(Model.Mixture.MeanVariance));
            for (int j = 0; j < Dimension; j++) points[i * Dimension + j] = (float)(at.A * mean[j] + deviation * (4 * random.NextDouble() - 2));
        }
        return points;
    }

    private sealed class Generated<TStudent> : StudentUnderTest
        where TStudent : IFlowStudent<TStudent>
    {
        public override string Name { get; } = typeof(TStudent).DeclaringType!.Name + "." + typeof(TStudent).Name;

        public override StudentDescriptor Student => TStudent.Student;

        public override StudentKernel CreateKernel(StudentWeights weights) => TStudent.CreateKernel(weights);

        public override StudentFlow Flow(StudentWeights weights) => StudentFlow.Create<TStudent>(weights);
    }
}
