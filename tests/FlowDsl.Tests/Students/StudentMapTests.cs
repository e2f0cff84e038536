using FlowDsl.Mathematics;
using FlowDsl.Runtime.Students;

namespace FlowDsl.Tests;

/// <summary>The maps of students against their formulas, and against flows that they are exact for.</summary>
public class StudentMapTests
{
    // Sums of some dozens of products in single precision, layer after layer.
    private const double Unit = 2e-5;

    public static TheoryData<string> Students => new(StudentUnderTest.Names);

    [Fact]
    public void EveryFormHasEveryActivation()
    {
        IEnumerable<StudentShape> shapes = StudentUnderTest.Names.Select(name => StudentUnderTest.Get(name).Student.Shape);
        IEnumerable<(StudentForm, Activation)> covered = shapes.Select(shape => (shape.Form, shape.Activation));
        Assert.Equal(20, covered.Distinct().Count());
        Assert.Equal(2, StudentUnderTest.Get("TaughtPlane.Corrected").Student.Shape.Coordinates);
        Assert.Equal(2, StudentUnderTest.Get("TaughtPlane.Closed").Student.Shape.Coordinates);
        Assert.Equal(5, StudentUnderTest.Get("TaughtPlane.Residual").Student.Shape.Coordinates);
    }

    [Theory]
    [MemberData(nameof(Students))]
    public void SegmentsMapAsTheirFormSays(string name)
    {
        const int count = 40;
        var student = StudentUnderTest.Get(name);
        StudentWeights weights = student.RandomWeights(1);
        StudentFlow flow = student.Flow(weights);
        ReferenceStudent[] references = ReferenceStudent.All(student.Student);
        int d = student.Dimension;
        for (int segment = 0; segment < references.Length; segment++)
        {
            float[] x = student.Points(count, student.Student.Sampler.Times[segment], segment), mapped = [.. x];
            flow.Integrate(mapped, segment, 1);
            double[] parameters = Wide(weights.Segment(segment));
            for (int i = 0; i < count; i++)
            {
                double[] start = Wide(x.AsSpan(i * d, d)), expected = references[segment].Map(parameters, start);
                double scale = 1 + Math.Max(Compare.MaxNorm(expected), Compare.MaxNorm(start));
                Compare.Within(expected, Wide(mapped.AsSpan(i * d, d)), Unit * scale, $"{name}, segment {segment}, sample {i}");
            }
        }
    }

    /// <summary>Any number of samples, and any division of the segments, to the bit; 400 are more than one block.</summary>
    [Theory]
    [MemberData(nameof(Students))]
    public void SamplesAndSegmentsAreApart(string name)
    {
        var student = StudentUnderTest.Get(name);
        StudentFlow flow = student.Flow(student.RandomWeights(2));
        int d = student.Dimension, segments = student.Student.SegmentCount;
        float[] starts = student.Points(400, student.Model.Process.Horizon, 3), whole = [.. starts];
        flow.Integrate(whole);
        for (int n = 0; n <= 40; n++)
        {
            float[] some = starts[..(n * d)];
            flow.Integrate(some);
            Compare.SameBits<float>(whole.AsSpan(0, n * d), some, $"{name}, {n} samples");
        }
        float[] composed = [.. starts];
        for (int segment = 0; segment < segments; segment++) flow.Integrate(composed, segment, 1);
        Compare.SameBits<float>(whole, composed, $"{name}, segment by segment");
        float[] divided = [.. starts];
        flow.Integrate(divided, 0, 1);
        flow.Integrate(divided, 1, 0);
        flow.Integrate(divided, 1, segments - 1);
        Compare.SameBits<float>(whole, divided, $"{name}, in two parts");
    }

    /// <summary>Without a correction the responsibilities are held over the segment: Euler's step where the rest of the flow is in closed form.</summary>
    [Theory]
    [InlineData("TaughtLine.Corrected")]
    [InlineData("TaughtPlane.Corrected")]
    [InlineData("TaughtTriangle.Corrected")]
    [InlineData("TaughtTetrahedron.Corrected")]
    public void UncorrectedResponsibilitiesMakeExponentialEulerSteps(string name)
    {
        var student = StudentUnderTest.Get(name);
        IReadOnlyList<double> times = student.Student.Sampler.Times;
        float[] states = student.Points(40, times[0], 4);
        double[] expected = Wide(states);
        student.Model.Integrate(student.Model.CreateProgram(Solver.Euler, times, Chart.Canonical), expected);
        student.Flow(student.ZeroWeights()).Integrate(states);
        for (int i = 0; i < expected.Length; i += student.Dimension)
            Compare.Within(
                expected.AsSpan(i, student.Dimension), Wide(states.AsSpan(i, student.Dimension)), 1e-5 * (1 + Compare.MaxNorm(expected)),
                $"{name}, value {i}");
    }

