using System.Numerics;
using System.Text;

namespace FlowDsl.Mathematics.Numerics;

/// <summary>Reading and writing of floating-point numbers with the same characters and bits on every host and in every culture.</summary>
/// <remarks>
/// The generator writes numbers as C# text and reads them from the user's files; older compiler hosts write and read doubles with a wrong last digit.
/// All conversions here are exact arithmetic on big integers followed by one rounding.
/// </remarks>
internal static class PortableNumber
{
    // The first 768 digits of a decimal, and whether anything nonzero follows, decide the rounding to a double.
    private const int DecisiveDigits = 800;

    /// <summary>The shortest decimal text that reads back as the same double: "0.1", "1.5E-7", "NaN", "Infinity", "-0".</summary>
    /// <param name="value">Any double.</param>
    public static string Format(double value)
    {
        Decompose(value, out bool negative, out long significand, out int exponent, out bool finite);
        if (!finite) return NameOf(value);
        bool narrowBelow = significand == 1L << 52 && exponent > -1074;
        return Shortest(negative, significand, exponent, narrowBelow);
    }

    /// <summary>The shortest decimal text that reads back as the same float.</summary>
    /// <param name="value">Any float.</param>
    public static string Format(float value)
    {
        // Every float is a double; the doubles' bits give its own significand and exponent.
        Decompose(value, out bool negative, out long significand, out int exponent, out bool finite);
        if (!finite) return NameOf(value);
        if (significand != 0)
        {
            while (significand < 1L << 53) (significand, exponent) = (significand << 1, exponent - 1);
            int drop = Math.Max(30, -149 - exponent);
            (significand, exponent) = (significand >> drop, exponent + drop);
        }
        bool narrowBelow = significand == 1L << 23 && exponent > -149;
        return Shortest(negative, significand, exponent, narrowBelow);
    }

    /// <summary>The number rounded to some significant digits, halves to even, without trailing zeros, for people to read.</summary>
    /// <param name="value">Any double.</param>
    /// <param name="significantDigits">The number of digits, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of digits is less than 1.</exception>
    public static string Format(double value, int significantDigits)
    {
        if (significantDigits < 1)
            throw new ArgumentOutOfRangeException(nameof(significantDigits), significantDigits, "The number of significant digits must be at least 1.");
        Decompose(value, out bool negative, out long significand, out int exponent, out bool finite);
        if (!finite) return NameOf(value);
        if (significand == 0) return negative ? "-0" : "0";

        // No double has more than 767 significant digits.
        significantDigits = Math.Min(significantDigits, 767);
        int position = DecimalExponentAtMost(significand, exponent);
        BigInteger limit = BigInteger.Pow(10, significantDigits);
        while (true)
        {
            BigInteger numerator = significand, denominator = BigInteger.One;
            MultiplyByPower(ref numerator, ref denominator, 2, exponent);
            MultiplyByPower(ref numerator, ref denominator, 10, significantDigits - 1 - position);
            BigInteger digits = BigInteger.DivRem(numerator, denominator, out BigInteger remainder);
            int half = (2 * remainder).CompareTo(denominator);
            if (half > 0 || (half == 0 && !digits.IsEven)) digits++;
            if (digits < limit) return Lay(negative, Digits(digits), position);
            position++;
        }
    }

    /// <summary>
    /// Reads a number in JSON's syntax, optionally with a leading '+': no white space, no leading zeros, a digit on each side of the point. The
    /// result is the double nearest to the decimal; halves round to even, overflow to infinity.
    /// </summary>
    /// <param name="text">The text; null is not a number.</param>
    /// <param name="value">The number, or 0.</param>
    /// <returns>Whether the whole text is a number.</returns>
    public static bool TryParse(string? text, out double value)
    {
        value = 0;
        if (text is null) return false;
        int at = 0;
        bool negative = at < text.Length && text[at] == '-';
        if (at < text.Length && text[at] is '-' or '+') at++;

        int start = at;
        while (IsDigit(text, at)) at++;
        int whole = at - start;
        if (whole == 0 || (whole > 1 && text[start] == '0')) return false;
        int fraction = 0;
        if (at < text.Length && text[at] == '.')
        {
            at++;
            while (IsDigit(text, at))
            {
                at++;
                fraction++;
            }
            if (fraction == 0) return false;
        }
        int end = at;

        long exponent = 0;
        if (at < text.Length && text[at] is 'e' or 'E')
        {
            at++;
            bool down = at < text.Length && text[at] == '-';
            if (at < text.Length && text[at] is '-' or '+') at++;
            if (!IsDigit(text, at)) return false;

            // More would not change the result but could overflow.
            for (; IsDigit(text, at); at++) exponent = Math.Min(exponent * 10 + (text[at] - '0'), 1_000_000_000_000);
            if (down) exponent = -exponent;
        }
        if (at != text.Length) return false;

        value = FromDigits(text, start, end, exponent - fraction);
        if (negative) value = -value;
        return true;
    }

