using System.Globalization;
using System.Text;
using CsCheck;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Tests;

public class PortableNumberTests
{
    private static readonly Gen<double> s_anyDouble = Gen.Long.Select(BitConverter.Int64BitsToDouble).Where(double.IsFinite);
    private static readonly Gen<float> s_anyFloat = Gen.Int.Select(BitConverter.Int32BitsToSingle).Where(float.IsFinite);

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(-0.0, "-0")]
    [InlineData(1.0, "1")]
    [InlineData(-0.1, "-0.1")]
    [InlineData(0.30000000000000004, "0.30000000000000004")]
    [InlineData(1234.5, "1234.5")]
    [InlineData(1.5e-7, "1.5E-7")]
    [InlineData(1e-5, "0.00001")]
    [InlineData(9.99e-6, "9.99E-6")]
    [InlineData(1e15, "1000000000000000")]
    [InlineData(9007199254740993e0, "9007199254740992")]
    [InlineData(1e16, "1E+16")]
    [InlineData(1e23, "1E+23")]
    [InlineData(1.7976931348623157e308, "1.7976931348623157E+308")]
    [InlineData(5e-324, "5E-324")]
    [InlineData(1e-323, "1E-323")]
    [InlineData(2.2250738585072014e-308, "2.2250738585072014E-308")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void FormatsDoubles(double value, string expected) => Assert.Equal(expected, PortableNumber.Format(value));

    [Theory]
    [InlineData(0f, "0")]
    [InlineData(-0f, "-0")]
    [InlineData(0.1f, "0.1")]
    [InlineData(16777216f, "16777216")]
    [InlineData(3.4028235e38f, "3.4028235E+38")]
    [InlineData(1e-45f, "1E-45")]
    [InlineData(1.17549435e-38f, "1.1754944E-38")]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void FormatsFloats(float value, string expected) => Assert.Equal(expected, PortableNumber.Format(value));

    [Fact]
    public void AnyDoubleHasTheShortestDigits() => s_anyDouble.Sample(CheckShortest, iter: 50_000);

    [Fact]
    public void AnyFloatHasTheShortestDigits() => s_anyFloat.Sample(CheckShortest, iter: 50_000);

    [Fact]
    public void HardDoublesHaveTheShortestDigits()
    {
        foreach (double value in HardDoubles()) CheckShortest(value);
    }

    [Fact]
    public void PowersOfTwoHaveTheShortestDigitsAsFloats()
    {
        for (int exponent = -149; exponent <= 127; exponent++)
        {
            float value = MathF.ScaleB(1, exponent);
            CheckShortest(value);
            CheckShortest(MathF.BitIncrement(value));
            CheckShortest(MathF.BitDecrement(value));
        }
        CheckShortest(float.MaxValue);
    }

    // The interval of a power of two is narrower below; the library's shortest digits do not read back here.
    [Theory]
    [InlineData(2.98023223876953125e-8, "2.9802322387695312E-8")]
    public void PowersOfTwoReadBackWhereTheIntervalIsNarrow(double value, string expected)
        => Assert.Equal(expected, PortableNumber.Format(value));

    [Fact]
    public void TheCultureDoesNotMatter()
    {
        // As German or Swedish: neither is there where globalization is invariant.
        CultureInfo culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator, culture.NumberFormat.NegativeSign) = (",", ".", "\u2212");
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = culture;
            Assert.Equal("\u22121,5", (-1.5).ToString(culture));
            Assert.Equal("-1234567.5", PortableNumber.Format(-1234567.5));
            Assert.Equal("-1.5E-17", PortableNumber.Format(-1.5e-17));
            Assert.Equal("-1.5", PortableNumber.Format(-1.5f));
            Assert.Equal("-1.5E-17", PortableNumber.Format(-1.5e-17, 3));
            Assert.Equal("-1.5E-17f", PortableNumber.CSharpLiteral(-1.5e-17f));
            Assert.True(PortableNumber.TryParse("-1.5e-3", out double value));
            Assert.Equal(-0.0015, value);
            Assert.False(PortableNumber.TryParse("1,5", out _));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData(1234.5678, 3, "1230")]
    [InlineData(0.99996, 4, "1")]
    [InlineData(-9.996, 3, "-10")]
    [InlineData(9.9999e-7, 2, "1E-6")]
    [InlineData(9.996e15, 3, "1E+16")]
    [InlineData(1e300, 3, "1E+300")]
    [InlineData(2.5, 1, "2")]
    [InlineData(3.5, 1, "4")]
    [InlineData(0.1, 20, "0.10000000000000000555")]
    [InlineData(0.0, 3, "0")]
    [InlineData(-0.0, 3, "-0")]
    [InlineData(double.NaN, 3, "NaN")]
    [InlineData(1.0, int.MaxValue, "1")]
    public void RoundsToSignificantDigits(double value, int digits, string expected) => Assert.Equal(expected, PortableNumber.Format(value, digits));

    [Fact]
    public void AnyDoubleRoundsToTheDigitsOfTheLibrary()
        => Gen.Select(s_anyDouble, Gen.Int[1, 25]).Sample((value, digits)
            => Canonical(PortableNumber.Format(value, digits)) == Canonical(value.ToString("E" + (digits - 1), CultureInfo.InvariantCulture)), iter: 20_000);

    [Fact]
    public void RoundingNeedsADigit() => Assert.Throws<ArgumentOutOfRangeException>(() => PortableNumber.Format(1.0, 0));

    [Fact]
    public void AnyDecimalReadsAsTheNearestDouble()
    {
        Gen<string> decimals = Gen.Select(Gen.Bool, Gen.String[Gen.Char['0', '9'], 1, 40], Gen.String[Gen.Char['0', '9'], 1, 40], Gen.Int[-400, 400],
            (negative, whole, fraction, exponent) =>
            {
                string digits = whole.TrimStart('0');
                return $"{(negative ? "-" : "")}{(digits.Length == 0 ? "0" : digits)}.{fraction}e{exponent}";
            });
        decimals.Sample(CheckParse, iter: 30_000);
    }

    [Fact]
    public void MiddlesBetweenDoublesReadAsTheEvenOne()
    {
        // The exact decimals of the midpoints above doubles, and a hair to each side of them.
        foreach (double value in HardDoubles())
        {
            if (value <= 0 || value == double.MaxValue || Math.Abs(Math.ILogB(value)) > 1000) continue;
            string middle = ExactMiddleAbove(value);
            double next = Math.BitIncrement(value);
            bool even = (BitConverter.DoubleToInt64Bits(value) & 1) == 0;
            Assert.Equal(even ? value : next, Read(middle));
            Assert.Equal(next, Read(middle[..middle.IndexOf('e')] + "000000000000000000001" + middle[middle.IndexOf('e')..]));
        }
    }

    [Theory]
    [InlineData("1.7976931348623158e308", double.MaxValue)]
    [InlineData("1.7976931348623159e308", double.PositiveInfinity)]
    [InlineData("-1e309", double.NegativeInfinity)]
    [InlineData("1e999999999999999999999", double.PositiveInfinity)]
    [InlineData("1e-999999999999999999999", 0.0)]
    [InlineData("-1e-400", -0.0)]
    [InlineData("0e999999999999999999999", 0.0)]
    [InlineData("-0", -0.0)]
    [InlineData("+1.5E+2", 150.0)]
    [InlineData("2.4703282292062327e-324", 0.0)]
    [InlineData("2.4703282292062328e-324", double.Epsilon)]
    [InlineData("2.2250738585072011e-308", 2.225073858507201e-308)]
    [InlineData("0.000000000000000000000000000000000001", 1e-36)]
    public void ReadsExtremes(string text, double expected)
    {
        Assert.True(PortableNumber.TryParse(text, out double value));
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(value));
    }

    [Fact]
    public void LongTextsAreReadExactlyAndSoon()
    {
        string zeros = new('0', 200_000);
        Assert.Equal(1.0, Read("1" + zeros + "e-200000"));
        Assert.Equal(1.0, Read("0." + zeros + "1e200001"));
        Assert.Equal(1.0, Read("1." + zeros));

        // One unit far behind the middle between 1 and the next double decides.
        string middle = "1.00000000000000011102230246251565404236316680908203125";
        Assert.Equal(1.0, Read(middle + zeros));
        Assert.Equal(Math.BitIncrement(1.0), Read(middle + zeros + "1"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("-")]
    [InlineData("+-1")]
    [InlineData("--1")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1.e3")]
    [InlineData("01")]
    [InlineData("00")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1e1.5")]
    [InlineData("1_000")]
    [InlineData("1,5")]
    [InlineData("0x10")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1f")]
    [InlineData("\u0661")]
    public void RejectsWhatIsNoNumber(string? text)
    {
        Assert.False(PortableNumber.TryParse(text, out double value));
        Assert.Equal(0, value);
    }

    [Theory]
    [InlineData(1.0, "1.0")]
    [InlineData(1.5, "1.5")]
    [InlineData(-3.0, "-3.0")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(1e16, "1E+16")]
    [InlineData(1.5e-7, "1.5E-7")]
    [InlineData(double.NaN, "double.NaN")]
    [InlineData(double.PositiveInfinity, "double.PositiveInfinity")]
    [InlineData(double.NegativeInfinity, "double.NegativeInfinity")]
    public void WritesDoubleLiterals(double value, string expected) => Assert.Equal(expected, PortableNumber.CSharpLiteral(value));

    [Theory]
    [InlineData(1f, "1f")]
    [InlineData(1.5f, "1.5f")]
    [InlineData(-0f, "-0f")]
    [InlineData(1e-10f, "1E-10f")]
    [InlineData(float.NaN, "float.NaN")]
    [InlineData(float.PositiveInfinity, "float.PositiveInfinity")]
    [InlineData(float.NegativeInfinity, "float.NegativeInfinity")]
    public void WritesFloatLiterals(float value, string expected) => Assert.Equal(expected, PortableNumber.CSharpLiteral(value));

    private static void CheckShortest(double value)
    {
        string text = PortableNumber.Format(value), library = value.ToString("R", CultureInfo.InvariantCulture);
        Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(Read(text)));
        Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(double.Parse(text, CultureInfo.InvariantCulture)));

        // The library's text is no model for the few powers of two where it does not read back.
        if (double.Parse(library, CultureInfo.InvariantCulture) == value) Assert.Equal(Canonical(library), Canonical(text));
    }

    private static void CheckShortest(float value)
    {
        string text = PortableNumber.Format(value), library = value.ToString("R", CultureInfo.InvariantCulture);
        Assert.Equal(BitConverter.SingleToInt32Bits(value), BitConverter.SingleToInt32Bits(float.Parse(text, CultureInfo.InvariantCulture)));
        if (float.Parse(library, CultureInfo.InvariantCulture) == value) Assert.Equal(Canonical(library), Canonical(text));
    }

    private static void CheckParse(string text)
        => Assert.Equal(BitConverter.DoubleToInt64Bits(double.Parse(text, CultureInfo.InvariantCulture)), BitConverter.DoubleToInt64Bits(Read(text)));

    private static double Read(string text)
    {
        Assert.True(PortableNumber.TryParse(text, out double value), text);
        return value;
    }

    private static IEnumerable<double> HardDoubles()
    {
        List<double> values = [double.MaxValue, double.Epsilon];
        for (int exponent = -1074; exponent <= 1023; exponent++) values.Add(Math.ScaleB(1, exponent));
        for (int exponent = -323; exponent <= 308; exponent++)
            values.Add(double.Parse("1e" + exponent.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
        for (int i = 1; i < 2000; i += 7) values.Add(i * double.Epsilon);
        foreach (double value in values)
        {
            yield return value;
            yield return -value;
            if (value < double.MaxValue) yield return Math.BitIncrement(value);
            yield return Math.BitDecrement(value);
        }
    }

    private static string ExactMiddleAbove(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int biased = (int)(bits >> 52);
        System.Numerics.BigInteger twice = 2 * new System.Numerics.BigInteger((bits & 0xFFFFFFFFFFFFF) | 1L << 52) + 1;
        int exponent = biased - 1076;
        return exponent >= 0
            ? (twice << exponent).ToString(CultureInfo.InvariantCulture) + ".0e0"
            : "0." + (twice * System.Numerics.BigInteger.Pow(5, -exponent)).ToString(CultureInfo.InvariantCulture).PadLeft(-exponent + 20, '0') + "e20";
    }

    // Sign, digits without zeros at the ends and the exponent of the last digit: what the text means, whatever its look.
    private static string Canonical(string text)
    {
        StringBuilder result = new();
        if (text[0] == '-') result.Append('-');
        text = text.TrimStart('-');
        int exponent = 0, mark = text.IndexOf('E');
        if (mark >= 0)
        {
            exponent = int.Parse(text[(mark + 1)..], CultureInfo.InvariantCulture);
            text = text[..mark];
        }
        int point = text.IndexOf('.');
        if (point >= 0)
        {
            exponent -= text.Length - point - 1;
            text = text.Remove(point, 1);
        }
        string digits = text.Trim('0');
        if (digits.Length == 0) return result.Append('0').ToString();
        exponent += text.Length - text.TrimEnd('0').Length;
        return result.Append(digits).Append('e').Append(exponent).ToString();
    }
}
