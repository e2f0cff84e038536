using System.Globalization;
using System.Text;
using FlowDsl.Mathematics;

namespace FlowDsl.Tests.Data;

/// <summary>Data sets for tests.</summary>
internal static class DataSets
{
    /// <summary>1,797 handwritten digits of 8×8 values from 0 to 16, over 16: the data of examples/Digits, which says where they come from.</summary>
    public static double[] Digits { get; } = ReadDigits();

    public const int DigitCount = 1797, DigitDimension = 64;

    public static OrnsteinUhlenbeckProcess Process { get; } = new(earlyStop: 0.01);

    public static GaussianMixtureModel ModelOf(double[] rows, int dimension, double variance) => new(EmpiricalMixture.Of(rows, dimension, variance), Process);

    /// <summary>The same mixture as an ordinary one: the truth.</summary>
    public static GaussianMixtureModel Listed(GaussianMixtureModel data) => new(data.Data!.ToMixture(), data.Process);

    /// <summary>Normal numbers, by the sum of twelve uniforms.</summary>
    public static double[] Noise(int count, int seed)
    {
        var random = new Random(seed);
        double[] values = new double[count];
        for (int i = 0; i < count; i++)
            for (int k = 0; k < 12; k++) values[i] += random.NextDouble() - 0.5;
        return values;
    }

    /// <summary>A .npy file as NumPy writes it.</summary>
    public static byte[] Npy(string type, string shape, byte[] data, bool isFortran = false, string? header = null)
    {
        string text = header ?? $"{{'descr': '{type}', 'fortran_order': {(isFortran ? "True" : "False")}, 'shape': ({shape}), }}";
        text = text.PadRight((text.Length + 10 + 64) / 64 * 64 - 11) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)(text.Length & 255), (byte)(text.Length >> 8), .. Encoding.ASCII.GetBytes(text), .. data];
    }

    private static double[] ReadDigits()
    {
        string[] lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "data", "digits.csv"));
        return [.. lines.Skip(1).SelectMany(line => line.Split(',')).Select(value => double.Parse(value, CultureInfo.InvariantCulture) / 16)];
    }
}