    /// <summary>A C# expression of type double with this value: "1.5", "1.0", "-0.0", "double.NaN".</summary>
    /// <param name="value">Any double.</param>
    public static string CSharpLiteral(double value)
    {
        if (double.IsNaN(value)) return "double.NaN";
        if (double.IsInfinity(value)) return value > 0 ? "double.PositiveInfinity" : "double.NegativeInfinity";
        string text = Format(value);
        return text.IndexOf('.') < 0 && text.IndexOf('E') < 0 ? text + ".0" : text;
    }

    /// <summary>A C# expression of type float with this value: "1.5f", "1f", "-0f", "float.NaN".</summary>
    /// <param name="value">Any float.</param>
    public static string CSharpLiteral(float value)
    {
        if (float.IsNaN(value)) return "float.NaN";
        if (float.IsInfinity(value)) return value > 0 ? "float.PositiveInfinity" : "float.NegativeInfinity";
        return Format(value) + "f";
    }

    private static string NameOf(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";

    private static bool IsDigit(string text, int at) => at < text.Length && text[at] is >= '0' and <= '9';

    // |value| = significand * 2^exponent.
    private static void Decompose(double value, out bool negative, out long significand, out int exponent, out bool finite)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        negative = bits < 0;
        int biased = (int)(bits >> 52) & 0x7FF;
        finite = biased != 0x7FF;
        significand = bits & 0xFFFFFFFFFFFFF;
        if (biased != 0) significand |= 1L << 52;
        exponent = Math.Max(biased, 1) - 1075;
    }

    // The free-format algorithm of Steele and White (1990) in the form of Burger and Dybvig (1996): digits are produced until the remainder is less
    // than the distance to the neighbours' midpoints. An even significand includes its midpoints.
    private static string Shortest(bool negative, long significand, int exponent, bool narrowBelow)
    {
        if (significand == 0) return negative ? "-0" : "0";
        bool even = (significand & 1) == 0;

        // In quarters of the last place: value = rest / scale, half gaps below and above.
        BigInteger rest = 4 * new BigInteger(significand), scale = 4, below = narrowBelow ? 1 : 2, above = 2;
        if (exponent >= 0)
        {
            rest <<= exponent;
            below <<= exponent;
            above <<= exponent;
        }
        else
        {
            scale <<= -exponent;
        }

        // 10^position is the place of the first digit of the value, or of the end of its interval if that is longer.
        int position = DecimalExponentAtMost(significand, exponent);
        if (position >= 0)
        {
            scale *= BigInteger.Pow(10, position);
        }
        else
        {
            BigInteger power = BigInteger.Pow(10, -position);
            rest *= power;
            below *= power;
            above *= power;
        }
        while (Reaches(rest + above, 10 * scale, even))
        {
            scale *= 10;
            position++;
        }

        StringBuilder digits = new();
        while (true)
        {
            int digit = (int)BigInteger.DivRem(rest, scale, out rest);
            bool low = Reaches(below, rest, even), high = Reaches(rest + above, scale, even);
            if (low || high)
            {
                int half = (2 * rest).CompareTo(scale);
                if (high && (!low || half > 0 || (half == 0 && (digit & 1) == 1))) digit++;
                digits.Append((char)('0' + digit));
                return Lay(negative, digits.ToString(), position);
            }
            digits.Append((char)('0' + digit));
            rest *= 10;
            below *= 10;
            above *= 10;
        }

        static bool Reaches(BigInteger a, BigInteger b, bool inclusive) => inclusive ? a >= b : a > b;
    }

    // floor(log10(value)) or one less.
    private static int DecimalExponentAtMost(long significand, int exponent)
    {
        int bits = 0;
        for (long rest = significand; rest != 0; rest >>= 1) bits++;

        // The multiples of log10(2) that occur stay much farther from integers than the product's rounding error.
        return (int)Math.Floor((bits - 1 + exponent) * 0.30102999566398119);
    }

    private static void MultiplyByPower(ref BigInteger numerator, ref BigInteger denominator, int radix, int exponent)
    {
        if (exponent >= 0) numerator *= BigInteger.Pow(radix, exponent);
        else denominator *= BigInteger.Pow(radix, -exponent);
    }

