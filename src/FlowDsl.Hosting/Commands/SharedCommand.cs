using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Cluster;
using FlowDsl.Hosting.Files;
using FlowDsl.Hosting.Output;

namespace FlowDsl.Hosting.Commands;

/// <summary>A command whose work tasks of a cluster share: it takes the command's own arguments, and those of the cluster.</summary>
internal abstract class SharedCommand : HostCommand
{
    // The most that Slurm can be built for.
    private const int MostTasks = 4_000_001;

    private readonly HostCommand _command;
    private readonly Option<bool> _slurm = new("--slurm") { Description = "Write a script for Slurm: an array of tasks, and a merge after them." };
    private readonly Option<bool> _kubernetes = new("--kubernetes")
    {
        Description = "Write a manifest for Kubernetes: an Indexed Job, its volume, and a merge.",
    };

    private readonly Option<string?> _script = new("--script", "-o") { Description = "The file to write; without it, the text is printed.", HelpName = "FILE" };
    private readonly Option<bool> _force = new("--force") { Description = "Replace files if there are any." };
    private readonly Option<bool> _run = new("--run") { Description = "Run the script for Slurm, which submits the jobs." };
    private readonly Option<TaskCount> _array = new("--array")
    {
        Description = "How many tasks share the work; with %M, at most M of them at the same time.",
        HelpName = "N[%M]",
        Required = true,
        CustomParser = ParseArray,
    };

    private readonly Option<TimeLimit?> _time = new("--time")
    {
        Description = "Slurm's time limit of a task, as 90 (minutes), 01:30:00 or 1-12 (days and hours). A task that needs longer is queued again.",
        HelpName = "LIMIT",
        CustomParser = result => Read(result, "--time", TimeLimit.Parse, $"a time above zero: {TimeLimit.Forms}"),
    };

    private readonly Option<string?> _partition = Word("--partition", "Slurm's partition; the cluster's own choice by default");
    private readonly Option<string?> _account = Word("--account", "Slurm's account; the user's own by default");
    private readonly ValueOption<long> _cpus = OptionValues.Count("--cpus", "The processors of a task", 1, 4096, 1);
    private readonly Option<MemorySize?> _memory = new("--memory")
    {
        Description = "The memory of a task, as 500M or 4G; what the cluster gives by default.",
        HelpName = "SIZE",
        CustomParser = result => Read(result, "--memory", MemorySize.Parse, "a whole number and K, M, G or T, such as 4G"),
    };

    private readonly Option<string?> _program = new("--program")
    {
        Description = "How this program is started there; by default as it was here, in Kubernetes as the image does.",
        HelpName = "COMMAND",
    };

    private readonly Option<string?> _image = new("--image") { Description = "The container's image in Kubernetes.", HelpName = "IMAGE" };
    private readonly Option<string?> _claim = new("--claim")
    {
        Description = "The name of the volume's claim in Kubernetes; by default that of the job.",
        HelpName = "NAME",
    };

    /// <summary>Takes over a command's arguments.</summary>
    /// <param name="context">Where it runs.</param>
    /// <param name="command">The command, of an instance that nobody else has.</param>
    /// <param name="description">What it does.</param>
    /// <param name="example">A call of it.</param>
    /// <param name="withheld">The command's options that tasks get from the script, or that have no use there.</param>
    /// <param name="further">Options that only this has.</param>
    private protected SharedCommand(
        HostContext context, HostCommand command, string description, string example, string[] withheld, params Option[] further)
        : base(context, command.Name, description, example)
    {
        _command = command;
        Option[] cluster =
        [
            _slurm, _kubernetes, _script, _force, _run, _array, _time, _partition, _account, _cpus, _memory, _program, _image, _claim,
        ];
        string[] taken = [.. Options.Concat(cluster).Concat(further).SelectMany(option => option.Aliases.Prepend(option.Name))];
        foreach (Argument argument in command.Arguments) Arguments.Add(argument);
        foreach (Option option in command.Options.Where(option => !withheld.Contains(option.Name) && !taken.Contains(option.Name)))
        {
            // What a short name means in both, it means here.
            foreach (string alias in option.Aliases.Intersect(taken).ToArray()) option.Aliases.Remove(alias);
            Options.Add(option);
        }
        foreach (Option option in further.Concat(cluster)) Options.Add(option);
    }

