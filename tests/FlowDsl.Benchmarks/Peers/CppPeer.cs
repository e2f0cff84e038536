using System.Runtime.InteropServices;

namespace FlowDsl.Benchmarks;

/// <summary>What is written by hand in C++ for any coefficients, compiled for the numbers of components and dimensions.</summary>
internal sealed unsafe class CppPeer
{
    private readonly delegate* unmanaged<float*, nuint, float*, int, void> _integrate;
    private readonly float[] _tables;
    private readonly int _d, _steps;

    private CppPeer(nint function, RunTimeProgram program, float[] tables)
    {
        _integrate = (delegate* unmanaged<float*, nuint, float*, int, void>)function;
        (_tables, _d, _steps) = (tables, program.Mixture.Dimension, program.Steps.Length);
    }

    /// <summary>Native/direct.cpp: straight from the formulas.</summary>
    public static IReadOnlyList<Variant> Direct(RunTimeProgram program)
        => Variants("direct.cpp", program, program.Tables(field => [.. field.Offsets, .. field.Centres, .. field.Precisions]), [1, 2]);

    /// <summary>Native/mixture.cpp: logits as polynomials, and loops tiled for the registers.</summary>
    public static IReadOnlyList<Variant> Expanded(RunTimeProgram program)
        => Variants("mixture.cpp", program, program.Tables(field => field.Logits(field.Count)), [1, 2, 4]);

    /// <summary>One for each number of vectors that are computed side by side.</summary>
    private static IReadOnlyList<Variant> Variants(string source, RunTimeProgram program, float[] tables, int[] vectors)
    {
        nint library = CppCompiler.Compile(
            CppCompiler.Resource(source), $"COMPONENTS={program.Mixture.Count}", $"DIMENSION={program.Mixture.Dimension}", $"SHAPE={program.Shape}");
        return [.. vectors.Select(count => new Variant(
            $"{count} vector{(count == 1 ? "" : "s")} at a time", 64, new CppPeer(NativeLibrary.GetExport(library, $"integrate{count}"), program, tables).Integrate))];
    }

    private void Integrate(Span<float> states)
    {
        fixed (float* samples = states, tables = _tables) _integrate(samples, (nuint)(states.Length / _d), tables, _steps);
    }
}