    private static string Digits(BigInteger number)
    {
        StringBuilder reversed = new();
        BigInteger chunk = 1_000_000_000;
        while (!number.IsZero)
        {
            number = BigInteger.DivRem(number, chunk, out BigInteger remainder);
            int part = (int)remainder;
            for (int i = 0; i < 9; i++, part /= 10) reversed.Append((char)('0' + part % 10));
        }
        int length = reversed.Length;
        while (reversed[length - 1] == '0') length--;
        char[] digits = new char[length];
        for (int i = 0; i < length; i++) digits[i] = reversed[length - 1 - i];
        return new string(digits);
    }

    // The digits, the first at 10^position, as plain decimals for positions -5 to 15 and with an exponent elsewhere.
    private static string Lay(bool negative, string digits, int position)
    {
        digits = digits.TrimEnd('0');
        StringBuilder text = new();
        if (negative) text.Append('-');
        if (position is >= -5 and < 0)
        {
            text.Append("0.").Append('0', -1 - position).Append(digits);
        }
        else if (position is >= 0 and <= 15)
        {
            int whole = position + 1;
            text.Append(digits, 0, Math.Min(whole, digits.Length));
            if (digits.Length > whole) text.Append('.').Append(digits, whole, digits.Length - whole);
            else text.Append('0', whole - digits.Length);
        }
        else
        {
            text.Append(digits[0]);
            if (digits.Length > 1) text.Append('.').Append(digits, 1, digits.Length - 1);
            text.Append('E').Append(position < 0 ? '-' : '+');
            int size = Math.Abs(position);
            if (size >= 100) text.Append((char)('0' + size / 100));
            if (size >= 10) text.Append((char)('0' + size / 10 % 10));
            text.Append((char)('0' + size % 10));
        }
        return text.ToString();
    }

    // The digits of text[start..end], a point among them or not, times 10^exponent.
    private static double FromDigits(string text, int start, int end, long exponent)
    {
        while (start < end && text[start] is '0' or '.') start++;
        BigInteger decimals = BigInteger.Zero;
        long chunk = 0, chunkScale = 1;
        int kept = 0;
        bool more = false;
        for (int i = start; i < end; i++)
        {
            if (text[i] == '.') continue;
            int digit = text[i] - '0';
            if (kept == DecisiveDigits)
            {
                more |= digit != 0;
                exponent++;
                continue;
            }
            kept++;
            chunk = chunk * 10 + digit;
            chunkScale *= 10;
            if (chunkScale == 1_000_000_000_000_000_000)
            {
                decimals = decimals * chunkScale + chunk;
                (chunk, chunkScale) = (0, 1);
            }
        }
        decimals = decimals * chunkScale + chunk;
        if (more)
        {
            decimals = decimals * 10 + 1;
            exponent--;
            kept++;
        }
        if (decimals.IsZero) return 0;

        // The value is in [10^(kept - 1), 10^kept) 10^exponent; only exponents in the range of doubles need big integers.
        if (kept + exponent > 310) return double.PositiveInfinity;
        if (kept + exponent < -330) return 0;
        BigInteger numerator = decimals, denominator = BigInteger.One;
        MultiplyByPower(ref numerator, ref denominator, 10, (int)exponent);
        return Nearest(numerator, denominator);
    }

    private static double Nearest(BigInteger numerator, BigInteger denominator)
    {
        // 2^binary <= value < 2^(binary + 1)
        int binary = BitLength(numerator) - BitLength(denominator);
        if ((binary >= 0 ? numerator : numerator << -binary) < (binary >= 0 ? denominator << binary : denominator)) binary--;

        // In units of the last place, which subnormal numbers share with the smallest normal ones.
        int last = Math.Max(binary - 52, -1074);
        if (last > 971) return double.PositiveInfinity;
        if (last >= 0) denominator <<= last;
        else numerator <<= -last;
        long significand = (long)BigInteger.DivRem(numerator, denominator, out BigInteger remainder);
        int half = (2 * remainder).CompareTo(denominator);
        if (half > 0 || (half == 0 && (significand & 1) == 1)) significand++;

        // A carry out of the significand goes into the exponent, and from the largest exponent to infinity.
        long bits = ((long)(last + 1074) << 52) + significand;
        return BitConverter.Int64BitsToDouble(bits);
    }

    private static int BitLength(BigInteger positive)
    {
        byte[] bytes = positive.ToByteArray();
        int top = bytes.Length - 1;
        if (bytes[top] == 0 && top > 0) top--;
        int bits = 0;
        for (int rest = bytes[top]; rest != 0; rest >>= 1) bits++;
        return top * 8 + bits;
    }
}
