using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Students;
using FlowDsl.Runtime.Trackers;
using Xunit.Abstractions;

namespace FlowDsl.Tests;

/// <summary>What a student knows of its errors, and where they come from.</summary>
public class StudentErrorTests(ITestOutputHelper output)
{
    private const int Count = 200;

    private static readonly StudentDescriptor s_student = TaughtTriangle.Steps.Student;

    /// <summary>Sixteen Euler steps with somewhat random responsibilities.</summary>
    private static StudentWeights Weights()
    {
        var random = new Random(1);
        return new StudentWeights(s_student, [.. Enumerable.Range(0, s_student.SegmentCount).Select(_ =>
            Enumerable.Range(0, s_student.Shape.ParameterCount).Select(_ => (float)(0.1 * (2 * random.NextDouble() - 1))).ToArray())]);
    }

    [Fact]
    public void EstimatesAreAboutTheDistanceToTheExactFlow()
    {
        GaussianMixtureModel model = s_student.Sampler.Model;
        StudentKernel kernel = TaughtTriangle.Steps.CreateKernel(Weights());
        float[] starts = FlowSampling.DrawPrior<float>(model, Count, 2), states = [.. starts], untracked = [.. starts];
        var errors = new FlowError[Count];
        new TeacherTracker(kernel).Integrate(states, errors);
        BlockDriver.Integrate(kernel, untracked);
        Compare.SameBits<float>(untracked, states, "states");
        double[] ratios = new double[Count], exact = new double[2];
        double largest = 0;
        for (int i = 0; i < Count; i++)
        {
            model.FlowMap(model.Process.Horizon, model.Process.EarlyStop, StudentMapTests.Wide(starts.AsSpan(2 * i, 2)), exact);
            double distance = Math.Sqrt(Math.Pow(states[2 * i] - exact[0], 2) + Math.Pow(states[2 * i + 1] - exact[1], 2));
            ratios[i] = errors[i].Estimate / distance;
            largest = Math.Max(largest, distance);
            Assert.True(double.IsFinite(errors[i].Amplification) && errors[i].Amplification > 0);
            Assert.Equal(double.PositiveInfinity, errors[i].Bound);
            Assert.True(errors[i].BranchMargin >= 0);
        }
        Array.Sort(ratios);
        output.WriteLine($"ratios: median {ratios[Count / 2]:g3}, {ratios[Count / 20]:g3} to {ratios[Count - Count / 20]:g3}; largest error {largest:g3}");
        Assert.InRange(ratios[Count / 2], 0.9, 1.1);
        Assert.True(ratios.Count(ratio => ratio is > 0.5 and < 2) >= 0.9 * Count);
        Assert.True(largest > 0.01);
    }

    /// <summary>The reference's tangents are the exact flow's: one Gaussian multiplies small errors by √(λ_N/λ_0) wherever they are.</summary>
    [Fact]
    public void AmplificationIsTheFlowsDerivative()
    {
        StudentDescriptor student = TaughtBall.Closed.Student;
        GaussianMixtureModel model = student.Sampler.Model;
        var zeros = new StudentWeights(student, [new float[student.Shape.ParameterCount], new float[student.Shape.ParameterCount]]);
        float[] states = FlowSampling.DrawPrior<float>(model, 9, 3);
        var errors = new FlowError[9];
        new TeacherTracker(TaughtBall.Closed.CreateKernel(zeros)).Integrate(states, errors);
        double expected = Math.Sqrt(model.Process.At(model.Process.EarlyStop).Spread(0.3) / model.Process.At(model.Process.Horizon).Spread(0.3));
        foreach (FlowError error in errors)
        {
            Assert.Equal(expected, error.Amplification, 1e-3 * expected);
            Assert.InRange(error.Estimate, 0, 1e-5);
        }
    }

    [Fact]
    public void AStateThatIsNoNumberHasNoFiniteError()
    {
        float[] states = FlowSampling.DrawPrior<float>(s_student.Sampler.Model, 5, 2);
        states[4] = float.NaN;
        var errors = new FlowError[5];
        new TeacherTracker(TaughtTriangle.Steps.CreateKernel(Weights())).Integrate(states, errors);
        Assert.False(double.IsFinite(errors[2].Estimate));
        Assert.True(double.IsFinite(errors[1].Estimate) && double.IsFinite(errors[3].Estimate));
    }

    /// <summary>A reference takes its own steps, and stops at the ends of segments; without one there are 64 of the angle grid at least.</summary>
    [Fact]
    public void ReferencesStepThroughTheSegments()
    {
        Check(TaughtBySampler.Learned.Student, TaughtBySampler.Teacher.Descriptor.Times, 1e-4);
        Check(TaughtBySampler.Alone.Student, TaughtBySampler.Alone.Descriptor.Model.CreateTimes(Grid.Angle, 64), 1e-6);
        Assert.Same(TaughtBySampler.Teacher.Descriptor, TaughtBySampler.Learned.Student.Reference);
        Assert.Null(TaughtBySampler.Alone.Student.Reference);

        static void Check(StudentDescriptor student, IReadOnlyList<double> own, double tolerance)
        {
            GaussianMixtureModel model = student.Sampler.Model;
            IReadOnlyList<double> times = student.Sampler.Times;
            int steps = 0;
            for (int j = 0; j < student.SegmentCount; j++)
            {
                double[] x = [0.3, -0.7, 1.1], exact = [.. x];
                FlowDsl.Mathematics.FlowProgram teacher = student.Teacher(times[j], times[j + 1]);
                steps += teacher.Steps.Length;
                model.Integrate(teacher, x);
                for (int i = 0; i < x.Length; i++) model.FlowMap(times[j], times[j + 1], exact.AsSpan(i, 1), exact.AsSpan(i, 1));
                Compare.Within(exact, x, tolerance, $"segment {j}");
            }
            Assert.Equal(own.Union(times).Count() - 1, steps);
        }
    }

    [Fact]
    public void ABudgetSumsToTheError()
    {
        const int count = 60;
        GaussianMixtureModel model = s_student.Sampler.Model;
        StudentFlow flow = StudentFlow.Create<TaughtTriangle.Steps>(Weights());
        float[] states = FlowSampling.DrawPrior<float>(model, count, 4);
        double[] starts = StudentMapTests.Wide(states), exact = new double[2];
        ErrorBudget budget = ErrorBudget.Measure(model, s_student.Sampler.Times, flow.Maps, starts);
        flow.Integrate(states);
        for (int i = 0; i < count; i++)
        {
            model.FlowMap(model.Process.Horizon, model.Process.EarlyStop, starts.AsSpan(2 * i, 2), exact);
            Compare.Within([states[2 * i] - exact[0], states[2 * i + 1] - exact[1]], budget.Errors.Slice(2 * i, 2), 1e-9, $"sample {i}");
        }
        Assert.Equal(s_student.SegmentCount, budget.Segments.Count);
        Assert.Equal(1, budget.Segments.Sum(segment => segment.Share), 1e-8);
        Assert.Equal(
            Math.Sqrt(Enumerable.Range(0, 2 * count).Sum(i => budget.Errors[i] * budget.Errors[i]) / count),
            budget.Segments[^1].CumulativeError, 1e-9);
    }
}
