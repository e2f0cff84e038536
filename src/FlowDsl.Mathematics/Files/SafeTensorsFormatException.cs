namespace FlowDsl.Mathematics;

/// <summary>A file is not in the safetensors format, or its content is not supported.</summary>
public sealed class SafeTensorsFormatException : FormatException
{
    /// <summary>Makes an exception.</summary>
    /// <param name="problem">What is wrong and where, with the offending value and what would be valid.</param>
    public SafeTensorsFormatException(string problem)
        : base(problem)
    {
    }

    /// <summary>Makes an exception for an invalid header.</summary>
    /// <param name="problem">What is wrong in the header's text.</param>
    internal SafeTensorsFormatException(MixtureFormatException problem)
        : base($"Header, line {problem.Line}, column {problem.Column}: {problem.Problem}", problem)
    {
    }
}
