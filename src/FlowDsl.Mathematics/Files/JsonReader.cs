using System.Globalization;
using System.Text;

namespace FlowDsl.Mathematics.Files;

/// <summary>
/// Strict JSON (RFC 8259): no comments, no trailing commas, no repeated names. A custom reader, because compilers load this assembly and their hosts
/// carry different versions of System.Text.Json.
/// </summary>
internal sealed class JsonReader
{
    /// <summary>The maximum nesting depth of arrays and objects, so that no text can exhaust the host's stack.</summary>
    public const int MaxDepth = 64;

    private readonly string _text;
    private int _position;
    private int _line = 1;
    private int _lineStart;

    private JsonReader(string text)
    {
        _text = text;
        // The byte order mark is not part of JSON, but a parser may ignore it (RFC 8259, section 8.1), and editors write it.
        if (text.Length > 0 && text[0] == '\uFEFF') _position = _lineStart = 1;
    }

    /// <summary>Reads a text that holds one JSON value and nothing else.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="MixtureFormatException">The text is not JSON.</exception>
    public static JsonValue Read(string text)
    {
        var reader = new JsonReader(text);
        reader.SkipSpace();
        JsonValue value = reader.ReadValue(0);
        reader.SkipSpace();
        if (reader._position < text.Length) throw reader.Error($"There is {reader.Found()} after the end of the JSON value; nothing may follow it.");
        return value;
    }

    private JsonValue ReadValue(int depth)
    {
        char c = Peek();
        if (c is '{' or '[')
        {
            if (depth == MaxDepth) throw Error($"Arrays and objects are nested deeper than {MaxDepth} levels; no file that is read here needs more than 4.");
            return c == '{' ? ReadObject(depth) : ReadArray(depth);
        }
        int column = Column;
        if (c == '"') return new JsonValue(JsonKind.String, _line, column) { Text = ReadString() };
        if (c == '-' || IsDigit(c)) return new JsonValue(JsonKind.Number, _line, column) { Text = ReadNumber() };
        string word = PeekWord(_position);
        JsonKind? kind = word switch
        {
            "null" => JsonKind.Null,
            "true" => JsonKind.True,
            "false" => JsonKind.False,
            _ => null,
        };
        if (kind is null) throw word is "NaN" or "Infinity" ? NotFinite(word) : Error($"There is {Found()} where a JSON value must stand.");
        _position += word.Length;
        return new JsonValue(kind.Value, _line, column);
    }

    private JsonValue ReadObject(int depth)
    {
        (int line, int column) = (_line, Column);
        var members = new List<JsonMember>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        _position++;
        SkipSpace();
        if (!Skip('}'))
        {
            do
            {
                SkipSpace();
                if (Peek() != '"') throw Error($"There is {Found()} where the name of a property, in double quotes, must stand.");
                (int nameLine, int nameColumn) = (_line, Column);
                string name = ReadString();
                if (!names.Add(name)) throw new MixtureFormatException($"The property \"{name}\" appears twice in one object.", nameLine, nameColumn);
                SkipSpace();
                if (!Skip(':')) throw Error($"There is {Found()} after the name \"{name}\"; a colon must stand there.");
                SkipSpace();
                members.Add(new JsonMember(name, ReadValue(depth + 1), nameLine, nameColumn));
                SkipSpace();
            }
            while (Skip(','));
            if (!Skip('}')) throw Error($"There is {Found()} in an object where a comma or }} must stand.");
        }
        return new JsonValue(JsonKind.Object, line, column) { Members = members };
    }

    private JsonValue ReadArray(int depth)
    {
        (int line, int column) = (_line, Column);
        var items = new List<JsonValue>();
        _position++;
        SkipSpace();
        if (!Skip(']'))
        {
            do
            {
                SkipSpace();
                items.Add(ReadValue(depth + 1));
                SkipSpace();
            }
            while (Skip(','));
            if (!Skip(']')) throw Error($"There is {Found()} in an array where a comma or ] must stand.");
        }
        return new JsonValue(JsonKind.Array, line, column) { Items = items };
    }

    private string ReadNumber()
    {
        int start = _position;
        if (Skip('-') && PeekWord(_position) == "Infinity")
        {
            _position = start;
            throw NotFinite("-Infinity");
        }
        if (Skip('0'))
        {
            if (IsDigit(Peek())) throw Error("A number has a leading zero; JSON has none.");
        }
        else
        {
            SkipDigits();
        }
        if (Skip('.')) SkipDigits();
        if (Skip('e') || Skip('E'))
        {
            if (!Skip('+')) Skip('-');
            SkipDigits();
        }
        return _text.Substring(start, _position - start);
    }

    private void SkipDigits()
    {
        if (!IsDigit(Peek())) throw Error($"There is {Found()} in a number where a digit must stand.");
        while (IsDigit(Peek())) _position++;
    }

    private string ReadString()
    {
        (int line, int column) = (_line, Column);
        var text = new StringBuilder();
        _position++;
        while (true)
        {
            if (_position == _text.Length) throw new MixtureFormatException("A string has no closing quote.", line, column);
            char c = _text[_position];
            if (c < ' ') throw Error($"There is {Found()} in a string; control characters must be escaped.");
            if (c == '\\')
            {
                text.Append(ReadEscape());
                continue;
            }
            _position++;
            if (c == '"') return text.ToString();
            text.Append(c);
        }
    }

    private char ReadEscape()
    {
        char kind = _position + 1 < _text.Length ? _text[_position + 1] : '\0';
        if (kind == 'u')
        {
            if (_position + 6 > _text.Length
                || !ushort.TryParse(_text.Substring(_position + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
                throw Error("An escape \\u in a string must be followed by four hexadecimal digits.");
            _position += 6;
            return (char)code;
        }
        char unescaped = kind switch
        {
            '"' or '\\' or '/' => kind,
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => throw Error("A backslash in a string must be followed by one of \" \\ / b f n r t u."),
        };
        _position += 2;
        return unescaped;
    }

    private void SkipSpace()
    {
        for (; _position < _text.Length; _position++)
        {
            char c = _text[_position];
            if (c == '\n' || (c == '\r' && !(_position + 1 < _text.Length && _text[_position + 1] == '\n')))
            {
                _line++;
                _lineStart = _position + 1;
            }
            else if (c is not (' ' or '\t' or '\r'))
            {
                return;
            }
        }
    }

    private bool Skip(char c)
    {
        if (Peek() != c || _position == _text.Length) return false;
        _position++;
        return true;
    }

    private char Peek() => _position < _text.Length ? _text[_position] : '\0';

    private string PeekWord(int start)
    {
        int end = start;
        while (end < _text.Length && (char.IsLetter(_text[end]) || IsDigit(_text[end]) || _text[end] == '_')) end++;
        return _text.Substring(start, end - start);
    }

    private static bool IsDigit(char c) => c is >= '0' and <= '9';

    private int Column => _position - _lineStart + 1;

    private string Found()
    {
        if (_position == _text.Length) return "the end of the text";
        string word = PeekWord(_position);
        if (word.Length is > 0 and <= 40) return $"'{word}'";
        char c = _text[_position];
        return char.IsControl(c) || char.IsSurrogate(c) ? "U+" + ((int)c).ToString("X4", CultureInfo.InvariantCulture) : $"'{c}'";
    }

    private MixtureFormatException NotFinite(string word) => Error($"{word} is no JSON number; every value must be finite.");

    private MixtureFormatException Error(string problem) => new(problem, _line, Column);
}
