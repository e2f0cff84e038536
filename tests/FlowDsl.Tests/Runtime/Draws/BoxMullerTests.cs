using System.Numerics;
using FlowDsl.Mathematics.Numerics;
using FlowDsl.Runtime.Draws;

namespace FlowDsl.Tests;

/// <summary>The vector functions behind the normals against the scalar ones, which are tested to an ulp.</summary>
public class BoxMullerTests
{
    [Fact]
    public void LogAgreesWithTheScalarOne()
    {
        double worst = 0;
        foreach (double x in Uniforms())
        {
            double expected = PortableMath.Log(x), actual = BoxMuller.Log(new Vector<double>(x))[0];
            worst = Math.Max(worst, Math.Abs(actual - expected) / Math.Abs(expected));
        }
        // Three roundings follow the series, and the scalar function has an error of its own.
        Assert.True(worst < 5e-16, $"relative error {worst:E2}");
    }

    [Fact]
    public void SinAndCosAgreeWithTheScalarOnes()
    {
        double worst = 0;
        foreach (double x in Uniforms().Append(0.125).Append(0.25).Append(0.5).Append(0.75).Append(0.875).Append(0))
        {
            BoxMuller.SinCosOfTurns(new Vector<double>(x), out Vector<double> sin, out Vector<double> cos);
            // The angle's own rounding is in the reference; reduce first, as exact arithmetic allows.
            double quarter = Math.Round(4 * x), angle = 2 * Math.PI * (x - quarter / 4);
            PortableMath.SinCos(angle, out double s, out double c);
            (s, c) = ((int)quarter % 4) switch { 0 => (s, c), 1 => (c, -s), 2 => (-s, -c), _ => (-c, s) };
            worst = Math.Max(worst, Math.Max(Math.Abs(sin[0] - s), Math.Abs(cos[0] - c)));
        }
        Assert.True(worst < 3e-16, $"absolute error {worst:E2}");
    }

    [Fact]
    public void VectorPhiloxIsScalarPhilox()
    {
        for (ulong index = 0xFFFF_FFF0; index < 0x1_0000_0010; index++)
        {
            Philox.Block(new Vector<ulong>(index), 7, 1, 0x0123_4567_89AB_CDEF,
                out Vector<ulong> w0, out Vector<ulong> w1, out Vector<ulong> w2, out Vector<ulong> w3);
            (uint, uint, uint, uint) expected = Philox.Block((uint)index, (uint)(index >> 32), 7, 1, 0x0123_4567_89AB_CDEF);
            Assert.Equal(expected, ((uint)w0[0], (uint)w1[0], (uint)w2[0], (uint)w3[0]));
            Assert.Equal(0UL, (w0[0] | w1[0] | w2[0] | w3[0]) >> 32);
        }
    }

    [Fact]
    public void SingleLogAgreesWithTheScalarOne()
    {
        double worst = 0;
        foreach (uint word in Words())
        {
            // Beyond 1/2, 1 - u is exact and u is not to be rounded near 1: log(1 - v) is -2 artanh(v / (2 - v)).
            double v = (uint.MaxValue - word + 0.5) / 4294967296.0;
            double expected = word < 0x8000_0000 ? -2 * PortableMath.Log((word + 0.5) / 4294967296.0) : 4 * Artanh(v / (2 - v));
            worst = Math.Max(worst, Math.Abs(BoxMuller.MinusTwoLog(new Vector<uint>(word))[0] - expected) / expected);
        }
        Assert.True(worst < 1.6e-7, $"relative error {worst:E2}");

        // |x| ≤ 1/3: 40 terms are more than enough.
        static double Artanh(double x)
        {
            double sum = 0;
            for (int k = 79; k > 0; k -= 2) sum = sum * x * x + 1.0 / k;
            return x * sum;
        }
    }

    [Fact]
    public void SingleSinAndCosAgreeWithTheScalarOnes()
    {
        double worst = 0;
        foreach (uint word in Words())
        {
            BoxMuller.SinCos(new Vector<uint>(word), out Vector<float> sin, out Vector<float> cos);
            PortableMath.SinCos(((int)(word << 2) + 2.0) / 17179869184.0 * (2 * Math.PI), out double s, out double c);
            if (word >> 31 != 0) c = -c;
            if ((word >> 30 & 1) != 0) (s, c) = (c, s);
            worst = Math.Max(worst, Math.Max(Math.Abs(sin[0] - s), Math.Abs(cos[0] - c)));
        }
        Assert.True(worst < 1.2e-7, $"absolute error {worst:E2}");
    }

    /// <summary>The upper bits turn and mirror the quarter circle into four that cover the circle.</summary>
    [Fact]
    public void SingleAnglesCoverTheCircleEvenly()
    {
        const int Parts = 1 << 12;
        double[] turns = new double[Parts];
        for (uint part = 0; part < Parts; part++)
        {
            BoxMuller.SinCos(new Vector<uint>((part << 20) + (1u << 19)), out Vector<float> sin, out Vector<float> cos);
            turns[part] = Math.Atan2(sin[0], cos[0]) / (2 * Math.PI) * Parts;
        }
        Array.Sort(turns);
        for (int part = 1; part < Parts; part++) Assert.Equal(1, turns[part] - turns[part - 1], 1e-3);
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(0xFFFF_FFC0L)]
    [InlineData(0x7FFF_FFFF_0000_0000L)]
    [InlineData(-64L)]
    [InlineData(long.MinValue)]
    public void PhiloxOfManySamplesIsScalarPhilox(long first)
    {
        const ulong Key = 0xFEDC_BA98_7654_3210;
        Vector<ulong>[] constants = new Vector<ulong>[Philox.ConstantCount];
        Philox.Constants(Key, (uint)(first >> 32), 5, 2, constants);
        for (int start = 0; start < 64; start += Vector<uint>.Count)
        {
            Vector<ulong> even = new Vector<ulong>((uint)first + (ulong)start) + Vector<ulong>.Indices * 2;
            Philox.Block(
                Philox.FirstProduct(even), Philox.FirstProduct(even + Vector<ulong>.One), ref constants[0], out Philox.Words evenWords,
                out Philox.Words oddWords);
            Vector<uint> w0 = Philox.Interleave(evenWords.Word0, oddWords.Word0), w1 = Philox.Interleave(evenWords.Word1, oddWords.Word1),
                w2 = Philox.Interleave(evenWords.Word2, oddWords.Word2), w3 = Philox.Interleave(evenWords.Word3, oddWords.Word3);
            for (int lane = 0; lane < Vector<uint>.Count; lane++)
            {
                ulong index = (ulong)(first + start + lane);
                Assert.Equal(Philox.Block((uint)index, (uint)(index >> 32), 5, 2, Key), (w0[lane], w1[lane], w2[lane], w3[lane]));
            }
        }
    }

    private static IEnumerable<uint> Words()
    {
        for (uint i = 0; i < 40_000; i++) yield return i * 107_374;
        for (int shift = 0; shift < 32; shift++)
            for (uint near = 0; near < 40; near++)
            {
                yield return (1u << shift) + near - 20;
                yield return ~((1u << shift) + near - 20);
            }
    }

    private static IEnumerable<double> Uniforms()
    {
        for (int i = 0; i < 20_000; i++) yield return NormalSource.Uniform(11, i);
        foreach (double edge in new[] { Math.Pow(2, -53), 1 - Math.Pow(2, -53), 0.5, Math.Sqrt(0.5), Math.BitDecrement(Math.Sqrt(0.5)), 1 - Math.Pow(2, -30) })
            yield return edge;
    }
}
