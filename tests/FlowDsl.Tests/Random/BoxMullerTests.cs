using System.Numerics;
using FlowDsl.Analysis;

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
            Philox.Block(new Vector<ulong>(index), 7, 1, 0x0123_4567_89AB_CDEF, out Vector<ulong> w0, out Vector<ulong> w1, out Vector<ulong> w2, out Vector<ulong> w3);
            (uint, uint, uint, uint) expected = Philox.Block((uint)index, (uint)(index >> 32), 7, 1, 0x0123_4567_89AB_CDEF);
            Assert.Equal(expected, ((uint)w0[0], (uint)w1[0], (uint)w2[0], (uint)w3[0]));
            Assert.Equal(0UL, (w0[0] | w1[0] | w2[0] | w3[0]) >> 32);
        }
    }

    private static IEnumerable<double> Uniforms()
    {
        for (int i = 0; i < 20_000; i++) yield return NormalSource.Uniform(11, i);
        foreach (double edge in new[] { Math.Pow(2, -53), 1 - Math.Pow(2, -53), 0.5, Math.Sqrt(0.5), Math.BitDecrement(Math.Sqrt(0.5)), 1 - Math.Pow(2, -30) })
            yield return edge;
    }
}
