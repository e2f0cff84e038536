using System.CommandLine;

namespace FlowDsl.Hosting.Commands;

/// <summary>An option with a default, which its description says in the words of the command line.</summary>
/// <typeparam name="T">The type of its values.</typeparam>
/// <param name="name">Its name.</param>
/// <param name="byDefault">The value where it is not given.</param>
internal sealed class ValueOption<T>(string name, T byDefault) : Option<T>(name)
{
    /// <summary>The value that was given, or the default.</summary>
    public T In(ParseResult arguments) => arguments.GetResult(this) is { Tokens.Count: > 0 } ? arguments.GetValue(this)! : byDefault;
}