    /// <summary>Where one component has all the responsibility on the way, the step is the exact flow.</summary>
    [Fact]
    public void UncorrectedResponsibilitiesOfOneComponentAreExact()
    {
        StudentDescriptor student = TaughtIslands.Corrected.Student;
        GaussianMixtureModel model = student.Sampler.Model;
        int last = student.SegmentCount - 1;
        (double from, double to) = (student.Sampler.Times[last], student.Sampler.Times[last + 1]);
        ProcessPoint at = model.Process.At(from);
        var random = new Random(5);
        float Draw(double mean) => (float)(at.A * mean + Math.Sqrt(at.Spread(0.05)) * (3 * random.NextDouble() - 1.5));
        float[] states = [.. Enumerable.Range(0, 60).SelectMany(i => model.Mixture.Means[i % 3].Select(Draw))];
        double[] x = Wide(states), responsibilities = new double[3];
        StudentFlow.Create<TaughtIslands.Corrected>(Zeros(student)).Integrate(states, last, 1);
        for (int i = 0; i < 60; i++)
        {
            model.Responsibilities(from, x.AsSpan(3 * i, 3), responsibilities);
            Assert.InRange(responsibilities[i % 3], 1 - 1e-9, 1);
            model.FlowMap(from, to, x.AsSpan(3 * i, 3), x.AsSpan(3 * i, 3));
            Compare.Within(x.AsSpan(3 * i, 3), Wide(states.AsSpan(3 * i, 3)), 1e-5, $"sample {i}");
        }
    }

    /// <summary>One Gaussian, of any covariance, is mapped exactly by the closed form.</summary>
    [Fact]
    public void TheClosedFormOfOneGaussianIsItsFlow()
    {
        Check<TaughtGaussian.Closed>();
        Check<TaughtBall.Closed>();
        Assert.Equal(1, TaughtBall.Closed.Student.Shape.Coordinates);

        static void Check<TStudent>()
            where TStudent : IFlowStudent<TStudent>
        {
            GaussianMixtureModel model = TStudent.Descriptor.Model;
            int d = model.Dimension;
            float[] states = FlowSampling.DrawPrior<float>(model, 50, 6);
            double[] exact = Wide(states);
            StudentFlow.Create<TStudent>(Zeros(TStudent.Student)).Integrate(states);
            for (int i = 0; i < exact.Length; i += d)
            {
                model.FlowMap(model.Process.Horizon, model.Process.EarlyStop, exact.AsSpan(i, d), exact.AsSpan(i, d));
                Compare.Within(exact.AsSpan(i, d), Wide(states.AsSpan(i, d)), 1e-5, $"{typeof(TStudent).DeclaringType!.Name}, value {i}");
            }
        }
    }

    [Fact]
    public void AStateThatIsNoNumberStaysAlone()
    {
        foreach (string name in StudentUnderTest.Names)
        {
            var student = StudentUnderTest.Get(name);
            StudentFlow flow = student.Flow(student.RandomWeights(7));
            int d = student.Dimension;
            float[] starts = student.Points(20, student.Model.Process.Horizon, 8), whole = [.. starts];
            flow.Integrate(whole);
            starts[13 * d] = float.NaN;
            flow.Integrate(starts);
            Assert.True(float.IsNaN(starts[13 * d]), name);
            Compare.SameBits<float>(whole.AsSpan(0, 13 * d), starts.AsSpan(0, 13 * d), name);
            Compare.SameBits<float>(whole.AsSpan(14 * d), starts.AsSpan(14 * d), name);
        }
    }

    [Fact]
    public void WithoutWeightsCallsSayHowToGetThem()
    {
        foreach (Action call in new Action[]
        {
            () => TaughtPlane.Closed.Integrate(new float[10]),
            () => TaughtPlane.Closed.Integrate(new float[10], 0, 1),
            () => TaughtPlane.Closed.Integrate(new float[10], [], 0, 1),
            () => TaughtPlane.Closed.Integrate(new float[10], new FlowError[2]),
            () => TaughtPlane.Closed.IntegrateWithMargins(new float[10], new FlowError[2]),
            () => TaughtPlane.Closed.JacobianVectorProduct(new float[10], new float[10], 0, 1),
            () => FlowSampling.Sample<TaughtPlane.Closed, float>(10, 1),
        })
        {
            // Sampling runs in parallel and may wrap it.
            Exception exception = Record.Exception(call);
            var thrown = Assert.IsType<InvalidOperationException>(exception is AggregateException { InnerExceptions: [var inner, ..] } ? inner : exception);
            Assert.Contains("'Closed' has no weights", thrown.Message, StringComparison.Ordinal);
            Assert.Contains("StudentTraining.Train<Closed>", thrown.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void LengthsAndSegmentsAreChecked()
    {
        var student = StudentUnderTest.Get("TaughtPlane.Closed");
        StudentWeights weights = student.ZeroWeights();
        StudentFlow flow = student.Flow(weights);
        StudentKernel kernel = student.CreateKernel(weights);
        Assert.Throws<ArgumentException>(() => flow.Integrate(new float[11]));
        Assert.Throws<ArgumentException>(() => flow.Integrate(new float[11], 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => flow.Integrate(new float[10], 3, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => flow.Integrate(new float[10], -1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentDriver.JacobianVectorProduct(kernel, new float[10], new float[10], 1, 3));
        Assert.Throws<ArgumentException>(() => StudentDriver.JacobianVectorProduct(kernel, new float[10], new float[5], 0, 1));
        Assert.Throws<ArgumentException>(() => StudentDriver.JacobianVectorProduct(kernel, new float[11], new float[11], 0, 1));
        Assert.Throws<ArgumentException>(() => StudentDriver.Integrate(kernel, new float[10], new float[1], 0, 1));
        Assert.Throws<ArgumentException>(() => TaughtPlane.Closed.Integrate(new float[10], new FlowError[3]));
    }

    internal static double[] Wide(ReadOnlySpan<float> values)
    {
        double[] wide = new double[values.Length];
        for (int i = 0; i < wide.Length; i++) wide[i] = values[i];
        return wide;
    }

    private static StudentWeights Zeros(StudentDescriptor student)
        => new(student, [.. Enumerable.Range(0, student.SegmentCount).Select(_ => new float[student.Shape.ParameterCount])]);
}
