using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using FlowDsl.Hosting.Commands;
using FlowDsl.Hosting.Names;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;

namespace FlowDsl.Hosting;

/// <summary>Commands over the models that a program declares: <c>return FlowHost.Run(args);</c> is all that its Main needs.</summary>
/// <remarks>
/// The generator registers every model that code in the project can name; nothing is searched by reflection, so this works under Native AOT and
/// trimming. <c>--help</c> lists the commands.
/// </remarks>
public static class FlowHost
{
    /// <summary>Runs the command that the arguments name. Ctrl-C cancels it; a second one ends the process.</summary>
    /// <param name="args">The arguments of Main.</param>
    /// <param name="byDefault">A command with its arguments, which runs if there are no others; with none, the user is asked for one.</param>
    /// <returns>The exit code: 0 done, 1 failed, 2 bad usage, 130 cancelled.</returns>
    public static int Run(string[] args, params string[] byDefault) => Run(args, [], byDefault);

    /// <summary>Runs the command that the arguments name, of a program that declares studies.</summary>
    /// <param name="args">The arguments of Main.</param>
    /// <param name="studies">The studies that the command <c>study</c> runs.</param>
    /// <param name="byDefault">A command with its arguments, which runs if there are no others; with none, the user is asked for one.</param>
    /// <returns>The exit code: 0 done, 1 failed, 2 bad usage, 130 cancelled.</returns>
    public static int Run(string[] args, IReadOnlyList<Study> studies, params string[] byDefault) => RunOn(args, studies, loadNetwork: null, byDefault);

    /// <summary>
    /// Runs the command that the arguments name, of a program that has networks: <c>FlowHost.Run(args, path =&gt; OnnxNetwork.Load(path))</c>.
    /// </summary>
    /// <param name="args">The arguments of Main.</param>
    /// <param name="loadNetwork">Loads the network of a file, for the command <c>profile</c>, which disposes of it if it can be.</param>
    /// <param name="byDefault">A command with its arguments, which runs if there are no others; with none, the user is asked for one.</param>
    /// <returns>The exit code: 0 done, 1 failed, 2 bad usage, 130 cancelled.</returns>
    public static int Run(string[] args, Func<string, INetworkField> loadNetwork, params string[] byDefault) => Run(args, [], loadNetwork, byDefault);

    /// <summary>Runs the command that the arguments name, of a program that declares studies and has networks.</summary>
    /// <param name="args">The arguments of Main.</param>
    /// <param name="studies">The studies that the command <c>study</c> runs.</param>
    /// <param name="loadNetwork">Loads the network of a file, for the command <c>profile</c>, which disposes of it if it can be.</param>
    /// <param name="byDefault">A command with its arguments, which runs if there are no others; with none, the user is asked for one.</param>
    /// <returns>The exit code: 0 done, 1 failed, 2 bad usage, 130 cancelled.</returns>
    public static int Run(string[] args, IReadOnlyList<Study> studies, Func<string, INetworkField> loadNetwork, params string[] byDefault)
    {
        ArgumentNullException.ThrowIfNull(loadNetwork);
        return RunOn(args, studies, loadNetwork, byDefault);
    }

    private static int RunOn(string[] args, IReadOnlyList<Study> studies, Func<string, INetworkField>? loadNetwork, string[] byDefault)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(studies);
        ArgumentNullException.ThrowIfNull(byDefault);
        using var cancellation = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        var context = new HostContext(HostConsole.OfProcess(), static () => ModelRegistry.Models) { Studies = studies, LoadNetwork = loadNetwork };
        return Run(args.Length == 0 ? byDefault : args, context, cancellation.Token);

