using System.CommandLine;
using FlowDsl.Hosting.Names;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;

namespace FlowDsl.Hosting.Commands;

/// <summary>What commands share: the console, the models, and the option for scripts.</summary>
internal abstract class HostCommand : Command
{
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object." };

    private protected HostCommand(HostContext context, string name, string description, string example)
        : base(name, description)
    {
        (Context, Example) = (context, example);
        Options.Add(_json);
        SetAction((arguments, cancellationToken) =>
        {
            Run(arguments, cancellationToken);
            return Task.FromResult(ExitCodes.Done);
        });
    }

    /// <summary>A call of it, without the program's name.</summary>
    public string Example { get; }

    /// <summary>Where it runs.</summary>
    protected HostContext Context { get; }

    /// <summary>Where it writes.</summary>
    protected HostConsole Console => Context.Console;

    /// <summary>Does it.</summary>
    protected abstract void Run(ParseResult arguments, CancellationToken cancellationToken);

    /// <summary>Whether a script reads the result.</summary>
    protected bool IsJson(ParseResult arguments) => arguments.GetValue(_json);

    /// <summary>An argument that names a model.</summary>
    protected static Argument<string> ModelArgument() => new("MODEL") { Description = "A model: its name, in any case, or the first letters of it." };

    /// <summary>An argument that names a sampler.</summary>
    protected static Argument<string> SamplerArgument() => new("MODEL.SAMPLER")
    {
        Description = "A sampler of a model, in any case, or the first letters of each name.",
    };

    /// <summary>The model of an argument.</summary>
    protected ModelEntry Model(ParseResult arguments, Argument<string> argument) => ModelNames.Model(Context.Models, arguments.GetRequiredValue(argument));

    /// <summary>The sampler of an argument.</summary>
    protected (ModelEntry Model, SamplerEntry Sampler) Sampler(ParseResult arguments, Argument<string> argument)
        => ModelNames.Sampler(Context.Models, arguments.GetRequiredValue(argument));

    /// <summary>Refuses a student without weights.</summary>
    /// <exception cref="HostException">It has none.</exception>
    protected static void RequireWeights(ModelEntry model, SamplerEntry sampler)
    {
        if (!sampler.IsTrained)
            throw new HostException($"The student {model.Name}.{sampler.Name} has no weights yet: train it, name the file in its Weights, and build again.");
    }
}
