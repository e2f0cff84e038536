namespace FlowDsl.Analysis;

/// <summary>Reading of <c>.mixture.json</c> files.</summary>
public static class MixtureJson
{
    /// <summary>Reads a mixture from the text of a file.</summary>
    /// <param name="text">JSON with <c>weights</c>, <c>means</c>, <c>covariance_type</c> and <c>covariances</c>.</param>
    /// <exception cref="MixtureFormatException">The text is no such file.</exception>
    public static Mixture Parse(string text) => throw new MixtureFormatException("not available", 1, 1);
}

/// <summary>A text that is no mixture file, and where it is not.</summary>
public sealed class MixtureFormatException : FormatException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="column">The column, from 1.</param>
    public MixtureFormatException(string message, int line, int column)
        : base(message) => (Line, Column) = (line, column);

    /// <summary>The line, from 1.</summary>
    public int Line { get; }

    /// <summary>The column, from 1.</summary>
    public int Column { get; }
}
