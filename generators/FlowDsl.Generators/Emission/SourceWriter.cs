using System.Text;

namespace FlowDsl.Generators.Emission;

/// <summary>Indented text with '\n' newlines and no trailing blanks.</summary>
internal sealed class SourceWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>Writes a line; several where the text has newlines.</summary>
    public void Line(string text = "")
    {
        foreach (string line in text.Split('\n'))
        {
            if (line.Length > 0) _text.Append(' ', 4 * _depth).Append(line);
            _text.Append('\n');
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
