using System.Numerics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Tests;

public class SimdMathTests
{
    private static bool HasFusedMultiplyAdd => Fma.IsSupported || AdvSimd.IsSupported;

    // 1.4984e-7 is the greatest error over all floats of [-100, 0] with fused multiply-add; two roundings cost a little more.
    [Fact]
    public void FloatsAreWithinTheStatedError()
    {
        double bound = HasFusedMultiplyAdd ? 1.5e-7 : 2e-7;
        foreach (float x in Floats())
        {
            float computed = Lane(x);
            double expected = Math.Pow(2, x);
            Assert.True(Math.Abs(computed / expected - 1) <= bound, $"2^{x:R} is {computed:R}, not {expected:R}");
        }
    }

    [Fact]
    public void CoarsePowersAreWithinTheStatedError()
    {
        foreach (float x in Floats())
            Assert.True(Math.Abs(SimdMath.Exp2Coarse(new Vector<float>(x))[0] / Math.Pow(2, x) - 1) <= 2.95e-6, $"2^{x:R}");
        for (int i = -100; i <= 126; i++) Assert.Equal(MathF.ScaleB(1, i), SimdMath.Exp2Coarse(new Vector<float>(i))[0]);
        Assert.Equal(MathF.ScaleB(1, -100), SimdMath.Exp2Coarse(new Vector<float>(-1e9f))[0]);
    }

    [Fact]
    public void FloatsUpTo126AreWithinTheStatedError()
    {
        for (int i = 0; i <= 126 * 4096; i++)
        {
            float x = i / 4096f;
            Assert.True(Math.Abs(Lane(x) / Math.Pow(2, x) - 1) <= (HasFusedMultiplyAdd ? 1.5e-7 : 2e-7), $"{x:R}");
        }
    }

    [Fact]
    public void WholeExponentsGiveExactPowers()
    {
        for (int i = -100; i <= 126; i++) Assert.Equal(MathF.ScaleB(1, i), Lane((float)i));
        for (int i = -1000; i <= 1022; i++) Assert.Equal(Math.ScaleB(1, i), Lane((double)i));
        Assert.Equal(1f, Lane(-0f));
        Assert.Equal(1f, Lane(-float.Epsilon));
        Assert.Equal(1.0, Lane(-0.0));
        Assert.Equal(1.0, Lane(-double.Epsilon));
    }

    /// <summary>Next to 1 too, where the logarithm is small.</summary>
    [Fact]
    public void LogarithmsAreWithinTwoUnitsOfTheLastDigit()
    {
        var random = new Random(5);
        double[] edges = [double.MaxValue, 2.2250738585072014e-308, 0.5, 1, 2, Math.Sqrt(0.5), Math.Sqrt(2)];
        IEnumerable<double> all = Enumerable.Range(0, 200_000).Select(_ => Math.ScaleB(1 + random.NextDouble(), random.Next(-1022, 1023)));
        foreach (double x in all.Concat(Enumerable.Range(-2000, 4000).Select(i => 1 + i * 1e-4)).Concat(edges))
        {
            double computed = SimdMath.Log2(new Vector<double>(x))[0], expected = Math.Log2(x);
            Assert.True(Math.Abs(computed - expected) <= 4.5e-16 * Math.Abs(expected), $"log2 {x:R} is {computed:R}, not {expected:R}");
        }
        for (int i = -1022; i <= 1023; i++) Assert.Equal(i, SimdMath.Log2(new Vector<double>(Math.ScaleB(1, i)))[0]);
    }

    [Fact]
    public void SmallExponentsAreClamped()
    {
        foreach (float x in new[] { -100.00001f, -126f, -200f, -1e9f, float.MinValue, float.NegativeInfinity }) Assert.Equal(MathF.ScaleB(1, -100), Lane(x));
        foreach (double x in new[] { -1000.0000001, -1100, -1e18, double.MinValue, double.NegativeInfinity }) Assert.Equal(Math.ScaleB(1, -1000), Lane(x));
    }

    [Fact]
    public void PairsAreWithinTheStatedError()
    {
        for (int i = -126 * 512; i <= 126 * 512; i++)
        {
            float x = i / 512f;
            float power = SimdMath.Exp2Pair(new Vector<float>(x), out Vector<float> reciprocal)[0];
            Assert.True(Math.Abs(power / Math.Pow(2, x) - 1) <= 2.1e-7, $"2^{x:R} is {power:R}");
            Assert.True(Math.Abs(reciprocal[0] / Math.Pow(2, -x) - 1) <= 2.1e-7, $"2^-{x:R} is {reciprocal[0]:R}");
        }
        for (int i = -1022 * 64; i <= 1022 * 64; i++)
        {
            double x = i / 64.0 + 1e-3;
            if (x > 1022) continue;
            double power = SimdMath.Exp2Pair(new Vector<double>(x), out Vector<double> reciprocal)[0];
            // The library's own power is within an ulp.
            Assert.True(Math.Abs(power / Math.Pow(2, x) - 1) <= 5e-16, $"2^{x:R} is {power:R}");
            Assert.True(Math.Abs(reciprocal[0] / Math.Pow(2, -x) - 1) <= 5e-16, $"2^-{x:R} is {reciprocal[0]:R}");
        }
    }

