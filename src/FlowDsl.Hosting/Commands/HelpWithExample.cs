using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace FlowDsl.Hosting.Commands;

/// <summary>The usual help, and below it an example of the command.</summary>
/// <param name="usual">The usual help.</param>
internal sealed class HelpWithExample(HelpAction usual) : SynchronousCommandLineAction
{
    /// <summary>Who asks for help need not have written the rest rightly.</summary>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int code = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is HostCommand command) parseResult.InvocationConfiguration.Output.WriteLine($"Example:\n  {command.Example}\n");
        return code;
    }
}
