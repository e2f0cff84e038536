using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowDsl.Benchmarks;

/// <summary>Polynomials of boxes at eight points, each in a box of its own.</summary>
/// <remarks>By Horner's rule in v, a point at a time and a power of u in each lane; then, transposed, in u with a point in each lane.</remarks>
internal unsafe interface IBoxPolynomial
{
    static abstract (Vector256<float> X, Vector256<float> Y) At(float* coefficients, Vector256<int> boxes, Vector256<float> u, Vector256<float> v);
}

/// <summary>Third degree: a vector holds a row of both outputs.</summary>
internal readonly unsafe struct Cubic : IBoxPolynomial
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> X, Vector256<float> Y) At(float* coefficients, Vector256<int> boxes, Vector256<float> u, Vector256<float> v)
    {
        float* second = stackalloc float[8];
        int* box = stackalloc int[8];
        v.Store(second);
        (boxes << 5).Store(box);
        Octet t = Octet.Transposed(
            Row(coefficients + box[0], second[0]), Row(coefficients + box[1], second[1]),
            Row(coefficients + box[2], second[2]), Row(coefficients + box[3], second[3]),
            Row(coefficients + box[4], second[4]), Row(coefficients + box[5], second[5]),
            Row(coefficients + box[6], second[6]), Row(coefficients + box[7], second[7]));
        return (Cube(t.A, t.B, t.C, t.D), Cube(t.E, t.F, t.G, t.H));

        Vector256<float> Cube(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d)
            => Vector256.MultiplyAddEstimate(Vector256.MultiplyAddEstimate(Vector256.MultiplyAddEstimate(d, u, c), u, b), u, a);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Row(float* box, float v)
    {
        Vector256<float> second = Vector256.Create(v);
        Vector256<float> sum = Vector256.MultiplyAddEstimate(Vector256.Load(box + 24), second, Vector256.Load(box + 16));
        return Vector256.MultiplyAddEstimate(Vector256.MultiplyAddEstimate(sum, second, Vector256.Load(box + 8)), second, Vector256.Load(box));
    }
}

/// <summary>Seventh degree: a vector holds a row of one output.</summary>
internal readonly unsafe struct Septic : IBoxPolynomial
{
    public static (Vector256<float> X, Vector256<float> Y) At(float* coefficients, Vector256<int> boxes, Vector256<float> u, Vector256<float> v)
    {
        float* second = stackalloc float[8];
        int* box = stackalloc int[8];
        v.Store(second);
        (boxes << 7).Store(box);
        return (Output(coefficients, box, second, u), Output(coefficients + 8, box, second, u));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Output(float* coefficients, int* box, float* second, Vector256<float> u)
    {
        Octet t = Octet.Transposed(
            Row(coefficients + box[0], second[0]), Row(coefficients + box[1], second[1]),
            Row(coefficients + box[2], second[2]), Row(coefficients + box[3], second[3]),
            Row(coefficients + box[4], second[4]), Row(coefficients + box[5], second[5]),
            Row(coefficients + box[6], second[6]), Row(coefficients + box[7], second[7]));
        Vector256<float> sum = Vector256.MultiplyAddEstimate(Vector256.MultiplyAddEstimate(t.H, u, t.G), u, t.F);
        sum = Vector256.MultiplyAddEstimate(sum, u, t.E);
        sum = Vector256.MultiplyAddEstimate(sum, u, t.D);
        sum = Vector256.MultiplyAddEstimate(sum, u, t.C);
        sum = Vector256.MultiplyAddEstimate(sum, u, t.B);
        return Vector256.MultiplyAddEstimate(sum, u, t.A);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Row(float* box, float v)
    {
        Vector256<float> second = Vector256.Create(v);
        Vector256<float> sum = Vector256.MultiplyAddEstimate(Vector256.Load(box + 112), second, Vector256.Load(box + 96));
        sum = Vector256.MultiplyAddEstimate(sum, second, Vector256.Load(box + 80));
        sum = Vector256.MultiplyAddEstimate(sum, second, Vector256.Load(box + 64));
        sum = Vector256.MultiplyAddEstimate(sum, second, Vector256.Load(box + 48));
        sum = Vector256.MultiplyAddEstimate(sum, second, Vector256.Load(box + 32));
        sum = Vector256.MultiplyAddEstimate(sum, second, Vector256.Load(box + 16));
        return Vector256.MultiplyAddEstimate(sum, second, Vector256.Load(box));
    }
}

/// <summary>Eight vectors.</summary>
internal readonly ref struct Octet
{
    public Vector256<float> A { get; private init; }

    public Vector256<float> B { get; private init; }

    public Vector256<float> C { get; private init; }

    public Vector256<float> D { get; private init; }

    public Vector256<float> E { get; private init; }

    public Vector256<float> F { get; private init; }

    public Vector256<float> G { get; private init; }

    public Vector256<float> H { get; private init; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Octet Transposed(
        Vector256<float> r0, Vector256<float> r1, Vector256<float> r2, Vector256<float> r3,
        Vector256<float> r4, Vector256<float> r5, Vector256<float> r6, Vector256<float> r7)
    {
        Vector256<float> a0 = Avx.UnpackLow(r0, r1), a1 = Avx.UnpackHigh(r0, r1), a2 = Avx.UnpackLow(r2, r3), a3 = Avx.UnpackHigh(r2, r3);
        Vector256<float> a4 = Avx.UnpackLow(r4, r5), a5 = Avx.UnpackHigh(r4, r5), a6 = Avx.UnpackLow(r6, r7), a7 = Avx.UnpackHigh(r6, r7);
        Vector256<float> b0 = Avx.Shuffle(a0, a2, 0x44), b1 = Avx.Shuffle(a0, a2, 0xEE), b2 = Avx.Shuffle(a1, a3, 0x44), b3 = Avx.Shuffle(a1, a3, 0xEE);
        Vector256<float> b4 = Avx.Shuffle(a4, a6, 0x44), b5 = Avx.Shuffle(a4, a6, 0xEE), b6 = Avx.Shuffle(a5, a7, 0x44), b7 = Avx.Shuffle(a5, a7, 0xEE);
        return new Octet
        {
            A = Avx.Permute2x128(b0, b4, 0x20),
            B = Avx.Permute2x128(b1, b5, 0x20),
            C = Avx.Permute2x128(b2, b6, 0x20),
            D = Avx.Permute2x128(b3, b7, 0x20),
            E = Avx.Permute2x128(b0, b4, 0x31),
            F = Avx.Permute2x128(b1, b5, 0x31),
            G = Avx.Permute2x128(b2, b6, 0x31),
            H = Avx.Permute2x128(b3, b7, 0x31),
        };
    }
}
