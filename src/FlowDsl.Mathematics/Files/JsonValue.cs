namespace FlowDsl.Mathematics.Files;

/// <summary>The kinds of JSON values.</summary>
internal enum JsonKind
{
    Null,
    False,
    True,
    Number,
    String,
    Array,
    Object,
}

/// <summary>A JSON value with its position in the text.</summary>
internal sealed class JsonValue(JsonKind kind, int line, int column)
{
    public JsonKind Kind { get; } = kind;

    /// <summary>The line of its first character, from 1.</summary>
    public int Line { get; } = line;

    /// <summary>The column of its first character, from 1.</summary>
    public int Column { get; } = column;

    /// <summary>The unescaped string, or the number as it is written; empty for other kinds.</summary>
    public string Text { get; init; } = "";

    /// <summary>The items of an array; empty for other kinds.</summary>
    public IReadOnlyList<JsonValue> Items { get; init; } = [];

    /// <summary>The members of an object in the order of the text, their names distinct; empty for other kinds.</summary>
    public IReadOnlyList<JsonMember> Members { get; init; } = [];

    /// <summary>The kind as text, for messages.</summary>
    public string Description => Kind switch
    {
        JsonKind.Null => "null",
        JsonKind.False => "false",
        JsonKind.True => "true",
        JsonKind.Number => "a number",
        JsonKind.String => "a string",
        JsonKind.Array => "an array",
        _ => "an object",
    };

    public MixtureFormatException Error(string problem) => new(problem, Line, Column);
}

/// <summary>A named value of an object, with the position of its name.</summary>
internal sealed class JsonMember(string name, JsonValue value, int line, int column)
{
    public string Name { get; } = name;

    public JsonValue Value { get; } = value;

    public MixtureFormatException Error(string problem) => new(problem, line, column);
}