        void Cancel(PosixSignalContext signal)
        {
            if (cancellation.IsCancellationRequested) return;
            signal.Cancel = true;
            cancellation.Cancel();
        }
    }

    /// <summary>Runs a command on given models, studies and writers.</summary>
    internal static int Run(string[] args, HostContext context, CancellationToken cancellationToken)
    {
        HostConsole console = context.Console;
        try
        {
            ParseResult parsed = Root(context).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (parsed.Errors.Count > 0) throw HostException.Usage(Explain(parsed));
            var configuration = new InvocationConfiguration
            {
                Output = console.Out,
                Error = console.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return parsed.InvokeAsync(configuration, cancellationToken).GetAwaiter().GetResult();
        }
        catch (HostException failure)
        {
            console.Error.WriteLine(failure.Message);
            return failure.ExitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            console.Error.WriteLine("Cancelled. Nothing was written.");
            return ExitCodes.Cancelled;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException
            or FormatException)
        {
            console.Error.WriteLine(failure.Message);
            return ExitCodes.Failed;
        }
    }

    /// <summary>All commands.</summary>
    internal static RootCommand Root(HostContext context)
    {
        var root = new RootCommand("Commands over the models of this program. COMMAND --help says more about each.");
        // No directives: an argument in brackets is an argument.
        root.Directives.Clear();
        HostCommand[] commands =
        [
            new ListCommand(context),
            new ShowCommand(context),
            new SampleCommand(context),
            new MergeCommand(context),
            new VerifyCommand(context),
            new SubmitCommand(context),
            new CompareCommand(context),
            new ReportCommand(context),
            new BudgetCommand(context),
            new CertifyCommand(context),
            new GridCommand(context),
            new ProfileCommand(context),
            new TuneCommand(context),
            new FitCommand(context),
            new DataCommand(context),
            new TrainCommand(context),
            new StudyCommand(context),
            new BenchCommand(context),
        ];
        foreach (HostCommand command in commands) root.Subcommands.Add(command);
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
        {
            help.Description = "Print this text.";
            // Lines are broken for people; a file and a test have them whole.
            var usual = (HelpAction)help.Action!;
            if (!context.Console.IsOutTerminal) usual.MaxWidth = int.MaxValue;
            help.Action = new HelpWithExample(usual);
        }
        foreach (VersionOption version in root.Options.OfType<VersionOption>()) version.Description = "Print the program's version.";
        return root;
    }

    /// <summary>The first thing that is wrong with the arguments, in one line.</summary>
    private static string Explain(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string[] words = [.. command.Subcommands.Select(own => own.Name), .. command.Options.SelectMany(option => option.Aliases.Prepend(option.Name))];
        // A wrong word says more than what is missing because of it.
        if (parsed.UnmatchedTokens.Count > 0)
        {
            string word = parsed.UnmatchedTokens[0];
            string kind = word.StartsWith('-') ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
            string hint = NameMatch.Nearest(word, words) is { } near ? $"did you mean '{near}'?" : "--help lists what there is.";
            return $"There is no {kind} '{word}'; {hint}";
        }
        if (command is RootCommand) return $"Which command? There is {string.Join(", ", command.Subcommands.Select(own => own.Name))}; --help says more.";
        string? missing = command.Arguments.FirstOrDefault(argument => argument.Arity.MinimumNumberOfValues > 0 && !IsGiven(parsed.GetResult(argument)))?.Name
            ?? command.Options.FirstOrDefault(option => option.Required && !IsGiven(parsed.GetResult(option)))?.Name;
        // A value that is wrong was at least given.
        ParseError? wrong = parsed.Errors.FirstOrDefault(error => error.SymbolResult is OptionResult or ArgumentResult && IsGiven(error.SymbolResult));
        return wrong?.Message ?? (missing is null ? parsed.Errors[0].Message : $"{Words(command)} needs {missing}; {Words(command)} --help shows an example.");
    }

    /// <summary>A command's name, after those of the commands above it.</summary>
    private static string Words(Command command)
        => command.Parents.OfType<Command>().FirstOrDefault() is { } above and not RootCommand ? $"{Words(above)} {command.Name}" : command.Name;

    private static bool IsGiven(SymbolResult? result) => result is { Tokens.Count: > 0 };
}
