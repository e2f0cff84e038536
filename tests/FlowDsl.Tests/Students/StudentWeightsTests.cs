using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

/// <summary>Weights as files and as what training starts from.</summary>
public sealed class StudentWeightsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weights").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void WhatIsSavedIsRead()
    {
        var student = StudentUnderTest.Get("TaughtPlane.Corrected");
        StudentWeights weights = student.RandomWeights(1);
        string path = Path.Combine(_folder, "learned.safetensors");
        File.WriteAllText(path, "what was there before");
        weights.Save(path);
        Assert.Equal([path], Directory.GetFiles(_folder));
        StudentWeights read = StudentWeights.Read(student.Student, path);
        for (int j = 0; j < 3; j++) Compare.SameBits(weights.Segment(j), read.Segment(j), $"segment {j}");

        // Shape and place of the first layer as PyTorch has them.
        SafeTensors file = SafeTensors.Read(File.ReadAllBytes(path));
        NamedTensor layer = file.Find("segments.2.layers.1.weight")!;
        Assert.Equal<int>([7, 7], layer.Shape);
        int offset = student.Student.Shape.ParameterCountOf(0);
        Compare.SameBits(weights.Segment(2).Slice(offset, 49), layer.Values.AsSpan(), "layer");
    }

    [Theory]
    [InlineData("TaughtPlane.Plain", "form Plain, and this one's is ResponsibilityCorrected")]
    [InlineData("TaughtTriangle.Corrected", "activation SiLU, and this one's is Alternating")]
    public void WeightsOfAnotherStudentAreRefused(string other, string problem)
    {
        string path = Path.Combine(_folder, "other.safetensors");
        StudentUnderTest.Get(other).RandomWeights(1).Save(path);
        var exception = Assert.Throws<SafeTensorsFormatException>(() => StudentWeights.Read(StudentUnderTest.Get("TaughtPlane.Corrected").Student, path));
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WeightsBelongToTheirStudent()
    {
        StudentWeights weights = StudentUnderTest.Get("TaughtPlane.Closed").ZeroWeights();
        var exception = Assert.Throws<ArgumentException>(() => StudentFlow.Create<TaughtPlane.Corrected>(weights));
        Assert.Contains("'Closed'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'Corrected'", exception.Message, StringComparison.Ordinal);
        StudentDescriptor student = weights.Student;
        Assert.Contains(
            "2 segments; the student has 3",
            Assert.Throws<ArgumentException>(() => new StudentWeights(student, [[], []])).Message,
            StringComparison.Ordinal);
        float[] right = new float[student.Shape.ParameterCount];
        Assert.Contains(
            "Segment 1 has 4 parameters",
            Assert.Throws<ArgumentException>(() => new StudentWeights(student, [right, new float[4], right])).Message,
            StringComparison.Ordinal);
    }

    /// <summary>Uniform on ±√(6/(inputs + outputs)): the greatest of many is near that, their mean square a third of it.</summary>
    [Fact]
    public void FirstWeightsAreThoseOfXavier()
    {
        StudentDescriptor student = TaughtTriangle.Plain.Student;
        StudentWeights weights = StudentWeights.Initial(student, 1), again = StudentWeights.Initial(student, 1), other = StudentWeights.Initial(student, 2);
        Compare.SameBits(weights.Segment(1), again.Segment(1), "again");
        Assert.False(weights.Segment(0).SequenceEqual(weights.Segment(1)));
        Assert.False(weights.Segment(0).SequenceEqual(other.Segment(0)));
        // The second layer: 33 units of 33 inputs.
        int offset = student.Shape.ParameterCountOf(0);
        double[] second = StudentMapTests.Wide(weights.Segment(0).Slice(offset, 33 * 33));
        double reach = Math.Sqrt(6.0 / 66);
        Assert.InRange(second.Max(), 0.98 * reach, reach);
        Assert.InRange(second.Min(), -reach, -0.98 * reach);
        Assert.InRange(second.Average(value => value * value) / (reach * reach / 3), 0.9, 1.1);
        Assert.All(weights.Segment(0).Slice(offset + 33 * 33, 33).ToArray(), bias => Assert.Equal(0, bias));
    }

    /// <summary>A correction starts as none.</summary>
    [Fact]
    public void FirstCorrectionsAreZero()
    {
        foreach (string name in StudentUnderTest.Names)
        {
            StudentDescriptor student = StudentUnderTest.Get(name).Student;
            int output = student.Shape.ParameterCountOf(student.Shape.Depth);
            float[] last = StudentWeights.Initial(student, 1).Segment(0)[^output..].ToArray();
            Assert.Equal(student.Shape.Form != StudentForm.Plain, last.All(value => value == 0));
        }
    }

    /// <summary>Xavier's uniform law with gain 1, whatever the bound: ±√(6/(inputs + outputs)), 8 inputs and 1 output in both layers here.</summary>
    [Fact]
    public void FirstWeightsAreXavierUniform()
    {
        IEnumerable<float> parameters =
            Enumerable.Range(1, 100).SelectMany(seed => StudentWeights.Initial(TaughtPair.Bounded.Student, (ulong)seed).Segment(0).ToArray());
        float[] weights = [.. parameters.Where(value => value != 0)];
        double reach = Math.Sqrt(6.0 / 9);
        Assert.Equal(100 * 16, weights.Length);
        Assert.InRange(weights.Max(), 0.99 * reach, reach);
        Assert.InRange(weights.Min(), -reach, -0.99 * reach);
        // The variance of a uniform law is a third of its reach squared; 1600 values are within 10 % with five standard errors to spare.
        Assert.InRange(weights.Average(value => value * value), 0.9 * reach * reach / 3, 1.1 * reach * reach / 3);
    }
}
