namespace FlowDsl.Mathematics;

/// <summary>A profile file is not JSON, or its JSON is not the profile of a network.</summary>
public sealed class ProfileFormatException : FormatException
{
    /// <summary>Makes an exception for a position in the text.</summary>
    /// <param name="problem">What is wrong, with the offending value and what would be valid.</param>
    /// <param name="line">The line of the offending text, from 1.</param>
    /// <param name="column">The column of the offending text in UTF-16 code units, from 1.</param>
    public ProfileFormatException(string problem, int line, int column)
        : base($"Line {line}, column {column}: {problem}")
        => (Problem, Line, Column) = (problem, line, column);

    /// <summary>What is wrong: <see cref="Exception.Message"/> without the position, for hosts that show it themselves.</summary>
    public string Problem { get; }

    /// <summary>The line of the offending text, from 1.</summary>
    public int Line { get; }

    /// <summary>The column of the offending text in UTF-16 code units, from 1.</summary>
    public int Column { get; }
}
