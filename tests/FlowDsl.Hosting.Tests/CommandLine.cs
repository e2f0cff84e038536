using System.Text.Json;
using FlowDsl.Hosting;
using FlowDsl.Hosting.Commands;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;

namespace FlowDsl.Tests;

/// <summary>Runs commands in this process, on the models of this project.</summary>
internal static class CommandLine
{
    /// <summary>Runs a command whose words are separated by blanks.</summary>
    public static Outcome Run(string words, CancellationToken cancellationToken = default)
        => Run(words.Split(' ', StringSplitOptions.RemoveEmptyEntries), cancellationToken);

    public static Outcome Run(string[] words, CancellationToken cancellationToken = default) => Run(words, console => console, cancellationToken);

    /// <summary>Runs a command on a console that a test has changed.</summary>
    public static Outcome Run(string[] words, Func<HostConsole, HostConsole> change, CancellationToken cancellationToken = default)
        => Run(words, console => new HostContext(change(console), static () => ModelRegistry.Models), cancellationToken);

    /// <summary>Runs a command of a program that declares studies.</summary>
    public static Outcome Run(string words, IReadOnlyList<Study> studies, CancellationToken cancellationToken = default)
        => Run(
            words.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            console => new HostContext(console, static () => ModelRegistry.Models) { Studies = studies },
            cancellationToken);

    /// <summary>Runs a command of a program that has networks.</summary>
    public static Outcome Run(string words, Func<string, INetworkField> loadNetwork, CancellationToken cancellationToken = default)
        => Run(
            words.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            console => new HostContext(console, static () => ModelRegistry.Models) { LoadNetwork = loadNetwork }, cancellationToken);

    private static Outcome Run(string[] words, Func<HostConsole, HostContext> contextOf, CancellationToken cancellationToken)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        int code = FlowHost.Run(words, contextOf(new HostConsole(output, error)), cancellationToken);
        return new Outcome(code, output.ToString(), error.ToString());
    }

    /// <summary>What a command printed, and its code.</summary>
    internal sealed record Outcome(int Code, string Output, string Error)
    {
        /// <summary>Asserts that it did what it was asked.</summary>
        public Outcome Done()
        {
            Assert.True(Code == 0, $"{Code}\n{Output}\n{Error}");
            Assert.Empty(Error);
            return this;
        }

        /// <summary>Asserts that it failed with one line on the error stream, and nothing else.</summary>
        public void Fails(int code, params string[] words)
        {
            Assert.Equal(code, Code);
            Assert.Empty(Output);
            Assert.EndsWith("\n", Error, StringComparison.Ordinal);
            Assert.Single(Error.TrimEnd('\n').Split('\n'));
            foreach (string word in words) Assert.Contains(word, Error, StringComparison.Ordinal);
        }

        /// <summary>The one object that it printed.</summary>
        public JsonElement Json() => JsonDocument.Parse(Done().Output).RootElement;
    }
}
