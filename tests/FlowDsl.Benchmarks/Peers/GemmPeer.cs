using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace FlowDsl.Benchmarks;

/// <summary>Native/gemm.cpp with OpenBLAS: two matrix products an evaluation, for one isotropic covariance in many dimensions.</summary>
internal sealed unsafe partial class GemmPeer
{
    // Below this nobody would call a BLAS.
    private const int MinDimension = 32;
    private static readonly int[] s_chunks = [64, 128, 256, 512, 1024, 2048];
    private static readonly nint s_sgemm = FindProduct();

    private readonly delegate* unmanaged<float*, nuint, float*, int, int, int, int, nuint, float*, nint, void> _integrate;
    private readonly float[] _tables;
    private readonly int _d, _components, _width, _steps, _chunk;

    // For the life of the process, as the library is.
    private readonly float* _scratch;

    private GemmPeer(nint function, RunTimeProgram program, float[] tables, int width, int chunk)
    {
        _integrate = (delegate* unmanaged<float*, nuint, float*, int, int, int, int, nuint, float*, nint, void>)function;
        (_d, _components, _steps) = (program.Mixture.Dimension, program.Mixture.Count, program.Steps.Length);
        (_tables, _width, _chunk) = (tables, width, chunk);
        nuint bytes = (nuint)chunk * (nuint)(_d + width) * sizeof(float);
        _scratch = (float*)NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(_scratch, bytes);
    }

    /// <summary>Whether OpenBLAS is there.</summary>
    public static bool IsAvailable => s_sgemm != 0;

    /// <summary>The library's product of matrices of floats, on the calling thread alone.</summary>
    public static nint Product => s_sgemm;

    /// <summary>Whether this is what one would write for the mixture.</summary>
    public static bool IsFor(RunTimeProgram program)
        => program.Fields[0][0].Kind == FeatureKind.None && program.Mixture.Dimension >= MinDimension;

    /// <summary>One for each size of a chunk.</summary>
    public static IReadOnlyList<Variant> Variants(RunTimeProgram program, int samples)
    {
        nint function = NativeLibrary.GetExport(CppCompiler.Compile(CppCompiler.Resource("gemm.cpp")), "integrate");
        int width = (program.Mixture.Count + 7) / 8 * 8;
        float[] tables = program.Tables(field => field.Logits(width));
        return [.. s_chunks.Where(chunk => chunk <= samples)
            .Select(chunk => new Variant($"OpenBLAS, chunks of {chunk}", chunk, new GemmPeer(function, program, tables, width, chunk).Integrate))];
    }

    private void Integrate(Span<float> states)
    {
        fixed (float* samples = states, tables = _tables)
            _integrate(samples, (nuint)(states.Length / _d), tables, _steps, _components, _width, _d, (nuint)_chunk, _scratch, s_sgemm);
    }

    private static nint FindProduct()
    {
        // OpenBLAS takes processors that are newer than itself for the oldest; what the environment says stays.
        if (OperatingSystem.IsLinux() && Avx2.IsSupported) _ = SetVariable("OPENBLAS_CORETYPE", Avx512F.IsSupported ? "SkylakeX" : "Haswell", 0);
        if (!NativeLibrary.TryLoad("libopenblas.so.0", out nint library) || !NativeLibrary.TryGetExport(library, "cblas_sgemm", out nint product)) return 0;
        if (NativeLibrary.TryGetExport(library, "openblas_set_num_threads", out nint threads)) ((delegate* unmanaged<int, void>)threads)(1);
        return product;
    }

    // .NET keeps an environment of its own, which native code does not see.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
