using FlowDsl.Mathematics;
using FlowDsl.Runtime.Students;
using FlowDsl.Training;

namespace FlowDsl.Tests;

/// <summary>Derivatives by the point and by the parameters against difference quotients of the formulas in double precision.</summary>
public class StudentDerivativeTests
{
    public static TheoryData<string> Students => new(StudentUnderTest.Names);

    [Theory]
    [MemberData(nameof(Students))]
    public void ProductsWithTheJacobianAreDifferenceQuotients(string name)
    {
        const int count = 37;
        const double step = 1e-6;
        var student = StudentUnderTest.Get(name);
        StudentWeights weights = student.RandomWeights(3);
        StudentKernel kernel = student.CreateKernel(weights);
        ReferenceStudent[] references = ReferenceStudent.All(student.Student);
        int d = student.Dimension;
        var random = new Random(4);
        float[] starts = student.Points(count, student.Model.Process.Horizon, 5), states = [.. starts], plain = [.. starts];
        float[] directions = [.. starts.Select(_ => (float)(2 * random.NextDouble() - 1))], products = [.. directions];
        StudentDriver.JacobianVectorProduct(kernel, states, products, 0, references.Length);
        StudentDriver.Integrate(kernel, plain, [], 0, references.Length);
        Compare.SameBits<float>(plain, states, $"{name}, states");
        for (int i = 0; i < count; i++)
        {
            double[] x = StudentMapTests.Wide(starts.AsSpan(i * d, d)), direction = StudentMapTests.Wide(directions.AsSpan(i * d, d));
            double[] ahead = Map(+step), behind = Map(-step), quotient = [.. ahead.Zip(behind, (more, less) => (more - less) / (2 * step))];
            Compare.Within(quotient, StudentMapTests.Wide(products.AsSpan(i * d, d)), 1e-4 * (1 + Compare.MaxNorm(quotient)), $"{name}, sample {i}");

            double[] Map(double length)
            {
                double[] point = [.. x.Zip(direction, (value, along) => value + length * along)];
                for (int segment = 0; segment < references.Length; segment++)
                    point = references[segment].Map(StudentMapTests.Wide(weights.Segment(segment)), point);
                return point;
            }
        }
    }

    /// <summary>Products over one segment after another are those over all.</summary>
    [Fact]
    public void ProductsCompose()
    {
        var student = StudentUnderTest.Get("TaughtPlane.Corrected");
        StudentKernel kernel = student.CreateKernel(student.RandomWeights(3));
        float[] states = student.Points(300, 3, 5), directions = student.Points(300, 1, 6), composedStates = [.. states], composed = [.. directions];
        StudentDriver.JacobianVectorProduct(kernel, states, directions, 0, 3);
        for (int segment = 0; segment < 3; segment++) StudentDriver.JacobianVectorProduct(kernel, composedStates, composed, segment, 1);
        Compare.SameBits<float>(states, composedStates, "states");
        Compare.SameBits<float>(directions, composed, "directions");
    }

    /// <summary>Of Σ|f(x) - y|² over samples of more than one block, for parameters of every layer; twice added is twice the gradient.</summary>
    [Theory]
    [MemberData(nameof(Students))]
    public void GradientsAreDifferenceQuotients(string name)
    {
        const int count = 141;
        const double step = 1e-6;
        const float factor = 0.5f;
        var student = StudentUnderTest.Get(name);
        StudentShape shape = student.Student.Shape;
        StudentWeights weights = student.RandomWeights(6);
        int last = student.Student.SegmentCount - 1, r = shape.Coordinates, d = student.Dimension;
        var reference = new ReferenceStudent(student.Student, last);
        float[] points = student.Points(count, student.Student.Sampler.Times[last], 7), targets = new float[count * r];
        IEnumerable<double> coordinates =
            Enumerable.Range(0, count).SelectMany(i => reference.Coordinates(StudentMapTests.Wide(points.AsSpan(i * d, d))));
        float[] starts = [.. coordinates.Select(value => (float)value)];
        var random = new Random(8);
        for (int i = 0; i < targets.Length; i++) targets[i] = (float)(2 * random.NextDouble() - 1);

        StudentKernel kernel = student.CreateKernel(weights);
        StudentSegment segment = kernel.Segment(last);
        segment.Load(weights.Segment(last), forTraining: true);
        var batch = new BatchGradient(kernel);
        float[] gradient = new float[shape.ParameterCount];
        double loss = batch.Add(segment, starts, targets, factor, gradient);
        double[] parameters = StudentMapTests.Wide(weights.Segment(last));
        Assert.Equal(Loss(), loss, 1e-5 * loss);
        Assert.Equal(loss, batch.Add(segment, starts, targets, factor, []));

        double norm = Math.Sqrt(gradient.Sum(value => (double)value * value));
        int at = 0;
        for (int layer = 0; layer < shape.LayerCount; layer++)
        {
            // A bias and some weights of each layer.
            int own = shape.ParameterCountOf(layer);
            int[] chosen = [at + own - 1, .. Enumerable.Range(0, 5).Select(_ => at + random.Next(own))];
            foreach (int index in chosen.Distinct())
            {
                double value = parameters[index];
                parameters[index] = value + step;
                double ahead = Loss();
                parameters[index] = value - step;
                double quotient = factor * (ahead - Loss()) / (2 * step);
                parameters[index] = value;
                Assert.True(
                    Math.Abs(gradient[index] - quotient) <= 1e-4 * norm,
                    $"{name}: parameter {index} of layer {layer} has {gradient[index]:R}, not {quotient:R}; the gradient's length is {norm:R}");
            }
            at += own;
        }

        float[] twice = [.. gradient];
        batch.Add(segment, starts, targets, factor, twice);
        for (int i = 0; i < twice.Length; i++) Assert.Equal(2.0 * gradient[i], twice[i], 1e-5 * norm);

        double Loss()
        {
            double sum = 0;
            for (int i = 0; i < count; i++)
            {
                double[] image = reference.Coordinates(reference.Map(parameters, reference.LiftCoordinates(StudentMapTests.Wide(starts.AsSpan(i * r, r)))));
                for (int j = 0; j < r; j++) sum += (image[j] - targets[i * r + j]) * (image[j] - targets[i * r + j]);
            }
            return sum;
        }
    }
}
