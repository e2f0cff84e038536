using System.Text;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Generators.Emission;

/// <summary>Indented text with '\n' newlines and no trailing blanks.</summary>
/// <param name="depth">The indentation of the first line.</param>
internal sealed class SourceWriter(int depth = 0)
{
    // Of a line of data.
    private const int Width = 120;

    private readonly StringBuilder _text = new();
    private int _depth = depth;

    /// <summary>Writes a line; several where the text has newlines.</summary>
    public void Line(string text = "")
    {
        foreach (string line in text.Split('\n'))
        {
            if (line.Length > 0) _text.Append(' ', 4 * _depth).Append(line);
            _text.Append('\n');
        }
    }

    /// <summary>Writes what another writer has written, its indentation included.</summary>
    public void Append(string text) => _text.Append(text);

    /// <summary>Writes a collection of numbers: on one line where it fits, else row by row.</summary>
    /// <param name="before">What stands before it.</param>
    /// <param name="values">The numbers.</param>
    /// <param name="after">What stands behind it.</param>
    /// <param name="rowLength">How many numbers make a row; 0 to fill each line.</param>
    public void Numbers(string before, IReadOnlyList<double> values, string after, int rowLength = 0)
        => Numbers(before, [.. values.Select(PortableNumber.CSharpLiteral)], after, rowLength);

    /// <summary>The same of numbers that are literals already.</summary>
    /// <param name="before">What stands before it.</param>
    /// <param name="texts">The literals.</param>
    /// <param name="after">What stands behind it.</param>
    /// <param name="rowLength">How many numbers make a row; 0 to fill each line.</param>
    public void Numbers(string before, string[] texts, string after, int rowLength = 0)
    {
        if (4 * _depth + before.Length + after.Length + 2 * texts.Length + texts.Sum(text => text.Length) <= Width)
        {
            Line($"{before}[{string.Join(", ", texts)}]{after}");
            return;
        }
        Line(before + "[");
        using (Indent()) Rows(texts, rowLength);
        Line("]" + after);
    }

    /// <summary>Writes the literals of a collection row by row.</summary>
    /// <param name="texts">The literals.</param>
    /// <param name="rowLength">How many numbers make a row; 0 to fill each line.</param>
    public void Rows(string[] texts, int rowLength = 0)
    {
        var row = new StringBuilder();
        int count = 0;
        foreach (string text in texts)
        {
            bool isFull = rowLength > 0 ? count == rowLength : 4 * _depth + row.Length + text.Length + 1 > Width;
            if (isFull) EndRow();
            row.Append(count == 0 ? "" : " ").Append(text).Append(',');
            count++;
        }
        EndRow();

        void EndRow()
        {
            if (count > 0) Line(row.ToString());
            row.Clear();
            count = 0;
        }
    }

    /// <summary>
    /// Writes numbers as a property whose value is base64 of their little-endian bytes. The C# compiler makes data of a text at once, in any
    /// amount; as expressions a hundred thousand numbers take it a second, and UTF-16 texts have a bound of 16 MB for all of a project.
    /// </summary>
    /// <param name="name">The property's name.</param>
    /// <param name="content">The bytes, in the host's order.</param>
    /// <param name="size">The bytes of a number.</param>
    public void Base64(string name, byte[] content, int size)
    {
        // What is written is little-endian on every host.
        if (!BitConverter.IsLittleEndian)
            for (int i = 0; i < content.Length; i += size) Array.Reverse(content, i, size);
        string text = Convert.ToBase64String(content);
        Line($"private static global::System.ReadOnlySpan<byte> {name} => \"\"\"");
        using (Indent())
        {
            for (int i = 0; i < text.Length; i += Width) Line(text.Substring(i, Math.Min(Width, text.Length - i)));
            Line("\"\"\"u8;");
        }
    }

    /// <summary>Writes an opening brace and indents until disposed.</summary>
    public Block Open(string header = "")
    {
        if (header.Length > 0) Line(header);
        Line("{");
        _depth++;
        return new Block(this);
    }

    /// <summary>Indents until disposed, without braces.</summary>
    public Indentation Indent()
    {
        _depth++;
        return new Indentation(this);
    }

    public override string ToString() => _text.ToString();

    public readonly struct Block(SourceWriter writer) : IDisposable
    {
        public void Dispose()
        {
            writer._depth--;
            writer.Line("}");
        }
    }

    public readonly struct Indentation(SourceWriter writer) : IDisposable
    {
        public void Dispose() => writer._depth--;
    }
}
