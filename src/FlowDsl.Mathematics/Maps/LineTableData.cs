using System.Text;

namespace FlowDsl.Mathematics.Maps;

/// <summary>Tables as bytes, little-endian on every host.</summary>
internal static class LineTableData
{
    /// <summary>The bytes of some tables.</summary>
    public static byte[] Write(IEnumerable<LineTable> tables)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8))
        {
            foreach (LineTable table in tables) Write(writer, table);
        }
        return stream.ToArray();
    }

    /// <summary>The tables of some bytes.</summary>
    public static LineTable[] Read(byte[] content)
    {
        var tables = new List<LineTable>();
        using var reader = new BinaryReader(new MemoryStream(content), Encoding.UTF8);
        while (reader.BaseStream.Position < content.Length) tables.Add(Read(reader));
        return [.. tables];
    }

    private static void Write(BinaryWriter writer, LineTable table)
    {
        writer.Write((int)table.Precision);
        writer.Write(table.Degree);
        writer.Write(table.Bits);
        writer.Write(table.Anchors.Length);
        writer.Write(table.PieceCount);
        double[] numbers = [table.Low, table.High, table.Slope, table.Error, table.Centre, table.Extent, table.TailError, table.Undecided, table.Reach];
        foreach (double value in numbers) writer.Write(value);
        foreach (double value in table.Borders.Concat(table.Anchors).Concat(table.Rests).Concat(table.Offsets).Concat(table.Guards)) writer.Write(value);
        foreach (int first in table.Firsts) writer.Write(first);
        foreach (double value in table.Coefficients)
        {
            if (table.Precision == Precision.Single) writer.Write((float)value);
            else writer.Write(value);
        }
    }

    private static LineTable Read(BinaryReader reader)
    {
        var precision = (Precision)reader.ReadInt32();
        int degree = reader.ReadInt32(), bits = reader.ReadInt32(), zones = reader.ReadInt32(), pieces = reader.ReadInt32();
        double[] values = Doubles(9), borders = Doubles(zones - 1), anchors = Doubles(zones), rests = Doubles(zones);
        double[] offsets = Doubles(zones), guards = Doubles(zones);
        int[] firsts = [.. Enumerable.Range(0, 2 * zones).Select(_ => reader.ReadInt32())];
        double[] coefficients = new double[pieces * (degree + 2)];
        for (int i = 0; i < coefficients.Length; i++) coefficients[i] = precision == Precision.Single ? reader.ReadSingle() : reader.ReadDouble();
        return new LineTable
        {
            Precision = precision,
            Degree = degree,
            Bits = bits,
            Borders = borders,
            Anchors = anchors,
            Rests = rests,
            Offsets = offsets,
            Guards = guards,
            Firsts = firsts,
            Coefficients = coefficients,
            PieceCount = pieces,
            Low = values[0],
            High = values[1],
            Slope = values[2],
            Error = values[3],
            Centre = values[4],
            Extent = values[5],
            TailError = values[6],
            Undecided = values[7],
            Reach = values[8],
        };

        double[] Doubles(int count)
        {
            double[] result = new double[count];
            for (int i = 0; i < count; i++) result[i] = reader.ReadDouble();
            return result;
        }
    }
}
