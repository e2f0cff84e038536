using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Students;

namespace FlowDsl;

/// <summary>The parameters of a student's networks.</summary>
public sealed class StudentWeights
{
    private readonly float[][] _segments;

    /// <summary>Takes parameters.</summary>
    /// <param name="student">The student.</param>
    /// <param name="segments">For each segment its parameters, layer by layer: row-major weights [outputs, inputs], then biases.</param>
    /// <exception cref="ArgumentException">The number of segments, or of a segment's parameters, differs from the student's.</exception>
    public StudentWeights(StudentDescriptor student, float[][] segments)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(segments);
        if (segments.Length != student.SegmentCount)
            throw new ArgumentException($"There are parameters for {segments.Length} segments; the student has {student.SegmentCount}.", nameof(segments));
        int wrong = Array.FindIndex(segments, segment => segment.Length != student.Shape.ParameterCount);
        if (wrong >= 0)
            throw new ArgumentException(
                $"Segment {wrong} has {segments[wrong].Length} parameters; it must have {student.Shape.ParameterCount}.", nameof(segments));
        Student = student;
        _segments = segments;
    }

    /// <summary>The student.</summary>
    public StudentDescriptor Student { get; }

    /// <summary>The parameters of a segment.</summary>
    /// <param name="index">Which, from 0.</param>
    public ReadOnlySpan<float> Segment(int index) => _segments[index];

    /// <summary>
    /// Parameters to start training from: Xavier-uniform weights and zero biases; an output layer that only corrects is zero. As in
    /// arXiv:2606.03820 they may be beyond <see cref="StudentDescriptor.WeightBound"/>, to which training clamps them.
    /// </summary>
    /// <param name="student">The student.</param>
    /// <param name="seed">The seed of the counter-based generator.</param>
    public static StudentWeights Initial(StudentDescriptor student, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(student);
        StudentShape shape = student.Shape;
        float[][] segments = new float[student.SegmentCount][];
        // Whole vectors of any width.
        double[] uniforms = new double[(shape.ParameterCount + 15) / 16 * 16];
        for (int j = 0; j < segments.Length; j++)
        {
            NormalSource.FillUniforms(seed, (long)j * uniforms.Length, uniforms);
            segments[j] = new float[shape.ParameterCount];
            int at = 0;
            for (int layer = 0; layer < shape.LayerCount; layer++)
            {
                int inputs = shape.InputsOf(layer), outputs = shape.OutputsOf(layer);
                bool isZero = layer == shape.Depth && shape.Form != StudentForm.Plain;
                double reach = Math.Sqrt(6.0 / (inputs + outputs));
                for (int i = at; i < at + inputs * outputs && !isZero; i++) segments[j][i] = (float)(reach * (2 * uniforms[i] - 1));
                at += shape.ParameterCountOf(layer);
            }
        }
        return new StudentWeights(student, segments);
    }

    /// <summary>Reads a safetensors file, with tensors <c>segments.{j}.layers.{l}.weight</c> [outputs, inputs] and <c>….bias</c> [outputs].</summary>
    /// <param name="student">The student.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="SafeTensorsFormatException">The file is malformed, or of another student.</exception>
    public static StudentWeights Read(StudentDescriptor student, string path)
    {
        ArgumentNullException.ThrowIfNull(student);
        SafeTensors file = SafeTensors.Read(File.ReadAllBytes(path));
        return new StudentWeights(student, StudentTensors.Read(file, student.Shape, student.Sampler.Times));
    }

    /// <summary>Writes a safetensors file. An existing file is replaced atomically.</summary>
    /// <param name="path">The file.</param>
    public void Save(string path)
    {
        string partial = path + ".partial";
        File.WriteAllBytes(partial, StudentTensors.ToFile(Student.Shape, Student.Sampler.Times, _segments).Write());
        File.Move(partial, path, overwrite: true);
    }

    /// <summary>Weights from the text that the generator writes: base64 of the little-endian values, segment by segment.</summary>
    internal static StudentWeights Decode(StudentDescriptor student, ReadOnlySpan<byte> base64)
    {
        int count = student.Shape.ParameterCount, bytes = count * sizeof(float) * student.SegmentCount;
        byte[] content = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        if (Base64.DecodeFromUtf8(base64, content, out _, out int written) != OperationStatus.Done || written != bytes)
            throw new InvalidOperationException($"The compiled weights of student '{student.Sampler.Name}' have {written} bytes; there should be {bytes}.");
        float[][] segments = new float[student.SegmentCount][];
        for (int j = 0; j < segments.Length; j++)
        {
            segments[j] = new float[count];
            for (int i = 0; i < count; i++) segments[j][i] = BinaryPrimitives.ReadSingleLittleEndian(content.AsSpan((j * count + i) * sizeof(float)));
        }
        return new StudentWeights(student, segments);
    }
}
