using System.Runtime.InteropServices;

namespace FlowDsl.Benchmarks;

/// <summary>Native/mixture.cpp: what is written by hand for any coefficients, compiled for the numbers of components and dimensions.</summary>
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

    /// <summary>One for each number of vectors that are computed side by side.</summary>
    public static IReadOnlyList<Variant> Variants(RunTimeProgram program)
    {
        FieldTable field = program.Fields[0][0];
        string shape = field.Kind switch
        {
            FeatureKind.None => "Shared",
            FeatureKind.Squares => "Diagonal",
            _ => "Full",
        };
        nint library = CppCompiler.Compile(CppCompiler.Resource("mixture.cpp"), $"COMPONENTS={field.Count}", $"DIMENSION={field.Dimension}", $"SHAPE={shape}");
        float[] tables = program.FoldedTables(field.Count);
        return [.. new[] { 1, 2, 4 }.Select(Create)];

        Variant Create(int vectors)
        {
            var peer = new CppPeer(NativeLibrary.GetExport(library, $"integrate{vectors}"), program, tables);
            return new Variant($"{vectors} vector{(vectors == 1 ? "" : "s")} at a time", 64, peer.Integrate);
        }
    }

    private void Integrate(Span<float> states)
    {
        fixed (float* samples = states, tables = _tables) _integrate(samples, (nuint)(states.Length / _d), tables, _steps);
    }
}
