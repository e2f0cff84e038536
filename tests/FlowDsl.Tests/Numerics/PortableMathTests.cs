using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Tests;

public class PortableMathTests
{
    // The bounds are the greatest errors over some 30,000 points a function, rounded up.
    [Theory]
    [InlineData("exp", 0.75)]
    [InlineData("expm1", 0.8)]
    [InlineData("log", 0.6)]
    [InlineData("log1p", 0.6)]
    [InlineData("sin", 0.56)]
    [InlineData("cos", 0.56)]
    [InlineData("tan", 0.56)]
    [InlineData("atan", 0.51)]
    [InlineData("pow", 0.75)]
    [InlineData("quantile", 5.5)]
    public void IsWithinItsStatedErrorOfHighPrecisionValues(string function, double bound)
    {
        int rows = 0;
        foreach (ElementaryReference.Row row in ElementaryReference.Rows(function))
        {
            rows++;
            double error = row.ErrorOf(Evaluate(row));
            Assert.True(error <= bound, $"{row}: {Evaluate(row):R} is off by {error} ulp");
        }
        Assert.True(rows > 200);
    }

    [Fact]
    public void QuantileIsWithinItsRelativeError()
    {
        foreach (ElementaryReference.Row row in ElementaryReference.Rows("quantile"))
            Assert.True(Math.Abs(Evaluate(row) - row.Value) <= 4e-15 * Math.Abs(row.Value), row.ToString());
    }

    // A host whose arithmetic differs in any bit (extended registers, contraction to fused multiply-add) fails here.
    [Theory]
    [InlineData("exp", 17130185718814513187ul)]
    [InlineData("expm1", 13209016707282468078ul)]
    [InlineData("log", 7140548695680976717ul)]
    [InlineData("log1p", 8754769053392441965ul)]
    [InlineData("sin", 9935892692082671208ul)]
    [InlineData("cos", 14539605557253977251ul)]
    [InlineData("tan", 16779362443945906092ul)]
    [InlineData("atan", 15378392288176168247ul)]
    [InlineData("pow", 14218595498164332417ul)]
    [InlineData("quantile", 1333812536933639717ul)]
    public void HasTheSameBitsOnEveryHost(string function, ulong expected)
    {
        ulong hash = 14695981039346656037;
        foreach (ElementaryReference.Row row in ElementaryReference.Rows(function))
        {
            ulong bits = BitConverter.DoubleToUInt64Bits(Evaluate(row));
            for (int i = 0; i < 64; i += 8) hash = (hash ^ (byte)(bits >> i)) * 1099511628211;
        }
        Assert.Equal(expected, hash);
    }

    [Fact]
    public void ExpHasItsLimits()
    {
        Same(1, PortableMath.Exp(0));
        Same(1, PortableMath.Exp(-0.0));
        Same(double.PositiveInfinity, PortableMath.Exp(double.PositiveInfinity));
        Same(double.PositiveInfinity, PortableMath.Exp(double.MaxValue));
        Same(double.PositiveInfinity, PortableMath.Exp(709.7827128933841));
        Assert.True(double.IsFinite(PortableMath.Exp(709.782712893384)));
        Same(double.Epsilon, PortableMath.Exp(-745.1332191019411));
        Same(0, PortableMath.Exp(-745.1332191019412));
        Same(0, PortableMath.Exp(double.NegativeInfinity));
        Same(double.NaN, PortableMath.Exp(double.NaN));
    }

    [Fact]
    public void Expm1HasItsLimits()
    {
        Same(0, PortableMath.Expm1(0));
        Same(-0.0, PortableMath.Expm1(-0.0));
        Same(-1, PortableMath.Expm1(double.NegativeInfinity));
        Same(-1, PortableMath.Expm1(-50));
        Same(double.PositiveInfinity, PortableMath.Expm1(double.PositiveInfinity));
        Same(double.PositiveInfinity, PortableMath.Expm1(709.7827128933841));
        Same(double.NaN, PortableMath.Expm1(double.NaN));
    }

    [Fact]
    public void LogarithmsHaveTheirLimits()
    {
        Same(0, PortableMath.Log(1));
        Same(double.NegativeInfinity, PortableMath.Log(0));
        Same(double.NegativeInfinity, PortableMath.Log(-0.0));
        Same(double.NaN, PortableMath.Log(-double.Epsilon));
        Same(double.NaN, PortableMath.Log(double.NegativeInfinity));
        Same(double.NaN, PortableMath.Log(double.NaN));
        Same(double.PositiveInfinity, PortableMath.Log(double.PositiveInfinity));

        Same(0, PortableMath.Log1p(0));
        Same(-0.0, PortableMath.Log1p(-0.0));
        Same(double.NegativeInfinity, PortableMath.Log1p(-1));
        Same(double.NaN, PortableMath.Log1p(Math.BitDecrement(-1)));
        Same(double.NaN, PortableMath.Log1p(double.NaN));
        Same(double.PositiveInfinity, PortableMath.Log1p(double.PositiveInfinity));
    }