    /// <summary>Whether files may be replaced.</summary>
    protected bool Replaces(ParseResult arguments) => arguments.GetValue(_force);

    /// <summary>Checks the command's arguments as the command itself would, and says what tasks have to do.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="tasks">How many tasks there are.</param>
    /// <param name="isHere">Whether tasks see the files of this machine, and not only those of a container.</param>
    /// <exception cref="HostException">The command would refuse them.</exception>
    protected abstract ClusterWork Divide(ParseResult arguments, int tasks, bool isHere);

    /// <summary>The path at which tasks find what was given by another one.</summary>
    /// <exception cref="HostException">There is no such path in a container.</exception>
    protected static string Place(string path, bool isHere)
    {
        if (isHere) return Path.GetFullPath(path);
        return path.StartsWith('/') ? path : throw HostException.Usage($"'{path}' must be a path from the root of the container, such as /data/run.");
    }

    /// <summary>The command's words, with everything that was given.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="replaced">Options whose values are others for tasks than for who asks.</param>
    protected ImmutableArray<string> Words(ParseResult arguments, params (Option Option, string[] Values)[] replaced)
    {
        ImmutableArray<string>.Builder words = ImmutableArray.CreateBuilder<string>();
        words.Add(_command.Name);
        foreach (Argument argument in Arguments) words.AddRange(arguments.GetResult(argument)!.Tokens.Select(token => token.Value));
        foreach (Option option in _command.Options.Intersect(Options))
        {
            if (arguments.GetResult(option) is not { Implicit: false } given) continue;
            int known = Array.FindIndex(replaced, other => other.Option == option);
            string[] values = known >= 0 ? replaced[known].Values : [.. given.Tokens.Select(token => token.Value)];
            // One that may be given several times has one value each time.
            bool isRepeated = option.Arity.MaximumNumberOfValues > 1 && !option.AllowMultipleArgumentsPerToken;
            if (!isRepeated) words.Add(option.Name);
            foreach (string value in values)
            {
                if (isRepeated) words.Add(option.Name);
                words.Add(value);
            }
        }
        return words.ToImmutable();
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        bool isSlurm = arguments.GetValue(_slurm);
        if (isSlurm == arguments.GetValue(_kubernetes)) throw HostException.Usage("Which cluster? Give --slurm or --kubernetes, and not both.");
        Option[] others = isSlurm ? [_image, _claim] : [_run, _time, _partition, _account];
        if (others.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false }) is { } other)
            throw HostException.Usage($"{other.Name} is not for {(isSlurm ? "--slurm" : "--kubernetes")}.");
        foreach (string word in arguments.Tokens.Select(token => token.Value).Where(word => word.Any(char.IsControl)))
            throw HostException.Usage($"'{word.ReplaceLineEndings("\\n")}' has a line break or another control character, which scripts cannot hold.");

        TaskCount array = arguments.GetRequiredValue(_array);
        var tasks = new ClusterTasks(
            Program(arguments, isSlurm), [.. ProgramCommand.OfThisProcess(), .. arguments.Tokens.Select(token => token.Value)], array.Count, array.AtOnce,
            (int)_cpus.In(arguments), arguments.GetValue(_memory));
        ClusterWork work = Divide(arguments, array.Count, isSlurm);
        string text = isSlurm
            ? SlurmScript.Write(work, tasks, Limits(arguments))
            : KubernetesManifest.Write(work, tasks, Image(arguments), Claim(arguments, work));
        string? path = arguments.GetValue(_script);
        bool runs = arguments.GetValue(_run);
        if (runs && path is null) throw HostException.Usage("--run needs -o FILE: the script that goes on with the work later.");
        if (path is not null)
        {
            using var file = new OutputFile(path, Replaces(arguments));
            file.Guard(() => file.Stream.Write(Encoding.UTF8.GetBytes(text)));
            file.Commit();
        }
        Submission? jobs = runs ? Submission.RunAsync(path!, searchPath: null, cancellationToken).GetAwaiter().GetResult() : null;
        Print(arguments, text, path, work, tasks, jobs);
    }

    private void Print(ParseResult arguments, string text, string? path, ClusterWork work, ClusterTasks tasks, Submission? jobs)
    {
        if (IsJson(arguments))
        {
            Console.Json(new JsonObject
            {
                ["cluster"] = arguments.GetValue(_slurm) ? "slurm" : "kubernetes",
                ["tasks"] = tasks.Count,
                ["folder"] = work.Folder,
                ["script"] = path,
                ["text"] = path is null ? text : null,
                ["arrayJob"] = jobs?.Array,
                ["mergeJob"] = jobs?.Merge,
            });
            return;
        }
        if (path is null) Console.Out.Write(text);
        else if (jobs is null) Console.Out.WriteLine($"{work.Title}, by {tasks.Words}: {path}");
        else Console.Out.WriteLine($"{work.Title}, by {tasks.Words}: job {jobs.Array}; the merge after them: job {jobs.Merge}. The script is {path}.");
    }

    private ImmutableArray<string> Program(ParseResult arguments, bool isSlurm)
    {
        if (arguments.GetValue(_program) is not { } line) return isSlurm ? ProgramCommand.OfThisProcess() : [];
        return ShellWords.Split(line) is { IsEmpty: false } words ? words
            : throw HostException.Usage($"--program is '{line}'; it must be a command, with its quotes closed, such as 'dotnet /apps/Modes.dll'.");
    }

    private SlurmLimits Limits(ParseResult arguments)
        => new(
            arguments.GetValue(_time) ?? throw HostException.Usage("--slurm needs --time, the time limit of a task, such as 01:00:00."),
            arguments.GetValue(_partition), arguments.GetValue(_account));

    private string Image(ParseResult arguments)
        => arguments.GetValue(_image) is { Length: > 0 } image ? image
            : throw HostException.Usage("--kubernetes needs --image, the container's image with this program in it.");

    private string Claim(ParseResult arguments, ClusterWork work)
    {
        string claim = arguments.GetValue(_claim) ?? KubernetesManifest.JobName(work.Name);
        return claim == KubernetesManifest.JobName(claim) ? claim
            : throw HostException.Usage(
                $"--claim is '{claim}'; it must be a name of a-z, 0-9 and -, of at most 50 letters, such as {KubernetesManifest.JobName(claim)}.");
    }

    private static TaskCount ParseArray(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        string[] parts = text.Split('%');
        if (parts.Length <= 2 && parts.All(IsCount)) return new TaskCount(Count(parts[0]), parts.Length == 2 ? Count(parts[1]) : null);
        result.AddError(
            $"--array is '{text}'; it must be how many tasks there are, from 1 to {OptionValues.Text(MostTasks)}, such as 8, or 100%8 for 8 at a time.");
        return new TaskCount(1, null);

        static int Count(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        static bool IsCount(string digits)
            => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= MostTasks;
    }

    private static T? Read<T>(ArgumentResult result, string name, Func<string, T?> parse, string valid)
        where T : class
    {
        string text = result.Tokens[^1].Value;
        T? value = parse(text);
        if (value is null) result.AddError($"{name} is '{text}'; it must be {valid}.");
        return value;
    }

    // A name that goes into a directive as it is.
    private static Option<string?> Word(string name, string description) => new(name)
    {
        Description = $"{description}.",
        HelpName = "NAME",
        CustomParser = result => Read(
            result, name, text => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ',' or '@' or '+') ? text : null,
            "a name of letters, digits, and any of _ - . , @ +"),
    };

    /// <summary>How many tasks there are.</summary>
    /// <param name="Count">All of them.</param>
    /// <param name="AtOnce">How many of them may run at the same time, or null.</param>
    private sealed record TaskCount(int Count, int? AtOnce);
}
