using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json.Nodes;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Shards;
using FlowDsl.Hosting.Studies;

namespace FlowDsl.Hosting.Commands;

/// <summary>Runs the tasks of a study that the program declares.</summary>
internal sealed class StudyCommand : HostCommand
{
    // Of a study may be many; the first ones show what they are.
    private const int ShownTasks = 10;

    private readonly Argument<string?> _study = new("NAME")
    {
        Description = "A study of the program, in any case, or the first letters of its name; without it, all are listed.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly ValueOption<BudgetChoice> _budget = new("--budget", BudgetChoice.Minutes)
    {
        Description = "How many of the published steps are run: minutes, a hundredth of them (by default); hours H, as many as all tasks take H hours for "
            + "on this machine; share X, X times as many; full, all of them.",
        HelpName = "minutes|hours H|share X|full",
        Arity = new ArgumentArity(1, 2),
        AllowMultipleArgumentsPerToken = true,
        CustomParser = ParseBudget,
    };

    private readonly ValueOption<long> _trials = OptionValues.Count("--trials", "The trials of each cell", 1, 10_000, 1);
    private readonly Option<string[]> _only = new("--only")
    {
        Description = "Only tasks whose names contain the text; more than one such option adds tasks.",
        HelpName = "TEXT",
    };

    private readonly Option<string?> _out = new("--out", "-o")
    {
        Description = "A folder; each task's result is DIR/NAME/TASK.json, and the state of one that was stopped is kept beside it.",
        HelpName = "DIR",
    };

    private readonly ValueOption<ShardShare> _shard = OptionValues.Share(
        "--shard", "Run the I-th of N shares of the tasks, of about as many operations each; several processes may fill one folder at once");

    private readonly ValueOption<long> _parallel = OptionValues.Count("--parallel", "The tasks at a time; each gets its part of the processors", 1, 4096, 1);
    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Go on with what is in the folder: finished tasks are kept, and the others go on from their states.",
    };

    private readonly Option<bool> _check = new("--check") { Description = "Run nothing: fail unless every task is finished." };

    public StudyCommand(HostContext context)
        : base(
            context, "study",
            "Run a table of an experiment, each cell and trial into a file of its own. Without a name: list the tables, and how long they take.",
            "study static-sigma --budget hours 2 --trials 3 --out results --resume")
    {
        Arguments.Add(_study);
        foreach (Option option in new Option[] { _out, _budget, _trials, _only, _shard, _parallel, _resume, _check }) Options.Add(option);
    }

    /// <summary>Where results go.</summary>
    public Option<string?> Out => _out;

    /// <summary>What part of the protocol is run.</summary>
    public Option<BudgetChoice> BudgetOption => _budget;

    /// <summary>Checks arguments that ask for a run, and says which tasks they mean.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="root">The folder of all studies, if it can be looked into; else null.</param>
    /// <param name="goesOn">Whether the share of what is there is that of the run, where hours are given.</param>
    /// <exception cref="HostException">They cannot be.</exception>
    public (Study Study, StudyBudget Budget, IReadOnlyList<StudyTask> Tasks) Check(ParseResult arguments, string? root, bool goesOn)
    {
        string name = arguments.GetValue(_study) ?? throw HostException.Usage("submit study needs NAME, a study of this program.");
        Study study = StudyCatalogue.Find(Context.Studies, name);
        if (File.Exists(root)) throw new HostException($"'{root}' is a file; the results of a study need a folder.");
        StudyFolder? folder = root is null ? null : new StudyFolder(root, study);
        StudyBudget budget = Budget(arguments, study, folder, goesOn);
        return (study, budget, Tasks(arguments, study, budget));
    }