    [Fact]
    public void AnglesHaveTheirLimits()
    {
        foreach (double bad in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, Math.BitIncrement(PortableMath.MaxAngle) })
        {
            Same(double.NaN, PortableMath.Sin(bad));
            Same(double.NaN, PortableMath.Cos(bad));
            Same(double.NaN, PortableMath.Tan(bad));
        }
        Same(0, PortableMath.Sin(0));
        Same(-0.0, PortableMath.Sin(-0.0));
        Same(-0.0, PortableMath.Tan(-0.0));
        Same(1, PortableMath.Cos(0));
        Same(1, PortableMath.Cos(-0.0));

        Same(-0.0, PortableMath.Atan(-0.0));
        Same(Math.PI / 2, PortableMath.Atan(double.PositiveInfinity));
        Same(-Math.PI / 2, PortableMath.Atan(double.NegativeInfinity));
        Same(Math.PI / 4, PortableMath.Atan(1));
        Same(double.NaN, PortableMath.Atan(double.NaN));
    }

    [Fact]
    public void SinCosHasTheBitsOfSinAndCos()
    {
        foreach (ElementaryReference.Row row in ElementaryReference.Rows("sin"))
        {
            PortableMath.SinCos(row.X, out double sin, out double cos);
            Same(PortableMath.Sin(row.X), sin);
            Same(PortableMath.Cos(row.X), cos);
        }
    }

    [Fact]
    public void PowHasTheSpecialCasesOfTheStandard()
    {
        double[] values =
        [
            0.0, -0.0, 1, -1, 2, -2, 3, -3, 0.5, -0.5, 1.5, -1.5, 1e300, -1e300, double.Epsilon, -double.Epsilon, double.MaxValue,
            9007199254740991, 9007199254740992, -9007199254740991, double.PositiveInfinity, double.NegativeInfinity, double.NaN,
        ];

        // Exact or special in all these cases, or far inside the range: the library's results are good to an ulp.
        foreach (double x in values)
        {
            foreach (double y in values)
            {
                double expected = Math.Pow(x, y), actual = PortableMath.Pow(x, y);
                if (double.IsFinite(expected) && expected != 0)
                    Assert.True(Math.Abs(actual - expected) <= ElementaryReference.Ulp(expected), $"{x:R}^{y:R} is {actual:R}, not {expected:R}");
                else
                    Same(expected, actual);
            }
        }
    }

    [Fact]
    public void QuantileHasItsLimits()
    {
        Same(double.NegativeInfinity, PortableMath.NormalQuantile(0));
        Same(double.PositiveInfinity, PortableMath.NormalQuantile(1));
        Same(0, PortableMath.NormalQuantile(0.5));
        Same(double.NaN, PortableMath.NormalQuantile(-double.Epsilon));
        Same(double.NaN, PortableMath.NormalQuantile(Math.BitIncrement(1)));
        Same(double.NaN, PortableMath.NormalQuantile(double.NaN));
    }

    [Theory]
    [InlineData(0.075)]
    [InlineData(0.925)]
    [InlineData(1.3887943864964021e-11)]
    [InlineData(2.8222639066600614e-53)]
    public void QuantileHasNoStepWhereItsPiecesMeet(double p)
    {
        double below = PortableMath.NormalQuantile(p * (1 - 1e-14)), above = PortableMath.NormalQuantile(p * (1 + 1e-14));
        Assert.True(below < above + 4e-15 * Math.Abs(above));
        Assert.True(above - below < 1e-13 * Math.Abs(above));
    }

    private static double Evaluate(ElementaryReference.Row row) => row.Function switch
    {
        "exp" => PortableMath.Exp(row.X),
        "expm1" => PortableMath.Expm1(row.X),
        "log" => PortableMath.Log(row.X),
        "log1p" => PortableMath.Log1p(row.X),
        "sin" => PortableMath.Sin(row.X),
        "cos" => PortableMath.Cos(row.X),
        "tan" => PortableMath.Tan(row.X),
        "atan" => PortableMath.Atan(row.X),
        "pow" => PortableMath.Pow(row.X, row.Y),
        "quantile" => PortableMath.NormalQuantile(row.X),
        _ => throw new ArgumentException(row.Function),
    };

    // The same sign of zero too; all NaNs are one.
    private static void Same(double expected, double actual)
    {
        if (double.IsNaN(expected)) Assert.True(double.IsNaN(actual), $"{actual:R} is not NaN");
        else Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(actual));
    }
}
