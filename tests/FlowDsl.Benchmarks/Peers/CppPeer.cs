using FlowDsl.Mathematics;

namespace FlowDsl.Benchmarks;

/// <summary>What is written by hand in C++ for any coefficients, compiled for the numbers of components and dimensions.</summary>
internal sealed unsafe class CppPeer
{
    private readonly delegate* unmanaged<float*, nuint, float*, int, void> _integrate;
    private readonly float[] _tables;
    private readonly int _d, _steps;

    private CppPeer(nint function, FlowProgram program, int d, float[] tables)
    {
        _integrate = (delegate* unmanaged<float*, nuint, float*, int, void>)function;
        (_tables, _d, _steps) = (tables, d, program.Steps.Length);
    }

    /// <summary>Native/direct.cpp: straight from the formulas.</summary>
    public static IReadOnlyList<Variant> Direct(RunTimeProgram program)
        => Variants(
            Libraries("direct.cpp", program.Mixture), "integrate", [1, 2], program.Program, program.Mixture.Dimension,
            program.Tables(field => [.. field.Offsets, .. field.Centres, .. field.Precisions]));

    /// <summary>Native/mixture.cpp: logits as polynomials, and loops tiled for the registers.</summary>
    public static IReadOnlyList<CppLibrary> ExpandedLibraries(Mixture mixture) => Libraries("mixture.cpp", mixture);

    /// <summary>A method of those libraries on a grid.</summary>
    public static IReadOnlyList<Variant> Expanded(IReadOnlyList<CppLibrary> libraries, Mixture mixture, FlowProgram program)
        => Variants(libraries, NativeTables.Name(program), [1, 2, 4], program, mixture.Dimension, NativeTables.Of(mixture, program));

    private static IReadOnlyList<CppLibrary> Libraries(string source, Mixture mixture)
        => CppCompiler.CompileAll(
            CppCompiler.Resource(source), $"COMPONENTS={mixture.Count}", $"DIMENSION={mixture.Dimension}", $"SHAPE={FieldTable.Shape(mixture)}");

    /// <summary>One for each width, and each number of vectors that are computed side by side.</summary>
    private static IReadOnlyList<Variant> Variants(
        IReadOnlyList<CppLibrary> libraries, string method, int[] vectors, FlowProgram program, int d, float[] tables)
        => [.. from library in libraries
               from count in vectors
               select new Variant(library.Describe(count), 64, new CppPeer(library.Method($"{method}{count}"), program, d, tables).Integrate)];

    private void Integrate(Span<float> states)
    {
        fixed (float* samples = states, tables = _tables) _integrate(samples, (nuint)(states.Length / _d), tables, _steps);
    }
}