    /// <inheritdoc/>
    protected override void Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        if (arguments.GetValue(_study) is not { } name)
        {
            List(arguments);
            return;
        }
        _ = StudyCatalogue.Find(Context.Studies, name);
        string root = arguments.GetValue(_out) ?? throw HostException.Usage("study NAME needs --out, the folder for the results.");
        bool goesOn = arguments.GetValue(_resume) || arguments.GetValue(_check);
        (Study study, StudyBudget budget, IReadOnlyList<StudyTask> tasks) = Check(arguments, root, goesOn);
        var folder = new StudyFolder(root, study);
        IReadOnlyList<StudyTask> own = TaskDeal.Of(tasks, _shard.In(arguments));
        Dictionary<StudyTask, StudyRecord> records = folder.Read(own, budget.Share);
        int kept = records.Count;
        StudyTask[] missing = [.. own.Where(task => !records.ContainsKey(task))];
        if (arguments.GetValue(_check)) RequireAll(own, missing, folder);
        else if (missing.Length > 0 || !arguments.GetValue(_resume))
        {
            RefuseBegun(arguments, own, folder, budget.Share);
            Make(arguments, study, folder, budget, missing, records, cancellationToken);
        }
        Print(arguments, study, folder, budget, own, kept, records);
    }

    private static void RequireAll(IReadOnlyList<StudyTask> own, StudyTask[] missing, StudyFolder folder)
    {
        if (missing.Length == 0) return;
        throw new HostException(string.Create(
            CultureInfo.InvariantCulture,
            $"{missing.Length} of {own.Count} tasks are not finished in '{folder.Path}': {Names(missing)}. --resume in the place of --check makes them."));
    }

    private static string Names(IReadOnlyList<StudyTask> tasks)
    {
        string more = tasks.Count > ShownTasks ? string.Create(CultureInfo.InvariantCulture, $" and {tasks.Count - ShownTasks} more") : "";
        return string.Join(", ", tasks.Take(ShownTasks).Select(task => task.Name)) + more;
    }

    private void RefuseBegun(ParseResult arguments, IReadOnlyList<StudyTask> own, StudyFolder folder, double share)
    {
        if (arguments.GetValue(_resume)) return;
        if (own.FirstOrDefault(task => File.Exists(folder.RecordPath(task)) || folder.IsBegun(task, share)) is { } begun)
            throw new HostException($"'{folder.Path}' has something of '{begun.Name}' already: --resume goes on with it, or take another folder.");
    }

    private void Make(
        ParseResult arguments, Study study, StudyFolder folder, StudyBudget budget, StudyTask[] missing, Dictionary<StudyTask, StudyRecord> records,
        CancellationToken cancellationToken)
    {
        folder.Make();
        folder.Clean(missing);
        var runner = new StudyRunner(study, folder, budget.Share, (int)_parallel.In(arguments));
        Dictionary<string, StudyTask> byName = missing.ToDictionary(task => task.Name);
        double operations = missing.Sum(task => task.Operations);
        MachineRate rate = MachineRate.Of(records.Values);
        Say(arguments, string.Create(
            CultureInfo.InvariantCulture,
            $"{study.Name}: {budget.Share:R} of the published steps, {missing.Length} tasks, {operations:0.0E+0} operations, "
                + $"{rate.Words(operations)} by {rate.Source}."));
        int all = records.Count + missing.Length;
        try
        {
            long most = (long)Math.Max(1, operations);
            Console.WithBar($"running {study.Name}", "operations", most, progress => runner.Run(missing, Finished, progress, cancellationToken));
        }
        catch (OperationCanceledException)
        {
            throw new HostException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Cancelled: {records.Count} of {all} tasks are finished and kept in '{folder.Path}', and the states of others: "
                        + $"--budget share {budget.Share:R} --resume goes on."),
                ExitCodes.Cancelled);
        }
        if (runner.Failures.Count == 0) return;
        (string task, string message) = runner.Failures[0];
        throw new HostException(string.Create(
            CultureInfo.InvariantCulture,
            $"{runner.Failures.Count} of {all} tasks failed, the others are finished and kept in '{folder.Path}'. The first was '{task}': {message}"));

        void Finished(StudyRecord record)
        {
            records[byName[record.Task]] = record;
            // Where there is a bar, it says so.
            if (!Console.IsErrorTerminal)
                Say(arguments, string.Create(CultureInfo.InvariantCulture, $"{records.Count} of {all}: {record.Task}, {record.Seconds:0.0} s"));
        }
    }

    /// <summary>Says something to people, who see no object.</summary>
    private void Say(ParseResult arguments, string line)
    {
        if (!IsJson(arguments)) Console.Out.WriteLine(line);
    }

    private StudyBudget Budget(ParseResult arguments, Study study, StudyFolder? folder, bool goesOn)
    {
        int trials = (int)_trials.In(arguments);
        BudgetChoice choice = _budget.In(arguments);
        if (choice.Share is { } known) return new StudyBudget(known, trials);
        IReadOnlyList<StudyTask> full = Tasks(arguments, study, new StudyBudget(1, trials));
        // Measured again, the rate would be a little different, and the share another one.
        if (goesOn && folder?.KnownShare(full) is { } begun) return new StudyBudget(begun, trials);
        MachineRate rate = MachineRate.Of(full.Select(task => folder?.Read(task)).OfType<StudyRecord>());
        double share = choice.Resolve(share => rate.Hours(Tasks(arguments, study, new StudyBudget(share, trials)).Sum(task => task.Operations)));
        return new StudyBudget(share, trials);
    }

    private IReadOnlyList<StudyTask> Tasks(ParseResult arguments, Study study, StudyBudget budget)
        => StudyCatalogue.Tasks(study, budget, arguments.GetValue(_only) ?? []);

    private void List(ParseResult arguments)
    {
        if (Context.Studies.Count == 0 && !IsJson(arguments))
        {
            Console.Out.WriteLine("This program declares no studies.");
            return;
        }
        var rate = MachineRate.Measure();
        var budget = new StudyBudget(1, (int)_trials.In(arguments));
        var studies = Context.Studies.Select(study =>
        {
            IReadOnlyList<StudyTask> tasks = study.CreateTasks(budget);
            return (Study: study, tasks.Count, Operations: tasks.Sum(task => task.Operations));
        }).ToArray();
        if (IsJson(arguments))
        {
            Console.Json(new JsonObject
            {
                ["trials"] = budget.Trials,
                ["operationsPerSecond"] = rate.OfMachine,
                ["studies"] = new JsonArray([.. studies.Select(one => new JsonObject
                {
                    ["name"] = one.Study.Name,
                    ["description"] = one.Study.Description,
                    ["tasks"] = one.Count,
                    ["operations"] = one.Operations,
                    ["hours"] = rate.Hours(one.Operations),
                })]),
            });
            return;
        }
        Console.Table(
            ["<study", "tasks", "operations", "time", "<what it is"],
            studies.Select(one => new[]
            {
                one.Study.Name, OptionValues.Text(one.Count), one.Operations.ToString("0.0E+0", CultureInfo.InvariantCulture), rate.Words(one.Operations),
                one.Study.Description,
            }));
        Console.Out.WriteLine($"At full budget, by {rate.Source} on this machine.");
    }

    private void Print(
        ParseResult arguments, Study study, StudyFolder folder, StudyBudget budget, IReadOnlyList<StudyTask> own, int kept,
        Dictionary<StudyTask, StudyRecord> records)
    {
        if (IsJson(arguments))
        {
            Console.Json(new JsonObject
            {
                ["study"] = study.Name,
                ["share"] = budget.Share,
                ["trials"] = budget.Trials,
                ["folder"] = folder.Path,
                ["tasks"] = own.Count,
                ["made"] = records.Count - kept,
                ["kept"] = kept,
                ["results"] = new JsonArray([.. own.Select(task => records[task].ToJson())]),
            });
            return;
        }
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{own.Count} tasks of {study.Name} in {folder.Path}: {records.Count - kept} made, {kept} kept."));
    }

    private static BudgetChoice ParseBudget(ArgumentResult result)
    {
        string[] words = [.. result.Tokens.Select(token => token.Value)];
        words[0] = words[0].ToLowerInvariant();
        switch (words)
        {
            case ["minutes"]: return BudgetChoice.Minutes;
            case ["full"]: return BudgetChoice.Full;
            case ["hours", string text] when Number(text) is > 0 and < double.PositiveInfinity and var hours: return new BudgetChoice(null, hours);
            case ["share", string text] when Number(text) is > 0 and <= 1 and var share: return new BudgetChoice(share);
        }
        // An option takes all words that it can.
        string hint = words is ["minutes" or "full", _] ? " Name the study first." : "";
        result.AddError(
            $"--budget is '{string.Join(' ', words)}'; it must be minutes, full, hours and a positive number, or share and a number up to 1.{hint}");
        return BudgetChoice.Minutes;

        static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
    }
}