    [Fact]
    public void RoundingIsToTheNearestAndToEven()
    {
        foreach (float x in new[] { 0f, 0.5f, 1.5f, -0.5f, -2.5f, 0.49999997f, 3.7f, -3.2f, 4194304f })
            Assert.Equal(MathF.Round(x), SimdMath.Round(new Vector<float>(x))[0]);
        foreach (double x in new[] { 0, 0.5, 1.5, -0.5, -2.5, 0.49999999999999994, 3.7, -3.2, 2251799813685248.0 })
            Assert.Equal(Math.Round(x), SimdMath.Round(new Vector<double>(x))[0]);
    }

    [Fact]
    public void WhatIsNotKeptIsZero()
    {
        Assert.Equal(3f, SimdMath.KeepIfLess(new Vector<float>(1), new Vector<float>(2), new Vector<float>(3))[0]);
        Assert.Equal(0f, SimdMath.KeepIfLess(new Vector<float>(2), new Vector<float>(2), new Vector<float>(float.NaN))[0]);
        Assert.Equal(0.0, SimdMath.KeepIfLess(new Vector<double>(double.NaN), new Vector<double>(2), new Vector<double>(3))[0]);
    }

    [Fact]
    public void FourAtOnceAreTheSameBits()
    {
        for (float x = -120; x <= 126; x += 0.37f)
        {
            Vector<float> first = new(x), second = new(x / 3), third = new(-x), fourth = new(0.1f * x);
            Vector<float>[] expected = [SimdMath.Exp2(first), SimdMath.Exp2(second), SimdMath.Exp2(third), SimdMath.Exp2(fourth)];
            SimdMath.Exp2(ref first, ref second, ref third, ref fourth);
            Vector<float>[] actual = [first, second, third, fourth];
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void DoublesAreWithinTheStatedError()
    {
        foreach (ElementaryReference.Row row in ElementaryReference.Rows("exp2"))
        {
            double error = row.ErrorOf(Lane(row.X));
            Assert.True(error <= (HasFusedMultiplyAdd ? 1 : 1.5), $"{row}: {Lane(row.X):R} is off by {error} ulp");
        }
    }

    [Fact]
    public void ManyDoublesAreNearTheLibrarys()
    {
        for (int i = 0; i < 300_000; i++)
        {
            double x = i % 3 == 0 ? -i / 300.0 : i % 3 == 1 ? -i / 200_000.0 : i / 300.0;
            double expected = Math.Pow(2, x);
            Assert.True(Math.Abs(Lane(x) - expected) <= 2 * ElementaryReference.Ulp(expected), $"{x:R}");
        }
    }

    // The bits that a scalar loop over the same operations gives: nothing depends on the width of the vectors.
    [Fact]
    public void EveryLaneHasTheBitsOfTheScalarRecipe()
    {
        Span<float> xs = stackalloc float[Vector<float>.Count];
        int lane = 0;
        foreach (float x in Floats())
        {
            xs[lane++] = x;
            if (lane < xs.Length) continue;
            lane = 0;
            Vector<float> ys = SimdMath.Exp2(new Vector<float>(xs));
            for (int i = 0; i < xs.Length; i++) Assert.Equal(Scalar(xs[i]), ys[i]);
        }
    }

    private static float Scalar(float x)
    {
        float rounded = x + 12582912f, f = x - (rounded - 12582912f);
        float p = MultiplyAdd(f, 0.0013264695f, 0.009671696f);
        p = MultiplyAdd(f, p, 0.055507228f);
        p = MultiplyAdd(f, p, 0.2402224f);
        p = MultiplyAdd(f, p, 0.693147f);
        p = MultiplyAdd(f, p, 1f);
        return BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(p) + (BitConverter.SingleToInt32Bits(rounded) << 23));
    }

    // Where the vectors have no fused multiply-add, they round the product too.
    private static float MultiplyAdd(float x, float y, float z) => HasFusedMultiplyAdd ? MathF.FusedMultiplyAdd(x, y, z) : x * y + z;

    // About a million floats of [-100, 0], evenly over their bit patterns, and the neighbourhoods where the rounding turns.
    private static IEnumerable<float> Floats()
    {
        for (uint bits = 0x80000000; bits <= 0xC2C80000; bits += 1123) yield return BitConverter.UInt32BitsToSingle(bits);
        for (int i = -200; i <= 0; i++)
        {
            uint bits = BitConverter.SingleToUInt32Bits(i / 2f);
            for (uint near = bits - 3; near != bits + 4; near++)
            {
                float x = BitConverter.UInt32BitsToSingle(near);
                if (x is >= -100 and <= 0) yield return x;
            }
        }
    }

    private static float Lane(float x) => SimdMath.Exp2(new Vector<float>(x))[0];

    private static double Lane(double x) => SimdMath.Exp2(new Vector<double>(x))[Vector<double>.Count - 1];
}
