using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Students;

namespace FlowDsl.Generators.Tests;

/// <summary>Files of weights in a folder of one's own: the generator reads their bytes from where they lie.</summary>
internal sealed class WeightsFiles : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weights").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Where a file lies, or would.</summary>
    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Writes a file.</summary>
    /// <returns>Its path as an AdditionalFile; the compiler could not read it as text.</returns>
    public (string Path, string? Text) Write(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllBytes(PathOf(name), content);
        return (PathOf(name), null);
    }

    /// <summary>Parameters of all segments that are different numbers and easily told apart.</summary>
    public static float[][] Numbers(StudentShape shape, int segments, float shift = 0)
        => [.. Enumerable.Range(0, segments).Select(
            j => Enumerable.Range(0, shape.ParameterCount).Select(i => ((i * 37 + j * 11) % 64 - 32 + shift) / 64).ToArray())];

    /// <summary>The weights of a student of a mixture, as training writes them.</summary>
    public static SafeTensors Of(Mixture mixture, StudentShape shape, int segments, float shift = 0)
        => StudentTensors.ToFile(shape, Times(mixture, segments), Numbers(shape, segments, shift));

    /// <summary>The ends of segments on the default grid of students, in the default process.</summary>
    public static double[] Times(Mixture mixture, int segments)
        => new GaussianMixtureModel(mixture, new OrnsteinUhlenbeckProcess()).CreateTimes(Grid.ExpectedStability, segments, Solver.RungeKutta4);
}
